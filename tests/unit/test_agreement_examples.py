"""Every published worked example, within the rounding in which it was printed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from parihs import agreement

EXAMPLES = json.loads(
    (Path(__file__).parents[1] / "data" / "agreement_examples.json").read_text(encoding="utf-8")
)["examples"]

# Hayes & Krippendorff 2007, Commun Methods Meas 1:77-89, Table 1: 40 articles, five observers,
# ordinal; alpha .7598, and .7078 to .8078 by 10,000 coincidence bootstraps.
HAYES = """
112.2 1101. 2333. .00.0 000.0 000.0 102.1 1.20. 222.2 2111. .100. 0000. 1222. 33223 111.1 111.1
212.2 1233. 1101. 000.0 0011. 00.00 2333. 0000. 12.22 0111. 00010 1212. 1122. 112.2 110.0 2121.
22.22 3222. 222.2 223.2 222.2 22.12 2222. 111.1
"""


def named_values() -> list[Any]:
    return [
        pytest.param(example, key, value, id=f"{example['id']}-{key}")
        for example in EXAMPLES
        for key, value in example["expected"].items()
    ]


def sets(rows: list[list[Any]]) -> list[list[frozenset[str] | None]]:
    return [[None if cell is None else frozenset(cell) for cell in row] for row in rows]


def unitizing(data: dict[str, Any], key: str) -> Any:
    arguments = data["coders"], data["length"]
    name = key.removesuffix("_unrounded_here")
    if name == "cu_coverage":
        return agreement.cu_alpha(*arguments).coverage
    if name == "ku_alpha":
        return {k: r.value for k, r in agreement.ku_alpha(*arguments).items()}
    if name == "ku_coverage":
        return {k: r.coverage for k, r in agreement.ku_alpha(*arguments).items()}
    return getattr(agreement, name)(*arguments).value


def computed(example: dict[str, Any], key: str) -> Any:
    data = example["data"]
    if key == "masi_distance":
        return [agreement.masi_distance(*pair) for pair in sets(data)]
    if key == "mvalpha_nominal":
        return agreement.mvalpha(sets(data)).value
    if example["kind"] == "segments":
        return unitizing(data, key)
    if key == "fleiss_kappa_per_category":
        found = agreement.fleiss_kappa_by_category(data)
        return {str(label): result.value for label, result in found.items()}
    if key in ("observed_agreement", "expected_agreement"):
        result = (agreement.cohen_kappa if len(data[0]) == 2 else agreement.fleiss_kappa)(data)
        return result.observed if key == "observed_agreement" else result.expected
    if key.startswith(("gwet_ac1_", "alpha_nominal_")):
        which = agreement.gwet_ac1 if key.startswith("gwet") else agreement.krippendorff_alpha
        interval = which(data).interval("analytic")
        return interval.standard_error if "_se" in key else [interval.low, interval.high]
    if key.startswith("alpha_"):
        return agreement.krippendorff_alpha(data, key.removeprefix("alpha_")).value
    if key == "cohen_kappa_max":
        return agreement.cohen_kappa_max(data)
    return getattr(agreement, key)(data).value


@pytest.mark.parametrize(("example", "key", "printed"), named_values())
def test_published_value(example: dict[str, Any], key: str, printed: Any) -> None:
    found = computed(example, key)
    if isinstance(printed, dict):
        found = {label: found[label] for label in printed}
    assert found == pytest.approx(printed, abs=example["tol"])


def test_values_that_the_example_notes_mention() -> None:
    cohen = next(e for e in EXAMPLES if e["id"] == "cohen1960-p45")["data"]
    assert agreement.gwet_ac1(cohen).value == pytest.approx(0.5760, abs=5e-5)


def test_coincidence_bootstrap_gives_the_published_interval() -> None:
    units = [[None if c == "." else int(c) for c in row] for row in HAYES.split()]
    alpha = agreement.krippendorff_alpha(units, "ordinal")
    assert alpha.value == pytest.approx(0.7598, abs=5e-5)
    assert (alpha.n_units, alpha.n_coders, alpha.n_values) == (40, 5, 159)
    interval = alpha.interval("coincidence", b=20_000, seed=7)
    assert (interval.low, interval.high) == pytest.approx((0.7078, 0.8078), abs=2e-3)
    wider = alpha.interval("cluster", b=2000, seed=7)
    assert wider.high - wider.low > 1.8 * (interval.high - interval.low)


def test_weighted_kappa_of_cohen_1968() -> None:
    # Cohen 1968, Psychol Bull 70:213-220: with 0/1 weights, weighted kappa is kappa.
    cohen = next(e for e in EXAMPLES if e["id"] == "cohen1960-p45")["data"]
    two = [[min(a, 2), min(b, 2)] for a, b in cohen]
    plain = agreement.cohen_kappa(two).value
    assert agreement.cohen_kappa(two, "linear").value == pytest.approx(plain)
    assert agreement.cohen_kappa(two, "quadratic").value == pytest.approx(plain)


def test_fleiss_kappa_of_fourteen_raters() -> None:
    # The worked example with counts per category that is widely reprinted: kappa .210.
    counts = """
    0 0 0 0 14|0 2 6 4 2|0 0 3 5 6|0 3 9 2 0|2 2 8 1 1
    7 7 0 0 0|3 2 6 3 0|2 5 3 2 2|6 5 2 1 0|0 2 2 3 7
    """
    rows = [list(map(int, row.split())) for row in counts.replace("\n", "|").split("|")]
    units = [[k for k, n in enumerate(row) for _ in range(n)] for row in rows if row]
    result = agreement.fleiss_kappa(units)
    assert result.value == pytest.approx(0.210, abs=5e-4)
    assert (result.observed, result.expected) == pytest.approx((0.378, 0.213), abs=5e-4)
