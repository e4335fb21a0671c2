"""The agreement page's numbers: per code, as a whole, unit by unit, over time."""

from __future__ import annotations

import math

import pandas as pd
import streamlit as st

from parihs.charts import CONFIG
from parihs.charts.drift import drift
from parihs.coding.agreement_words import (
    SCALE_SOURCE,
    about_code,
    about_drift,
    about_hierarchy,
    about_ladder,
    about_whole,
    count,
    methods_sentence,
    with_interval,
)
from parihs.coding.compared import Compared
from parihs.coding.queue import Queue
from parihs.coding.study_agreement import StudyAgreement
from parihs.ui import agreement_choice as asked
from parihs.ui.agreement_choice import AgreementChoice
from parihs.ui.agreement_tables import code_table, hierarchy_table, ladder_table
from parihs.ui.disagreement_desk import desk
from parihs.ui.disagreement_filters import codes_of
from parihs.ui.plain import plain
from parihs.ui.state import Current
from parihs.ui.widgets.sortable_table import sortable_table


def codes_view(now: Current, choice: AgreementChoice, compared: Compared, queue: Queue) -> None:
    """Every code with all its coefficients; the chosen one in words, and in its places."""
    found = asked.numbers(now, choice)
    codes = {code.code_id: code for code in compared.codes}
    options, describe = st.columns([3, 2], vertical_alignment="center")
    grain = "codes"
    if choice.level != "construct":
        words_of = {
            "codes": asked.LEVEL_WORDS[choice.level].split(":")[0],
            "constructs": "Constructs",
        }
        grain = options.segmented_control(
            "Rows",
            list(words_of),
            default="codes",
            required=True,
            format_func=lambda name: words_of[name],
            label_visibility="collapsed",
            key=f"grain-{choice.level}",
        )
    words = describe.toggle(
        "Describe in words", help=f"{SCALE_SOURCE}. The words are conventions, not findings."
    )
    rows = found.constructs if grain == "constructs" else found.codes
    used = [row for row in rows if row.used]
    heads, lines = code_table(found, used, codes, words=words)
    chosen = sortable_table(
        f"{found.n_turns:,} turns", heads, lines, key=f"codes-{choice.level}-{grain}", opens=True
    )
    unused = [codes[row.code_id].name for row in rows if not row.used]
    left = f" Given by nobody, so not in the table: {', '.join(unused)}." if unused else ""
    st.caption(
        plain(
            f"Turns in {count(found.n_transcripts, 'transcript')}. In small type: {drawn(found)}. "
            "n. d. is not defined; rest the pointer on it for the reason. Select a head to sort, a "
            f"row to read its places.{left}"
        )
    )
    row = found.code(chosen) if chosen else None
    if row is not None:
        name = codes[row.code_id].name
        st.subheader(plain(name))
        for line in about_code(found, row, name):
            st.markdown(plain(line))
        if grain == "codes" and row.used:
            rung = asked.ladder(now, choice, row.code_id)
            heads, lines = ladder_table([rung], codes)
            sortable_table("alpha by unit", heads, lines, key=f"ladder-{row.code_id}")
            items = [item for item in queue.items if row.code_id in codes_of(item)]
            desk(now, queue, items, key="code", about=(choice, row.code_id))
    methods(now, found)


