"""Training test: code excerpts blind that a lead picked, and see what decides each of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from parihs.codebook.mentions import by_name
from parihs.coding.around import around
from parihs.coding.training import (
    Feedback,
    Question,
    Sitting,
    begin_again,
    feedback,
    give_answer,
    questions,
    restore_test,
    results,
    sitting,
    training_tests,
    why_not_make,
    withdraw_test,
    withdrawn_tests,
)
from parihs.errors import ParihsError
from parihs.model import Participant, Speaker, TrainingTest, Transcript, Turn, Workshop
from parihs.model.terms import VALENCES
from parihs.store.codebooks import CodeView, definitions
from parihs.store.transcripts import stretch
from parihs.ui.plain import plain
from parihs.ui.state import Current, need_study
from parihs.ui.training_making import SAID, making
from parihs.ui.widgets.training import QuestionView, RuleView, TestView, VerdictView, training
from parihs.web.media import recording_url

AROUND = 240
"""Code points of talk shown on either side of an excerpt."""


def taking(now: Current, test: TrainingTest, codes: dict[str, CodeView]) -> None:
    """The test for whoever is to take it, and how they did."""
    kept = st.session_state.setdefault(f"taking-{test.id}-{now.viewer_id}", {})
    with now.app.store.read() as session:
        asked = questions(session, test.id, now.viewer_id)
        said = {each.position: each for each in feedback(session, test.id, now.viewer_id)}
        mine = sitting(session, test.id, now.viewer_id)
        items = [_question(now, session, each, said.get(each.position)) for each in asked]
    if not items:
        st.info("Its transcripts are not released at the moment, so nothing can be asked.")
        return
    st.caption(
        "Code each excerpt as you would in Read and code, from the rules alone. What is right is "
        "shown after each answer. Nothing of it enters the study’s codings or counts. In the grey "
        "words around an excerpt, a stroke (/) is where somebody else begins to speak."
    )
    names = {code.key: code.name for code in codes.values()}
    view = TestView(
        test=test.id,
        attempt=mine.attempt,
        items=items,
        codes=[_rule(code, names) for code in codes.values()],
        valences=list(VALENCES.items()),
        error=kept.pop("error", ""),
    )
    done = training(view, key=f"training-{test.id}-{now.viewer_id}")
    if done is not None and done.get("at") != kept.get("at"):
        kept["at"] = done.get("at")
        try:
            with now.app.store.write(now.viewer_id) as tx:
                give_answer(tx, str(done["test"]), int(done["position"]), dict(done["codes"]))
        except ParihsError as error:
            kept["error"] = str(error)
        st.rerun()
    if mine.answered:
        st.subheader("Your result")
        scores(mine, codes)
        if st.button("Begin again", help="Clears your answers; they stay in the history."):
            with now.app.store.write(now.viewer_id) as tx:
                begin_again(tx, test.id)
            st.rerun()


def scores(mine: Sitting, codes: dict[str, CodeView]) -> None:
    """How one sitting went, code by code."""
    st.markdown(
        f"{mine.answered} of {mine.asked} excerpts answered, attempt {mine.attempt}: "
        f"**{mine.hits} right, {mine.missed} missed, {mine.extra} too many**."
    )
    rows = [
        {
            "Code": codes[each.code_id].name if each.code_id in codes else "another codebook's",
            "Right": each.hits,
            "Missed": each.missed,
            "Too many": each.extra,
            "Agreement": "" if each.percent is None else f"{each.percent:.0%} of {each.n}",
            "Kappa": f"{each.kappa:.2f}" if each.kappa is not None else "not defined",
        }
        for each in mine.codes
    ]
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        width="stretch",
        column_config={
            "Code": st.column_config.TextColumn(width=290),
            "Agreement": st.column_config.TextColumn(
                help="Share of the excerpts answered in which the code was rightly given or left "
                "out. Codes that are rarely right make this high by themselves."
            ),
            "Kappa": st.column_config.TextColumn(
                help="Cohen’s kappa between you and the test over the excerpts answered. With few "
                "excerpts it moves a lot; it is not defined where there is no variation."
            ),
        },
    )


def _rule(code: CodeView, names: Mapping[str, str]) -> RuleView:
    rules = code.definition
    return RuleView(
        code.code_id,
        code.name,
        "\u2003" * code.depth + code.name,
        code.colour,
        by_name(rules.definition, names),
        by_name(rules.when_to_use, names),
        by_name(rules.when_not, names),
        rules.example,
    )


def _question(
    now: Current, session: Session, asked: Question, said: Feedback | None
) -> QuestionView:
    query = (
        select(Turn, Speaker.label, Participant.pseudonym, Transcript.recording_id, Workshop.title)
        .select_from(Turn)
        .join(Transcript, Transcript.id == asked.transcript_id)
        .join(Workshop, Workshop.id == Transcript.workshop_id)
        .outerjoin(Speaker, Speaker.id == Turn.speaker_id)
        .outerjoin(Participant, Participant.id == Speaker.participant_id)
        .where(Turn.version_id == asked.version_id, Turn.end > asked.start)
        .order_by(Turn.position)
        .limit(1)
    )
    turn, label, pseudonym, recording_id, title = session.execute(query).one()
    place = asked.version_id, asked.start, asked.end
    [(before, after)] = around(session, [place], AROUND)
    audio = None
    if recording_id is not None and turn.start_ms is not None:
        audio = recording_url(recording_id, now.token())
    return QuestionView(
        position=asked.position,
        before=before,
        text=stretch(session, *place),
        after=after,
        who=pseudonym or label or "Unknown speaker",
        where=title,
        verdict=None if said is None else _verdict(said),
        audio=audio,
        from_ms=turn.start_ms or 0,
        to_ms=turn.end_ms or (turn.start_ms or 0) + 10_000,
    )


def _verdict(said: Feedback) -> VerdictView:
    return VerdictView(
        list(said.hits),
        list(said.missed),
        list(said.extra),
        dict(said.right),
        dict(said.given),
        said.why,
    )


def everybody(now: Current, test: TrainingTest, codes: dict[str, CodeView]) -> None:
    """For whoever makes tests: how everybody did."""
    with now.app.store.read() as session:
        sittings = results(session, test.id, now.viewer_id)
    if not sittings:
        st.caption("Nobody has begun this test.")
        withdrawing(now, test)
        return
    rows = [
        {
            "Coder": each.name,
            "Answered": f"{each.answered} of {each.asked}",
            "Attempt": each.attempt,
            "Right": each.hits,
            "Missed": each.missed,
            "Too many": each.extra,
        }
        for each in sittings
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, width="stretch")
    names = {each.coder_id: each.name for each in sittings}
    chosen = st.selectbox(
        "Code by code",
        [None, *names],
        format_func=lambda key: names[key] if key else "choose somebody",
    )
    for each in sittings:
        if each.coder_id == chosen:
            scores(each, codes)
    withdrawing(now, test)


def withdrawing(now: Current, test: TrainingTest) -> None:
    """Take a test off the list."""
    if st.button(
        "Withdraw this test",
        help="Takes it off the list. Its answers stay, and it can be brought back.",
    ):
        with now.app.store.write(now.viewer_id) as tx:
            withdraw_test(tx, test.id)
        st.session_state[SAID] = (
            f"“{test.title}” is withdrawn: nobody is asked it any more. It waits among the "
            "withdrawn tests, where it can be brought back."
        )
        st.rerun()


def withdrawn(now: Current) -> None:
    """The tests that were taken off the list, to be brought back."""
    with now.app.store.read() as session:
        found = withdrawn_tests(session, now.study.id)
    if not found:
        return
    with st.expander(f"Withdrawn tests ({len(found)})"):
        for test in found:
            name, back = st.columns([4, 1], vertical_alignment="center")
            name.markdown(f"{plain(test.title)} ({len(test.excerpts)} excerpts)")
            if back.button("Bring back", key=f"back-{test.id}"):
                with now.app.store.write(now.viewer_id) as tx:
                    restore_test(tx, test.id)
                st.session_state["training test"] = test.id
                st.session_state[SAID] = f"“{test.title}” is back, with the answers given before."
                st.rerun()


def page(now: Current) -> None:
    """The tests there are, to take and to look into; and a new one."""
    said = st.session_state.pop(SAID, "")
    if said:
        st.success(plain(said))
    with now.app.store.read() as session:
        known = {test.id: test for test in training_tests(session, now.study.id)}
        no = why_not_make(session, now.study.id, now.viewer_id)
        book = now.codebook
        chosen: Any = None
        if known:
            ids = list(known)
            last = st.session_state.get("training test")
            chosen = st.selectbox(
                "Test",
                ids,
                index=ids.index(last) if last in known else len(ids) - 1,
                format_func=lambda key: f"{known[key].title} ({len(known[key].excerpts)} excerpts)",
            )
        version = known[chosen].codebook_version_id if chosen else book.id if book else None
        of_test = {c.code_id: c for c in definitions(session, version)} if version else {}
        newest = {c.code_id: c for c in definitions(session, book.id)} if book else {}
    if chosen is None:
        st.info(
            "There is no training test to take. A lead picks excerpts with the codes that are "
            "right; a new coder codes them blind and sees at once what was hit, what was missed, "
            "and the rule that decides."
        )
        if not no:
            withdrawn(now)
    sections = (["Take the test"] if chosen else []) + (
        [] if no else [*(["Everybody’s results"] if chosen else []), "Make a test"]
    )
    if not sections:
        st.caption(plain(no))
        return
    section: str | None = sections[0]
    if len(sections) > 1:
        section = st.segmented_control(
            "What to do", sections, default=sections[0], label_visibility="collapsed"
        )
    elif not chosen:
        st.subheader("Make a test")
    if section == "Make a test":
        making(now, newest)
    elif section == "Everybody’s results":
        everybody(now, known[chosen], of_test)
        withdrawn(now)
    elif section == "Take the test":
        if now.coder is None or now.coder.role == "viewer":
            st.info("A test is taken by a coder. Say who you are in the side bar.")
        else:
            taking(now, known[chosen], of_test)


now = need_study()
st.title("Training test")
page(now)
