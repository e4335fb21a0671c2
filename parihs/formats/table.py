"""Tables of turns: NVivo's Timespan/Speaker/Content, Whisper's .tsv, CSV from anywhere.

``from_rows`` also reads the tables of Word documents.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from parihs.formats.clock import CLOCK, MAX_MS, RANGE, format_clock, parse_clock, seconds_to_ms
from parihs.formats.lines import Unreadable, count, listed, split_lines
from parihs.model import ParsedTranscript, ParsedTurn

NAME = "table"
LABEL = "Table of turns (NVivo, tab-separated, CSV)"
EXTENSIONS: tuple[str, ...] = (".txt", ".tsv", ".csv")

_HEADERS = {
    "text": "content text transcript utterance speech paragraph statement dialogue",
    "speaker": "speaker name participant who person voice role",
    "start": "timespan time timestamp timecode start begin from in",
    "end": "end stop to until out",
}
_ROLES = {word: role for role, words in _HEADERS.items() for word in words.split()} | {
    "spoken text": "text",
    "transcript entry": "text",
    "speaker name": "speaker",
    "time span": "start",
    "time stamp": "start",
    "time code": "start",
    "start time": "start",
    "end time": "end",
}
_RANGE = re.compile(RANGE)
_NUMBER = re.compile(r"[0-9]{1,12}(?:[.,][0-9]{1,9})?")
_ONLY_END = re.compile(rf"\?\s*[-–—]\s*(?P<end>{CLOCK})")
# What a spreadsheet would run as a formula, with the apostrophes that keep it from that.
_COMMAND = re.compile(r"'*[=+\-@]")
_LONGEST_CELL = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where each part of a turn stands in a row, and how bare numbers in it are to be read."""

    text: int
    speaker: int | None
    start: int | None
    end: int | None
    numbers: str = "shorthand"
    """``ms``, ``seconds``, or NVivo's ``shorthand`` in which 9203 is 92:03."""


def looks_like(text: str) -> bool:
    """Say whether the first line names a text column beside a speaker or a time column."""
    header = next((line for line in split_lines(text) if line.strip()), "")
    return _delimiter(header) is not None


def parse(text: str) -> ParsedTranscript:
    """Read one turn per row below a header line; raises Unreadable where no header is known."""
    header = next((line for line in split_lines(text) if line.strip()), "")
    delimiter = _delimiter(header)
    if delimiter is None:
        raise Unreadable(
            "its first line does not name the columns.",
            "Begin with a line such as Timespan, Speaker, Content, separated as the rows are.",
            line=1,
        )
    rows = _tab_rows(text) if delimiter == "\t" else _csv_rows(text, delimiter)
    parsed = from_rows(rows)
    assert parsed is not None
    return replace(parsed, format=NAME)


def from_rows(rows: Sequence[tuple[int, Sequence[str]]]) -> ParsedTranscript | None:
    """Read rows, each with its line number; None when they are not a table of turns.

    Without a header, columns are told by their contents: times, few names, long text.
    """
    if not rows:
        return None
    columns = _from_header(rows[0][1])
    body = rows[1:] if columns else rows
    if columns is None:
        columns = _from_contents([cells for _, cells in rows])
    if columns is None:
        return None
    turns: list[ParsedTurn] = []
    empty, unread, continued = 0, [], 0
    for line, cells in body:
        if len(cells) == 1 and columns.text > 0 and turns:
            turns[-1] = replace(turns[-1], text=f"{turns[-1].text}\n{cells[0].strip()}")
            continued += 1
            continue
        said = _cell(cells, columns.text)
        if not said:
            empty += 1
            continue
        start, end, clear = _times(cells, columns)
        if not clear:
            unread.append(str(line))
        turns.append(ParsedTurn(_cell(cells, columns.speaker) or None, said, start, end))
    warnings = _warnings(empty, unread, continued)
    if columns.start is not None and any(
        _NUMBER.fullmatch(_cell(cells, columns.start)) for _, cells in body
    ):
        warnings.append(_NUMBERS_READ_AS[columns.numbers])
    if body is not rows:
        warnings += _unused(rows[0][1], columns)
    return ParsedTranscript(tuple(turns), NAME, None, tuple(warnings))


_NUMBERS_READ_AS = {
    "ms": "Numbers in the time columns were read as milliseconds.",
    "seconds": "Numbers in the time columns were read as seconds.",
    "shorthand": "Numbers in the time column were read as NVivo's shorthand: 9203 is 92:03.",
}


def _role(title: str) -> str | None:
    return _ROLES.get(re.sub(r"[\s_]+", " ", title).strip().casefold())


def _delimiter(header: str) -> str | None:
    for delimiter in "\t;,":
        if _from_header(header.split(delimiter)) is not None:
            return delimiter
    return None


def _from_header(titles: Sequence[str]) -> _Columns | None:
    roles: dict[str, int] = {}
    for at, title in enumerate(titles):
        role = _role(title.strip().strip('"'))
        if role is not None:
            roles.setdefault(role, at)
    if "text" not in roles or not roles.keys() & {"speaker", "start"}:
        return None
    plain = [title.strip().casefold() for title in titles]
    numbers = "seconds" if "end" in roles else "shorthand"
    # The .tsv that Whisper writes has exactly these columns, in milliseconds.
    numbers = "ms" if plain == ["start", "end", "text"] else numbers
    return _Columns(
        roles["text"], roles.get("speaker"), roles.get("start"), roles.get("end"), numbers
    )


