"""Findings: claims with quotes, in an order, never lost; and what lint says of them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parihs.coding.adjudication import reopen, settle
from parihs.coding.queue import adjudication_queue
from parihs.compare import passages
from parihs.errors import ParihsError
from parihs.inquiry import (
    Lint,
    LintSettings,
    NewerTextError,
    add_finding,
    edit_finding,
    finding_history,
    findings,
    link_excerpts,
    lint,
    marker,
    move_finding,
    quoted,
    render,
    restore_finding,
    unlink_excerpt,
    withdraw_finding,
)
from parihs.model import Finding
from parihs.store import Store
from parihs.store.transcripts import release
from tests.support.small_study import SmallStudy, make_small_study
from tests.unit.inquiry_study import KIM, KIM_FIRST, MARA, SOMEBODY, code, uncode


def add(store: Store, small: SmallStudy, title: str, *supports: str, claim: str = "") -> Finding:
    with store.write(small.ada.id) as tx:
        finding = add_finding(tx, small.study.id, title=title, claim=claim)
        link_excerpts(tx, finding.id, supports)
    return finding


def titles(store: Store, small: SmallStudy, *, withdrawn: bool = False) -> list[str]:
    with store.read() as session:
        return [v.finding.title for v in findings(session, small.study.id, withdrawn=withdrawn)]


def linted(store: Store, small: SmallStudy, **more: Any) -> dict[str, Lint]:
    with store.read() as session:
        found = lint(session, small.study.id, **more)
    assert len({each.kind for each in found}) == len(found)
    return {each.kind: each for each in found}


def test_a_quote_shows_its_words_its_voice_and_its_site(any_store: Store) -> None:
    small = make_small_study(any_store)
    excerpt = code(any_store, small, 0, KIM_FIRST, "fit", "-1")
    claim = f"At first {marker(excerpt)} and {marker('gone')}"
    with any_store.read() as session:
        parts = render(claim, passages(session, quoted(claim)))
    assert [part.kind for part in parts] == ["text", "quote", "text", "lost"]
    assert parts[1].text == "It does not fit here."
    assert parts[1].attribution == "Kim1, doctor · North"
    assert parts[1].passage is not None
    assert parts[1].passage.start_ms == 2500
    assert "no longer coded" in parts[3].text


@given(st.lists(st.one_of(st.text(), st.sampled_from(["[[", "]]", "[[excerpt:a.b.1-2]]"]))))
def test_rendering_loses_nothing_of_a_claim(pieces: list[str]) -> None:
    claim = "".join(pieces)
    again = "".join(
        part.text if part.excerpt_id is None else marker(part.excerpt_id)
        for part in render(claim, [])
    )
    assert again == claim


def test_a_quoted_excerpt_bears_on_the_finding_and_stays_while_it_is_quoted(
    any_store: Store,
) -> None:
    small = make_small_study(any_store)
    one, two = code(any_store, small, 0, KIM), code(any_store, small, 1, KIM)
    finding = add(any_store, small, "Fit", one)
    with any_store.write(small.ada.id) as tx:
        link_excerpts(tx, finding.id, [two], stance="contradicts", note="But see here.")
        claim = f"{marker(two)} {marker(one)}"
        rev = edit_finding(tx, finding.id, base_rev=finding.rev, claim=claim).rev
        with pytest.raises(ParihsError, match="quotes this excerpt"):
            unlink_excerpt(tx, finding.id, one)
        with pytest.raises(ParihsError, match="not in this study"):
            edit_finding(tx, finding.id, base_rev=rev, claim=marker("unknown"))
    with any_store.read() as session:
        (view,) = findings(session, small.study.id)
    assert view.finding.claim == claim
    assert (view.ids("supports"), view.ids("contradicts")) == ((one,), (two,))
    assert view.excerpts[1].note == "But see here."
    with any_store.write(small.ada.id) as tx:
        edit_finding(tx, finding.id, base_rev=view.finding.rev, claim="Nobody quoted.")
        unlink_excerpt(tx, finding.id, one)
    with any_store.read() as session:
        (view,) = findings(session, small.study.id)
        verbs = [line.verb for line in finding_history(session, finding.id)]
    assert view.ids() == (two,)
    assert verbs == ["unlinked", "edited", "edited", "linked", "linked", "added"]


def test_two_who_edit_one_finding_lose_nothing(any_store: Store) -> None:
    small = make_small_study(any_store)
    finding = add(any_store, small, "Fit", claim="First.")
    start = finding.rev
    with any_store.write(small.ben.id) as tx:
        edit_finding(tx, finding.id, base_rev=start, claim="Ben's.")
    with any_store.write(small.ada.id) as tx, pytest.raises(NewerTextError) as refused:
        edit_finding(tx, finding.id, base_rev=start, claim="Ada's.")
    assert (refused.value.yours, refused.value.theirs) == ("Fit\n\nAda's.", "Fit\n\nBen's.")
    with any_store.read() as session:
        lines = finding_history(session, finding.id)
    assert [(line.by, line.data["claim"]) for line in lines] == [
        ("Ben", "Ben's."),
        ("Ada", "First."),
    ]


def test_findings_move_and_withdrawn_ones_come_back(any_store: Store) -> None:
    small = make_small_study(any_store)
    made = {title: add(any_store, small, title).id for title in "abcd"}
    with any_store.write("lead") as tx:
        move_finding(tx, made["d"], 0)
        move_finding(tx, made["a"], 99)
    assert titles(any_store, small) == ["d", "b", "c", "a"]
    with any_store.write("lead") as tx:
        withdraw_finding(tx, made["b"], "Said twice.")
    assert titles(any_store, small) == ["d", "c", "a"]
    assert titles(any_store, small, withdrawn=True) == ["b"]
    with any_store.write("lead") as tx:
        restore_finding(tx, made["b"])
        add_finding(tx, small.study.id, title="e")
    assert titles(any_store, small) == ["d", "c", "a", "b", "e"]


def test_a_finding_that_stands_on_many_voices_and_sites_is_left_in_peace(
    any_store: Store,
) -> None:
    small = make_small_study(any_store)
    add(any_store, small, "Fit", code(any_store, small, 0, KIM), code(any_store, small, 1, KIM))
    assert linted(any_store, small) == {}


def test_an_unsupported_finding_and_one_whose_excerpts_were_taken_back(
    store: Store, small: SmallStudy
) -> None:
    finding = add(store, small, "Fit")
    assert linted(store, small)["unsupported"].finding_id == finding.id
    one = code(store, small, 0, KIM)
    with store.write("lead") as tx:
        link_excerpts(tx, finding.id, [one])
    assert linted(store, small).keys() == {"one voice", "one site"}
    uncode(store, small, 0, one)
    found = linted(store, small)
    assert found.keys() == {"unsupported", "taken back"}
    assert found["taken back"].ids == (one,)
    assert "1 excerpt of this finding is no longer coded" in found["taken back"].sentence


def test_a_facilitators_question_is_no_second_voice_and_strangers_are_different_people(
    store: Store, small: SmallStudy
) -> None:
    asked = code(store, small, 0, (MARA[0], KIM[1]))
    finding = add(store, small, "Fit", asked)
    found = linted(store, small)["one voice"]
    assert "Only Kim1 is heard" in found.sentence
    strangers = [code(store, small, where, SOMEBODY) for where in (0, 1)]
    with store.write("lead") as tx:
        unlink_excerpt(tx, finding.id, asked)
        link_excerpts(tx, finding.id, strangers)
    assert linted(store, small) == {}


def test_negative_cases_are_offered_until_they_are_linked(any_store: Store) -> None:
    small = make_small_study(any_store)
    helps = code(any_store, small, 0, KIM, "fit", "2")
    against = [
        code(any_store, small, 0, SOMEBODY, "fit", valence, by=small.ben.id)
        for valence in ("-1", "-2")
    ]
    for where, key, valence in ((0, "help", "-1"), (1, "fit", "-1"), (0, "fit", "mixed")):
        code(any_store, small, where, MARA, key, valence)
    finding = add(any_store, small, "Fit", helps, code(any_store, small, 1, SOMEBODY))
    found = linted(any_store, small)["contradicted"]
    assert set(found.ids) == set(against)
    assert "2 codings of “Fit” at North are rated constraining" in found.sentence
    # Ben's codings are blind to Ada until the transcript is released.
    assert "contradicted" not in linted(any_store, small, viewer_id=small.ada.id)
    with any_store.write("lead") as tx:
        release(tx, small.versions[0].transcript_id)
    assert linted(any_store, small, viewer_id=small.ada.id)["contradicted"].ids == found.ids
    with any_store.write("lead") as tx:
        link_excerpts(tx, finding.id, against[:1], stance="contradicts")
    assert linted(any_store, small)["contradicted"].ids == tuple(against[1:])
    with any_store.write("lead") as tx:
        link_excerpts(tx, finding.id, against[1:], stance="nuance")
    assert "contradicted" not in linted(any_store, small)


def test_what_a_team_settled_stands_in_place_of_its_codings(any_store: Store) -> None:
    small = make_small_study(any_store)
    with any_store.write("lead") as tx:
        release(tx, small.versions[0].transcript_id)
    code(any_store, small, 0, KIM, "fit", "1")
    code(any_store, small, 0, KIM, "help", "-1", by=small.ben.id)
    support = code(any_store, small, 0, SOMEBODY, "fit.place", "2")
    start, end = KIM
    holds = {"start": start, "end": end, "code_id": small.codes["fit.place"], "valence": "-1"}
    with any_store.write("lead") as tx:
        queue = adjudication_queue(tx.session, small.study.id, small.codebook.id)
        place = next(item.place for item in queue.items if item.place and item.start == start)
        settlement = settle(tx, place, outcome="edited", reason="It is here.", result=[holds])
    settled = f"{small.versions[0].id}.{holds['code_id']}.{start}-{end}"
    finding = add(any_store, small, "Fit", support)
    assert linted(any_store, small)["contradicted"].ids == (settled,)
    with any_store.write("lead") as tx:
        link_excerpts(tx, finding.id, [settled], stance="contradicts")
    assert not linted(any_store, small).keys() & {"contradicted", "taken back"}
    with any_store.write("lead") as tx:
        reopen(tx, settlement.id, "Not sure.")
    assert linted(any_store, small)["taken back"].ids == (settled,)


def test_one_speaker_in_most_quotes_is_pointed_out(store: Store, small: SmallStudy) -> None:
    kim = [code(store, small, 0, KIM, key) for key in ("fit", "fit.place", "help")]
    others = [code(store, small, 1, where) for where in (KIM, SOMEBODY)]
    add(store, small, "One", *kim[:2], *others)
    add(store, small, "Two", kim[2], *others)
    assert linted(store, small) == {}
    found = linted(store, small, settings=LintSettings(share=0.5, from_excerpts=5))["over-quoted"]
    assert found.finding_id is None
    assert set(found.ids) == set(kim)
    assert "Kim1 speaks in 3 of the 5 excerpts" in found.sentence


def test_names_and_states_that_make_no_sense_are_refused(store: Store, small: SmallStudy) -> None:
    finding = add(store, small, "Fit")
    with store.write("lead") as tx:
        for change in ({"title": " "}, {"status": "done"}):
            with pytest.raises(ParihsError):
                edit_finding(tx, finding.id, base_rev=finding.rev, **change)
        with pytest.raises(ParihsError):
            link_excerpts(tx, finding.id, [], stance="proves")
    assert titles(store, small) == ["Fit"]
