"""What a careful reader would ask of each finding: enough voices, more than one site, no counter
evidence left unread. It points; it never decides.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from parihs.coding.settled import load_decisions
from parihs.inquiry.bearing import standing
from parihs.inquiry.evidence import (
    OPPOSITE,
    Evidence,
    called,
    code_names,
    evidence,
    negative_cases,
    seen_excerpts,
)
from parihs.inquiry.findings import SUPPORTS, FindingView, findings
from parihs.model import Site

PROBLEM: Final = "problem"
WARNING: Final = "warning"
HINT: Final = "hint"
SEVERITIES: Final = (PROBLEM, WARNING, HINT)
"""From what must be mended to what may be fine."""


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
    link yet. Facilitators count as voices only where nobody else speaks. Of excerpts that the
    viewer may not see, nothing is said but that they are linked.
    """
    listed = findings(session, study_id)
    linked = {key for view in listed for key in view.ids()}
    hidden = linked - seen_excerpts(session, study_id, linked, viewer_id)
    stand = standing(session, linked - hidden, study_id)
    decided = load_decisions(session, study_id, viewer_id=viewer_id)
    known = evidence(session, study_id, stand, decided)
    n_sites = len(list(session.scalars(select(Site.id).filter_by(study_id=study_id))))
    opposite = negative_cases(session, study_id, known, decided, viewer_id)
    names = code_names(session, study_id)
    found: list[Lint] = []
    for view in listed:
        own = [
            *_unsupported(view, known.keys() | hidden),
            *_taken_back(view, stand | hidden),
            *_contradicted(view, known, opposite, names),
        ]
        if hidden.isdisjoint(view.ids(SUPPORTS)):
            own += [*_one_voice(view, known), *_one_site(view, known, n_sites)]
        found += sorted(own, key=lambda each: SEVERITIES.index(each.severity))
    return found + _over_quoted(listed, known, settings or LintSettings())


def _unsupported(view: FindingView, known: Set[str]) -> Iterable[Lint]:
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
    known: Mapping[str, Evidence],
    opposite: Mapping[tuple[str, str, str], list[str]],
    names: Mapping[str, str],
) -> Iterable[Lint]:
    here = {*view.ids()}.union(*(known[key].coding_ids for key in view.ids() if key in known))
    leaning: dict[tuple[str, str], set[str]] = defaultdict(set)
    sites: dict[str, str] = {}
    for excerpt in _supporting(view, known):
        leaning[excerpt.code_id, excerpt.site_id].add(excerpt.direction)
        sites[excerpt.site_id] = excerpt.site
    for (code_id, site_id), directions in leaning.items():
        leans = directions & OPPOSITE.keys()
        if len(leans) != 1:
            continue
        (direction,) = leans
        against = OPPOSITE[direction]
        cases = tuple(
            key for key in opposite.get((code_id, site_id, against), ()) if key not in here
        )
        if cases:
            yield _about(
                view,
                WARNING,
                "contradicted",
                f"{_n(cases, 'coding')} of “{names[code_id]}” at {sites[site_id]} {_is(cases)}"
                f" rated {against}, while what supports this finding there is rated {direction}."
                " Read them, and link those that contradict or qualify the claim.",
                cases,
            )


def _one_voice(view: FindingView, known: Mapping[str, Evidence]) -> Iterable[Lint]:
    support = _supporting(view, known)
    voices = {voice for excerpt in support for voice in excerpt.voices}
    if len(voices) == 1:
        ids = tuple(key for key in view.ids(SUPPORTS) if key in known)
        (voice,) = voices
        yield _about(
            view,
            WARNING,
            "one voice",
            f"Only {called(voice)} is heard in support of this finding. Look for others who say"
            " so, or name the claim as one person's view.",
            ids,
        )


def _one_site(view: FindingView, known: Mapping[str, Evidence], n_sites: int) -> Iterable[Lint]:
    places = {excerpt.site_id: excerpt.site for excerpt in _supporting(view, known)}
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
    listed: Sequence[FindingView], known: Mapping[str, Evidence], settings: LintSettings
) -> list[Lint]:
    used = list(dict.fromkeys(key for view in listed for key in view.ids() if key in known))
    if len(used) < settings.from_excerpts:
        return []
    counts = Counter(voice for key in used for voice in known[key].voices)
    return [
        Lint(
            HINT,
            "over-quoted",
            f"{called(voice)} speaks in {n} of the {len(used)} excerpts that the findings rest on"
            f" ({n / len(used):.0%}; more than {settings.share:.0%}). See whether others say it"
            " too.",
            tuple(key for key in used if voice in known[key].voices),
            None,
        )
        for voice, n in counts.most_common()
        if n > settings.share * len(used)
    ]


def _supporting(view: FindingView, known: Mapping[str, Evidence]) -> list[Evidence]:
    return [known[key] for key in view.ids(SUPPORTS) if key in known]


def _about(
    view: FindingView, severity: str, kind: str, sentence: str, ids: tuple[str, ...]
) -> Lint:
    return Lint(severity, kind, sentence, ids, view.finding.id)


def _n(ids: Sequence[str], noun: str) -> str:
    return f"{len(ids)} {noun}{'' if len(ids) == 1 else 's'}"


def _is(ids: Sequence[str]) -> str:
    return "is" if len(ids) == 1 else "are"