def _from_contents(rows: Sequence[Sequence[str]]) -> _Columns | None:
    width = min((len(cells) for cells in rows), default=0)
    if len(rows) < 2 or not 2 <= width <= 5:
        return None
    cells = [[row[at].strip() for row in rows] for at in range(width)]
    timed = [
        at
        for at, column in enumerate(cells)
        if sum(_RANGE.fullmatch(cell) is not None for cell in column) > len(rows) * 0.6
    ]
    others = [at for at in range(width) if at not in timed]
    if not others:
        return None
    text = max(others, key=lambda at: sum(len(cell) for cell in cells[at]))
    names = [
        at
        for at in others
        if at != text
        and all(len(cell) <= 40 for cell in cells[at])
        and len(set(cells[at])) < len(rows)
    ]
    if not names and not timed:
        return None
    return _Columns(
        text,
        names[0] if names else None,
        timed[0] if timed else None,
        timed[1] if len(timed) > 1 else None,
    )


def _cell(cells: Sequence[str], at: int | None) -> str:
    return cells[at].strip() if at is not None and at < len(cells) else ""


def _times(cells: Sequence[str], columns: _Columns) -> tuple[int | None, int | None, bool]:
    """Return start, end, and whether everything written in the time cells was understood."""
    first, last = _cell(cells, columns.start), _cell(cells, columns.end)
    both = _RANGE.fullmatch(first.strip("[]()# "))
    if both is not None:
        start, inner = parse_clock(both["start"]), parse_clock(both["end"] or "")
    elif (ends := _ONLY_END.fullmatch(first)) is not None:
        return None, parse_clock(ends["end"]), True
    else:
        start, inner = _moment(first, columns.numbers), None
    end = _moment(last, columns.numbers) if last else inner
    clear = (not first or start is not None) and (not last or end is not None)
    return start, end, clear


def _moment(cell: str, numbers: str) -> int | None:
    cell = cell.strip("[]()# ")
    if not _NUMBER.fullmatch(cell):
        return parse_clock(cell)
    if not cell.isdecimal() or numbers == "seconds":
        return seconds_to_ms(float(cell.replace(",", ".")))
    if numbers == "ms":
        return int(cell) if int(cell) <= MAX_MS else None
    minutes, seconds = divmod(int(cell), 100)
    return parse_clock(f"{minutes}:{seconds}") if len(cell) <= 4 else _long_shorthand(cell)


def _long_shorthand(cell: str) -> int | None:
    return parse_clock(f"{cell[:-4]}:{cell[-4:-2]}:{cell[-2:]}")


def _tab_rows(text: str) -> list[tuple[int, Sequence[str]]]:
    """Split at tabs; quotes around a cell are a spreadsheet's, those inside are the speaker's."""
    return [
        (number, [_unquoted(cell) for cell in line.split("\t")])
        for number, line in enumerate(split_lines(text), start=1)
        if line.strip()
    ]


def _unquoted(cell: str) -> str:
    wrapped = len(cell) > 1 and cell.startswith('"') and cell.endswith('"')
    inner = cell[1:-1]
    return inner.replace('""', '"') if wrapped and '"' not in inner.replace('""', "") else cell


def _csv_rows(text: str, delimiter: str) -> list[tuple[int, Sequence[str]]]:
    # A whole interview may stand in one cell; Python's own limit is 131,072 characters.
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
        return [(line, [_unguarded(cell) for cell in row]) for line, row in rows]
    except csv.Error as error:
        raise Unreadable(
            "the table breaks off here.",
            "Save it again as CSV in UTF-8 and read it once more.",
            line=reader.line_num,
        ) from error


def compose(parsed: ParsedTranscript) -> str:
    """Write ``start,end,speaker,text`` with a row per turn and times as ``hh:mm:ss.mmm``.

    A cell that a spreadsheet would run as a formula gets an apostrophe before it, which reading
    takes off again. Lost: times of words.
    """
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(("start", "end", "speaker", "text"))
    for turn in parsed.turns:
        times = ("" if ms is None else format_clock(ms) for ms in (turn.start_ms, turn.end_ms))
        writer.writerow((*times, _guarded(turn.speaker or ""), _guarded(turn.text)))
    return target.getvalue()


def _guarded(cell: str) -> str:
    return f"'{cell}" if _COMMAND.match(cell) else cell


def _unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _COMMAND.match(cell) else cell


def _warnings(empty: int, unread: list[str], continued: int) -> list[str]:
    warnings = []
    if empty:
        warnings.append(f"{count(empty, 'row')} without text left out.")
    if continued:
        warnings.append(f"{count(continued, 'line')} without columns added to the turn above.")
    if unread:
        warnings.append(
            f"{count(len(unread), 'time')} could not be read, those turns have none: "
            f"line {', '.join(unread[:5])}{' …' if len(unread) > 5 else ''}."
        )
    return warnings


def _unused(titles: Sequence[str], columns: _Columns) -> list[str]:
    used = {columns.text, columns.speaker, columns.start, columns.end}
    unused = [title.strip() for at, title in enumerate(titles) if at not in used and title.strip()]
    return [f"Columns left out: {listed(unused)}."] if unused else []
