"""What the whole pipeline costs over the bare calls of the same engine.

Same recording, model, settings, chunks and surroundings, both from the start of a process to its
end, so imports and loading count on both sides. The bare side is ``bare_engines.py``. Ours adds a
child process, the decoded copy on disk, checkpoints, progress, and regrouping into turns. The
rounds alternate which side goes first, since a processor slows as it warms.
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
from parihs.transcribe.environment import FOR_CHILDREN, SILENT_AND_OFFLINE
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
    plan = Journal(folder / f"job-{engine}").plan() or []
    told = {
        "engine": engine,
        "sound": str(sound),
        "models": str(models(folder)),
        "chunks": [(chunk.start_ms / 1000, chunk.end_ms / 1000) for chunk in plan],
        "result": str(folder / "bare.json"),
    }
    surroundings = {
        **PATIENT_THREADS,
        **FOR_CHILDREN,
        **SILENT_AND_OFFLINE,
        **os.environ,
        "PYTHONPATH": str(ROOT),
    }
    return measured(
        lambda: subprocess.run(
            [sys.executable, str(Path(__file__).with_name("bare_engines.py"))],
            input=json.dumps(told),
            text=True,
            check=True,
            env=surroundings,
            capture_output=True,
        )
    )


def main() -> int:
    """Print a table; exit code 1 where the pipeline costs more than the limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=ENGINES, action="append")
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", help="where recordings are kept between runs")
    options = parser.parse_args()
    folder = working_folder(options.folder)
    sound = recording(folder, options.minutes)
    over = False
    print(f"{options.minutes:g} minutes of speech, {options.rounds} rounds, medians in seconds")
    print(f"{'engine':16}{'':10}{'bare':>9}{'pipeline':>10}{'more':>9}   load")
    for engine in options.engine or ENGINES:
        ours, theirs = [], []
        pipeline(recording(folder, 1), folder, engine)
        for number in range(options.rounds):
            sides = [(ours, pipeline), (theirs, bare)]
            for costs, side in sides[:: -1 if number % 2 else 1]:
                costs.append(side(sound, folder, engine))
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
