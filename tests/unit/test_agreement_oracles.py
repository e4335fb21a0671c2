"""Other libraries beside ours on random readings, where they are installed.

None of them is a dependency (krippendorff is GPL); ``benchmarks/agreement_oracles.py`` is the same
comparison on thousands of cases.
"""

from __future__ import annotations

import importlib.util
import sys
import warnings
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "agreement_oracles.py"
MODULES = {
    "krippendorff": "krippendorff",
    "irrCAC": "irrCAC",
    "statsmodels": "statsmodels",
    "scikit-learn": "sklearn",
    "nltk": "nltk",
}


def load() -> Any:
    spec = importlib.util.spec_from_file_location("agreement_oracles", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["agreement_oracles"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("library", MODULES)
def test_agrees_on_random_readings(library: str) -> None:
    pytest.importorskip(MODULES[library])
    oracles = load()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for comparison in oracles.comparisons(library):
            found = oracles.compare(comparison, cases=40, seed=20)
            assert found.compared > 20, comparison.name
            assert found.largest < oracles.TOLERANCE, comparison.name
