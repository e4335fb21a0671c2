"""What is learned from: the sentences of the newest transcripts, and who gave them which codes.

Only codings that the asking viewer may see are read. A coded sentence carries its code and every
code above it in the tree, so that a construct is learned from all its children.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from parihs.agreement import sentence_boundaries
from parihs.coding.visibility import open_transcripts, visible_codings
from parihs.model import (
    Code,
    Codebook,
    CodeChoice,
    Coding,
    Participant,
    Speaker,
    Turn,
)
from parihs.store.codebooks import CodeView, codebooks, definitions, latest_codebook_version
from parihs.store.transcripts import latest_versions, transcripts

COVERS: Final = 0.5
"""A coding counts for a sentence where they share half of the shorter of the two."""
WORD: Final = re.compile(r"\w+(?:[’'\-]\w+)*")


@dataclass(slots=True)
class Unit:
    """One sentence; positions are code points of its version, end-exclusive."""

    version_id: str
    transcript_id: str
    workshop_id: str
    start: int
    end: int
    words: tuple[str, ...]
    """In lower case."""
    role: tuple[str, ...] = ()
    """Who speaks: ``facilitator`` or not, and the role, as far as known."""
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    codings: dict[str, list[str]] = field(default_factory=dict)
    """Code id → ids of the codings that give exactly this code here."""
    codes: frozenset[str] = frozenset()
    """Those codes and all above them."""


@dataclass(frozen=True, slots=True)
class Material:
    """The sentences of a study in reading order, and the codes to learn."""

    units: list[Unit]
    codes: dict[str, CodeView]
    parents: dict[str, str | None]
    """Code id → id of the code above it."""
    own_words: dict[str, tuple[str, ...]]
    """Code id → the words the codebook, and whoever asks, have for it."""
    open_transcripts: frozenset[str]
    """Transcripts of which the viewer may see all codings."""

    def learned_from(self) -> set[str]:
        """Ids of the workshops in whose transcripts there is a visible coding."""
        return {unit.workshop_id for unit in self.units if unit.codings}


def read_material(session: Session, study_id: str, viewer_id: str | None) -> Material:
    """The material of a study as one viewer may see it; ``None`` sees all of it."""
    books = codebooks(session, study_id)
    book = latest_codebook_version(session, books[0].id) if books else None
    views = definitions(session, book.id) if book else []
    codes = {view.code_id: view for view in views}
    parents = parents_of(views)
    units = _sentences(session, study_id)
    _give_codes(session, study_id, viewer_id, units, parents)
    return Material(
        units,
        codes,
        parents,
        _own_words(session, study_id, viewer_id, views),
        frozenset(open_transcripts(session, study_id, viewer_id)),
    )


def in_words(text: str) -> tuple[str, ...]:
    """The words of a text, in lower case."""
    return tuple(WORD.findall(text.lower()))


def parents_of(views: Iterable[CodeView]) -> dict[str, str | None]:
    """Code id → id of the code above it; by its key, which a moved code keeps."""
    views = list(views)
    by_key = {view.key: view.code_id for view in views}
    return {view.code_id: by_key.get(view.parent_key or "") for view in views}


def above(code_id: str, parents: dict[str, str | None]) -> list[str]:
    """A code and all above it, the nearest first."""
    found = [code_id]
    while (parent := parents.get(found[-1])) is not None:
        found.append(parent)
    return found


def _sentences(session: Session, study_id: str) -> list[Unit]:
    newest = latest_versions(session, study_id)
    query = (
        select(Turn.start, Turn.text, Participant.facilitator, Participant.role)
        .outerjoin(Speaker, Speaker.id == Turn.speaker_id)
        .outerjoin(Participant, Participant.id == Speaker.participant_id)
        .order_by(Turn.position)
    )
    newest = latest_versions(session, study_id)
    units: list[Unit] = []
    for transcript in transcripts(session, study_id):
        version = newest.get(transcript.id)
        if version is None:
            continue
        ids = (version.id, transcript.id, transcript.workshop_id)
        for first, text, leads, role in session.execute(query.where(Turn.version_id == version.id)):
            who: tuple[str, ...] = (
                () if leads is None else ("facilitator" if leads else "participant",)
            )
            who += in_words(role or "")
            for start, end in sentence_boundaries(text):
                words = in_words(text[start:end])
                if words:
                    units.append(Unit(*ids, first + start, first + end, words, who))
    return _with_neighbours(units)


def _with_neighbours(units: Sequence[Unit]) -> list[Unit]:
    found = []
    for number, unit in enumerate(units):
        last = units[number - 1] if number else None
        following = units[number + 1] if number + 1 < len(units) else None
        found.append(
            replace(
                unit,
                codings={},
                before=last.words if last and last.version_id == unit.version_id else (),
                after=following.words
                if following and following.version_id == unit.version_id
                else (),
            )
        )
    return found


def _give_codes(
    session: Session,
    study_id: str,
    viewer_id: str | None,
    units: list[Unit],
    parents: dict[str, str | None],
) -> None:
    query = (
        visible_codings(viewer_id)
        .with_only_columns(Coding.id, Coding.version_id, Coding.start, Coding.end, Coding.code_id)
        .where(Coding.study_id == study_id, Coding.uncoded.is_(False))
        .order_by(Coding.id)
    )
    of_version: dict[str, list[Unit]] = defaultdict(list)
    for unit in units:
        of_version[unit.version_id].append(unit)
    for coding_id, version_id, start, end, code_id in session.execute(query):
        if code_id not in parents:
            continue
        for unit in of_version.get(version_id, ()):
            shared = min(end, unit.end) - max(start, unit.start)
            if shared > 0 and shared >= COVERS * min(end - start, unit.end - unit.start):
                unit.codings.setdefault(code_id, []).append(coding_id)
    for unit in units:
        unit.codes = frozenset(up for code in unit.codings for up in above(code, parents))


def _own_words(
    session: Session, study_id: str, viewer_id: str | None, views: list[CodeView]
) -> dict[str, tuple[str, ...]]:
    query = (
        select(CodeChoice.code_id, CodeChoice.synonyms)
        .join(Code, Code.id == CodeChoice.code_id)
        .join(Codebook, Codebook.id == Code.codebook_id)
        .where(Codebook.study_id == study_id)
        .order_by(CodeChoice.coder_id)
    )
    if viewer_id is not None:
        query = query.where(CodeChoice.coder_id == viewer_id)
    synonyms: dict[str, list[str]] = defaultdict(list)
    for code_id, words in session.execute(query):
        synonyms[code_id] += [str(word) for word in words]
    found = {}
    for view in views:
        rules = view.definition
        said = [view.name, rules.definition, rules.when_to_use, rules.example]
        said += [str(each) for each in [*rules.enabling, *rules.constraining]]
        found[view.code_id] = in_words(" ".join([*said, *synonyms[view.code_id]]))
    return found
