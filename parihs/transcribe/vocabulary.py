"""The study's own words, said to the recogniser before it listens.

Whisper reads a few words of "what came before" and then prefers to hear them: names of sites,
services and medicines come out as the team writes them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence


def fitting(
    words: Sequence[str], n_tokens: Callable[[str], int], room: int
) -> tuple[str, tuple[str, ...]]:
    """As many of ``words``, from the first on, as fit into ``room`` tokens.

    Returns them as one line, empty where there are none, and the words that were left out.
    """
    wanted = tuple(dict.fromkeys(word for word in (" ".join(w.split()) for w in words) if word))
    kept: list[str] = []
    for number, word in enumerate(wanted):
        if n_tokens(", ".join([*kept, word])) > room:
            return ", ".join(kept), wanted[number:]
        kept.append(word)
    return ", ".join(kept), ()
