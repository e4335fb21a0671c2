"""What the participation page shows: who is heard, the course of a workshop, who stayed silent."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from parihs.charts.course import course_columns
from parihs.charts.heard import heard_bars
from parihs.charts.saving import as_html
from parihs.compare import to_csv
from parihs.compare.course import course
from parihs.compare.filters import Filters
from parihs.compare.heard import Talk, heard, never_heard
from parihs.compare.interruptions import THRESHOLD_MS, WORDS, Rule
from parihs.ui.choose import choose
from parihs.ui.clock import clock
from parihs.ui.figure_view import chosen_mark
from parihs.ui.materials import materials
from parihs.ui.plain import plain
from parihs.ui.portion import rows_in_sight
from parihs.ui.state import Current, remember, remembered
from parihs.ui.turn_views import opened_turns

ROWS = {
    "site": "Sites",
    "workshop": "Workshops",
    "cycle": "PAR cycles",
    "study": "The whole study",
}
ROW = {"site": "Site", "workshop": "Workshop", "cycle": "PAR cycle", "study": "Study"}
BY = {"role": "Roles", "speaker": "People", "all": "Participants and facilitators"}
MEASURES = {
    "talk_ms": "Talk time",
    "n_words": "Words",
    "n_turns": "Turns",
    "interruptions": "Interruptions",
}
STEPS = (1, 2, 5, 10, 15, 30)
WIDTH = 980
PANELS = 12
"""Drawn at once; each is a figure of its own."""


def talk_of(now: Current) -> Talk:
    """All talk of the study, read again only when something about it changed."""
    kept = materials(now.app.store)
    if kept.has_talk(now.study.id):
        return kept.talk(now.study.id)
    with st.spinner("Reading who spoke…"):
        return kept.talk(now.study.id)


def filters_of(now: Current, talk: Talk) -> tuple[Filters, Rule]:
    """Filters and the rule of interruptions, in one place that stays closed until wanted."""
    held, people = talk.denominators.workshops, talk.denominators.participants
    sites = dict(zip(talk.denominators.sites["id"], talk.denominators.sites["label"], strict=True))
    roles = sorted(set(people.loc[~people["facilitator"], "role"]) - {""})
    cycles = sorted({int(cycle) for cycle in held["cycle"].dropna()})
    with st.expander("Filters, and what counts as an interruption", icon=":material/filter_list:"):
        one, two, three, four = st.columns([3, 3, 2, 2], vertical_alignment="bottom")
        chosen_sites = one.multiselect(
            "Sites", list(sites), format_func=lambda key: sites[key], placeholder="all sites"
        )
        chosen_roles = two.multiselect("Roles", roles, placeholder="everyone")
        chosen_cycles = three.multiselect("PAR cycle", cycles, placeholder="all cycles")
        leads = four.toggle("With facilitators", value=True, key="participation-leads")
        five, six, _ = st.columns([3, 3, 4])
        left = five.number_input(
            "Still to go in the other’s turn, seconds",
            0.0,
            10.0,
            THRESHOLD_MS / 1000,
            0.1,
            help="A turn interrupts when it begins while somebody else’s has this much to go.",
        )
        words = six.number_input(
            "Words in the interrupting turn, at least",
            1,
            50,
            WORDS,
            help="With 2, one-word turns such as “mm” or “yes” are not interruptions.",
        )
    filters = Filters(
        roles=tuple(chosen_roles) or None,
        cycles=tuple(chosen_cycles) or None,
        sites=tuple(chosen_sites) or None,
        include_facilitators=leads,
    )
    return filters, Rule(round(left * 1000), int(words))


def heard_section(now: Current, talk: Talk) -> None:
    """Shares of talk as bars that open their turns, and the table with every measure."""
    one, two, three, _ = st.columns(4)
    rows = _kept(one, "Side by side", ROWS, "rows")
    by = _kept(two, "Who", BY, "by")
    measure = _kept(three, "Counted in", MEASURES, "measure")
    filters, rule = filters_of(now, talk)
    found = heard(talk, rows=rows, by=by, filters=filters, rule=rule)
    if found.frame.empty:
        st.info("Nobody speaks under these filters. Take one of them away.")
        return
    dark = st.context.theme.type == "dark"
    if found.frame[measure].isna().all():
        st.info(
            f"These transcripts are not timed, so there is no {MEASURES[measure].lower()} to show. "
            "Choose words or turns."
        )
        return
    in_sight = rows_in_sight(found.frame, key=f"heard-shown-{rows}", at_once=PANELS)
    drawn, caption = heard_bars(in_sight, found.caption, measure=measure, dark=dark, width=WIDTH)
    mark = _chart(drawn, caption, f"heard-{rows}-{by}-{measure}-{filters}-{rule}-{dark}")
    if mark is not None:
        ids = found.turn_ids(mark[0], mark[1], measure=measure)
        row = found.frame[
            (found.frame["row_id"] == mark[0]) & (found.frame["group_id"] == mark[1])
        ].iloc[0]
        title = f"{row['group']} · {row['row']}"
        if measure == "interruptions":
            title += " · interrupting"
        if ids:
            opened_turns(now, ids, title, "heard")
        else:
            st.caption(f"{plain(title)}: nothing to open. They took part and were not heard.")
    st.subheader("The numbers")
    count = st.column_config.NumberColumn(format="localized")
    st.dataframe(
        _table(found.frame, ROW[rows]),
        hide_index=True,
        column_config=dict.fromkeys(("Turns", "Words"), count),
    )
    st.caption(
        "Of participants: the share among participants, facilitators left out. Of everybody: the "
        "share of all that is said. “Not timed” means that nobody knows, not that it is 0."
    )
    _downloads(drawn, caption, found.frame, "participation")


def course_section(now: Current, talk: Talk) -> None:
    """One workshop from beginning to end, in stretches of minutes."""
    with_talk = talk.turns.drop_duplicates("transcript_id")
    labels = talk.denominators.workshops.set_index("id")["label"]
    numbers = with_talk.groupby("workshop_id").cumcount() + 1
    names = {
        transcript: labels[workshop] + (f", transcript {number}" if number > 1 else "")
        for transcript, workshop, number in zip(
            with_talk["transcript_id"], with_talk["workshop_id"], numbers, strict=True
        )
    }
    one, two, three, four = st.columns(4)
    transcript = _kept(one, "Workshop", names, "transcript")
    by = _kept(two, "Who", BY, "course-by")
    measure = _kept(
        three,
        "Counted in",
        {key: label for key, label in MEASURES.items() if key != "interruptions"},
        "course-measure",
    )
    minutes = four.select_slider("Minutes a column", STEPS, value=5)
    filters, rule = filters_of(now, talk)
    found = course(
        talk, transcript, by=by, step_ms=int(minutes) * 60_000, filters=filters, rule=rule
    )
    if measure == "talk_ms" and found.unit == "words":
        st.info("This workshop is not timed throughout: words are shown, in columns of 500 words.")
        measure = "n_words"
    dark = st.context.theme.type == "dark"
    drawn, caption = course_columns(
        found.frame, found.caption, unit=found.unit, measure=measure, dark=dark, width=WIDTH
    )
    key = f"course-{transcript}-{by}-{measure}-{minutes}-{filters}-{rule}-{dark}"
    mark = _chart(drawn, caption, key)
    if mark is not None:
        cell = found.frame[
            (found.frame["group_id"] == mark[0]) & (found.frame["part_id"] == mark[1])
        ].iloc[0]
        where = (
            f"{clock(int(cell['start']))}–{clock(int(cell['end']))}"
            if found.unit == "ms"
            else f"words {cell['start'] + 1:,}–{cell['end']:,}"
        )
        opened_turns(now, found.turns.get(mark, []), f"{cell['group']} · {where}", "course")
    _downloads(drawn, caption, found.frame, "participation-over-time")


def silent_section(talk: Talk) -> None:
    """Who took part in a workshop and says nothing in its transcript."""
    found = never_heard(talk)
    held = talk.turns["workshop_id"].nunique()
    present = talk.present[talk.present["workshop_id"].isin(talk.turns["workshop_id"].unique())]
    people = present["participant_id"].nunique()
    places = f"{len(present):,} attendances of {people:,} people in {held:,} workshops"
    if found.empty:
        st.success(f"Everybody who took part was heard: {places} with a transcript.")
    else:
        n = len(found)
        never = found.loc[~found["elsewhere"], "participant_id"].nunique()
        st.markdown(
            f"**{n:,} of {plain(places)} passed without a word**; {never:,} of these people "
            f"{'is' if never == 1 else 'are'} heard in no workshop at all."
        )
        leads = ["Facilitator" if lead else "" for lead in found["facilitator"]]
        shown = {
            "Took part, never spoke": found["participant"],
            "Role": [role or lead for role, lead in zip(found["role"], leads, strict=True)],
            "Workshop": found["workshop"],
            "Heard elsewhere": ["yes" if there else "no" for there in found["elsewhere"]],
            "Voices not linked": found["n_unlinked"],
            "Site": found["site"],
        }
        if not found["n_unlinked"].any():
            del shown["Voices not linked"]
        st.dataframe(pd.DataFrame(shown), hide_index=True)
        st.download_button(
            "CSV",
            lambda: to_csv(found),
            "never-heard.csv",
            "text/csv",
            icon=":material/download:",
            on_click="ignore",
        )
    st.caption(
        "Who took part is noted on the Speakers page, also those who said nothing; whoever is "
        "linked to a voice took part anyway. Workshops without a transcript are left out. Where "
        "voices are not linked to a participant yet, somebody here may be one of them."
    )
    st.page_link(
        "views/speakers.py", label="Note who took part", icon=":material/record_voice_over:"
    )


def _kept(place: Any, label: str, options: dict[str, str], name: str) -> str:
    """A choice that is remembered."""
    chosen = choose(
        place,
        label,
        options,
        wanted=remembered(f"participation-{name}"),
        key=f"participation-{name}",
    )
    remember(f"participation-{name}", chosen)
    return chosen


def _chart(drawn: Any, caption: str, key: str) -> tuple[str, str] | None:
    """The figure with its caption; the mark that was chosen in it."""
    said = f"{plain(caption)} Select a bar to read and hear the turns behind it."
    mark = chosen_mark(drawn, said, key=key)
    return (mark[0], mark[1]) if mark else None


def _table(frame: pd.DataFrame, row: str) -> pd.DataFrame:
    """The numbers as people read them; ``row`` says what the first column holds."""

    def timed(name: str) -> list[str]:
        return ["not timed" if pd.isna(n) else f"{int(n):,}" for n in frame[name]]

    def share(name: str) -> list[str]:
        return ["–" if pd.isna(n) else f"{n:.0%}" for n in frame[name]]

    return pd.DataFrame(
        {
            row: frame["row"],
            "Who": frame["group"],
            "Took part": frame["n_present"],
            "Heard": frame["n_heard"],
            "Turns": frame["n_turns"],
            "Words": frame["n_words"],
            "Words, of participants": share("among_n_words"),
            "Words, of everybody": share("share_n_words"),
            "Talk time": [
                "not timed" if pd.isna(ms) else clock(int(ms)) for ms in frame["talk_ms"]
            ],
            "Talk, of participants": share("among_talk_ms"),
            "Talk, of everybody": share("share_talk_ms"),
            "Interrupts": timed("interruptions"),
            "Is interrupted": timed("interrupted"),
        }
    )


def _downloads(drawn: Any, caption: str, frame: pd.DataFrame, name: str) -> None:
    row = st.container(horizontal=True, gap="small")
    row.download_button(
        "HTML",
        lambda: as_html(drawn, caption, "Participation"),
        f"{name}.html",
        "text/html",
        icon=":material/download:",
        on_click="ignore",
        help="The figure as a page that works offline.",
    )
    row.download_button(
        "CSV",
        lambda: to_csv(frame),
        f"{name}.csv",
        "text/csv",
        icon=":material/download:",
        on_click="ignore",
        help="The table behind the figure: a row per bar, every measure, times in milliseconds.",
    )
