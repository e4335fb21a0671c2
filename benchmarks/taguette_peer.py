"""Taguette as a peer: its own server and page, with the same text and the same codings as ours.

It is never installed from here: whoever compares names the Python that has it.
"""

from __future__ import annotations

import html
import http.cookiejar
import json
import os
import re
import sqlite3
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page
from running_app import SIZE, free_port

# Taguette asks its maker's site for notices; here it is told at once that there are none.
SERVE = """
import sys
from taguette.web import base
base.Application.check_messages = lambda self: self.messages_event.set()
from taguette.main import main
sys.argv[0] = "taguette"
main()
"""
STARTS_WITHIN_S = 60
OPENS_WITHIN_MS = 600_000
BOUNDARY = "parihs-benchmark"

# Its many console.log calls are silenced: a person's closed console costs nothing, ours under
# automation does. `opened` is the start of the first frame after everything is there.
WATCH_OPENING = """(() => {
  console.log = () => {};
  window.opened = null;
  let there = false;
  const look = () => {
    const text = document.getElementById('document-contents');
    if (there) { window.opened = performance.now(); return; }
    if (text && text.getElementsByTagName('p').length >= TURNS) {
      const ids = new Set([...text.getElementsByClassName('highlight')]
        .map(piece => piece.dataset.highlightId));
      there = ids.size >= CODINGS && !document.body.classList.contains('modal-open');
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})()"""
WATCH_SAVING = """() => {
  const text = document.getElementById('document-contents');
  const known = new Set([...text.getElementsByClassName('highlight')]
    .map(piece => piece.dataset.highlightId));
  window.saving = { key: null, saved: null, painted: null };
  addEventListener('keydown', event => { window.saving.key = event.timeStamp; }, true);
  new MutationObserver((changes, watcher) => {
    const fresh = changes.flatMap(change => [...change.addedNodes]).find(node =>
      node.classList?.contains('highlight') && !known.has(node.dataset.highlightId));
    if (!fresh) return;
    watcher.disconnect();
    window.saving.id = Number(fresh.dataset.highlightId);
    window.saving.saved = performance.now();
    requestAnimationFrame(() => requestAnimationFrame(() => {
      window.saving.painted = performance.now();
    }));
  }).observe(text, { childList: true, subtree: true });
}"""


@dataclass(frozen=True, slots=True)
class Span:
    """A coding: code points in the text, end-exclusive, and the key of its code."""

    start: int
    end: int
    code: str


@dataclass(frozen=True, slots=True)
class Saved:
    """ms from the key that saves until the highlight is in the page, and painted."""

    painted: float
    saved: float
    actions: int


