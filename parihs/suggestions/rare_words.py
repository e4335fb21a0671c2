"""What the categoriser is made of: words weighted by rarity, one logistic regression for each code.

Registered with spaCy as ``parihs.RareWords.v1``. Three layers: ``weigh`` turns sentences into
weighted words, ``add_up`` adds what each word says for each code, ``balanced_logistic`` makes
shares of it. Initialise it with all the sentences to learn from: words and rarities are counted
there. Not thinc's ``SparseLinear``, which hashes words into shared places: which words share one
would hang on the ids of codes, and with it what is suggested.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
from spacy.tokens import Doc
from spacy.util import registry
from thinc.api import Model, chain

ARCHITECTURE: Final = "parihs.RareWords.v1"
FEWEST_SENTENCES: Final = 2
"""A word of one sentence only cannot be met again among those learned from."""

Keys: TypeAlias = npt.NDArray[np.uint64]
Floats: TypeAlias = npt.NDArray[np.float32]
Ints: TypeAlias = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Weighted:
    """Words of some sentences; arrays have one entry for each word of each sentence."""

    sentence: Ints
    word: Ints
    """Its place among the words known."""
    weight: Floats
    n_sentences: int
    n_known: int


def rare_words() -> Model[Sequence[Doc], Floats]:
    """The whole model: sentences to a share for each code, ``(sentences, codes)``."""
    return chain(weigh(), add_up(), balanced_logistic())


registry.architectures.register(ARCHITECTURE, func=rare_words)


def weigh() -> Model[Sequence[Doc], Weighted]:
    """Sentences to TF-IDF rows of length 1.

    A word that stands ``n`` times in a sentence weighs ``(1 + ln n) * (1 + ln((1 + N) / (1 + m)))``
    where ``m`` of the ``N`` sentences learned from have it: sublinear term frequency and inverse
    document frequency (Manning, Raghavan, Schütze 2008, Introduction to Information Retrieval,
    6.2 and 6.4), smoothed as if one more sentence had every word. Words not known weigh nothing.
    """
    nothing = {"keys": np.zeros(0, dtype=np.uint64), "rarity": np.zeros(0, dtype=np.float32)}
    return Model("weigh", _weigh, init=_learn_rarity, attrs=nothing)


def add_up() -> Model[Weighted, Floats]:
    """What all words of a sentence say for each code together: ``(sentences, codes)``."""
    return Model(
        "add_up", _add_up, init=_know_nothing, params={"W": None, "b": None}, dims={"nO": None}
    )


def balanced_logistic() -> Model[Floats, Floats]:
    """Sums to shares between 0 and 1, learned so that a code's few examples weigh like the rest.

    Passes on the slope of the cross entropy, ``share - truth``, times ``N / 2m`` for the ``m`` of
    ``N`` sentences with the code and ``N / 2(N - m)`` for the others (King, Zeng 2001, Logistic
    Regression in Rare Events Data, Political Analysis 9:137-163).
    """
    evenly = {"with": 1.0, "without": 1.0}
    # A layer that does not know its width yet is shown the truth when it is initialised.
    return Model("balanced_logistic", _shares, init=_learn_balance, dims={"nO": None}, attrs=evenly)


def _words(docs: Sequence[Doc]) -> tuple[Keys, Ints]:
    """All words in reading order, and the number of the sentence of each."""
    each = [doc.to_array("ORTH") for doc in docs]
    return np.concatenate(each), np.repeat(np.arange(len(docs)), [len(words) for words in each])


def _learn_rarity(model: Model[Any, Any], X: Sequence[Doc] | None = None, Y: Any = None) -> None:
    if X is None:
        return
    words, sentence = _words(X)
    keys, place = np.unique(words, return_inverse=True)
    met = np.unique(sentence * len(keys) + place) % max(len(keys), 1)
    sentences = np.bincount(met, minlength=len(keys))
    kept = sentences >= FEWEST_SENTENCES
    model.attrs["keys"] = keys[kept]
    model.attrs["rarity"] = 1 + np.log((1 + len(X)) / (1 + sentences[kept]))


def _weigh(
    model: Model[Any, Any], docs: Sequence[Doc], is_train: bool
) -> tuple[Weighted, Callable[[Any], list[Any]]]:
    known, rarity = model.attrs["keys"], model.attrs["rarity"]
    words, sentence = _words(docs)
    met = np.isin(words, known)
    place = np.searchsorted(known, words[met])
    each, counts = np.unique(sentence[met] * len(known) + place, return_counts=True)
    sentence, place = np.divmod(each, max(len(known), 1))
    weights = (1 + np.log(counts)) * rarity[place]
    length = np.sqrt(np.bincount(sentence, weights**2, minlength=len(docs)))
    values = (weights / length[sentence]).astype(np.float32)
    return Weighted(sentence, place, values, len(docs), len(known)), lambda slope: []


def _know_nothing(model: Any, X: Weighted | None = None, Y: Floats | None = None) -> None:
    if X is None or Y is None:
        return
    codes = Y.shape[1]
    model.set_dim("nO", codes)
    model.set_param("W", np.zeros((X.n_known, codes), dtype=np.float32))
    model.set_param("b", np.zeros(codes, dtype=np.float32))


def _add_up(model: Any, X: Weighted, is_train: bool) -> tuple[Floats, Callable[[Floats], Weighted]]:
    says = model.get_param("W")[X.word] * X.weight[:, None]

    def back(slope: Floats) -> Weighted:
        share = slope[X.sentence] * X.weight[:, None]
        model.inc_grad("W", _sums(share, X.word, X.n_known))
        model.inc_grad("b", slope.sum(axis=0))
        return X

    return _sums(says, X.sentence, X.n_sentences) + model.get_param("b"), back


def _sums(rows: Floats, group: Ints, number: int) -> Floats:
    """The rows of each of a number of groups added up: ``(number, codes)``."""
    total = np.zeros((number, rows.shape[1]), dtype=np.float32)
    if len(rows):
        order = np.argsort(group, kind="stable")
        there, first = np.unique(group[order], return_index=True)
        total[there] = np.add.reduceat(rows[order], first)
    return total


def _learn_balance(model: Model[Any, Any], X: Any = None, Y: Floats | None = None) -> None:
    if Y is None:
        return
    model.set_dim("nO", Y.shape[1])
    given = np.clip(Y.sum(axis=0), 1, len(Y) - 1)
    model.attrs["with"] = len(Y) / (2 * given)
    model.attrs["without"] = len(Y) / (2 * (len(Y) - given))


def _shares(
    model: Model[Any, Any], X: Floats, is_train: bool
) -> tuple[Floats, Callable[[Floats], Floats]]:
    shares: Floats = np.asarray((1 + np.tanh(X / 2)) / 2, dtype=np.float32)

    def back(slope: Floats) -> Floats:
        # share - truth is below 0 only where the truth is 1
        weight = np.where(slope < 0, model.attrs["with"], model.attrs["without"])
        return np.asarray(slope * weight, dtype=np.float32)

    return shares, back
