"""A whole study from a folder of plain files, as the demo study comes.

``study.yaml`` names sites, people, workshops and coders; beside it lie one transcript per workshop
(``KEY.vtt``, or what ``transcript:`` names), optionally a recording, and ``codings/KEY.csv``.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import yaml

from parihs.codebook import load, shipped
from parihs.errors import ParihsError
from parihs.exchange.codings_csv import import_codings
from parihs.formats import read
from parihs.model import CodebookVersion, Study, Workshop
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

FORMAT = "parihs-study/1"


def load_study(store: Store, folder: Path, *, actor: str = "import") -> Study:
    """Load a study folder into a store: all of it, or nothing.

    Codings loaded this way are released, since whoever holds the files has read them all.
    Raises ParihsError naming the file and what is wrong with it.
    """
    about = _read_yaml(folder / "study.yaml")
    with store.write(actor) as tx:
        study = add_study(
            tx,
            key=about["key"],
            name=about["name"],
            description=about.get("description", ""),
            fictional=bool(about.get("fictional", False)),
        )
        codebook = save_codebook(tx, study.id, load(_codebook_path(folder, about)))
        for coder in about.get("coders", []):
            add_coder(tx, study.id, **coder)
        facilitators = [
            add_participant(tx, study.id, facilitator=True, **person).id
            for person in about.get("facilitators", [])
        ]
        for entry in about.get("sites", []):
            _load_site(store, tx, study, folder, entry, codebook, facilitators)
    return study


def _load_site(
    store: Store,
    tx: Transaction,
    study: Study,
    folder: Path,
    entry: dict[str, Any],
    codebook: CodebookVersion,
    facilitators: list[str],
) -> None:
    site = add_site(
        tx, study.id, key=entry["key"], name=entry["name"], kind=entry.get("kind", "other")
    )
    for person in entry.get("participants", []):
        add_participant(tx, study.id, site_id=site.id, **person)
    for item in entry.get("workshops", []):
        held_on = item.get("date")
        if held_on is not None and not isinstance(held_on, date):
            raise ParihsError(
                f"study.yaml: the date of {item['key']} is not a date; nothing was loaded.",
                "Write it as 2025-02-13.",
            )
        workshop = add_workshop(
            tx,
            study.id,
            site_id=site.id,
            key=item["key"],
            title=item.get("title", item["key"]),
            kind=item.get("kind", "workshop"),
            held_on=held_on,
            cycle=item.get("cycle"),
        )
        for facilitator in facilitators:
            attend(tx, workshop.id, facilitator)
        _load_material(store, tx, folder, item, workshop, codebook)


def _load_material(
    store: Store,
    tx: Transaction,
    folder: Path,
    item: dict[str, Any],
    workshop: Workshop,
    codebook: CodebookVersion,
) -> None:
    recording_id = None
    if item.get("recording"):
        source = folder / item["recording"]
        recording_id = add_recording_file(store, tx, workshop.id, source).id
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


def _read_yaml(path: Path) -> dict[str, Any]:
    try:
        about = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ParihsError(
            f"There is no study.yaml in {path.parent.name}, so nothing was loaded.",
            "Choose a folder that holds one; the demo study shows how it looks.",
        ) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ParihsError(f"study.yaml cannot be read: {error}", "Mend the file.") from error
    if not isinstance(about, dict) or about.get("format") != FORMAT:
        raise ParihsError(
            f"This study.yaml does not say “format: {FORMAT}”, so nothing was loaded.",
            "Start from the demo study's file.",
        )
    for key in ("key", "name"):
        if not about.get(key):
            raise ParihsError(f"study.yaml does not say the study's {key}.", "Add it.")
    return about
