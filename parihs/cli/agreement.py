"""``parihs agreement``: inter-coder agreement of anybody's table, or of the study at hand."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any, get_args

import click

from parihs.cli.agreement_compute import (
    NAMES,
    How,
    Measured,
    Options,
    of_spans,
    of_units,
    read_texts,
)
from parihs.cli.agreement_file import SpansFile, UnitsFile, all_numbers, read_file, with_numbers
from parihs.cli.main import answer, home_option, json_option, study_option
from parihs.cli.viewing import as_option, viewer
from parihs.coding.agreement_measures import Bootstrap
from parihs.coding.agreement_words import methods_sentence
from parihs.coding.compared import load_compared
from parihs.coding.levels import LEVELS, Level
from parihs.coding.study_agreement import StudyAgreement, study_agreement
from parihs.errors import ParihsError
from parihs.home import Home
from parihs.store import Store
from parihs.store.codebooks import codebooks, latest_codebook_version
from parihs.store.studies import get_study

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command("agreement")
@click.argument("file", type=FILE, required=False)
@click.option(
    "--level",
    type=click.Choice(get_args(Measured)),
    default="nominal",
    show_default=True,
    help="Level of measurement of the readings in FILE.",
)
@click.option("--order", default="", help="Labels from low to high, with commas: for ordinal.")
@click.option(
    "--unit",
    type=click.Choice(["character", "token", "sentence", "line"]),
    default="character",
    show_default=True,
    help="Headline unit for spans; all but character need --texts.",
)
@click.option("--texts", type=FOLDER, help="Folder with the text of each document of the spans.")
@click.option("--coefficients", default="", help=f"With commas, of: {', '.join(NAMES)}.")
@click.option(
    "--interval",
    type=click.Choice([*get_args(How), "none"]),
    default="cluster",
    show_default=True,
    help="How intervals are made; clusters are documents where the table names them.",
)
@click.option("--b", default=1000, show_default=True, help="Bootstrap replicates.")
@click.option("--seed", default=1, show_default=True, help="Seed of the bootstrap.")
@click.option(
    "--codes",
    type=click.Choice(LEVELS),
    default="code",
    show_default=True,
    help="Level of the codebook, for a study.",
)
@click.option("--unreleased", is_flag=True, help="With transcripts still coded blind, for a study.")
@as_option
@study_option
@json_option
@home_option
def agreement_command(
    home: Home,
    file: Path | None,
    level: Measured,
    order: str,
    unit: str,
    texts: Path | None,
    coefficients: str,
    interval: str,
    b: int,
    seed: int,
    codes: Level,
    unreleased: bool,
    reader: str | None,
    study: str | None,
    as_json: bool,
) -> None:
    """Agreement of the coders in FILE, or without FILE in the study at hand.

    FILE is a table: one line per unit and one column per coder (a column called document groups
    units for the intervals); or lines of unit, coder, code; or spans as document, coder, code,
    start, end. An empty cell is a unit that a coder did not read, [] one that was read and given
    nothing; a|b gives two codes. Spans count positions from 0, the end not included; a line with a
    coder and a document alone says that nothing was marked there.
    """
    if b < 0:
        raise ParihsError("There cannot be fewer than no replicates.", "Use --b 1000, or --b 0.")
    if file is None:
        found = _of_study(
            home, study, codes, Bootstrap(b, seed), unreleased=unreleased, reader=reader
        )
        answer(as_json, *found)
        return
    if study is not None:
        raise ParihsError("A file and a study were both named.", "Leave one of them out.")
    options = Options(
        level,
        _split(coefficients),
        _split(order),
        None if interval == "none" or b == 0 else next(h for h in get_args(How) if h == interval),
        max(b, 1),
        seed,
    )
    table = read_file(file)
    if isinstance(table, SpansFile):
        _show_spans(table, options, unit, texts, file.name, as_json=as_json)
    else:
        _show_units(table, options, file.name, as_json=as_json)


def _show_units(table: UnitsFile, options: Options, name: str, *, as_json: bool) -> None:
    numbers = options.level in ("interval", "ratio") or (
        options.level == "ordinal" and not options.order
    )
    if numbers or (options.level == "nominal" and all_numbers(table)):
        table = with_numbers(table, options.level)
    result = of_units(table, options)
    value = {
        "file": name,
        "layout": "units",
        "coders": list(table.coders),
        "n_units": len(table.units),
        "level": options.level,
        **result,
        "notes": table.notes,
    }
    lines = [f"{len(table.units):,} units, {len(table.coders)} coders: {', '.join(table.coders)}"]
    lines += [_line(c) for c in result["coefficients"]]
    lines += _code_lines(result.get("codes", []), table.coders)
    answer(as_json, value, [*lines, *_foot(result["coefficients"], options), *table.notes])


def _show_spans(
    table: SpansFile, options: Options, unit: str, texts: Path | None, name: str, *, as_json: bool
) -> None:
    words = read_texts(texts, table) if texts is not None else {}
    result = of_spans(table, options, unit, words)
    notes = list(table.notes)
    if not words:
        notes.append(
            "The end of each document is taken to be its last mark, so text left uncoded after it "
            "does not count; give the texts with --texts for sentences and words too."
        )
    value = {
        "file": name,
        "layout": "spans",
        "coders": list(table.coders),
        "documents": {d: sorted(readers) for d, readers in table.read.items()},
        **result,
        "notes": notes,
    }
    lines = [
        f"{len(table.spans):,} spans in {len(table.read)} documents, {len(table.coders)} coders: "
        f"{', '.join(table.coders)}",
        "",
        "Whole coding",
    ]
    for c in result["coefficients"]:
        size = f"{result['units'][c['unit']]:,} {c['unit']}s"
        lines.append(_line({**c, "name": f"mvalpha in {size}"}))
    lines += _code_lines(result["codes"], table.coders, unit)
    lines += ["", "Boundaries, in characters", *(_line(c) for c in result["boundaries"])]
    answer(as_json, value, [*lines, *_foot(result["coefficients"], options), *notes])


def _of_study(
    home: Home,
    study: str | None,
    level: Level,
    bootstrap: Bootstrap,
    *,
    unreleased: bool,
    reader: str | None,
) -> tuple[dict[str, Any], list[str]]:
    with Store(home).read() as session:
        chosen = get_study(session, study)
        books = codebooks(session, chosen.id)
        version = latest_codebook_version(session, books[0].id) if books else None
        if version is None:
            raise ParihsError("This study has no codebook, so nothing is coded.", "Add one first.")
        compared = load_compared(
            session,
            chosen.id,
            version.id,
            viewer_id=viewer(session, chosen.id, reader),
            released_only=not unreleased,
        )
        name = books[0].name
    found = study_agreement(compared, level=level, bootstrap=bootstrap)
    names = {code.code_id: code.name for code in compared.codes}
    keys = {code.code_id: code.key for code in compared.codes}
    coders = tuple(found.coders.values())
    codes = [
        {
            "code": keys[row.code_id],
            "name": names[row.code_id],
            "n": list(row.given.values()),
            "pairs": row.agreement.pairs,
            "prevalence": row.agreement.prevalence,
            "measures": [
                {**asdict(measure), "name": name}
                for name, measure in row.agreement.measures.items()
            ],
        }
        for row in found.codes
    ]
    whole = [
        {**asdict(measure), "name": f"mvalpha in {found.n_units[unit]:,} {unit}s", "unit": unit}
        for unit, measure in found.ladder[0].by_unit.items()
    ]
    whole.append({**asdict(found.masi), "name": "alpha, MASI distance, in turns", "unit": "turn"})
    sentence = methods_sentence(found, name)
    value = {
        "study": chosen.key,
        "coders": list(coders),
        "codebook_level": level,
        "n_transcripts": found.n_transcripts,
        "n_workshops": found.n_workshops,
        "n_turns": found.n_turns,
        "coefficients": whole,
        "codes": codes,
        "drift": [
            {"workshop": p.title, "held_on": p.held_on, **asdict(p.measure)} for p in found.drift
        ],
        "methods": sentence,
    }
    return value, _study_lines(found, codes, whole, coders, sentence)


def _study_lines(
    found: StudyAgreement,
    codes: list[dict[str, Any]],
    whole: list[dict[str, Any]],
    coders: tuple[str, ...],
    sentence: str,
) -> list[str]:
    used = [row for row in codes if any(row["n"])]
    return [
        f"{found.n_transcripts} transcripts, {found.n_turns:,} turns, coders {', '.join(coders)}",
        *(_line(c) for c in whole),
        *_code_lines([{**row, "code": row["name"]} for row in used], coders, "turn"),
        "",
        sentence,
    ]


def _line(c: dict[str, Any]) -> str:
    if c["value"] is None:
        return f"  {c['name']:34} not defined: {c['undefined']}"
    line = f"  {c['name']:34} {_number(c['value']):>6}  {_interval(c['interval'])}"
    if c.get("coverage") is not None:
        line += f"  coverage {c['coverage']:.0%}"
    return f"{line}  {c['note']}" if c.get("note") else line


def _code_lines(
    rows: list[dict[str, Any]], coders: tuple[str, ...], unit: str | None = None
) -> list[str]:
    if not rows:
        return []
    width = min(38, max(len(str(row["code"])) for row in rows))
    heads = [m["name"] for m in rows[0]["measures"]]
    title = f"Per code, in {unit}s" if unit else "Per code"
    counts = "n " + "/".join(coder.split()[0] for coder in coders)
    lines = ["", title, f"  {'':{width}}  {counts:>14}" + "".join(f"{h:>10}" for h in heads)]
    for row in rows:
        n = "/".join(str(x) for x in row["n"])
        cells = "".join(f"{_number(m['value']):>10}" for m in row["measures"])
        kappa = next(
            (m for m in row["measures"] if m["name"] in ("kappa", "cohen", "fleiss")), None
        )
        between = f"  {_interval(kappa['interval'])}" if kappa else ""
        lines.append(f"  {str(row['code'])[:width]:{width}}  {n:>14}{cells}{between}")
    reasons = {m["undefined"] for row in rows for m in row["measures"] if m["undefined"]}
    lines.append("  The interval is that of kappa.")
    return [*lines, *(f"  n. d. (not defined): {reason}" for reason in sorted(reasons))]


def _foot(coefficients: list[dict[str, Any]], options: Options) -> list[str]:
    intervals = [c["interval"] for c in coefficients if c["interval"]]
    if not intervals:
        return []
    first = intervals[0]
    drawn = f", {first['n_clusters']} clusters" if first["n_clusters"] else ""
    how = f"{first['method']} interval, {first['level']:.0%}{drawn}"
    if first["b"]:
        how += f", B = {first['b']:,}, seed {first['seed']}"
    warnings = {i["warning"] for i in intervals if i["warning"]}
    return ["", f"{how}; {first['source']}.", *sorted(warnings)]


def _interval(interval: dict[str, Any] | None) -> str:
    if interval is None or interval["low"] is None or interval["high"] is None:
        return ""
    return f"[{_number(interval['low'])}, {_number(interval['high'])}]"


def _number(value: float | None) -> str:
    if value is None:
        return "n. d."
    # Nothing is rounded up to a full agreement that it is not.
    return f"{min(value, 0.999) if value < 1 else value:.3f}".replace("-0.000", "0.000")


def _split(names: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in names.split(",") if name.strip())
