"""``parihs export``: transcripts of a study as files for people and for other programs."""

from __future__ import annotations

from pathlib import Path

import click

from parihs.cli.main import answer, home_option, json_option, study_option
from parihs.errors import ParihsError
from parihs.exchange.transcripts_out import all_transcripts, find_transcript, transcript_file
from parihs.formats import WRITERS, Writer, writer_named
from parihs.home import Home
from parihs.store import Store
from parihs.store.studies import get_study


@click.command("export")
@click.argument("transcript", required=False)
@click.option(
    "--format",
    "name",
    type=click.Choice([writer.name for writer in WRITERS]),
    default=None,
    help="Default: what the ending of --out means, else docx.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("."),
    show_default=True,
    help="File to write, or a folder for it.",
)
@click.option("--all", "everything", is_flag=True, help="Every transcript, in one zip file.")
@click.option("--joined", is_flag=True, help="One turn of those in a row by the same speaker.")
@click.option("--formats", "listing", is_flag=True, help="Only say what each format holds.")
@study_option
@json_option
@home_option
def export_command(
    home: Home,
    transcript: str | None,
    name: str | None,
    out: Path,
    everything: bool,
    joined: bool,
    listing: bool,
    study: str | None,
    as_json: bool,
) -> None:
    """Write a transcript (a workshop's key, a title or an id) in a format of your choice."""
    if listing:
        rows = [{"format": w.name, "label": w.label, "loses": w.loses} for w in WRITERS]
        answer(as_json, rows, [f"{w.name:9} {w.label} ({w.extension}). {w.loses}" for w in WRITERS])
        return
    if (transcript is None) != everything:
        raise ParihsError(
            "Nothing was written: say which transcript.",
            "Give a workshop's key, or --all for every transcript; --formats lists the formats.",
        )
    writer = _writer(name, None if everything else out)
    with Store(home).read() as session:
        found = get_study(session, study)
        if transcript is not None:
            wanted = find_transcript(session, found.id, transcript)
            filename, data = transcript_file(session, wanted.id, writer, joined=joined)
            left_out: list[str] = []
        else:
            filename = f"{found.key} transcripts {writer.name}.zip"
            data, left_out = all_transcripts(session, found.id, writer, joined=joined)
    file = out / filename if out.is_dir() or not out.suffix else out
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_name(f"{file.name}.part")
        draft.write_bytes(data)
        draft.replace(file)
    except OSError as error:
        raise ParihsError(
            f"“{file.name}” cannot be written ({error.strerror or 'unknown reason'}).",
            "Choose another folder with --out.",
        ) from error
    lines = [f"{file}: {writer.label}, {len(data):,} bytes. {writer.loses}"]
    lines += [f"Left out: {sentence}" for sentence in left_out]
    answer(
        as_json,
        {"file": str(file), "format": writer.name, "bytes": len(data), "left_out": left_out},
        lines,
    )


def _writer(name: str | None, out: Path | None) -> Writer:
    """The format asked for by name, or by the ending of the file to write."""
    if name is not None:
        return writer_named(name)
    ending = "" if out is None or out.is_dir() else out.suffix.lower()
    if not ending:
        return writer_named("docx")
    fitting = [writer for writer in WRITERS if writer.extension == ending]
    if not fitting:
        raise ParihsError(
            f"“{ending}” is no ending of a transcript file.",
            f"Use one of: {', '.join(dict.fromkeys(w.extension for w in WRITERS))}.",
        )
    return fitting[0]
