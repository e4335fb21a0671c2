"""Compare our coefficients with other libraries on random readings; exit 1 on any disagreement.

    python benchmarks/agreement_oracles.py [CASES [LIBRARY ...]]

The other libraries are never dependencies: some are GPL, and irrCAC pins an old scipy. Install
those that should take part: krippendorff, irrCAC (with --no-deps), statsmodels, scikit-learn, nltk.
A library takes part only in what it gets right: statsmodels counts missing readings as a category,
scikit-learn knows none, nltk's ``multi_kappa`` is Conger's and its MASI fails on two empty sets.
"""

from __future__ import annotations

import importlib
import sys
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from parihs import agreement

TOLERANCE = 1e-9
LEVELS = ("nominal", "ordinal", "interval", "ratio")


@dataclass(frozen=True)
class Comparison:
    """One coefficient of one library beside ours, on cases with or without missing readings."""

    library: str
    name: str
    ours: Callable[[Any], float | None]
    theirs: Callable[[Any], float]
    missing: bool = False
    two_coders: bool = False
    sets: bool = False


def random_readings(rng: np.random.Generator, comparison: Comparison) -> Any:
    """Units × coders of small numbers (nan = not read) or of sets, with some agreement in them."""
    units = int(rng.integers(3, 40))
    coders = 2 if comparison.two_coders else int(rng.integers(2, 6))
    labels = int(rng.integers(2, 6))
    truth = rng.integers(1, labels + 1, (units, 1))
    guess = rng.integers(1, labels + 1, (units, coders))
    readings = np.where(rng.random((units, coders)) < rng.uniform(0.2, 1), truth, guess)
    if comparison.sets:
        second = rng.integers(1, labels + 1, readings.shape)
        return [
            [frozenset({int(a), int(b)}) for a, b in zip(*row, strict=True)]
            for row in zip(readings, second, strict=True)
        ]
    readings = readings.astype(float)
    if comparison.missing:
        readings[rng.random(readings.shape) < rng.uniform(0, 0.5)] = np.nan
        readings = readings[~np.isnan(readings).all(axis=1)]
    return readings


def comparisons(library: str) -> Iterator[Comparison]:
    """What a library is asked; raises ImportError where it is not installed."""
    importlib.import_module({"scikit-learn": "sklearn"}.get(library, library))
    yield from {
        "krippendorff": _krippendorff,
        "irrCAC": _irrcac,
        "statsmodels": _statsmodels,
        "scikit-learn": _sklearn,
        "nltk": _nltk,
    }[library]()


def _krippendorff() -> Iterator[Comparison]:
    import krippendorff

    for level in LEVELS:
        yield Comparison(
            "krippendorff",
            f"alpha {level}",
            lambda x, level=level: agreement.krippendorff_alpha(x, level).value,
            lambda x, level=level: krippendorff.alpha(x.T, level_of_measurement=level),
            missing=True,
        )


def _irrcac() -> Iterator[Comparison]:
    import pandas as pd
    from irrCAC.raw import CAC

    pairs: dict[str, Callable[..., agreement.Agreement]] = {
        "fleiss": agreement.fleiss_kappa,
        "conger": agreement.conger_kappa,
        "gwet": agreement.gwet_ac1,
        "bp": agreement.brennan_prediger,
        "krippendorff": agreement.krippendorff_alpha,
    }

    def theirs(x: Any, method: str, key: str) -> float:
        # Without the categories it takes "not read" for one more label under pandas 3.
        categories = sorted(set(x[~np.isnan(x)].tolist()))
        table = CAC(pd.DataFrame(x), categories=categories, digits=12)
        return float(getattr(table, method)()["est"][key])

    for method, ours in pairs.items():
        yield Comparison(
            "irrCAC",
            method,
            lambda x, ours=ours: ours(x).value,
            lambda x, method=method: theirs(x, method, "coefficient_value"),
            missing=True,
        )
        yield Comparison(
            "irrCAC",
            f"{method} standard error",
            lambda x, ours=ours: ours(x).interval("analytic").standard_error,
            lambda x, method=method: theirs(x, method, "se"),
            missing=True,
        )


def _labels(x: Any) -> range:
    return range(1, int(np.nanmax(x)) + 1)


def _variance(result: agreement.Agreement) -> float | None:
    error = result.interval("analytic").standard_error
    return None if error is None else error**2


def _confusion(x: Any) -> Any:
    labels = int(np.nanmax(x))
    table = np.zeros((labels, labels))
    np.add.at(table, (x[:, 0].astype(int) - 1, x[:, 1].astype(int) - 1), 1)
    return table


