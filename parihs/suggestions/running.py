"""Starting a training, seeing how far it is, and stopping it; one at a time for each asker."""

from __future__ import annotations

import threading
from typing import Final

from parihs.child import answers_of, end_child, start_child
from parihs.home import Home

BROKE_OFF: Final = "The training ended before it was through; nothing was changed."

_running: dict[tuple[str, str, str], Training] = {}
_guard = threading.Lock()


class Training:
    """A training in its child process; it dies with the process that started it."""

    def __init__(self, home: Home, study_id: str, viewer_id: str | None) -> None:
        self.share = 0.0
        self.doing = "Starting"
        self.problem = ""
        """Why it came to nothing, in plain words; empty unless it did."""
        self.stopped = False
        self._process = start_child(
            "parihs.suggestions.child",
            {"home": str(home.path), "study_id": study_id, "viewer_id": viewer_id},
        )
        self._listener = threading.Thread(target=self._listen, name="suggestions", daemon=True)
        self._listener.start()

    @property
    def running(self) -> bool:
        """Whether it is still at work."""
        return self._listener.is_alive()

    @property
    def done(self) -> bool:
        """Whether it came to its end and left results."""
        return not self.running and not self.problem and not self.stopped

    def wait(self, timeout_s: float | None = None) -> None:
        """Wait until it is through, or for some seconds."""
        self._listener.join(timeout_s)

    def stop(self) -> None:
        """End it; earlier results stay as they are."""
        self.stopped = True
        self._process.kill()
        self._listener.join(5)

    def _listen(self) -> None:
        for said in answers_of(self._process):
            self.share = said.get("share", self.share)
            self.doing = said.get("doing", self.doing)
            if "failed" in said:
                self.problem = f"{said['failed']} {said['hint']}".strip()
        end_child(self._process)
        if self.share < 1 and not self.problem and not self.stopped:
            self.problem = BROKE_OFF


def start_training(home: Home, study_id: str, viewer_id: str | None) -> Training:
    """Start a training for one asker, or give the one that is running."""
    with _guard:
        before = training_of(home, study_id, viewer_id)
        if before is not None and before.running:
            return before
        started = Training(home, study_id, viewer_id)
        _running[_key(home, study_id, viewer_id)] = started
        return started


def training_of(home: Home, study_id: str, viewer_id: str | None) -> Training | None:
    """The asker's training of this run of the app, running or through."""
    return _running.get(_key(home, study_id, viewer_id))


def _key(home: Home, study_id: str, viewer_id: str | None) -> tuple[str, str, str]:
    return str(home.path), study_id, "folder" if viewer_id is None else viewer_id
