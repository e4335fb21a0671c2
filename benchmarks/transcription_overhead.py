"""What the whole pipeline costs over the bare calls of the same engine.

Same recording, model, settings and chunks, both from the start of a process to its end, so imports
and loading count on both sides. The bare side is a script as one would write it: decode into
memory, voice activity, one call to recognise, one to align, pyannote's own diarisation. Ours adds
a child process, the decoded copy on disk, checkpoints, progress, and regrouping into turns.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from transcription_speech import ROOT, models, recording, working_folder

from parihs.child import PATIENT_THREADS
from parihs.transcribe import TranscriptionSettings, transcribe
from parihs.transcribe.device import step_back
from parihs.transcribe.environment import FOR_CHILDREN
from parihs.transcribe.journal import Journal

LIMIT = 0.05
ENGINES = ("faster_whisper", "whisperx")


@dataclass(frozen=True)
class Cost:
    """Seconds by the clock, and of the processor, of one run."""

    wall: float
    cpu: float


def settings_for(engine: str) -> TranscriptionSettings:
    """The settings both sides use."""
    return TranscriptionSettings(
        engine=engine, model="fixture", language="en", chunk_seconds=5, device="cpu"
    )


def measured(run: Any) -> Cost:
    """What ``run`` and the processes it starts cost."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    run()
    wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(wall, cpu)


def pipeline(sound: Path, folder: Path, engine: str) -> Cost:
    """The whole pipeline, from nothing to a transcript."""
    job = folder / f"job-{engine}"
    shutil.rmtree(job, ignore_errors=True)
    return measured(lambda: transcribe(sound, job, models(folder), settings_for(engine)))


def bare(sound: Path, folder: Path, engine: str) -> Cost:
    """The engine's own calls in a process of their own, on the chunks the pipeline planned."""
    command = [sys.executable, __file__, "--bare", engine, "--folder", str(folder), str(sound)]
    surroundings = {**PATIENT_THREADS, **FOR_CHILDREN, **os.environ}
    return measured(
        lambda: subprocess.run(
            command, check=True, cwd=ROOT, env=surroundings, stdout=subprocess.DEVNULL
        )
    )


def run_bare(sound: Path, folder: Path, engine: str) -> None:
    """The bare side; no line of ours between the calls, but the surroundings ours has too."""
    step_back()
    from parihs.transcribe import environment

    environment.prepare()
    plan = Journal(folder / f"job-{engine}").plan() or []
    chunks = [(chunk.start_ms / 1000, chunk.end_ms / 1000) for chunk in plan]
    calls = {"faster_whisper": bare_faster_whisper, "whisperx": bare_whisperx}
    calls[engine](str(sound), folder, chunks)


def bare_faster_whisper(sound: str, folder: Path, chunks: list[tuple[float, float]]) -> None:
    """faster-whisper as its README has it."""
    from faster_whisper import BatchedInferencePipeline, WhisperModel, decode_audio
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    audio = decode_audio(sound)
    get_speech_timestamps(audio, VadOptions(max_speech_duration_s=5))
    model = WhisperModel(
        str(folder / "models/asr/fixture"),
        device="cpu",
        compute_type="int8",
        cpu_threads=len(os.sched_getaffinity(0)),
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
    write(folder, [{"text": one.text, "start": one.start} for one in segments])


def bare_whisperx(sound: str, folder: Path, chunks: list[tuple[float, float]]) -> None:
    """WhisperX and pyannote as their READMEs have it, with the fixture's aligner."""
    from parihs.transcribe import environment

    environment.repair_torchaudio()
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

    threads = len(os.sched_getaffinity(0))
    torch.set_num_threads(threads)
    whisperx.alignment.nltk_load = lambda _: OneSentence()
    audio = decode_audio(sound)  # whisperx's own needs a program that may not be there
    get_speech_timestamps(audio, VadOptions(max_speech_duration_s=5))
    planned = PlannedSpeech()
    planned.stretches = chunks
    model = load_model(
        str(folder / "models/asr/fixture"),
        "cpu",
        compute_type="int8",
        language="en",
        asr_options={"beam_size": 5},
        vad_model=planned,
        threads=threads,
    )
    said = model.transcribe(audio, batch_size=4)
    aligner, about = ctc_aligner.load(folder / "models/align/en", "en", "cpu")
    aligned = whisperx.align(said["segments"], aligner, about, audio, "cpu")
    people = turn_finder()
    people.segmentation_batch_size = people.embedding_batch_size = 8
    turns = people({"waveform": torch.from_numpy(audio[None]), "sample_rate": 16_000})
    import pandas as pd

    table = pd.DataFrame(
        [
            (turn.start, turn.end, label)
            for turn, _, label in turns.speaker_diarization.itertracks(yield_label=True)
        ],
        columns=["start", "end", "speaker"],
    )
    write(folder, assign_word_speakers(table, aligned)["segments"])


def write(folder: Path, segments: list[Any]) -> None:
    """Keep the result, as a script would."""
    (folder / "bare.json").write_text(json.dumps(segments, default=str))


def main() -> int:
    """Print a table; exit code 1 where the pipeline costs more than the limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sound", nargs="?", help=argparse.SUPPRESS)
    parser.add_argument("--bare", choices=ENGINES, help=argparse.SUPPRESS)
    parser.add_argument("--engine", choices=ENGINES, action="append")
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", help="where recordings are kept between runs")
    options = parser.parse_args()
    folder = working_folder(options.folder)
    if options.bare:
        run_bare(Path(options.sound), folder, options.bare)
        return 0
    sound = recording(folder, options.minutes)
    over = False
    print(f"{options.minutes:g} minutes of speech, {options.rounds} rounds, medians in seconds")
    print(f"{'engine':16}{'':10}{'bare':>9}{'pipeline':>10}{'more':>9}   load")
    for engine in options.engine or ENGINES:
        ours, theirs = [], []
        for _ in range(options.rounds):
            ours.append(pipeline(sound, folder, engine))
            theirs.append(bare(sound, folder, engine))
        for what, limited in (("wall", True), ("cpu", False)):
            a = statistics.median(getattr(cost, what) for cost in theirs)
            b = statistics.median(getattr(cost, what) for cost in ours)
            over |= limited and b / a - 1 > LIMIT
            load = f"   {os.getloadavg()[0]:.1f}"
            print(f"{engine:16}{what:10}{a:9.1f}{b:10.1f}{b / a - 1:+9.1%}{load}", flush=True)
    print(f"limit: {LIMIT:+.0%} wall")
    return int(over)


if __name__ == "__main__":
    sys.exit(main())
