"""How good suggestions are on the demo study and on a workshop held apart, beside a plain baseline.

    python benchmarks/suggestions.py

The baseline is TF-IDF with logistic regression (scikit-learn) on the same sentences, folds and
thresholds: once on the words alone, once on everything the product's categoriser is given. Prints
Markdown; what it said lastly stands in docs/suggestions.md.
"""

from __future__ import annotations

import os
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sqlalchemy import select

from parihs.exchange.demo import load_demo
from parihs.home import Home
from parihs.model import Workshop
from parihs.store import Store
from parihs.store.studies import studies
from parihs.suggestions.learner import Features, train_and_score
from parihs.suggestions.material import Material, read_material
from parihs.suggestions.quality import (
    Measured,
    average_precision,
    folds,
    measure,
    threshold,
    too_few,
)

Learn = Callable[[list[int], list[int]], np.ndarray]


def baseline(texts: list[list[str]], given: np.ndarray) -> Learn:
    """TF-IDF and logistic regression, a model for each code."""

    def learn(known: list[int], asked: list[int]) -> np.ndarray:
        vectors = TfidfVectorizer(analyzer=lambda words: words, sublinear_tf=True, min_df=2)
        seen = vectors.fit_transform([texts[n] for n in known])
        model = OneVsRestClassifier(
            LogisticRegression(C=3, class_weight="balanced", solver="liblinear")
        )
        model.fit(seen, given[known])
        return np.asarray(model.predict_proba(vectors.transform([texts[n] for n in asked])))

    return learn


def ours(material: Material, labels: list[str], texts: list[list[str]]) -> Learn:
    """The product's categoriser."""

    def learn(known: list[int], asked: list[int]) -> np.ndarray:
        seen = [(texts[n], material.units[n].codes) for n in known]
        return train_and_score("en", labels, seen, [texts[n] for n in asked])

    return learn


def show(name: str, row: list[str]) -> None:
    """One row of a Markdown table."""
    print(f"| {name} | " + " | ".join(row) + " |")


def share(part: int, of: int) -> str:
    return f"{part} of {of} ({part / of:.0%})" if of else "none"


def main() -> None:
    """Measure everything and print the tables."""
    warnings.simplefilter("ignore", ConvergenceWarning)
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Home(Path(folder) / "home"))
        load_demo(store)
        with store.read() as session:
            material = read_material(session, studies(session)[0].id, None)
            # By their keys, since ids are new each time: the same folds, the same one held apart.
            named = dict(session.execute(select(Workshop.id, Workshop.key)).all())
        store.close()
    units = material.units
    workshops = [named[unit.workshop_id] for unit in units]
    held = sorted(set(workshops))
    fold_of = folds(held, [workshops.count(key) for key in held])
    fold = np.array([fold_of[key] for key in workshops])
    given_all = {code: np.array([code in u.codes for u in units]) for code in material.codes}
    labels = [code for code in given_all if not too_few(given_all[code], workshops)]
    given = np.array([given_all[code] for code in labels]).T
    words = [list(unit.words) for unit in units]
    features = Features(material)
    everything = [features.of(unit) for unit in units]
    inner = {parent for parent in material.parents.values() if parent}
    kinds = {
        "constructs and groups": [n for n, code in enumerate(labels) if code in inner],
        "single codes": [n for n, code in enumerate(labels) if code not in inner],
    }
    methods: dict[str, Learn] = {
        "parihs (spaCy)": ours(material, labels, everything),
        "baseline, words alone": baseline(words, given),
        "baseline, all we give ours": baseline(everything, given),
    }
    print(
        f"{len(units)} sentences, {sum(bool(u.codings) for u in units)} of them coded, "
        f"{len(held)} workshops, {len(set(fold))} folds, {len(labels)} of {len(material.codes)} "
        f"codes with enough examples; load of the machine {os.getloadavg()[0]:.1f}\n"
    )
    scores: dict[str, np.ndarray] = {}
    print("| method | offered | right | finds | AP constructs | AP codes | processor | wall |")
    print("|---|---|---|---|---|---|---|---|")
    for name, learn in methods.items():
        began, cpu = time.monotonic(), time.process_time()
        scores[name] = np.zeros(given.shape)
        for number in sorted(set(fold.tolist())):
            known = np.flatnonzero(fold != number).tolist()
            asked = np.flatnonzero(fold == number).tolist()
            scores[name][asked] = learn(known, asked)
        spent = time.process_time() - cpu, time.monotonic() - began
        found = [
            measure(given[:, n], scores[name][:, n], fold, workshops) for n in range(len(labels))
        ]
        fine = [each for each in found if not each.refused]
        right, suggested = sum(m.right for m in fine), sum(m.suggested for m in fine)
        means = [_mean(found, kind) for kind in kinds.values()]
        show(
            name,
            [
                str(len(fine)),
                share(right, suggested),
                share(right, sum(m.n_examples for m in fine)),
                *means,
                f"{spent[0]:.0f} s",
                f"{spent[1]:.0f} s",
            ],
        )
    base = [given[:, kind].mean() for kind in kinds.values()]
    show("picking at random", ["", "", "", *(f"{each:.3f}" for each in base), "", ""])
    print("\nEach code that reached ten suggestions with any method, by cross-validation:\n")
    print("| code | coded sentences | at random | " + " | ".join(methods) + " |")
    print("|---|---|---|" + "---|" * len(methods))
    for n, code in enumerate(labels):
        row = [measure(given[:, n], scores[m][:, n], fold, workshops) for m in methods]
        if any(each.suggested >= 10 for each in row):
            cells = [_cell(each) for each in row]
            total = str(row[0].n_examples)
            show(material.codes[code].key, [total, f"{row[0].base_rate:.0%}", *cells])
    apart(labels, given, methods, held, workshops)


