"""Who speaks: naming, moving turns, merging, splitting, unsure, and taking each of it back."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import select

from parihs.compare.denominators import load_denominators
from parihs.compare.excerpts import ALL, load_excerpts
from parihs.compare.filters import Filters
from parihs.compare.matrix import matrix
from parihs.compare.participation import participation
from parihs.errors import ParihsError
from parihs.exchange.transcripts_out import parsed_version
from parihs.formats import WRITERS, read_bytes
from parihs.home import Home
from parihs.model import (
    Attendance,
    Event,
    ParsedTranscript,
    ParsedTurn,
    ParsedWord,
    Participant,
    Speaker,
    Transcript,
    Turn,
)
from parihs.speakers import (
    Target,
    add_and_link,
    candidates,
    history,
    link_voice,
    mark_unsure,
    mark_voice,
    merge,
    move,
    name_voice,
    set_attendance,
    spoken_by,
    undo,
    voices,
)
from parihs.store import Store
from parihs.store.codebooks import definitions
from parihs.store.transcripts import latest_versions, save_transcript, turns
from tests.support.small_study import SmallStudy
from tests.unit.compare_study import RandomStudy, make_random_study


@dataclass
class Talk:
    """A transcript of twelve turns by three voices, in the small study's first workshop."""

    small: SmallStudy
    version_id: str
    transcript_id: str
    a: str
    b: str
    c: str


@pytest.fixture
def talk(store: Store, small: SmallStudy) -> Talk:
    parsed = ParsedTranscript(
        [
            ParsedTurn(
                "ABC"[i % 3], f"Turn number {i} of this talk.", i * 10_000, i * 10_000 + 9000
            )
            for i in range(12)
        ],
        "text",
    )
    with store.write("test") as tx:
        version = save_transcript(
            tx,
            workshop_id=small.workshops[0].id,
            title="Long talk",
            parsed=parsed,
            reason="transcription",
        )
    with store.read() as session:
        query = select(Speaker).filter_by(transcript_id=version.transcript_id)
        ids = {voice.label: voice.id for voice in session.scalars(query)}
    return Talk(small, version.id, version.transcript_id, ids["A"], ids["B"], ids["C"])


def who(store: Store, version_id: str) -> list[str | None]:
    """The names of the speakers, turn by turn."""
    with store.read() as session:
        return [view.speaker for view in turns(session, version_id)]


def unsure(store: Store, version_id: str) -> list[int]:
    """Positions of unsure turns."""
    with store.read() as session:
        return [v.turn.position for v in turns(session, version_id) if "unsure" in v.turn.marks]


def everything(store: Store, talk: Talk) -> object:
    """All that a change of speakers may touch, for comparing before and after."""
    with store.read() as session:
        rows = session.execute(
            select(Turn.position, Turn.start, Turn.text, Turn.speaker_id, Turn.marks)
            .where(Turn.version_id == talk.version_id)
            .order_by(Turn.position)
        )
        known = session.execute(
            select(Speaker.id, Speaker.label, Speaker.participant_id)
            .where(Speaker.transcript_id == talk.transcript_id)
            .order_by(Speaker.id)
        )
        there = session.execute(select(Attendance.workshop_id, Attendance.participant_id))
        return [*map(tuple, rows)], [*map(tuple, known)], sorted(map(tuple, there))


def test_turns_go_to_another_voice_and_come_back(store: Store, talk: Talk) -> None:
    before = everything(store, talk)
    with store.write("ada") as tx:
        seq = move(tx, talk.version_id, {0: talk.a, 3: talk.a}, Target(voice=talk.b))
    assert who(store, talk.version_id)[:5] == ["B", "B", "C", "B", "B"]
    with store.write("ada") as tx:
        back = undo(tx, talk.small.study.id, seq)
    assert everything(store, talk) == before
    with store.write("ada") as tx:
        undo(tx, talk.small.study.id, back)
    assert who(store, talk.version_id)[:5] == ["B", "B", "C", "B", "B"]


