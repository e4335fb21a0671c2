"""Where nobody speaks nothing is heard; where somebody does, only that."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from parihs.media import decode_to_pcm
from parihs.transcribe import TranscriptionSettings, transcribe, voice_activity
from tests.unit.transcribe_sounds import melody, no_speech
from tests.unit.transcribe_speech import RATE, model_folder, speak, workshop, write_wav

pytest.importorskip("faster_whisper", reason="the voice activity network comes with faster-whisper")

EVERYTHING = TranscriptionSettings(engine="tests.unit.transcribe_fakes:Echo", chunk_seconds=5)
"""An engine that hears a sentence in whatever it is given."""


def chunks(path: Path, longest_ms: int = 30_000) -> list[tuple[int, int]]:
    audio = decode_to_pcm(path, path.with_suffix(".pcm.wav"))
    planned = voice_activity.plan_chunks(audio, longest_ms, lambda done, total: None)
    return [(chunk.start_ms, chunk.end_ms) for chunk in planned]


def test_silence_noise_and_music_make_an_empty_transcript(tmp_path: Path):
    write_wav(tmp_path / "sounds.wav", np.concatenate(list(no_speech(8).values())))
    (tmp_path / "models").mkdir()
    folders = tmp_path / "job", tmp_path / "models"
    transcript = transcribe(tmp_path / "sounds.wav", *folders, EVERYTHING)
    assert transcript.turns == []
    assert any("No speech was found" in warning for warning in transcript.warnings)
    assert not (tmp_path / "models" / "heard.txt").exists()


def test_speech_between_music_is_found_and_the_music_left_out(tmp_path: Path):
    sentence = speak("Young people need somewhere safe to meet before the summer.")
    sound = np.concatenate([melody(12), np.zeros(RATE), sentence, np.zeros(RATE), melody(12)])
    write_wav(tmp_path / "song.wav", sound)
    ((start, end),) = chunks(tmp_path / "song.wav")
    begins, lasts = 13_000, len(sentence) * 1000 // RATE
    assert begins - 500 < start < begins + 300
    assert begins + lasts - 300 < end < begins + lasts + 500


def test_very_quiet_speech_is_not_taken_for_silence(tmp_path: Path):
    sentence = speak("The nurses need longer opening hours.")
    write_wav(tmp_path / "quiet.wav", 0.02 * np.concatenate([np.zeros(RATE), sentence]))
    assert len(chunks(tmp_path / "quiet.wav")) == 1


@pytest.mark.parametrize("where", ["in a pause", "in a word"])
def test_cut_in_two_the_same_speech_is_found_but_at_the_seam(tmp_path: Path, where: str):
    spoken = workshop(tmp_path / "whole.wav", 9, seed=6, pause_s=1.6)
    cut = spoken[4].start_ms + (700 if where == "in a word" else -800)
    whole = chunks(tmp_path / "whole.wav", 5_000)
    first, second = halves(tmp_path, cut)
    joined = [*chunks(first, 5_000), *((a + cut, b + cut) for a, b in chunks(second, 5_000))]
    at_the_seam = 1 if where == "in a word" else 0
    assert len(whole) <= len(joined) <= len(whole) + at_the_seam
    for start, end in whole:
        if end < cut - 200 or start > cut + 200:
            assert any(abs(a - start) <= 100 and abs(b - end) <= 100 for a, b in joined)


def halves(folder: Path, cut_ms: int) -> tuple[Path, Path]:
    """``whole.wav`` cut in two files."""
    sound = (folder / "whole.wav").read_bytes()[44:]
    at = cut_ms * RATE // 1000 * 2
    samples = [np.frombuffer(part, "<i2") / 32768 for part in (sound[:at], sound[at:])]
    for name, part in zip(("first", "second"), samples, strict=True):
        write_wav(folder / f"{name}.wav", part)
    return folder / "first.wav", folder / "second.wav"


@pytest.mark.slow
@pytest.mark.parametrize("where", ["in a pause", "in a word"])
def test_cut_in_two_and_joined_the_text_is_the_same_but_at_the_seam(tmp_path: Path, where: str):
    spoken = workshop(tmp_path / "whole.wav", 10, seed=6)
    cut = spoken[5].start_ms + (700 if where == "in a word" else -1_200)
    models = model_folder(tmp_path / "models")
    settings = TranscriptionSettings(engine="faster_whisper", model="fixture", chunk_seconds=5)

    def turns(path: Path) -> list[str]:
        return [t.text for t in transcribe(path, tmp_path / path.stem, models, settings).turns]

    whole = turns(tmp_path / "whole.wav")
    first, second = (turns(part) for part in halves(tmp_path, cut))
    assert len(whole) == 10
    if where == "in a pause":
        assert [*first, *second] == whole
    else:
        assert first[:5] == whole[:5]
        assert second[-4:] == whole[-4:]
        assert 10 <= len([*first, *second]) <= 11
