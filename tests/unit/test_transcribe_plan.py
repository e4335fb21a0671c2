"""Where speech is found and how it is cut."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parihs.media import PcmFile, decode_to_pcm
from parihs.transcribe import voice_activity
from tests.unit.transcribe_speech import workshop, write_wav

pytest.importorskip("faster_whisper", reason="the voice activity network comes with faster-whisper")


def plan(audio: PcmFile, longest_ms: int = 5_000) -> list[tuple[int, int]]:
    chunks = voice_activity.plan_chunks(audio, longest_ms, lambda done, total: None)
    return [(chunk.start_ms, chunk.end_ms) for chunk in chunks]


def test_every_sentence_is_in_a_chunk_and_no_chunk_is_too_long(tmp_path: Path):
    spoken = workshop(tmp_path / "speech.wav", 8)
    audio = decode_to_pcm(tmp_path / "speech.wav", tmp_path / "pcm.wav")
    chunks = plan(audio)
    for sentence in spoken:
        covered = sum(
            max(0, min(end, sentence.end_ms) - max(start, sentence.start_ms))
            for start, end in chunks
        )
        assert covered > 0.9 * (sentence.end_ms - sentence.start_ms)
    assert all(end - start <= 5_000 for start, end in chunks)
    assert chunks == sorted(chunks)


def test_reading_in_blocks_finds_the_same_speech(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    spoken = workshop(tmp_path / "speech.wav", 8, seed=4)
    audio = decode_to_pcm(tmp_path / "speech.wav", tmp_path / "pcm.wav")
    whole = plan(audio)
    # blocks so short that several borders fall into sentences
    monkeypatch.setattr(voice_activity, "BLOCK_MS", 7_000)
    in_blocks = plan(audio)
    assert len(in_blocks) == len(whole) == len(spoken)
    for one, other in zip(whole, in_blocks, strict=True):
        assert abs(one[0] - other[0]) < 200
        assert abs(one[1] - other[1]) < 200


@pytest.mark.parametrize("seconds", [0.01, 3])
def test_silence_has_no_chunks(tmp_path: Path, seconds: float):
    write_wav(tmp_path / "silence.wav", np.zeros(int(16_000 * seconds), np.float32))
    assert plan(decode_to_pcm(tmp_path / "silence.wav", tmp_path / "pcm.wav")) == []


@given(st.lists(st.tuples(st.integers(0, 4_000), st.integers(1, 5_000)), max_size=20))
def test_joining_keeps_all_speech_and_the_limit(steps: list[tuple[int, int]]):
    speech, position = [], 0
    for pause, length in steps:
        start, end = position + pause, position + pause + length
        speech.append(voice_activity.Stretch(start, end, length // 2))
        position = end
    chunks = voice_activity.join(speech, 5_000)
    assert [chunk.index for chunk in chunks] == list(range(len(chunks)))
    assert all(chunk.end_ms - chunk.start_ms <= 5_000 for chunk in chunks)
    for one in speech:
        assert any(c.start_ms <= one.start_ms and one.end_ms <= c.end_ms for c in chunks)
    assert sum(chunk.speech_ms for chunk in chunks) == sum(one.speech_ms for one in speech)
