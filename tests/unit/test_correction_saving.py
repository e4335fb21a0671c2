"""Corrections become one new version, and codings, times and decisions move with their words."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from parihs.correction import Edit, carry_over, read_edit, restore, save_corrections
from parihs.correction.differences import differences
from parihs.correction.history import history
from parihs.correction.versions import script_between, turns_of
from parihs.errors import ParihsError
from parihs.model import (
    Coding,
    Event,
    ParsedTranscript,
    ParsedTurn,
    ParsedWord,
    ReviewItem,
    Transcript,
    TranscriptVersion,
    new_id,
)
from parihs.store import Store
from parihs.store.transcripts import latest_version, save_transcript, version_text
from tests.support.small_study import SmallStudy

TURN = "It does not fit here. It never has."


def code(store: Store, small: SmallStudy, start: int, end: int, **more: Any) -> str:
    """Code a stretch of the first transcript's newest version as Ada."""
    with store.write(small.ada.id) as tx:
        transcript = tx.session.get_one(Transcript, small.versions[0].transcript_id)
        version = latest_version(tx.session, transcript.id)
        assert version is not None
        text = version_text(tx.session, version.id)
        coding = Coding(
            study_id=small.study.id,
            transcript_id=transcript.id,
            version_id=version.id,
            start=start,
            end=end,
            quote=text[start:end],
            code_id=small.codes["fit"],
            codebook_version_id=small.codebook.id,
            coder_id=small.ada.id,
            **more,
        )
        tx.session.add(coding)
        tx.session.flush()
        return coding.id


def get(store: Store, coding_id: str) -> Coding:
    with store.read() as session:
        return session.get_one(Coding, coding_id)


def text_of(store: Store, version_id: str) -> str:
    with store.read() as session:
        return version_text(session, version_id)


def edit(store: Store, version_id: str, position: int, *texts: str, last: int = 0) -> Edit:
    """An edit of turns as they are in a version."""
    with store.read() as session:
        turns = turns_of(session, version_id)[position : max(last, position) + 1]
    return Edit(position, max(last, position), "\n".join(t.text for t in turns), texts)


def save(store: Store, small: SmallStudy, version_id: str, *edits: Edit) -> TranscriptVersion:
    with store.write(small.ada.id) as tx:
        saved = save_corrections(tx, version_id, edits)
    assert not saved.clashes
    return saved.version


def reviewed(store: Store) -> list[ReviewItem]:
    with store.read() as session:
        return list(session.scalars(select(ReviewItem).order_by(ReviewItem.old_start)))


def test_a_corrected_word_inside_a_coding_is_carried(store: Store, small: SmallStudy) -> None:
    first = small.versions[0]
    begin = text_of(store, first.id).index("does")
    coded = code(store, small, begin, begin + len("does not fit here"))
    after = code(store, small, begin + 19, begin + 31)
    version = save(
        store, small, first.id, edit(store, first.id, 1, "It does not fits hear. It never has.")
    )
    assert (version.number, version.reason, version.parent_id) == (2, "correction", first.id)
    moved, kept = get(store, coded), get(store, after)
    assert moved.quote == "does not fits hear"
    assert text_of(store, version.id)[moved.start : moved.end] == moved.quote
    assert moved.prefix.endswith("It ")
    assert moved.version_id == kept.version_id == version.id
    assert kept.quote == "It never has"
    assert reviewed(store) == []
    with store.read() as session:
        event = session.scalar(select(Event).filter_by(object_id=coded, verb="moved"))
    assert event is not None
    assert event.data["words"] == {"from": "does not fit here", "to": "does not fits hear"}


def test_a_coding_whose_words_are_gone_waits_on_the_list(store: Store, small: SmallStudy) -> None:
    first = small.versions[0]
    begin = text_of(store, first.id).index("It never")
    gone = code(store, small, begin, begin + 12)
    taken_back = code(store, small, begin, begin + 12, uncoded=True)
    save(store, small, first.id, edit(store, first.id, 1, "It does not fit here."))
    assert get(store, gone).version_id == first.id
    assert get(store, gone).quote == "It never has"
    assert get(store, taken_back).version_id == first.id
    assert [(i.coding_id, i.reason, i.old_quote) for i in reviewed(store)] == [
        (gone, "lost", "It never has")
    ]


