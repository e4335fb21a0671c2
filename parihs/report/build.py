"""Gathering a report from a study."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from parihs.compare.excerpts import CONSENSUS
from parihs.errors import ParihsError
from parihs.inquiry import Grid
from parihs.report.agreement import agreement_tables
from parihs.report.audit import decisions, deeds
from parihs.report.codebook import code_rows, coding_rows
from parihs.report.contents import PARTS, USUAL, FindingText, RatingSection, Report
from parihs.report.figures import figures
from parihs.report.findings import finding_texts, remarks
from parihs.report.grid import grid_table
from parihs.report.matrices import matrix_tables
from parihs.report.methods import methods
from parihs.report.participation import participation_tables
from parihs.report.ratings import rating_section
from parihs.report.source import Source, read_study

Progress = Callable[[str, float], None]
"""Called with what is being done, in words, and the share that is done (0–1)."""


def build(
    session: Session,
    study_id: str,
    *,
    codebook_version_id: str | None = None,
    viewer_id: str | None = None,
    layer: str = CONSENSUS,
    parts: Collection[str] = USUAL,
    chosen_grid: Grid | None = None,
    progress: Progress | None = None,
) -> Report:
    """Everything that a report on a study says, under its newest or another codebook version.

    ``viewer_id`` sees what the blinding rule lets them see: codings of transcripts that are not
    released are left out unless they are the viewer's own. None is whoever holds the study folder.
    ``layer`` as in ``load_excerpts``. ``parts``: keys of ``PARTS``.
    ``chosen_grid`` stands in place of the framework grid of sites and constructs.

    Raises ParihsError for an unknown part, or when there is no study or codebook to report on.
    """
    unknown = sorted(set(parts) - PARTS.keys())
    if unknown:
        raise ParihsError(
            f"A report has no part “{unknown[0]}”, so none was made.",
            f"Use some of: {', '.join(PARTS)}.",
        )
    source = read_study(
        session,
        study_id,
        codebook_version_id=codebook_version_id,
        viewer_id=viewer_id,
        layer=layer,
        parts=frozenset(parts),
        chosen_grid=chosen_grid,
    )
    made = _sections(source, progress or (lambda what, share: None))
    return Report(
        study=source.study.name,
        description=source.study.description,
        fictional=source.study.fictional,
        as_of=source.last_event.at if source.last_event else datetime(1980, 1, 1, tzinfo=UTC),
        seen_by=_seen_by(source),
        codebook=source.book.name,
        excerpts=source.register.excerpts,
        cited=_cited(made),
        **made,
    )


def _sections(source: Source, progress: Progress) -> dict[str, Any]:
    """The fields of a report by name; parts that were not chosen are left out."""
    steps: dict[str, Callable[[], dict[str, Any]]] = {
        "participation": lambda: {"tables": participation_tables(source)},
        "agreement": lambda: {"tables": agreement_tables(source)},
        "matrices": lambda: {
            "tables": matrix_tables(source),
            "codings": coding_rows(source),
        },
        "grid": lambda: {"grid": grid_table(source)},
        "ratings": lambda: {"ratings": rating_section(source)},
        "findings": lambda: {"findings": finding_texts(source), "remarks": remarks(source)},
        "codebook": lambda: {"codes": code_rows(source)},
        "figures": lambda: {"figures": figures(source)},
        "audit": lambda: {"deeds": deeds(source), "decisions": decisions(source)},
    }
    chosen = [name for name in steps if name in source.parts]
    made: dict[str, Any] = {"methods": methods(source), "tables": ()}
    for number, name in enumerate(chosen):
        progress(PARTS[name], number / len(chosen))
        for field, value in steps[name]().items():
            made[field] = made["tables"] + value if field == "tables" else value
    progress("Done", 1.0)
    return made


def _seen_by(source: Source) -> str:
    if source.viewer_id is None:
        return "all codings, released or not"
    name = source.names.get(source.viewer_id)
    own = f" and {name}’s own" if name else ""
    return f"released codings{own}"


def _cited(made: dict[str, Any]) -> frozenset[str]:
    return frozenset(_labels(made))


def _labels(made: dict[str, Any]) -> Iterator[str]:
    """Labels of the excerpts that texts rest on."""
    if made.get("grid"):
        for row in made["grid"].cells:
            for cell in row:
                yield from cell.excerpts
    ratings: RatingSection | None = made.get("ratings")
    for place in ratings.places if ratings else ():
        for given in (*place.ratings, *([place.agreed] if place.agreed else [])):
            yield from given.excerpts
    finding: FindingText
    for finding in made.get("findings", ()):
        for evidence in finding.evidence:
            if evidence.label:
                yield evidence.label
        for remark in finding.remarks:
            yield from remark.excerpts
