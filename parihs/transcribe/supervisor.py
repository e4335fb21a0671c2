"""Keeps one worker running beside the app: restarted when it dies, gone when the app is."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

from parihs.home import Home
from parihs.transcribe import queue
from parihs.transcribe.device import worker_name
from parihs.transcribe.lock import is_held
from parihs.transcribe.worker import ALREADY_RUNNING

FIRST_WAIT_S = 1.0
LONGEST_WAIT_S = 60.0
HEALTHY_S = 60.0
"""A worker that lived this long did not die of its start, so the next one starts at once."""
OTHER_WORKER_S = 3.0
STOP_S = 10.0
LARGEST_LOG = 1_000_000


class WorkerSupervisor:
    """Starts ``python -m parihs.transcribe.worker`` and looks after it from a thread.

    The worker reads from a pipe that only this process holds open, so it stops even when the app is
    killed outright. Where another app has a worker on this home, this one waits and takes over.
    """

    def __init__(self, home: Home, device: str = "auto", name: str | None = None) -> None:
        self._home = home
        self._device = device
        self._name = worker_name(device, name)
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._guard = threading.Lock()

    @property
    def worker_pid(self) -> int | None:
        """Process id of the worker this supervisor runs now, or None."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def start(self) -> None:
        """Begin looking after a worker; calling it again changes nothing."""
        with self._guard:
            if self._thread is None:
                self._stop.clear()
                self._thread = threading.Thread(
                    target=self._run, name="worker supervisor", daemon=True
                )
                self._thread.start()

    def stop(self) -> None:
        """Stop the worker, and wait until it is gone; its job goes on at the next start."""
        with self._guard:
            if self._thread is None:
                return
            self._stop.set()
            self._thread.join()
            self._thread = None

    def _run(self) -> None:
        wait_s = FIRST_WAIT_S
        while not self._stop.is_set():
            if is_held(queue.worker_lock(self._home, self._name)):
                self._stop.wait(OTHER_WORKER_S)
                continue
            began = time.monotonic()
            code = self._run_worker()
            if self._stop.is_set():
                return
            if time.monotonic() - began >= HEALTHY_S:
                wait_s = FIRST_WAIT_S
            self._stop.wait(OTHER_WORKER_S if code == ALREADY_RUNNING else wait_s)
            wait_s = min(wait_s * 2, LONGEST_WAIT_S)

    def _run_worker(self) -> int | None:
        log = self._home.logs / "worker.log"
        if log.exists() and log.stat().st_size > LARGEST_LOG:
            log.unlink()
        with log.open("ab") as output:
            process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "parihs.transcribe.worker"),
                    *("--home", str(self._home.path), "--supervised"),
                    *("--device", self._device, "--name", self._name),
                ],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                env=_environment(),
            )
        self._process = process
        while process.poll() is None and not self._stop.wait(0.2):
            pass
        return _end(process)


class Supervisors:
    """The workers that the app keeps beside it: one, or those that ``PARIHS_WORKERS`` asks for.

    The variable lists devices, ``cuda:0,cuda:1``; ``none`` leaves the work to workers elsewhere.
    """

    def __init__(self, home: Home) -> None:
        listed = os.environ.get("PARIHS_WORKERS", "auto").split(",")
        devices = [device.strip() for device in listed if device.strip()]
        self._each = [WorkerSupervisor(home, device) for device in devices if device != "none"]

    def start(self) -> None:
        """Begin looking after them."""
        for one in self._each:
            one.start()

    def stop(self) -> None:
        """Stop them all, and wait until they are gone."""
        for one in self._each:
            one.stop()


def _end(process: subprocess.Popen[bytes]) -> int | None:
    if process.stdin is not None:
        process.stdin.close()
    try:
        return process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


def _environment() -> dict[str, str]:
    # the job library takes orders from variables of its own vendor's cloud
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("DBOS")}
    here = str(Path(__file__).parents[2])
    paths = [here, *filter(None, [inherited.get("PYTHONPATH")])]
    return {**inherited, "PYTHONPATH": os.pathsep.join(paths)}
