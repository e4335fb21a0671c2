"""What to do next in a study, most pressing first, each with the page where it is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from parihs.coding.progress import StudyStatus
from parihs.model import Coder
from parihs.store.roles import VIEWER

ADD = "views/add.py"
TRANSCRIPTION = "views/transcription.py"
CODE = "views/code.py"
COMPARE = "views/compare.py"
SPEAKERS = "views/speakers.py"
VERSIONS = "views/versions.py"
CODEBOOK = "views/codebook.py"


@dataclass(frozen=True, slots=True)
class Step:
    """A sentence, and the page that takes it further."""

    text: str
    action: str
    page: str
    query: dict[str, str] = field(default_factory=dict)


def next_steps(
    status: StudyStatus,
    coder: Coder | None,
    to_review: Mapping[str, int] | None = None,
    to_decide: int = 0,
) -> list[Step]:
    """The steps that the state of the study suggests, at least one.

    ``to_review`` has how many codings of a transcript were carried to another text and wait;
    ``to_decide`` is how many wait for this coder's word since the codebook was changed.
    """
    rows = status.workshops
    waiting = [row for row in rows if row.recordings and row.version is None]
    steps = []
    if status.n_transcripts == 0 and not waiting:
        steps.append(
            Step("Add the first recording or transcript of a workshop.", "Add material", ADD)
        )
    if waiting:
        steps.append(
            Step(
                f"{_many(len(waiting), 'recording is', 'recordings are')} not transcribed yet.",
                "Transcribe",
                TRANSCRIPTION,
            )
        )
    unknown = sum(row.unknown_speakers for row in rows)
    if unknown:
        steps.append(
            Step(
                f"{_many(unknown, 'speaker is', 'speakers are')} not linked to a participant, so "
                "role and site are unknown for what they said.",
                "Say who speaks",
                SPEAKERS,
            )
        )
    if to_review:
        number = sum(to_review.values())
        steps.append(
            Step(
                f"{_many(number, 'coding was', 'codings were')} carried to a corrected text and "
                "should be looked at.",
                "Review",
                VERSIONS,
                {"transcript": next(iter(to_review)), "view": "review"},
            )
        )
    if to_decide:
        steps.append(
            Step(
                f"{_many(to_decide, 'coding waits', 'codings wait')} for your decision since the "
                "codebook was changed: the code was split or retired, or two ratings were joined.",
                "Decide",
                CODEBOOK,
                {"view": "look"},
            )
        )
    steps += _coding_steps(status, coder)
    coded_sites = {row.site.id for row in rows if row.codings}
    if len(coded_sites) >= 2:
        steps.append(
            Step(
                f"{len(coded_sites)} sites are coded: see how implementation differed between "
                "them.",
                "Compare sites",
                COMPARE,
            )
        )
    return steps


def _coding_steps(status: StudyStatus, coder: Coder | None) -> list[Step]:
    ready = [row for row in status.workshops if row.transcript is not None]
    if not ready:
        return []
    if coder is None:
        return [Step("Say who you are in the side bar, then read and code.", "Read", CODE)]
    if coder.role == VIEWER:
        return [Step("You read along as a viewer: open a transcript.", "Read", CODE)]
    given = any(row.assigned for row in ready)
    ready = [row for row in ready if not given or coder.id in row.assigned]
    mine = [row for row in ready if coder.id not in row.codings and coder.id not in row.finished]
    if not mine:
        return []
    first = mine[0]
    target = {"transcript": first.transcript.id} if first.transcript else {}
    return [
        Step(
            f"You have not coded {_many(len(mine), 'transcript', 'transcripts')} of {len(ready)}"
            f"{' assigned to you' if given else ''}; the next is {first.label}.",
            "Code it",
            CODE,
            target,
        )
    ]


def _many(number: int, one: str, several: str) -> str:
    return f"{number} {one if number == 1 else several}"
