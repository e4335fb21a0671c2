"""How coders differ at a place, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from parihs.coding.adjudication import AGREED, BOTH, CODER, EDITED, NEITHER
from parihs.coding.consensus import Span, joint_valence
from parihs.coding.disagreements import (
    DIFFERENT_BOUNDARY,
    DIFFERENT_CODE,
    DIFFERENT_VALENCE,
    ONE_CODED,
    Place,
)
from parihs.model.terms import VALENCES
from parihs.ui.excerpt_views import sign

KIND_WORDS = {
    ONE_CODED: "One coded",
    DIFFERENT_CODE: "Different code",
    DIFFERENT_VALENCE: "Different valence",
    DIFFERENT_BOUNDARY: "Different boundary",
    AGREED: "Agreed",
}
STATE_WORDS = {"open": "Open", "settled": "Settled", "stale": "To look at again"}


def says(place: Place, coders: Mapping[str, str], codes: Mapping[str, str]) -> str:
    """One or two sentences on what differs here; names by id."""
    lines = [_SENTENCES[kind](place, coders, codes) for kind in place.kinds]
    return " ".join(lines)


def rated(valence: str) -> str:
    """``enabling (+1)``; ``not rated`` has no sign."""
    mark = sign(valence)
    words = VALENCES[valence].lower()
    return f"{words} ({mark})" if mark else words


def outcome_words(outcome: str, coders: Mapping[str, str]) -> str:
    """What was decided, in a word or two."""
    if outcome.startswith(CODER):
        return f"as {coders.get(outcome.removeprefix(CODER), 'a coder')} coded"
    return {BOTH: "both", NEITHER: "neither", EDITED: "edited"}.get(outcome, outcome)


def listed(names: Iterable[str]) -> str:
    """``a, b and c``."""
    known = list(dict.fromkeys(names))
    return " and ".join(filter(None, [", ".join(known[:-1]), *known[-1:]]))


def _one_coded(place: Place, coders: Mapping[str, str], codes: Mapping[str, str]) -> str:
    gave = place.parts[0].coder_ids
    with_it = listed(name for coder, name in coders.items() if coder in gave)
    without = listed(coders[c] for c in coders if c in place.coder_ids and c not in gave)
    return f"{with_it} gave {codes[place.code_ids[0]]}; {without} did not."


def _different_code(place: Place, coders: Mapping[str, str], codes: Mapping[str, str]) -> str:
    gave = {
        coder: [codes[part.code_id] for part in place.parts if coder in part.covered]
        for coder in coders
    }
    each = [f"{coders[coder]} gave {listed(given)}" for coder, given in gave.items() if given]
    return f"{', '.join(each)}: one statement, named in different ways."


def _different_valence(place: Place, coders: Mapping[str, str], codes: Mapping[str, str]) -> str:
    parts = [part for part in place.parts if len(_valences(part.codings)) > 1]
    part = parts[0] if parts else place.parts[0]
    given = _valences(part.codings)
    each = [f"{name}: {rated(given[coder])}" for coder, name in coders.items() if coder in given]
    return f"They rate {codes[part.code_id]} differently. {'; '.join(each)}."


def _different_boundary(place: Place, coders: Mapping[str, str], codes: Mapping[str, str]) -> str:
    return (
        f"Their stretches of {listed(codes[code] for code in place.code_ids)} do not begin and end "
        f"alike; {place.overlap:.0%} of the coded text is common to all."
    )


_SENTENCES = {
    ONE_CODED: _one_coded,
    DIFFERENT_CODE: _different_code,
    DIFFERENT_VALENCE: _different_valence,
    DIFFERENT_BOUNDARY: _different_boundary,
}


def _valences(codings: Sequence[Span]) -> dict[str, str]:
    given: dict[str, list[str]] = {}
    for span in codings:
        given.setdefault(span.coder_id, []).append(span.valence)
    return {coder: joint_valence(valences) for coder, valences in given.items()}
