"""What the agreement numbers of a study mean, in sentences that hold its own numbers.

No adjectives: whether 0.7 is good depends on what the codes are for. Who wants them all the same
gets them from the lower bound of the interval, so that a wide one does not flatter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from parihs.agreement import Interval, Measure
from parihs.coding.agreement_measures import Unit
from parihs.coding.study_agreement import CodeRow, DriftPoint, Rung, Step, StudyAgreement

FEW_TURNS: Final = 10
SCALE: Final = (
    (0.0, "poor"),
    (0.2, "slight"),
    (0.4, "fair"),
    (0.6, "moderate"),
    (0.8, "substantial"),
    (1.01, "almost perfect"),
)
SCALE_SOURCE: Final = "Landis & Koch 1977, Biometrics 33:159-174, read at the lower bound"
MEANINGS: Final = {
    "percent": "Share of turns on which the coders agree that the code is there, or is not. A rare "
    "code agrees almost everywhere because nobody gave it.",
    "positive": "Of the turns to which a coder gave the code, the share to which the other gave it "
    "too.",
    "negative": "Of the turns a coder left without the code, the share the other left without it.",
    "kappa": "Agreement beyond what the coders’ own frequencies would give by chance, as a share "
    "of what was possible. 0 is chance, 1 is full agreement.",
    "ac1": "Like kappa, but expecting little agreement by chance where a code is rare or very "
    "common; it stays close to the percentage.",
    "alpha": "1 minus the disagreement found over the disagreement expected by chance; right with "
    "any number of coders and with transcripts that not all have read.",
}


def number(value: float) -> str:
    """A coefficient as printed; never rounded up to a 1.00 that it is not."""
    if 0.995 <= value < 1:
        return f"{int(value * 1000) / 1000:.3f}"
    return f"{value:.2f}".replace("-0.00", "0.00").replace("-", "−")


def interval(found: Interval | None) -> str:
    """``[0.61, 0.74]``; empty where there is none."""
    if found is None or found.low is None or found.high is None:
        return ""
    return f"[{number(found.low)}, {number(found.high)}]"


def with_interval(measure: Measure) -> str:
    """``0.68 [0.61, 0.74]``, or that it is not defined."""
    if measure.value is None:
        return "not defined"
    return f"{number(measure.value)} {interval(measure.interval)}".strip()


def adjective(measure: Measure) -> str:
    """The Landis and Koch word for the lower bound of the interval; empty where there is none."""
    low = measure.interval.low if measure.interval else None
    if low is None:
        return ""
    return next(word for limit, word in SCALE if low < limit or limit > 1)


def about_code(found: StudyAgreement, row: CodeRow, name: str) -> list[str]:
    """What the numbers of one code say."""
    if not row.used:
        return [f"No coder gave {name} in these transcripts, so there is nothing to agree on."]
    agreement = row.agreement
    both, first, second, neither = agreement.pairs
    somebody = both + first + second
    given = [(found.coders[coder], n) for coder, n in row.given.items()]
    lines = []
    if len(given) == 2:
        (one, n_one), (other, n_other) = given
        lines.append(
            f"{one} gave {name} in {count(n_one, 'turn')} and {other} in {n_other:,}: both in "
            f"{both:,.0f}, only {one} in {first:,.0f}, only {other} in {second:,.0f}, neither in "
            f"{neither:,.0f}."
        )
    else:
        each = ", ".join(f"{who} in {n:,}" for who, n in given)
        lines.append(
            f"Turns given {name}: {each}. Over all pairs of coders, both gave it {both:,.0f} "
            f"times, one alone {first + second:,.0f} times."
        )
    percent, positive = agreement.measures["percent"], agreement.measures["positive"]
    if percent.value is not None and positive.value is not None:
        lines.append(
            f"They agree on {percent.value:.1%} of turns, most of them turns that nobody gave the "
            f"code. Where at least one gave it, both did in {both:,.0f} of {somebody:,.0f} "
            f"(positive agreement {number(positive.value)})."
        )
    kappa = agreement.measures["kappa"]
    if kappa.value is not None:
        lines.append(
            f"{found.kappa_name} {with_interval(kappa)}: of the agreement that chance leaves open, "
            f"given how often each uses the code, {max(kappa.value, 0):.0%} was reached."
        )
    return lines + _cautions(given, kappa, somebody)


def _cautions(given: Sequence[tuple[str, int]], kappa: Measure, somebody: float) -> list[str]:
    lines = []
    most, least = max(given, key=lambda g: g[1]), min(given, key=lambda g: g[1])
    if most[1] - least[1] >= 5 and most[1] >= 2 * least[1]:
        lines.append(
            f"{most[0]} uses it {most[1]:,} times where {least[0]} uses it {least[1]:,}: they "
            "differ in how far the code reaches, so its rule is worth a talk."
        )
    if somebody < FEW_TURNS:
        lines.append(
            f"All of this rests on {count(round(somebody), 'turn')}; read the turns rather than "
            "the number."
        )
    if kappa.interval is not None and kappa.interval.n_undefined:
        lines.append(
            f"In {kappa.interval.n_undefined:,} of {kappa.interval.b:,} resamples the code did not "
            "occur, so they say nothing and are left out of the interval."
        )
    return lines


def about_whole(found: StudyAgreement) -> list[str]:
    """What the numbers of the whole coding say."""
    share = found.n_identical / found.n_coded if found.n_coded else 0
    lines = [
        f"In {found.n_coded:,} of {found.n_turns:,} turns at least one coder gave a code; in "
        f"{found.n_identical:,} of these ({share:.0%}) all gave exactly the same codes."
    ]
    whole = found.whole
    if whole.value is None:
        return [*lines, f"mvalpha is not defined: {whole.undefined}"]
    lines.append(
        f"mvalpha {with_interval(whole)} compares the sets of codes of each turn, and counts "
        f"partly equal sets in part: of the disagreement that chance would give, "
        f"{1 - whole.value:.0%} is there."
    )
    if found.masi.value is not None:
        lines.append(
            f"Alpha with MASI distance {with_interval(found.masi)} is stricter with sets that are "
            "only partly equal."
        )
    return lines


def about_ladder(rung: Rung) -> str:
    """What the step from turns to characters says."""
    turn, character = rung.by_unit["turn"].value, rung.by_unit["character"].value
    if turn is None or character is None:
        return "There is too little to compare turns with characters."
    if turn - character >= 0.1:
        return (
            f"From {number(turn)} in turns to {number(character)} in characters: the coders agree "
            "more on what a turn is about than on where in the turn it is said. A study that "
            "counts turns can rest on the first number; one that counts words cannot."
        )
    return (
        f"{number(turn)} in turns and {number(character)} in characters: where the coders agree "
        "on a code they also mark about the same words."
    )


def about_hierarchy(steps: Sequence[Step], names: Mapping[str, str]) -> str:
    """Where in the tree agreement is lost."""
    whole = steps[0].by_level
    top, leaf = whole["construct"].value, whole["code"].value
    if top is None or leaf is None:
        return "There is too little to compare the levels of the codebook."
    lost = {
        names[step.construct_id]: up - down
        for step in steps[1:]
        if step.construct_id is not None
        and (up := step.by_level["construct"].value) is not None
        and (down := step.by_level["code"].value) is not None
    }
    text = f"mvalpha is {number(top)} for constructs and {number(leaf)} for single codes."
    if not lost or max(lost.values()) < 0.02:
        return f"{text} Little is lost between the construct and the code."
    worst = max(lost, key=lambda name: lost[name])
    return (
        f"{text} Most is lost within {worst} ({number(lost[worst])}): there the coders find the "
        "construct together and then choose different codes."
    )


def about_drift(points: Sequence[DriftPoint], whole: Measure) -> str:
    """Whether workshops differ by more than their intervals."""
    known = [p for p in points if p.measure.value is not None]
    if len(known) < 2 or whole.value is None:
        return "There are too few workshops to see a change over time."
    low = min(known, key=lambda p: p.measure.value or 0)
    high = max(known, key=lambda p: p.measure.value or 0)
    inside = sum(
        p.measure.interval is not None
        and p.measure.interval.low is not None
        and p.measure.interval.high is not None
        and p.measure.interval.low <= whole.value <= p.measure.interval.high
        for p in known
    )
    half = len(known) // 2
    early, late = known[:half], known[-half:]
    return (
        f"From {with_interval(low.measure)} in {low.title} to {with_interval(high.measure)} in "
        f"{high.title}; the mean is {number(_mean(early))} over the first {half} workshops and "
        f"{number(_mean(late))} over the last {half}. The value of all together, "
        f"{number(whole.value)}, lies within the interval of {inside} of {len(known)} workshops."
    )


def methods_sentence(found: StudyAgreement, codebook: str) -> str:
    """A sentence for the methods section: method, unit, n, B and seed."""
    names = list(found.coders.values())
    who = f"{', '.join(names[:-1])} and {names[-1]}"
    level = {"code": "codes", "parent": "parent codes", "construct": "constructs"}[found.level]
    drawn = (
        f"workshops (n = {found.n_workshops})"
        if found.by_workshop
        else "single turns, since there were fewer than six workshops"
    )
    fell_out = (
        f"; alpha in sentences (n = {found.n_units['sentence']:,}), words "
        f"(n = {found.n_units['token']:,}) and characters (n = {found.n_units['character']:,}) is "
        "reported beside it"
    )
    return (
        f"{who} coded {count(found.n_transcripts, 'transcript')} with the {level} of "
        f"{codebook}. Agreement on the presence of each code was computed on speaker turns "
        f"(n = {found.n_turns:,}{fell_out}) as {found.kappa_name}, Gwet’s AC1 and Krippendorff’s "
        "nominal alpha, with positive and negative agreement. Agreement on the coding as a whole "
        "was computed as multi-valued alpha (Krippendorff & Craggs 2016) on the sets of codes of "
        f"each turn: {with_interval(found.whole)}. Intervals are 95 % percentile bootstrap "
        f"intervals that resample {drawn}; B = {found.bootstrap.b:,}, seed "
        f"{found.bootstrap.seed}. A coder who gave no code in a transcript counts as not having "
        "read it."
    )


def unit_name(unit: Unit) -> str:
    """A unit as people call it."""
    return {"turn": "Turn", "sentence": "Sentence", "token": "Word", "character": "Character"}[unit]


def count(n: int, noun: str) -> str:
    """``1 turn``, ``2,000 turns``."""
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def _mean(points: Sequence[DriftPoint]) -> float:
    values = [p.measure.value for p in points if p.measure.value is not None]
    return sum(values) / len(values)
