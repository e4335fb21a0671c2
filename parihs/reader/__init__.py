"""The transcript reader: one Streamlit component that owns its page and speaks HTTP for itself."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

__all__ = ["Jump", "Person", "ReaderData", "Recording", "reader"]


class Person(TypedDict):
    """A coder as the reader names them."""

    id: str
    name: str


class Recording(TypedDict):
    """Where the recording can be heard; ``url`` already carries its own short-lived token."""

    id: str
    url: str
    duration_ms: int


class Jump(TypedDict):
    """A place to go to, in code points of the version text, once for each new ``nonce``."""

    start: int
    end: int
    play: bool
    nonce: str


class ReaderData(TypedDict):
    """All that Python tells the reader: ids, a token and small settings, never text or codings."""

    version_id: str
    version_number: int
    frozen: bool
    """An earlier version, to be looked at only."""
    transcript_id: str
    api: str
    """Path of the HTTP routes, without a slash at the end."""
    token: str
    coder: Person
    coders: list[Person]
    """Those whose codings this coder may see; the server decides what it sends."""
    codebook_version_id: str
    recording: Recording | None
    jump: Jump | None
    can_code: bool
    can_correct: bool
    why_not: str
    """Why this person may not code here, as a sentence; empty where they may."""
    fictional: bool


@cache
def _component() -> ComponentRenderer:
    import streamlit as st

    return st.components.v2.component(
        "parihs.reader", js="reader.js", css="reader.css", isolate_styles=False
    )


def _nothing() -> None:
    """Streamlit keeps a value only if something listens for it."""


def reader(data: ReaderData, *, key: str) -> None:
    """Show a transcript to read, hear and code; codings are saved over HTTP, not by this call.

    The reader reruns the page when its token has expired or the page has to say something else, and
    at no other time: a rerun that comes just after somebody chose another page would bring this one
    back.
    """
    _component()(key=key, data=data, height="content", on_renew_change=_nothing)