def test_a_coding_of_which_more_than_half_changed_is_reviewed(
    store: Store, small: SmallStudy
) -> None:
    first = small.versions[0]
    begin = text_of(store, first.id).index("fit")
    coded = code(store, small, begin, begin + 3)
    version = save(
        store, small, first.id, edit(store, first.id, 1, "It does not work here. It never has.")
    )
    assert get(store, coded).quote == "work"
    (item,) = reviewed(store)
    assert (item.reason, item.to_version_id) == ("changed", version.id)


def test_a_split_and_a_join_move_codings_and_keep_voices(store: Store, small: SmallStudy) -> None:
    first = small.versions[0]
    begin = text_of(store, first.id).index("here. It")
    across = code(store, small, begin, begin + len("here. It never"))
    two = save(
        store, small, first.id, edit(store, first.id, 1, "It does not fit here.", "It never has.")
    )
    assert get(store, across).quote == "here.\nIt never"
    with store.read() as session:
        old, new = turns_of(session, first.id), turns_of(session, two.id)
    assert [t.speaker_id for t in new] == [
        old[0].speaker_id,
        *[old[1].speaker_id] * 2,
        old[2].speaker_id,
    ]
    assert (new[1].start_ms, new[2].end_ms) == (2500, 6000)
    assert new[1].end_ms is not None
    assert new[2].start_ms is not None
    assert 2500 < new[1].end_ms <= new[2].start_ms < 6000
    three = save(store, small, two.id, edit(store, two.id, 1, TURN, last=2))
    assert get(store, across).quote == "here. It never"
    assert text_of(store, three.id) == text_of(store, first.id)
    with store.read() as session:
        assert len(turns_of(session, three.id)) == 3
        assert script_between(session, first, three).kept[0][0] == 0


def test_a_turn_can_be_deleted_but_not_all(store: Store, small: SmallStudy) -> None:
    first = small.versions[0]
    version = save(store, small, first.id, edit(store, first.id, 0))
    assert text_of(store, version.id).startswith("It does")
    with pytest.raises(ParihsError, match="no words at all"):
        save(store, small, version.id, edit(store, version.id, 0, last=1))
    with store.read() as session:
        assert latest_version(session, version.transcript_id) == version


def test_an_edit_that_does_not_fit_saves_nothing(store: Store, small: SmallStudy) -> None:
    first = small.versions[0]
    wrong = Edit(1, 1, "Another text", ("Mine",))
    with pytest.raises(ParihsError, match="does not fit"):
        save(store, small, first.id, wrong)
    with pytest.raises(ParihsError, match="cannot be read"):
        read_edit({"first": 0})
    with store.read() as session:
        assert latest_version(session, first.transcript_id) == first


def test_edits_of_different_turns_meet_and_of_one_turn_clash(
    store: Store, small: SmallStudy
) -> None:
    """Ada and Ben both began with version 1; nothing of either is lost."""
    first = small.versions[0]
    hers = edit(store, first.id, 1, "It fits nowhere.", "It never has.")
    his = edit(store, first.id, 2, "Café talk, as naïve as it is.")
    both = edit(store, first.id, 1, "It does not sit here. It never has.")
    save(store, small, first.id, hers)
    second = save(store, small, first.id, his)
    text = text_of(store, second.id)
    assert text.endswith("It fits nowhere.\nIt never has.\nCafé talk, as naïve as it is.")
    with store.write(small.ben.id) as tx:
        saved = save_corrections(tx, first.id, [both, his])
    assert saved.carried is None
    (clash,) = saved.clashes
    assert clash.original == TURN
    assert clash.edit.before == "It fits nowhere.\nIt never has."
    assert clash.edit.texts == both.texts
    assert saved.version == second
    third = save(store, small, second.id, clash.edit)
    assert "It does not sit here. It never has." in text_of(store, third.id)


