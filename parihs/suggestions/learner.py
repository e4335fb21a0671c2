"""The text categoriser: spaCy's, over what is said, who says it and what is around it.

One label for each code, independent of the others; what it is made of stands in ``rare_words``. No
pretrained weights: it knows nothing but the study's own codings and its codebook. The same material
gives the same scores.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import spacy
from spacy.tokens import Doc
from spacy.training import Example
from thinc.api import Adam

from parihs.suggestions.likeness import Likeness, closest
from parihs.suggestions.material import Material, Unit
from parihs.suggestions.rare_words import ARCHITECTURE

EPOCHS: Final = 10
BATCH: Final = 128
RATE: Final = 0.1
"""The first rate; it falls evenly to nothing, so that the last steps settle."""
TRUST: Final = 1.0
"""How much the examples count against weights of nothing: the C of regularised regression."""
SEED: Final = 20
MODEL: Final = {"@architectures": ARCHITECTURE}
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
    nlp = _blank(language)
    pipe: Any = nlp.create_pipe("textcat_multilabel", config={"model": MODEL, "threshold": 0.5})
    for label in labels:
        pipe.add_label(label)
    examples = []
    for words, codes in seen:
        doc = Doc(nlp.vocab, words=words)
        doc.cats = {label: float(label in codes) for label in labels}
        examples.append(Example(doc, doc))
    # The pipe itself would show its model ten sentences only; rarities are counted over all.
    given = np.array([list(each.reference.cats.values()) for each in examples], dtype=np.float32)
    pipe.model.initialize([each.predicted for each in examples], given)
    # Sought is the least of TRUST * loss over all + |weights|² / 2, a batch's share of it at once.
    optimizer = Adam(
        RATE,
        L2=BATCH / len(examples) / TRUST,
        L2_is_weight_decay=False,
        grad_clip=0.0,
        use_averages=False,
    )
    order = random.Random(SEED)
    for epoch in range(EPOCHS):
        optimizer.learn_rate = RATE * (1 - epoch / EPOCHS)
        order.shuffle(examples)
        for first in range(0, len(examples), BATCH):
            pipe.update(examples[first : first + BATCH], sgd=optimizer)
        told((epoch + 1) / EPOCHS)
    scores = np.zeros((len(asked), len(labels)))
    for first in range(0, len(asked), 512):
        docs = [Doc(nlp.vocab, words=words) for words in asked[first : first + 512]]
        scores[first : first + len(docs)] = pipe.model.predict(docs)
    return scores


@cache
def _blank(language: str) -> Any:
    """One for all rounds: most words of one round are met in the next."""
    try:
        return spacy.blank(language)
    except ImportError:
        # A language that spaCy has no rules for; words are cut by ours anyway.
        return spacy.blank("xx")
