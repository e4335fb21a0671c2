"""``parihs report``: the study as Word document, web page, workbook and tables."""

from __future__ import annotations

from pathlib import Path

import click

from parihs.cli.main import answer, home_option, json_option, study_option
from parihs.cli.viewing import as_option, viewer
from parihs.compare.excerpts import ALL, CONSENSUS
from parihs.errors import ParihsError
from parihs.home import Home
from parihs.report import FORMATS, PARTS, USUAL, build, render
from parihs.store import Store
from parihs.store.studies import coders, get_study


@click.command("report")
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the files; made where it is missing.",
)
@click.option("--docx", "kinds", flag_value="docx", multiple=True, help="Word document.")
@click.option("--html", "kinds", flag_value="html", multiple=True, help="One web page.")
@click.option("--xlsx", "kinds", flag_value="xlsx", multiple=True, help="Excel workbook.")
@click.option("--csv", "kinds", flag_value="csv", multiple=True, help="Tables as CSV, zipped.")
@click.option("--part", "parts", multiple=True, type=click.Choice(list(PARTS)), help="Only these.")
@click.option("--figures", is_flag=True, help="With figures (HTML; Word where a browser is found).")
@click.option(
    "--layer", default=CONSENSUS, show_default=True, help="consensus, all, or the key of a coder."
)
@as_option
@study_option
@json_option
@home_option
def report_command(
    home: Home,
    out: Path,
    kinds: tuple[str, ...],
    parts: tuple[str, ...],
    figures: bool,
    layer: str,
    reader: str | None,
    study: str | None,
    as_json: bool,
) -> None:
    """Write a report on a study: methods, comparisons, grid, ratings, findings, appendices.

    Without a kind, all four are written. The same study gives the same bytes. It holds all
    codings, released or not, unless --as names whose eyes to use.
    """
    wanted = parts or USUAL
    with Store(home).read() as session:
        found = get_study(session, study)
        people = {coder.key: coder.id for coder in coders(session, found.id)}
        if layer not in (CONSENSUS, ALL) and layer not in people:
            raise ParihsError(f"There is no coder “{layer}”.", f"Known: {', '.join(people)}.")
        made = build(
            session,
            found.id,
            viewer_id=viewer(session, found.id, reader),
            layer=people.get(layer, layer),
            parts=[*wanted, "figures"] if figures else wanted,
        )
    files = []
    out.mkdir(parents=True, exist_ok=True)
    for kind in dict.fromkeys(kinds or FORMATS):
        file = out / FORMATS[kind].filename
        draft = file.with_name(f"{file.name}.part")
        draft.write_bytes(render(made, kind))
        draft.replace(file)
        files.append({"kind": kind, "file": str(file), "bytes": file.stat().st_size})
    lines = [f"{each['file']}: {each['bytes']:,} bytes" for each in files]
    if any(figure.png is None for figure in made.figures):
        lines.append("No browser was found to draw pictures, so the Word document has no figures.")
    answer(as_json, {"study": found.key, "files": files}, lines)
