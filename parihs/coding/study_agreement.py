"""Inter-coder agreement of a study in full: per code, as a whole, unit by unit, over time.

Everything is computed once for a choice of transcripts, coders and codebook level, and kept as
plain numbers. The headline unit is the turn; sentences, tokens and characters stand beside it,
since one coefficient without its unit says little.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations

from parihs.agreement import CodeAgreement, Measure
from parihs.coding.agreement_measures import UNITS, Bootstrap, Measuring, Unit
from parihs.coding.compared import Compared, ComparedTranscript
from parihs.coding.disagreements import Place, compare, confused_codes, confusion
from parihs.coding.levels import LEVELS, Level
from parihs.errors import ParihsError


@dataclass(frozen=True)
class CodeRow:
    """One code: how often each coder gave it, in turns, and all that is said about agreement."""

    code_id: str
    given: dict[str, int]
    """Coder id → turns this coder gave the code, of those that two coders read."""
    agreement: CodeAgreement

    @property
    def used(self) -> bool:
        """Whether any coder gave it."""
        return any(self.given.values())


@dataclass(frozen=True)
class Rung:
    """One coding seen in every unit: how much of the agreement is about place."""

    code_id: str | None
    """None for the whole coding."""
    by_unit: dict[Unit, Measure]
    """mvalpha for the whole coding; alpha of coded against not coded for one code."""
    boundary: Measure
    """u_alpha for the whole coding; bar_u_alpha for one code; in characters."""


@dataclass(frozen=True)
class Step:
    """mvalpha at each level of the codebook: where in the tree agreement is lost."""

    construct_id: str | None
    """None for the whole codebook."""
    by_level: dict[Level, Measure]


@dataclass(frozen=True)
class DriftPoint:
    """Agreement in one transcript, to be read in the order of the workshops."""

    transcript_id: str
    title: str
    site: str
    held_on: date | None
    n_turns: int
    n_codings: dict[str, int]
    codebook_number: int
    measure: Measure


@dataclass(frozen=True)
class VersionPoint:
    """Agreement on what was coded under one version of the codebook."""

    number: int
    n_transcripts: int
    measure: Measure


@dataclass(frozen=True)
class StudyAgreement:
    """All numbers of one choice."""

    level: Level
    coders: dict[str, str]
    bootstrap: Bootstrap
    by_workshop: bool
    """Whether intervals draw whole workshops; otherwise single units."""
    n_transcripts: int
    n_workshops: int
    n_units: dict[Unit, int]
    n_turns: int
    """Turns that two coders or more read."""
    n_coded: int
    """Those in which at least one coder gave a code."""
    n_identical: int
    """Those of ``n_coded`` in which all coders gave exactly the same codes."""
    codes: tuple[CodeRow, ...]
    constructs: tuple[CodeRow, ...]
    whole: Measure
    masi: Measure
    cu: Measure
    """cu_alpha of the whole coding, where no coder's stretches overlap."""
    ladder: tuple[Rung, ...]
    """The whole coding, then every construct."""
    hierarchy: tuple[Step, ...]
    """The whole codebook, then every construct."""
    confusion: dict[tuple[str, str], dict[tuple[str | None, str | None], int]]
    """(coder, other coder) → (code of one, code of other) → places; None for no code."""
    confused: tuple[tuple[tuple[str, str], int], ...]
    """Pairs of codes that stood against each other, commonest first."""
    drift: tuple[DriftPoint, ...]
    """By date of the workshop."""
    versions: tuple[VersionPoint, ...]

    @property
    def kappa_name(self) -> str:
        """Which kappa the table per code shows."""
        return "Cohen’s kappa" if len(self.coders) == 2 else "Fleiss’ kappa"

    def code(self, code_id: str) -> CodeRow | None:
        """The row of a code, or of a construct."""
        rows = (*self.codes, *self.constructs)
        return next((row for row in rows if row.code_id == code_id), None)


