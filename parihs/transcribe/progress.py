"""How far a job is: one small file per job that any process can read at any time."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path

from parihs.home import Home
from parihs.transcribe.journal import write_json
from parihs.transcribe.messages import (
    STAGES,
    Failed,
    Message,
    Stage,
    StageProgress,
    StageStarted,
    StageWarning,
)
from parihs.transcribe.pace import Pace, shares
from parihs.transcribe.settings import TranscriptionSettings

EVERY_S = 0.5


@dataclass(frozen=True, slots=True)
class Progress:
    """What is known about a job's work; percent is over all stages."""

    stage: str = ""
    percent: int = 0
    done_ms: int = 0
    """How much of the recording is recognised."""
    total_ms: int = 0
    message: str = ""
    hint: str = ""
    warnings: tuple[str, ...] = ()
    version_id: str | None = None
    """The transcript version that was made; None while there is none."""
    uncertain: int | None = None
    """Turns of the transcript that are marked for listening; None while there is none."""
    worker: str = ""
    """Name of the worker that was at it last."""
    seconds: dict[str, float] = field(default_factory=dict)
    """Seconds of work so far, by stage, over all attempts."""
    left_s: int | None = None
    """Seconds of work left when this was written; None where that could not be told."""
    written_at: float = 0.0
    """Seconds since 1970."""

    @property
    def worked_s(self) -> float:
        """Seconds of work so far."""
        return sum(self.seconds.values())


def job_folder(home: Home, job_id: str) -> Path:
    """Where a job keeps its checkpoints and progress."""
    return home.work / job_id


def log_path(home: Home, job_id: str) -> Path:
    """A job's readable log: stages, times and warnings, never what was said."""
    return home.logs / "jobs" / f"{job_id}.log"


def read_progress(folder: Path) -> Progress:
    """The latest progress, or an empty one where the job has not begun."""
    try:
        values = json.loads((folder / "progress.json").read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return Progress()
    known = {field.name for field in fields(Progress)}
    chosen = {name: value for name, value in values.items() if name in known}
    return Progress(**{**chosen, "warnings": tuple(chosen.get("warnings", ()))})


def write_progress(folder: Path, progress: Progress) -> None:
    """Replace the progress in one move."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_json(folder / "progress.json", asdict(progress))


class Log:
    """A job's log file, one line per event with its time in UTC."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)

    def write(self, text: str) -> None:
        """Append a line."""
        now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
        with self._path.open("a", encoding="utf-8") as stream:
            stream.write(f"{now}  {text}\n")


class Reporter:
    """Listens to a running transcription and keeps its progress file and log."""

    def __init__(
        self,
        folder: Path,
        log: Log,
        total_ms: int,
        settings: TranscriptionSettings | None = None,
        worker: str = "",
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._folder = folder
        self._log = log
        self._total_ms = total_ms
        self._worker = worker
        self._now = now
        self._stage: Stage = STAGES[0]
        # a job that resumes passes through finished stages again: never show it going back
        before = read_progress(folder)
        self._percent = before.percent
        self._done_ms = before.done_ms
        self._warnings = list(before.warnings)
        self._shares = shares(settings)
        self._pace = Pace(self._shares, before.seconds, now)
        self._written = -EVERY_S
        self._logged = 0

    def __call__(self, message: Message) -> None:
        """Take in one message."""
        match message:
            case StageStarted(stage):
                self._stage, self._logged = stage, 0
                self._pace.start(stage)
                self._advance(0.0)
                self._log.write(f"{stage}: started")
                self._write()
            case StageProgress(stage, done, total):
                if stage == "recognise":
                    self._done_ms = max(self._done_ms, done)
                share = done / total if total else 1.0
                self._pace.reach(share)
                self._advance(share)
                if share >= (self._logged + 1) / 4:
                    self._logged = int(share * 4)
                    self._log.write(f"{stage}: {self._logged * 25} %")
                if self._now() - self._written >= EVERY_S:
                    self._write()
            case StageWarning(stage, text):
                if text not in self._warnings:
                    self._warnings.append(text)
                self._log.write(f"{stage}: warning: {text}")
                self._write()
            case Failed(stage, text, _, detail):
                self._log.write(f"{stage}: failed: {text} {detail}".rstrip())

    def _advance(self, share: float) -> None:
        before = sum(self._shares[stage] for stage in STAGES[: STAGES.index(self._stage)])
        self._percent = max(self._percent, int(before + self._shares[self._stage] * min(share, 1)))

    def _write(self) -> None:
        self._written = self._now()
        write_progress(
            self._folder,
            Progress(
                stage=self._stage,
                percent=min(self._percent, 99),
                done_ms=self._done_ms,
                total_ms=self._total_ms,
                warnings=tuple(self._warnings),
                worker=self._worker,
                seconds=self._pace.seconds,
                left_s=self._pace.left_s(),
                written_at=time.time(),
            ),
        )
