"""Turns from cues whose text may begin with ``Name:``, as Zoom and subtitle editors write it."""

from __future__ import annotations

from collections.abc import Sequence

from parihs.formats.cues import Cue
from parihs.formats.lines import count
from parihs.formats.names import SpeakerNames, find_names


def find_cue_names(cues: Sequence[Cue]) -> SpeakerNames:
    """Decide which beginnings of cue lines are speakers."""
    return find_names([line.strip() for cue in cues for line in cue.lines], len(cues))


def split_speakers(cue: Cue, names: SpeakerNames) -> list[tuple[str | None, str]]:
    """Return speaker and text of each voice in a cue; lines broken for the screen are joined."""
    voices: list[tuple[str | None, str]] = []
    for line in (line.strip() for line in cue.lines):
        named = names.split(line)
        if named is not None:
            voices.append(named)
        elif voices:
            speaker, text = voices[-1]
            voices[-1] = (speaker, f"{text} {line}".strip())
        else:
            voices.append((None, line))
    return voices


def cue_warnings(
    *, empty: int, repeated: int, reattached: int, unnamed: int, named: bool
) -> list[str]:
    """Say what was left out or guessed while cues became turns."""
    warnings = []
    if repeated:
        warnings.append(
            f"These are rolling captions: {count(repeated, 'repeated line')} left out, so that "
            "nothing counts twice."
        )
    if empty:
        warnings.append(f"{count(empty, 'cue')} without text left out.")
    if reattached:
        warnings.append(
            f"{count(reattached, 'block')} of text after a blank line read as part of the cue "
            "before."
        )
    if named and unnamed:
        warnings.append(
            f"{count(unnamed, 'cue names', 'cues name')} nobody while others do; left without "
            "a speaker."
        )
    return warnings
