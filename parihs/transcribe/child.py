"""The process a transcription runs in: a crash, its memory and its altered surroundings end there.

``python -m parihs.transcribe.child`` reads its task, one line of JSON, from standard input and
writes messages, a line each, to standard output. It is a program of its own because starting it
must never run anything of the program that asks for it: not a page, not a notebook, not a script.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from typing import TextIO

from parihs.transcribe import environment, queue
from parihs.transcribe.device import step_back
from parihs.transcribe.lock import held
from parihs.transcribe.messages import Message, to_json
from parihs.transcribe.stages import Stages, Task


def main() -> None:
    """Do the one task; end at once when standard input ends, that is when the asker is gone."""
    task = Task.from_dict(json.loads(sys.stdin.readline()))
    messages = _only_messages()

    def send(message: Message) -> None:
        messages.write(to_json(message) + "\n")
        messages.flush()

    threading.Thread(target=_end_with_input, daemon=True).start()
    step_back()
    environment.prepare()
    # a killed worker's child may still be on its way out when the next one takes over
    with held(queue.job_lock(task.folder), wait_s=60):
        Stages(task, send).run()


def _only_messages() -> TextIO:
    """Keep standard output for messages: libraries print file names, and sometimes text."""
    kept = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    return os.fdopen(kept, "w", encoding="utf-8")


def _end_with_input() -> None:
    while os.read(0, 1024):
        pass
    os._exit(1)


if __name__ == "__main__":
    main()
