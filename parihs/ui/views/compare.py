"""Compare sites: a matrix whose every cell opens its excerpts, and every excerpt plays."""

from __future__ import annotations

import streamlit as st

from parihs.compare import to_csv
from parihs.compare.matrix import EXPLAINED, to_frame
from parihs.figures import Material
from parihs.ui import comparison
from parihs.ui.choose import starting
from parihs.ui.comparison import Choice
from parihs.ui.figure_view import figure_view
from parihs.ui.matrix_views import matrix_views
from parihs.ui.opened import opened
from parihs.ui.plain import plain
from parihs.ui.portion import portion
from parihs.ui.state import Current, need_study, remember, remembered
from parihs.ui.widgets.matrix_table import matrix_table

VIEWS = {
    "matrix": ("Matrix", ("rows", "cols", "value", "per")),
    "balance": ("Help and hindrance", ("rows", "cols")),
    "cooccurrence": ("Codes together", ("cols", "together", "distance")),
    "multiples": ("Side by side", ("rows", "cols", "value", "per", "split")),
}
"""Each way to look, and the choices that it takes."""


def matrix_section(now: Current, choice: Choice, material: Material) -> None:
    """The matrix, and what is behind the chosen cell."""
    result = comparison.compute(material, choice)
    shown = portion(result.rows, lambda row: row.label, key=f"compare-shown-{choice.rows}")
    rows, columns, cells = matrix_views(result, shown)
    cell = matrix_table(rows, columns, cells, corner="words spoken", key=f"matrix-{choice.key()}")
    st.caption(
        f"{plain(result.caption())} {EXPLAINED[choice.value]}  \n"
        "· coded, nothing with this code   – nobody spoke   ○ not coded yet   ± mixed   "
        "? not rated. Select a cell to read and hear what is behind it."
    )
    if cell is not None and result.excerpts(*cell):
        row = next(row.label for row in result.rows if row.id == cell[0])
        column = next(column.label for column in result.columns if column.id == cell[1])
        opened(now, result.excerpts(*cell), f"{row} · {column}", "cell")
    st.download_button(
        "Download this table (CSV)",
        lambda: to_csv(to_frame(result)),
        "comparison.csv",
        icon=":material/download:",
        on_click="ignore",
    )


now = need_study()
st.title("Compare sites")
if now.codebook is None:
    st.info("This study has no codebook yet, so nothing can be coded or compared.")
    st.stop()
view = st.segmented_control(
    "View",
    list(VIEWS),
    key=starting("compare-view", remembered("compare-view", "matrix"), VIEWS),
    required=True,
    format_func=lambda name: VIEWS[name][0],
    label_visibility="collapsed",
)
assert view is not None
remember("compare-view", view)
choice = comparison.choices(now, VIEWS[view][1], page="compare")
material = comparison.material(now, choice.layer)
if material.excerpts.empty:
    comparison.nothing_coded()
if view == "matrix":
    matrix_section(now, choice, material)
else:
    figure_view(now, view, choice, material)
