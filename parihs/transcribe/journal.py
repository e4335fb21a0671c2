"""What a job has finished, on disk: a killed job goes on where the last chunk was written.

One folder per job: ``audio.wav``, ``plan.json``, ``recognised.jsonl`` and ``aligned.jsonl`` with
one line per chunk, ``heard_voices/`` with what was heard of voices, window by window,
``voices.json``, ``notes.json``. The folder holds what people said, so it is emptied as soon as the
transcript is saved.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Sequence
from dataclasses import astuple
from pathlib import Path
from typing import Any

from parihs.model import ParsedWord
from parihs.transcribe.settings import TranscriptionSettings
from parihs.transcribe.speech import Chunk, ChunkText, Voice

SPEAKERS_ONLY = frozenset({"speakers", "min_speakers", "max_speakers", "diarise_model"})
"""Settings that do not touch the words."""
VOICES_HEARD = frozenset({"diarise_model"})
"""Settings that change what is heard of voices, not only how many people they are taken for."""


class Journal:
    """The folder of one job; every write is on the disk before it counts."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _drop_torn_line(self._recognised)
        _drop_torn_line(self._aligned)

    @property
    def audio(self) -> Path:
        """The decoded recording; there only when complete."""
        return self.folder / "audio.wav"

    @property
    def _plan(self) -> Path:
        return self.folder / "plan.json"

    @property
    def _recognised(self) -> Path:
        return self.folder / "recognised.jsonl"

    @property
    def _aligned(self) -> Path:
        return self.folder / "aligned.jsonl"

    @property
    def _voices(self) -> Path:
        return self.folder / "voices.json"

    @property
    def _notes(self) -> Path:
        return self.folder / "notes.json"

    @property
    def heard_voices(self) -> Path:
        """Folder of what was heard of voices; clustering can be tried again from it."""
        return self.folder / "heard_voices"

    def begin(self, settings: TranscriptionSettings) -> None:
        """Note the settings; results that other settings would change are thrown away."""
        before, now = self.notes().get("settings", {}), settings.as_dict()
        changed = {name for name in {*before, *now} if before.get(name) != now.get(name)}
        if not changed:
            return
        if changed <= SPEAKERS_ONLY:
            self._voices.unlink(missing_ok=True)
            if changed & VOICES_HEARD:
                shutil.rmtree(self.heard_voices, ignore_errors=True)
        else:
            self._forget(but_audio=True)
        self.note("settings", now)

    def settings(self) -> TranscriptionSettings | None:
        """The settings the job began with; None where it has not begun."""
        found = self.notes().get("settings")
        return None if found is None else TranscriptionSettings.from_dict(found)

    def _forget(self, *, but_audio: bool) -> None:
        for file in (self._plan, self._recognised, self._aligned, self._voices, self._notes):
            file.unlink(missing_ok=True)
        shutil.rmtree(self.heard_voices, ignore_errors=True)
        if not but_audio:
            for file in (self.audio, *self.folder.glob(".audio.wav.*")):
                file.unlink(missing_ok=True)

    def notes(self) -> dict[str, Any]:
        """Small facts kept by name."""
        found: dict[str, Any] = _load(self._notes) or {}
        return found

    def note(self, name: str, value: Any) -> None:
        """Keep a small fact."""
        write_json(self._notes, {**self.notes(), name: value})

    def warn(self, text: str) -> None:
        """Keep a warning for the transcript, once."""
        known = self.warnings()
        if text not in known:
            self.note("warnings", [*known, text])

    def warnings(self) -> list[str]:
        """Warnings in the order they came."""
        return list(self.notes().get("warnings", []))

    def plan(self) -> list[Chunk] | None:
        """The planned chunks, or None while there is no plan."""
        rows = _load(self._plan)
        return None if rows is None else [Chunk(i, *row) for i, row in enumerate(rows)]

    def save_plan(self, chunks: Sequence[Chunk]) -> None:
        """Keep the plan, whole."""
        write_json(self._plan, [list(astuple(chunk)[1:]) for chunk in chunks])

    def recognised(self) -> dict[int, ChunkText]:
        """Chunks recognised so far, by index."""
        return _read_lines(self._recognised)

    def add_recognised(self, *said: ChunkText) -> None:
        """Append recognised chunks, all in one write."""
        _append_lines(self._recognised, said)

    def aligned(self) -> dict[int, ChunkText]:
        """Chunks aligned so far, by index."""
        return _read_lines(self._aligned)

    def add_aligned(self, *said: ChunkText) -> None:
        """Append aligned chunks, all in one write."""
        _append_lines(self._aligned, said)

    def voices(self) -> list[Voice] | None:
        """Who speaks when, or None while that is not known."""
        rows = _load(self._voices)
        return None if rows is None else [Voice(*row) for row in rows]

    def save_voices(self, voices: Sequence[Voice]) -> None:
        """Keep who speaks when, whole."""
        write_json(self._voices, [list(astuple(voice)) for voice in voices])

    def clear(self) -> None:
        """Delete everything that holds sound or words."""
        self._forget(but_audio=False)


def write_json(path: Path, value: Any) -> None:
    """Write a file that other processes see either as it was or whole."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with draft.open("w", encoding="utf-8") as stream:
            json.dump(value, stream, ensure_ascii=False)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _load(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def _append_lines(path: Path, said: Sequence[ChunkText]) -> None:
    rows = [
        {
            "chunk": list(astuple(one.chunk)),
            "text": one.text,
            "words": [list(astuple(word)) for word in one.words],
            "marks": list(one.marks),
        }
        for one in said
    ]
    with path.open("a", encoding="utf-8") as stream:
        stream.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        stream.flush()
        os.fsync(stream.fileno())


def _read_lines(path: Path) -> dict[int, ChunkText]:
    if not path.exists():
        return {}
    said = {}
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line:
            row = json.loads(line)
            words = tuple(ParsedWord(*word) for word in row["words"])
            chunk, marks = Chunk(*row["chunk"]), tuple(row.get("marks", ()))
            said[chunk.index] = ChunkText(chunk, row["text"], words, marks)
    return said


def _drop_torn_line(path: Path) -> None:
    """Cut off a last line that a killed process left unfinished."""
    if not path.exists():
        return
    data = path.read_bytes()
    whole = data.rfind(b"\n") + 1
    if whole < len(data):
        with path.open("r+b") as stream:
            stream.truncate(whole)
