"""Listening to the voices of a study for prints, one recording after the other."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from parihs.child import answers_of, end_child, start_child
from parihs.errors import ParihsError
from parihs.media.library import path_of
from parihs.speakers.prints import keep, switch, to_hear
from parihs.speakers.sound import METHOD
from parihs.store import Store

Told = Callable[[float, str], object]
"""Called with the share done (0–1) and what is being listened to."""


def listen_to_all(store: Store, study_id: str, actor: str, told: Told = lambda *_: None) -> int:
    """Make the prints that are missing in a study; how many voices have a new one.

    Prints are kept after each recording, so stopping loses only the one at hand. A recording that
    cannot be read is passed over. Raises ParihsError where suggestions are off.
    """
    with store.read() as session:
        if not switch(session, study_id).on:
            raise ParihsError(
                "Suggestions of the same voice are off in this study, so nobody was listened to.",
                "Switch them on first, if the team and its ethics approval agree.",
            )
        waiting = to_hear(session, study_id)
    total = sum(each.duration_ms for each in waiting) or 1
    done_ms = kept = 0
    for number, each in enumerate(waiting, start=1):
        tell = partial(_tell, told, done_ms / total, each.duration_ms / total, number, len(waiting))
        try:
            found = listen(path_of(store.home, each.sha256), each.voices, tell)
        except ParihsError:
            found = {}
        if found:
            with store.write(actor) as tx:
                kept += keep(tx, study_id, METHOD, found)
        done_ms += each.duration_ms
    return kept


def _tell(told: Told, before: float, part: float, number: int, of: int, share: float) -> None:
    told(before + part * share, f"Recording {number} of {of}")


def listen(
    source: Path, voices: dict[str, list[tuple[int, int]]], told: Callable[[float], object]
) -> dict[str, list[float]]:
    """Prints of the voices of one recording, made in a child process; those too short are left out.

    Raises ParihsError where the recording cannot be read.
    """
    child = start_child("parihs.speakers.hearing", {"source": str(source), "voices": voices})
    last: dict[str, Any] = {}
    try:
        for last in answers_of(child):
            if "share" in last:
                told(last["share"])
    finally:
        end_child(child)
    if "prints" in last:
        return {key: vector for key, vector in last["prints"].items() if vector}
    raise ParihsError(
        last.get("message", "The recording could not be listened to; nothing was changed."),
        last.get("hint", "Try again."),
    )
