"""Applying what a coder did: idempotent operations, one transaction, a line of history for each.

Browsers send every operation that has not been acknowledged yet, again and again if need be; the
operation's id makes sure that it happens once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from parihs.coding.anchors import Anchor, anchor
from parihs.coding.assignments import require_coding
from parihs.coding.visibility import visible_codings
from parihs.errors import ParihsError
from parihs.model import (
    Code,
    Codebook,
    CodebookVersion,
    CodeDefinition,
    Coder,
    Coding,
    Event,
    Transcript,
    TranscriptVersion,
    utc_now,
)
from parihs.model.terms import VALENCES
from parihs.store import Store, Transaction

Op = Mapping[str, Any]
CHANGEABLE = {"start", "end", "code", "valence", "memo"}
MARKS = ("undoes", "redoes", "together", "suggested")
"""What an operation may say of itself: for undoing, which step it takes back or does again and with
which others it is one step; and that it takes a suggestion."""
MEMO_LIMIT = 100_000
SENT = {
    "id": "id",
    "start": "start",
    "end": "end",
    "code": "code_id",
    "coder": "coder_id",
    "valence": "valence",
    "memo": "memo",
    "uncoded": "uncoded",
    "rev": "rev",
}
"""What browsers get of a coding, by name, and the column it stands in."""
UNREADABLE = "A change came in a form that cannot be read, so it was not made."


class MovedOn(Protocol):
    """The way from a version that was corrected meanwhile to the newest one."""

    newest: TranscriptVersion

    def place(self, start: int, end: int) -> tuple[int, int] | None:
        """Where a stretch stands now; None where its words are gone."""

    def left_behind(self, coding_id: str) -> None:
        """Take note of a coding that was made on the earlier version, since its words are gone."""


@dataclass(frozen=True, slots=True)
class OpsResult:
    """What became of a batch: the new revision, what was done, what was refused, what changed.

    ``all``: the delta is everything the coder may see now, since what they may see has changed.
    """

    rev: int
    acked: list[str] = field(default_factory=list)
    refused: list[dict[str, str]] = field(default_factory=list)
    delta: list[dict[str, Any]] = field(default_factory=list)
    all: bool = False


def apply_ops(
    store: Store,
    *,
    coder_id: str,
    version_id: str,
    codebook_version_id: str,
    ops: Sequence[Op],
    since: int = 0,
    moved_on: Callable[[Transaction, TranscriptVersion], MovedOn | None] = lambda tx, version: None,
) -> OpsResult:
    """Apply a coder's operations in order, in one transaction.

    Each op has ``op_id``, ``verb`` and ``coding_id``; verbs are ``code`` (with ``start``, ``end``,
    ``code``, optional ``valence`` and ``memo``), ``change`` (with ``set``), ``uncode``,
    ``restore``. Positions are code points, end-exclusive. An op that was applied before is
    acknowledged and not done again; one that cannot be applied is refused with the reason, and the
    others still go through. The delta holds the visible codings that changed after ``since``.
    ``moved_on`` says where positions stand when the version was corrected meanwhile.
    Raises MayNotError, doing nothing, where the coder may not code this transcript.
    """
    with store.write(coder_id) as tx:
        desk = Desk(tx, coder_id, version_id, codebook_version_id)
        desk.moved_on = moved_on(tx, desk.version)
        acked, refused = [], []
        ids = [_op_id(op) for op in ops]
        query = select(Event.op_id).where(Event.op_id.in_(ids), Event.actor == coder_id)
        done = set(tx.session.scalars(query))
        for op, op_id in zip(ops, ids, strict=True):
            try:
                if op_id not in done:
                    desk.apply(op, op_id)
                    done.add(op_id)
                acked.append(op_id)
            except ParihsError as error:
                refused.append({"op_id": op_id, "message": error.message, "hint": error.hint})
            except (KeyError, TypeError, ValueError, OverflowError):
                refused.append({"op_id": op_id, "message": UNREADABLE, "hint": "Reload the page."})
        tx.session.flush()
        anew = sight_changed(tx.session, version_id, since)
        rev, delta = changes(tx.session, coder_id, version_id, since)
        return OpsResult(rev, acked, refused, delta, anew)


def changes(
    session: Session, viewer_id: str | None, version_id: str, since: int = 0
) -> tuple[int, list[dict[str, Any]]]:
    """The current revision, and the visible codings of a version touched after ``since``.

    Where a release or an assignment since then has changed what people may see, they are all
    visible codings, older ones too.
    """
    anew = sight_changed(session, version_id, since)
    rev = session.scalar(select(func.max(Event.seq))) or 0
    query = (
        # Columns instead of objects: opening thousands of codings takes a third of the time.
        visible_codings(viewer_id)
        .with_only_columns(*(getattr(Coding, name) for name in SENT.values()))
        .where(Coding.version_id == version_id)
        .order_by(Coding.start)
    )
    if since == 0:
        query = query.where(Coding.uncoded.is_(False))
    elif anew:
        query = query.where(or_(Coding.rev > since, Coding.uncoded.is_(False)))
    else:
        query = query.where(Coding.rev > since)
    return rev, [dict(zip(SENT, row, strict=True)) for row in session.execute(query)]


def sight_changed(session: Session, version_id: str, since: int) -> bool:
    """Whether somebody may have come to see more or less of a version's codings after ``since``.

    That is so after a release, an assignment or a new role; never for whoever asks anew (0).
    """
    if since == 0:
        return False
    of_version = select(TranscriptVersion.transcript_id).filter_by(id=version_id).scalar_subquery()
    query = select(Event.seq).where(
        Event.seq > since,
        or_(
            and_(
                Event.object_type == "transcript",
                Event.object_id == of_version,
                Event.verb.in_(("released", "closed")),
            ),
            Event.object_type == "assignment",
            and_(Event.object_type == "coder", Event.verb == "gave a role"),
        ),
    )
    return session.scalar(query.limit(1)) is not None


def as_dict(coding: Coding) -> dict[str, Any]:
    """A coding as browsers get it."""
    return {name: getattr(coding, column) for name, column in SENT.items()}


class Desk:
    """One coder at one transcript version during one transaction."""

    def __init__(
        self,
        tx: Transaction,
        coder_id: str,
        version_id: str,
        codebook_version_id: str,
        owner_id: str = "",
    ) -> None:
        """``owner_id``: whose codings these are, where a lead restores another coder's."""
        self.tx = tx
        self.owner_id = owner_id or coder_id
        self.marks: dict[str, str] = {}
        coder = tx.session.get(Coder, coder_id)
        if coder is None:
            raise ParihsError(
                "Nothing was saved, because nobody is named as the coder.",
                "Say who you are in the side bar.",
            )
        self.coder = coder
        self.version = tx.session.get_one(TranscriptVersion, version_id)
        self.moved_on: MovedOn | None = None
        self.transcript = tx.session.get_one(Transcript, self.version.transcript_id)
        self.codebook_version_id = codebook_version_id
        if self.transcript.study_id != self.coder.study_id:
            raise ParihsError(
                "This coder does not belong to this study, so nothing was saved.", "Choose again."
            )
        if self.owner_id == coder_id:
            require_coding(tx.session, coder_id, self.transcript.id)

    def apply(self, op: Op, op_id: str) -> None:
        """Do one operation and write it down. Raises ParihsError where it cannot be done."""
        verbs = {
            "code": self._code,
            "change": self._change,
            "uncode": self._uncode,
            "restore": self._restore,
        }
        apply = verbs.get(op.get("verb", ""))
        if apply is None:
            raise ParihsError("The page asked for something unknown; it was not done.", "Reload.")
        self.marks = {name: str(op[name])[:64] for name in MARKS if op.get(name)}
        apply(op, op_id)

    def _code(self, op: Op, op_id: str) -> None:
        if self.tx.session.get(Coding, op["coding_id"]) is not None:
            raise ParihsError("This excerpt already has this coding.", "Nothing was lost.")
        version, start, end = self._place(int(op["start"]), int(op["end"]))
        place = anchor(self.tx.session, version, start, end)
        code_id, codebook_version_id = self._code_id(op["code"])
        coding = Coding(
            id=str(op["coding_id"]),
            study_id=self.transcript.study_id,
            transcript_id=self.transcript.id,
            version_id=version.id,
            start=place.start,
            end=place.end,
            quote=place.quote,
            prefix=place.prefix,
            suffix=place.suffix,
            code_id=code_id,
            codebook_version_id=codebook_version_id,
            coder_id=self.coder.id,
            valence=_valence(op.get("valence", "unrated")),
            memo=_memo(op.get("memo", "")),
        )
        self.tx.session.add(coding)
        self._record(coding, "coded", op_id, {**as_dict(coding), "rev": None})
        if self.moved_on is not None and version.id != self.moved_on.newest.id:
            self.moved_on.left_behind(coding.id)

    def _change(self, op: Op, op_id: str) -> None:
        coding = self._own(op)
        wanted = dict(op.get("set", {}))
        if not wanted or set(wanted) - CHANGEABLE:
            raise ParihsError("The page asked for an unknown change; it was not made.", "Reload.")
        before = {name: as_dict(coding)[name] for name in wanted}
        # All of it is checked before any of it is set: a refused change must leave no trace.
        new: dict[str, Any] = {}
        if "code" in wanted:
            new["code_id"], new["codebook_version_id"] = self._code_id(wanted["code"])
        if "valence" in wanted:
            new["valence"] = _valence(wanted["valence"])
        if "memo" in wanted:
            new["memo"] = _memo(wanted["memo"])
        if "start" in wanted or "end" in wanted:
            place = self._new_place(coding, wanted)
            wanted |= {"start": place.start, "end": place.end}
            before |= {"start": coding.start, "end": coding.end}
            new |= {"start": place.start, "end": place.end, "quote": place.quote}
            new |= {"prefix": place.prefix, "suffix": place.suffix}
        for name, value in new.items():
            setattr(coding, name, value)
        self._record(coding, "changed", op_id, {"from": before, "to": wanted})

    def _uncode(self, op: Op, op_id: str) -> None:
        coding = self._own(op)
        coding.uncoded = True
        self._record(coding, "uncoded", op_id, {})

    def _restore(self, op: Op, op_id: str) -> None:
        coding = self._own(op)
        coding.uncoded = False
        self._record(coding, "restored", op_id, {})

    def _own(self, op: Op) -> Coding:
        coding = self.tx.session.get(Coding, op["coding_id"])
        here = coding is not None and (
            coding.version_id == self.version.id
            or (self.moved_on is not None and coding.transcript_id == self.transcript.id)
        )
        if coding is None or not here:
            raise ParihsError("This coding is not in this transcript.", "Reload the page.")
        if coding.coder_id != self.owner_id:
            raise ParihsError(
                "This coding is another coder's, so it was left as it is.",
                "Code the excerpt yourself if you see it differently.",
            )
        return coding

    def _place(self, start: int, end: int) -> tuple[TranscriptVersion, int, int]:
        """Where a stretch that the browser named stands now, and on which version."""
        if self.moved_on is not None and (now := self.moved_on.place(start, end)) is not None:
            return self.moved_on.newest, *now
        return self.version, start, end

    def _new_place(self, coding: Coding, wanted: Mapping[str, Any]) -> Anchor:
        if {"start", "end"} <= wanted.keys() or self.moved_on is None:
            start, end = int(wanted.get("start", coding.start)), int(wanted.get("end", coding.end))
            version, start, end = self._place(start, end)
            if version.id == coding.version_id:
                return anchor(self.tx.session, version, start, end)
        raise ParihsError(
            "This text was corrected meanwhile, so the coding stays where it was.",
            "Look at it in the newest version, and change it there.",
        )

    def _code_id(self, code_id: str) -> tuple[str, str]:
        """The code, and the codebook version that it is given under.

        A code that was retired or split while a browser had not heard of it is given under the last
        version that had it: the review list of the codebook shows it, and no work is refused.
        """
        query = (
            select(Code.id, CodebookVersion.id)
            .join(CodeDefinition, CodeDefinition.code_id == Code.id)
            .join(CodebookVersion, CodebookVersion.id == CodeDefinition.codebook_version_id)
            .join(Codebook, Codebook.id == Code.codebook_id)
            .where(Code.id == code_id, Codebook.study_id == self.coder.study_id)
            .order_by(
                (CodebookVersion.id == self.codebook_version_id).desc(),
                CodebookVersion.number.desc(),
            )
            .limit(1)
        )
        found = self.tx.session.execute(query).first()
        if found is None:
            raise ParihsError("This code is not in the codebook, so it was not given.", "Reload.")
        return found[0], found[1]

    def _record(self, coding: Coding, verb: str, op_id: str, data: dict[str, Any]) -> None:
        coding.updated_at = utc_now()
        study_id = self.transcript.study_id
        self.tx.session.flush()
        coding.rev = self.tx.record(
            study_id, verb, "coding", coding.id, data | self.marks, op_id=op_id
        )


def _op_id(op: Op) -> str:
    if not op.get("op_id"):
        raise ParihsError("The page sent something unreadable.", "Reload it.")
    return str(op["op_id"])


def _valence(value: Any) -> str:
    valence = str(value)
    if valence not in VALENCES:
        raise ParihsError(
            f"“{valence}” is not a valence, so it was not saved.",
            f"Use one of: {', '.join(VALENCES)}.",
        )
    return valence


def _memo(value: Any) -> str:
    memo = str(value).replace("\x00", " ")
    if len(memo) > MEMO_LIMIT:
        raise ParihsError(
            "This memo is longer than 100,000 characters, so it was not saved.", "Shorten it."
        )
    return memo