def study_agreement(
    compared: Compared, *, level: Level = "code", bootstrap: Bootstrap | None = None
) -> StudyAgreement:
    """Compute everything for material that at least two coders have read.

    Raises ParihsError when there is none, and for an unknown level.
    """
    if not compared.transcripts:
        raise ParihsError(
            "No transcript here has been read by two coders, so there is nothing to compare.",
            "Let a second coder code one of them, or choose other transcripts.",
        )
    measuring = Measuring(compared, bootstrap or Bootstrap())
    codes = _rows(measuring, level)
    constructs = codes if level == "construct" else _rows(measuring, "construct")
    n_turns, n_coded, n_identical = measuring.identical(level)
    every = measuring.codes_at(level)
    whole = Rung(
        None,
        {unit: measuring.whole(level, unit) for unit in UNITS},
        measuring.boundary("u", level, every),
    )
    places = {t.id: _places(t, compared, level) for t in compared.transcripts}
    return StudyAgreement(
        level=level,
        coders=compared.coders,
        bootstrap=measuring.bootstrap,
        by_workshop=measuring.by_workshop,
        n_transcripts=len(compared.transcripts),
        n_workshops=compared.workshops,
        n_units={unit: int(measuring.units[unit].sizes.sum()) for unit in UNITS},
        n_turns=n_turns,
        n_coded=n_coded,
        n_identical=n_identical,
        codes=codes,
        constructs=constructs,
        whole=whole.by_unit["turn"],
        masi=measuring.masi(level),
        cu=measuring.boundary("cu", level, every),
        ladder=(whole, *_rungs(measuring, "construct", measuring.codes_at("construct"))),
        hierarchy=_hierarchy(measuring),
        confusion=_confusion(compared, places),
        confused=tuple(confused_codes(p for found in places.values() for p in found).items()),
        drift=_drift(measuring, level),
        versions=_versions(measuring, level),
    )


def _rows(measuring: Measuring, level: Level) -> tuple[CodeRow, ...]:
    table = measuring.table(level, "turn")
    paired = (table.rows >= 0).sum(axis=1) >= 2
    given = table.counts.sum(axis=1) @ ((table.rows == 1) * paired[:, None])
    return tuple(
        CodeRow(
            str(found.code),
            {coder: round(n) for coder, n in zip(measuring.coders, numbers, strict=True)},
            found,
        )
        for found, numbers in zip(measuring.per_code(level, "turn"), given.tolist(), strict=True)
    )


def code_ladder(
    compared: Compared, code_id: str, *, level: Level = "code", bootstrap: Bootstrap | None = None
) -> Rung:
    """One code in every unit: its alpha, and the boundaries of its stretches."""
    return _rungs(Measuring(compared, bootstrap or Bootstrap()), level, [code_id])[0]


def _rungs(measuring: Measuring, level: Level, codes: Sequence[str]) -> list[Rung]:
    found: dict[str, dict[Unit, Measure]] = {code: {} for code in codes}
    for unit in UNITS:
        for row in measuring.per_code(level, unit, codes):
            found[str(row.code)][unit] = row.measures["alpha"]
    return [
        Rung(code, by_unit, measuring.boundary("bar_u", level, [code]))
        for code, by_unit in found.items()
    ]


def _hierarchy(measuring: Measuring) -> tuple[Step, ...]:
    steps = [Step(None, {level: measuring.whole(level, "turn") for level in LEVELS})]
    for construct in measuring.codes_at("construct"):
        by_level = {level: measuring.whole(level, "turn", below=construct) for level in LEVELS}
        steps.append(Step(construct, by_level))
    return tuple(steps)


def _places(transcript: ComparedTranscript, compared: Compared, level: Level) -> list[Place]:
    return compare(
        transcript.codings,
        transcript.turns,
        compared.codes,
        level=level,
        coders=transcript.readers,
    )


def _confusion(
    compared: Compared, places: dict[str, list[Place]]
) -> dict[tuple[str, str], dict[tuple[str | None, str | None], int]]:
    found = {}
    for one, other in combinations(compared.coders, 2):
        counts: Counter[tuple[str | None, str | None]] = Counter()
        for transcript in compared.transcripts:
            if {one, other} <= transcript.readers:
                counts.update(confusion(places[transcript.id], one, other))
        found[one, other] = dict(counts)
    return found


def _drift(measuring: Measuring, level: Level) -> tuple[DriftPoint, ...]:
    points = []
    for transcript in measuring.compared.transcripts:
        given = Counter(span.coder_id for span in transcript.codings)
        points.append(
            DriftPoint(
                transcript_id=transcript.id,
                title=transcript.title,
                site=transcript.site,
                held_on=transcript.held_on,
                n_turns=sum(turn.end > turn.start for turn in transcript.turns),
                n_codings={c: given[c] for c in measuring.coders if c in transcript.readers},
                codebook_number=transcript.codebook_number,
                measure=measuring.one_transcript(transcript, level),
            )
        )
    # Workshops without a date come last, in the study's order.
    return tuple(sorted(points, key=lambda p: (p.held_on is None, p.held_on or date.max)))


def _versions(measuring: Measuring, level: Level) -> tuple[VersionPoint, ...]:
    compared = measuring.compared
    found = []
    for number in sorted({t.codebook_number for t in compared.transcripts}):
        chosen = tuple(t for t in compared.transcripts if t.codebook_number == number)
        part = Measuring(replace(compared, transcripts=chosen), measuring.bootstrap)
        found.append(VersionPoint(number, len(chosen), part.whole(level, "turn")))
    return tuple(found)
