"""The stages of a transcription, in order, each leaving its result in the journal.

They run in a child process (``child.py``): a crash and the memory stay there.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from parihs.errors import ParihsError
from parihs.transcribe import environment, languages
from parihs.transcribe.doubts import repeats_itself
from parihs.transcribe.engine import TURN_FINDER, Engine, load_engine
from parihs.transcribe.journal import Journal
from parihs.transcribe.messages import (
    OPTIONAL,
    STAGES,
    Failed,
    Finished,
    Message,
    Stage,
    StageProgress,
    StageStarted,
    StageWarning,
)
from parihs.transcribe.outcome import spoken_language
from parihs.transcribe.settings import TranscriptionSettings
from parihs.transcribe.speech import Audio

Send = Callable[[Message], None]


@dataclass(frozen=True, slots=True)
class Task:
    """What the child process has to know."""

    source: Path
    """The recording."""
    folder: Path
    """The job's journal."""
    models: Path
    settings: TranscriptionSettings
    skip: frozenset[Stage] = frozenset()
    """Optional stages that an earlier child died of."""

    def as_dict(self) -> dict[str, Any]:
        """Plain values that survive JSON."""
        return {
            **{name: str(getattr(self, name)) for name in ("source", "folder", "models")},
            "settings": self.settings.as_dict(),
            "skip": sorted(self.skip),
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Task:
        """The task that :meth:`as_dict` was asked of."""
        return cls(
            Path(values["source"]),
            Path(values["folder"]),
            Path(values["models"]),
            TranscriptionSettings.from_dict(values["settings"]),
            frozenset(values["skip"]),
        )


class Stages:
    """Runs what is not in the journal yet, and tells ``send`` about it."""

    def __init__(self, task: Task, send: Send) -> None:
        self._task = task
        self._settings = task.settings
        self._send = send
        self._journal = Journal(task.folder)
        self._engine: Engine | None = None
        self._stage: Stage = STAGES[0]

    def run(self) -> None:
        """All stages; ends by sending Finished or Failed, and raises nothing."""
        try:
            self._run()
        except Exception as problem:
            self._send(_failure(self._stage, problem))
        else:
            self._send(Finished())

    def _run(self) -> None:
        self._journal.begin(self._settings)
        audio = self._decode()
        self._plan(audio)
        if self._journal.plan():
            self._recognise(audio)
            self._try("align", lambda: self._align(audio))
            self._try("speakers", lambda: self._find_voices(audio))
        if environment.refused:
            self._warn(
                "Part of the transcription software tried to reach the network; it was refused."
            )

    def _decode(self) -> Audio:
        from parihs.media import PcmFile, decode_to_pcm

        self._start("decode")
        if self._journal.audio.exists():
            try:
                return PcmFile.open(self._journal.audio)
            except ParihsError:
                self._journal.audio.unlink()
        # parts per thousand until the length is known
        audio = decode_to_pcm(
            self._task.source,
            self._journal.audio,
            progress=lambda share: self._progress(round(share * 1000), 1000),
        )
        for text in audio.warnings:
            self._warn(text)
        return audio

    def _plan(self, audio: Audio) -> None:
        from parihs.transcribe.voice_activity import plan_chunks

        self._start("plan")
        if self._journal.plan() is None:
            longest_ms = self._settings.chunk_seconds * 1000
            self._journal.save_plan(plan_chunks(audio, longest_ms, self._progress))
        if not self._journal.plan():
            self._warn("No speech was found in this recording, so there is nothing to transcribe.")

    def _recognise(self, audio: Audio) -> None:
        self._start("recognise")
        chunks, done = self._journal.plan() or [], self._journal.recognised()
        if len(done) == len(chunks):
            return
        finished = [chunks[index].end_ms for index in done]
        self._progress(max(finished, default=0), audio.duration_ms)
        engine = self._load_engine()
        self._choose_language(audio, engine)
        if "about" not in self._journal.notes():
            self._journal.note("about", engine.about())
        if left_out := engine.words_left_out():
            self._warn(
                f"{left_out} of {len(self._settings.vocabulary)} words of the study's vocabulary "
                "had no room in what the recogniser can be told; put the important ones first."
            )
        for batch in engine.batches(chunks):
            # batches are always cut the same way, so a resumed job hears what it would have heard
            if any(chunk.index not in done for chunk in batch):
                heard = engine.recognise(audio, batch)
                self._journal.add_recognised(*(o for o in heard if o.chunk.index not in done))
                for said in heard:
                    if repeats_itself(said.text):
                        self._warn(
                            f"At {clock(said.chunk.start_ms)} the same words come again and again; "
                            "listen there, the recogniser may have made them up."
                        )
            self._progress(batch[-1].end_ms, audio.duration_ms)

    def _choose_language(self, audio: Audio, engine: Engine) -> None:
        """Listen for the language in several places where none was given."""
        if self._settings.language is not None:
            return
        if "language" not in self._journal.notes():
            places = languages.places(self._journal.plan() or [])
            found = languages.judge(engine.hear_languages(audio, places))
            self._journal.note("language", found.as_dict())
            if found.doubt:
                self._warn(found.doubt)
        engine.use_language(languages.Found.from_dict(self._journal.notes()["language"]).code)

    def _align(self, audio: Audio) -> None:
        recognised, aligned = self._journal.recognised(), self._journal.aligned()
        if len(aligned) == len(recognised):
            return
        engine = self._load_engine()
        aligner = engine.aligner()
        if aligner is None:
            language = spoken_language(self._journal, self._settings)
            self._warn(
                f"No word aligner for “{language}” is installed: the times of words are estimates."
            )
            return
        for index in sorted(recognised.keys() - aligned.keys()):
            said = recognised[index]
            timed = engine.align(audio, said)
            # a recogniser that times its words itself has nothing to add to what is kept already
            if timed is not said:
                self._journal.add_aligned(timed)
            self._progress(said.chunk.end_ms, audio.duration_ms)

    def _find_voices(self, audio: Audio) -> None:
        if self._journal.voices() is not None:
            return
        engine = self._load_engine()
        method = engine.speaker_method()
        if method is None:
            self._warn("Speakers were not told apart: nothing installed here can do it.")
            return
        self._journal.save_voices(
            engine.find_voices(audio, self._journal.heard_voices, self._progress)
        )
        self._journal.note("speakers", method)
        if method == TURN_FINDER:
            self._warn(
                "Turns were found without a speaker model: where they begin is usable, whose they "
                "are is a guess. Listen and name the speakers."
            )

    def _try(self, stage: Stage, work: Callable[[], None]) -> None:
        """An optional stage: when it fails, the text is kept and a warning says what is missing."""
        wanted = {"align": self._settings.align, "speakers": self._settings.speakers}
        if stage in self._task.skip or not wanted.get(stage, True):
            return
        self._start(stage)
        try:
            work()
        except Exception as problem:
            self._warn(f"{without(stage)} {_reason(problem)}".strip())

    def _load_engine(self) -> Engine:
        if self._engine is None:
            self._engine = load_engine(self._settings, self._task.models)
            if self._settings.language is None and "language" in self._journal.notes():
                self._engine.use_language(spoken_language(self._journal, self._settings))
        return self._engine

    def _start(self, stage: Stage) -> None:
        self._stage = stage
        self._send(StageStarted(stage))

    def _progress(self, done: int, total: int) -> None:
        self._send(StageProgress(self._stage, done, total))

    def _warn(self, text: str) -> None:
        self._journal.warn(text)
        self._send(StageWarning(self._stage, text))


def without(stage: Stage) -> str:
    """What a transcript lacks when an optional stage failed."""
    if stage not in OPTIONAL:
        raise ValueError(f"{stage} is not optional")
    if stage == "align":
        return "The words could not be timed one by one, so their times are estimates."
    return "Speakers could not be told apart; the text is complete."


def clock(ms: int) -> str:
    """Milliseconds as h:mm:ss."""
    seconds = ms // 1000
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _reason(problem: Exception) -> str:
    if isinstance(problem, ParihsError):
        return str(problem)
    if isinstance(problem, MemoryError):
        return "There was not enough memory."
    return f"({_where(problem)})"


def _failure(stage: Stage, problem: Exception) -> Failed:
    if isinstance(problem, ParihsError):
        return Failed(stage, problem.message, problem.hint)
    detail = _where(problem)
    if isinstance(problem, MemoryError):
        return Failed(
            stage,
            "The computer ran out of memory; what was recognised so far is kept.",
            "Close other programs or choose a smaller model, then try again.",
            detail,
        )
    return Failed(
        stage,
        f"Transcription stopped while it was at “{stage}”; what was recognised so far is kept.",
        "Try again. If it stops at the same place, the job's log says where.",
        detail,
    )


def _where(problem: Exception) -> str:
    """Type and place of an error. Its message only where it cannot quote what people said."""
    text = f": {problem}" if isinstance(problem, OSError | ImportError | RuntimeError) else ""
    frames = traceback.extract_tb(problem.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(problem).__name__}{text}{place}"