class Taguette:
    """A running Taguette over a database in ``folder``."""

    def __init__(self, python: str, folder: Path) -> None:
        self.python = python
        self.folder = folder
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.log = folder / "taguette.log"
        self.about: dict[str, Any] = {}

    def __enter__(self) -> Taguette:
        self.folder.mkdir(parents=True, exist_ok=True)
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [
                    *(self.python, "-c", SERVE, "--no-browser", "--bind", "127.0.0.1"),
                    *("--port", str(self.port)),
                    *("--database", str(self.folder / "taguette.sqlite3")),
                ],
                env={**os.environ, "PYTHONUNBUFFERED": "1", "TORNADO_SHUTDOWN_TIME": "0"},
                stdout=log,
                stderr=log,
            )
        self._sign_in()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.process.terminate()
        self.process.wait(timeout=20)

    def _sign_in(self) -> None:
        end = time.monotonic() + STARTS_WITHIN_S
        token = None
        while token is None:
            if time.monotonic() > end or self.process.poll() is not None:
                raise SystemExit(f"Taguette did not start; see {self.log}")
            time.sleep(0.1)
            token = re.search(r"token=([0-9a-f]{16,})", self.log.read_text())
        self.token = token.group(1)
        self.opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()),
        )
        while True:
            try:
                self._ask(f"/?token={self.token}")
                break
            except urllib.error.URLError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.1)
        page = self._ask("/project/new").decode()
        found = re.search(r'name="_xsrf" value="([^"]+)"', page)
        assert found is not None
        self.xsrf = found.group(1)

    def _ask(
        self, path: str, body: bytes | None = None, kind: str = "", method: str | None = None
    ) -> bytes:
        headers = {"Content-Type": kind} if kind else {}
        request = urllib.request.Request(self.address + path, body, headers, method=method)
        with self.opener.open(request) as answer:
            self.landed = answer.url
            return bytes(answer.read())

    def _call(self, path: str, body: Any, method: str = "POST") -> Any:
        path = f"{path}?_xsrf={urllib.parse.quote(self.xsrf)}"
        sent = None if body is None else json.dumps(body).encode()
        answer = self._ask(path, sent, "application/json; charset=utf-8", method)
        return json.loads(answer) if answer else None

    def prepare(
        self, turns: Sequence[str], codes: Sequence[str], conditions: dict[str, list[Span]]
    ) -> None:
        """A project for each condition; reused from an earlier run with the same text."""
        file = self.folder / "about.json"
        text = "\n".join(turns)
        if file.exists():
            self.about = json.loads(file.read_text())
            if self.about["text"] == text and set(conditions) <= set(self.about):
                return
        self.about = {"text": text}
        offsets = [0]
        for letter in text:  # Taguette counts bytes.
            offsets.append(offsets[-1] + len(letter.encode()))
        for name, spans in conditions.items():
            project, document = self._project(name, turns)
            for tag in self._tags(project):
                self._call(f"/api/project/{project}/tag/{tag}", None, "DELETE")
            tags = {
                code: self._call(
                    f"/api/project/{project}/tag/new", {"path": code, "description": ""}
                )["id"]
                for code in codes
            }
            self._insert(document, text, offsets, spans, tags)
            self.about[name] = [project, document, len(spans), len(turns)]
        file.write_text(json.dumps(self.about))

    def _project(self, name: str, turns: Sequence[str]) -> tuple[int, int]:
        form = {"_xsrf": self.xsrf, "name": name, "description": ""}
        self._ask("/project/new", urllib.parse.urlencode(form).encode())
        project = int(self.landed.rsplit("/", 1)[1])
        body = "\n".join(f"<p>{html.escape(turn, quote=False)}</p>" for turn in turns)
        fields = {"name": name, "description": "", "text_direction": "LEFT_TO_RIGHT"}
        parts = [
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
            for key, value in (fields | {"_xsrf": self.xsrf}).items()
        ]
        parts.append(
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="talk.html"'
            f"\r\nContent-Type: text/html\r\n\r\n<!DOCTYPE html><html><head><meta "
            f'charset="utf-8"></head><body>{body}</body></html>\r\n--{BOUNDARY}--\r\n'
        )
        kind = f"multipart/form-data; boundary={BOUNDARY}"
        path = f"/api/project/{project}/document/new"
        return project, int(json.loads(self._ask(path, "".join(parts).encode(), kind))["created"])

    def _database(self) -> sqlite3.Connection:
        return sqlite3.connect(self.folder / "taguette.sqlite3", timeout=30)

    def _tags(self, project: int) -> list[int]:
        with self._database() as base:
            rows = base.execute("SELECT id FROM tags WHERE project_id = ?", (project,))
            return [row[0] for row in rows]

    def _insert(
        self,
        document: int,
        text: str,
        offsets: Sequence[int],
        spans: Sequence[Span],
        tags: dict[str, int],
    ) -> None:
        """Into its tables at once; through its API it would parse the text for each of them."""
        with self._database() as base:
            for span in spans:
                place = (offsets[span.start], offsets[span.end], text[span.start : span.end])
                row = base.execute(
                    "INSERT INTO highlights (document_id, start_offset, end_offset, snippet) "
                    "VALUES (?, ?, ?, ?)",
                    (document, *place),
                )
                base.execute(
                    "INSERT INTO highlight_tags (highlight_id, tag_id) VALUES (?, ?)",
                    (row.lastrowid, tags[span.code]),
                )

    def open(self, browser: Browser, condition: str) -> tuple[BrowserContext, Page, float]:
        """The document in a fresh browser; ms from the address until all of it is painted."""
        project, document, codings, turns = self.about[condition]
        context = browser.new_context(viewport=SIZE)  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(f"{self.address}/?token={self.token}")
        page.close()
        # The cookie stays, and the first page's files would be in the cache: a new context.
        state = context.storage_state()
        context.close()
        context = browser.new_context(viewport=SIZE, storage_state=state)  # type: ignore[arg-type]
        page = context.new_page()
        watch = WATCH_OPENING.replace("TURNS", str(turns)).replace("CODINGS", str(codings))
        page.add_init_script(watch)
        page.goto(
            f"{self.address}/project/{project}/document/{document}",
            wait_until="commit",
            timeout=OPENS_WITHIN_MS,
        )
        page.wait_for_function("() => window.opened", timeout=OPENS_WITHIN_MS)
        return context, page, float(page.evaluate("() => window.opened"))

    def code(self, page: Page, condition: str, code: str, letters: str) -> Saved:
        """Code what is selected by keys alone, the shortest way; then take it away again."""
        keys = page.keyboard
        keys.press("n")
        page.wait_for_selector("#highlight-add-modal.show")
        page.wait_for_timeout(400)  # Its dialog fades in.
        keys.type(letters)
        keys.press("Enter")
        page.wait_for_function(
            "code => [...document.querySelectorAll('#highlight-add-tags input:checked + label')]"
            ".some(label => label.textContent === code)",
            arg=code,
        )
        page.evaluate(WATCH_SAVING)
        keys.press("Enter")
        page.wait_for_function("() => window.saving.painted")
        seen = page.evaluate("() => window.saving")
        project, document = self.about[condition][:2]
        path = f"/api/project/{project}/document/{document}/highlight/{seen['id']}"
        self._call(path, None, "DELETE")
        page.wait_for_function(
            "id => !document.querySelector(`[data-highlight-id='${id}']`)", arg=seen["id"]
        )
        # Drag, n, the letters, Enter, Enter.
        actions = 4 + len(letters)
        return Saved(seen["painted"] - seen["key"], seen["saved"] - seen["key"], actions)
