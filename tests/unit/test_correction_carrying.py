"""Another transcription: what is carried by itself, what waits for a person, what goes along."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from parihs.coding.adjudication import settle, settlements
from parihs.coding.queue import adjudication_queue
from parihs.compare import load_excerpts
from parihs.compare.passages import passages
from parihs.compare.spans import stretch_id
from parihs.correction import Edit, carry_over, save_corrections
from parihs.correction.review import decide, progress, review_list, take_back, waiting
from parihs.errors import ParihsError
from parihs.inquiry import add_finding, link_excerpts, marker, save_cell
from parihs.inquiry.staleness import changed_since
from parihs.model import (
    Coding,
    Finding,
    FindingExcerpt,
    GridCell,
    ParsedTranscript,
    ParsedTurn,
    ReviewItem,
    Speaker,
    Transcript,
    TranscriptVersion,
    Turn,
)
from parihs.store import Store
from parihs.store.transcripts import release, save_transcript, version_text
from tests.support.small_study import SmallStudy

LONG = "nobody had ever asked us what the leaflet was meant to do for them"
TURN = "It does not fit here. It never has."


def code(
    store: Store, small: SmallStudy, start: int, end: int, coder: str = "", **more: Any
) -> str:
    """Code a stretch of the first version, as Ada or somebody else."""
    first = small.versions[0]
    with store.write(coder or small.ada.id) as tx:
        text = version_text(tx.session, first.id)
        coding = Coding(
            study_id=small.study.id,
            transcript_id=first.transcript_id,
            version_id=first.id,
            start=start,
            end=end,
            quote=text[start:end],
            code_id=more.pop("code_id", small.codes["fit"]),
            codebook_version_id=small.codebook.id,
            coder_id=coder or small.ada.id,
            **more,
        )
        tx.session.add(coding)
        tx.session.flush()
        coding.rev = tx.record(small.study.id, "coded", "coding", coding.id)
        return coding.id


def again(store: Store, small: SmallStudy, *turns: ParsedTurn) -> TranscriptVersion:
    """Save another transcription of the first transcript and carry everything over."""
    first = small.versions[0]
    with store.write("transcription") as tx:
        version = save_transcript(
            tx,
            workshop_id=small.workshops[0].id,
            title="",
            parsed=ParsedTranscript(turns, "test"),
            reason="transcription",
            transcript_id=first.transcript_id,
        )
        carry_over(tx, tx.session.get_one(TranscriptVersion, first.id), version)
    return version


def correct(store: Store, small: SmallStudy, *texts: str) -> TranscriptVersion:
    """Correct the second turn of the first version."""
    with store.write(small.ada.id) as tx:
        return save_corrections(tx, small.versions[0].id, [Edit(1, 1, TURN, texts)]).version


def get(store: Store, coding_id: str) -> Coding:
    with store.read() as session:
        return session.get_one(Coding, coding_id)


def at(store: Store, small: SmallStudy, words: str) -> tuple[int, int]:
    with store.read() as session:
        start = version_text(session, small.versions[0].id).index(words)
    return start, start + len(words)


def turns(*texts: str) -> list[ParsedTurn]:
    return [ParsedTurn("Mara", text) for text in texts]


def test_only_what_stayed_word_for_word_is_carried_silently(
    store: Store, small: SmallStudy
) -> None:
    same = code(store, small, *at(store, small, "naïve as it is"))
    other = code(store, small, *at(store, small, "does not fit here"))
    gone = code(store, small, *at(store, small, "It never has."))
    version = again(
        store,
        small,
        *turns("Shall we begin then?", "It does not sit here.", "Cafe talk. Naïve, as it is"),
    )
    assert get(store, same).quote == "Naïve, as it is"
    assert get(store, other).quote == "does not sit here"
    assert get(store, gone).version_id == small.versions[0].id
    with store.read() as session:
        items = list(session.scalars(select(ReviewItem).order_by(ReviewItem.old_start)))
    assert [(i.coding_id, i.reason) for i in items] == [(other, "changed"), (gone, "lost")]
    assert {i.to_version_id for i in items} == {version.id}


@pytest.mark.parametrize(
    ("quote", "times", "found"), [(LONG, 1, True), (LONG, 2, False), ("nobody had ever", 1, False)]
)
def test_a_quote_is_looked_for_only_where_it_can_hardly_be_wrong(
    store: Store, small: SmallStudy, quote: str, times: int, found: bool
) -> None:
    """Long and unique, and even then somebody looks at it."""
    with store.write("test") as tx:
        small.versions[0] = save_transcript(
            tx,
            workshop_id=small.workshops[0].id,
            title="",
            parsed=ParsedTranscript(
                turns(f"{quote.capitalize()}.", "One two three. " * 30), "test"
            ),
            reason="import",
            transcript_id=small.versions[0].transcript_id,
        )
    coded = code(store, small, 0, len(quote))
    again(store, small, *turns("One two three. " * 30, *[f"Well, {quote}, he said."] * times))
    with store.read() as session:
        (item,) = session.scalars(select(ReviewItem))
    assert item.reason == ("found again" if found else "lost")
    if found:
        assert get(store, coded).quote == quote


def test_voices_are_who_they_were_whatever_the_engine_calls_them(
    store: Store, small: SmallStudy
) -> None:
    first = again(
        store,
        small,
        ParsedTurn("Voice 1", "Shall we begin then?", 0, 2000),
        ParsedTurn("Voice 2", TURN, 2500, 6000),
    )
    with store.write("test") as tx:
        second = save_transcript(
            tx,
            workshop_id=small.workshops[0].id,
            title="",
            parsed=ParsedTranscript(
                [
                    ParsedTurn("Voice 2", "Shall we begin then?", 100, 1900),
                    ParsedTurn("Voice 1", TURN, 2600, 6000),
                    ParsedTurn("Voice 3", "Yes.", 6100, 6200),
                ],
                "test",
            ),
            reason="transcription",
            transcript_id=first.transcript_id,
        )
        carry_over(tx, first, second)
    with store.read() as session:
        query = select(Speaker.label).join(Turn, Turn.speaker_id == Speaker.id)
        heard = session.scalars(query.filter(Turn.version_id == second.id).order_by(Turn.position))
        assert list(heard) == ["Mara", "Kim1", "Voice 3"]


def test_a_correction_makes_no_decision_stale(store: Store, small: SmallStudy) -> None:
    start, end = at(store, small, "does not fit")
    one = code(store, small, start, end)
    other = code(store, small, start, end + 5, small.ben.id)
    with store.write("lead") as tx:
        release(tx, small.versions[0].transcript_id)
        queue = adjudication_queue(tx.session, small.study.id, small.codebook.id)
        place = queue.items[0].place
        assert place is not None
        settle(tx, place, outcome="both", reason="Both see it")
    version = correct(store, small, "It really does not fit in here. It never has.")
    with store.read() as session:
        (settled,) = settlements(session, small.study.id)
        queue = adjudication_queue(session, small.study.id, small.codebook.id)
    assert not settled.stale
    assert settled.settlement.version_id == version.id
    (item,) = queue.items
    assert item.place is not None
    assert (item.state, item.place.id) == ("settled", settled.settlement.disagreement_id)
    (result,) = settled.settlement.result
    assert (result["start"], result["end"]) == (get(store, one).start, get(store, other).end)


def test_a_decision_about_words_that_are_gone_asks_for_another_look(
    store: Store, small: SmallStudy
) -> None:
    start, end = at(store, small, "It never has")
    code(store, small, start, end)
    code(store, small, start, end - 4, small.ben.id)
    with store.write("lead") as tx:
        release(tx, small.versions[0].transcript_id)
        place = adjudication_queue(tx.session, small.study.id, small.codebook.id).items[0].place
        assert place is not None
        settle(tx, place, outcome="both", reason="Both")
    correct(store, small, "It does not fit here.")
    with store.read() as session:
        (settled,) = settlements(session, small.study.id)
    assert settled.stale


def test_what_rests_on_excerpts_goes_on_meaning_the_same_words(
    store: Store, small: SmallStudy
) -> None:
    """Summaries and findings name codings, and stretches that coders agree on."""
    start, end = at(store, small, "does not fit here")
    one = code(store, small, start, end, valence="-1")
    code(store, small, start, end, small.ben.id, valence="-1")
    fit = small.codes["fit"]
    shared = stretch_id(small.versions[0].id, fit, start, end)
    with store.write(small.ada.id) as tx:
        release(tx, small.versions[0].transcript_id)
        cell = save_cell(
            tx, small.study.id, "site", small.sites[0].id, fit,
            summary="It does not fit.", status="drafted", base_rev=0, excerpt_ids=[one, shared],
        )  # fmt: skip
        found = add_finding(tx, small.study.id, title="Fit", claim=f"No fit {marker(shared)}")
        link_excerpts(tx, found.id, [shared], stance="supports")
    version = correct(store, small, "Well. It really does not fits here. It never has.")
    with store.read() as session:
        saved = session.get_one(GridCell, cell.id)
        (link,) = session.scalars(select(FindingExcerpt))
        claim = session.get_one(Finding, found.id).claim
        (passage,) = passages(session, saved.excerpt_ids)
        stale = changed_since(session, small.study.id, small.codebook.id, "site")
        table = load_excerpts(session, small.study.id, small.codebook.id)
    assert passage.quote == "does not fits here"
    assert saved.excerpt_ids[0] == one
    assert saved.excerpt_ids[1] == link.excerpt_id
    assert link.excerpt_id.startswith(version.id)
    assert link.excerpt_id in claim
    assert stale == {}
    with store.write(small.ada.id) as tx:
        save_corrections(
            tx, version.id, [Edit(1, 1, "Well. It really does not fits here. It never has.", ())]
        )
        assert changed_since(tx.session, small.study.id, small.codebook.id, "site") == {cell.id: 2}
    assert set(table["version_id"]) == {version.id}


def reviewing(store: Store, small: SmallStudy) -> tuple[str, str]:
    """A coding with other words now, and one without a place."""
    changed = code(store, small, *at(store, small, "does not fit"))
    lost = code(store, small, *at(store, small, "It never has"))
    again(store, small, *turns("Shall we begin then?", "It could not possibly sit here."))
    return changed, lost


def test_a_review_is_decided_counted_and_taken_back(store: Store, small: SmallStudy) -> None:
    changed, lost = reviewing(store, small)
    transcript = small.versions[0].transcript_id
    with store.read() as session:
        first, second = review_list(session, transcript, small.ada.id)
        assert waiting(session, small.study.id, small.ada.id) == {transcript: 2}
    assert (first.coding.id, first.lost, second.coding.id, second.lost) == (
        changed,
        False,
        lost,
        True,
    )
    with store.write(small.ada.id) as tx:
        decide(tx, first.item.id, "kept")
    with pytest.raises(ParihsError, match="no place"), store.write(small.ada.id) as tx:
        decide(tx, second.item.id, "kept")
    with store.read() as session:
        text = version_text(session, first.item.to_version_id)
    start = text.index("possibly")
    before = get(store, lost)
    with store.write(small.ada.id) as tx:
        decide(tx, second.item.id, "moved", start=start, end=start + 8)
    assert get(store, lost).quote == "possibly"
    assert get(store, lost).version_id == first.item.to_version_id
    with store.read() as session:
        far = progress(session, transcript, small.ada.id)
    assert (far.decided, far.total) == (2, 2)
    with store.write(small.ada.id) as tx:
        take_back(tx, second.item.id)
    undone = get(store, lost)
    assert (undone.version_id, undone.start, undone.quote) == (
        before.version_id, before.start, before.quote,
    )  # fmt: skip
    with store.write(small.ada.id) as tx:
        decide(tx, second.item.id, "uncoded")
    assert get(store, lost).uncoded
    with store.write(small.ada.id) as tx:
        take_back(tx, second.item.id)
    assert not get(store, lost).uncoded


def test_others_codings_are_theirs_to_decide(store: Store, small: SmallStudy) -> None:
    """Blind until release; then to be seen; only their coder or a lead decides."""
    reviewing(store, small)
    transcript = small.versions[0].transcript_id
    with store.read() as session:
        assert review_list(session, transcript, small.ben.id) == []
    with store.write("lead") as tx:
        tx.session.get_one(Transcript, transcript).released = True
    with store.read() as session:
        seen = review_list(session, transcript, small.ben.id)
    assert [line.mine for line in seen] == [False, False]
    with pytest.raises(ParihsError, match="another coder's"), store.write(small.ben.id) as tx:
        decide(tx, seen[0].item.id, "kept")
