"""What a report says, as plain values. Renderers read nothing else, so all of them say the same."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

PARTS: Final = {
    "participation": "Sites and participation",
    "agreement": "Agreement between coders",
    "matrices": "Comparison of sites",
    "grid": "Framework grid",
    "ratings": "Ratings",
    "findings": "Findings",
    "codebook": "Codebook",
    "audit": "Audit trail",
    "figures": "Figures",
}
"""What a report may hold besides the study and its methods, as chosen and as headed."""
USUAL: Final = tuple(name for name in PARTS if name != "figures")
"""Parts that a report holds unless others are chosen; figures are asked for."""


@dataclass(frozen=True, slots=True)
class Head:
    """Name of a row or column, with its denominator or meaning as a note."""

    label: str
    note: str = ""
    colour: str = ""
    """``#RRGGBB`` of its construct, where it has one."""
    group: str = ""
    """What rows that belong together have in common, printed once above them."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What a table shows in one place."""

    text: str
    value: float | str | None = None
    """The number behind the text; None where there is none."""
    excerpts: tuple[str, ...] = ()
    """Labels of the excerpts that it counts."""
    tint: float = 0.0
    """0–1: how much of the largest value in sight; negative where constraining."""


@dataclass(frozen=True, slots=True)
class Table:
    """Cases in rows, anything in columns, with a caption that says what was counted."""

    key: str
    title: str
    caption: str
    corner: str
    rows: tuple[Head, ...]
    columns: tuple[Head, ...]
    cells: tuple[tuple[Cell, ...], ...]
    note: str = ""
    """How it was counted, and what the marks mean."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A stretch of talk with the label by which the report speaks of it."""

    label: str
    """``E12``: its place in the study, among all excerpts of this report."""
    ids: tuple[str, ...]
    quote: str
    """The words, one line per speaker."""
    speakers: str
    site: str
    workshop: str
    held_on: str
    at: str
    """Where it begins in the recording; empty where nothing is timed."""
    codes: tuple[str, ...]
    valence: str
    coders: tuple[str, ...]
    memos: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """One cell of the framework grid."""

    text: str
    status: str
    author: str
    stale: str
    """Empty, or what changed since it was written."""
    excerpts: tuple[str, ...]
    coded: str
    """What is coded there: ``12 excerpts, 6 speakers``."""


@dataclass(frozen=True, slots=True)
class GridTable:
    """The framework grid: a summary per case and construct."""

    caption: str
    rows: tuple[Head, ...]
    columns: tuple[Head, ...]
    cells: tuple[tuple[Summary, ...], ...]
    case: str = "Site"
    """What a row is."""


@dataclass(frozen=True, slots=True)
class Given:
    """One value for a site and construct: a rater's, or the team's."""

    by: str
    value: str
    rationale: str
    excerpts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RatedPlace:
    """One site and construct with its ratings."""

    site: str
    construct: Head
    agreed: Given | None
    ratings: tuple[Given, ...]


@dataclass(frozen=True, slots=True)
class RatingSection:
    """Ratings, how far raters agreed, and what tells sites apart."""

    places: tuple[RatedPlace, ...]
    table: Table | None
    """Agreed values, sites by constructs; None while nothing is agreed."""
    agreement: str
    distinguishing: Table | None
    """Constructs by group, with the rule in its caption; None while sites are not grouped."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a claim: the team's words, or a quote with its excerpt."""

    text: str
    label: str = ""
    """Empty for the claim's own words, and for a quote that is gone."""
    attribution: str = ""
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Evidence:
    """How one excerpt bears on a finding."""

    stance: str
    label: str
    quote: str
    attribution: str
    note: str


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to look at in a finding, in plain words, with the excerpts it is about."""

    severity: str
    sentence: str
    excerpts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FindingText:
    """A finding with all that bears on it."""

    number: int
    title: str
    status: str
    pieces: tuple[Piece, ...]
    evidence: tuple[Evidence, ...]
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class CodeRow:
    """One code as its book defines it."""

    depth: int
    name: str
    key: str
    colour: str
    definition: str
    when_to_use: str
    when_not: str
    example: str
    origin: str
    n_excerpts: int


@dataclass(frozen=True, slots=True)
class Deed:
    """How often somebody did one kind of thing."""

    who: str
    what: str
    times: int


@dataclass(frozen=True, slots=True)
class Decision:
    """A step that shaped the analysis, with the reason that was given for it."""

    when: datetime
    who: str
    what: str


@dataclass(frozen=True, slots=True)
class CodingRow:
    """One coding as its coder made it, for tables."""

    workshop: str
    turn: int
    start: int
    end: int
    quote: str
    code: str
    code_key: str
    construct: str
    coder: str
    valence: str
    memo: str
    id: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A bar, dot or cell of a figure, and the labels of the excerpts behind it."""

    key: tuple[str, ...]
    """What Plotly gives back when the mark is selected."""
    title: str
    excerpts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its caption, as Plotly reads it and, where a browser is found, as a picture."""

    title: str
    caption: str
    spec: str
    """The figure as JSON."""
    dark: str
    """The same for a dark page."""
    png: bytes | None
    width: int
    """Pixels at which it was laid out."""
    height: int
    marks: tuple[Mark, ...] = ()
    """Those that open excerpts, in the order of the figure."""


@dataclass(frozen=True, slots=True)
class Report:
    """All of it. ``as_of`` is when the study last changed, which dates every file made of it."""

    study: str
    description: str
    fictional: bool
    as_of: datetime
    seen_by: str
    """Whose eyes it was made with, in words."""
    codebook: str
    methods: tuple[str, ...]
    tables: tuple[Table, ...] = ()
    """Participation, agreement and matrices, in order."""
    figures: tuple[Figure, ...] = ()
    grid: GridTable | None = None
    ratings: RatingSection | None = None
    findings: tuple[FindingText, ...] = ()
    remarks: tuple[Remark, ...] = ()
    """What concerns all findings together."""
    codes: tuple[CodeRow, ...] = ()
    deeds: tuple[Deed, ...] = ()
    decisions: tuple[Decision, ...] = ()
    excerpts: tuple[Excerpt, ...] = ()
    cited: frozenset[str] = field(default_factory=frozenset)
    """Labels of the excerpts that summaries, ratings and findings rest on."""
    codings: tuple[CodingRow, ...] = ()

    def excerpt(self, label: str) -> Excerpt:
        """The excerpt behind a label; labels count from E1 in the order of ``excerpts``."""
        return self.excerpts[int(label[1:]) - 1]

    def tables_of(self, part: str) -> tuple[Table, ...]:
        """The tables of one part."""
        return tuple(table for table in self.tables if table.key.split(".")[0] == part)
