"""The methods paragraph: what was gathered, coded, agreed and compared, in the study's numbers."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import func, select

from parihs import __version__
from parihs.coding.settled import load_decisions
from parihs.coding.visibility import may_see
from parihs.compare.excerpts import CONSENSUS
from parihs.inquiry import RATINGS, site_grouping
from parihs.inquiry.distinguishing import RULES
from parihs.model import Coding, Transcript
from parihs.report.agreement import agreement_sentence
from parihs.report.rating_agreement import rating_agreement
from parihs.report.source import Source
from parihs.report.words import count, listed, span
from parihs.store.transcripts import latest_versions, transcripts

_ORIGINS = {
    "import": "brought in as transcripts",
    "transcription": "transcribed from the recording",
    "correction": "corrected after transcription",
}


def methods(source: Source) -> tuple[str, ...]:
    """Paragraphs for a methods section, each filled from the study."""
    paragraphs = [_material(source), _coding(source)]
    if "agreement" in source.parts:
        paragraphs.append(agreement_sentence(source))
    paragraphs.append(_comparison(source))
    if "ratings" in source.parts:
        paragraphs.append(_ratings(source))
    paragraphs.append(_means(source))
    return tuple(paragraph for paragraph in paragraphs if paragraph)


def _material(source: Source) -> str:
    people = source.denominators.participants
    taking_part = int((~people["facilitator"]).sum())
    facilitators = int(people["facilitator"].sum())
    words = int(source.denominators.talk["n_words"].sum())
    days = [w.held_on for w in source.workshops if w.held_on is not None]
    held = f", held {span(days)}" if days else ""
    cycles = {w.cycle for w in source.workshops if w.cycle is not None}
    turns = f" in {count(len(cycles), 'PAR cycle')}" if cycles else ""
    versions = latest_versions(source.session, source.study.id)
    origins = Counter(version.reason for version in versions.values())
    how = listed(
        f"{'all' if n == len(versions) else f'{n:,}'} {_ORIGINS.get(reason, reason)}"
        for reason, n in sorted(origins.items())
    )
    made = f" ({how})" if how else ""
    return (
        f"The material comes from {count(len(source.sites), 'site')} and "
        f"{count(len(source.workshops), 'workshop')}{turns}{held}, with "
        f"{count(taking_part, 'participant')} and {count(facilitators, 'facilitator')}. "
        f"{count(len(versions), 'transcript')}{made} hold {count(words, 'word')}. People appear "
        "under pseudonyms with their roles."
    )


def _coding(source: Source) -> str:
    query = (
        select(Coding.coder_id, func.count())
        .join(Transcript, Transcript.id == Coding.transcript_id)
        .where(
            Coding.study_id == source.study.id,
            Coding.uncoded.is_(False),
            may_see(source.viewer_id),
        )
        .group_by(Coding.coder_id)
    )
    given = {row[0]: row[1] for row in source.session.execute(query)}
    by = [f"{c.name} ({given[c.id]:,})" for c in source.coders if c.id in given]
    constructs = [code.name for code in source.codes if code.depth == 0]
    edition = source.version.about.get("version", "")
    printed = f", edition {edition}" if edition else ""
    return (
        f"Coding was deductive, with the codebook “{source.book.name}” (version "
        f"{source.version.number} in this study{printed}): {count(len(source.codes), 'code')} "
        f"under {listed(constructs)}. A coding gives one code to a stretch of words and, where "
        "the codebook asks for it, a valence from −2 (strongly constraining) to +2 (strongly "
        f"enabling), mixed or not rated. {count(sum(given.values()), 'coding')} stand"
        f"{': ' + listed(by) if by else ''}."
    )


def _comparison(source: Source) -> str:
    if source.layer != CONSENSUS:
        whose = source.excerpts.attrs.get("source", "codings")
        return f"Comparisons count {whose}. Words, talk and people are counted per site."
    settled = load_decisions(source.session, source.study.id, viewer_id=source.viewer_id)
    decided = (
        f" Where a disagreement was settled ({count(len(settled.results), 'stretch', 'stretches')}"
        " so far), the decision counts in place of the codings it settles."
        if settled.results
        else ""
    )
    return (
        "Comparisons count consensus coding: stretches of words to which at least two coders gave "
        "the same code. Their valence is the weaker of ratings that point the same way, and mixed "
        f"where they contradict each other.{decided} Every number states its denominator, and "
        "“nobody spoke”, “not coded yet”, “asked, nothing said” and “mixed” are kept apart from 0."
    )


def _ratings(source: Source) -> str:
    if not source.sheet.places:
        return ""
    agreed = sum(place.agreed is not None for place in source.sheet.places.values())
    grouping = site_grouping(source.session, source.study.id)
    rule = (
        f" Constructs that tell sites apart were found by a fixed rule. {RULES[grouping.rule].text}"
        if grouping
        else ""
    )
    return (
        f"Constructs were rated per site from −2 to +2, mixed or missing ({len(RATINGS)} values), "
        "each rating with a reason and at least one excerpt; the team then agreed on "
        f"{count(agreed, 'value')}. {rating_agreement(source.sheet, source.names)}{rule}"
    ).strip()


def _means(source: Source) -> str:
    every = transcripts(source.session, source.study.id)
    released = sum(transcript.released for transcript in every)
    counted = (
        "This report was made with all codings in sight."
        if source.viewer_id is None
        else "This report leaves out codings that its reader may not see yet."
    )
    return (
        f"Coders worked blind to each other until a transcript was released ({released:,} of "
        f"{len(every):,} are). {counted} Counts, coefficients and this report were computed with "
        f"parihs {__version__}; excerpts are cited by the numbers E1, E2 … of the list of excerpts."
    )
