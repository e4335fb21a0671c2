"""Codings as a table that people can read and write in a spreadsheet.

One row per coding: ``turn`` (1-based), ``quote`` (exact words of that turn; empty for all of it),
``code`` (its key), ``coder`` (its key), ``valence``, ``memo``; and ``which``, for a quote that
occurs more than once in its turn: 2 means the second time.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from io import StringIO
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from parihs.coding.anchors import CONTEXT
from parihs.errors import ParihsError
from parihs.model import Coder, Coding, Transcript, TranscriptVersion, Turn, new_id, utc_now
from parihs.model.terms import VALENCES
from parihs.store import Transaction
from parihs.store.codebooks import code_ids
from parihs.store.transcripts import SEPARATOR, TurnView

COLUMNS = ("turn", "quote", "code", "coder", "valence", "memo", "which")
EXACT = {"quote", "memo"}
"""Columns whose blanks at the ends count."""


def import_codings(
    tx: Transaction,
    path: Path,
    *,
    version_id: str,
    codebook_id: str,
    codebook_version_id: str,
) -> int:
    """Read a codings table onto a transcript version and return how many codings came in.

    Either every row comes in or none does. Raises ParihsError naming the file and each bad row.
    """
    version = tx.session.get_one(TranscriptVersion, version_id)
    transcript = tx.session.get_one(Transcript, version.transcript_id)
    query = select(Turn).filter_by(version_id=version_id).order_by(Turn.position)
    turns = list(tx.session.scalars(query))
    text = SEPARATOR.join(turn.text for turn in turns)
    codes = code_ids(tx.session, codebook_id)
    coders = {
        coder.key: coder.id
        for coder in tx.session.scalars(select(Coder).filter_by(study_id=transcript.study_id))
    }
    problems: list[str] = []
    rows: list[dict[str, Any]] = []
    for number, row in _rows(path):
        try:
            start, end = _place(turns, row)
            code_id = _known(codes, row["code"], "code")
            coder_id = _known(coders, row["coder"], "coder")
            valence = _known({v: v for v in VALENCES}, row["valence"] or "unrated", "valence")
        except ValueError as problem:
            problems.append(f"row {number}: {problem}")
            continue
        rows.append(
            {
                "id": new_id(),
                "study_id": transcript.study_id,
                "transcript_id": transcript.id,
                "version_id": version_id,
                "start": start,
                "end": end,
                "code_id": code_id,
                "codebook_version_id": codebook_version_id,
                "coder_id": coder_id,
                "quote": text[start:end],
                "prefix": text[max(0, start - CONTEXT) : start],
                "suffix": text[end : end + CONTEXT],
                "valence": valence,
                "memo": row["memo"],
                "uncoded": False,
                "created_at": utc_now(),
                "updated_at": utc_now(),
            }
        )
    if problems:
        shown = "; ".join(problems[:10]) + (" …" if len(problems) > 10 else "")
        raise ParihsError(
            f"{path.name}: {len(problems)} of its rows cannot be read, so none was imported: "
            f"{shown}.",
            "Mend these rows and import the file again.",
        )
    seq = tx.record(
        transcript.study_id,
        "imported codings",
        "transcript_version",
        version_id,
        {"codings": [row["id"] for row in rows]},
    )
    if rows:
        tx.session.execute(insert(Coding), [{**row, "rev": seq} for row in rows])
    return len(rows)


def write_codings(
    codings: Iterable[Coding],
    turns: list[TurnView],
    *,
    code_keys: dict[str, str],
    coder_keys: dict[str, str],
) -> str:
    """Codings of one version as the table ``import_codings`` reads.

    ``code_keys`` and ``coder_keys`` map ids to keys. A coding that runs over several turns becomes
    a row for each turn, since a row's quote lies in one turn.
    """
    target = StringIO()
    writer = csv.DictWriter(target, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for coding in codings:
        for view in turns:
            turn = view.turn
            start, end = max(coding.start, turn.start), min(coding.end, turn.end)
            if start >= end:
                continue
            quote = turn.text[start - turn.start : end - turn.start]
            writer.writerow(
                {
                    "turn": turn.position + 1,
                    "quote": "" if quote == turn.text else quote,
                    "code": code_keys[coding.code_id],
                    "coder": coder_keys[coding.coder_id],
                    "valence": coding.valence,
                    "memo": coding.memo,
                    "which": _which(turn.text, quote, start - turn.start),
                }
            )
    return target.getvalue()


def _rows(path: Path) -> Iterable[tuple[int, dict[str, str]]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ParihsError(
            f"{path.name} could not be read as text, so no coding was imported.",
            "Save it as CSV in UTF-8.",
        ) from error
    reader = csv.DictReader(StringIO(text))
    missing = {"turn", "code", "coder"} - set(reader.fieldnames or ())
    if missing:
        raise ParihsError(
            f"{path.name} has no column {', '.join(sorted(missing))}, so no coding was imported.",
            f"Its first line should name the columns: {', '.join(COLUMNS)}.",
        )
    for number, row in enumerate(reader, start=2):
        values = {column: row.get(column) or "" for column in COLUMNS}
        yield number, {c: v if c in EXACT else v.strip() for c, v in values.items()}


def _place(turns: list[Turn], row: dict[str, str]) -> tuple[int, int]:
    number = _number(row["turn"])
    if not 1 <= number <= len(turns):
        raise ValueError(f"there is no turn “{row['turn']}” (there are {len(turns)})")
    turn = turns[number - 1]
    quote = row["quote"] if row["quote"] in turn.text else row["quote"].strip()
    if not quote:
        return turn.start, turn.end
    places = _places(turn.text, quote)
    if not places:
        raise ValueError(f"the quote is not in turn {number}")
    which = _number(row["which"] or "1")
    if len(places) > 1 and not row["which"]:
        raise ValueError(
            f"the quote occurs {len(places)} times in turn {number}; make it longer, or say which"
        )
    if not 1 <= which <= len(places):
        raise ValueError(f"the quote occurs {len(places)} times in turn {number}, not {which}")
    start = turn.start + places[which - 1]
    return start, start + len(quote)


def _places(text: str, quote: str) -> list[int]:
    """Where a quote begins in a text, overlapping ones too."""
    return [at for at in range(len(text) - len(quote) + 1) if text.startswith(quote, at)]


def _which(text: str, quote: str, at: int) -> str:
    """How many times the quote has occurred up to here; empty where it occurs once."""
    places = _places(text, quote)
    return str(places.index(at) + 1) if len(places) > 1 else ""


def _number(text: str) -> int:
    """A whole number written in plain digits; 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() else 0


def _known(values: dict[str, str], key: str, what: str) -> str:
    if key not in values:
        raise ValueError(f"there is no {what} “{key}”")
    return values[key]
