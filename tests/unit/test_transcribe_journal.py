"""The journal of a job on disk."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from parihs.errors import ParihsError
from parihs.model import ParsedWord
from parihs.transcribe.journal import Journal
from parihs.transcribe.lock import held, is_held
from parihs.transcribe.settings import TranscriptionSettings
from parihs.transcribe.speech import Chunk, ChunkText, Voice

SAID = ChunkText(
    Chunk(3, 1_000, 2_500), "Schön, ja.\u2028", (ParsedWord(0, 6, 1_000, 1_700, 0.5, False),)
)


def test_what_is_written_is_read_back(tmp_path: Path):
    journal = Journal(tmp_path)
    journal.save_plan([Chunk(0, 0, 900), Chunk(1, 1_000, 2_500)])
    journal.add_recognised(SAID)
    journal.save_voices([Voice(0, 5, "A")])
    journal.warn("Careful.")
    journal.warn("Careful.")
    again = Journal(tmp_path)
    assert again.plan() == [Chunk(0, 0, 900), Chunk(1, 1_000, 2_500)]
    assert again.recognised() == {3: SAID}
    assert again.aligned() == {}
    assert again.voices() == [Voice(0, 5, "A")]
    assert again.warnings() == ["Careful."]


def test_a_line_torn_by_a_kill_is_dropped(tmp_path: Path):
    journal = Journal(tmp_path)
    journal.add_recognised(SAID)
    journal.add_recognised(replace(SAID, chunk=Chunk(4, 2_500, 3_000)))
    file = tmp_path / "recognised.jsonl"
    file.write_bytes(file.read_bytes()[:-7])
    again = Journal(tmp_path)
    assert list(again.recognised()) == [3]
    again.add_recognised(replace(SAID, chunk=Chunk(5, 0, 1)))
    assert list(again.recognised()) == [3, 5]


def test_other_settings_throw_results_away_but_not_the_decoded_audio(tmp_path: Path):
    journal = Journal(tmp_path)
    settings = TranscriptionSettings()
    journal.begin(settings)
    journal.audio.write_bytes(b"sound")
    journal.add_recognised(SAID)
    journal.begin(TranscriptionSettings())
    assert journal.recognised()
    journal.begin(replace(settings, language="de"))
    assert not journal.recognised()
    assert journal.audio.exists()


def test_asking_for_other_speakers_costs_no_words(tmp_path: Path):
    journal = Journal(tmp_path)
    settings = TranscriptionSettings(language="en")
    journal.begin(settings)
    journal.add_recognised(SAID)
    journal.save_voices([Voice(0, 5, "A", False)])
    journal.heard_voices.mkdir()
    journal.begin(replace(settings, min_speakers=4, max_speakers=4))
    assert journal.recognised() == {3: SAID}
    # people are counted again, from what was heard of their voices
    assert journal.voices() is None
    assert journal.heard_voices.exists()
    journal.begin(replace(settings, diarise_model="another"))
    assert journal.recognised() == {3: SAID}
    assert not journal.heard_voices.exists()
    assert journal.settings() == replace(settings, diarise_model="another")


def test_a_batch_is_written_whole_with_what_the_engine_doubts(tmp_path: Path):
    journal = Journal(tmp_path)
    doubtful = replace(SAID, chunk=Chunk(4, 2_500, 9_000, 300), marks=("no speech",))
    journal.add_recognised(SAID, doubtful)
    assert Journal(tmp_path).recognised() == {3: SAID, 4: doubtful}


def test_clearing_leaves_no_words_and_no_sound(tmp_path: Path):
    journal = Journal(tmp_path)
    journal.begin(TranscriptionSettings())
    journal.audio.write_bytes(b"sound")
    journal.add_recognised(SAID)
    journal.add_aligned(SAID)
    journal.save_voices([])
    journal.save_plan([])
    journal.heard_voices.mkdir()
    (journal.heard_voices / "scores.f32").write_bytes(b"voices")
    journal.clear()
    assert list(tmp_path.iterdir()) == []


def test_only_one_holds_a_lock(tmp_path: Path):
    lock = tmp_path / "lock"
    with held(lock):
        assert is_held(lock)
        with pytest.raises(ParihsError), held(lock):
            pass
    assert not is_held(lock)
