"""Random small studies for the comparison tests, with everything that makes counting hard.

Overlaps, codings across turns and speakers, two codes on one stretch, odd white space, silent
sites, uncoded workshops, unlinked and unnamed voices, taken-back codings, older versions.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date

from parihs.codebook.book import CodebookFile, CodeEntry
from parihs.model import Coding, ParsedTranscript, ParsedTurn, TranscriptVersion
from parihs.model.terms import VALENCES
from parihs.store import Store, Transaction
from parihs.store.codebooks import code_ids, save_codebook
from parihs.store.studies import add_coder, add_participant, add_site, add_study, add_workshop
from parihs.store.transcripts import save_transcript, version_text

BOOK = CodebookFile(
    id="frame",
    name="A frame",
    codes=(
        CodeEntry("innovation", "Innovation"),
        CodeEntry("innovation.fit", "Fit", parent="innovation"),
        CodeEntry("innovation.fit.work", "Fit with the work", parent="innovation.fit"),
        CodeEntry("innovation.fit.values", "Fit with values", parent="innovation.fit"),
        CodeEntry("innovation.evidence", "Evidence", parent="innovation"),
        CodeEntry("context", "Context"),
        CodeEntry("context.leadership", "Leadership", parent="context"),
        CodeEntry("outcome", "Outcome"),
    ),
)
WORDS = ("we", "the", "rota", "ward", "nobody", "=never", "naïve", "𝒳", "asked", "us", "1,5")
GAPS = (" ", " ", " ", "  ", "\u00a0", " \t", "\u2003")


@dataclass
class RandomStudy:
    """Ids of what was made."""

    study_id: str
    codebook_version_id: str
    coder_ids: list[str] = field(default_factory=list)
    site_ids: list[str] = field(default_factory=list)
    workshop_ids: list[str] = field(default_factory=list)
    code_ids: dict[str, str] = field(default_factory=dict)


def make_random_study(store: Store, seed: int) -> RandomStudy:
    """A study of five sites and up to nine workshops; the same seed gives the same study."""
    dice = random.Random(seed)
    with store.write("test") as tx:
        study = add_study(tx, key=f"random-{seed}", name="Random")
        book = save_codebook(tx, study.id, BOOK)
        made = RandomStudy(study.id, book.id, code_ids=code_ids(tx.session, book.codebook_id))
        for number in range(dice.choice((2, 2, 3))):
            coder = add_coder(tx, study.id, key=f"c{number}", name=f"Coder {number}")
            made.coder_ids.append(coder.id)
        names = _people(tx, dice, made)
        for number in range(dice.randint(5, 9)):
            _workshop(tx, dice, made, number, names)
    return made


def _people(tx: Transaction, dice: random.Random, made: RandomStudy) -> list[str]:
    names = []
    for number in range(5):
        site = add_site(tx, made.study_id, key=f"s{number}", name=f"Site {number}")
        made.site_ids.append(site.id)
        for person in range(2):
            name = f"P{number}{person}"
            add_participant(
                tx,
                made.study_id,
                pseudonym=name,
                role=dice.choice(("doctor", "nurse", "manager", "")),
                site_id=site.id,
                facilitator=person == 0 and number < 2,
            )
            names.append(name)
    return names


def _workshop(
    tx: Transaction, dice: random.Random, made: RandomStudy, number: int, names: list[str]
) -> None:
    workshop = add_workshop(
        tx,
        made.study_id,
        site_id=dice.choice(made.site_ids[:4]),
        key=f"w{number}",
        title=f"Workshop {number}",
        kind=dice.choice(("workshop", "workshop", "interview")),
        held_on=date(2024, 1, dice.randint(1, 28)),
        cycle=dice.choice((1, 2, None)),
    )
    made.workshop_ids.append(workshop.id)
    for _ in range(dice.choice((0, 1, 1, 2))):
        version = save_transcript(
            tx,
            workshop_id=workshop.id,
            title="Talk",
            parsed=_talk(dice, names),
            reason="import",
        )
        kind = dice.choice(("uncoded", "coded", "coded", "coded", "moved on"))
        if kind == "uncoded":
            continue
        add_codings(tx, made, version, dice, n=dice.randint(1, 40))
        if kind == "moved on":
            newer = save_transcript(
                tx,
                workshop_id=workshop.id,
                title="Talk",
                parsed=_talk(dice, names),
                reason="correction",
                transcript_id=version.transcript_id,
            )
            if dice.random() < 0.5:
                add_codings(tx, made, newer, dice, n=12)


def _talk(dice: random.Random, names: list[str]) -> ParsedTranscript:
    voices = [*dice.sample(names, 4), "Stranger", None]
    turns = []
    for _ in range(dice.randint(1, 14)):
        words = dice.choices(WORDS, k=dice.choice((0, 1, 3, 8, 20)))
        text = "".join(word + dice.choice(GAPS) for word in words)
        turns.append(ParsedTurn(dice.choice(voices), text, start_ms=1000 * len(turns)))
    return ParsedTranscript(turns, "text")


def add_codings(
    tx: Transaction, made: RandomStudy, version: TranscriptVersion, dice: random.Random, *, n: int
) -> None:
    """Codings of all lengths; half of the later ones repeat an earlier stretch or code."""
    text = version_text(tx.session, version.id)
    before: list[tuple[int, int, str]] = []
    if not text.strip():
        return
    while len(before) < n:
        start = dice.randrange(len(text))
        end = min(len(text), start + dice.choice((1, 4, 15, 40, 120)))
        code = dice.choice(list(made.code_ids.values()))
        if before and dice.random() < 0.5:
            start, end, old = dice.choice(before)
            code = dice.choice((code, old, old))
            end = min(len(text), end + dice.choice((0, 0, 3)))
        if not text[start:end].strip():
            continue
        before.append((start, end, code))
        tx.session.add(
            Coding(
                study_id=made.study_id,
                transcript_id=version.transcript_id,
                version_id=version.id,
                start=start,
                end=end,
                code_id=code,
                codebook_version_id=made.codebook_version_id,
                coder_id=dice.choice(made.coder_ids),
                quote=text[start:end],
                valence=dice.choice(list(VALENCES)),
                memo=dice.choice(("", "a thought")),
                uncoded=dice.random() < 0.1,
            )
        )
    tx.session.flush()
