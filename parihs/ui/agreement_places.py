"""The agreement page's places: disagreements one by one, and those behind a cell of confusion."""

from __future__ import annotations

import streamlit as st

from parihs.coding.compared import Compared
from parihs.coding.queue import Queue
from parihs.ui import agreement_choice as asked
from parihs.ui.agreement_choice import AgreementChoice
from parihs.ui.agreement_tables import ELSEWHERE, NOTHING, confusion_views
from parihs.ui.choose import choose
from parihs.ui.disagreement_desk import desk
from parihs.ui.disagreement_filters import filters, in_cell
from parihs.ui.plain import plain
from parihs.ui.state import Current, remember, remembered
from parihs.ui.widgets.matrix_table import matrix_table


def disagreements_view(
    now: Current, choice: AgreementChoice, compared: Compared, queue: Queue
) -> None:
    """The places where coders differ, filtered, one after the other."""
    titles = {transcript.id: transcript.title for transcript in compared.transcripts}
    shown = filters(now, queue, compared.codes, titles)
    items = [item for item in queue.items if shown.keeps(item)]
    desk(now, queue, items, key="all", about=(choice, shown))


def confusion_view(now: Current, choice: AgreementChoice, compared: Compared, queue: Queue) -> None:
    """Which code of one coder met which code of the other."""
    found = asked.numbers(now, choice)
    codes = {code.code_id: code for code in compared.codes}
    order = list(codes)
    worst = [
        f"{' and '.join(codes[code].name for code in sorted(pair, key=order.index))} ({n})"
        for pair, n in found.confused
        if set(pair) <= set(codes)
    ]
    if worst:
        st.markdown(plain(f"Most often set against each other: {'; '.join(worst[:5])}."))
    left, right = st.columns([2, 3])
    pairs = {
        f"{one}|{other}": f"{found.coders[one]} (down) and {found.coders[other]} (across)"
        for one, other in found.confusion
    }
    one, other = choose(left, "Coders", pairs, key="confusion-coders").split("|")
    tops = {code.code_id: code.name for code in compared.codes if code.depth == 0}
    if choice.level == "construct":
        shown = set(tops)
    else:
        by_key = {code.key: code for code in compared.codes}
        within = choose(
            right, "Within", tops, key="confusion-within", wanted=remembered("confusion-within")
        )
        remember("confusion-within", within)
        shown = {c.code_id for c in compared.codes if by_key[c.construct_key].code_id == within}
    names = found.coders[one], found.coders[other]
    views = confusion_views(found.confusion[one, other], compared.codes, shown, names)
    cell = matrix_table(
        *views,
        corner=f"{names[0]} ↓  {names[1]} →",
        key=f"confusion-{one}-{other}-{hash(frozenset(shown))}",
    )
    st.caption(
        "Places in the text. On the diagonal both gave the code; elsewhere one gave the row’s code "
        "where the other gave the column’s, or none. Select a number to read the places behind it; "
        "agreed places have nothing to settle and are not listed."
    )
    if cell is None:
        return
    rest = [code for code in codes if code not in shown]
    behind: dict[str, set[str | None]] = {ELSEWHERE: {*rest}, NOTHING: {None}}
    ones = behind.get(cell[0], {cell[0]})
    others = behind.get(cell[1], {cell[1]})
    items = [
        item
        for item in queue.items
        if item.place is not None and in_cell(item.place, (one, other), ones, others)
    ]
    desk(now, queue, items, key="cell", about=(choice, one, other, cell))
