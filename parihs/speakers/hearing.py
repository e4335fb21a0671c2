"""The process that listens to voices: its memory and its work stay outside the app.

Its task is the recording and the stretches of each voice; it answers with its progress, then with
the prints.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from parihs.child import begin
from parihs.errors import ParihsError
from parihs.media.samples import Int16, Samples
from parihs.speakers.sound import RATE, print_of

Stretches = dict[str, list[tuple[int, int]]]
PER_MS = RATE // 1000


def main() -> None:
    """Answer the one request; problems are answers, too."""
    task, say = begin()
    try:
        voices = {key: [(a, b) for a, b in spans] for key, spans in task["voices"].items()}
        pieces = cut(Path(task["source"]), voices, lambda share: say({"share": round(share, 3)}))
        say({"prints": {key: print_of(each) for key, each in pieces.items()}})
    except ParihsError as problem:
        say({"message": problem.message, "hint": problem.hint})


def cut(
    source: Path, voices: Stretches, told: Callable[[float], None] = lambda share: None
) -> dict[str, list[Int16]]:
    """The sound of each voice's stretches, read in one pass over the recording."""
    wanted = sorted((start, end, key) for key, spans in voices.items() for start, end in spans)
    parts: dict[tuple[int, int, str], list[Int16]] = {span: [] for span in wanted}
    at = 0
    samples = Samples(source, RATE, progress=told)
    for block in samples:
        until = at + len(block)
        for span in wanted:
            first, last = span[0] * PER_MS, span[1] * PER_MS
            if last > at and first < until:
                parts[span].append(block[max(0, first - at) : last - at].copy())
        wanted = [span for span in wanted if span[1] * PER_MS > until]
        at = until
        if not wanted:
            break
    pieces: dict[str, list[Int16]] = {key: [] for key in voices}
    for (_, _, key), found in parts.items():
        if found:
            pieces[key].append(np.concatenate(found))
    return pieces


if __name__ == "__main__":
    main()
