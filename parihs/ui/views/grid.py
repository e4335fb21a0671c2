"""Framework grid: what a person makes of each case and code, with the voices beside it."""

from __future__ import annotations

from functools import partial

import streamlit as st

from parihs.errors import ParihsError
from parihs.inquiry import STATUSES
from parihs.inquiry.grid import Grid
from parihs.report import FORMATS
from parihs.ui import comparison
from parihs.ui import grid_writing as writing
from parihs.ui.choose import choose, starting
from parihs.ui.excerpt_choice import MOST, offered
from parihs.ui.grid_writing import CASES, Place
from parihs.ui.opened import opened
from parihs.ui.plain import plain
from parihs.ui.portion import portion
from parihs.ui.state import Current, need_study, remember, remembered
from parihs.ui.widgets.matrix_table import matrix_table
from parihs.ui.widgets.typing_kept import typing_kept

VIEWS = {"cells": "Cell by cell", "beside": "Side by side"}
ACROSS = 3
BESIDE = 12
"""Summaries that are open for writing at once."""


def editor(now: Current, place: Place, *, height: int = 220, compact: bool = False) -> None:
    """A summary in place: its text, its status, the excerpts it rests on, earlier texts."""
    cell = place.cell
    draft = place.draft(now)
    key = f"{place.case_type}-{cell.row.id}-{cell.column.id}"
    if again := writing.changed(cell):
        st.warning(
            f"{again}. Read them, and save it again, changed or not.", icon=":material/update:"
        )
    summary = draft.text(st, "summary", "Summary", height=height)
    labels = offered(
        now,
        [*cell.excerpt_ids, *draft.value("excerpts")],
        cell.under,
        f"rests-{key}",
        most=60 if compact else MOST,
    )
    ids = draft.several(
        st, "excerpts", "Rests on", labels, placeholder="Choose the excerpts that bear it"
    )
    states = {name: words for name, words in STATUSES.items() if name != "empty"}
    status = draft.one(st, "status", "Status", states)
    draft.warn()
    confirm = bool(again) and not draft.changed
    with st.container(horizontal=True, vertical_alignment="center"):
        pressed = st.button(
            "It still holds" if confirm else "Save",
            type="primary",
            disabled=not (draft.changed or confirm),
            key=f"save-{key}",
        )
        if cell.id is not None:
            with st.popover("Earlier texts", icon=":material/history:"):
                earlier(now, place)
        if cell.author:
            when = f", {cell.updated_at:%d %b %Y}" if cell.updated_at else ""
            st.caption(f"{plain(cell.author)}{when}")
    if pressed:
        if draft.save(lambda rev: writing.save(now, place, rev, summary, status, ids)):
            st.toast("Saved")
        st.rerun()
    if compact:
        # Read when somebody wants it: a dozen cases have a dozen lists with their sound.
        behind = st.expander(writing.counted(cell), key=f"behind-{key}", on_change="rerun")
        if behind.open:
            with behind:
                voices(now, place, key)


def voices(now: Current, place: Place, key: str) -> None:
    """The excerpts under a cell: those that its summary rests on, or all."""
    cell = place.cell
    if not cell.under:
        st.caption(f"{writing.counted(cell).capitalize()}.")
        return
    linked = [excerpt for excerpt in cell.excerpt_ids if excerpt not in cell.lost]
    both = {"linked": f"It rests on {len(linked)}", "all": f"All {len(cell.under)} coded here"}
    which = "all"
    if linked:
        which = (
            st.segmented_control(
                "Excerpts",
                list(both),
                default="linked",
                required=True,
                format_func=lambda name: both[name],
                key=f"which-{key}",
                label_visibility="collapsed",
            )
            or "all"
        )
    ids = linked if which == "linked" else cell.under
    opened(now, ids, cell.row.label, f"grid-{key}")


def earlier(now: Current, place: Place) -> None:
    """Every text the cell has had, each to be put back."""
    cell = place.cell
    assert cell.id is not None
    for saved in writing.earlier(now, cell.id):
        st.markdown(f"**{plain(saved.by)}** · {saved.at:%d %b %Y %H:%M} UTC · {saved.verb}")
        st.text(saved.data["summary"] or "(empty)")
        if saved.seq != cell.rev and st.button("Put it back", key=f"back-{saved.seq}"):
            writing.restore(now, cell, saved.seq)
            place.draft(now).drop()
            st.rerun()


