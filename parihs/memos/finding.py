"""All memos of a study that somebody may see, with the notes kept on codings among them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from parihs.coding.visibility import may_see_memo, visible_codings
from parihs.memos.about import Called, Target, called
from parihs.model import Coder, Coding, Memo
from parihs.model.terms import MEMO_KINDS

if TYPE_CHECKING:
    import pandas as pd

NOTE = "note"
"""Kind of the short memo that a coder keeps on a coding itself; it is written in the reader."""
KINDS = {**MEMO_KINDS, NOTE: "Note on a coding"}


@dataclass(frozen=True, slots=True)
class MemoView:
    """A memo with everything named that a page shows of it."""

    id: str
    kind: str
    """Of ``KINDS``."""
    text: str
    author_id: str
    author: str
    target: Target
    about: Called
    links: tuple[tuple[Target, Called], ...]
    created_at: datetime
    updated_at: datetime
    removed: bool
    own: bool

    @property
    def edited(self) -> bool:
        """Whether it was changed after it was written."""
        return (self.updated_at - self.created_at).total_seconds() > 1


def find_memos(
    session: Session,
    study_id: str,
    viewer_id: str | None,
    *,
    kinds: Collection[str] | None = None,
    types: Collection[str] | None = None,
    author_id: str | None = None,
    words: str = "",
    target: Target | None = None,
    removed: bool = False,
) -> list[MemoView]:
    """Memos the viewer may see, newest first.

    ``viewer_id`` None is whoever holds the study folder. ``types`` are of ``TARGETS``; ``words``
    are looked for, all of them, in the text and in what it is about; ``target`` also finds memos
    that are linked to it. With ``removed``, the viewer's own removed memos instead.
    """
    rows = _written(session, study_id, viewer_id, removed)
    if not removed:
        rows += _notes(session, study_id, viewer_id)
    people = {
        person.id: person.name
        for person in session.scalars(select(Coder).filter_by(study_id=study_id))
    }
    wanted = {each for memo in rows for each in (_target(memo), *_links(memo))}
    names = called(session, wanted - _hidden(session, viewer_id, wanted))
    views = [
        MemoView(
            id=memo.id,
            kind=memo.kind,
            text=memo.text,
            author_id=memo.author,
            author=people.get(memo.author, memo.author),
            target=_target(memo),
            about=names.get(_target(memo), Called("something that is no longer here")),
            links=tuple((each, names[each]) for each in _links(memo) if each in names),
            created_at=memo.created_at,
            updated_at=memo.updated_at,
            removed=memo.removed_at is not None,
            own=memo.author == viewer_id,
        )
        for memo in rows
    ]
    looked_for = words.casefold().split()
    found = [
        view
        for view in views
        if (kinds is None or view.kind in kinds)
        and (types is None or view.target.type in types)
        and (author_id is None or view.author_id == author_id)
        and (target is None or target in (view.target, *(each for each, _ in view.links)))
        and all(word in f"{view.text} {view.about.label}".casefold() for word in looked_for)
    ]
    return sorted(found, key=lambda view: (view.created_at, view.id), reverse=True)


def memo_table(memos: Sequence[MemoView]) -> pd.DataFrame:
    """One row a memo, for a file: kind, about, text, author, dates in UTC, links."""
    # The app's routes need memos at its start, and no table.
    import pandas as pd

    rows = [
        {
            "kind": KINDS[memo.kind],
            "about_type": memo.target.type,
            "about": memo.about.label,
            "text": memo.text,
            "author": memo.author,
            "written_at": memo.created_at.isoformat(timespec="seconds"),
            "changed_at": memo.updated_at.isoformat(timespec="seconds") if memo.edited else "",
            "links": "; ".join(each.label for _, each in memo.links),
            "id": memo.id,
        }
        for memo in memos
    ]
    columns = [
        "kind",
        "about_type",
        "about",
        "text",
        "author",
        "written_at",
        "changed_at",
        "links",
        "id",
    ]
    return pd.DataFrame.from_records(rows, columns=columns)


def _written(session: Session, study_id: str, viewer_id: str | None, removed: bool) -> list[Memo]:
    query = select(Memo).where(
        Memo.study_id == study_id, Memo.kind.in_(MEMO_KINDS), may_see_memo(viewer_id)
    )
    if removed:
        query = query.where(Memo.removed_at.is_not(None), Memo.author == viewer_id)
    else:
        query = query.where(Memo.removed_at.is_(None))
    return list(session.scalars(query))


def _notes(session: Session, study_id: str, viewer_id: str | None) -> list[Memo]:
    query = visible_codings(viewer_id).where(
        Coding.study_id == study_id, Coding.uncoded.is_(False), Coding.memo != ""
    )
    return [
        Memo(
            id=coding.id,
            study_id=study_id,
            author=coding.coder_id,
            kind=NOTE,
            target_type="coding",
            target_id=coding.id,
            text=coding.memo,
            created_at=coding.created_at,
            updated_at=coding.created_at,
        )
        for coding in session.scalars(query)
    ]


def _hidden(session: Session, viewer_id: str | None, targets: set[Target]) -> set[Target]:
    """Codings among these that the viewer may not see: a link must not tell of them either."""
    ids = {target.id for target in targets if target.type == "coding"}
    query = visible_codings(viewer_id).with_only_columns(Coding.id).where(Coding.id.in_(ids))
    return {Target("coding", key) for key in ids - set(session.scalars(query))}


def _target(memo: Memo) -> Target:
    return Target(memo.target_type, memo.target_id)


def _links(memo: Memo) -> list[Target]:
    return [Target(str(kind), str(key)) for kind, key in memo.links]
