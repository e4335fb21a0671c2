"""The audit trail as an appendix: who did what how often, and the decisions that shaped it all."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, func, or_, select

from parihs.coding.trail import may_see_event
from parihs.model import Codebook, CodebookVersion, Event, Finding, Settlement
from parihs.report.contents import Decision, Deed
from parihs.report.source import Source
from parihs.report.words import count, listed

NOUNS = {
    "coding": "codings",
    "codebook": "codebooks",
    "codebook_version": "versions of the codebook",
    "coder": "coders",
    "finding": "findings",
    "grid_cell": "summaries of the framework grid",
    "memo": "memos",
    "participant": "participants",
    "rating": "ratings",
    "recording": "recordings",
    "settlement": "disagreements",
    "site": "sites",
    "site_rating": "agreed ratings",
    "speaker": "speakers",
    "study": "the study",
    "transcript": "transcripts",
    "transcript_version": "versions of transcripts",
    "turns": "speakers of turns",
    "workshop": "workshops",
}
PHRASES = {
    ("agreed", "site_rating"): "agreed on ratings",
    ("coded", "coding"): "gave codes",
    ("changed", "coding"): "changed codings",
    ("grouped sites", "study"): "grouped the sites",
    ("imported codings", "transcript_version"): "imported tables of codings",
    ("linked", "finding"): "linked excerpts to findings",
    ("linked", "speaker"): "said who speaks",
    ("marked", "turns"): "marked who is unsure",
    ("merged", "turns"): "merged voices",
    ("moved", "turns"): "corrected who speaks",
    ("named", "speaker"): "named voices",
    ("noted attendance", "workshop"): "noted who attended",
    ("opened", "site_rating"): "opened ratings to the team",
    ("rated", "rating"): "rated sites",
    ("split", "turns"): "made new voices of turns",
    ("saved", "grid_cell"): "wrote summaries of the framework grid",
    ("uncoded", "coding"): "took codings back",
    ("unlinked", "finding"): "took excerpts off findings",
}


def deeds(source: Source) -> tuple[Deed, ...]:
    """How often each person did each kind of thing, in the order in which they began."""
    query = _seen(
        source,
        select(Event.actor, Event.verb, Event.object_type, func.count(), func.min(Event.seq)),
    ).group_by(Event.actor, Event.verb, Event.object_type)
    found = sorted(source.session.execute(query), key=lambda row: row[4])
    began: dict[str, int] = {}
    for actor, _, _, _, first in found:
        began.setdefault(actor, first)
    found.sort(key=lambda row: (began[row[0]], row[4]))
    return tuple(
        Deed(_who(source, actor), _phrase(verb, kind), times)
        for actor, verb, kind, times, _ in found
    )


CODEBOOK_STEPS = {
    "saved": "Saved version ",
    "extended": "Added a code of the team’s own, in version ",
    "merged": "Merged codes, in version ",
    "unmerged": "Took a merging of codes back, in version ",
    "split": "Split a code, in version ",
}
"""What is done to a codebook, by the verb of its event."""


def decisions(source: Source) -> tuple[Decision, ...]:
    """Steps that shaped the analysis, oldest first."""
    wanted = or_(
        *(
            and_(Event.verb == verb, Event.object_type == kind)
            for verb, kind in (
                *((verb, "codebook_version") for verb in CODEBOOK_STEPS),
                ("released", "transcript"),
                ("closed", "transcript"),
                ("grouped sites", "study"),
                ("withdrew", "finding"),
                ("restored", "finding"),
                ("settled", "settlement"),
                ("reopened", "settlement"),
                ("opened", "site_rating"),
            )
        )
    )
    events = source.session.scalars(_seen(source, select(Event)).where(wanted).order_by(Event.seq))
    made: list[Decision] = []
    for event in events:
        decision = Decision(event.at, _who(source, event.actor), _said(source, event))
        # A run of the same step, such as twelve releases in a row, is one line with a number.
        if made and (made[-1].who, made[-1].what) == (decision.who, decision.what):
            continue
        made.append(decision)
    return tuple(made)


def _seen(source: Source, query: Any) -> Any:
    """Events of the study that the viewer may see."""
    return query.where(Event.study_id == source.study.id, may_see_event(source.viewer_id))


def _said(source: Source, event: Event) -> str:
    data = event.data
    if event.object_type == "codebook_version":
        version = source.session.get(CodebookVersion, event.object_id)
        book = source.session.get(Codebook, version.codebook_id) if version else None
        name = f" of “{book.name}”" if book else ""
        note = f": {data['note']}" if data.get("note") else ""
        number = version.number if version else "?"
        return f"{CODEBOOK_STEPS[event.verb]}{number}{name}{note}"
    if event.object_type == "transcript":
        opened = event.verb == "released"
        return (
            "Released transcripts, so that coders see each other’s codings"
            if opened
            else "Closed transcripts again, so that they are coded blind"
        )
    if event.verb == "grouped sites":
        return _grouped(source, data)
    if event.object_type == "finding":
        finding = source.session.get(Finding, event.object_id)
        title = f" “{finding.title}”" if finding else ""
        reason = f": {data['reason']}" if data.get("reason") else ""
        return f"{event.verb.capitalize()} the finding{title}{reason}"
    if event.object_type == "settlement":
        settlement = source.session.get(Settlement, event.object_id)
        reason = (
            (settlement.reopened_because if event.verb == "reopened" else settlement.reason)
            if settlement
            else ""
        )
        return f"{event.verb.capitalize()} a disagreement{': ' + reason if reason else ''}"
    return "Opened ratings to the whole team"


def _grouped(source: Source, data: dict[str, Any]) -> str:
    names = {site.id: site.name for site in source.sites}

    def sites(key: str) -> str:
        return listed(names[site] for site in data.get(key, []) if site in names) or "none"

    return (
        f"Grouped the sites by: {data.get('outcome', '')}. High: {sites('high')}. "
        f"Low: {sites('low')}"
    )


def _phrase(verb: str, kind: str) -> str:
    return PHRASES.get((verb, kind)) or f"{verb} {NOUNS.get(kind, kind.replace('_', ' '))}"


def _who(source: Source, actor: str) -> str:
    return source.names.get(actor, actor or "Somebody")


def summary(found: tuple[Deed, ...]) -> str:
    """How much the trail holds, in a sentence."""
    people = list(dict.fromkeys(deed.who for deed in found))
    steps = sum(deed.times for deed in found)
    return f"{count(steps, 'recorded step')} by {listed(people)}; none can be altered or removed."
