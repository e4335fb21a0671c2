"""What a training leaves behind: a file of numbers, places and ids, without a word of the talk.

One file for each coder who asked, since each may see other codings. It holds only as long as what
it was learned from may still be seen by whoever asks.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from sqlalchemy.orm import Session

from parihs.coding.visibility import open_transcripts
from parihs.home import Home

FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class CodeQuality:
    """How good the suggestions of one code are; counts are sentences."""

    code_id: str
    n_examples: int
    n_workshops: int
    suggested: int = 0
    """Suggested in workshops that the model had not seen."""
    right: int = 0
    """Of those, how many the team had coded so."""
    precision: float | None = None
    recall: float | None = None
    base_rate: float = 0.0
    """Share of all sentences with the code: what random picking would get right."""
    average_precision: float | None = None
    refused: str = ""
    """Why it is not offered; empty where it is."""


@dataclass(frozen=True, slots=True)
class Place:
    """A sentence: code points of its version, end-exclusive."""

    version_id: str
    transcript_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Suggested:
    """A code for a sentence, and the codings of it that are most alike, the nearest first."""

    place: Place
    code_id: str
    score: float
    like: list[str]


@dataclass(frozen=True, slots=True)
class Overlooked:
    """A sentence that nobody coded, and the codings most like it."""

    place: Place
    likeness: float
    """How much of its weighted words it shares with the nearest coded ones; no upper end."""
    like: list[str]


@dataclass(frozen=True, slots=True)
class Overlooking:
    """How well likeness finds coded sentences: of the ``of`` likest, ``coded`` were coded."""

    of: int = 0
    coded: int = 0
    base_rate: float = 0.0


@dataclass(frozen=True, slots=True)
class Results:
    """Everything a training found out."""

    study_id: str
    viewer_id: str
    made_at: str
    n_units: int
    n_workshops: int
    n_folds: int
    n_codings: int
    seconds: float
    cpu_seconds: float
    open_transcripts: list[str]
    codes: list[CodeQuality]
    suggested: list[Suggested] = field(default_factory=list)
    overlooked: list[Overlooked] = field(default_factory=list)
    overlooking: Overlooking = field(default_factory=Overlooking)

    @property
    def offered(self) -> list[CodeQuality]:
        """The codes that are suggested, the surest first."""
        fine = [code for code in self.codes if not code.refused]
        return sorted(fine, key=lambda code: -(code.precision or 0))

    @property
    def refused(self) -> list[CodeQuality]:
        """The codes that are not, those with most examples first."""
        return sorted((c for c in self.codes if c.refused), key=lambda code: -code.n_examples)


def results_file(home: Home, study_id: str, viewer_id: str | None) -> Path:
    """Where the results of one asker lie; ``None`` is whoever holds the folder."""
    folder = home.work / "suggestions"
    folder.mkdir(exist_ok=True, mode=0o700)
    return folder / f"{study_id}-{'folder' if viewer_id is None else viewer_id or 'nobody'}.json"


def save_results(home: Home, results: Results, viewer_id: str | None) -> None:
    """Put the results in place of earlier ones, whole or not at all."""
    file = results_file(home, results.study_id, viewer_id)
    draft = file.with_suffix(".part")
    draft.write_text(json.dumps({"format": FORMAT, **asdict(results)}), encoding="utf-8")
    draft.replace(file)


def load_results(
    session: Session, home: Home, study_id: str, viewer_id: str | None
) -> Results | None:
    """The asker's results, or None where there are none that they may still see.

    A transcript that was open to them when it was learned from, and is not any more, makes the
    whole file unusable: its numbers rest on codings that they may not know.
    """
    try:
        read = json.loads(results_file(home, study_id, viewer_id).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(read, dict) or read.pop("format", None) != FORMAT:
        return None
    results = _results(read)
    now_open = open_transcripts(session, study_id, viewer_id)
    return results if set(results.open_transcripts) <= now_open else None


def _results(read: dict[str, Any]) -> Results:
    codes = [CodeQuality(**each) for each in read.pop("codes")]
    suggested = [
        Suggested(**(each | {"place": Place(**each["place"])})) for each in read.pop("suggested")
    ]
    overlooked = [
        Overlooked(**(each | {"place": Place(**each["place"])})) for each in read.pop("overlooked")
    ]
    overlooking = Overlooking(**read.pop("overlooking"))
    return Results(
        **read, codes=codes, suggested=suggested, overlooked=overlooked, overlooking=overlooking
    )
