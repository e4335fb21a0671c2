"""How long agreement takes, beside krippendorff and irrCAC where they are installed.

    python benchmarks/agreement.py

Targets: all coefficients per code with a 1,000-fold cluster bootstrap for 67 codes, 5 coders and 12
transcripts at turn level in 2 s; character level for 500,000 codings in 2 s without intervals.
Each time is the best of three. Exit code 1 if a target is missed.
"""

from __future__ import annotations

import os
import platform
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from parihs import agreement
from parihs.agreement import Level

CODES, CODERS, TRANSCRIPTS, TURNS, TURN = 67, 5, 12, 400, 150
TARGET = 2.0


def best_of(runs: int, work: Callable[[], Any]) -> float:
    """Seconds by the clock of the fastest of several runs."""
    return min(timed(work)[0] for _ in range(runs))


def timed(work: Callable[[], Any]) -> tuple[float, float]:
    """Seconds by the clock, and seconds of processor time."""
    clock, processor = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - clock, time.process_time() - processor


def some_spans(number: int, length: int, seed: int) -> dict[str, list[int]]:
    """Codings of 20 to 400 characters as columns; coders follow one truth more often than not."""
    rng = np.random.default_rng(seed)
    truths = max(number // CODERS, 1)
    document, code = rng.integers(0, TRANSCRIPTS, truths), rng.integers(0, CODES, truths)
    start, size = rng.integers(0, length - 500, truths), rng.integers(20, 400, truths)
    which = rng.integers(0, truths, number)
    begin = start[which] + rng.integers(0, 30, number)
    return {
        "document": document[which].tolist(),
        "coder": rng.integers(0, CODERS, number).tolist(),
        "code": code[which].tolist(),
        "start": begin.tolist(),
        "end": (begin + size[which]).tolist(),
    }


def target(name: str, work: Callable[[], Any]) -> bool:
    """Print the best of three against the target."""
    clock, processor = min(timed(work) for _ in range(3))
    verdict = "met" if clock <= TARGET else "MISSED"
    print(f"{name:62}{clock:6.2f} s ({processor:.2f} s processor)  target {TARGET:.0f} s {verdict}")
    return clock <= TARGET


def turn_level() -> bool:
    """Spans to table to all coefficients with intervals."""
    length = TURNS * TURN
    spans = some_spans(20_000, length, 1)
    level = Level.of(
        "turn",
        {t: [(i * TURN, i * TURN + TURN - 1) for i in range(TURNS)] for t in range(TRANSCRIPTS)},
    )

    def work() -> None:
        table = agreement.code_table(spans, level, coders=range(CODERS), codes=range(CODES))
        agreement.per_code(table, b=1000)

    return target("turn level, 67 codes, 20,000 codings, 1,000-fold bootstrap", work)


def character_level() -> bool:
    """Half a million codings, no row per character."""
    length = 600_000
    spans = some_spans(500_000, length, 2)
    level = Level.characters(dict.fromkeys(range(TRANSCRIPTS), length))
    names = {"coders": range(CODERS), "codes": range(CODES)}

    def per_code() -> None:
        agreement.per_code(agreement.code_table(spans, level, **names), b=0)

    def whole() -> None:
        agreement.whole_coding(spans, level, **names)

    met = target("character level, 500,000 codings, all codes", per_code)
    return target("character level, 500,000 codings, mvalpha of the whole", whole) and met


def beside_others() -> None:
    """The same units × coders tables, ours and theirs, in the same run."""
    rng = np.random.default_rng(3)
    truth = rng.integers(1, 6, (4800, 1))
    small = np.where(rng.random((4800, 5)) < 0.7, truth, rng.integers(1, 6, (4800, 5))).astype(
        float
    )
    small[rng.random(small.shape) < 0.1] = np.nan
    large = np.repeat(small, 20, axis=0)
    clusters = np.repeat(np.arange(12), 400).tolist()
    ours, theirs = agreement.krippendorff_alpha, _krippendorff()
    heading = "one table, five coders, 10 % not read"
    print(f"\n{heading:48}{'ours':>11}{'krippendorff':>14}{'irrCAC':>12}")
    for name, units in (("4,800 units", small), ("96,000 units", large)):
        for level in ("nominal", "ordinal"):
            row = [
                best_of(3, lambda u=units, level=level: ours(u, level)),
                theirs and best_of(3, lambda u=units, level=level: theirs(u, level)),
                _irrcac("krippendorff", units) if level == "nominal" else None,
            ]
            _print_row(f"alpha {level}, {name}", row)
        for method, function in (("fleiss", agreement.fleiss_kappa), ("gwet", agreement.gwet_ac1)):
            mine = best_of(3, lambda u=units, f=function: f(u))
            _print_row(f"{method}, {name}", [mine, None, _irrcac(method, units)])
    blocks = [small[i * 400 : i * 400 + 400] for i in range(12)]

    def redrawn() -> None:
        for drawn in rng.integers(0, 12, (100, 12)):
            assert theirs is not None
            theirs(np.concatenate([blocks[i] for i in drawn]), "nominal")

    mine = best_of(3, lambda: ours(small).interval(clusters=clusters, b=1000))
    looped = 10 * best_of(1, redrawn) if theirs else None
    _print_row("alpha nominal, 4,800 units, 1,000-fold bootstrap", [mine, looped, None])
    print("(the bootstrap of krippendorff is a loop over redrawn units, 100 timed and multiplied)")


def _krippendorff() -> Callable[[Any, str], float] | None:
    try:
        import krippendorff
    except ImportError:
        return None
    return lambda units, level: krippendorff.alpha(units.T, level_of_measurement=level)


def _irrcac(method: str, units: Any) -> float | None:
    try:
        import pandas as pd
        from irrCAC.raw import CAC
    except ImportError:
        return None
    frame = pd.DataFrame(units)
    return best_of(1, lambda: getattr(CAC(frame, categories=[1, 2, 3, 4, 5]), method)())


def _print_row(name: str, seconds: list[float | None]) -> None:
    cells = ["-" if s is None else f"{s * 1000:,.1f} ms" for s in seconds]
    print(f"{name:48}{cells[0]:>11}{cells[1]:>14}{cells[2]:>12}")


def main() -> int:
    """Print all times; say by the exit code whether the targets were met."""
    warnings.filterwarnings("ignore")
    load = ", ".join(f"{x:.1f}" for x in os.getloadavg())
    print(
        f"Python {platform.python_version()}, numpy {np.__version__}, {os.cpu_count()} cores, "
        f"shared with whatever else runs (load {load})\n"
    )
    met = turn_level()
    met = character_level() and met
    beside_others()
    return int(not met)


if __name__ == "__main__":
    sys.exit(main())
