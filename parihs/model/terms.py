"""The closed lists of the field's terms that the study uses, as stored and as shown."""

from __future__ import annotations

from typing import Final

SITE_KINDS: Final = {
    "hospital": "Hospital",
    "support_unit": "Professional support unit",
    "support_body": "Professional support body",
    "primary_care": "Primary care",
    "community": "Community service",
    "other": "Other",
}

WORKSHOP_KINDS: Final = {
    "workshop": "Workshop",
    "interview": "Interview",
    "observation": "Observation",
    "document": "Document",
}

VALENCES: Final = {
    "-2": "Strongly constraining",
    "-1": "Constraining",
    "0": "Neutral",
    "1": "Enabling",
    "2": "Strongly enabling",
    "mixed": "Mixed",
    "unrated": "Not rated",
}
"""How a coded excerpt bears on implementation at its site: help or hindrance, and how strongly."""

CODER_ROLES: Final = {"lead": "Lead", "coder": "Coder", "viewer": "Viewer"}

MEMO_KINDS: Final = {
    "analytic": "Analytic",
    "methodological": "Methodological",
    "positional": "Positional",
    "decision": "Decision",
}
"""What a memo is for: an idea about the data, about the method, about oneself in it, a decision."""

TURN_MARKS: Final = {
    "overlap": "Somebody else speaks at the same time",
    "unsure": "Who speaks is not sure",
    "repetition": "The recogniser may have been caught in a loop",
    "no speech": "Hardly any speech was heard where these words stand",
}
"""What a listener should know of a turn before trusting it."""


def valence_number(valence: str) -> int | None:
    """Valence as −2…+2; None for mixed and unrated, which are not points on the scale."""
    return None if valence in ("mixed", "unrated") else int(valence)


def valence_direction(valence: str) -> str:
    """One of ``enabling``, ``constraining``, ``neutral``, ``mixed``, ``unrated``."""
    number = valence_number(valence)
    if number is None:
        return valence
    return "enabling" if number > 0 else "constraining" if number < 0 else "neutral"
