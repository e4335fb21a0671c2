"""One training: learn from all workshops but some, score those, measure, and note the places.

Runs in the child process. Every sentence of a coded workshop is scored by a model that has not seen
that workshop; those of workshops nobody coded yet, by a model of all the others.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from parihs.errors import ParihsError
from parihs.model import Transcript
from parihs.suggestions.likeness import FloatArray, Likeness, closest
from parihs.suggestions.material import Material, Unit, above, read_material
from parihs.suggestions.quality import Measured, folds, measure, too_few
from parihs.suggestions.results import (
    CodeQuality,
    Overlooked,
    Overlooking,
    Place,
    Results,
    Suggested,
)

NEIGHBOURS: Final = 3
MOST_OF_A_CODE: Final = 400
MOST_OVERLOOKED: Final = 300
FEWEST_WORDS: Final = 4
"""A sentence of fewer words is too short to be called overlooked."""
ALIKE: Final = 0.1
SEVERAL: Final = 5
"""Over how many of the nearest coded sentences likeness is averaged."""
LIKEST: Final = 100
"""How many of the likest sentences are counted to say how good likeness is."""

Told = Callable[[float, str], object]
Scores = dict[int, FloatArray]


def train(
    session: Session, study_id: str, viewer_id: str | None, told: Told = lambda *_: None
) -> Results:
    """Learn from what a viewer may see of a study. Raises ParihsError where that is too little."""
    began, cpu = time.monotonic(), time.process_time()
    told(0.0, "Reading the codings")
    material = read_material(session, study_id, viewer_id)
    coded = sorted(material.learned_from())
    if len(coded) < 2:
        raise ParihsError(
            "There is too little to learn from: codings of at least two workshops are needed, "
            "and only those count that you may see.",
            "Code more, or release transcripts on the Team page.",
        )
    scored = _scored(material, _language(session, study_id), coded, told)
    told(0.95, "Looking for the nearest coded excerpts")
    units = [unit for unit in material.units if unit.workshop_id in set(coded)]
    qualities, thresholds = _qualities(units, material, scored)
    near = _Nearest(material)
    overlooked, overlooking = near.overlooked(set(coded))
    return Results(
        study_id=study_id,
        viewer_id=viewer_id or "",
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        n_units=len(units),
        n_workshops=len(coded),
        n_folds=len(set(scored.fold.values())),
        n_codings=len({key for u in units for keys in u.codings.values() for key in keys}),
        seconds=round(time.monotonic() - began, 1),
        cpu_seconds=round(time.process_time() - cpu, 1),
        open_transcripts=sorted(material.open_transcripts),
        codes=qualities,
        suggested=_suggested(material, scored, thresholds, near),
        overlooked=overlooked,
        overlooking=overlooking,
    )


class _Scored:
    """Scores of all sentences, and how they came about."""

    def __init__(self, labels: list[str], scores: FloatArray, fold: dict[str, int]) -> None:
        self.labels, self.scores, self.fold = labels, scores, fold


def _scored(material: Material, language: str, coded: list[str], told: Told) -> _Scored:
    # The heavy library is imported by the child process only, and only when there is work for it.
    from parihs.suggestions.learner import Features, train_and_score

    units = material.units
    workshops = [unit.workshop_id for unit in units]
    learned = [unit for unit in units if unit.workshop_id in set(coded)]
    of_workshop = [unit.workshop_id for unit in learned]
    labels = [code for code in material.codes if not too_few(_given(learned, code), of_workshop)]
    fold = folds(coded, [of_workshop.count(key) for key in coded])
    scores = np.zeros((len(units), len(labels)))
    if not labels:
        return _Scored(labels, scores, fold)
    features = Features(material)
    seen = [features.of(unit) for unit in units]
    rounds = sorted(set(fold.values()))
    if set(workshops) - set(coded):
        rounds.append(-1)
    for number in rounds:
        asked = [n for n, w in enumerate(workshops) if fold.get(w, -1) == number]
        known = [n for n, w in enumerate(workshops) if fold.get(w, number) != number]
        before = rounds.index(number) / len(rounds)
        scores[asked] = train_and_score(
            language,
            labels,
            [(seen[n], units[n].codes) for n in known],
            [seen[n] for n in asked],
            lambda share, before=before: told(  # type: ignore[misc]
                0.05 + 0.9 * (before + share / len(rounds)),
                f"Learning, round {rounds.index(number) + 1} of {len(rounds)}",  # noqa: B023
            ),
        )
    return _Scored(labels, scores, fold)


def _qualities(
    units: list[Unit], material: Material, scored: _Scored
) -> tuple[list[CodeQuality], dict[str, float]]:
    learned = np.array([unit.workshop_id in scored.fold for unit in material.units])
    workshops = [unit.workshop_id for unit in units]
    fold = np.array([scored.fold[key] for key in workshops])
    found, thresholds = [], {}
    for code in material.codes:
        given = _given(units, code)
        held = len({w for w, yes in zip(workshops, given, strict=True) if yes})
        if code not in scored.labels:
            n = int(given.sum())
            why = too_few(given, workshops)
            found.append(CodeQuality(code, n, held, base_rate=n / len(units), refused=why))
            continue
        column = scored.scores[learned, scored.labels.index(code)]
        measured = measure(given, column, fold, workshops)
        found.append(_quality(code, measured))
        if not measured.refused and measured.threshold is not None:
            thresholds[code] = measured.threshold
    return found, thresholds


def _quality(code_id: str, measured: Measured) -> CodeQuality:
    return CodeQuality(
        code_id,
        measured.n_examples,
        measured.n_workshops,
        measured.suggested,
        measured.right,
        measured.precision,
        measured.recall,
        measured.base_rate,
        measured.average_precision,
        measured.refused,
    )


def _suggested(
    material: Material, scored: _Scored, thresholds: dict[str, float], near: _Nearest
) -> list[Suggested]:
    found = []
    for code, least in thresholds.items():
        column = scored.scores[:, scored.labels.index(code)]
        order = [int(n) for n in np.argsort(-column, kind="stable") if column[n] >= least]
        found += [
            Suggested(
                _place(material.units[n]), code, round(float(column[n]), 4), near.with_code(n, code)
            )
            for n in order[:MOST_OF_A_CODE]
        ]
    return found


class _Nearest:
    """The coded sentences nearest to any sentence."""

    def __init__(self, material: Material) -> None:
        self._units = material.units
        self._parents = material.parents
        self._coded = [unit for unit in material.units if unit.codings]
        self._likeness = Likeness([unit.words for unit in self._coded])

    def with_code(self, number: int, code: str) -> list[str]:
        """Codings of a code, or one below it, whose sentences are most like this one."""
        unit = self._units[number]
        values = self._likeness.to(unit.words)
        allowed = [
            code in each.codes and (each.version_id, each.start) != (unit.version_id, unit.start)
            for each in self._coded
        ]
        chosen = closest(values, allowed, NEIGHBOURS, ALIKE)
        return [self._coding(self._coded[n], code) for n in chosen]

    def overlooked(self, workshops: set[str]) -> tuple[list[Overlooked], Overlooking]:
        """Sentences that nobody coded, the likest to coded ones first; and how good that is."""
        of = np.array([unit.workshop_id for unit in self._coded])
        ranked: list[tuple[float, Unit, FloatArray]] = []
        for unit in self._units:
            if len(unit.words) < FEWEST_WORDS or unit.workshop_id not in workshops:
                continue
            values = np.where(of != unit.workshop_id, self._likeness.to(unit.words), 0.0)
            # The cosine alone puts short sentences with one rare word first: on the demo they were
            # coded less often than others. What is shared with several says more.
            several = np.sort(values)[-SEVERAL:].mean() if len(values) else 0.0
            shared = float(several) * self._likeness.weight_of(unit.words)
            ranked.append((shared, unit, values))
        ranked.sort(key=lambda each: (-each[0], each[1].version_id, each[1].start))
        likest = [bool(unit.codings) for _, unit, _ in ranked[:LIKEST]]
        overall = sum(bool(unit.codings) for _, unit, _ in ranked) / max(len(ranked), 1)
        missing = [
            each for each in ranked if not each[1].codings and each[2].max(initial=0.0) >= ALIKE
        ]
        found = [
            Overlooked(
                _place(unit),
                round(alike, 3),
                [
                    self._coding(self._coded[n])
                    for n in closest(values, [True] * len(values), NEIGHBOURS, ALIKE)
                ],
            )
            for alike, unit, values in missing[:MOST_OVERLOOKED]
        ]
        return found, Overlooking(len(likest), sum(likest), overall)

    def _coding(self, unit: Unit, code: str | None = None) -> str:
        fits = [key for key in unit.codings if code is None or code in above(key, self._parents)]
        return unit.codings[fits[0]][0]


def _given(units: list[Unit], code: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.fromiter((code in unit.codes for unit in units), dtype=bool, count=len(units))


def _place(unit: Unit) -> Place:
    return Place(unit.version_id, unit.transcript_id, unit.start, unit.end)


def _language(session: Session, study_id: str) -> str:
    query = select(Transcript.language).where(
        Transcript.study_id == study_id, Transcript.language.is_not(None)
    )
    spoken = [str(language) for language in session.scalars(query)]
    return max(set(spoken), key=spoken.count) if spoken else "en"
