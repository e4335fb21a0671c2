"""A tiny study for tests: small enough to count by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from parihs.codebook import CodebookFile, CodeEntry
from parihs.model import (
    CodebookVersion,
    Coder,
    ParsedTranscript,
    ParsedTurn,
    Site,
    Study,
    TranscriptVersion,
    Workshop,
)
from parihs.store import Store
from parihs.store.codebooks import code_ids, save_codebook
from parihs.store.studies import (
    add_coder,
    add_participant,
    add_site,
    add_study,
    add_workshop,
)
from parihs.store.transcripts import save_transcript

CODES = (
    ("fit", None),
    ("fit.place", "fit"),
    ("fit.person", "fit"),
    ("help", None),
)


@dataclass(frozen=True, slots=True)
class SmallStudy:
    """What the tests need to know of it."""

    study: Study
    sites: list[Site]
    workshops: list[Workshop]
    versions: list[TranscriptVersion]
    ada: Coder
    ben: Coder
    codebook: CodebookVersion
    codes: dict[str, str]
    """Code key → id."""


def make_small_study(store: Store) -> SmallStudy:
    """Two sites with a workshop each, two coders, a four-code book, and no codings."""
    book = CodebookFile(
        id="tiny",
        name="Tiny book",
        codes=tuple(
            CodeEntry(
                id=key, name=key.split(".")[-1].title(), parent=parent, definition=f"About {key}."
            )
            for key, parent in CODES
        ),
    )
    with store.write("test") as tx:
        study = add_study(tx, key="small", name="Small study")
        codebook = save_codebook(tx, study.id, book)
        ada = add_coder(tx, study.id, key="ada", name="Ada")
        ben = add_coder(tx, study.id, key="ben", name="Ben")
        sites = [
            add_site(tx, study.id, key=key, name=key.title(), kind="hospital")
            for key in ("north", "south")
        ]
        add_participant(tx, study.id, pseudonym="Mara", role="facilitator", facilitator=True)
        workshops, versions = [], []
        for number, site in enumerate(sites, start=1):
            add_participant(tx, study.id, pseudonym=f"Kim{number}", role="doctor", site_id=site.id)
            workshop = add_workshop(
                tx,
                study.id,
                site_id=site.id,
                key=f"{site.key}-1",
                title=f"{site.name} 1",
                held_on=date(2026, 1, number),
                cycle=1,
            )
            parsed = ParsedTranscript(
                (
                    ParsedTurn("Mara", "Shall we begin 🙂 then?", 0, 2000),
                    ParsedTurn(f"Kim{number}", "It does not fit here. It never has.", 2500, 6000),
                    ParsedTurn("Somebody", "Café talk, naïve as it is.", 6500, 8000),
                ),
                "text",
            )
            workshops.append(workshop)
            versions.append(
                save_transcript(
                    tx,
                    workshop_id=workshop.id,
                    title=workshop.title,
                    parsed=parsed,
                    reason="import",
                )
            )
        codes = code_ids(tx.session, codebook.codebook_id)
    return SmallStudy(study, sites, workshops, versions, ada, ben, codebook, codes)
