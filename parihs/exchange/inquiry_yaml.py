"""A team's summaries, ratings and findings from a plain file, as the demo study comes with them.

``inquiry.yaml`` lies beside ``study.yaml``. Excerpts are named as people would name them: by
workshop, turn (1-based) and exact words; each becomes what the coders agreed on there, or the
coding that fits best where they did not agree.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from pathlib import Path
from typing import Any, Final

import yaml
from sqlalchemy import select

from parihs.coding.consensus import Span, shared_spans
from parihs.errors import ParihsError
from parihs.inquiry import add_finding, agree, group_sites, link_excerpts, marker, rate, save_cell
from parihs.model import CodebookVersion, Coding, Site, Study, Transcript, Turn, Workshop
from parihs.store import Transaction
from parihs.store.codebooks import definitions
from parihs.store.studies import coders, sites, workshops
from parihs.store.transcripts import latest_versions

FORMAT: Final = "parihs-inquiry/1"
FILE: Final = "inquiry.yaml"

_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The safe loader; in C where there is one, ten times faster."""


def load_inquiry(tx: Transaction, study: Study, book: CodebookVersion, path: Path) -> None:
    """Bring the file's summaries, ratings and findings into a study, each in its author's name.

    Raises ParihsError naming the entry that does not fit the study; the caller's transaction then
    takes everything back.
    """
    about = _parsed(path)
    reader = _Reader(tx, study, book)
    for name, load in (
        ("grid", reader.cell),
        ("ratings", reader.rated),
        ("findings", reader.finding),
    ):
        for number, entry in enumerate(about.get(name) or [], start=1):
            try:
                load(entry)
            except (KeyError, TypeError, ValueError) as error:
                raise _faulty(f"{name}, entry {number}: {_said(error)}") from error
    if about.get("grouping"):
        reader.grouping(about["grouping"])


def _parsed(path: Path) -> dict[str, Any]:
    try:
        about = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise _faulty(f"it cannot be read ({error})") from error
    if not isinstance(about, dict) or about.get("format") != FORMAT:
        raise _faulty(f"it does not say “format: {FORMAT}”")
    return about


class _Reader:
    """Turns the file's names into the study's ids."""

    def __init__(self, tx: Transaction, study: Study, book: CodebookVersion) -> None:
        self.tx, self.study = tx, study
        self.people = {coder.key: coder.id for coder in coders(tx.session, study.id)}
        self.sites: dict[str, Site] = {site.key: site for site in sites(tx.session, study.id)}
        views = definitions(tx.session, book.id)
        self.codes = {view.key: view.code_id for view in views}
        self.below: dict[str, set[str]] = defaultdict(set)
        for view in views:
            self.below[view.construct_key].add(view.code_id)
            self.below[view.key].add(view.code_id)
        self.places = _Places(tx, study.id)

    def cell(self, entry: dict[str, Any]) -> None:
        save_cell(
            self._as(entry["by"]),
            self.study.id,
            "site",
            self.sites[entry["site"]].id,
            self.codes[entry["construct"]],
            summary=entry["summary"],
            status=entry["status"],
            base_rev=0,
            excerpt_ids=self._excerpts(entry["excerpts"], entry["construct"]),
        )

    def rated(self, entry: dict[str, Any]) -> None:
        construct = entry["construct"]
        site_id, code_id = self.sites[entry["site"]].id, self.codes[construct]
        for key in self.people:
            if given := entry.get(key):
                rate(
                    self._as(key),
                    site_id=site_id,
                    code_id=code_id,
                    value=str(given["value"]),
                    rationale=given["rationale"],
                    excerpt_ids=self._excerpts(given["excerpts"], construct),
                )
        if agreed := entry.get("agreed"):
            agree(
                self._as(agreed["by"]),
                site_id=site_id,
                code_id=code_id,
                value=str(agreed["value"]),
                base_rev=0,
                rationale=agreed["rationale"],
                excerpt_ids=self._excerpts(agreed["excerpts"], construct),
            )

    def finding(self, entry: dict[str, Any]) -> None:
        tx = self._as(entry["by"])
        ids = {item["key"]: self._excerpts([item])[0] for item in entry["excerpts"]}
        claim = entry["claim"]
        for key, excerpt_id in ids.items():
            claim = claim.replace(marker(key), marker(excerpt_id))
        found = add_finding(
            tx, self.study.id, title=entry["title"], claim=claim, status=entry["status"]
        )
        for item in entry["excerpts"]:
            link_excerpts(
                tx, found.id, [ids[item["key"]]], stance=item["stance"], note=item.get("note", "")
            )

    def grouping(self, entry: dict[str, Any]) -> None:
        group_sites(
            self.tx,
            self.study.id,
            high=[self.sites[key].id for key in entry["high"]],
            low=[self.sites[key].id for key in entry["low"]],
            outcome=entry["outcome"],
            rule=entry["rule"],
        )

    def _as(self, key: str) -> Transaction:
        return Transaction(self.tx.session, self.people[key])

    def _excerpts(self, items: list[dict[str, Any]], construct: str | None = None) -> list[str]:
        wanted = None if construct is None else self.below[construct]
        return [self.places.excerpt(item, wanted) for item in items]


