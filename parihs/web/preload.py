"""Lets the browser fetch the reader's files while Streamlit's own page is still starting.

The reader is some thirty small modules. Left alone, the browser hears of them only when the page
script has run, and then level by level; named in the page's header, they are there by then.
"""

from __future__ import annotations

from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

STATIC = Path(__file__).parents[1] / "reader" / "static"
SERVED_AT = "_stcore/bidi-components/parihs.reader"
READING_PAGE = "/code"


def link_header(root: str = "") -> str:
    """The Link header that names each module of the reader, below the app's root path.

    Low priority: they may not hold up Streamlit's own files, which are needed first.
    """
    names = sorted(file.name for file in STATIC.glob("*.js"))
    how = "rel=modulepreload; fetchpriority=low"
    return ", ".join(f"<{root}/{SERVED_AT}/{name}>; {how}" for name in names)


class PreloadReader:
    """Adds the Link header to the page "Read and code", and to nothing else."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].endswith(READING_PAGE):
            await self._app(scope, receive, send)
            return
        link = link_header(scope.get("root_path", ""))

        async def send_with_link(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                MutableHeaders(scope=message)["Link"] = link
            await send(message)

        await self._app(scope, receive, send_with_link)