def cell_by_cell(now: Current, shown: Grid) -> None:
    """The whole grid as buttons; the chosen cell below, its voices beside it."""
    in_sight = portion(shown.rows, lambda row: row.label, key=f"grid-shown-{shown.case_type}")
    rows, columns, cells = writing.overview(shown, in_sight)
    chosen = matrix_table(rows, columns, cells, corner="", key=f"grid-{shown.case_type}")
    st.caption(
        f"{shown.n('agreed')} agreed, {shown.n('drafted')} drafted, "
        f"{len(shown.stale)} to look at again, of {len(shown.cells)} cells. A number is the count "
        "of excerpts where nothing is written yet. Select a cell to write in it."
    )
    key = f"grid-cell:{now.study.key}"
    if chosen is not None and chosen in shown.cells:
        remember(key, list(chosen))
    last = remembered(key)
    place = tuple(last) if isinstance(last, list) and tuple(last) in shown.cells else None
    if place is None:
        st.info("Select a cell above: its summary is written below, with its voices beside it.")
        return
    cell = shown.cells[place]
    st.subheader(plain(f"{cell.row.label} · {cell.column.label}"))
    left, right = st.columns(2, gap="large")
    where = Place(shown.case_type, shown.rev, cell)
    with left:
        editor(now, where)
    with right:
        voices(now, where, "beside")


def side_by_side(now: Current, shown: Grid) -> None:
    """One code over all cases: constant comparison, with every summary editable in place."""
    names = {column.id: column.label for column in shown.columns}
    key = f"grid-code:{now.study.key}"
    code = choose(st.container(), "Compare", names, wanted=remembered(key), key="grid-code")
    remember(key, code)
    st.caption(plain(shown.caption))
    rows = portion(
        shown.rows, lambda row: row.label, key=f"grid-beside-{shown.case_type}", at_once=BESIDE
    )
    for first in range(0, len(rows), ACROSS):
        for place, row in zip(
            st.columns(ACROSS, gap="medium"), rows[first : first + ACROSS], strict=False
        ):
            with place, st.container(border=True):
                cell = shown.cell(row.id, code)
                st.markdown(f"**{plain(row.label)}**  \n:small[{writing.counted(cell)}]")
                editor(now, Place(shown.case_type, shown.rev, cell), height=260, compact=True)


now = need_study()
st.title("Framework grid")
typing_kept()
if now.codebook is None:
    st.info("This study has no codebook yet, so there is nothing to summarise by.")
    st.stop()
one, two, three = st.columns([2, 2, 3], vertical_alignment="bottom")
kept = remembered(f"grid:{now.study.key}", {})
kept = kept if isinstance(kept, dict) else {}
case_type = choose(one, "Cases", CASES, wanted=kept.get("cases"), key="grid-cases")
columns = choose(
    two, "Codes", comparison.column_choices(now), wanted=kept.get("codes"), key="grid-codes"
)
with three:
    view = st.segmented_control(
        "View",
        list(VIEWS),
        key=starting("grid-view", kept.get("view", "cells"), VIEWS),
        required=True,
        format_func=lambda name: VIEWS[name],
        label_visibility="collapsed",
    )
remember(f"grid:{now.study.key}", {"cases": case_type, "codes": columns, "view": view})
shown = writing.read_grid(now, case_type, columns)
if not shown.rows:
    st.info("There are no such cases in this study yet. Add sites and transcripts first.")
    st.stop()
if not any(cell.summary for cell in shown.cells.values()):
    st.info(
        "Nothing is written yet. In each cell goes what one case says about one code, in your own "
        "words, two to four sentences, with the excerpts they rest on."
    )
try:
    if view == "beside":
        side_by_side(now, shown)
    else:
        cell_by_cell(now, shown)
except ParihsError as error:
    st.error(plain(str(error)), icon=":material/error:")
with st.container(horizontal=True):
    for kind, label in (("docx", "Word"), ("xlsx", "Excel")):
        st.download_button(
            label,
            partial(writing.as_file, now, shown, kind),
            f"framework-grid-{case_type}.{kind}",
            FORMATS[kind].mime,
            icon=":material/download:",
            on_click="ignore",
            help="This grid with the excerpts that it rests on, each with its id, role and site.",
        )
