"""Speakers as people: who each voice of a transcript is, and which turns are whose.

Positions and text of turns never change here, so no new version of a transcript is made; every
change is one transaction with one line in the audit trail that holds old and new, and can be taken
back by that line.
"""

from parihs.speakers.changes import Deed, history, undo
from parihs.speakers.naming import (
    Candidate,
    add_and_link,
    attendance,
    candidates,
    link_voice,
    name_voice,
    set_attendance,
)
from parihs.speakers.turns import (
    Target,
    mark_unsure,
    mark_voice,
    merge,
    move,
    spoken_by,
)
from parihs.speakers.voices import Sample, Voice, voices
from parihs.speakers.wording import describe

__all__ = [
    "Candidate",
    "Deed",
    "Sample",
    "Target",
    "Voice",
    "add_and_link",
    "attendance",
    "candidates",
    "describe",
    "history",
    "link_voice",
    "mark_unsure",
    "mark_voice",
    "merge",
    "move",
    "name_voice",
    "set_attendance",
    "spoken_by",
    "undo",
    "voices",
]
