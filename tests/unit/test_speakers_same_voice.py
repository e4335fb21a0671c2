"""Voice prints: off by default, made in a child process, never taken out, and often right."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import func, select

from parihs.errors import ParihsError
from parihs.media.decode import RATE
from parihs.model import (
    ParsedTranscript,
    ParsedTurn,
    Participant,
    Speaker,
    VoicePrint,
)
from parihs.speakers import Target, link_voice, move
from parihs.speakers.likeness import alike
from parihs.speakers.listening import listen_to_all
from parihs.speakers.prints import keep, set_switch, suggestions, switch, to_hear
from parihs.speakers.sound import METHOD, print_of
from parihs.store import Store
from parihs.store.backup import backup
from parihs.store.recordings import add_recording_file
from parihs.store.transcripts import save_transcript
from tests.conftest import need
from tests.support.media_recordings import write
from tests.support.small_study import SmallStudy

VOICES = ["en-gb+m3", "en-us+f2", "en-gb-scotland+m7", "en-us+f5"]
TEXTS = [
    "We never had enough nurses on the ward, and nobody asked us before they changed the rota.",
    "My family would like a quiet room, and longer opening hours before the summer comes.",
]
PIECE_S = 8


@dataclass
class Two:
    """Two recorded workshops with the same four voices, in another order."""

    small: SmallStudy
    transcripts: list[str]
    versions: list[str]
    voices: list[list[str]]
    """Per workshop the ids of the voices, in the order of ``VOICES``."""


def spoken(voice: str, text: str) -> np.ndarray:
    """Eight seconds of a voice at 16 kHz."""
    said = subprocess.run(
        ["espeak-ng", "-v", voice, "--stdout", f"{text} {text}"], capture_output=True, check=True
    ).stdout
    sound = np.frombuffer(said[44:], np.int16).astype(np.float64) / 32768
    at = np.arange(PIECE_S * RATE) * 22_050 / RATE
    return np.interp(at, np.arange(len(sound)), sound).astype(np.float32)


@pytest.fixture
def two(store: Store, small: SmallStudy, tmp_path: Path) -> Two:
    need(shutil.which("espeak-ng") is not None, "espeak-ng")
    made = Two(small, [], [], [])
    for number, order in enumerate(([0, 1, 2, 3], [2, 0, 3, 1])):
        sound = np.concatenate([spoken(VOICES[voice], TEXTS[number]) for voice in order])
        file = write(tmp_path / f"{number}.wav", sound, rate=RATE)
        ms = PIECE_S * 1000
        turns = [
            ParsedTurn(f"Speaker {place + 1}", "Words.", place * ms, (place + 1) * ms)
            for place in range(4)
        ]
        with store.write("test") as tx:
            recording = add_recording_file(store, tx, small.workshops[number].id, file)
            version = save_transcript(
                tx,
                workshop_id=small.workshops[number].id,
                title=f"Talk {number + 1}",
                parsed=ParsedTranscript(turns, "transcription"),
                reason="transcription",
                recording_id=recording.id,
            )
            rows = tx.session.scalars(
                select(Speaker).filter_by(transcript_id=version.transcript_id)
            )
            ids = {row.label: row.id for row in rows}
        made.transcripts.append(version.transcript_id)
        made.versions.append(version.id)
        made.voices.append([ids[f"Speaker {order.index(voice) + 1}"] for voice in range(4)])
    return made


def kept(store: Store) -> int:
    """How many prints there are."""
    with store.read() as session:
        return session.scalar(select(func.count()).select_from(VoicePrint)) or 0


def on(store: Store, two: Two) -> None:
    with store.write("ada") as tx:
        set_switch(tx, two.small.study.id, True)


def test_it_is_off_until_somebody_switches_it_on(store: Store, two: Two) -> None:
    study_id = two.small.study.id
    with store.read() as session:
        assert not switch(session, study_id).on
        assert to_hear(session, study_id) == []
    with pytest.raises(ParihsError, match="are off"):
        listen_to_all(store, study_id, "ada")
    with store.write("ada") as tx:
        assert keep(tx, study_id, METHOD, {two.voices[0][0]: [1.0]}) == 0
    assert kept(store) == 0
    on(store, two)
    with store.read() as session:
        state = switch(session, study_id)
    assert (state.on, state.actor) == (True, "ada")
    assert state.at is not None


def test_the_same_voices_are_found_again_and_nothing_is_linked(store: Store, two: Two) -> None:
    on(store, two)
    shares: list[float] = []
    study_id = two.small.study.id
    assert listen_to_all(store, study_id, "ada", lambda share, _: shares.append(share)) == 8
    assert shares == sorted(shares)
    assert shares[-1] > 0.9
    with store.read() as session:
        found = suggestions(session, study_id, two.transcripts[0])
        assert to_hear(session, study_id) == []
        assert session.scalars(select(Speaker.participant_id).distinct()).all().count(None) == 1
    right = set(zip(*two.voices, strict=True))
    suggested = {(each.voice_id, each.other_id) for each in found}
    assert suggested <= right
    assert len(suggested) >= 2
    assert {each.other_transcript_id for each in found} == {two.transcripts[1]}


def with_prints(store: Store, two: Two) -> None:
    """Prints as listening would leave them, each voice much like itself elsewhere."""
    on(store, two)
    numbers = np.random.default_rng(3).normal(size=(4, 42))
    with store.write("ada") as tx:
        for room, voices in enumerate(two.voices):
            found = {key: [*(row + room / 100)] for key, row in zip(voices, numbers, strict=True)}
            assert keep(tx, two.small.study.id, METHOD, found) == 4


def test_what_people_settled_is_not_suggested(store: Store, two: Two) -> None:
    with_prints(store, two)
    study_id = two.small.study.id
    with store.read() as session:
        first = suggestions(session, study_id, two.transcripts[0])[0]
        people = session.scalars(select(Participant).filter_by(study_id=study_id)).all()
    with store.write("ada") as tx:
        link_voice(tx, first.voice_id, people[0].id)
    with store.read() as session:
        assert first in suggestions(session, study_id, two.transcripts[0])
    with store.write("ada") as tx:
        link_voice(tx, first.other_id, people[1].id)
    with store.read() as session:
        assert first not in suggestions(session, study_id, two.transcripts[0])


def test_turns_that_move_are_listened_to_anew(store: Store, two: Two) -> None:
    with_prints(store, two)
    one, other = two.voices[0][0], two.voices[0][1]
    with store.write("ada") as tx:
        move(tx, two.versions[0], {0: one}, Target(voice=other))
    assert kept(store) == 6
    with store.read() as session:
        (waiting,) = to_hear(session, two.small.study.id)
    assert waiting.voices == {other: [(0, 8000), (8000, 16000)]}


def test_switching_off_deletes_every_print(store: Store, two: Two) -> None:
    with_prints(store, two)
    with store.write("ben") as tx:
        set_switch(tx, two.small.study.id, False)
    assert kept(store) == 0
    with store.read() as session:
        state = switch(session, two.small.study.id)
        assert (state.on, state.actor) == (False, "ben")
        assert suggestions(session, two.small.study.id, two.transcripts[0]) == []


def test_a_backup_holds_no_print_and_keeps_the_rest(store: Store, two: Two, tmp_path: Path) -> None:
    on(store, two)
    with store.write("ada") as tx:
        keep(tx, two.small.study.id, METHOD, {two.voices[0][0]: [123.4567, -98.7654]})
    bundle = backup(store.engine, store.home, tmp_path / "all.zip")
    with zipfile.ZipFile(bundle) as files:
        database = Path(files.extract("study.sqlite", tmp_path))
    assert b"98.7654" not in database.read_bytes()
    connection = sqlite3.connect(database)
    try:
        assert connection.execute("SELECT count(*) FROM voice_print").fetchone() == (0,)
        assert connection.execute("SELECT count(*) FROM speaker").fetchone() > (8,)
    finally:
        connection.close()
    assert kept(store) == 1


def test_no_export_names_voice_prints() -> None:
    """Nothing that writes files for others knows of them."""
    rooms = ("exchange", "report", "formats", "figures.py", "compare", "correction")
    package = Path(__file__).parents[2] / "parihs"
    files = [
        file
        for room in rooms
        for file in ([package / room] if room.endswith(".py") else (package / room).rglob("*.py"))
    ]
    assert len(files) > 50
    assert [file.name for file in files if "VoicePrint" in file.read_text(encoding="utf-8")] == []


def test_too_little_talk_has_no_print() -> None:
    sound = np.random.default_rng(1).normal(size=RATE * 5)
    assert print_of([sound]) is None
    assert print_of([]) is None


def test_silence_and_noise_do_no_harm() -> None:
    silent = print_of([np.zeros(RATE * 8)])
    noise = print_of([np.random.default_rng(1).normal(size=RATE * 8)])
    assert silent is not None
    assert noise is not None
    assert np.isfinite(silent).all()
    assert np.isfinite(noise).all()
    json.dumps([silent, noise])
    assert alike([silent, silent, noise, noise], [1, 2, 1, 2]) == alike(
        [silent, silent, noise, noise], ["a", "b", "a", "b"]
    )


def test_voices_of_one_recording_are_never_a_pair() -> None:
    dice = np.random.default_rng(2)
    numbers = dice.normal(size=(8, 42)).tolist()
    rooms = [0] * 4 + [1] * 4
    pairs = alike([*numbers[:4], *numbers[:4]], rooms)
    assert {(pair.one, pair.other) for pair in pairs} == {(0, 4), (1, 5), (2, 6), (3, 7)}
    assert alike(numbers, [0] * 8) == []
    assert alike(numbers[:2], [0, 1]) == []