def whole_view(now: Current, choice: AgreementChoice, compared: Compared, queue: Queue) -> None:
    """The coding as a whole, in every unit, and level by level of the codebook."""
    found = asked.numbers(now, choice)
    codes = {code.code_id: code for code in compared.codes}
    names = {code_id: code.name for code_id, code in codes.items()}
    st.subheader("The coding as a whole")
    for line in about_whole(found):
        st.markdown(plain(line))
    st.subheader("The same coding, unit by unit")
    st.markdown(plain(about_ladder(found.ladder[0])))
    heads, lines = ladder_table(found.ladder, codes)
    sortable_table("in small type: 95 % interval", heads, lines, key=f"rungs-{choice.level}")
    n = found.n_units
    st.caption(
        plain(
            f"{boundaries(found)}{n['turn']:,} turns, {n['sentence']:,} sentences, "
            f"{n['token']:,} words and {n['character']:,} characters. Presence of a code in a "
            f"unit; a code counts for a unit that it touches. Intervals: "
            f"{drawn(found)}. n. d. is not defined; rest the pointer on it for the reason."
        )
    )
    st.subheader("Level by level of the codebook")
    st.markdown(plain(about_hierarchy(found.hierarchy, names)))
    heads, lines = hierarchy_table(found.hierarchy, codes)
    sortable_table("mvalpha in turns", heads, lines, key="hierarchy")
    methods(now, found)


def time_view(now: Current, choice: AgreementChoice, compared: Compared, queue: Queue) -> None:
    """Agreement workshop by workshop, and by version of the codebook."""
    found = asked.numbers(now, choice)
    whole = found.whole.interval
    frame = pd.DataFrame(
        [
            {
                "id": point.transcript_id,
                "title": point.title,
                "when": f"{point.held_on.day} {point.held_on:%b %Y}" if point.held_on else "",
                "value": _float(point.measure.value),
                "low": _float(point.measure.interval.low if point.measure.interval else None),
                "high": _float(point.measure.interval.high if point.measure.interval else None),
                "undefined": point.measure.undefined or "",
                "n_turns": point.n_turns,
                "whole": _float(found.whole.value),
                "whole_low": _float(whole.low if whole else None),
                "whole_high": _float(whole.high if whole else None),
                "version": point.codebook_number,
            }
            for point in found.drift
        ]
    )
    caption = (
        f"mvalpha of the whole coding in turns, by date of the workshop, {found.n_turns:,} turns. "
        f"Bars: 95 % intervals that draw the turns of a workshop (B = {found.bootstrap.b:,}, seed "
        f"{found.bootstrap.seed}); neighbouring turns are alike, so they are rather too narrow."
    )
    figure, caption = drift(frame, caption, dark=st.context.theme.type == "dark")
    st.markdown(plain(about_drift(found.drift, found.whole)))
    st.plotly_chart(figure, theme=None, config=CONFIG, key="drift")
    st.caption(plain(caption))
    if len(found.versions) == 1:
        number = found.versions[0].number
        st.caption(f"All of it was coded under version {number} of the codebook.")
        return
    st.subheader("By version of the codebook")
    for version in found.versions:
        st.markdown(
            f"Version {version.number}: {with_interval(version.measure)}, "
            f"{count(version.n_transcripts, 'transcript')} mostly coded under it."
        )


def boundaries(found: StudyAgreement) -> str:
    """What is said about the boundaries of the whole coding, in a caption."""
    if found.cu.value is not None:
        share = f"{found.cu.value:.2f}"
        return f"Where two coders marked the same stretch, cu-alpha of their codes is {share}. "
    reason = found.ladder[0].boundary.undefined or found.cu.undefined
    return f"For the whole coding, boundaries are not defined (n. d.): {reason} "


def drawn(found: StudyAgreement) -> str:
    """How intervals were drawn, in a caption."""
    what = (
        f"{count(found.n_workshops, 'workshop')} drawn again"
        if found.by_workshop
        else "single turns drawn again, since there are fewer than six workshops; too narrow"
    )
    return f"95 % interval ({what}, B = {found.bootstrap.b:,}, seed {found.bootstrap.seed})"


def methods(now: Current, found: StudyAgreement) -> None:
    """A sentence to take along."""
    assert now.codebook is not None
    st.subheader("For the methods section")
    name = str(now.codebook.about.get("name", "the codebook"))
    st.code(methods_sentence(found, name), language=None, wrap_lines=True)


def _float(value: float | None) -> float:
    return math.nan if value is None else value
