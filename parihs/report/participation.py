"""Who took part: sites with their workshops and talk, roles with theirs."""

from __future__ import annotations

from parihs.compare.denominators import Denominators
from parihs.model.terms import SITE_KINDS
from parihs.report.contents import Cell, Head, Table
from parihs.report.source import Source
from parihs.report.words import count


def participation_tables(source: Source) -> tuple[Table, ...]:
    """One table of the sites, one of the roles."""
    return _sites(source), _roles(source.denominators)


def _sites(source: Source) -> Table:
    talk, people = source.denominators.talk, source.denominators.participants
    heads = ("Workshops", "Participants", "Words", "Said by participants", "Said by facilitators")
    rows, cells = [], []
    for site in source.sites:
        here = talk[talk["site_id"] == site.id]
        words = int(here["n_words"].sum())
        by_facilitators = int(here.loc[here["facilitator"], "n_words"].sum())
        held = sum(workshop.site_id == site.id for workshop in source.workshops)
        there = people[(people["site_id"] == site.id) & ~people["facilitator"]]
        rows.append(Head(site.name, SITE_KINDS[site.kind].lower()))
        cells.append(
            (
                _number(held),
                _number(len(there)),
                _number(words),
                _share(words - by_facilitators, words),
                _share(by_facilitators, words),
            )
        )
    facilitators = int(people["facilitator"].sum())
    return Table(
        key="participation.sites",
        title="Sites and their workshops",
        caption=f"{count(len(source.sites), 'site')}, {count(len(source.workshops), 'workshop')}, "
        f"{count(int(talk['n_words'].sum()), 'word')} spoken; "
        f"{count(facilitators, 'facilitator')} took part besides the participants counted here.",
        corner="Site",
        rows=tuple(rows),
        columns=tuple(Head(name) for name in heads),
        cells=tuple(cells),
        note="Shares are of the words spoken at the site. A voice that nobody has linked to a "
        "participant counts as a participant’s.",
    )


def _roles(denominators: Denominators) -> Table:
    talk, people = denominators.talk, denominators.participants
    total = int(talk["n_words"].sum())
    roles = sorted({role for role in [*people["role"], *talk["role"]] if role})
    rows, cells = [], []
    for role in [*roles, ""]:
        spoken = talk[talk["role"] == role]
        members = people[people["role"] == role]
        words = int(spoken["n_words"].sum())
        if not role and not words:
            continue
        heard = spoken.loc[spoken["n_words"] > 0, "participant_id"]
        rows.append(Head(role[:1].upper() + role[1:] if role else "Role not given"))
        cells.append(
            (
                _number(len(members)),
                _number(heard[heard != ""].nunique()),
                _number(int(spoken["site_id"].nunique())),
                _number(words),
                _share(words, total),
            )
        )
    return Table(
        key="participation.roles",
        title="Participation by role",
        caption=f"Words spoken by role, out of {count(total, 'word')} in all workshops.",
        corner="Role",
        rows=tuple(rows),
        columns=tuple(
            Head(name) for name in ("People", "Heard", "Sites", "Words", "Share of words")
        ),
        cells=tuple(cells),
    )


def _number(value: int) -> Cell:
    return Cell(f"{value:,}", value)


def _share(part: int, whole: int) -> Cell:
    return Cell(f"{part / whole:.0%}", part / whole) if whole else Cell("–")