class _Places:
    """Finds the excerpt that stands at exact words of a turn."""

    def __init__(self, tx: Transaction, study_id: str) -> None:
        self.session = tx.session
        self.workshops: dict[str, Workshop] = {w.key: w for w in workshops(self.session, study_id)}
        self.versions = latest_versions(self.session, study_id)
        self._versions: dict[str, str] = {}
        self._turns: dict[str, list[Turn]] = {}
        self._spans: dict[str, list[tuple[str, str, int, int]]] = {}

    def excerpt(self, item: dict[str, Any], codes: Collection[str] | None) -> str:
        """Id of the excerpt that overlaps the words most closely, of these codes or of any."""
        version_id = self._version(item["workshop"])
        start, end = self._stretch(version_id, int(item["turn"]), item["quote"])
        near = [
            (_alike(start, end, s, e), key)
            for key, code_id, s, e in self._standing(version_id)
            if (codes is None or code_id in codes) and s < end and e > start
        ]
        if not near:
            raise ValueError(f"nothing is coded at “{item['quote']}” ({item['workshop']})")
        # The first of equals, so that the same files give the same study.
        return max(near, key=lambda found: found[0])[1]

    def _version(self, workshop: str) -> str:
        if workshop not in self._versions:
            query = select(Transcript.id).filter_by(workshop_id=self.workshops[workshop].id)
            first = self.session.scalar(query.order_by(Transcript.created_at).limit(1))
            if first is None:
                raise ValueError(f"{workshop} has no transcript")
            self._versions[workshop] = self.versions[first].id
        return self._versions[workshop]

    def _stretch(self, version_id: str, number: int, quote: str) -> tuple[int, int]:
        if version_id not in self._turns:
            query = select(Turn).filter_by(version_id=version_id).order_by(Turn.position)
            self._turns[version_id] = list(self.session.scalars(query))
        turns = self._turns[version_id]
        turn = turns[number - 1] if 0 < number <= len(turns) else None
        at = -1 if turn is None else turn.text.find(quote)
        if turn is None or at < 0:
            raise ValueError(f"“{quote}” is not in turn {number}")
        return turn.start + at, turn.start + at + len(quote)

    def _standing(self, version_id: str) -> list[tuple[str, str, int, int]]:
        """What coders agree on, then each coding: ``id, code, start, end``."""
        if version_id not in self._spans:
            query = select(Coding).filter_by(version_id=version_id, uncoded=False)
            found = [
                Span(c.id, version_id, c.code_id, c.coder_id, c.start, c.end, c.valence)
                for c in self.session.scalars(query.order_by(Coding.start, Coding.end, Coding.id))
            ]
            shared = [
                (f"{version_id}.{s.code_id}.{s.start}-{s.end}", s.code_id, s.start, s.end)
                for s in shared_spans(found)
            ]
            shared.sort(key=lambda each: (each[2], each[3]))
            self._spans[version_id] = shared or [(s.id, s.code_id, s.start, s.end) for s in found]
        return self._spans[version_id]


def _alike(start: int, end: int, other_start: int, other_end: int) -> float:
    """Share of two overlapping stretches that they have in common."""
    both = min(end, other_end) - max(start, other_start)
    return both / (max(end, other_end) - min(start, other_start))


def _said(error: Exception) -> str:
    return f"there is no {error}" if isinstance(error, KeyError) else str(error)


def _faulty(what: str) -> ParihsError:
    return ParihsError(
        f"{FILE}: {what}; nothing was loaded.", "Mend the file, or leave it out of the folder."
    )
