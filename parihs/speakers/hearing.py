"""The process that listens to voices: its memory and its work stay outside the app.

``python -m parihs.speakers.hearing`` reads one line of JSON from standard input, the recording and
the stretches of each voice, and writes a line for each bit of progress and one with the prints.
Whoever asked keeps standard input open; when it ends, so does this process.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from pathlib import Path

import numpy as np

from parihs.errors import ParihsError
from parihs.media.samples import Int16, Samples
from parihs.speakers.sound import RATE, print_of

Stretches = dict[str, list[tuple[int, int]]]
PER_MS = RATE // 1000


def main() -> None:
    """Answer the one request; problems are answers, too."""
    task = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_input, daemon=True).start()
    try:
        voices = {key: [(a, b) for a, b in spans] for key, spans in task["voices"].items()}
        pieces = cut(Path(task["source"]), voices)
        _say({"prints": {key: print_of(each) for key, each in pieces.items()}})
    except ParihsError as problem:
        _say({"message": problem.message, "hint": problem.hint})


def cut(source: Path, voices: Stretches) -> dict[str, list[Int16]]:
    """The sound of each voice's stretches, read in one pass over the recording."""
    wanted = sorted((start, end, key) for key, spans in voices.items() for start, end in spans)
    parts: dict[tuple[int, int, str], list[Int16]] = {span: [] for span in wanted}
    at = 0
    samples = Samples(source, RATE, progress=lambda share: _say({"share": round(share, 3)}))
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


def _say(answer: object) -> None:
    print(json.dumps(answer), flush=True)


def _end_with_input() -> None:
    while os.read(0, 1024):
        pass
    os._exit(1)


if __name__ == "__main__":
    main()
