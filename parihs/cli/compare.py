"""``parihs compare``: a site comparison as a table or JSON, with the excerpts of each cell."""

from __future__ import annotations

from typing import Any

import click
import numpy as np

from parihs.cli.asking import Asked, comparing, read_material
from parihs.cli.main import answer, home_option, json_option
from parihs.compare.cooccurrence import TOGETHER, Cooccurrence, cooccurrence
from parihs.compare.matrix import Matrix, matrix
from parihs.home import Home


@click.command("compare")
@comparing
@click.option(
    "--cooccurrence",
    "together",
    type=click.Choice(list(TOGETHER)),
    default=None,
    help="Code by code: how often two codes overlap, share a turn, or stand a few turns apart.",
)
@click.option("--distance", type=int, default=3, show_default=True, help="Turns apart, at most.")
@json_option
@home_option
def compare_command(
    home: Home, asked: Asked, together: str | None, distance: int, as_json: bool
) -> None:
    """Compare sites (or workshops, roles, participants, cycles) on codes, or codes with codes."""
    material = read_material(home, asked)
    below, filters = asked.below_id(material), asked.filters()
    given = (material.excerpts, material.denominators, material.codes)
    if together is not None:
        pairs = cooccurrence(
            *given, by=together, distance=distance, cols=asked.cols, below=below, filters=filters
        )
        answer(as_json, _pairs_as_json(pairs), _pairs_as_lines(pairs))
        return
    result = matrix(
        *given,
        rows=asked.rows,
        cols=asked.cols,
        value=asked.value,
        per=asked.per,
        below=below,
        filters=filters,
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
    cells = [
        [
            f"{result.values[r, c]:14.4g}"
            if not np.isnan(result.values[r, c])
            else f"{result.states[r, c]:>14}"
            for c in range(len(result.columns))
        ]
        for r in range(len(result.rows))
    ]
    columns = [column.label for column in result.columns]
    return [*_table([row.label for row in result.rows], columns, cells), result.caption()]


def _pairs_as_json(pairs: Cooccurrence) -> dict[str, Any]:
    return {
        "caption": pairs.caption(),
        "codes": [{"id": code.id, "label": code.label} for code in pairs.codes],
        "cells": [
            {
                "row": one.id,
                "column": other.id,
                "value": int(pairs.counts[r, c]),
                "excerpts": list(pairs.excerpts(one.id, other.id)),
            }
            for r, one in enumerate(pairs.codes)
            for c, other in enumerate(pairs.codes)
            if pairs.counts[r, c]
        ],
    }


def _pairs_as_lines(pairs: Cooccurrence) -> list[str]:
    names = [code.label for code in pairs.codes]
    cells = [[f"{count:14,}" for count in row] for row in pairs.counts.tolist()]
    return [*_table(names, names, cells), pairs.caption()]


def _table(rows: list[str], columns: list[str], cells: list[list[str]]) -> list[str]:
    width = max((len(row) for row in rows), default=8)
    lines = [" " * width + "  " + "  ".join(f"{column[:14]:>14}" for column in columns)]
    lines += [f"{row:{width}}  " + "  ".join(line) for row, line in zip(rows, cells, strict=True)]
    return lines
