"""The reading page names the files it will need, so that the browser fetches them early."""

from __future__ import annotations

import re
from pathlib import Path

import streamlit
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import FileResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from parihs.web.page_head import PRESSING, STATIC, PageHead

SERVED = Path(streamlit.__file__).parent / "static"
PRELOADED = re.compile(r'<link rel="modulepreload" fetchpriority="low" href="\./([^"]+)">')


GOING_THERE = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def page(_: object) -> Response:
    return FileResponse(SERVED / "index.html")


ROUTES = [Route("/study/code", page), Route("/study/search", page)]
# Streamlit packs what it sends, inside of ours.
APP = Starlette(
    routes=ROUTES,
    middleware=[Middleware(PageHead), Middleware(GZipMiddleware, minimum_size=10)],
)


def test_the_reading_page_names_each_file_once_and_all_are_there() -> None:
    with TestClient(APP) as client:
        first = client.get("/study/code", headers=GOING_THERE)
        again = client.get(
            "/study/code", headers=GOING_THERE | {"If-None-Match": first.headers.get("etag", "")}
        )
    assert again.text == first.text
    assert int(first.headers["content-length"]) == len(first.content)
    named = PRELOADED.findall(first.text)
    assert len(named) == len(set(named))
    ours = {name.rsplit("/", 1)[1] for name in named if "parihs.reader" in name}
    assert ours == {file.name for file in STATIC.glob("*.js")}
    theirs = [name for name in named if name.startswith("static/")]
    assert any("BidiComponent." in name for name in theirs)
    assert all((SERVED / name).is_file() for name in theirs)
    plain = (SERVED / "index.html").read_text(encoding="utf-8")
    assert not [name for name in theirs if name in plain]


def test_other_pages_name_what_draws_figures_and_files_are_sent_as_they_are() -> None:
    plain = (SERVED / "index.html").read_bytes()
    with TestClient(APP) as client:
        sent = client.get("/study/search", headers=GOING_THERE)
        first = client.get("/study/code", headers=GOING_THERE)
        assert client.get("/study/search").content == plain
        assert client.get("/study/code").content == plain
        assert client.head("/study/code", headers=GOING_THERE).status_code == 200
    assert int(sent.headers["content-length"]) == len(sent.content)
    named = re.findall(r"'\./(static/js/[^']+)'", sent.text)
    assert any("PlotlyChart." in name for name in named)
    assert all((SERVED / name).is_file() for name in named)
    script = re.search(r"<script type=\"module\">\nsetTimeout.*?</script>\n", sent.text, re.DOTALL)
    assert script is not None
    quick_clicks = f"<script>\n{PRESSING.read_text()}</script>\n"
    assert quick_clicks in first.text
    assert sent.text.replace(script[0], "").replace(quick_clicks, "").encode() == plain
