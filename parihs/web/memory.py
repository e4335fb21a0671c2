"""How the server keeps its memory: one heap for all pages, and no second look at what stays.

Each run of a page is a thread, and glibc gives threads heaps of their own, which keep what was
freed in them: a study of half a million codings took a quarter more memory that way. And after each
run of a page Streamlit looks through everything for what nobody uses any more, while nothing else
can run; libraries and kept studies stay, so it need not look at them.
"""

from __future__ import annotations

import ctypes
import gc
import sys
from contextlib import suppress
from typing import Final

ARENA_MAX: Final = (-8, 2)
"""glibc's number for it (in malloc.h), and how many heaps there may be."""


def share_one_heap() -> None:
    """Set this process so, where it runs on glibc; call it before threads begin."""
    _ask_glibc("mallopt", *ARENA_MAX)


def keep_what_is_here() -> None:
    """What is in memory now is not looked through again; it still goes when nothing uses it."""
    gc.collect()
    gc.freeze()


def give_back() -> None:
    """Give free memory back, also between what is in use; after work that needed much of it."""
    _ask_glibc("malloc_trim", 0)


def _ask_glibc(name: str, *numbers: int) -> None:
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            getattr(ctypes.CDLL(None), name)(*numbers)
