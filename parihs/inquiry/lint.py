"""What a careful reader would ask of each finding: enough voices, more than one site, no counter
evidence left unread. It points; it never decides.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from parihs.coding.consensus import joint_valence
from parihs.coding.visibility import may_see
from parihs.compare.passages import Passage, passages
from parihs.inquiry.bearing import standing
from parihs.inquiry.findings import SUPPORTS, FindingView, findings
from parihs.model import Coding, Participant, Site, Transcript, Workshop
from parihs.model.terms import VALENCES, valence_direction

PROBLEM: Final = "problem"
WARNING: Final = "warning"
HINT: Final = "hint"
SEVERITIES: Final = (PROBLEM, WARNING, HINT)
"""From what must be mended to what may be fine."""

_UNLINKED: Final = "\x00"
"""What stands between the label of a voice that is linked to nobody and its transcript."""
_OPPOSITE: Final = {"enabling": "constraining", "constraining": "enabling"}


@dataclass(frozen=True, slots=True)
class LintSettings:
    """When a speaker is quoted too much."""

    share: float = 0.25
    """Over this share of all excerpts that findings rest on …"""
    from_excerpts: int = 8
    """… once there are this many."""


@dataclass(frozen=True, slots=True)
class Lint:
    """One thing to look at."""

    severity: str
    kind: str
    """``unsupported``, ``taken back``, ``contradicted``, ``one voice``, ``one site`` or
    ``over-quoted``."""
    sentence: str
    ids: tuple[str, ...]
    """The excerpts it is about, ready to be opened; for ``contradicted``, the negative cases."""
    finding_id: str | None
    """None where it is about all findings together."""


@dataclass(frozen=True, slots=True)
class _Excerpt:
    """A linked excerpt that stands: who speaks, where, and how each code in it is rated."""

    passage: Passage
    site_id: str
    voices: frozenset[str]

    @property
    def directions(self) -> dict[str, str]:
        """Code id → ``enabling``, ``constraining`` or another direction."""
        rated: dict[str, list[str]] = defaultdict(list)
        for coding in self.passage.codings:
            rated[coding.code_id].append(coding.valence)
        return {code: valence_direction(joint_valence(given)) for code, given in rated.items()}


def lint(
    session: Session,
    study_id: str,
    *,
    viewer_id: str | None = None,
    settings: LintSettings | None = None,
) -> list[Lint]:
    """Everything to look at in the study's findings, in their order, the gravest first in each.

    Negative cases are codings that ``viewer_id`` may see (None: all), of everybody, with the same
    code at the same site as a supporting excerpt and rated the other way, that the finding does not
    link yet. Facilitators count as voices only where nobody else speaks.
    """
    listed = findings(session, study_id)
    linked = {key for view in listed for key in view.ids()}
    stand = standing(session, linked, study_id)
    known = _excerpts(session, study_id, stand)
    n_sites = len(list(session.scalars(select(Site.id).filter_by(study_id=study_id))))
    opposite = _opposites(session, study_id, known, viewer_id)
    found: list[Lint] = []
    for view in listed:
        own = [
            *_unsupported(view, known),
            *_taken_back(view, stand),
            *_contradicted(view, known, opposite),
            *_one_voice(view, known),
            *_one_site(view, known, n_sites),
        ]
        found += sorted(own, key=lambda each: SEVERITIES.index(each.severity))
    return found + _over_quoted(listed, known, settings or LintSettings())


def _unsupported(view: FindingView, known: Mapping[str, _Excerpt]) -> Iterable[Lint]:
    if any(key in known for key in view.ids(SUPPORTS)):
        return
    kept = "that still stands " if view.ids(SUPPORTS) else ""
    yield _about(
        view,
        PROBLEM,
        "unsupported",
        f"No excerpt {kept}supports this finding. Add the excerpts that bear it, or withdraw it.",
        view.ids(SUPPORTS),
    )


def _taken_back(view: FindingView, stand: set[str]) -> Iterable[Lint]:
    lost = tuple(key for key in view.ids() if key not in stand)
    if lost:
        yield _about(
            view,
            PROBLEM,
            "taken back",
            f"{_n(lost, 'excerpt')} of this finding {_is(lost)} no longer coded. Read the claim"
            " again without them, or code them anew.",
            lost,
        )


def _contradicted(
    view: FindingView,
    known: Mapping[str, _Excerpt],
    opposite: Mapping[tuple[str, str, str], list[str]],
) -> Iterable[Lint]:
    here = {
        coding.coding_id
        for key in view.ids()
        if key in known
        for coding in known[key].passage.codings
    }
    leaning: dict[tuple[str, str], set[str]] = defaultdict(set)
    named: dict[tuple[str, str], tuple[str, str]] = {}
    for excerpt in _supporting(view, known):
        names = {coding.code_id: coding.code for coding in excerpt.passage.codings}
        for code_id, direction in excerpt.directions.items():
            leaning[code_id, excerpt.site_id].add(direction)
            named[code_id, excerpt.site_id] = (names[code_id], excerpt.passage.site)
    for place, directions in leaning.items():
        leans = directions & _OPPOSITE.keys()
        if len(leans) != 1:
            continue
        (direction,) = leans
        against = _OPPOSITE[direction]
        cases = tuple(key for key in opposite.get((*place, against), ()) if key not in here)
        if cases:
            code, site = named[place]
            yield _about(
                view,
                WARNING,
                "contradicted",
                f"{_n(cases, 'coding')} of “{code}” at {site} {_is(cases)} rated {against}, while"
                f" what supports this finding there is rated {direction}. Read them, and link those"
                " that contradict or qualify the claim.",
                cases,
            )


def _one_voice(view: FindingView, known: Mapping[str, _Excerpt]) -> Iterable[Lint]:
    support = _supporting(view, known)
    voices = {voice for excerpt in support for voice in excerpt.voices}
    if len(voices) == 1:
        ids = tuple(key for key in view.ids(SUPPORTS) if key in known)
        (voice,) = voices
        yield _about(
            view,
            WARNING,
            "one voice",
            f"Only {_called(voice)} is heard in support of this finding. Look for others who say"
            " so, or name the claim as one person's view.",
            ids,
        )


def _one_site(view: FindingView, known: Mapping[str, _Excerpt], n_sites: int) -> Iterable[Lint]:
    places = {excerpt.site_id: excerpt.passage.site for excerpt in _supporting(view, known)}
    if len(places) == 1 and n_sites > 1:
        (site,) = places.values()
        yield _about(
            view,
            HINT,
            "one site",
            f"All support for this finding comes from {site}. If it is about {site} only, the claim"
            " should say so; if not, look at the other sites.",
            tuple(key for key in view.ids(SUPPORTS) if key in known),
        )


def _over_quoted(
    listed: Sequence[FindingView], known: Mapping[str, _Excerpt], settings: LintSettings
) -> list[Lint]:
    used = list(dict.fromkeys(key for view in listed for key in view.ids() if key in known))
    if len(used) < settings.from_excerpts:
        return []
    counts = Counter(voice for key in used for voice in known[key].voices)
    return [
        Lint(
            HINT,
            "over-quoted",
            f"{_called(voice)} speaks in {n} of the {len(used)} excerpts that the findings rest on"
            f" ({n / len(used):.0%}; more than {settings.share:.0%}). See whether others say it"
            " too.",
            tuple(key for key in used if voice in known[key].voices),
            None,
        )
        for voice, n in counts.most_common()
        if n > settings.share * len(used)
    ]


def _supporting(view: FindingView, known: Mapping[str, _Excerpt]) -> list[_Excerpt]:
    return [known[key] for key in view.ids(SUPPORTS) if key in known]


def _excerpts(session: Session, study_id: str, excerpt_ids: set[str]) -> dict[str, _Excerpt]:
    people = set(session.scalars(select(Participant.pseudonym).filter_by(study_id=study_id)))
    query = (
        select(Transcript.id, Workshop.site_id)
        .join(Workshop, Workshop.id == Transcript.workshop_id)
        .where(Transcript.study_id == study_id)
    )
    site_of = {row[0]: row[1] for row in session.execute(query)}
    known = {}
    for passage in passages(session, sorted(excerpt_ids)):
        excerpt = _Excerpt(passage, site_of[passage.transcript_id], _voices(passage, people))
        known.update(dict.fromkeys(passage.excerpt_ids, excerpt))
    return known


def _voices(passage: Passage, people: set[str]) -> frozenset[str]:
    """Who is heard; a voice that is linked to nobody is another one in each transcript."""
    heard = [line for line in passage.lines if line.speaker is not None]
    others = [line for line in heard if not line.facilitator] or heard
    return frozenset(
        str(line.speaker)
        if line.speaker in people
        else f"{line.speaker}{_UNLINKED}{passage.transcript_id}"
        for line in others
    )


def _called(voice: str) -> str:
    return voice.split(_UNLINKED)[0]


def _opposites(
    session: Session, study_id: str, known: Mapping[str, _Excerpt], viewer_id: str | None
) -> dict[tuple[str, str, str], list[str]]:
    """Codings by code, site and direction, for the codes of linked excerpts."""
    codes = {coding.code_id for each in known.values() for coding in each.passage.codings}
    signed = [v for v in VALENCES if valence_direction(v) in _OPPOSITE]
    query = (
        select(Coding.id, Coding.code_id, Workshop.site_id, Coding.valence)
        .join(Transcript, Transcript.id == Coding.transcript_id)
        .join(Workshop, Workshop.id == Transcript.workshop_id)
        .where(
            Coding.study_id == study_id,
            Coding.code_id.in_(codes),
            Coding.valence.in_(signed),
            Coding.uncoded.is_(False),
            may_see(viewer_id),
        )
        .order_by(Workshop.position, Coding.version_id, Coding.start, Coding.id)
    )
    found: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for coding_id, code_id, site_id, valence in session.execute(query):
        found[code_id, site_id, valence_direction(valence)].append(coding_id)
    return found


def _about(
    view: FindingView, severity: str, kind: str, sentence: str, ids: tuple[str, ...]
) -> Lint:
    return Lint(severity, kind, sentence, ids, view.finding.id)


def _n(ids: Sequence[str], noun: str) -> str:
    return f"{len(ids)} {noun}{'' if len(ids) == 1 else 's'}"


def _is(ids: Sequence[str]) -> str:
    return "is" if len(ids) == 1 else "are"
