"""How much memory a transcription needs at most, for a short and for a long recording.

Watches the child process that does the work: its peak as the system counts it, which includes
files it has mapped, and its peak of memory that no file can give back. Speech is thin (a sentence
about every half minute), for what is asked is what length costs, not what words cost.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import threading
import time
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent))

from transcription_speech import models, recording, working_folder

from parihs.transcribe import TranscriptionSettings, transcribe
from parihs.transcribe.messages import Message, StageStarted

LIMIT = 1.15
"""A recording four times as long may need this much more: what is kept per minute is small."""
EVERY_S = 0.1


class Watch:
    """Peaks of the child process, in megabytes, while it is at work, and in which stage."""

    def __init__(self) -> None:
        self.peak = 0.0
        self.own = 0.0
        self.stage = ""
        self.at = ""
        self.by_stage: dict[str, float] = {}
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def hear(self, message: Message) -> None:
        """Follow the stages."""
        if isinstance(message, StageStarted):
            self.stage = message.stage

    def _watch(self) -> None:
        while not self._done.wait(EVERY_S):
            for child in psutil.Process().children():
                try:
                    status = Path(f"/proc/{child.pid}/status").read_text()
                except OSError:
                    continue
                fields = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
                if "VmHWM" not in fields:
                    continue
                self.peak = max(self.peak, int(fields["VmHWM"].split()[0]) / 1024)
                own = int(fields["RssAnon"].split()[0]) / 1024
                self.by_stage[self.stage] = max(self.by_stage.get(self.stage, 0), own)
                if own > self.own:
                    self.own, self.at = own, self.stage


def main() -> int:
    """Print a table; exit code 1 where the long recording needs too much more."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=("faster_whisper", "whisperx"), action="append")
    parser.add_argument("--minutes", type=float, nargs=2, default=(60, 240))
    parser.add_argument("--folder", help="where recordings are kept between runs")
    options = parser.parse_args()
    folder = working_folder(options.folder)
    too_much = False
    print(
        f"{'engine':16}{'minutes':>8}{'peak MB':>9}{'own MB':>8}{'seconds':>9}{'load':>6}  stages"
    )
    for engine in options.engine or ("faster_whisper", "whisperx"):
        peaks = []
        for minutes in options.minutes:
            sound, job = recording(folder, minutes, every_s=30), folder / "job-memory"
            shutil.rmtree(job, ignore_errors=True)
            settings = TranscriptionSettings(
                engine=engine, model="fixture", language="en", chunk_seconds=5, beam=1
            )
            began = time.perf_counter()
            with Watch() as watch:
                transcript = transcribe(sound, job, models(folder), settings, listen=watch.hear)
            took = time.perf_counter() - began
            shutil.rmtree(job)
            peaks.append(watch.peak)
            stages = ", ".join(f"{name} {mb:.0f}" for name, mb in watch.by_stage.items())
            print(
                f"{engine:16}{minutes:8g}{watch.peak:9.0f}{watch.own:8.0f}{took:9.0f}"
                f"{os.getloadavg()[0]:6.1f}  {stages}; {len(transcript.turns)} turns",
                flush=True,
            )
        too_much |= peaks[1] > LIMIT * peaks[0]
        print(f"{engine:16}{'':8}{peaks[1] / peaks[0]:8.2f} times; limit {LIMIT}")
    return int(too_much)


if __name__ == "__main__":
    sys.exit(main())
