"""Figures of the HTML report: a mark opens its excerpts, and without script a list does."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Final

from parihs.report.contents import Excerpt, Figure, Mark

PRESSING: Final = Path(__file__).parents[1] / "charts" / "pressing.js"
"""Makes a quick click on a mark count."""

OPENING: Final = """
function drawFigure(id, light, dark, marks) {
  const shade = matchMedia("(prefers-color-scheme: dark)");
  const plot = document.getElementById(id);
  const draw = () => {
    const spec = shade.matches ? dark : light;
    return Plotly.react(plot, spec.data, spec.layout, {displayModeBar: false});
  };
  const place = document.getElementById(id + "-opened");
  const open = point => {
    const found = marks[JSON.stringify((point.customdata || []).map(String))];
    place.replaceChildren();
    if (!found) return;
    const heading = document.createElement("h4");
    const [title, labels] = found;
    heading.textContent = `${title}: ${labels.length} excerpt${labels.length === 1 ? "" : "s"}`;
    place.append(heading);
    for (const label of labels) {
      const excerpt = document.getElementById(label).cloneNode(true);
      excerpt.removeAttribute("id");
      place.append(excerpt);
    }
  };
  draw().then(() => plot.on("plotly_click", event => open(event.points[0])));
  shade.addEventListener("change", draw);
}
"""


def scripts() -> str:
    """Plotly and what opens its marks; they come with the file and fetch nothing."""
    from plotly.offline import get_plotlyjs

    pressing = PRESSING.read_text(encoding="utf-8")
    ours = f"<script>{pressing}</script>\n<script>{OPENING}</script>\n"
    return f"<script>{get_plotlyjs()}</script>\n{ours}"


def figure(number: int, shown: Figure, excerpts: Mapping[str, Excerpt]) -> str:
    """One figure with its caption, and the excerpts behind each of its marks."""
    name = f"figure-{number}"
    marks = {
        json.dumps(mark.key, separators=(",", ":"), ensure_ascii=False): (mark.title, mark.excerpts)
        for mark in shown.marks
    }
    given = json.dumps(marks, ensure_ascii=False, separators=(",", ":"))
    call = f'drawFigure("{name}",{shown.spec},{shown.dark},{given});'.replace("</", "<\\/")
    listing = "".join(
        f"<dt>{escape(mark.title)}</dt><dd>{_listed(mark, excerpts)}</dd>" for mark in shown.marks
    )
    return (
        f'<figure><div id="{name}"></div>{_picture(shown)}<figcaption><b>{escape(shown.title)}.'
        f"</b> {escape(shown.caption)} Select a mark to read the excerpts behind it."
        f'</figcaption></figure><div id="{name}-opened" class="opened" aria-live="polite"></div>'
        f"<details><summary>The excerpts behind each mark</summary>"
        f'<dl class="cells">{listing}</dl></details>'
        # After the page is read, for the excerpts come at its end.
        f'<script>document.addEventListener("DOMContentLoaded",()=>{{{call}}});</script>'
    )


def _listed(mark: Mark, excerpts: Mapping[str, Excerpt]) -> str:
    """Links to the excerpts of a mark, each with who says it and where."""
    return " ".join(
        f'<a href="#{label}">{label}</a> <small>{escape(excerpts[label].speakers)} · '
        f"{escape(excerpts[label].site)}</small>"
        for label in mark.excerpts
    )


def _picture(shown: Figure) -> str:
    """What stands in the figure's place where scripts are off."""
    if shown.png is None:
        return ""
    data = base64.b64encode(shown.png).decode("ascii")
    return (
        f'<noscript><img src="data:image/png;base64,{data}" alt="{escape(shown.title)}" '
        f'width="{shown.width}" height="{shown.height}"></noscript>'
    )
