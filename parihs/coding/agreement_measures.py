"""Agreement on the codings of a study: presence in units, whole codings, boundaries.

Thin steps from ``Compared`` to the pure functions of ``parihs.agreement``. Bootstrap clusters are
workshops from six on, else single units, and then the interval says that it is too narrow.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, Literal, TypeAlias

import numpy as np

from parihs.agreement import (
    Agreement,
    CodeAgreement,
    CodeTable,
    Measure,
    bar_u_alpha,
    code_table,
    cu_alpha,
    krippendorff_alpha,
    lay_out,
    masi_distance,
    mvalpha,
    per_code,
    sentence_boundaries,
    set_table,
    token_boundaries,
    u_alpha,
    whole_coding,
)
from parihs.agreement import Level as Units
from parihs.coding.compared import Compared, ComparedTranscript
from parihs.coding.levels import CodeLevels, Level
from parihs.errors import ParihsError

ENOUGH_WORKSHOPS: Final = 6
SINGLE_UNITS: Final = (
    "Single units were drawn as if independent of their neighbours: likely to be too narrow."
)
Unit = Literal["turn", "sentence", "token", "character"]
UNITS: Final[tuple[Unit, ...]] = ("turn", "sentence", "token", "character")
Boundary = Literal["bar_u", "u", "cu"]
SpanRow: TypeAlias = tuple[str, str, str, int, int]
_BOUNDARY: Final[dict[Boundary, Callable[..., Agreement]]] = {
    "bar_u": bar_u_alpha,
    "u": u_alpha,
    "cu": cu_alpha,
}


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """How intervals are drawn: ``b`` replicates (0 for none) from a seed."""

    b: int = 1000
    seed: int = 1


class Measuring:
    """Coefficients for one choice of material, all of them from the same spans and units."""

    def __init__(self, compared: Compared, bootstrap: Bootstrap) -> None:
        self.compared = compared
        self.bootstrap = bootstrap
        self.coders = tuple(compared.coders)
        self.read = {t.id: t.readers for t in compared.transcripts}
        self.lengths = {t.id: t.length for t in compared.transcripts}
        workshops = [t.workshop_id for t in compared.transcripts]
        self.by_workshop = compared.workshops >= ENOUGH_WORKSHOPS
        self.clusters = workshops
        self._spans: dict[Level, dict[str, list[SpanRow]]] = {}
        self._whole: dict[tuple[Level, Unit, str | None], Measure] = {}

    @cached_property
    def units(self) -> dict[Unit, Units]:
        """The four rungs of the unit ladder."""
        turns = {t.id: _turn_ranges(t) for t in self.compared.transcripts}
        texts = {t.id: t.text for t in self.compared.transcripts}
        return {
            "turn": Units.of("turn", turns),
            "sentence": Units.of(
                "sentence", {i: sentence_boundaries(text, turns[i]) for i, text in texts.items()}
            ),
            "token": Units.of("token", {i: token_boundaries(text) for i, text in texts.items()}),
            "character": Units.characters(self.lengths),
        }

    def spans(self, level: Level, codes: Collection[str] | None = None) -> list[SpanRow]:
        """Codings as the agreement room reads them, their codes seen at a level."""
        if level not in self._spans:
            levels = CodeLevels(self.compared.codes, level)
            found: dict[str, list[SpanRow]] = {}
            for transcript in self.compared.transcripts:
                for span in transcript.codings:
                    code = levels[span.code_id]
                    row = (transcript.id, span.coder_id, code, span.start, span.end)
                    found.setdefault(code, []).append(row)
            self._spans[level] = found
        rows = self._spans[level]
        wanted = rows if codes is None else [code for code in codes if code in rows]
        return [row for code in wanted for row in rows[code]]

    def codes_at(self, level: Level, below: str | None = None) -> list[str]:
        """Ids of the codes that can occur at a level, in book order; ``below`` a construct's id."""
        levels = CodeLevels(self.compared.codes, level)
        construct = CodeLevels(self.compared.codes, "construct")
        wanted = [c.code_id for c in self.compared.codes]
        if below is not None:
            wanted = [code for code in wanted if construct[code] == below]
        return list(dict.fromkeys(levels[code] for code in wanted))

    def table(self, level: Level, unit: Unit, codes: Collection[str] | None = None) -> CodeTable:
        """Presence of codes (all, or some) in every unit; documents are workshops."""
        wanted = self.codes_at(level) if codes is None else list(codes)
        found = code_table(
            self.spans(level, wanted),
            self.units[unit],
            coders=self.coders,
            codes=wanted,
            read=self.read,
        )
        names = list(dict.fromkeys(self.clusters))
        counts = np.zeros((len(found.codes), len(names), len(found.rows)))
        for number, name in enumerate(self.clusters):
            counts[:, names.index(name)] += found.counts[:, number]
        return replace(found, documents=tuple(names), counts=counts)

    def per_code(
        self, level: Level, unit: Unit, codes: Collection[str] | None = None
    ) -> list[CodeAgreement]:
        """The table per code, of all codes or some."""
        how: Literal["document", "unit"] = "document" if self.by_workshop else "unit"
        b, seed = self.bootstrap.b, self.bootstrap.seed
        return per_code(self.table(level, unit, codes), b=b, seed=seed, resample=how)

    def whole(self, level: Level, unit: Unit, *, below: str | None = None) -> Measure:
        """mvalpha of all codes together, or of those below one construct."""
        key = (level, unit, below)
        if key not in self._whole:
            self._whole[key] = self._measure_whole(*key)
        return self._whole[key]

    def _measure_whole(self, level: Level, unit: Unit, below: str | None) -> Measure:
        spans = self.spans(level, self.codes_at(level, below))
        if self.by_workshop:
            result = whole_coding(spans, self.units[unit], coders=self.coders, read=self.read)
            return self.measure(result, self.clusters)
        sets = set_table(spans, self.units[unit], coders=self.coders, read=self.read)
        return self.measure(mvalpha(sets.units, counts=sets.counts), None)

    def masi(self, level: Level) -> Measure:
        """Alpha with the MASI distance between the sets of codes of each turn."""
        sets = set_table(
            self.spans(level),
            self.units["turn"],
            coders=self.coders,
            read=self.read,
        )
        result = krippendorff_alpha(sets.units, distance=masi_distance, counts=sets.counts)
        workshop = {t.id: t.workshop_id for t in self.compared.transcripts}
        clusters = [workshop[str(document)] for document in sets.documents]
        return self.measure(result, clusters if self.by_workshop else None)

    def boundary(self, kind: Boundary, level: Level, codes: Collection[str]) -> Measure:
        """A unitizing alpha in characters; undefined with the reason where it cannot be taken."""
        spans = self.spans(level, codes)
        layout = lay_out(spans, self.lengths, coders=self.coders, read=self.read)
        name = f"{kind}_alpha"
        if not layout.length:
            return Measure(name, None, "No transcript was read by all of these coders.", None)
        try:
            result = _BOUNDARY[kind](layout.coders, layout.length)
        except ParihsError:
            reason = "One coder's stretches with different codes overlap, so it does not apply."
            return Measure(name, None, reason, None)
        workshop = {t.id: t.workshop_id for t in self.compared.transcripts}
        ends: dict[str, int] = {}
        for document, end in zip(layout.documents, layout.ends, strict=False):
            ends[workshop[str(document)]] = end
        return self.measure(result, list(ends.values()))

    def one_transcript(self, transcript: ComparedTranscript, level: Level) -> Measure:
        """mvalpha of one transcript at turn level; its interval draws turns."""
        levels = CodeLevels(self.compared.codes, level)
        sets = set_table(
            [
                (transcript.id, s.coder_id, levels[s.code_id], s.start, s.end)
                for s in transcript.codings
            ],
            Units.of("turn", {transcript.id: _turn_ranges(transcript)}),
            coders=[coder for coder in self.coders if coder in transcript.readers],
        )
        return self.measure(mvalpha(sets.units, counts=sets.counts), None)

    def identical(self, level: Level) -> tuple[int, int, int]:
        """Turns read by two coders or more, those where somebody coded, and among these the turns
        where all gave exactly the same codes."""
        sets = set_table(
            self.spans(level),
            self.units["turn"],
            coders=self.coders,
            read=self.read,
        )
        n = coded = same = 0
        for unit, count in zip(sets.units, sets.counts, strict=True):
            given = [codes for codes in unit if codes is not None]
            if len(given) < 2:
                continue
            n += count
            if any(given):
                coded += count
                same += count * (len(set(given)) == 1)
        return n, coded, same

    def measure(self, result: Agreement, clusters: Sequence[str] | Sequence[int] | None) -> Measure:
        """The plain numbers of a result, with its interval."""
        b, seed = self.bootstrap.b, self.bootstrap.seed
        interval = None
        single = clusters is not None and len(set(clusters)) < 2
        if b and result.value is not None and not single:
            interval = result.interval(clusters=clusters, b=b, seed=seed)
            if clusters is None:
                interval = replace(interval, warning=SINGLE_UNITS)
        return Measure(result.name, result.value, result.undefined, interval)


def _turn_ranges(transcript: ComparedTranscript) -> list[tuple[int, int]]:
    return [(turn.start, turn.end) for turn in transcript.turns if turn.end > turn.start]
