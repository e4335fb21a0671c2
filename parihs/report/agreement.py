"""Agreement between coders: the whole coding and each construct, with unit, interval and seed."""

from __future__ import annotations

from parihs.agreement import Measure
from parihs.coding.agreement_measures import Measuring
from parihs.coding.agreement_words import number, with_interval
from parihs.report.contents import Cell, Head, Table
from parihs.report.source import Source
from parihs.report.words import count, listed

_MEASURES = ("positive", "kappa", "ac1", "alpha", "percent")


def agreement_tables(source: Source) -> tuple[Table, ...]:
    """One table of constructs; none where no transcript was read by two coders."""
    measuring = source.measuring
    if measuring is None:
        return ()
    kappa = "Cohen’s kappa" if len(measuring.coders) == 2 else "Fleiss’ kappa"
    found = measuring.per_code("construct", "turn")
    views = {code.code_id: code for code in source.codes}
    rows, cells = [], []
    for each in found:
        view = views[str(each.code)]
        both, first, second, _ = each.pairs
        rows.append(Head(view.name, colour=view.colour))
        given = f"{both + first + second:,.0f}"
        cells.append(
            (
                Cell(given, both + first + second),
                Cell(f"{both:,.0f}", both),
                *(_measured(each.measures[name]) for name in _MEASURES),
            )
        )
    whole = measuring.whole("code", "turn")
    n_units = int(measuring.units["turn"].sizes.sum())
    return (
        Table(
            key="agreement.constructs",
            title="Agreement between coders by construct",
            caption=f"Presence of each construct in {count(n_units, 'speaker turn')} of "
            f"{count(len(measuring.compared.transcripts), 'transcript')} coded by "
            f"{listed(measuring.compared.coders.values())}. All codes together: multi-valued alpha "
            f"{with_interval(whole)} on the sets of codes of each turn.",
            corner="Construct",
            rows=tuple(rows),
            columns=(
                Head("Turns with it", "from any coder"),
                Head("From both"),
                Head("Positive agreement"),
                Head(kappa),
                Head("AC1"),
                Head("Alpha", "Krippendorff, nominal"),
                Head("Percent"),
            ),
            cells=tuple(cells),
            note=_drawn(measuring),
        ),
    )


def agreement_sentence(source: Source) -> str:
    """The sentence of the methods paragraph; says so where there is nothing to compare."""
    measuring = source.measuring
    if measuring is None:
        return "No transcript was coded by two coders, so agreement could not be computed."
    whole = measuring.whole("code", "turn")
    top = measuring.whole("construct", "turn")
    n_turns, n_coded, n_identical = measuring.identical("code")
    return (
        f"{listed(measuring.compared.coders.values())} coded "
        f"{count(len(measuring.compared.transcripts), 'transcript')}, each read by at least two of "
        "them. Agreement was computed on "
        f"speaker turns (n = {n_turns:,}) as multi-valued alpha (Krippendorff & Craggs 2016) on "
        f"the sets of codes of each turn: {with_interval(whole)} for single codes and "
        f"{with_interval(top)} for constructs. In {n_identical:,} of the {n_coded:,} turns that "
        f"anybody coded, all gave exactly the same codes. {_drawn(measuring)}"
    )


def _measured(measure: Measure) -> Cell:
    if measure.value is None:
        return Cell("–")
    if measure.name == "percent":
        return Cell(f"{measure.value:.1%}", measure.value)
    if measure.name == "positive":
        return Cell(number(measure.value), measure.value)
    return Cell(with_interval(measure), measure.value)


def _drawn(measuring: Measuring) -> str:
    workshops = measuring.compared.workshops
    drawn = (
        f"workshops (n = {workshops})"
        if measuring.by_workshop
        else "single turns, as there were fewer than six workshops"
    )
    return (
        "Square brackets hold 95 % percentile bootstrap intervals that resample "
        f"{drawn}; B = {measuring.bootstrap.b:,}, seed {measuring.bootstrap.seed}."
    )
