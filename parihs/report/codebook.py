"""The codebook as an appendix, and the codings themselves for tables."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from parihs.codebook.book import ORIGINS
from parihs.coding.visibility import may_see
from parihs.model import Coder, Coding, Site, Transcript, Turn, Workshop
from parihs.model.terms import VALENCES
from parihs.report.contents import CodeRow, CodingRow
from parihs.report.source import Source


def code_rows(source: Source) -> tuple[CodeRow, ...]:
    """Every code in tree order, with how many excerpts carry it."""
    used = source.excerpts.drop_duplicates("excerpt_id")["code_id"].value_counts()
    rows = []
    for code in source.codes:
        about = code.definition
        rows.append(
            CodeRow(
                depth=code.depth,
                name=code.name,
                key=code.key,
                colour=code.colour,
                definition=about.definition,
                when_to_use=about.when_to_use,
                when_not=about.when_not,
                example=about.example,
                origin=ORIGINS.get(about.origin, about.origin),
                n_excerpts=int(used.get(code.code_id, 0)),
            )
        )
    return tuple(rows)


def coding_rows(source: Source) -> tuple[CodingRow, ...]:
    """Every coding that the viewer may see, by workshop and position."""
    views = {code.code_id: code for code in source.codes}
    constructs = {code.key: code.name for code in source.codes if code.depth == 0}
    query = (
        select(Coding, Workshop.title, Coder.name, Turn.position)
        .join(Transcript, Transcript.id == Coding.transcript_id)
        .join(Workshop, Workshop.id == Transcript.workshop_id)
        .join(Site, Site.id == Workshop.site_id)
        .join(Coder, Coder.id == Coding.coder_id)
        .outerjoin(
            Turn,
            (Turn.version_id == Coding.version_id)
            & (Turn.start <= Coding.start)
            & (Turn.end > Coding.start),
        )
        .where(
            Coding.study_id == source.study.id,
            Coding.uncoded.is_(False),
            Coding.code_id.in_(list(views)),
            may_see(source.viewer_id),
        )
        .order_by(
            Site.position,
            Workshop.held_on,
            Workshop.position,
            Transcript.created_at,
            Coding.version_id,
            Coding.start,
            Coding.end,
            Coder.key,
            Coding.id,
        )
    )
    rows: list[Any] = list(source.session.execute(query))
    return tuple(
        CodingRow(
            workshop=title,
            turn=0 if position is None else position + 1,
            start=coding.start,
            end=coding.end,
            quote=coding.quote,
            code=views[coding.code_id].name,
            code_key=views[coding.code_id].key,
            construct=constructs[views[coding.code_id].construct_key],
            coder=coder,
            valence=VALENCES[coding.valence],
            memo=coding.memo,
            id=coding.id,
        )
        for coding, title, coder, position in rows
    )
