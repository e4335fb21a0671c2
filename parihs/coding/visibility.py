"""The one rule of who sees whose codings; every page, route, count and export asks here.

In words. Every transcript is coded blind until it is released.

- Everybody always sees their own codings.
- Once a transcript is released, everybody sees all codings of it.
- Before that, a *lead* sees all codings of it, too, unless they are one of its coders: as long as
  it is assigned to them, or they have coded anything in it, they are as blind as the others. Until
  anything is assigned in a study, every lead is taken to code everything, and sees nothing.
- Whoever has not said who they are, and every viewer, sees what is released.

What shows others' codings follows them: decisions on disagreements and agreement are seen where
*all* codings of a transcript are (:func:`open_to`), memos where the thing that they are about is.
That somebody has marked a transcript as read to the end is their word to the team and is seen by
all; whether they have begun, and how much they coded, is not.

Roles and who may change what: ``parihs.store.roles``; who codes what: ``coding.assignments``.
On a laptop there is no password, so this rule binds the app: whoever has the study's folder can
read all of it.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from parihs.model import Assignment, Coder, Coding, Memo, Transcript
from parihs.store.roles import LEAD

OF_THE_TEAM = (
    *("study", "site", "workshop", "participant", "recording"),
    *("codebook", "code", "disagreement", "finding"),
)
"""Target types of memos that everybody may read."""


def open_to(viewer_id: str | None) -> ColumnElement[bool]:
    """Condition on a query with Transcript: the viewer may see everybody's codings of it.

    ``None`` is whoever holds the study folder itself (the command line): all of them. An empty
    string is somebody who has not said who they are.
    """
    if viewer_id is None:
        return true()
    if not viewer_id:
        return Transcript.released.is_(True)
    return or_(Transcript.released, _leads_without_coding(viewer_id))


def may_see(viewer_id: str | None) -> ColumnElement[bool]:
    """Condition on a query that joins Coding and Transcript: the viewer may see the coding."""
    if viewer_id is None:
        return Coding.id.is_not(None)
    return or_(Coding.coder_id == viewer_id, open_to(viewer_id))


def visible_codings(viewer_id: str | None) -> Select[Coding]:
    """Query for all codings the viewer may see, taken-back ones included."""
    return (
        select(Coding)
        .join(Transcript, Transcript.id == Coding.transcript_id)
        .where(may_see(viewer_id))
    )


def is_open_to(session: Session, viewer_id: str | None, transcript_id: str) -> bool:
    """Whether the viewer may see everybody's codings of one transcript."""
    query = select(Transcript.id).where(Transcript.id == transcript_id, open_to(viewer_id))
    return session.scalar(query) is not None


def open_transcripts(session: Session, study_id: str, viewer_id: str | None) -> set[str]:
    """Ids of the transcripts of which the viewer may see everybody's codings."""
    query = select(Transcript.id).where(Transcript.study_id == study_id, open_to(viewer_id))
    return set(session.scalars(query))


def may_see_memo(viewer_id: str | None) -> ColumnElement[bool]:
    """Condition on a query with Memo: their own, and those on things whose codings they may see.

    A memo on a coding goes with the coding, one on a transcript or an excerpt with the transcript;
    the others are the whole team's (disagreements are discussed once the transcript is released). A
    memo on anything else is seen by its author only, until this rule says more.
    """
    if viewer_id is None:
        return true()
    seen = select(Transcript.id).where(open_to(viewer_id))
    coding = aliased(Coding)
    # Asked for each memo, since all codings of a large study would fill a list of their own.
    its_coding = (
        select(coding.id)
        .where(
            coding.id == Memo.target_id,
            or_(coding.coder_id == viewer_id, coding.transcript_id.in_(seen)),
        )
        .correlate(Memo)
        .exists()
    )
    return or_(
        Memo.author == viewer_id,
        and_(Memo.target_type == "coding", its_coding),
        and_(Memo.target_type == "transcript", Memo.target_id.in_(seen)),
        # an excerpt's id begins with its transcript's, 32 characters
        and_(Memo.target_type == "excerpt", func.substr(Memo.target_id, 1, 32).in_(seen)),
        Memo.target_type.in_(OF_THE_TEAM),
    )


def _leads_without_coding(viewer_id: str) -> ColumnElement[bool]:
    """The viewer is a lead, and none of this transcript's coders."""
    person, coder, given, own = (
        aliased(Coder),
        aliased(Coder),
        aliased(Assignment),
        aliased(Assignment),
    )
    coded = aliased(Coding)
    return and_(
        exists(select(person.id).where(person.id == viewer_id, person.role == LEAD)),
        exists(
            select(given.id)
            .join(coder, coder.study_id == given.study_id)
            .where(coder.id == viewer_id, given.withdrawn.is_(False))
        ),
        Transcript.id.not_in(
            select(own.transcript_id).where(own.coder_id == viewer_id, own.withdrawn.is_(False))
        ),
        Transcript.id.not_in(
            select(coded.transcript_id).where(coded.coder_id == viewer_id).distinct()
        ),
    )
