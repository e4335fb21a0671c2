"""``parihs import``: bring transcripts and recordings into a study, or look at them first."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from parihs.cli.main import answer, home_option, json_option, study_option
from parihs.errors import ParihsError
from parihs.formats import read
from parihs.home import Home
from parihs.model import ParsedTranscript
from parihs.store import Store
from parihs.store.studies import find_workshop, get_study
from parihs.store.transcripts import save_transcript


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--workshop", default=None, help="Key of the workshop they belong to.")
@click.option("--look", is_flag=True, help="Only say what is in the files; save nothing.")
@study_option
@json_option
@home_option
def import_command(
    home: Home,
    files: tuple[Path, ...],
    workshop: str | None,
    look: bool,
    study: str | None,
    as_json: bool,
) -> None:
    """Import transcripts (VTT, SRT, TXT, DOCX, JSON) or a whole study folder."""
    if len(files) == 1 and files[0].is_dir():
        _import_folder(home, files[0], as_json)
        return
    parsed = [(file, read(file)) for file in files]
    if not look:
        _save(home, parsed, workshop, study)
    answer(
        as_json,
        [_summary(file, transcript) for file, transcript in parsed],
        [_line(file, transcript) for file, transcript in parsed],
    )


def _import_folder(home: Home, folder: Path, as_json: bool) -> None:
    from parihs.exchange import load_study

    loaded = load_study(Store(home), folder)
    answer(as_json, {"study": loaded.key}, [f"Loaded the study “{loaded.name}”."])


def _save(
    home: Home,
    parsed: list[tuple[Path, ParsedTranscript]],
    workshop_key: str | None,
    study_key: str | None,
) -> None:
    if workshop_key is None:
        raise ParihsError(
            "Nothing was imported: the files need a workshop.",
            "Say --workshop KEY, or --look to see what is in them.",
        )
    store = Store(home)
    with store.write("command line") as tx:
        study = get_study(tx.session, study_key)
        workshop = find_workshop(tx.session, study.id, workshop_key)
        for file, transcript in parsed:
            save_transcript(
                tx, workshop_id=workshop.id, title=file.stem, parsed=transcript, reason="import"
            )


def _summary(file: Path, parsed: ParsedTranscript) -> dict[str, Any]:
    return {
        "file": file.name,
        "format": parsed.format,
        "turns": len(parsed.turns),
        "words": parsed.n_words,
        "speakers": parsed.speakers,
        "duration_ms": parsed.duration_ms,
        "warnings": list(parsed.warnings),
    }


def _line(file: Path, parsed: ParsedTranscript) -> str:
    duration = parsed.duration_ms
    timed = f", {duration // 60_000}:{duration // 1000 % 60:02d} min" if duration else ", no times"
    speakers = ", ".join(parsed.speakers) or "no speakers"
    warnings = "".join(f"\n  note: {warning}" for warning in parsed.warnings)
    return (
        f"{file.name}: {parsed.format}, {len(parsed.turns)} turns, {parsed.n_words} words{timed}; "
        f"{speakers}{warnings}"
    )
