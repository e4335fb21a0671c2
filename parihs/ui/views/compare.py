"""Compare sites: a matrix whose every cell opens its excerpts, and every excerpt plays."""

from __future__ import annotations

import streamlit as st

from parihs.compare.balance import balance
from parihs.compare.cells import NOT_ASKED, NOT_CODED
from parihs.compare.matrix import EXPLAINED, RATED, VALUES, to_frame
from parihs.ui import comparison
from parihs.ui.choose import choose
from parihs.ui.comparison import LAYERS, Choice
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


def opened(now: Current, choice: Choice, ids: tuple[str, ...], title: str) -> None:
    """The excerpts behind a cell, a page at a time."""
    st.subheader(plain(title))
    pages = max(1, -(-len(ids) // PAGE))
    page = 1
    if pages > 1:
        page = int(st.number_input(f"Page of {pages}", 1, pages, key=f"page-{hash(ids)}"))
    shown, targets = excerpt_views(now, ids[(page - 1) * PAGE : page * PAGE])
    target = excerpts(shown, key="opened-excerpts")
    if target in targets:
        st.switch_page("views/code.py", query_params=targets[target])


now = need_study()
st.title("Compare sites")
if now.codebook is None:
    st.info("This study has no codebook yet, so nothing can be coded or compared.")
    st.stop()
choice = choices(now)
material = comparison.material(now, choice.layer)
result = comparison.compute(material, choice)
if all(state in (NOT_ASKED, NOT_CODED) for state in result.states.flat):
    st.info(
        "Nothing is coded here yet under these choices. Code a transcript, or choose whose codings "
        "to show."
    )
    st.page_link("views/code.py", label="Read and code", icon=":material/edit_note:")
    st.stop()
rows, columns, cells = matrix_views(result)
cell = matrix_table(rows, columns, cells, corner="words spoken", key=f"matrix-{choice.key()}")
st.caption(f"{plain(result.caption())} {EXPLAINED[choice.value]}")
st.caption(
    "· asked, nothing coded   – nobody spoke   ○ not coded yet   ± mixed. "
    "Select a cell to read and hear what is behind it."
)
if cell is not None and result.excerpts(*cell):
    labels = {row.id: row.label for row in result.rows} | {c.id: c.label for c in result.columns}
    ids = result.excerpts(*cell)
    opened(now, choice, ids, f"{labels[cell[0]]} · {labels[cell[1]]} · {len(ids)} excerpts")
with st.expander("Help and hindrance, by site and construct"):
    figure, caption = comparison.balance_figure(
        balance(
            material.excerpts,
            material.denominators,
            material.codes,
            rows=choice.rows,
            cols="construct",
            filters=choice.filters(),
        ),
        dark=st.context.theme.type == "dark",
    )
    st.plotly_chart(figure, theme=None, config={"displayModeBar": False})
    st.caption(plain(caption))
st.download_button(
    "Download this table (CSV)",
    to_frame(result).to_csv(index=False),
    "comparison.csv",
    icon=":material/download:",
)
