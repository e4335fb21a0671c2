"""The tests that say “nothing left this machine” would notice if something did."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.conftest import Watched
from tests.e2e.serving import WATCH, Server, is_local

ASKS = {
    "a name": "socket.getaddrinfo('example.org', 443)",
    "an address": "s = socket.socket(); s.settimeout(0.01); s.connect_ex(('192.0.2.1', 9))",
    "a datagram": "socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 9))",
}


@pytest.mark.parametrize("asked", ASKS)
def test_a_process_that_asks_for_another_machine_is_seen(tmp_path: Path, asked: str) -> None:
    server = Server(tmp_path / "home")
    environment = {
        **os.environ,
        "PYTHONPATH": str(WATCH),
        "PARIHS_TEST_NETWORK_LOG": str(server.network_log),
    }
    program = f"import socket\ntry:\n    {ASKS[asked]}\nexcept OSError:\n    pass"
    subprocess.run([sys.executable, "-c", program], env=environment, check=True)
    assert len(server.left_the_machine()) == 1


@pytest.mark.parametrize(
    ("target", "local"),
    [
        ("('127.0.0.1', 80)", True),
        ("('::1', 80, 0, 0)", True),
        ("'/run/some.socket'", True),
        ("'localhost'", True),
        ("None", True),
        ("('10.0.0.1', 80)", False),
        ("'example.org'", False),
        ("b'example.org'", False),
    ],
)
def test_what_counts_as_this_machine(target: str, local: bool) -> None:
    assert is_local(target) is local


def test_a_page_that_asks_for_another_machine_is_seen(
    demo: Server, watch: Callable[..., Watched]
) -> None:
    watched = watch()
    watched.page.goto(demo.url)
    watched.page.evaluate("fetch('https://192.0.2.1/x').catch(() => {})")
    assert watched.outside == ["https://192.0.2.1/x"]
    watched.outside.clear()
    watched.errors.clear()