def _mean(found: list[Measured], kind: list[int]) -> str:
    return f"{np.mean([found[n].average_precision or 0 for n in kind]):.3f}"


def _cell(measured: Measured) -> str:
    if not measured.suggested:
        return "–"
    finds = f"finds {measured.recall:.0%}"
    offered = "" if measured.refused else ", **offered**"
    return f"{share(measured.right, measured.suggested)}, {finds}{offered}"


def apart(
    labels: list[str],
    given: np.ndarray,
    methods: dict[str, Learn],
    held: list[str],
    workshops: list[str],
) -> None:
    """One workshop takes no part in anything: learning, thresholds and the choice of codes."""
    here = np.array([key == held[-1] for key in workshops])
    print(f"\nOne workshop, {held[-1]}, held apart ({int(here.sum())} sentences):\n")
    print("| method | codes suggested | right | finds | AP over all codes |")
    print("|---|---|---|---|---|")
    known, asked = np.flatnonzero(~here), np.flatnonzero(here)
    inside = [workshops[n] for n in known]
    names = sorted(set(inside))
    fold_of = folds(names, [inside.count(key) for key in names])
    other = np.array([fold_of[key] for key in inside])
    for name, learn in methods.items():
        fresh = learn(known.tolist(), asked.tolist())
        # Cross-validated anew among the others: nothing of the held one may reach a threshold.
        inner = np.zeros((len(known), len(labels)))
        for number in sorted(set(other.tolist())):
            rest, now = known[other != number], known[other == number]
            inner[other == number] = learn(rest.tolist(), now.tolist())
        right = suggested = examples = chosen = 0
        precisions = []
        for n in range(len(labels)):
            measured = measure(given[known, n], inner[:, n], other, inside)
            ap = average_precision(given[asked, n], fresh[:, n])
            if ap is not None:
                precisions.append(ap)
            at = threshold(given[known, n], inner[:, n])
            if measured.refused or at is None:
                continue
            yes = fresh[:, n] >= at
            chosen += 1
            suggested += int(yes.sum())
            right += int((yes & given[asked, n]).sum())
            examples += int(given[asked, n].sum())
        mean = f"{np.mean(precisions):.3f}"
        show(name, [str(chosen), share(right, suggested), share(right, examples), mean])
    print(f"| picking at random | | | | {given[asked].mean():.3f} |")


if __name__ == "__main__":
    main()
