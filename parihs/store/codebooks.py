"""Codebooks of a study: versions saved whole, codes that last, definitions in tree order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from parihs.codebook.book import Attribute, CodebookFile, CodeEntry, plain
from parihs.codebook.checks import ensure
from parihs.codebook.colours import code_colours
from parihs.codebook.tree import CodeTree
from parihs.errors import ParihsError
from parihs.model import Code, Codebook, CodebookVersion, CodeDefinition, Study
from parihs.store.store import Transaction

_ABOUT = [item.name for item in fields(CodebookFile) if item.name not in ("id", "codes")]
_DEFINED = [
    item.name
    for item in fields(CodeEntry)
    if item.name not in ("id", "parent", "rate_valence", "checked")
]


@dataclass(frozen=True, slots=True)
class CodeView:
    """A code as one codebook version defines it, with its place in the tree and its colour."""

    definition: CodeDefinition
    code_id: str
    key: str
    name: str
    parent_key: str | None
    depth: int
    """0 for a construct."""
    construct_key: str
    path: tuple[str, ...]
    """Names from the construct down to the code."""
    colour: str
    """``#RRGGBB``, the same everywhere."""
    rate_valence: bool


def save_codebook(
    tx: Transaction,
    study_id: str,
    book: CodebookFile,
    note: str = "",
    *,
    verb: str = "saved",
) -> CodebookVersion:
    """Save a codebook as the first or a new version; unchanged content gives the version there is.

    A code keeps its identity by its key, so codings stay with it through new definitions; a code
    that a new version leaves out keeps its codings and its place in the older versions. ``verb``
    is what the trail says was done, ``saved`` or ``extended`` (with a code of the team's own, which
    coders may do, too).

    Raises ParihsError when the study is unknown or the book has faults.
    """
    if tx.session.get(Study, study_id) is None:
        raise ParihsError("This study is no longer here; the codebook was not saved.")
    ensure(book)
    codebook = tx.session.scalar(select(Codebook).filter_by(study_id=study_id, key=book.id))
    if codebook is None:
        codebook = Codebook(study_id=study_id, key=book.id, name=book.name)
        tx.session.add(codebook)
        tx.session.flush()
        tx.record(study_id, "added", "codebook", codebook.id, {"key": book.id})
    latest = latest_codebook_version(tx.session, codebook.id)
    before = None if latest is None else codebook_file(tx.session, latest.id)
    if latest is not None and before == book:
        return latest
    codebook.name = book.name
    version = CodebookVersion(
        codebook_id=codebook.id,
        number=1 if latest is None else latest.number + 1,
        note=note,
        about=_about(book),
    )
    tx.session.add(version)
    tx.session.flush()
    _define(tx.session, version, book, _identities(tx.session, codebook.id, book))
    data = {"codebook": codebook.id, "number": version.number, "note": note}
    tx.record(study_id, verb, "codebook_version", version.id, data | _changes(before, book))
    return version


def codebooks(session: Session, study_id: str) -> list[Codebook]:
    """The study's codebooks by name."""
    query = select(Codebook).filter_by(study_id=study_id).order_by(Codebook.name, Codebook.key)
    return list(session.scalars(query))


def latest_codebook_version(session: Session, codebook_id: str) -> CodebookVersion | None:
    """The newest version of a codebook."""
    query = (
        select(CodebookVersion)
        .filter_by(codebook_id=codebook_id)
        .order_by(CodebookVersion.number.desc())
        .limit(1)
    )
    return session.scalar(query)


def codebook_versions(session: Session, codebook_id: str) -> list[CodebookVersion]:
    """All versions of a codebook, newest first."""
    query = select(CodebookVersion).filter_by(codebook_id=codebook_id)
    return list(session.scalars(query.order_by(CodebookVersion.number.desc())))


def newest_version_id(session: Session, version_id: str) -> str:
    """Id of what a codebook version has become; its own where there is nothing newer."""
    version = session.get(CodebookVersion, version_id) if version_id else None
    newest = latest_codebook_version(session, version.codebook_id) if version else None
    return version_id if newest is None else newest.id


def retired_codes(session: Session, version_id: str) -> dict[str, tuple[str, str]]:
    """Code id → (key, last name) of codes that only earlier versions of this codebook define."""
    version = session.get_one(CodebookVersion, version_id)
    here = select(CodeDefinition.code_id).where(CodeDefinition.codebook_version_id == version_id)
    query = (
        select(CodeDefinition.code_id, Code.key, CodeDefinition.name)
        .join(CodebookVersion, CodebookVersion.id == CodeDefinition.codebook_version_id)
        .join(Code, Code.id == CodeDefinition.code_id)
        .where(
            CodebookVersion.codebook_id == version.codebook_id,
            CodebookVersion.number < version.number,
            CodeDefinition.code_id.not_in(here),
        )
        .order_by(CodebookVersion.number)
    )
    return {code_id: (key, name) for code_id, key, name in session.execute(query)}