def test_their_deleted_turn_and_mine_in_it_clash(store: Store, small: SmallStudy) -> None:
    first = small.versions[0]
    mine = edit(store, first.id, 1, "It does not sit here.")
    save(store, small, first.id, edit(store, first.id, 1))
    with store.write(small.ben.id) as tx:
        (clash,) = save_corrections(tx, first.id, [mine]).clashes
    assert clash.edit.before == "Shall we begin 🙂 then?"
    assert clash.edit.texts == ("Shall we begin 🙂 then?", "It does not sit here.")


def test_saving_twice_saves_once(store: Store, small: SmallStudy) -> None:
    """The answer was lost, so the browser sends again."""
    first = small.versions[0]
    change = edit(store, first.id, 1, "It fits nowhere.")
    once = save(store, small, first.id, change)
    assert save(store, small, first.id, change) == once


def test_restoring_gives_the_identical_text_and_brings_lost_codings_back(
    store: Store, small: SmallStudy
) -> None:
    first = small.versions[0]
    begin = text_of(store, first.id).index("It never")
    gone = code(store, small, begin, begin + 12)
    stays = code(store, small, 0, 5)
    second = save(store, small, first.id, edit(store, first.id, 1, "It does not fit here."))
    with store.write(small.ben.id) as tx:
        third = restore(tx, first.id)
    assert text_of(store, third.id) == text_of(store, first.id)
    assert (third.number, third.reason) == (3, "restored")
    assert get(store, gone).version_id == get(store, stays).version_id == third.id
    assert get(store, gone).quote == "It never has"
    assert all(item.decision == "kept" for item in reviewed(store))
    with pytest.raises(ParihsError, match="already reads"), store.write(small.ben.id) as tx:
        restore(tx, first.id)
    with store.read() as session:
        lines = history(session, first.transcript_id)
        (change,) = differences(session, second, third)
    assert [(line.version.number, line.author, line.newest) for line in lines] == [
        (3, "Ben", True),
        (2, "Ada", False),
        (1, "test", False),
    ]
    assert lines[1].lost == 1
    assert "".join(p.text for p in change.pieces if p.kind != "removed") == TURN
    assert [p.text for p in change.pieces if p.kind == "added"] == [" It never has."]


def timed(text: str, start: int) -> tuple[ParsedWord, ...]:
    """Words of 100 ms each."""
    found, at = [], 0
    for number, word in enumerate(text.split(" ")):
        begin = start + 100 * number
        found.append(ParsedWord(at, at + len(word), begin, begin + 100, 0.5))
        at += len(word) + 1
    return tuple(found)


def with_words(store: Store, small: SmallStudy, *texts: str) -> TranscriptVersion:
    """A transcript whose words have times."""
    turns = [
        ParsedTurn(
            "Mara", text, 1000 * n, 1000 * n + 100 * len(text.split(" ")), timed(text, 1000 * n)
        )
        for n, text in enumerate(texts)
    ]
    with store.write("test") as tx:
        return save_transcript(
            tx,
            workshop_id=small.workshops[0].id,
            title="Timed",
            parsed=ParsedTranscript(turns, "test"),
            reason="transcription",
        )


def test_words_keep_their_times(store: Store, small: SmallStudy) -> None:
    first = with_words(store, small, "one two three four five")
    second = save(
        store, small, first.id, edit(store, first.id, 0, "One two and three, fourandfive")
    )
    with store.read() as session:
        (turn,) = turns_of(session, second.id)
    assert turn.words is not None
    said = [(turn.text[w[0] : w[1]], *w[2:]) for w in turn.words]
    assert said == [
        ("One", 0, 100, 0.5, False),
        ("two", 100, 200, 0.5, False),
        ("and", 200, 200, 1.0, True),
        ("three,", 200, 300, 0.5, False),
        ("fourandfive", 300, 500, 1.0, True),
    ]


