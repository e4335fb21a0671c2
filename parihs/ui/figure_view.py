"""One figure on a page: drawn, explained, opened by its marks, and saved."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from parihs.charts import CONFIG
from parihs.charts.saving import as_html, as_png, as_svg, find_browser
from parihs.compare import Exhibit, to_csv
from parihs.figures import Figure, Material, figure_named
from parihs.ui.comparison import Choice
from parihs.ui.opened import opened
from parihs.ui.plain import plain
from parihs.ui.portion import rows_in_sight
from parihs.ui.state import Current

WIDTH = 980


def figure_view(now: Current, name: str, choice: Choice, material: Material) -> None:
    """Draw the figure that a choice asks for, with all that belongs to it."""
    wanted = figure_named(name)
    with now.app.store.read() as session:
        exhibit = wanted.compute(session, material, choice.question())
    if exhibit.frame.empty:
        st.info("There is nothing to draw under these choices.")
        return
    dark = st.context.theme.type == "dark"
    in_sight = exhibit
    if "rows" in wanted.asks:
        rows = rows_in_sight(exhibit.frame, key=f"{name}-shown-{choice.rows}")
        in_sight = replace(exhibit, frame=rows)
    drawn, caption = wanted.draw(in_sight, dark=dark, width=WIDTH)
    said = f"{plain(caption)} Select a mark to read and hear what is behind it."
    if mark := chosen_mark(drawn, said, key=f"{name}-{choice.key()}-{dark}"):
        _open(now, exhibit, mark, name)
    _save(wanted, exhibit, drawn, caption, name)


def chosen_mark(drawn: Any, caption: str, *, key: str) -> list[str]:
    """Show a figure with its caption; gives what the chosen mark stands for, empty if none is."""
    event = st.container(key="drawn-figure").plotly_chart(
        drawn,
        width="content",
        theme=None,
        config=CONFIG,
        on_select="rerun",
        selection_mode="points",
        key=key,
    )
    st.caption(caption)
    points = event["selection"]["points"]
    return [str(part) for part in points[0].get("customdata") or ()] if points else []


def _open(now: Current, exhibit: Exhibit, mark: list[str], name: str) -> None:
    ids = exhibit.excerpts(*mark)
    title = exhibit.title(*mark) or figure_named(name).title
    if ids:
        opened(now, ids, title, name)
    else:
        st.caption(f"{plain(title)}: no coded excerpt is behind this mark.")


def _save(wanted: Figure, exhibit: Exhibit, drawn: Any, caption: str, name: str) -> None:
    row = st.container(horizontal=True, gap="small")
    row.download_button(
        "HTML",
        lambda: as_html(drawn, caption, wanted.title),
        f"{name}.html",
        "text/html",
        icon=":material/download:",
        on_click="ignore",
        help="The figure as a page that works offline.",
    )
    browser = find_browser()
    missing = None if browser else "Needs Chromium, Chrome or Edge on the computer that runs this."
    row.download_button(
        "SVG",
        lambda: as_svg(drawn),
        f"{name}.svg",
        "image/svg+xml",
        disabled=browser is None,
        on_click="ignore",
        help=missing or "A drawing for print.",
    )
    row.download_button(
        "PNG",
        lambda: as_png(drawn),
        f"{name}.png",
        "image/png",
        disabled=browser is None,
        on_click="ignore",
        help=missing or "A picture at twice the size.",
    )
    row.download_button(
        "CSV",
        lambda: to_csv(exhibit.table()),
        f"{name}.csv",
        "text/csv",
        on_click="ignore",
        help="The table behind the figure.",
    )
    if browser is None:
        st.caption("Pictures need a browser on the computer that runs parihs; HTML does not.")
