"""What a report is made from: one reading of the study, as one viewer may see it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from parihs.coding.agreement_measures import Bootstrap, Measuring
from parihs.coding.compared import load_compared
from parihs.compare.denominators import Denominators, load_denominators
from parihs.compare.excerpts import CONSENSUS, load_excerpts
from parihs.errors import ParihsError
from parihs.inquiry import FindingView, Grid, Lint, RatingSheet, findings, grid, lint, rating_sheet
from parihs.model import Codebook, CodebookVersion, Coder, Event, Site, Study, Workshop
from parihs.report.register import Register
from parihs.store.codebooks import (
    CodeView,
    codebooks,
    definitions,
    latest_codebook_version,
)
from parihs.store.studies import coders, sites, workshops


@dataclass(frozen=True)
class Source:
    """The study read once; sections of a report are computed from it.

    ``viewer_id`` sees what the blinding rule lets them see; None is the lead and sees all.
    """

    session: Session
    study: Study
    book: Codebook
    version: CodebookVersion
    codes: tuple[CodeView, ...]
    viewer_id: str | None
    layer: str
    parts: frozenset[str]
    chosen_grid: Grid | None = None
    """Another framework grid than that of sites and constructs."""

    @cached_property
    def coders(self) -> list[Coder]:
        """The study's coders by key."""
        return coders(self.session, self.study.id)

    @cached_property
    def names(self) -> dict[str, str]:
        """Coder id → name."""
        return {coder.id: coder.name for coder in self.coders}

    @cached_property
    def sites(self) -> list[Site]:
        """The study's sites in order."""
        return sites(self.session, self.study.id)

    @cached_property
    def workshops(self) -> list[Workshop]:
        """The study's workshops in order."""
        return workshops(self.session, self.study.id)

    @cached_property
    def excerpts(self) -> pd.DataFrame:
        """All coded excerpts of the chosen layer."""
        return load_excerpts(
            self.session,
            self.study.id,
            self.version.id,
            viewer_id=self.viewer_id,
            layer=self.layer,
        )

    @cached_property
    def denominators(self) -> Denominators:
        """Who spoke how much, where."""
        return load_denominators(self.session, self.study.id)

    @cached_property
    def grid(self) -> Grid:
        """The framework grid: the chosen one, or that of sites and constructs."""
        return self.chosen_grid or grid(
            self.session,
            self.study.id,
            self.version.id,
            layer=self.layer,
            viewer_id=self.viewer_id,
            excerpts=self.excerpts,
            denominators=self.denominators,
        )

    @cached_property
    def sheet(self) -> RatingSheet:
        """Ratings as the viewer may see them."""
        return rating_sheet(self.session, self.study.id, viewer_id=self.viewer_id)

    @cached_property
    def findings(self) -> list[FindingView]:
        """Findings in order, withdrawn ones left out."""
        return findings(self.session, self.study.id)

    @cached_property
    def lint(self) -> list[Lint]:
        """What to look at in the findings."""
        return lint(self.session, self.study.id, viewer_id=self.viewer_id)

    @cached_property
    def measuring(self) -> Measuring | None:
        """What two coders have read, ready to be measured; None where there is nothing."""
        compared = load_compared(
            self.session,
            self.study.id,
            self.version.id,
            viewer_id=self.viewer_id,
            released_only=self.viewer_id is not None,
        )
        return Measuring(compared, Bootstrap()) if compared.transcripts else None

    @cached_property
    def register(self) -> Register:
        """All excerpts that the chosen parts speak of."""
        ids: list[str] = []
        if {"matrices", "figures"} & self.parts:
            ids += self.excerpts["excerpt_id"].unique().tolist()
        if "grid" in self.parts:
            ids += [key for cell in self.grid.cells.values() for key in cell.excerpt_ids]
        if "ratings" in self.parts:
            for place in self.sheet.places.values():
                ids += [key for rating in place.ratings for key in rating.excerpt_ids]
                ids += place.team.excerpt_ids if place.team else []
        if "findings" in self.parts:
            ids += [key for view in self.findings for key in view.ids()]
            ids += [key for each in self.lint for key in each.ids]
        return Register(self.session, ids, self.viewer_id)

    @cached_property
    def last_event(self) -> Event | None:
        """The newest line of the study's audit trail."""
        newest = select(func.max(Event.seq)).where(Event.study_id == self.study.id)
        seq = self.session.scalar(newest)
        return None if seq is None else self.session.get(Event, seq)


def read_study(
    session: Session,
    study_id: str,
    *,
    codebook_version_id: str | None,
    viewer_id: str | None,
    layer: str = CONSENSUS,
    parts: frozenset[str],
    chosen_grid: Grid | None = None,
) -> Source:
    """Find the study and its codebook. Raises ParihsError where there is none to report on."""
    study = session.get(Study, study_id)
    if study is None:
        raise ParihsError("This study is no longer here, so there is no report.", "Choose another.")
    version: CodebookVersion | None
    if codebook_version_id is not None:
        version = session.get(CodebookVersion, codebook_version_id)
    else:
        books = codebooks(session, study_id)
        version = latest_codebook_version(session, books[0].id) if books else None
    if version is None:
        raise ParihsError(
            "This study has no codebook, so there is nothing to report on yet.", "Add one first."
        )
    book = session.get_one(Codebook, version.codebook_id)
    codes = tuple(definitions(session, version.id))
    return Source(session, study, book, version, codes, viewer_id, layer, parts, chosen_grid)