def test_no_new_version_and_an_event_with_old_and_new(store: Store, talk: Talk) -> None:
    with store.write("ada") as tx:
        seq = move(tx, talk.version_id, {2: talk.c}, Target(voice=talk.a))
    with store.read() as session:
        event = session.get_one(Event, seq)
        assert event.actor == "ada"
        assert event.data["change"]["moved"] == {talk.version_id: [[2, 2, talk.c, talk.a]]}
        assert "Turn number" not in str(event.data)
        assert len({turn.version_id for turn in session.scalars(select(Turn))}) == 3


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(store: Store, talk: Talk) -> None:
    with store.write("ben") as tx:
        move(tx, talk.version_id, {3: talk.a}, Target(voice=talk.c))
    with (
        pytest.raises(ParihsError, match="in the meantime"),
        store.write("ada") as tx,
    ):
        move(tx, talk.version_id, {0: talk.a, 3: talk.a, 6: talk.a}, Target(voice=talk.b))
    assert who(store, talk.version_id)[:7] == ["A", "B", "C", "C", "B", "C", "A"]


def test_undo_refuses_where_the_turns_changed_since(store: Store, talk: Talk) -> None:
    with store.write("ada") as tx:
        seq = move(tx, talk.version_id, {0: talk.a}, Target(voice=talk.b))
    with store.write("ben") as tx:
        move(tx, talk.version_id, {0: talk.b}, Target(voice=talk.c))
    with pytest.raises(ParihsError, match="in the meantime"), store.write("ada") as tx:
        undo(tx, talk.small.study.id, seq)
    assert who(store, talk.version_id)[0] == "C"


def test_a_change_is_undone_once(store: Store, talk: Talk) -> None:
    with store.write("ada") as tx:
        seq = mark_unsure(tx, talk.version_id, [1])
        undo(tx, talk.small.study.id, seq)
    with pytest.raises(ParihsError, match="already"), store.write("ada") as tx:
        undo(tx, talk.small.study.id, seq)


def test_all_of_a_voice_after_a_time(store: Store, talk: Talk) -> None:
    with store.write("ada") as tx:
        late = spoken_by(tx.session, talk.version_id, talk.a, from_ms=60_000)
        assert late == [6, 9]
        seq = move(tx, talk.version_id, dict.fromkeys(late, talk.a), Target(name="Door"))
    assert who(store, talk.version_id) == [
        *("A", "B", "C", "A", "B", "C"),
        *("Door", "B", "C", "Door", "B", "C"),
    ]
    with store.write("ada") as tx:
        undo(tx, talk.small.study.id, seq)
        labels = tx.session.scalars(
            select(Speaker.label).filter_by(transcript_id=talk.transcript_id)
        )
        assert "Door" not in set(labels)


def test_turns_go_to_a_participant_who_had_no_voice_yet(store: Store, talk: Talk) -> None:
    with store.read() as session:
        kim = session.scalars(select(Participant).filter_by(pseudonym="Kim2")).one()
    before = everything(store, talk)
    with store.write("ada") as tx:
        seq = move(tx, talk.version_id, {4: talk.b}, Target(person=kim.id))
    with store.read() as session:
        view = turns(session, talk.version_id)[4]
        assert view.participant is not None
        assert (view.speaker, view.participant.id) == ("Kim2", kim.id)
        workshop = talk.small.workshops[0].id
        assert session.get(Attendance, (workshop, kim.id)) is not None
    with store.write("ada") as tx:
        undo(tx, talk.small.study.id, seq)
    assert everything(store, talk) == before


def test_turns_can_be_nobodys(store: Store, talk: Talk) -> None:
    with store.write("ada") as tx:
        move(tx, talk.version_id, {0: talk.a}, Target())
    assert who(store, talk.version_id)[0] is None
    with store.read() as session:
        assert voices(session, talk.version_id)[-1].id is None


