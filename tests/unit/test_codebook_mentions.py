"""Rules name other codes by key; people read names."""

from __future__ import annotations

import pytest

from parihs.codebook import load, shipped
from parihs.codebook.mentions import by_name

NAMES = {"context": "Context", "context.local": "Local level", "fit.at-work": "Fit at work"}


@pytest.mark.parametrize(
    ("rule", "read"),
    [
        ("Routine feedback (context.local).", "Routine feedback (“Local level”)."),
        ("context.local, fit.at-work.", "“Local level”, “Fit at work”."),
        ("The context (context.other.thing).", "The context (context.other.thing)."),
        ("It fits.Then not; v1.2", "It fits.Then not; v1.2"),
        ("", ""),
    ],
)
def test_a_key_with_a_dot_is_told_by_its_name(rule: str, read: str) -> None:
    assert by_name(rule, NAMES) == read


@pytest.mark.parametrize("key", shipped())
def test_no_rule_of_a_shipped_codebook_shows_a_key(key: str) -> None:
    book = load(shipped()[key])
    names = {entry.id: entry.name for entry in book.codes}
    read = " ".join(
        by_name(text, names)
        for entry in book.codes
        for text in (entry.definition, entry.when_to_use, entry.when_not)
    )
    assert [each for each in names if "." in each and each in read] == []