def code_ids(session: Session, codebook_id: str) -> dict[str, str]:
    """Ids of all codes that any version of the codebook ever had, by key."""
    query = select(Code).filter_by(codebook_id=codebook_id).order_by(Code.key)
    return {code.key: code.id for code in session.scalars(query)}


def definitions(session: Session, version_id: str) -> list[CodeView]:
    """What each code means in a version, parents followed by their children in file order."""
    rows = _rows(session, version_id)
    version = session.get_one(CodebookVersion, version_id)
    entries = _entries(rows, version.about)
    tree = CodeTree(entries)
    colours = code_colours(entries)
    by_key = {entry.id: (entry, row) for entry, row in zip(entries, rows, strict=True)}
    views: list[CodeView] = []
    for key in tree.order:
        entry, (definition, _) = by_key[key]
        views.append(
            CodeView(
                definition=definition,
                code_id=definition.code_id,
                key=key,
                name=entry.name,
                parent_key=entry.parent,
                depth=tree.depth(key),
                construct_key=tree.construct(key),
                path=tree.path(key),
                colour=colours[key],
                rate_valence=entry.rate_valence,
            )
        )
    return views


def codebook_file(session: Session, version_id: str) -> CodebookFile:
    """A saved version as a codebook file again, equal to the book it was saved from."""
    version = session.get_one(CodebookVersion, version_id)
    codebook = session.get_one(Codebook, version.codebook_id)
    about = version.about
    return CodebookFile(
        id=codebook.key,
        name=about["name"],
        codes=tuple(_entries(_rows(session, version_id), about)),
        version=about["version"],
        language=about["language"],
        licence=about["licence"],
        note=about["note"],
        attributes=tuple(_attribute(item) for item in about["attributes"]),
        rules=tuple(about["rules"]),
        crosswalk={
            name: {key: tuple(to) for key, to in pairs.items()}
            for name, pairs in about["crosswalk"].items()
        },
        sources=about["sources"],
        checked=about["checked"],
    )


def _about(book: CodebookFile) -> dict[str, Any]:
    about: dict[str, Any] = {name: plain(getattr(book, name)) for name in _ABOUT}
    about["attributes"] = [
        {item.name: plain(getattr(attribute, item.name)) for item in fields(Attribute)}
        for attribute in book.attributes
    ]
    about["unrated"] = [entry.id for entry in book.codes if not entry.rate_valence]
    about["checked_codes"] = {entry.id: entry.checked for entry in book.codes if entry.checked}
    return about


def _attribute(item: Mapping[str, Any]) -> Attribute:
    return Attribute(**{**item, "values": tuple(item["values"]), "extra": tuple(item["extra"])})


def _identities(session: Session, codebook_id: str, book: CodebookFile) -> dict[str, str]:
    """Ids by key for every code of the book, making those that are new."""
    known = code_ids(session, codebook_id)
    new = [
        Code(codebook_id=codebook_id, key=entry.id) for entry in book.codes if entry.id not in known
    ]
    session.add_all(new)
    session.flush()
    return known | {code.key: code.id for code in new}


def _define(
    session: Session, version: CodebookVersion, book: CodebookFile, ids: Mapping[str, str]
) -> None:
    session.add_all(
        CodeDefinition(
            codebook_version_id=version.id,
            code_id=ids[entry.id],
            parent_code_id=None if entry.parent is None else ids[entry.parent],
            position=position,
            **{name: plain(getattr(entry, name)) for name in _DEFINED},
        )
        for position, entry in enumerate(book.codes)
    )
    session.flush()


def _rows(session: Session, version_id: str) -> list[tuple[CodeDefinition, str]]:
    query = (
        select(CodeDefinition, Code.key)
        .join(Code, Code.id == CodeDefinition.code_id)
        .where(CodeDefinition.codebook_version_id == version_id)
        .order_by(CodeDefinition.position)
    )
    return [(definition, key) for definition, key in session.execute(query)]


def _entries(rows: list[tuple[CodeDefinition, str]], about: Mapping[str, Any]) -> list[CodeEntry]:
    key_of = {definition.code_id: key for definition, key in rows}
    unrated = set(about["unrated"])
    return [
        CodeEntry(
            id=key,
            name=row.name,
            parent=None if row.parent_code_id is None else key_of[row.parent_code_id],
            origin=row.origin,
            definition=row.definition,
            when_to_use=row.when_to_use,
            when_not=row.when_not,
            example=row.example,
            enabling=tuple(row.enabling),
            constraining=tuple(row.constraining),
            rate_valence=key not in unrated,
            source=tuple(row.source),
            checked=about["checked_codes"].get(key, ""),
            colour=row.colour,
        )
        for row, key in rows
    ]


def _changes(before: CodebookFile | None, book: CodebookFile) -> dict[str, list[str]]:
    """Keys of codes added, removed and redefined since the version before."""
    old = {} if before is None else {entry.id: entry for entry in before.codes}
    new = {entry.id: entry for entry in book.codes}
    return {
        "added": [key for key in new if key not in old],
        "removed": [key for key in old if key not in new],
        "changed": [key for key in new if key in old and new[key] != old[key]],
    }