def test_merging_holds_in_every_version_and_can_be_undone(store: Store, talk: Talk) -> None:
    with store.write("test") as tx:
        newer = save_transcript(
            tx,
            workshop_id=talk.small.workshops[0].id,
            title="Long talk",
            parsed=ParsedTranscript([ParsedTurn("A", "One."), ParsedTurn("B", "Two.")], "text"),
            reason="correction",
            transcript_id=talk.transcript_id,
        )
        person = add_and_link(tx, talk.a, pseudonym="Noor", role="nurse")
    before = everything(store, talk)
    with store.write("ada") as tx:
        seq = merge(tx, talk.a, talk.b)
    assert who(store, newer.id) == ["Noor", "Noor"]
    assert set(who(store, talk.version_id)) == {"Noor", "C"}
    with store.read() as session:
        assert session.get(Speaker, talk.a) is None
        assert session.get_one(Speaker, talk.b).participant_id == person.id
    with store.write("ada") as tx:
        undo(tx, talk.small.study.id, seq)
    assert everything(store, talk) == before
    assert who(store, newer.id) == ["Noor", "B"]


def test_an_older_version_is_left_alone(store: Store, talk: Talk) -> None:
    with store.write("test") as tx:
        save_transcript(
            tx,
            workshop_id=talk.small.workshops[0].id,
            title="Long talk",
            parsed=ParsedTranscript([ParsedTurn("A", "One.")], "text"),
            reason="correction",
            transcript_id=talk.transcript_id,
        )
    with pytest.raises(ParihsError, match="newer version"), store.write("ada") as tx:
        move(tx, talk.version_id, {0: talk.a}, Target(voice=talk.b))


def test_only_voices_of_one_transcript_are_merged(store: Store, talk: Talk) -> None:
    with store.read() as session:
        query = select(Speaker).filter_by(transcript_id=talk.small.versions[1].transcript_id)
        other = session.scalars(query).first()
        assert other is not None
    with pytest.raises(ParihsError, match="one transcript"), store.write("ada") as tx:
        merge(tx, talk.a, other.id)


def test_unsure_is_a_state_of_a_turn_and_of_a_voice(store: Store, talk: Talk) -> None:
    with store.write("ada") as tx:
        mark_unsure(tx, talk.version_id, [0])
    with store.read() as session:
        (a, *_) = voices(session, talk.version_id)
        assert (a.n_unsure, a.unsure) == (1, False)
    with store.write("ada") as tx:
        seq = mark_voice(tx, talk.version_id, talk.a)
    assert unsure(store, talk.version_id) == [0, 3, 6, 9]
    with store.read() as session:
        assert voices(session, talk.version_id)[0].unsure
    with store.write("ada") as tx:
        undo(tx, talk.small.study.id, seq)
    assert unsure(store, talk.version_id) == [0]


def test_moving_a_turn_decides_it_unless_said_otherwise(store: Store, talk: Talk) -> None:
    with store.write("ada") as tx:
        mark_unsure(tx, talk.version_id, [0, 3])
        move(tx, talk.version_id, {0: talk.a}, Target(voice=talk.b))
        move(tx, talk.version_id, {3: talk.a}, Target(voice=talk.b), unsure=True)
    assert unsure(store, talk.version_id) == [3]


def test_marks_of_other_kinds_stay(store: Store, talk: Talk) -> None:
    with store.write("test") as tx:
        turn = tx.session.scalars(
            select(Turn).filter_by(version_id=talk.version_id, position=5)
        ).one()
        turn.marks = ["overlap"]
    with store.write("ada") as tx:
        seq = mark_unsure(tx, talk.version_id, [5])
        undo(tx, talk.small.study.id, seq)
    with store.read() as session:
        assert session.get_one(Turn, turn.id).marks == ["overlap"]


def test_names_are_one_to_a_voice(store: Store, talk: Talk) -> None:
    with store.write("ada") as tx:
        seq = name_voice(tx, talk.a, "  Man at  the door ")
    assert who(store, talk.version_id)[0] == "Man at the door"
    with pytest.raises(ParihsError, match="merge them"), store.write("ada") as tx:
        name_voice(tx, talk.b, "Man at the door")
    with store.write("ada") as tx:
        undo(tx, talk.small.study.id, seq)
    assert who(store, talk.version_id)[0] == "A"


