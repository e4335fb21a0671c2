"""The app as people run it: a process of its own, on a free port, over a home in a folder."""

from __future__ import annotations

import ast
import ipaddress
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from parihs.home import Home
from parihs.store import Store
from tests.support.remembered import choices_of

ROOT = Path(__file__).parents[2]
WATCH = Path(__file__).parent / "watch"
FIXTURE_MODEL = ROOT / "tests" / "fixture-model"
TESTING_BROWSER = "0" * 32
"""The number that browsers of tests come with, so that they have been here before."""


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@dataclass
class Server:
    """``parihs demo`` (or ``parihs app``) over a home; can be killed and started again."""

    folder: Path
    command: str = "demo"
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def home(self) -> Home:
        return Home(self.folder)

    @property
    def network_log(self) -> Path:
        return self.folder.parent / f"{self.folder.name}-network.log"

    def start(self) -> float:
        """Start it and wait until it answers; gives the seconds that took."""
        environment = {name: v for name, v in os.environ.items() if not name.startswith("PARIHS_")}
        environment |= {
            "PYTHONPATH": str(WATCH),
            "PARIHS_TEST_NETWORK_LOG": str(self.network_log),
        }
        output = (self.folder.parent / f"{self.folder.name}-server.log").open("ab")
        began = time.monotonic()
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "parihs", self.command),
                *("--home", str(self.folder), "--port", str(self.port), "--no-browser"),
            ],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=output,
        )
        output.close()
        self._wait()
        return time.monotonic() - began

    def _wait(self, limit_s: float = 60) -> None:
        end = time.monotonic() + limit_s
        while time.monotonic() < end:
            assert self.process is not None
            assert self.process.poll() is None, self.log()[-3000:]
            try:
                with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=2):
                    return
            except OSError:
                time.sleep(0.1)
        raise AssertionError(f"the app did not start: {self.log()[-3000:]}")

    def log(self) -> str:
        """What the app printed."""
        file = self.folder.parent / f"{self.folder.name}-server.log"
        return file.read_text(errors="replace") if file.exists() else ""

    def kill(self) -> None:
        """End it at once, as a crash or a power cut would."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """End it as Ctrl+C does."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def store(self) -> Store:
        """Its studies, for looking at what was really saved."""
        return Store(self.home)

    def choose(self, **choices: Any) -> None:
        """Remembered choices, as an earlier visit would have left them."""
        file = choices_of(self.home, TESTING_BROWSER)
        known = json.loads(file.read_text()) if file.exists() else {}
        file.write_text(json.dumps({**known, **choices}))

    def give_models(self) -> None:
        """Put the fixture model in the model folder, as recogniser and as English aligner."""
        for place in ("asr/fixture", "align/en"):
            target = self.home.models / place
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to(FIXTURE_MODEL, target_is_directory=True)

    def processes_watched(self) -> list[str]:
        """Command lines of all processes that noted their connections."""
        return [target for event, target in self._noted() if event == "start"]

    def left_the_machine(self) -> list[str]:
        """Addresses asked for by any process of the app that are not this machine."""
        asked = {target for event, target in self._noted() if event != "start"}
        return sorted(target for target in asked if not is_local(target))

    def _noted(self) -> list[tuple[str, str]]:
        lines = self.network_log.read_text(errors="replace").splitlines()
        cells = [line.split("\t", 2) for line in lines]
        return [
            (cell[1], ast.literal_eval(cell[2])) if cell[1] == "start" else (cell[1], cell[2])
            for cell in cells
            if len(cell) == 3
        ]


def is_local(target: str) -> bool:
    """Whether a noted target is this machine: loopback, unspecified, or a file of the system."""
    try:
        value = ast.literal_eval(target)
    except (ValueError, SyntaxError):
        return False
    if isinstance(value, tuple):
        value = value[0]
    if isinstance(value, bytes):
        value = value.decode(errors="replace")
    if value in (None, "", "localhost") or str(value).startswith(("/", "\0")):
        return True
    try:
        address = ipaddress.ip_address(str(value))
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified
