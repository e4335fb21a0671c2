"""Figures as files: a page that works offline, and pictures drawn by a browser of this computer."""

from __future__ import annotations

import base64
import html
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

import plotly.graph_objects as go
from plotly.offline import get_plotlyjs

from parihs.charts.theme import CONFIG
from parihs.errors import ParihsError

BROWSERS: Final = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
    "microsoft-edge",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
"""Names and places where a browser that can draw pictures may be."""

SECONDS: Final = 60
"""How long a browser may take for one picture."""

_SCALE: Final = {"png": 2, "svg": 1}

# The document is replaced by the picture alone, so that nothing else has to be read back.
_PAGE: Final = """<!doctype html><meta charset="utf-8"><body><div id="figure"></div>
<script>{plotly}</script><script>
const figure = {figure};
Plotly.newPlot("figure", figure.data, figure.layout, {{staticPlot: true}})
  .then(drawn => Plotly.toImage(drawn, {{format: "{kind}", scale: {scale},
    width: figure.layout.width, height: figure.layout.height}}))
  .then(url => {{ document.documentElement.innerHTML = "<body><pre></pre></body>";
    document.querySelector("pre").textContent = url; }});
</script></body>"""


def as_html(figure: go.Figure, caption: str = "", title: str = "Figure") -> str:
    """A page with the figure, its caption, and everything it needs: nothing is fetched."""
    drawn = figure.to_html(full_html=False, include_plotlyjs=True, config=CONFIG)
    paper = figure.layout.paper_bgcolor or "#FFFFFF"
    ink = figure.layout.font.color or "#1F2933"
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>'
        f"{html.escape(title)}</title><style>body{{margin:24px;background:{paper};color:{ink};"
        f"font-family:system-ui,sans-serif}}figcaption{{max-width:70ch;line-height:1.5}}</style>"
        f"</head><body><figure>{drawn}<figcaption>{html.escape(caption)}</figcaption></figure>"
        "</body></html>\n"
    )


def as_svg(figure: go.Figure) -> str:
    """The figure as SVG. Raises ParihsError where no browser can draw it."""
    url = _drawn(figure, "svg")
    if url.startswith("data:image/svg+xml;base64,"):
        return base64.b64decode(url.partition(",")[2]).decode("utf-8")
    from urllib.parse import unquote

    return unquote(url.partition(",")[2])


def as_png(figure: go.Figure) -> bytes:
    """The figure as PNG at twice its size. Raises ParihsError where no browser can draw it."""
    return base64.b64decode(_drawn(figure, "png").partition(",")[2])


def find_browser() -> str | None:
    """The browser that draws pictures: ``PARIHS_BROWSER``, or the first of ``BROWSERS`` found."""
    chosen = os.environ.get("PARIHS_BROWSER")
    names = (chosen,) if chosen else BROWSERS
    return next(filter(None, map(shutil.which, names)), None)


def _drawn(figure: go.Figure, kind: str) -> str:
    browser = find_browser()
    if browser is None:
        raise ParihsError(
            "No browser was found that could draw this figure as a picture.",
            "Save it as HTML, which needs none, or install Chromium, Chrome or Edge, or give its"
            " place in PARIHS_BROWSER.",
        )
    content = figure.to_json().replace("</", "<\\/")
    page = _PAGE.format(plotly=get_plotlyjs(), figure=content, kind=kind, scale=_SCALE[kind])
    with tempfile.TemporaryDirectory(prefix="parihs-figure-", ignore_cleanup_errors=True) as folder:
        file = Path(folder) / "figure.html"
        file.write_text(page, encoding="utf-8")
        answer = _ask(browser, folder, file)
    start, end = answer.find("<pre>"), answer.rfind("</pre>")
    url = html.unescape(answer[start + 5 : end]) if 0 <= start < end else ""
    if not url.startswith("data:image/"):
        raise ParihsError(
            f"The browser {Path(browser).name} did not draw the figure.",
            "Save it as HTML and open it in a browser of your own.",
        )
    return url


def _ask(browser: str, folder: str, file: Path) -> str:
    """What the page holds once it is drawn; the browser may reach nothing but this file."""
    command = [
        browser,
        "--headless",
        "--disable-gpu",
        "--disable-extensions",
        "--disable-background-networking",
        "--host-resolver-rules=MAP * ~NOTFOUND",
        f"--user-data-dir={folder}/profile",
        "--virtual-time-budget=20000",
        "--dump-dom",
        file.as_uri(),
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        # Chromium refuses its own sandbox to the superuser.
        command.insert(1, "--no-sandbox")
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, encoding="utf-8", timeout=SECONDS
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout
