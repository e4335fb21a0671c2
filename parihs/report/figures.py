"""The report's figures: how much was said about what, and what helps and hinders."""

from __future__ import annotations

from typing import Any

from parihs.compare.balance import balance
from parihs.compare.matrix import matrix, to_frame
from parihs.errors import ParihsError
from parihs.report.contents import Figure
from parihs.report.source import Source

WIDTH = 980


def figures(source: Source) -> tuple[Figure, ...]:
    """Figures of the comparison of sites; none while nothing is coded."""
    # Plotly takes a second to load, and most reports have no figures.
    from parihs.charts import balance_bars, heatmap

    if source.excerpts.empty:
        return ()
    said = matrix(
        source.excerpts, source.denominators, source.codes, value="count", per="1000 words"
    )
    signed = balance(source.excerpts, source.denominators, source.codes)
    return (
        _figure("Codings per 1,000 words", *heatmap(to_frame(said), said.caption())),
        _figure(
            "What helps and what hinders",
            *balance_bars(signed.frame, signed.caption(), width=WIDTH),
        ),
    )


def _figure(title: str, figure: Any, caption: str) -> Figure:
    from parihs.charts.saving import as_png

    png: bytes | None
    try:
        png = as_png(figure)
    except ParihsError:
        png = None
    return Figure(
        title,
        caption,
        figure.to_json(),
        png,
        int(figure.layout.width or WIDTH),
        int(figure.layout.height or 400),
    )
