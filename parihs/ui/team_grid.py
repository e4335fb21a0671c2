"""The grid of transcripts by coders: one glance says who codes what and how far they are."""

from __future__ import annotations

from html import escape

from parihs.coding.team import FINISHED, HIDDEN, NOT_BEGUN, SO_FAR, Cell, Team

STYLE = """<style>
.parihs-team { border-collapse: collapse; width: 100%; font-size: .875rem; }
.parihs-team th, .parihs-team td { padding: .3rem .6rem; text-align: left; vertical-align: top;
  border-bottom: 1px solid color-mix(in srgb, currentColor 16%, transparent); }
.parihs-team thead th { font-weight: 600; white-space: nowrap; }
.parihs-team tbody th { font-weight: 400; }
.parihs-team tr.site th { font-weight: 600; padding-top: .9rem; border-bottom: 0; }
.parihs-team .quiet { color: color-mix(in srgb, currentColor 78%, transparent); }
.parihs-team .mark { display: inline-block; width: 1.2em; }
.parihs-scroll { overflow-x: auto; }
</style>"""
MARKS = {FINISHED: "●", SO_FAR: "◐", NOT_BEGUN: "○", HIDDEN: "○"}
LEGEND = (
    "● read to the end · ◐ coded so far · ○ assigned. A number is how many codings there are; it "
    "is shown only where you may see them."
)


def team_grid(team: Team, viewer_id: str | None) -> str:
    """The grid as HTML; every word of the study in it is escaped."""
    heads = "".join(
        f'<th scope="col">{escape(coder.name)}{" (you)" if coder.id == viewer_id else ""}</th>'
        for coder in team.coders
    )
    lines = []
    site = None
    for row in team.rows:
        if row.site != site:
            site = row.site
            width = len(team.coders) + 2
            lines.append(
                f'<tr class="site"><th scope="rowgroup" colspan="{width}">{escape(site)}</th></tr>'
            )
        cells = "".join(
            f"<td>{_cell(row.cells[coder.id], team.anything_assigned)}</td>"
            for coder in team.coders
        )
        state = "released" if row.released else "coded blind"
        label = f'<th scope="row">{escape(row.label)}</th>'
        lines.append(f'<tr>{label}{cells}<td class="quiet">{state}</td></tr>')
    return (
        f'{STYLE}<div class="parihs-scroll" tabindex="0" role="region" '
        'aria-label="Who codes what"><table class="parihs-team"><thead>'
        f'<tr><th scope="col">Transcript</th>{heads}<th scope="col">State</th></tr></thead>'
        f"<tbody>{''.join(lines)}</tbody></table></div>"
    )


def _cell(cell: Cell, anything_assigned: bool) -> str:
    if not cell.state:
        return '<span class="quiet">–</span>'
    words = "assigned" if cell.state == HIDDEN else cell.state
    number = f" · {cell.n_codings:,}" if cell.n_codings else ""
    extra = ""
    if anything_assigned and not cell.assigned:
        extra = '<br><span class="quiet">not assigned</span>'
    mark = f'<span class="mark" aria-hidden="true">{MARKS[cell.state]}</span>'
    return f"{mark}{words}{number}{extra}"
