"""Tells one browser from another by a cookie, so that who is coding is each browser's own choice.

Two coders may share one server. Were the choice kept for the server, the second would come back
after a reload as whoever chose last, and code under that name. The cookie says nothing but a random
number, is read by no page's script and goes to no other machine.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping

from starlette.datastructures import MutableHeaders
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "parihs-browser"
LASTS_S = 400 * 24 * 60 * 60
"""As long as browsers keep one at most; it is renewed whenever a page is opened."""
OURS = re.compile(r"[0-9a-f]{32}")


def browser_of(cookies: Mapping[str, str]) -> str:
    """The number of the browser that sent these cookies; empty where it has none of ours."""
    number = str(cookies.get(COOKIE, ""))
    return number if OURS.fullmatch(number) else ""


class KnowBrowsers:
    """Gives each browser its number together with the first page."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return

        async def send_with_number(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    headers.append("Set-Cookie", _cookie(scope))
            await send(message)

        await self._app(scope, receive, send_with_number)


def _cookie(scope: Scope) -> str:
    sent = dict(scope["headers"]).get(b"cookie", b"").decode("latin-1")
    number = browser_of(cookie_parser(sent)) or secrets.token_hex(16)
    path = scope.get("root_path", "") or "/"
    return f"{COOKIE}={number}; Max-Age={LASTS_S}; Path={path}; HttpOnly; SameSite=Lax"
