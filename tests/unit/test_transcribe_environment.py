"""The surroundings of a transcription: light to import, silent, offline."""

from __future__ import annotations

import subprocess
import sys


def run(code: str) -> str:
    command = [sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_importing_the_room_loads_nothing_heavy():
    heavy = ["torch", "whisperx", "pyannote", "faster_whisper", "ctranslate2", "dbos", "streamlit"]
    code = (
        "import sys, parihs.transcribe, parihs.transcribe.jobs, parihs.transcribe.supervisor, "
        "parihs.transcribe.worker, parihs.transcribe.stages\n"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    assert run(code) == "[]"


def test_a_prepared_process_reaches_only_itself():
    code = """
import socket
from parihs.transcribe import environment
environment.prepare()
server = socket.create_server(("127.0.0.1", 0))
socket.create_connection(server.getsockname()).close()
reached = []
for reach in (
    lambda: socket.getaddrinfo("example.org", 443),
    lambda: socket.gethostbyname("example.org"),
    lambda: socket.create_connection(("192.0.2.7", 80), timeout=1),
    lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("192.0.2.8", 53)),
):
    try:
        reach()
        reached.append(reach)
    except OSError as refusal:
        assert "refused" in str(refusal), refusal
print(len(reached), environment.refused)
"""
    assert run(code) == "0 ['example.org', 'example.org', '192.0.2.7', '192.0.2.8']"


def test_telemetry_is_off_before_any_speech_library_can_ask():
    code = """
import os
from parihs.transcribe import environment
environment.prepare()
print(os.environ["PYANNOTE_METRICS_ENABLED"], os.environ["HF_HUB_OFFLINE"])
"""
    assert run(code) == "0 1"
