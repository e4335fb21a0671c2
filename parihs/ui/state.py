"""Who is looking at what: the chosen study, coder and codebook, remembered between visits."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from parihs.home import Home
from parihs.model import CodebookVersion, Coder, Study
from parihs.store.codebooks import codebooks, latest_codebook_version
from parihs.store.studies import coders, studies
from parihs.web.browsers import browser_of
from parihs.web.context import Context, context
from parihs.web.tokens import Grant

TOKEN_REUSED_FOR_S = 3600


@dataclass(frozen=True, slots=True)
class Current:
    """The study at hand, who is coding, and the codebook in use."""

    app: Context
    study: Study
    coder: Coder | None
    codebook: CodebookVersion | None

    @property
    def viewer_id(self) -> str:
        """Whose eyes the pages use; nobody chosen sees only what is released."""
        return self.coder.id if self.coder else ""

    def token(self) -> str:
        """A token for our routes, the same one for an hour so that components stay still."""
        import time

        grant = Grant(self.study.id, self.viewer_id, self.codebook.id if self.codebook else "")
        kept = st.session_state.get("token")
        if kept and kept[0] == grant and time.monotonic() - kept[2] < TOKEN_REUSED_FOR_S:
            return str(kept[1])
        token = self.app.tokens.issue(grant)
        st.session_state["token"] = (grant, token, time.monotonic())
        return token


def current() -> Current | None:
    """What the sidebar's choices say, or None while there is no study."""
    app = context()
    with app.store.read() as session:
        known = studies(session)
        if not known:
            return None
        wanted = remembered("study")
        study = next((s for s in known if s.key == wanted), known[0])
        people = coders(session, study.id)
        key = remembered(f"coder:{study.key}")
        coder = next((c for c in people if c.key == key), None)
        books = codebooks(session, study.id)
        book = latest_codebook_version(session, books[0].id) if books else None
    return Current(app, study, coder, book)


def need_study() -> Current:
    """The current study; where there is none, the page stops here and says what to do."""
    now = current()
    if now is None:
        st.info(
            "There is no study yet. Open the demo study or start your own on the Overview page."
        )
        st.page_link("views/overview.py", label="Go to the Overview", icon=":material/home:")
        st.stop()
    return now


def remembered(name: str, default: Any = None) -> Any:
    """A choice made earlier in this session, or in an earlier one in this browser."""
    key = f"remembered:{name}"
    if key not in st.session_state:
        st.session_state[key] = _read().get(name, default) if _lasts(name) else default
    return st.session_state[key]


def remember(name: str, value: Any) -> None:
    """Keep a choice for this session and for this browser's next visit."""
    st.session_state[f"remembered:{name}"] = value
    if not _lasts(name):
        return
    choices = _read()
    if choices.get(name) == value:
        return
    choices[name] = value
    file = choices_file(context().home, browser_of(st.context.cookies))
    file.parent.mkdir(exist_ok=True)
    draft = file.with_suffix(f".{secrets.token_hex(4)}.part")
    draft.write_text(json.dumps(choices, indent=1), encoding="utf-8")
    draft.replace(file)


def choices_file(home: Home, browser: str) -> Path:
    """Where a browser's choices are kept; those that take no cookie share one file."""
    return home.path / "choices" / f"{browser or 'any-browser'}.json"


def _lasts(name: str) -> bool:
    """Whether a choice is kept for the next visit. Who one is, is not where browsers cannot be told
    apart: the next to come in would be taken for the last, and see what that one may see."""
    if not name.startswith("coder:") or browser_of(st.context.cookies):
        return True
    return context().home.database_url.startswith("sqlite")


def _read() -> dict[str, Any]:
    file = choices_file(context().home, browser_of(st.context.cookies))
    try:
        choices = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return choices if isinstance(choices, dict) else {}
