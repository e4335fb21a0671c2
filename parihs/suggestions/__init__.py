"""Suggestions that learn from the team's own codings, offline; shown only when asked for.

The library that learns (spaCy) is heavy, so it runs in a child process (``child``), which leaves
one file in the home folder: how good the suggestions are, and places with ids. The app reads only
that file (``results``), and ``offering`` decides what of it one coder may be shown.
"""

from parihs.suggestions.answers import Answer, last_answer, take_back, turned_down
from parihs.suggestions.offering import Candidate, Missed, candidates, missed, reject
from parihs.suggestions.results import CodeQuality, Results, load_results
from parihs.suggestions.running import Training, start_training, training_of

__all__ = [
    "Answer",
    "Candidate",
    "CodeQuality",
    "Missed",
    "Results",
    "Training",
    "candidates",
    "last_answer",
    "load_results",
    "missed",
    "reject",
    "start_training",
    "take_back",
    "training_of",
    "turned_down",
]
