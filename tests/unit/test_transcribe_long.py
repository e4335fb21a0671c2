"""A recorder left running: more than a day, and every word keeps its time."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from parihs.transcribe import TranscriptionSettings, transcribe
from parihs.transcribe.assemble import assemble
from parihs.transcribe.speech import Chunk, ChunkText, Voice
from tests.unit.transcribe_speech import RATE, model_folder, speak, word_error_rate

DAY_MS = 24 * 3600 * 1000
LATE_MS = DAY_MS + 4 * 60_000 + 30_000
END_MS = DAY_MS + 5 * 60_000
SENTENCES = "The nurses need longer opening hours.", "My family want warm homes in winter."


def recording(path: Path, parts: list[tuple[int, np.ndarray]]) -> None:
    """Write sound at given times; in between the recorder's clock runs on and nothing is stored."""
    with av.open(str(path), "w", format="matroska") as file:
        stream = file.add_stream("flac", rate=RATE, layout="mono")
        for start_ms, sound in parts:
            pcm = (np.clip(sound, -1, 1) * 32767).astype(np.int16)
            for at in range(0, len(pcm), 4096):
                frame = av.AudioFrame.from_ndarray(pcm[None, at : at + 4096], "s16", "mono")
                frame.rate, frame.time_base = RATE, Fraction(1, RATE)
                frame.pts = start_ms * RATE // 1000 + at
                file.mux(stream.encode(frame))
        file.mux(stream.encode(None))


@pytest.mark.slow
def test_a_recording_of_24_hours_and_5_minutes_keeps_its_times(tmp_path: Path):
    """Decoded, planned and recognised in full: 2.8 GB on disk for a moment."""
    pytest.importorskip("faster_whisper", reason="this asks the real engine")
    silence = np.zeros(RATE, np.float32)
    recording(
        tmp_path / "day.mkv",
        [
            (0, np.concatenate([silence, speak(SENTENCES[0]), silence])),
            (LATE_MS - 1_000, np.concatenate([silence, speak(SENTENCES[1]), silence])),
            (END_MS - 1_000, silence),
        ],
    )
    settings = TranscriptionSettings(engine="faster_whisper", model="fixture", chunk_seconds=5)
    models = model_folder(tmp_path / "models")
    try:
        transcript = transcribe(tmp_path / "day.mkv", tmp_path / "job", models, settings)
        first, last = transcript.turns
        size = (tmp_path / "job" / "audio.wav").stat().st_size
    finally:
        (tmp_path / "job" / "audio.wav").unlink(missing_ok=True)
    assert size == pytest.approx(END_MS * 32, abs=32_000)
    for turn, sentence, start_ms in ((first, SENTENCES[0], 1_000), (last, SENTENCES[1], LATE_MS)):
        assert word_error_rate(sentence, turn.text) < 0.35
        assert turn.start_ms == pytest.approx(start_ms, abs=400)
        assert start_ms < turn.end_ms < start_ms + 5_000
        times = [t for word in turn.words for t in (word.start_ms, word.end_ms)]
        assert times == sorted(times)


def test_voices_after_a_day_are_matched_with_words_after_a_day():
    said = [
        ChunkText(Chunk(0, 1_000, 3_000), "Good morning."),
        ChunkText(Chunk(1, LATE_MS, LATE_MS + 2_000), "Good morning."),
    ]
    voices = [Voice(900, 3_100, "A"), Voice(LATE_MS - 100, LATE_MS + 2_100, "B")]
    first, last = assemble(said, voices, language="en").turns
    assert (first.speaker, last.speaker) == ("Speaker 1", "Speaker 2")
    assert (last.start_ms, last.end_ms) == (LATE_MS, LATE_MS + 2_000)
