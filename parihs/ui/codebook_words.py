"""A code's rules, differences between codebooks and proposals, as the Codebook page shows them."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from itertools import groupby

import streamlit as st

from parihs.codebook.book import ORIGINS
from parihs.codebook.differences import (
    ADDED,
    CHANGED,
    FIELDS,
    MOVED,
    RETIRED,
    Difference,
)
from parihs.codebook.mentions import by_name
from parihs.store.codebooks import CodeView
from parihs.ui.plain import plain

STYLE = """<style>
.parihs-diff { font-size: .92rem; max-width: 56rem; }
.parihs-diff h4 { font-size: 1rem; margin: .9rem 0 .15rem; padding: 0; }
.parihs-diff .what { font-weight: 400; opacity: .78; }
.parihs-diff dl { margin: 0; display: grid; gap: .15rem .8rem;
  grid-template-columns: minmax(7rem, 10rem) 1fr; }
.parihs-diff dt { opacity: .78; } .parihs-diff dd { margin: 0; overflow-wrap: anywhere; }
.parihs-diff del { text-decoration-color: #c0392b; opacity: .8; }
.parihs-diff ins { text-decoration: none;
  background: color-mix(in srgb, #2e9e6b 22%, transparent); }
</style>"""


def rules(code: CodeView, count: int, names: Mapping[str, str]) -> None:
    """One code with everything a coder needs to decide; ``names`` are those of all codes by key."""
    about = code.definition
    st.markdown(f"#### {plain(code.name)}")
    st.caption(plain(" › ".join(code.path[:-1])) or "Construct")
    st.write(plain(by_name(about.definition, names)) or "*No definition yet.*")
    for label, text in (
        ("Use it when", by_name(about.when_to_use, names)),
        ("Not when", by_name(about.when_not, names)),
        ("Example", about.example),
        ("Enabling signs", "; ".join(about.enabling)),
        ("Constraining signs", "; ".join(about.constraining)),
        ("Sources", ", ".join(about.source)),
    ):
        if text:
            st.markdown(f"**{label}**")
            st.write(plain(text))
    codings = "1 coding" if count == 1 else f"{count} codings"
    origin = ORIGINS.get(about.origin, about.origin)
    st.caption(plain(f"{code.key} · {origin} · {codings} that you may see"))


def differences(found: list[Difference]) -> str:
    """Differences as HTML, code by code; every word of the study in it is escaped."""
    parts = []
    for _, group in groupby(found, key=lambda each: each.key):
        rows = list(group)
        kinds = ", ".join(dict.fromkeys(_what(each) for each in rows))
        lines = "".join(
            f"<dt>{escape(FIELDS.get(each.field, 'Stands below'))}</dt>"
            f"<dd><del>{escape(each.before) or '—'}</del><br><ins>{escape(each.after) or '—'}"
            "</ins></dd>"
            for each in rows
            if each.kind in (CHANGED, MOVED)
        )
        head = f'{escape(rows[0].name)} <span class="what">{escape(kinds)}</span>'
        parts.append(f"<h4>{head}</h4>" + (f"<dl>{lines}</dl>" if lines else ""))
    return f'{STYLE}<div class="parihs-diff">{"".join(parts)}</div>'


def _what(each: Difference) -> str:
    if each.kind == ADDED:
        return f"new, below “{each.after}”" if each.after else "new"
    return {CHANGED: "changed", MOVED: "moved", RETIRED: "retired"}[each.kind]
