"""Lines of the trail as a list to read: by day, with a way to the words where there are any."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import groupby
from urllib.parse import urlencode

from parihs.coding.trail import Line

STYLE = """<style>
.parihs-trail { font-size: .9rem; line-height: 1.45; }
.parihs-trail h3 { font-size: .95rem; margin: 1.2rem 0 .3rem; padding: 0; }
.parihs-trail ol { list-style: none; margin: 0; padding: 0; }
.parihs-trail li { display: grid; grid-template-columns: 3.4rem 1fr auto; gap: .8rem;
  padding: .28rem 0; border-bottom: 1px solid color-mix(in srgb, currentColor 14%, transparent); }
.parihs-trail time, .parihs-trail .where {
  color: color-mix(in srgb, currentColor 78%, transparent); }
.parihs-trail .where { text-align: right; font-size: .85rem; }
.parihs-trail a { color: inherit; }
</style>"""


def trail_list(lines: Sequence[Line]) -> str:
    """The lines, newest first, as HTML; every word of the study in it is escaped."""
    parts = [STYLE, '<div class="parihs-trail">']
    for day, members in groupby(lines, key=lambda line: line.at.astimezone().date()):
        parts.append(f"<h3>{day.day} {day:%B %Y}</h3><ol>")
        parts += [_item(line) for line in members]
        parts.append("</ol>")
    return "".join([*parts, "</div>"])


def _item(line: Line) -> str:
    here = line.at.astimezone()
    at = f'<time datetime="{line.at.isoformat()}">{here:%H:%M}</time>'
    said = f"<span><strong>{escape(line.who)}</strong> {escape(line.sentence)}</span>"
    return f"<li>{at}{said}{_where(line)}</li>"


def _where(line: Line) -> str:
    if not line.transcript_id:
        return '<span class="where"></span>'
    query = {"transcript": line.transcript_id}
    if line.start is not None and line.end is not None:
        query |= {"start": str(line.start), "end": str(line.end)}
    address = escape(f"code?{urlencode(query)}")
    return f'<a class="where" href="{address}" target="_self">{escape(line.where)}</a>'
