"""Correcting transcripts: new versions, and everything that stands on them carried along."""

from parihs.correction.carrying import CarryResult, carry_over
from parihs.correction.edits import Edit, read_edit
from parihs.correction.rebase import Clash, rebase
from parihs.correction.saving import Saved, restore, save_corrections
from parihs.correction.superseded import superseded

__all__ = [
    "CarryResult",
    "Clash",
    "Edit",
    "Saved",
    "carry_over",
    "read_edit",
    "rebase",
    "restore",
    "save_corrections",
    "superseded",
]
