"""What comparing commands share: which codings, of whose talk, on which codes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

import click

from parihs.cli.viewing import as_option, viewer
from parihs.compare.axes import ROW_COLUMNS
from parihs.compare.denominators import load_denominators
from parihs.compare.excerpts import ALL, CONSENSUS, load_excerpts
from parihs.compare.filters import Filters
from parihs.compare.matrix import RATES, VALUES
from parihs.errors import ParihsError
from parihs.figures import Material
from parihs.home import Home
from parihs.store import Store
from parihs.store.codebooks import codebooks, definitions, latest_codebook_version
from parihs.store.studies import coders, get_study


@dataclass(frozen=True, slots=True)
class Asked:
    """The options of :func:`comparing` as given."""

    rows: str
    cols: str
    value: str
    per: str
    below: str | None
    layer: str
    roles: tuple[str, ...]
    kinds: tuple[str, ...]
    cycles: tuple[int, ...]
    facilitators: bool
    unsure: bool
    reader: str | None
    study: str | None

    def filters(self) -> Filters:
        """The filters among them."""
        return Filters(
            roles=self.roles or None,
            kinds=self.kinds or None,
            cycles=self.cycles or None,
            include_facilitators=self.facilitators,
            include_unsure=self.unsure,
        )

    def below_id(self, material: Material) -> str | None:
        """Id of the code whose key ``--below`` gives."""
        if self.below is None:
            return None
        keys = {code.key: code.code_id for code in material.codes}
        if self.below not in keys:
            raise ParihsError(
                f"There is no code “{self.below}”.", "parihs code list shows those in use."
            )
        return keys[self.below]


OPTIONS = (
    click.option("--rows", type=click.Choice(list(ROW_COLUMNS)), default="site", show_default=True),
    click.option(
        "--cols", default="construct", show_default=True, help="construct, code, or a level."
    ),
    click.option("--value", type=click.Choice(list(VALUES)), default="count", show_default=True),
    click.option("--per", type=click.Choice(list(RATES)), default="none", show_default=True),
    click.option("--below", default=None, help="Key of a code: only the codes under it."),
    click.option(
        "--layer",
        default=CONSENSUS,
        show_default=True,
        help="consensus, all, or the key of a coder.",
    ),
    click.option("--role", "roles", multiple=True, help="Only what these roles said."),
    click.option("--kind", "kinds", multiple=True, help="Only these kinds of workshop."),
    click.option("--cycle", "cycles", multiple=True, type=int, help="Only these PAR cycles."),
    click.option("--facilitators/--no-facilitators", default=True, show_default=True),
    click.option(
        "--unsure/--no-unsure",
        default=True,
        show_default=True,
        help="Count turns of which it is not sure who speaks.",
    ),
    as_option,
    click.option("--study", default=None, help="Key of the study, if there are several."),
)


def comparing(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options, and hand the command an :class:`Asked`."""

    @wraps(command)
    def wrapped(**given: Any) -> Any:
        asked = {name: given.pop(name) for name in Asked.__dataclass_fields__}
        return command(asked=Asked(**asked), **given)

    for option in reversed(OPTIONS):
        wrapped = option(wrapped)
    return wrapped


def read_material(home: Home, asked: Asked) -> Material:
    """The study's excerpts, denominators and codes.

    Raises ParihsError where there is no codebook, or no such study or coder.
    """
    with Store(home).read() as session:
        found = get_study(session, asked.study)
        books = codebooks(session, found.id)
        version = latest_codebook_version(session, books[0].id) if books else None
        if version is None:
            raise ParihsError("This study has no codebook, so nothing is coded.", "Add one first.")
        people = {coder.key: coder.id for coder in coders(session, found.id)}
        layer, viewer_id = asked.layer, viewer(session, found.id, asked.reader)
        if layer not in (CONSENSUS, ALL) and layer not in people:
            raise ParihsError(f"There is no coder “{layer}”.", f"Known: {', '.join(people)}.")
        return Material(
            load_excerpts(
                session,
                found.id,
                version.id,
                viewer_id=viewer_id,
                layer=people.get(layer, layer),
            ),
            load_denominators(session, found.id),
            definitions(session, version.id),
        )