def test_a_linked_name_holds_and_can_be_taken_back(store: Store, talk: Talk) -> None:
    before = everything(store, talk)
    with store.write("ada") as tx:
        person = add_and_link(tx, talk.a, pseudonym="Noor", role="nurse")
        seq = history(tx.session, tx.session.get_one(Transcript, talk.transcript_id))[0].seq
    assert who(store, talk.version_id)[0] == "Noor"
    with store.write("ada") as tx:
        undo(tx, talk.small.study.id, seq)
    assert everything(store, talk) == before
    with store.read() as session:
        assert session.get(Participant, person.id) is not None


def test_candidates_come_by_attendance_then_site(store: Store, talk: Talk) -> None:
    workshop = talk.small.workshops[0].id
    with store.read() as session:
        people = {p.pseudonym: p.id for p in session.scalars(select(Participant))}
        transcript = session.get_one(Transcript, talk.transcript_id)
    with store.write("ada") as tx:
        set_attendance(tx, workshop, [people["Kim2"]])
        link_voice(tx, talk.b, people["Kim1"])
    with store.read() as session:
        found = candidates(session, transcript)
    assert [each.person.pseudonym for each in found] == ["Kim2", "Mara", "Kim1"]
    assert [each.attended for each in found] == [True, False, True]
    assert found[-1].voices == (talk.b,)


def test_samples_are_long_clear_and_spread(store: Store, small: SmallStudy) -> None:
    def turn(at: int, seconds: int, sure: float, mark: tuple[str, ...] = ()) -> ParsedTurn:
        word = ParsedWord(0, 4, at, at + 100, sure)
        return ParsedTurn("A", "Word and more.", at, at + seconds * 1000, (word,), mark)

    parsed = ParsedTranscript(
        [
            *(turn(0, 2, 0.9), turn(10_000, 9, 0.9)),
            *(turn(100_000, 10, 0.2), turn(120_000, 8, 0.95)),
            *(turn(200_000, 12, 0.9, ("overlap",)), turn(230_000, 6, 0.9)),
        ],
        "transcription",
    )
    with store.write("test") as tx:
        version = save_transcript(
            tx,
            workshop_id=small.workshops[0].id,
            title="Samples",
            parsed=parsed,
            reason="transcription",
        )
    with store.read() as session:
        (voice,) = voices(session, version.id)
    assert [sample.position for sample in voice.samples] == [1, 3, 5]
    assert voice.talk_ms == 47_000
    assert (voice.n_turns, voice.n_words) == (6, 18)


def test_every_format_writes_the_name_that_holds(store: Store, talk: Talk) -> None:
    """The name is data: once linked, no file carries the old label, and none has it in the text."""
    with store.write("ada") as tx:
        add_and_link(tx, talk.a, pseudonym="Noor", role="nurse")
        name_voice(tx, talk.b, "Visitor")
        move(tx, talk.version_id, {0: talk.a}, Target(voice=talk.b))
    with store.read() as session:
        parsed = parsed_version(session, talk.version_id)
    assert parsed.speakers == ["Visitor", "C", "Noor"]
    named = 0
    for writer in WRITERS:
        written = read_bytes(writer.compose(parsed, "Long talk"), writer.filename("Long talk"))
        assert "A" not in written.speakers, writer.name
        assert not any("Noor" in turn.text for turn in written.turns), writer.name
        named += set(written.speakers) == {"Visitor", "C", "Noor"}
    assert named >= len(WRITERS) - 1