def _statsmodels() -> Iterator[Comparison]:
    from statsmodels.stats import inter_rater

    for method, ours in (
        ("fleiss", agreement.fleiss_kappa),
        ("randolph", agreement.randolph_kappa),
    ):
        yield Comparison(
            "statsmodels",
            f"{method}_kappa",
            lambda x, ours=ours: ours(x).value,
            lambda x, method=method: inter_rater.fleiss_kappa(
                inter_rater.aggregate_raters(x)[0], method=method
            ),
        )
    for weights in (None, "linear", "quadratic"):
        yield Comparison(
            "statsmodels",
            f"cohens_kappa {weights or ''}".strip(),
            lambda x, w=weights: agreement.cohen_kappa(x, w, categories=_labels(x)).value,
            lambda x, w=weights: inter_rater.cohens_kappa(_confusion(x), wt=w).kappa,
            two_coders=True,
        )
        yield Comparison(
            "statsmodels",
            # The variance, since theirs of perfect agreement is zero only to rounding.
            f"cohens_kappa {weights or ''} variance".replace("  ", " "),
            lambda x, w=weights: _variance(agreement.cohen_kappa(x, w, categories=_labels(x))),
            lambda x, w=weights: inter_rater.cohens_kappa(_confusion(x), wt=w).var_kappa,
            two_coders=True,
        )


def _sklearn() -> Iterator[Comparison]:
    from sklearn.metrics import cohen_kappa_score

    for weights in (None, "linear", "quadratic"):
        yield Comparison(
            "scikit-learn",
            f"cohen_kappa_score {weights or ''}".strip(),
            lambda x, w=weights: agreement.cohen_kappa(x, w).value,
            lambda x, w=weights: cohen_kappa_score(x[:, 0], x[:, 1], weights=w),
            two_coders=True,
        )


def _nltk() -> Iterator[Comparison]:
    from nltk.metrics import agreement as nltk_agreement
    from nltk.metrics import jaccard_distance, masi_distance

    def task(x: Any, distance: Any = None) -> Any:
        rows = [
            (str(coder), str(unit), label if distance else str(label))
            for unit, row in enumerate(x)
            for coder, label in enumerate(row)
            if distance or not np.isnan(label)
        ]
        extra = {"distance": distance} if distance else {}
        return nltk_agreement.AnnotationTask(data=rows, **extra)

    for name, ours, two in (
        ("pi", agreement.fleiss_kappa, False),
        ("S", agreement.bennett_s, True),
        ("kappa", agreement.cohen_kappa, True),
        ("multi_kappa", agreement.conger_kappa, False),
    ):
        yield Comparison(
            "nltk",
            name,
            lambda x, ours=ours: ours(x).value,
            lambda x, name=name: getattr(task(x), name)(),
            two_coders=two,
        )
    yield Comparison(
        "nltk",
        "alpha",
        lambda x: agreement.krippendorff_alpha(x).value,
        lambda x: task(x).alpha(),
    )
    for mine, other in (
        (agreement.masi_distance, masi_distance),
        (agreement.jaccard_distance, jaccard_distance),
    ):
        yield Comparison(
            "nltk",
            f"alpha {mine.__name__}",
            lambda x, d=mine: agreement.krippendorff_alpha(x, distance=d).value,
            lambda x, d=other: task(x, d).alpha(),
            sets=True,
        )


LIBRARIES = ("krippendorff", "irrCAC", "statsmodels", "scikit-learn", "nltk")


@dataclass
class Outcome:
    """Cases compared, undefined for us (no variation), on which they fail, largest difference.

    irrCAC fails where a coder read nothing (Conger) and where one unit alone is pairable (alpha).
    """

    compared: int = 0
    undefined: int = 0
    failed: int = 0
    largest: float = 0.0


def compare(comparison: Comparison, cases: int, seed: int) -> Outcome:
    """Ask both for the same random readings."""
    rng = np.random.default_rng(seed)
    outcome = Outcome()
    for _ in range(cases):
        readings = random_readings(rng, comparison)
        ours = comparison.ours(readings)
        if ours is None:
            outcome.undefined += 1
            continue
        try:
            theirs = float(comparison.theirs(readings))
        except ZeroDivisionError:
            theirs = np.nan
        if np.isnan(theirs):
            outcome.failed += 1
            continue
        outcome.compared += 1
        outcome.largest = max(outcome.largest, abs(ours - theirs))
    return outcome


def main() -> int:
    """Print the table and say by the exit code whether all agree."""
    warnings.filterwarnings("ignore")
    cases = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    wrong = 0
    print(
        f"{'library':14}{'coefficient':40}{'missing':>8}{'compared':>9}{'undefined':>10}"
        f"{'they fail':>10}  largest difference"
    )
    for number, library in enumerate(sys.argv[2:] or LIBRARIES):
        try:
            asked = list(comparisons(library))
        except ImportError:
            print(f"{library:14}not installed")
            continue
        for one in asked:
            found = compare(one, cases, number)
            wrong += found.largest > TOLERANCE
            mark = "" if found.largest <= TOLERANCE else "  DISAGREES"
            print(
                f"{library:14}{one.name:40}{'yes' if one.missing else 'no':>8}{found.compared:9}"
                f"{found.undefined:10}{found.failed:10}  {found.largest:.1e}{mark}",
                flush=True,
            )
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
