"""A whole study from a folder of plain files, as the demo study comes.

``study.yaml`` names sites, people, workshops and coders; beside it lie one transcript per workshop
(``KEY.vtt``, or what ``transcript:`` names), optionally a recording, ``codings/KEY.csv``, and for
the whole study ``inquiry.yaml``: what the team made of it all.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import select

from parihs.codebook import load, shipped
from parihs.errors import ParihsError
from parihs.exchange.codings_csv import import_codings
from parihs.exchange.inquiry_yaml import FILE, load_inquiry
from parihs.exchange.study_yaml import read_study_yaml
from parihs.formats import read
from parihs.media import remove
from parihs.model import CodebookVersion, Recording, Study, Workshop
from parihs.store import Store, Transaction
from parihs.store.codebooks import save_codebook
from parihs.store.recordings import add_recording_file
from parihs.store.studies import (
    add_coder,
    add_participant,
    add_site,
    add_study,
    add_workshop,
    attend,
)
from parihs.store.transcripts import release, save_transcript


def load_study(store: Store, folder: Path, *, actor: str = "import") -> Study:
    """Load a study folder into a store: all of it, or nothing.

    Codings loaded this way are released, since whoever holds the files has read them all.
    Raises ParihsError naming the file and what is wrong with it.
    """
    about = read_study_yaml(folder / "study.yaml")
    kept: list[str] = []
    try:
        return _load(store, folder, about, actor, kept)
    except BaseException:
        # The database has taken everything back; recordings lie outside it.
        with store.read() as session:
            used = set(session.scalars(select(Recording.sha256)))
        for sha256 in set(kept) - used:
            remove(store.home, sha256)
        raise


def _load(store: Store, folder: Path, about: dict[str, Any], actor: str, kept: list[str]) -> Study:
    with store.write(actor) as tx:
        study = add_study(
            tx,
            key=about["key"],
            name=about["name"],
            description=about.get("description", ""),
            fictional=bool(about.get("fictional", False)),
        )
        codebook = save_codebook(tx, study.id, load(_codebook_path(folder, about)))
        for coder in about.get("coders") or []:
            add_coder(tx, study.id, **coder)
        facilitators = [
            add_participant(tx, study.id, facilitator=True, **person).id
            for person in about.get("facilitators") or []
        ]
        for entry in about.get("sites") or []:
            _load_site(store, tx, study, folder, entry, codebook, facilitators, kept)
        if (folder / FILE).exists():
            load_inquiry(tx, study, codebook, folder / FILE)
    return study


def _load_site(
    store: Store,
    tx: Transaction,
    study: Study,
    folder: Path,
    entry: dict[str, Any],
    codebook: CodebookVersion,
    facilitators: list[str],
    kept: list[str],
) -> None:
    site = add_site(
        tx, study.id, key=entry["key"], name=entry["name"], kind=entry.get("kind", "other")
    )
    for person in entry.get("participants") or []:
        add_participant(tx, study.id, site_id=site.id, **person)
    for item in entry.get("workshops") or []:
        workshop = add_workshop(
            tx,
            study.id,
            site_id=site.id,
            key=item["key"],
            title=item.get("title", item["key"]),
            kind=item.get("kind", "workshop"),
            held_on=item.get("date"),
            cycle=item.get("cycle"),
        )
        for facilitator in facilitators:
            attend(tx, workshop.id, facilitator)
        _load_material(store, tx, folder, item, workshop, codebook, kept)


def _load_material(
    store: Store,
    tx: Transaction,
    folder: Path,
    item: dict[str, Any],
    workshop: Workshop,
    codebook: CodebookVersion,
    kept: list[str],
) -> None:
    recording_id = None
    if item.get("recording"):
        recording = add_recording_file(store, tx, workshop.id, folder / item["recording"])
        kept.append(recording.sha256)
        recording_id = recording.id
    transcript = folder / item.get("transcript", f"{item['key']}.vtt")
    if not transcript.exists():
        return
    version = save_transcript(
        tx,
        workshop_id=workshop.id,
        title=workshop.title,
        parsed=read(transcript),
        reason="import",
        recording_id=recording_id,
    )
    release(tx, version.transcript_id)
    codings = folder / "codings" / f"{item['key']}.csv"
    if codings.exists():
        import_codings(
            tx,
            codings,
            version_id=version.id,
            codebook_id=codebook.codebook_id,
            codebook_version_id=codebook.id,
        )


def _codebook_path(folder: Path, about: dict[str, Any]) -> Path:
    name = str(about.get("codebook", "i-parihs"))
    own = folder / name
    if own.suffix and own.exists():
        return own
    if name in shipped():
        return shipped()[name]
    raise ParihsError(
        f"study.yaml names the codebook “{name}”, which is not here; nothing was loaded.",
        f"Put its file beside study.yaml, or use one of: {', '.join(shipped())}.",
    )
