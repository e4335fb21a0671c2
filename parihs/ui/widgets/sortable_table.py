"""A table of numbers that sorts by any column, and whose rows can be opened."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

import streamlit as st


@dataclass(frozen=True, slots=True)
class Head:
    """A column: its name, and what it means as a hint."""

    label: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Value:
    """A cell: ``sort`` None (not defined) sorts last; ``note`` is small below; ``title`` a hint."""

    text: str
    sort: float | None = None
    note: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A line with its name in its construct's colour; ``depth`` indents it in the given order."""

    id: str
    label: str
    colour: str = ""
    depth: int = 0
    note: str = ""
    values: list[Value] = field(default_factory=list)


def sortable_table(
    corner: str,
    heads: list[Head],
    rows: list[Row],
    *,
    key: str,
    opens: bool = False,
    selected: str | None = None,
) -> str | None:
    """Show the table; where rows open, return the id of the one that was opened last."""
    mount = st.components.v2.component(
        "parihs.sortable_table",
        js="sortable_table.js",
        css="sortable_table.css",
        isolate_styles=False,
    )
    data = {
        "corner": corner,
        "heads": [asdict(head) for head in heads],
        "rows": [asdict(row) for row in rows],
        "opens": opens,
        "selected": selected,
    }
    result = mount(data=data, key=key, on_row_change=lambda: None)
    opened: str | None = result.row
    return opened