WORD = st.sampled_from(["it", "fits", "🙂", "e\u0301te\u0301", "naïve", "so", "so,", "–"])
LINE = st.lists(WORD, min_size=1, max_size=6).map(" ".join)


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(LINE, min_size=2, max_size=6), st.data())
def test_any_edit_leaves_everything_in_order(
    store: Store, small: SmallStudy, lines: list[str], data: st.DataObject
) -> None:
    """Positions inside the text, untouched codings word for word, times that rise, a way back."""
    first = with_words(store, small, *lines)
    whole = "\n".join(lines)
    with store.write(small.ada.id) as tx:
        codings = []
        for _ in range(data.draw(st.integers(1, 5))):
            start = data.draw(st.integers(0, len(whole) - 1))
            end = data.draw(st.integers(start + 1, len(whole)))
            if whole[start:end].strip():
                coding = Coding(
                    id=new_id(),
                    study_id=small.study.id,
                    transcript_id=first.transcript_id,
                    version_id=first.id,
                    start=start,
                    end=end,
                    quote=whole[start:end],
                    code_id=small.codes["fit"],
                    codebook_version_id=small.codebook.id,
                    coder_id=small.ada.id,
                )
                tx.session.add(coding)
                codings.append((coding.id, start, end))
    edits, at = [], data.draw(st.integers(0, 1))
    while at < len(lines):
        last = min(len(lines) - 1, at + data.draw(st.integers(0, 1)))
        texts = data.draw(st.lists(LINE, max_size=3))
        edits.append(edit(store, first.id, at, *texts, last=last))
        at = last + 1 + data.draw(st.integers(1, 2))
    left = set(range(len(lines))) - {n for e in edits for n in range(e.first, e.last + 1)}
    if not left and not any(e.texts for e in edits):
        return
    second = save(store, small, first.id, *edits)
    text = text_of(store, second.id)
    with store.read() as session:
        script = script_between(session, first, second)
        turns = turns_of(session, second.id)
    for coding_id, start, end in codings:
        coding = get(store, coding_id)
        if coding.version_id == first.id:
            assert (coding.start, coding.end) == (start, end)
            continue
        assert text[coding.start : coding.end] == coding.quote != ""
        if script.keeps(start, end) is not None:
            assert coding.quote == whole[start:end]
    assert [t.start for t in turns] == [0, *(t.end + 1 for t in turns[:-1])]
    times = [time for t in turns for time in (t.start_ms, t.end_ms)]
    assert times == sorted(times, key=lambda time: time or 0)
    for turn in turns:
        assert turn.words is not None
        spoken = [w for word in turn.words for w in word[2:4]]
        assert spoken == sorted(spoken)
        assert all(
            turn.text[w[0] : w[1]].strip() == turn.text[w[0] : w[1]] != "" for w in turn.words
        )
    if second.id != first.id:
        with store.write(small.ada.id) as tx:
            back = restore(tx, first.id) if text != whole or len(turns) != len(lines) else second
        assert text_of(store, back.id) == whole


@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(LINE, min_size=1, max_size=5), st.data())
def test_the_same_transcription_again_carries_everything_unchanged(
    store: Store, small: SmallStudy, lines: list[str], data: st.DataObject
) -> None:
    first = with_words(store, small, *lines)
    whole = "\n".join(lines)
    start = data.draw(st.integers(0, len(whole) - 2)) if len(whole) > 1 else 0
    end = data.draw(st.integers(start + 1, len(whole)))
    if not whole[start:end].strip():
        return
    with store.write(small.ada.id) as tx:
        coding = Coding(
            study_id=small.study.id,
            transcript_id=first.transcript_id,
            version_id=first.id,
            start=start,
            end=end,
            quote=whole[start:end],
            code_id=small.codes["fit"],
            codebook_version_id=small.codebook.id,
            coder_id=small.ada.id,
        )
        tx.session.add(coding)
        again = save_transcript(
            tx,
            workshop_id=small.workshops[0].id,
            title="",
            parsed=ParsedTranscript([ParsedTurn("Mara", line) for line in lines], "test"),
            reason="transcription",
            transcript_id=first.transcript_id,
        )
        result = carry_over(tx, first, again)
    now = get(store, coding.id)
    assert (now.version_id, now.start, now.end, now.quote) == (
        again.id,
        start,
        end,
        whole[start:end],
    )
    assert (result.unchanged, result.total, result.to_review) == (1, 1, 0)
