"""Listening to the voices of a study for prints, one recording after the other."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from parihs.errors import ParihsError
from parihs.media.library import path_of
from parihs.speakers.prints import keep, switch, to_hear
from parihs.speakers.sound import METHOD
from parihs.store import Store

HERE = str(Path(__file__).parents[2])
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
    child = subprocess.Popen(
        [sys.executable, "-m", "parihs.speakers.hearing"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([HERE, os.environ.get("PYTHONPATH", "")])},
    )
    assert child.stdin is not None
    assert child.stdout is not None
    last: dict[str, Any] = {}
    try:
        child.stdin.write(json.dumps({"source": str(source), "voices": voices}) + "\n")
        child.stdin.flush()
        for line in child.stdout:
            last = json.loads(line)
            if "share" in last:
                told(last["share"])
    finally:
        child.kill()
        child.wait()
        child.stdin.close()
        child.stdout.close()
    if "prints" in last:
        return {key: vector for key, vector in last["prints"].items() if vector}
    raise ParihsError(
        last.get("message", "The recording could not be listened to; nothing was changed."),
        last.get("hint", "Try again."),
    )
