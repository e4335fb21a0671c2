"""Compare sites: a matrix whose every cell opens its excerpts, and every excerpt plays."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from parihs.charts import CONFIG, balance_bars
from parihs.compare.matrix import EXPLAINED, RATED, VALUES, to_frame
from parihs.ui import comparison
from parihs.ui.choose import choose
from parihs.ui.comparison import LAYERS, Choice, Material
from parihs.ui.excerpt_views import excerpt_views
from parihs.ui.matrix_views import matrix_views
from parihs.ui.plain import plain
from parihs.ui.state import Current, need_study, remember, remembered
from parihs.ui.widgets.excerpts import excerpts
from parihs.ui.widgets.matrix_table import matrix_table

ROWS = {
    "site": "Sites",
    "workshop": "Workshops",
    "role": "Roles",
    "participant": "Participants",
    "cycle": "PAR cycles",
}
PAGE = 20
FIGURE_WIDTH = 980
VIEWS = {"matrix": "Matrix", "balance": "Help and hindrance"}


def choices(now: Current) -> Choice:
    """What to compare, remembered from the last visit."""
    kept = remembered(f"compare:{now.study.key}", {})
    one, two, three, four = st.columns([1.3, 2, 2, 2])
    rows = choose(one, "Rows", ROWS, wanted=kept.get("rows"))
    cols = choose(two, "Columns", comparison.column_choices(now), wanted=kept.get("cols"))
    value = choose(three, "Cells show", VALUES, wanted=kept.get("value"))
    layers = {**LAYERS, **comparison.coder_choices(now)}
    layer = choose(four, "Codings of", layers, wanted=kept.get("layer"))
    with st.expander("Filters", icon=":material/filter_list:"):
        filters = comparison.filter_choices(now, kept)
    per = (
        "1000 words"
        if value in RATED
        and st.toggle("Per 1,000 words spoken", value=kept.get("per") == "1000 words")
        else "none"
    )
    choice = Choice(rows, cols, value, layer, per, **filters)
    remember(f"compare:{now.study.key}", choice.as_dict())
    return choice


def opened(now: Current, ids: Sequence[str], title: str, key: str) -> None:
    """The excerpts behind a number, a page at a time."""
    st.subheader(plain(f"{title} · {len(ids)} excerpt{'s' if len(ids) != 1 else ''}"))
    pages = max(1, -(-len(ids) // PAGE))
    page = 1
    if pages > 1:
        page = int(
            st.number_input(f"Page of {pages}", 1, pages, key=f"page-{key}-{hash(tuple(ids))}")
        )
    shown, targets = excerpt_views(now, ids[(page - 1) * PAGE : page * PAGE])
    target = excerpts(shown, key=f"excerpts-{key}")
    if target in targets:
        st.switch_page("views/code.py", query_params=targets[target])


def matrix_section(now: Current, choice: Choice, material: Material) -> None:
    """The matrix, and what is behind the chosen cell."""
    result = comparison.compute(material, choice)
    rows, columns, cells = matrix_views(result)
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
        to_frame(result).to_csv(index=False),
        "comparison.csv",
        icon=":material/download:",
    )


def balance_section(now: Current, choice: Choice, material: Material) -> None:
    """What helps and what hinders, and what is behind the chosen bar."""
    balanced = comparison.balanced(material, choice)
    figure, caption = balance_bars(
        balanced.frame,
        balanced.caption(),
        dark=st.context.theme.type == "dark",
        width=FIGURE_WIDTH,
    )
    event = st.plotly_chart(
        figure,
        width="content",
        theme=None,
        config=CONFIG,
        on_select="rerun",
        selection_mode="points",
        key=f"balance-{choice.key()}",
    )
    st.caption(f"{plain(caption)} Select a bar to read and hear what is behind it.")
    points = event["selection"]["points"]
    if points:
        row, column, direction = points[0]["customdata"][:3]
        frame = balanced.frame.set_index(["row_id", "column_id"]).loc[(row, column)]
        title = f"{frame['row']} · {frame['column']} · {direction}"
        opened(now, balanced.excerpts(row, column, direction), title, "bar")


now = need_study()
st.title("Compare sites")
if now.codebook is None:
    st.info("This study has no codebook yet, so nothing can be coded or compared.")
    st.stop()
choice = choices(now)
material = comparison.material(now, choice.layer)
if material.excerpts.empty:
    st.info(
        "Nothing is coded here yet under these choices. Code a transcript, or choose whose codings "
        "to show."
    )
    st.page_link("views/code.py", label="Read and code", icon=":material/edit_note:")
    st.stop()
view = st.segmented_control(
    "View",
    list(VIEWS),
    default=remembered("compare-view", "matrix"),
    required=True,
    format_func=lambda name: VIEWS[name],
    label_visibility="collapsed",
)
remember("compare-view", view)
section = balance_section if view == "balance" else matrix_section
section(now, choice, material)
