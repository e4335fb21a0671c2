"""Deciding, from the whole file, which ``Name: text`` beginnings are speakers.

One line cannot tell ``Ann: yes`` from ``Note: tape changed``. A speaker's name is short, starts a
line, and comes back or stands in a file where most paragraphs begin that way.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from parihs.formats.lines import count, listed

LABEL = re.compile(
    r"(?P<name>[^\W_][^:：\t\n]{0,59}?)[ \u00a0]?"
    # The colon of 10:30 or https:// is followed by a digit or a slash.
    r"(?::(?=\s|$|[^\W\d_])|：)\s*"
)

_NOT_NAMES_TEXT = """
    note notes nb n.b ps p.s eg e.g ie i.e example examples warning important remark comment
    date time place location venue attendance
    apologies absent duration recording file filename title project subject topic topics
    agenda item transcript transcription transcriber study site workshop session meeting
    version language page source summary keywords url http https www email e-mail
    mail tel phone fax re cc from to action actions decision decisions yes no so ok okay well
    but and then now first second third firstly secondly finally also however because
    therefore actually today
"""
_NOT_NAMES = frozenset(_NOT_NAMES_TEXT.split()) | {
    "transcribed by",
    "recorded by",
    "audio file",
    "start time",
    "end time",
    "key points",
}

# “Participants: Ann, Bob” heads a list once; “Participants: (laugh)” again and again is a speaker.
_LIST_HEADINGS = frozenset({"participants", "attendees", "present", "speakers", "members"})

_SMALL_WORDS_TEXT = "of the de van von der den la le da di del al el bin and & y und et"
_SMALL_WORDS = frozenset(_SMALL_WORDS_TEXT.split())
_FORBIDDEN = re.compile(r"[?!;\"“”<>=@\\|…]|\.\s+[a-z]")

# The role in “Ann (facilitator)” may be in small letters.
_ADDITION = re.compile(r"(?<=\s)[(\[][^()\[\]]*[)\]]")

_MIN_SHARE = 0.1
"""Below this share of labelled paragraphs, the colons in a file are taken as ordinary prose."""


@dataclass(frozen=True, slots=True)
class SpeakerNames:
    """The beginnings that are speakers in this file, and what a person should check."""

    accepted: frozenset[str]
    warnings: tuple[str, ...]

    def split(self, line: str) -> tuple[str, str] | None:
        """Return speaker and text of a line that begins with one of the names, else None."""
        label = LABEL.match(line)
        if label is None or label["name"] not in self.accepted:
            return None
        return label["name"], line[label.end() :]


def find_names(lines: Sequence[str], n_units: int) -> SpeakerNames:
    """Decide which line beginnings name speakers.

    ``lines`` are the places where a name could stand; ``n_units`` is the number of paragraphs or
    cues they come from.
    """
    labels = [label["name"] for line in lines if (label := LABEL.match(line))]
    counts = Counter(labels)
    units = max(1, n_units)
    possible = {name: n for name, n in counts.items() if _could_be_name(name)}
    recurring = {name for name, n in possible.items() if _recurs(name, n, n / units)}
    once = {name for name, n in possible.items() if n == 1 and _stands_alone(name)}
    labelled = sum(possible[name] for name in recurring | once) / units
    if labelled < _MIN_SHARE:
        recurring.clear()
    if labelled < 0.5:
        once.clear()
    accepted = recurring | once
    refused = [name for name in counts if name not in accepted and _may_be_asked_about(name)]
    return SpeakerNames(frozenset(accepted), tuple(_warnings(counts, once, refused)))


def could_be_header(name: str) -> bool:
    """Say whether a name standing alone or beside a time looks like a speaker."""
    return _could_be_name(name) and _is_capitalised(name)


def _could_be_name(name: str) -> bool:
    words = name.split()
    return (
        len(words) <= 6
        and any(letter.isalpha() for letter in name)
        and not _FORBIDDEN.search(name)
        and (not name.endswith((".", ",")) or len(words[-1]) <= 4)
        and name.casefold().strip(" .") not in _NOT_NAMES
    )


def _may_be_asked_about(name: str) -> bool:
    return _could_be_name(name) or name.casefold().strip(" .") in _NOT_NAMES


def _is_capitalised(name: str) -> bool:
    words = re.findall(r"[^\s(),.\[\]]+", _ADDITION.sub("", name))
    # Scripts without capitals (Arabic, Chinese, Hindi) must not fail for lack of them.
    return bool(words) and all(
        not word[0].islower() or word.casefold() in _SMALL_WORDS for word in words
    )


def _stands_alone(name: str) -> bool:
    return _is_capitalised(name) and name.casefold() not in _LIST_HEADINGS


def _recurs(name: str, times: int, share: float) -> bool:
    if times < 2:
        return False
    if _is_capitalised(name):
        return True
    return share >= 0.05 if len(name.split()) == 1 else times >= 3 and share >= _MIN_SHARE


def _warnings(counts: Counter[str], once: set[str], refused: list[str]) -> list[str]:
    warnings = []
    if once:
        names = listed([name for name in counts if name in once])
        warnings.append(f"Named only once, taken as speakers: {names}. Check that they are people.")
    if refused:
        n = sum(counts[name] for name in refused)
        lines = "line begins" if n == 1 else "lines begin"
        warnings.append(
            f"{count(n, lines, lines)} with words and a colon that were not taken as a speaker: "
            f"{listed(refused)}."
        )
    return warnings
