"""Agreement numbers as tables: text with interval, and the reason where a number is not defined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from parihs.agreement import Measure
from parihs.coding.agreement_measures import UNITS
from parihs.coding.agreement_words import (
    FEW_TURNS,
    MEANINGS,
    adjective,
    interval,
    number,
    unit_name,
)
from parihs.coding.levels import LEVELS
from parihs.coding.study_agreement import CodeRow, Rung, Step, StudyAgreement
from parihs.store.codebooks import CodeView
from parihs.ui.matrix_views import CONSTRAINING, ENABLING
from parihs.ui.widgets.matrix_table import CellView, ColumnHead, RowHead
from parihs.ui.widgets.sortable_table import Head, Row, Value

NOTHING = "-"
"""Id of “no code” in the confusion matrix."""
ELSEWHERE = "*"
"""Id of “a code of another construct”."""
NOT_DEFINED = "n. d."


def code_table(
    found: StudyAgreement,
    rows: Sequence[CodeRow],
    codes: Mapping[str, CodeView],
    *,
    words: bool,
) -> tuple[list[Head], list[Row]]:
    """One line per code; with ``words``, the adjective for the lower bound of kappa as well."""
    two = len(found.coders) == 2
    names = list(found.coders.values())
    short = [name.split()[0] for name in names]
    if len(set(short)) < len(short):
        short = names
    heads = [
        Head(f"n {first}", f"Turns to which {name} gave it.")
        for first, name in zip(short, names, strict=True)
    ]
    heads += [
        Head("Both" if two else "Pairs", "Turns to which both gave it, over all pairs of coders."),
        Head("%", MEANINGS["percent"]),
        Head("Positive", MEANINGS["positive"]),
        Head("Negative", MEANINGS["negative"]),
        Head(found.kappa_name.replace("kappa", "κ"), MEANINGS["kappa"]),
        Head("AC1", MEANINGS["ac1"]),
        Head("α", MEANINGS["alpha"]),
        Head("Prevalence", "Share of readings of a turn that carry the code."),
    ]
    if words:
        heads.append(Head("In words", "For the lower bound of kappa, after Landis & Koch 1977."))
    lines = []
    for row in rows:
        measures = row.agreement.measures
        values = [Value(f"{n:,}", n) for n in row.given.values()]
        both = row.agreement.pairs[0]
        values.append(Value(f"{both:,.0f}", both))
        percent = measures["percent"].value
        values.append(
            Value(f"{percent:.1%}", percent) if percent is not None else cell(measures["percent"])
        )
        values += [
            cell(measures[name]) for name in ("positive", "negative", "kappa", "ac1", "alpha")
        ]
        share = row.agreement.prevalence
        values.append(Value(f"{share:.1%}", share) if share is not None else Value("–"))
        if words:
            low = measures["kappa"].interval
            word = adjective(measures["kappa"])
            values.append(Value(word or "–", low.low if low else None))
        code = codes[row.code_id]
        rare = sum(row.agreement.pairs[:3]) < FEW_TURNS
        note = "few turns" if rare else ""
        lines.append(Row(row.code_id, code.name, code.colour, code.depth, note, values))
    return heads, lines


def cell(measure: Measure) -> Value:
    """A coefficient with its interval below; where it is not defined, the reason as a hint."""
    if measure.value is None:
        return Value(NOT_DEFINED, None, title=measure.undefined or "")
    return Value(number(measure.value), measure.value, interval(measure.interval))


def ladder_table(
    rungs: Sequence[Rung], codes: Mapping[str, CodeView]
) -> tuple[list[Head], list[Row]]:
    """Units as columns: the same coding seen in turns, sentences, words and characters."""
    heads = [
        *(Head(unit_name(unit)) for unit in UNITS),
        Head(
            "Boundaries",
            "Unitizing alpha (Krippendorff et al. 2016) in characters: where stretches begin and "
            "end. For one code marked against not marked; for the whole coding the values too.",
        ),
    ]
    rows = []
    for rung in rungs:
        code = codes.get(rung.code_id or "")
        values = [cell(rung.by_unit[unit]) for unit in UNITS]
        rows.append(
            Row(
                rung.code_id or "",
                code.name if code else "Whole coding",
                code.colour if code else "",
                note="alpha; boundaries bar-u-alpha" if code else "mvalpha; boundaries u-alpha",
                values=[*values, cell(rung.boundary)],
            )
        )
    return heads, rows


def hierarchy_table(
    steps: Sequence[Step], codes: Mapping[str, CodeView]
) -> tuple[list[Head], list[Row]]:
    """Levels of the codebook as columns, from the construct down."""
    levels = list(reversed(LEVELS))
    words = {"code": "Codes", "parent": "Parents", "construct": "Constructs"}
    rows = []
    for step in steps:
        code = codes.get(step.construct_id or "")
        top, leaf = step.by_level["construct"].value, step.by_level["code"].value
        lost = Value("–") if top is None or leaf is None else Value(number(leaf - top), leaf - top)
        values = [cell(step.by_level[level]) for level in levels]
        rows.append(
            Row(
                step.construct_id or "",
                code.name if code else "Whole codebook",
                code.colour if code else "",
                values=[*values, lost],
            )
        )
    heads = [Head(words[level]) for level in levels]
    return [*heads, Head("Difference", "mvalpha of codes minus mvalpha of constructs.")], rows


def confusion_views(
    counts: Mapping[tuple[str | None, str | None], int],
    codes: Sequence[CodeView],
    shown: set[str],
    names: tuple[str, str],
) -> tuple[list[RowHead], list[ColumnHead], list[list[CellView]]]:
    """The first coder's codes down, the second coder's across; only codes that occur.

    ``shown`` are the codes to take apart; all others are one line, “another construct”.
    """
    known = {code.code_id: code for code in codes}
    added: dict[tuple[str, str], int] = {}
    for (one, other), n in counts.items():
        cell_ = _shown(one, shown), _shown(other, shown)
        if cell_ not in ((ELSEWHERE, ELSEWHERE), (ELSEWHERE, NOTHING), (NOTHING, ELSEWHERE)):
            added[cell_] = added.get(cell_, 0) + n
    order = [c.code_id for c in codes if c.code_id in shown]
    used = {code for pair in added for code in pair}
    ids = [code for code in [*order, ELSEWHERE, NOTHING] if code in used]
    off = [n for (one, other), n in added.items() if one != other]
    largest = max(off, default=1)
    label = {ELSEWHERE: "Another construct", NOTHING: "No code here"}
    label |= {code: known[code].name for code in shown if code in known}
    rows = [RowHead(code, label[code]) for code in ids]
    columns = [
        ColumnHead(c, label[c], known[c].colour if c in known else "#777777", label[c]) for c in ids
    ]
    cells = []
    for one in ids:
        line = []
        for other in ids:
            n = added.get((one, other), 0)
            title = f"{names[0]}: {label[one]}, {names[1]}: {label[other]}: {n} places"
            tone = ENABLING if one == other else CONSTRAINING
            tint = 0.3 if one == other and n else n / largest
            line.append(CellView(f"{n:,}" if n else "·", title, tone, tint, opens=n > 0))
        cells.append(line)
    return rows, columns, cells


def _shown(code: str | None, shown: set[str]) -> str:
    if code is None:
        return NOTHING
    return code if code in shown else ELSEWHERE
