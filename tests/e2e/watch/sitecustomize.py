"""Writes down every address that this Python process asks for, for a test to read afterwards.

Python loads this file by itself in every process that has its folder on ``PYTHONPATH``.
"""

import os
import sys

_LOG = os.environ.get("PARIHS_TEST_NETWORK_LOG")
_ASKS = {
    "socket.connect": 1,
    "socket.sendto": 1,
    "socket.sendmsg": 1,
    "socket.getaddrinfo": 0,
    "socket.gethostbyname": 0,
    "socket.gethostbyaddr": 0,
}


def _note(event, arguments):
    if event in _ASKS:
        _write(event, arguments[_ASKS[event]])


def _write(event, target):
    line = f"{os.getpid()}\t{event}\t{target!r}\n".encode()
    file = os.open(_LOG, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.write(file, line)
    os.close(file)


if _LOG:
    _write("start", " ".join(sys.orig_argv))
    sys.addaudithook(_note)
