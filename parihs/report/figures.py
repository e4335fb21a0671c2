"""The report's figures, drawn by the same functions as those of the pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from parihs import compare
from parihs.errors import ParihsError
from parihs.report.contents import Figure
from parihs.report.source import Source

WIDTH = 920
"""Pixels that a figure may take; the text of the web page is about as wide."""


def figures(source: Source) -> tuple[Figure, ...]:
    """Figures of the comparison of sites; none while nothing is coded."""
    if source.excerpts.empty:
        return ()
    return tuple(_kept(title, *drawn) for title, drawn in _drawn(source))


def _drawn(source: Source) -> Iterator[tuple[str, tuple[Any, str]]]:
    # Plotly takes a second to load, and most reports have no figures.
    from parihs import charts

    material = (source.excerpts, source.denominators, source.codes)
    said = compare.matrix(*material, value="count", per="1000 words")
    signed = compare.balance(*material)
    covered = compare.coverage(*material)
    heard = compare.participation(source.denominators, source.excerpts)
    yield (
        "Codings per 1,000 words",
        charts.heatmap(compare.to_frame(said), said.caption(), width=WIDTH),
    )
    yield (
        "What helps and what hinders",
        charts.balance_bars(signed.frame, signed.caption(), width=WIDTH),
    )
    yield (
        "Coverage of the framework",
        charts.coverage_bars(covered.frame, covered.caption, width=WIDTH),
    )
    yield "Participation", charts.participation_bars(heard.frame, heard.caption, width=WIDTH)


def _kept(title: str, figure: Any, caption: str) -> Figure:
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
