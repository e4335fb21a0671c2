"""``parihs figure``: one figure of a study into a file, or the table behind it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from parihs.cli.asking import Asked, comparing, read_material
from parihs.cli.main import home_option
from parihs.compare import Exhibit, to_csv
from parihs.errors import ParihsError
from parihs.figures import FIGURES, SPLITS, TOGETHER, Question, figure_named
from parihs.home import Home
from parihs.store import Store

KINDS = (".html", ".svg", ".png", ".csv")


@click.command("figure")
@click.argument("name", type=click.Choice(list(FIGURES)))
@click.option(
    "--out",
    "out",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="File to write: .html (works offline), .svg or .png (need a browser), .csv (the table).",
)
@comparing
@click.option("--split", type=click.Choice(list(SPLITS)), default="role", show_default=True)
@click.option("--together", type=click.Choice(list(TOGETHER)), default="turn", show_default=True)
@click.option("--distance", type=int, default=3, show_default=True, help="Turns apart, at most.")
@click.option(
    "--talk", type=click.Choice(["role", "speaker", "site"]), default="role", show_default=True
)
@click.option("--transcript", default=None, help="Id of the transcript of a timeline.")
@click.option("--base", type=int, default=4, show_default=True, help="Saturation: base size.")
@click.option("--run", type=int, default=2, show_default=True, help="Saturation: run length.")
@click.option(
    "--threshold", type=float, default=0.05, show_default=True, help="Saturation: new codes, 0–1."
)
@click.option("--dark", is_flag=True, help="On a dark ground.")
@click.option("--width", type=int, default=980, show_default=True, help="Pixels.")
@home_option
def figure_command(
    home: Home,
    name: str,
    out: Path,
    asked: Asked,
    split: str,
    together: str,
    distance: int,
    talk: str,
    transcript: str | None,
    base: int,
    run: int,
    threshold: float,
    dark: bool,
    width: int,
) -> None:
    """Draw one figure of the study; its caption is printed."""
    kind = out.suffix.lower()
    if kind not in KINDS:
        raise ParihsError(f"“{out.name}” is no kind of figure.", f"End it in {', '.join(KINDS)}.")
    material = read_material(home, asked)
    question = Question(
        rows=asked.rows,
        cols=asked.cols,
        below=asked.below_id(material),
        value=asked.value,
        per=asked.per,
        split=split,
        together=together,
        distance=distance,
        talk=talk,
        transcript=transcript,
        base=base,
        run=run,
        threshold=threshold,
        filters=asked.filters(),
    )
    figure = figure_named(name)
    with Store(home).read() as session:
        exhibit = figure.compute(session, material, question)
    drawn, caption = figure.draw(exhibit, dark=dark, width=width)
    content = _content(kind, drawn, exhibit, caption, figure.title)
    draft = out.with_name(out.name + ".part")
    draft.write_bytes(content)
    draft.replace(out)
    click.echo(f"{out}: {caption}")


def _content(kind: str, drawn: Any, exhibit: Exhibit, caption: str, title: str) -> bytes:
    from parihs.charts import saving

    if kind == ".png":
        return saving.as_png(drawn)
    if kind == ".svg":
        return saving.as_svg(drawn).encode()
    if kind == ".csv":
        return to_csv(exhibit.table()).encode()
    return saving.as_html(drawn, caption, title).encode()
