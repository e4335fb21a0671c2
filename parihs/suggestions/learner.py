"""The text categoriser: spaCy's bag of words over what is said, who says it and what is around it.

One label for each code, independent of the others. No pretrained weights: it knows nothing but the
study's own codings and its codebook. The same material gives the same scores.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import spacy
from spacy.tokens import Doc
from spacy.training import Example
from thinc.api import fix_random_seed

from parihs.suggestions.likeness import Likeness, closest
from parihs.suggestions.material import Material, Unit

EPOCHS: Final = 10
BATCH: Final = 256
RATE: Final = 0.005
SEED: Final = 20
MODEL: Final = {
    "@architectures": "spacy.TextCatBOW.v3",
    "exclusive_classes": False,
    "ngram_size": 1,
    "no_output_layer": False,
    "length": 1 << 15,
}
LIKE_CODES: Final = 3
"""How many codes whose own words are closest to a sentence are noted with it."""
LIKE_AT_LEAST: Final = 0.05


class Features:
    """What the categoriser sees of a sentence: its words, two in a row, and around it."""

    def __init__(self, material: Material) -> None:
        self._codes = list(material.own_words)
        self._book = Likeness([material.own_words[code] for code in self._codes])

    def of(self, unit: Unit) -> list[str]:
        """Words, and signs that no word can be mistaken for."""
        pairs = [f"{a}+{b}" for a, b in zip(unit.words, unit.words[1:], strict=False)]
        near = self._book.to(unit.words)
        like = closest(near, [True] * len(self._codes), LIKE_CODES, LIKE_AT_LEAST)
        return [
            *unit.words,
            *pairs,
            *(f"who={role}" for role in unit.role),
            *(f"book={self._codes[number]}" for number in like),
            *(f"before={word}" for word in unit.before),
            *(f"after={word}" for word in unit.after),
        ]


def train_and_score(
    language: str,
    labels: Sequence[str],
    seen: Sequence[tuple[list[str], frozenset[str]]],
    asked: Sequence[list[str]],
    told: Callable[[float], object] = lambda share: None,
) -> npt.NDArray[np.float64]:
    """Learn from the features and codes of some sentences and score others: ``(asked, labels)``.

    ``told`` is called with the share done, 0 to 1.
    """
    random.seed(SEED)
    fix_random_seed(SEED)
    nlp = _blank(language)
    pipe: Any = nlp.add_pipe("textcat_multilabel", config={"model": MODEL, "threshold": 0.5})
    for label in labels:
        pipe.add_label(label)
    examples = [
        Example.from_dict(
            Doc(nlp.vocab, words=words),
            {"cats": {label: float(label in codes) for label in labels}},
        )
        for words, codes in seen
    ]
    optimizer = nlp.initialize(lambda: examples[:BATCH])
    optimizer.learn_rate = RATE
    for epoch in range(EPOCHS):
        random.shuffle(examples)
        for first in range(0, len(examples), BATCH):
            nlp.update(examples[first : first + BATCH], sgd=optimizer)
        told((epoch + 1) / EPOCHS)
    scores = np.zeros((len(asked), len(labels)))
    for first in range(0, len(asked), 512):
        docs = [Doc(nlp.vocab, words=words) for words in asked[first : first + 512]]
        scores[first : first + len(docs)] = pipe.model.predict(docs)
    return scores


def _blank(language: str) -> Any:
    try:
        return spacy.blank(language)
    except ImportError:
        # A language that spaCy has no rules for; words are cut by ours anyway.
        return spacy.blank("xx")
