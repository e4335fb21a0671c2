"""All coefficients that apply to somebody's table, by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal

from parihs.agreement import (
    Agreement,
    Interval,
    Level,
    bar_u_alpha,
    bennett_s,
    brennan_prediger,
    code_table,
    cohen_kappa,
    conger_kappa,
    cu_alpha,
    fleiss_kappa,
    gwet_ac1,
    jaccard_distance,
    krippendorff_alpha,
    ku_alpha,
    lay_out,
    masi_distance,
    mvalpha,
    per_code,
    percent_agreement,
    randolph_kappa,
    scott_pi,
    sentence_boundaries,
    set_table,
    token_boundaries,
    u_alpha,
    whole_coding,
)
from parihs.agreement.intervals import FEW_CLUSTERS
from parihs.cli.agreement_file import SpansFile, UnitsFile
from parihs.errors import ParihsError

Measured = Literal["nominal", "ordinal", "interval", "ratio"]
How = Literal["cluster", "coincidence", "analytic"]
LABELS: Final[dict[str, Callable[..., Agreement]]] = {
    "percent": percent_agreement,
    "cohen": cohen_kappa,
    "scott": scott_pi,
    "bennett": bennett_s,
    "fleiss": fleiss_kappa,
    "conger": conger_kappa,
    "randolph": randolph_kappa,
    "brennan-prediger": brennan_prediger,
    "ac1": gwet_ac1,
}
WEIGHTED: Final = ("cohen-linear", "cohen-quadratic")
SETS: Final = ("mvalpha", "masi-alpha", "jaccard-alpha")
NAMES: Final = (*LABELS, *WEIGHTED, "alpha", *SETS)
TWO_CODERS: Final = ("cohen", "scott", "bennett", *WEIGHTED)


@dataclass(frozen=True)
class Options:
    """What was asked for; empty coefficients are those that suit the table."""

    level: Measured
    coefficients: tuple[str, ...]
    order: tuple[str, ...]
    interval: How | None
    b: int
    seed: int


def suitable(found: UnitsFile, level: Measured) -> tuple[str, ...]:
    """The coefficients that suit a table; percent agreement last, since it says least."""
    if found.sets:
        return SETS
    two = len(found.coders) == 2
    if level == "nominal":
        family = ("cohen", "scott", "bennett") if two else ("fleiss", "conger", "randolph")
        return ("alpha", *family, "ac1", "percent")
    return ("alpha", *(WEIGHTED if two else ()), "percent")


def of_units(found: UnitsFile, options: Options) -> dict[str, Any]:
    """Coefficients of a units × coders table, and for sets of labels those of every label."""
    names = options.coefficients or suitable(found, options.level)
    answer: dict[str, Any] = {
        "coefficients": [_one(name, found.units, found, options) for name in names]
    }
    if found.sets:
        labels = sorted({label for unit in found.units for one in unit if one for label in one})
        family = ("alpha", "cohen" if len(found.coders) == 2 else "fleiss", "ac1", "percent")
        answer["codes"] = [
            {
                "code": label,
                "n": [
                    sum(unit[c] is not None and label in unit[c] for unit in found.units)
                    for c in range(len(found.coders))
                ],
                "measures": [_one(name, _present(found, label), found, options) for name in family],
            }
            for label in labels
        ]
    return answer


def _present(found: UnitsFile, label: str) -> list[tuple[bool | None, ...]]:
    return [tuple(None if one is None else label in one for one in unit) for unit in found.units]


def _one(name: str, units: Sequence[Any], found: UnitsFile, options: Options) -> dict[str, Any]:
    if name not in NAMES:
        raise ParihsError(f"There is no coefficient “{name}”.", f"Known: {', '.join(NAMES)}.")
    if name in TWO_CODERS and len(found.coders) != 2:
        raise ParihsError(
            f"{name} is for two coders, and there are {len(found.coders)}.",
            "Use alpha, fleiss or conger.",
        )
    if found.sets != (name in SETS) and units is found.units:
        raise ParihsError(
            f"{name} does not suit these readings.",
            f"They are {'sets of labels' if found.sets else 'single labels'}: "
            f"use {', '.join(suitable(found, options.level))}.",
        )
    order = options.order or None
    if name == "alpha":
        level: Measured = options.level if units is found.units else "nominal"
        result = krippendorff_alpha(units, level, categories=order if level == "ordinal" else None)
    elif name in WEIGHTED:
        weights: Literal["linear", "quadratic"] = "linear" if name == WEIGHTED[0] else "quadratic"
        result = cohen_kappa(units, weights, categories=order)
    elif name == "mvalpha":
        result = mvalpha(units)
    elif name in SETS:
        distance = masi_distance if name == "masi-alpha" else jaccard_distance
        result = krippendorff_alpha(units, distance=distance)
    else:
        result = LABELS[name](units)
    return _with_interval(name, result, found.clusters, options)


def _with_interval(
    name: str, result: Agreement, clusters: Sequence[Any] | None, options: Options
) -> dict[str, Any]:
    interval: Interval | None = None
    note = None
    if options.interval is not None and result.value is not None:
        try:
            interval = result.interval(
                options.interval,
                clusters=clusters if options.interval == "cluster" else None,
                b=options.b,
                seed=options.seed,
            )
        except ParihsError as error:
            note = str(error)
    return {
        "name": name,
        "value": result.value,
        "undefined": result.undefined,
        "observed": result.observed,
        "expected": result.expected,
        "n_units": result.n_units,
        "n_pairable": result.n_pairable,
        "coverage": result.coverage,
        "interval": asdict(interval) if interval else None,
        "note": note,
    }


def of_spans(
    found: SpansFile, options: Options, unit: str, texts: Mapping[str, str]
) -> dict[str, Any]:
    """Coefficients per code and as a whole in every unit that is known, and the unitizing alphas.

    Without texts a position is the only unit there is.
    """
    lengths = {d: len(texts.get(d, "")) or length for d, length in found.lengths.items()}
    rungs = _rungs(lengths, texts)
    if unit not in rungs:
        raise ParihsError(
            f"Spans alone do not say where a {unit} begins and ends.",
            "Give the texts with --texts FOLDER, one file per document.",
        )
    given: dict[str, Any] = {"coders": found.coders, "codes": found.codes, "read": found.read}
    b = options.b if options.interval else 0
    how: Literal["document", "unit"] = "document" if len(lengths) >= FEW_CLUSTERS else "unit"
    headline = code_table(found.spans, rungs[unit], **given)
    layout = lay_out(found.spans, lengths, coders=found.coders, codes=found.codes, read=found.read)
    answer: dict[str, Any] = {
        "unit": unit,
        "units": {name: int(rung.sizes.sum()) for name, rung in rungs.items()},
        "coefficients": [
            {**_whole(found, rung, given, options), "unit": name} for name, rung in rungs.items()
        ],
        "codes": [
            {
                "code": row.code,
                "n": _given_by(found, row.code),
                "pairs": row.pairs,
                "prevalence": row.prevalence,
                "measures": [
                    {**asdict(measure), "name": name} for name, measure in row.measures.items()
                ],
            }
            for row in per_code(headline, b=b, seed=options.seed, resample=how)
        ],
        "boundaries": [],
    }
    if layout.left_out:
        answer["not_read_by_all"] = list(layout.left_out)
    for name, compute in (("u_alpha", u_alpha), ("cu_alpha", cu_alpha)):
        answer["boundaries"].append(_unitizing(name, compute, layout, options))
    if answer["boundaries"][0]["value"] is not None:
        for value in found.codes:
            answer["boundaries"].append(
                _unitizing(f"(k)u_alpha {value}", _of_value(value), layout, options)
            )
    for code in found.codes:
        alone = lay_out(found.spans, lengths, coders=found.coders, codes=[code], read=found.read)
        answer["boundaries"].append(_unitizing(f"bar_u_alpha {code}", bar_u_alpha, alone, options))
    return answer


def _whole(
    found: SpansFile, rung: Level, given: Mapping[str, Any], options: Options
) -> dict[str, Any]:
    """mvalpha; too few documents cannot be drawn again, so then single units are."""
    if len(found.lengths) >= FEW_CLUSTERS:
        result = whole_coding(found.spans, rung, **given)
        return _with_interval("mvalpha", result, list(found.lengths), options)
    sets = set_table(found.spans, rung, **given)
    return _with_interval("mvalpha", mvalpha(sets.units, counts=sets.counts), None, options)


def _unitizing(
    name: str, compute: Callable[..., Agreement], layout: Any, options: Options
) -> dict[str, Any]:
    try:
        result = compute(layout.coders, layout.length)
    except ParihsError as error:
        return {"name": name, "value": None, "undefined": str(error), "interval": None}
    if len(layout.ends) < 2:
        options = replace(options, interval=None)
    return _with_interval(name, result, layout.ends, options)


def _of_value(value: str) -> Callable[..., Agreement]:
    def compute(coders: Any, length: int) -> Agreement:
        found = ku_alpha(coders, length).get(value)
        if found is None:
            raise ParihsError(f"Nobody gave {value} in a document that all coders read.")
        return found

    return compute


def _given_by(found: SpansFile, code: Any) -> list[int]:
    return [sum(s[1] == coder and s[2] == code for s in found.spans) for coder in found.coders]


def _rungs(lengths: Mapping[str, int], texts: Mapping[str, str]) -> dict[str, Level]:
    characters = Level.characters(lengths)
    if set(lengths) - set(texts):
        return {"character": characters}
    lines = {d: [m.span() for m in re.finditer(r"[^\n]+", texts[d])] for d in lengths}
    return {
        "line": Level.of("line", lines),
        "sentence": Level.of(
            "sentence", {d: sentence_boundaries(texts[d], lines[d]) for d in lengths}
        ),
        "token": Level.of("token", {d: token_boundaries(texts[d]) for d in lengths}),
        "character": characters,
    }


def read_texts(folder: Path, found: SpansFile) -> dict[str, str]:
    """The text of every document, from a file of its name with or without ``.txt``.

    Raises ParihsError when one is missing or a span reaches beyond its text.
    """
    texts = {}
    for document, length in found.lengths.items():
        name = Path(document).name
        file = next((f for f in (folder / name, folder / f"{name}.txt") if f.is_file()), None)
        if file is None:
            raise ParihsError(
                f"There is no text of “{document}” in {folder}.", f"Put it there as {name}.txt."
            )
        text = file.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
        if found.read.get(document) and length > max(len(text), 1):
            raise ParihsError(
                f"A span of “{document}” ends at {length}; its text has {len(text)} characters.",
                "Check that this is the text that was coded.",
            )
        texts[document] = text
    return texts
