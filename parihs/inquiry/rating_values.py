"""The values a rating can take, and the rules for choosing one, in words for people."""

from __future__ import annotations

from typing import Final

MIXED: Final = "mixed"
NOT_ASKED: Final = "not asked"
NOTHING_SAID: Final = "nothing said"
MISSING: Final = (NOT_ASKED, NOTHING_SAID)

RATINGS: Final = {
    "-2": "−2 Strong hindrance",
    "-1": "−1 Hindrance",
    "0": "0 Neither helps nor hinders",
    "1": "+1 Help",
    "2": "+2 Strong help",
    MIXED: "Mixed",
    NOT_ASKED: "Missing: not asked",
    NOTHING_SAID: "Missing: asked, nothing said",
}
"""A construct at a site, as stored and as shown."""

RATING_HELP: Final = {
    "-2": "Hinders the work or the implementation here: at least two people tell of it, with a"
    " concrete instance.",
    "-1": "Hinders: said in general terms or to be inferred, or mixed with a clear lean towards"
    " hindering.",
    "0": "It is described, but nothing said shows help or hindrance.",
    "1": "Helps: said in general terms or to be inferred, or mixed with a clear lean towards"
    " helping.",
    "2": "Helps the work or the implementation here: at least two people tell of it, with a"
    " concrete instance.",
    MIXED: "People contradict each other, or help at one level and hindrance at another cancel"
    " out.",
    NOT_ASKED: "The conversation never turned to it, so nothing can be said about this site.",
    NOTHING_SAID: "It was asked about, and nobody had anything to say. That is not a 0.",
}
"""When to choose each value."""

RATING_RULES: Final = (
    "Rate what the construct does to the work or the implementation at this site, not how you like"
    " it.",
    "The sign says help (+) or hindrance (−).",
    "The size says how well it is borne out: 2 needs at least two speakers with a concrete"
    " instance; 1 is for general statements, for what must be inferred, and for a mixed picture"
    " with a clear lean.",
    "0 is for description only. Mixed is for contradictions that do not lean.",
    "Missing is never 0: say whether it was not asked about, or asked and nothing was said.",
    "Two people rate without seeing each other's values, then the team agrees on one. Each value"
    " has a reason and at least one excerpt.",
)
"""How to rate, after the published criteria for construct ratings, in our words."""


def number(rating: str) -> int | None:
    """A rating as −2…+2; None for mixed and missing, which are not points on the scale."""
    return None if rating == MIXED or rating in MISSING else int(rating)