def test_numbers_follow_who_speaks(store: Store) -> None:
    """Matrices and participation read again after turns change hands and voices change people."""
    made = make_random_study(store, 7)
    check(store, made)
    with store.write("lead") as tx:
        strangers = tx.session.scalars(select(Speaker).filter_by(label="Stranger")).all()
        person = tx.session.scalars(select(Participant).filter_by(study_id=made.study_id)).first()
        assert person is not None
        link_voice(tx, strangers[0].id, person.id)
    check(store, made)
    dice = random.Random(3)
    with store.read() as session:
        used = list(load_denominators(session, made.study_id).talk["version_id"].unique())
    for version_id in used:
        with store.write("lead") as tx:
            rows = tx.session.execute(
                select(Turn.position, Turn.speaker_id).where(Turn.version_id == version_id)
            ).all()
            heard = sorted({voice for _, voice in rows if voice})
            seen = {place: voice for place, voice in rows if voice and voice != heard[0]}
            picked = {place: seen[place] for place in dice.sample(sorted(seen), len(seen) // 2)}
            if picked:
                move(tx, version_id, picked, Target(voice=heard[0]))
        check(store, made)


def test_unsure_turns_can_be_left_out_of_comparisons(store: Store) -> None:
    """Leaving them out is as if what they said had not been said; counting them is the default."""
    made = make_random_study(store, 11)

    def numbers(unsure: bool) -> tuple[dict[str, int], int, int]:
        with store.read() as session:
            excerpts = load_excerpts(session, made.study_id, made.codebook_version_id, layer=ALL)
            talk = load_denominators(session, made.study_id)
            codes = definitions(session, made.codebook_version_id)
        filters = Filters(include_unsure=unsure)
        counted = matrix(excerpts, talk, codes, rows="participant", value="count", filters=filters)
        rows = {row.label: row.words for row in counted.rows}
        pieces = excerpts[filters.mask(excerpts)]
        return rows, len(pieces), int(talk.talk[filters.mask(talk.talk)]["n_words"].sum())

    words, pieces, said = numbers(True)
    assert numbers(False) == (words, pieces, said)
    with store.read() as session:
        newest = {version.id for version in latest_versions(session, made.study_id).values()}
        talk = load_denominators(session, made.study_id).talk
        excerpts = load_excerpts(session, made.study_id, made.codebook_version_id, layer=ALL)
    (speaker, version), theirs = max(
        ((key, int(part["n_words"].sum())) for key, part in by_voice(talk, newest)),
        key=lambda each: each[1],
    )
    gone = excerpts[(excerpts["speaker_id"] == speaker) & (excerpts["version_id"] == version)]
    with store.write("ada") as tx:
        mark_voice(tx, version, speaker)
    assert numbers(True) == (words, pieces, said)
    now = numbers(False)
    assert (pieces - now[1], said - now[2]) == (len(gone), theirs)
    assert theirs > 0


def by_voice(talk: pd.DataFrame, newest: set[str]) -> list[tuple[tuple[str, str], pd.DataFrame]]:
    """Talk of each known voice in the newest version of its transcript."""
    known = talk[(talk["speaker_id"] != "") & talk["version_id"].isin(newest)]
    parts = known.groupby(["speaker_id", "version_id"], observed=True)
    return [((str(key[0]), str(key[1])), part) for key, part in parts]


def check(store: Store, made: RandomStudy) -> None:
    """What is kept in memory gives the same numbers as reading everything anew."""
    from parihs.compare import texts

    def numbers() -> list[str]:
        with store.read() as session:
            excerpts = load_excerpts(session, made.study_id, made.codebook_version_id, layer=ALL)
            talk = load_denominators(session, made.study_id)
            codes = definitions(session, made.codebook_version_id)
        return [
            excerpts.to_csv(),
            talk.talk.to_csv(),
            participation(talk, excerpts, by="role").frame.to_csv(),
            *(
                str(matrix(excerpts, talk, codes, rows=rows, value="count").values.tolist())
                for rows in ("role", "participant", "site")
            ),
        ]

    warm = numbers()
    texts._kept.clear()
    assert warm == numbers()


def test_two_homes_never_share_what_is_kept(tmp_path: Path) -> None:
    """Versions are known by ids that no two homes share, whatever their events are numbered."""
    for number in (1, 2):
        other = Store(Home(tmp_path / str(number)))
        check(other, make_random_study(other, number))
        other.close()
