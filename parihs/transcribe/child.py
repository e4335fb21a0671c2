"""The process a transcription runs in: a crash of it costs no more than the stage it was in."""

from __future__ import annotations

from parihs.child import begin
from parihs.transcribe import environment, queue
from parihs.transcribe.device import step_back
from parihs.transcribe.lock import held
from parihs.transcribe.messages import to_plain
from parihs.transcribe.stages import Stages, Task


def main() -> None:
    """Do the one task."""
    told, say = begin()
    task = Task.from_dict(told)
    step_back()
    environment.prepare()
    # a killed worker's child may still be on its way out when the next one takes over
    with held(queue.job_lock(task.folder), wait_s=60):
        Stages(task, lambda message: say(to_plain(message))).run()


if __name__ == "__main__":
    main()
