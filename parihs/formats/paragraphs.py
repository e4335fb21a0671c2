"""Paragraphs of running text and the turns they are: shared by all plain-text transcripts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from parihs.formats.lines import count, split_lines
from parihs.formats.names import find_names
from parihs.model import ParsedTurn

_REMARK = re.compile(
    r"\[[^\[\]]*\]|\([^()]*\)|(?:notes?|n\.?b\.?|remark|comment):\s.*", re.I | re.S
)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One line of a file without its times; ``line`` is 1-based."""

    line: int
    text: str
    start_ms: int | None = None
    end_ms: int | None = None
    continues: bool = False
    """Whether it follows the line before without a blank line, in a file that has blank lines."""


def split_paragraphs(text: str) -> list[Paragraph]:
    """Return the lines that are not blank, noting which may be the rest of a broken line."""
    lines = [line.strip() for line in split_lines(text)]
    filled = [at for at, line in enumerate(lines) if line]
    separated = any(not line for line in lines[filled[0] : filled[-1]]) if filled else False
    return [
        Paragraph(at + 1, lines[at], continues=separated and at > 0 and bool(lines[at - 1]))
        for at in filled
    ]


def to_turns(paragraphs: Sequence[Paragraph]) -> tuple[list[ParsedTurn], list[str]]:
    """Make one turn per paragraph, find the speakers, and say what was assumed.

    A paragraph without a name goes on with the speaker above it, which is how people write; text
    before the first name, and a transcriber's remark between turns, has no speaker.
    """
    n_units = sum(not paragraph.continues for paragraph in paragraphs)
    names = find_names([paragraph.text for paragraph in paragraphs], n_units)
    turns: list[ParsedTurn] = []
    inherited = before = remarks = 0
    speaker: str | None = None
    open_ended = False
    for paragraph in paragraphs:
        named = names.split(paragraph.text)
        timed = paragraph.start_ms is not None
        if named is None and not timed and (open_ended or (paragraph.continues and turns)):
            turns[-1] = _extend(turns[-1], paragraph)
            open_ended = False
            continue
        remark = named is None and speaker is not None and bool(_REMARK.fullmatch(paragraph.text))
        if named is not None:
            speaker, text = named
        else:
            text = paragraph.text
            inherited += speaker is not None and not remark
            before += speaker is None
            remarks += remark
        who = None if remark else speaker
        turns.append(ParsedTurn(who, text, paragraph.start_ms, paragraph.end_ms))
        # “Ann:” alone on its line names who says the paragraph below.
        open_ended = named is not None and not text
    spoken = [turn for turn in turns if turn.text]
    return spoken, [
        *_assumptions(
            inherited, before if names.accepted else 0, remarks, len(turns) - len(spoken)
        ),
        *names.warnings,
    ]


def _extend(turn: ParsedTurn, paragraph: Paragraph) -> ParsedTurn:
    end = paragraph.end_ms if paragraph.end_ms is not None else turn.end_ms
    return ParsedTurn(turn.speaker, f"{turn.text} {paragraph.text}".strip(), turn.start_ms, end)


def _assumptions(inherited: int, before: int, remarks: int, empty: int) -> list[str]:
    said = []
    if inherited:
        said.append(
            f"{count(inherited, 'paragraph')} without a name read as the speaker above going on."
        )
    if before:
        said.append(f"{count(before, 'paragraph')} before the first name kept without a speaker.")
    if remarks:
        said.append(f"{count(remarks, 'remark')} between turns kept without a speaker.")
    if empty:
        said.append(f"{count(empty, 'name')} without text left out.")
    return said
