"""What the head of a page gets from us: files named early, and clicks on figures that count.

The browser is to fetch early what a page will need: the reader's files, and what draws figures. The
reader is some sixty small modules, and Streamlit brings the elements around it in pieces of
its own. Left alone, the browser hears of them only when the page script has run, and then level by
level; named in the page, they are there by then. They are not named in a header: together they
are longer than what a usual proxy takes as one.

Other pages name the same files, and what draws figures, some seconds after they are there: the
first figure would otherwise wait a second for four megabytes of script to be fetched and read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

STATIC = Path(__file__).parents[1] / "reader" / "static"
PRESSING = Path(__file__).parents[1] / "charts" / "pressing.js"
"""Makes a quick click on a mark of a figure count."""
SERVED_AT = "./_stcore/bidi-components/parihs.reader"
READING_PAGE = "/code"
ELEMENTS = ("BidiComponent", "Selectbox", "PageLink", "Html", "Checkbox")
"""Streamlit's elements on the reading page and in the menu beside it."""
FIGURES = ("PlotlyChart",)
LATER_MS = 2500
"""The page itself comes first."""
IMPORTED = re.compile(rb'(?:from|import)"\./([^"]+)"')
ASKED_FOR = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range")
"""What would bring the page packed, in part, or not at all."""


@cache
def links() -> bytes:
    """One link for each file, as HTML; low priority, since Streamlit's own boot comes first."""
    names = [*_chunks(ELEMENTS), *_ours()]
    how = 'rel="modulepreload" fetchpriority="low"'
    return "".join(f'<link {how} href="{name}">\n' for name in names).encode()


@cache
def later() -> bytes:
    """A script for when the page has had its time: it names the files of other pages, and runs what
    draws figures in an idle moment, but not where somebody may be coding by then."""
    names = [*_ours(), *_chunks((*ELEMENTS, *FIGURES))]
    drawing = next((name for name in names if FIGURES[0] in name), "")
    return f"""<script type="module">
setTimeout(() => {{
  for (const href of {names}) {{
    const link = document.createElement("link");
    document.head.append(Object.assign(link, {{ rel: "modulepreload", href }}));
  }}
  const coding = () => location.pathname.endsWith("{READING_PAGE}");
  const draw = () => coding() || import("{drawing}").catch(() => {{}});
  if (window.requestIdleCallback) setTimeout(() => requestIdleCallback(draw), {LATER_MS});
}}, {LATER_MS});
</script>
""".encode()


@cache
def pressing() -> bytes:
    """What figures need on any page, since people go on from each to each."""
    return b"<script>\n" + PRESSING.read_bytes() + b"</script>\n"


def _ours() -> list[str]:
    return [f"{SERVED_AT}/{file.name}" for file in sorted(STATIC.glob("*.js"))]


def _chunks(elements: Sequence[str]) -> list[str]:
    """Files of Streamlit's elements with all that they import, as this release names them."""
    spec = find_spec("streamlit")
    assert spec is not None
    assert spec.origin is not None
    folder = Path(spec.origin).parent / "static" / "static" / "js"
    waiting = [file.name for name in elements for file in folder.glob(f"{name}.*.js")]
    found: dict[str, None] = {}
    while waiting:
        name = waiting.pop(0)
        if name in found or not (folder / name).is_file():
            continue
        found[name] = None
        waiting += [other.decode() for other in IMPORTED.findall((folder / name).read_bytes())]
    page = (folder.parents[1] / "index.html").read_text(encoding="utf-8")
    return [f"./static/js/{name}" for name in found if name not in page]


class PageHead:
    """Adds the links to the page "Read and code", the late script to others, the click to all."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET" or not _wants_page(scope):
            await self._app(scope, receive, send)
            return
        added = links() if scope["path"].endswith(READING_PAGE) else later()
        added += pressing()
        asked = [pair for pair in scope["headers"] if pair[0].lower() not in ASKED_FOR]
        held: list[Message] = []
        body = b""

        async def send_with_links(message: Message) -> None:
            nonlocal body
            if message["type"] == "http.response.start" and _is_page(message):
                held.append(message)
            elif not held:
                await send(message)
            else:
                body += message.get("body", b"")
                if message.get("more_body"):
                    return
                whole = body.replace(b"</head>", added + b"</head>", 1)
                headers = MutableHeaders(scope=held[0])
                for name in ("etag", "last-modified", "accept-ranges"):
                    del headers[name]
                headers["content-length"] = str(len(whole))
                await send(held[0])
                await send({"type": "http.response.body", "body": whole})

        await self._app({**scope, "headers": asked}, receive, send_with_links)


def _wants_page(scope: Scope) -> bool:
    """Whether somebody goes to an address, and no script asks for a file."""
    return "text/html" in Headers(raw=scope["headers"]).get("accept", "")


def _is_page(message: Message) -> bool:
    kind = Headers(raw=message["headers"]).get("content-type", "")
    return message["status"] == 200 and kind.startswith("text/html")
