"""``parihs compare``: a site comparison as a table or JSON, with the excerpts of each cell."""

from __future__ import annotations

from typing import Any

import click
import numpy as np

from parihs.cli.main import answer, home_option, json_option, study_option
from parihs.compare.axes import ROW_COLUMNS
from parihs.compare.denominators import load_denominators
from parihs.compare.excerpts import ALL, CONSENSUS, load_excerpts
from parihs.compare.filters import Filters
from parihs.compare.matrix import RATES, VALUES, Matrix, matrix
from parihs.errors import ParihsError
from parihs.home import Home
from parihs.store import Store
from parihs.store.codebooks import codebooks, definitions, latest_codebook_version
from parihs.store.studies import coders, get_study


@click.command("compare")
@click.option("--rows", type=click.Choice(list(ROW_COLUMNS)), default="site", show_default=True)
@click.option("--cols", default="construct", show_default=True, help="construct, code, or a level.")
@click.option("--value", type=click.Choice(list(VALUES)), default="count", show_default=True)
@click.option("--per", type=click.Choice(list(RATES)), default="none", show_default=True)
@click.option("--below", default=None, help="Key of a code: only the codes under it.")
@click.option(
    "--layer", default=CONSENSUS, show_default=True, help="consensus, all, or the key of a coder."
)
@click.option("--role", "roles", multiple=True, help="Only what these roles said.")
@click.option("--kind", "kinds", multiple=True, help="Only these kinds of workshop.")
@click.option("--cycle", "cycles", multiple=True, type=int, help="Only these PAR cycles.")
@click.option("--facilitators/--no-facilitators", default=True, show_default=True)
@study_option
@json_option
@home_option
def compare_command(
    home: Home,
    rows: str,
    cols: str,
    value: str,
    per: str,
    below: str | None,
    layer: str,
    roles: tuple[str, ...],
    kinds: tuple[str, ...],
    cycles: tuple[int, ...],
    facilitators: bool,
    study: str | None,
    as_json: bool,
) -> None:
    """Compare sites (or workshops, roles, participants, cycles) on codes."""
    with Store(home).read() as session:
        found = get_study(session, study)
        books = codebooks(session, found.id)
        version = latest_codebook_version(session, books[0].id) if books else None
        if version is None:
            raise ParihsError("This study has no codebook, so nothing is coded.", "Add one first.")
        codes = definitions(session, version.id)
        people = {coder.key: coder.id for coder in coders(session, found.id)}
        if layer not in (CONSENSUS, ALL) and layer not in people:
            raise ParihsError(f"There is no coder “{layer}”.", f"Known: {', '.join(people)}.")
        excerpts = load_excerpts(session, found.id, version.id, layer=people.get(layer, layer))
        denominators = load_denominators(session, found.id)
    keys = {code.key: code.code_id for code in codes}
    if below is not None and below not in keys:
        raise ParihsError(f"There is no code “{below}”.", "parihs code list shows those in use.")
    result = matrix(
        excerpts,
        denominators,
        codes,
        rows=rows,
        cols=cols,
        value=value,
        per=per,
        below=keys[below] if below else None,
        filters=Filters(
            roles=roles or None,
            kinds=kinds or None,
            cycles=cycles or None,
            include_facilitators=facilitators,
        ),
    )
    answer(as_json, _as_json(result), _as_lines(result))


def _as_json(result: Matrix) -> dict[str, Any]:
    return {
        "caption": result.caption(),
        "rows": [
            {"id": row.id, "label": row.label, "words": row.words, "workshops": row.workshops}
            for row in result.rows
        ],
        "columns": [{"id": column.id, "label": column.label} for column in result.columns],
        "cells": [
            {
                "row": row.id,
                "column": column.id,
                "value": None if np.isnan(result.values[r, c]) else float(result.values[r, c]),
                "state": str(result.states[r, c]),
                "excerpts": list(result.excerpts(row.id, column.id)),
            }
            for r, row in enumerate(result.rows)
            for c, column in enumerate(result.columns)
        ],
    }


def _as_lines(result: Matrix) -> list[str]:
    width = max((len(row.label) for row in result.rows), default=8)
    heads = [column.label[:14] for column in result.columns]
    lines = [" " * width + "  " + "  ".join(f"{head:>14}" for head in heads)]
    for r, row in enumerate(result.rows):
        cells = [
            f"{result.values[r, c]:14.4g}"
            if not np.isnan(result.values[r, c])
            else f"{result.states[r, c]:>14}"
            for c in range(len(heads))
        ]
        lines.append(f"{row.label:{width}}  " + "  ".join(cells))
    return [*lines, result.caption()]
