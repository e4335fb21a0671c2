"""The surroundings speech libraries are given: silent, offline, and mended where they would break.

All of it has to be in place before the first heavy import, which is why engines only ever run in a
child process that calls :func:`prepare` first.
"""

from __future__ import annotations

import importlib
import ipaddress
import logging
import os
import sys
import types
import warnings
from typing import Any, NoReturn

SILENT_AND_OFFLINE = {
    # pyannote.audio 4 reports durations and speaker counts of every file to its maker by default
    "PYANNOTE_METRICS_ENABLED": "0",
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_DATASETS_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "DO_NOT_TRACK": "1",
    "OTEL_SDK_DISABLED": "true",
    "TOKENIZERS_PARALLELISM": "false",
}

FOR_CHILDREN = {
    # numpy's idle threads spin beside the recogniser's own, which took a fifth of its time; this
    # is read when numpy is loaded, and that is before anything of ours runs
    "OPENBLAS_NUM_THREADS": "1",
    # with every batch a recogniser takes hundreds of megabytes and gives them back; where Linux
    # may hand them over in large pages, that is a quarter less time
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
}

refused: list[str] = []
"""Hosts that something in this process tried to reach, in order."""

_guarded = False


def prepare() -> None:
    """Make this process silent and offline; call before importing any speech library."""
    os.environ.update(SILENT_AND_OFFLINE)
    # library messages quote the text they stumble over, and transcript text belongs in no log
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    refuse_network()


def refuse_network() -> None:
    """Let this process connect to nothing but itself, for good; attempts are kept in ``refused``.

    An audit hook cannot be taken off again, and it sees sockets opened by any Python library.
    """
    global _guarded
    if not _guarded:
        sys.addaudithook(_refuse)
        _guarded = True


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        address = arguments
    else:
        return
    host = address[0] if isinstance(address, tuple) and address else None
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if isinstance(host, str) and not _is_this_machine(host):
        refused.append(host)
        raise OSError(f"Transcription works offline; a connection to {host} was refused.")


def _is_this_machine(host: str) -> bool:
    if host in ("", "localhost"):
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


def repair_torchaudio() -> str:
    """Import torchaudio even where its compiled part belongs to another build of torch.

    The package index offers torchaudio compiled against CUDA. Beside a CPU-only torch that part
    cannot be loaded, though WhisperX and pyannote use only the Python part. Returns ``native``, or
    ``repaired`` when the compiled part had to be left out.
    """
    try:
        importlib.import_module("torchaudio")
    except OSError:
        _forget("torchaudio")
        sys.modules["torchaudio._extension"] = _without_compiled_part()
        importlib.import_module("torchaudio")
        return "repaired"
    return "native"


def _forget(package: str) -> None:
    for name in [n for n in sys.modules if n == package or n.startswith(f"{package}.")]:
        del sys.modules[name]


def _without_compiled_part() -> types.ModuleType:
    def unavailable(function: Any) -> Any:
        def call(*_: Any, **__: Any) -> NoReturn:
            raise RuntimeError(f"torchaudio was installed without {function.__name__}")

        return call

    stand_in = types.ModuleType("torchaudio._extension")
    vars(stand_in).update(
        _IS_TORCHAUDIO_EXT_AVAILABLE=False,
        _IS_ALIGN_AVAILABLE=False,
        _IS_RIR_AVAILABLE=False,
        _check_cuda_version=lambda: None,
        fail_if_no_align=unavailable,
        fail_if_no_rir=unavailable,
    )
    return stand_in
