"""Changes of speakers in plain words, for the page, the command and whoever wonders who did it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from parihs.speakers.changes import Change, Deed

NOBODY = "nobody"


def describe(deed: Deed, people: Mapping[str, str]) -> str:
    """What was done, as the end of a sentence that begins with a name; ``people`` by id."""
    said = _said(deed.change if deed.undoes is None else deed.change.turned(), deed, people)
    return f"took back: {said}" if deed.undoes is not None else said


def _said(change: Change, deed: Deed, people: Mapping[str, str]) -> str:
    def named(voice: str | None) -> str:
        return NOBODY if voice is None else deed.voices.get(voice, "a voice that is gone")

    runs = [run for each in change.moved.values() for run in each]
    givers = _listed(dict.fromkeys(named(run[2]) for run in runs))
    takers = _listed(dict.fromkeys(named(run[3]) for run in runs))
    if change.gone:
        return f"merged {_listed(voice['label'] for voice in change.gone)} into {takers}"
    if runs and change.made:
        return f"made the new voice {takers} of {_turns(change)} of {givers}"
    if runs:
        return f"gave {_turns(change)} of {givers} to {takers}"
    if change.marked:
        unsure = any(run[3] for each in change.marked.values() for run in each)
        return f"marked {_turns(change)} as {'not sure' if unsure else 'sure'}"
    if change.linked:
        voice, _, person = change.linked[0]
        who = "not known" if person is None else people.get(person, "a participant")
        return f"said that {named(voice)} is {who}"
    if change.named:
        _, old, new = change.named[0]
        return f"renamed {old} to {new}"
    return "changed a voice"


def _turns(change: Change) -> str:
    """Which turns, by their numbers where they are one run; else how many."""
    places = [run[:2] for runs in change.moved.values() for run in runs]
    places += [run[:2] for runs in change.marked.values() for run in runs]
    first, last = min(place[0] for place in places), max(place[1] for place in places)
    n = change.n_turns
    if n == 1:
        return f"turn {first + 1}"
    return f"turns {first + 1} to {last + 1}" if n == last - first + 1 else f"{n} turns"


def _listed(names: Iterable[str]) -> str:
    return " and ".join(names)
