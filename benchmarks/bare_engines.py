"""The bare side of ``transcription_overhead.py``: what one would write without the pipeline.

A program of its own, told in one line of JSON: decode into memory, voice activity, one call to
recognise, one to align, pyannote's own diarisation. It imports nothing of ours but, for WhisperX,
the two small models that stand in for an aligner and for speaker weights.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

LIKE_OURS = 10
"""The pipeline lets anything else on the computer go first; so does this."""


def faster_whisper(sound: str, models: str, chunks: list[tuple[float, float]]) -> list[Any]:
    """faster-whisper as its README has it."""
    from faster_whisper import BatchedInferencePipeline, WhisperModel, decode_audio
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    audio = decode_audio(sound)
    get_speech_timestamps(audio, VadOptions(max_speech_duration_s=5))
    model = WhisperModel(
        f"{models}/asr/fixture", device="cpu", compute_type="int8", cpu_threads=threads()
    )
    segments, _ = BatchedInferencePipeline(model).transcribe(
        audio,
        language="en",
        beam_size=5,
        batch_size=4,
        temperature=[0.0],
        clip_timestamps=[{"start": start, "end": end} for start, end in chunks],
        without_timestamps=True,
        word_timestamps=True,
    )
    return [
        {"text": one.text, "words": [(word.word, word.start, word.end) for word in one.words]}
        for one in segments
    ]


def whisperx(sound: str, models: str, chunks: list[tuple[float, float]]) -> list[Any]:
    """WhisperX and pyannote as their READMEs have it, with the fixture's aligner."""
    from pathlib import Path

    from parihs.transcribe import environment

    environment.repair_torchaudio()
    import pandas as pd
    import torch
    import whisperx
    import whisperx.alignment
    from faster_whisper import decode_audio
    from faster_whisper.vad import VadOptions, get_speech_timestamps
    from whisperx.asr import load_model
    from whisperx.diarize import assign_word_speakers

    from parihs.transcribe import ctc_aligner
    from parihs.transcribe.turn_finder import turn_finder
    from parihs.transcribe.whisperx_engine import OneSentence, PlannedSpeech

    torch.set_num_threads(threads())
    whisperx.alignment.nltk_load = lambda _: OneSentence()
    audio = decode_audio(sound)  # whisperx's own needs a program that may not be there
    get_speech_timestamps(audio, VadOptions(max_speech_duration_s=5))
    planned = PlannedSpeech()
    planned.stretches = chunks
    model = load_model(
        f"{models}/asr/fixture",
        "cpu",
        compute_type="int8",
        language="en",
        asr_options={"beam_size": 5},
        vad_model=planned,
        threads=threads(),
    )
    said = model.transcribe(audio, batch_size=4)
    aligner, about = ctc_aligner.load(Path(models, "align/en"), "en", "cpu")
    aligned = whisperx.align(said["segments"], aligner, about, audio, "cpu")
    people = turn_finder()
    people.segmentation_batch_size = people.embedding_batch_size = 8
    turns = people({"waveform": torch.from_numpy(audio[None]), "sample_rate": 16_000})
    table = pd.DataFrame(
        [
            (turn.start, turn.end, label)
            for turn, _, label in turns.speaker_diarization.itertracks(yield_label=True)
        ],
        columns=["start", "end", "speaker"],
    )
    segments: list[Any] = assign_word_speakers(table, aligned)["segments"]
    return segments


ENGINES = {"faster_whisper": faster_whisper, "whisperx": whisperx}


def threads() -> int:
    """Processors this process may use."""
    return len(os.sched_getaffinity(0))


def main() -> None:
    """Do what the line says and keep the result, as a script would."""
    os.nice(LIKE_OURS)
    told = json.loads(sys.stdin.readline())
    chunks = [(start, end) for start, end in told["chunks"]]
    heard = ENGINES[told["engine"]](told["sound"], told["models"], chunks)
    with open(told["result"], "w", encoding="utf-8") as file:
        json.dump(heard, file, default=str)


if __name__ == "__main__":
    main()
