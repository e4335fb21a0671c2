"""What the categoriser is made of, beside scikit-learn as an oracle."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from spacy.tokens import Doc
from spacy.vocab import Vocab

from parihs.suggestions import learner
from parihs.suggestions.learner import TRUST, train_and_score
from parihs.suggestions.rare_words import weigh

FREQUENT = ["we", "had", "the", "again", "about", "it", "was", "there", "some", "really"]
Sentence = list[str]


def vectorizer() -> TfidfVectorizer:
    return TfidfVectorizer(analyzer=lambda words: words, sublinear_tf=True, min_df=2)


def rows(learned: list[Sentence], asked: list[Sentence]) -> list[dict[str, float]]:
    """Each sentence's words with their weights, by our own layer."""
    vocab = Vocab()
    layer: Any = weigh()
    layer.initialize([Doc(vocab, words=words) for words in learned])
    found = layer.predict([Doc(vocab, words=words) for words in asked])
    weighed: list[dict[str, float]] = [{} for _ in asked]
    for sentence, word, weight in zip(found.sentence, found.word, found.weight, strict=True):
        weighed[sentence][vocab.strings[int(layer.attrs["keys"][word])]] = float(weight)
    return weighed


def talk(number: int) -> list[Sentence]:
    """Sentences of frequent words; one in ten has a rare word at its end."""
    chance = random.Random(7)
    said = [chance.sample(FREQUENT, 6) for _ in range(number)]
    for n in range(0, number, 10):
        said[n].append("levy")
    return said


corpora = st.lists(
    st.lists(st.sampled_from(["a", "b", "c", "d", "e", "ward", "levy"]), min_size=1, max_size=12),
    min_size=2,
    max_size=20,
)


@settings(deadline=None)
@given(corpora, corpora)
def test_words_weigh_what_scikit_learn_gives_them(
    learned: list[Sentence], asked: list[Sentence]
) -> None:
    sentences_with = Counter(word for words in learned for word in set(words))
    assume(max(sentences_with.values()) >= 2)
    oracle = vectorizer().fit(learned)
    names = oracle.get_feature_names_out()
    expected = oracle.transform(asked).toarray()
    for row, mine in zip(expected, rows(learned, asked), strict=True):
        assert mine == pytest.approx(
            {name: value for name, value in zip(names, row, strict=True) if value}, abs=1e-6
        )


def test_a_sentence_of_unknown_words_weighs_nothing() -> None:
    known = [["ward", "levy"], ["ward", "levy"]]
    assert rows(known, [["nobody"], ["levy", "met"], ["said"]]) == [{}, {"levy": 1.0}, {}]


def test_a_rare_telling_word_outweighs_many_frequent_ones() -> None:
    """The code goes with the rare word, and more often with one that most sentences have."""
    said = talk(400)
    seen = [
        (words, frozenset({"tax"} if "levy" in words or (n % 4 == 1 and "we" in words) else set()))
        for n, words in enumerate(said)
    ]
    plain = FREQUENT[1:8]
    (weights,) = rows(said, [[*plain, "levy"]])
    assert weights["levy"] > 2 * max(weights[word] for word in plain)
    rare, frequent, neither = train_and_score(
        "en", ["tax"], seen, [[*plain, "levy"], [*plain, "we"], [*plain, FREQUENT[8]]]
    )[:, 0]
    assert rare > 0.5 > neither
    assert rare > frequent > neither


def test_it_settles_where_a_regularised_balanced_regression_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Given time, its shares are an exact solver's: what it seeks is that and nothing else."""
    monkeypatch.setattr(learner, "EPOCHS", 400)
    chance = random.Random(11)
    said = talk(600)
    codes = [
        frozenset(
            code
            for code, sure in (
                ("tax", 0.8 if "levy" in words else 0.02),
                ("us", 0.7 if "we" in words else 0.3),
                ("nothing", 0.05),
            )
            if chance.random() < sure
        )
        for words in said
    ]
    labels = ["tax", "us", "nothing"]
    asked = [*talk(40), ["levy"], ["unheard"]]
    mine = train_and_score("en", labels, list(zip(said, codes, strict=True)), asked)
    oracle = vectorizer()
    learned, wanted = oracle.fit_transform(said), oracle.transform(asked)
    for n, code in enumerate(labels):
        exact = LogisticRegression(C=TRUST, class_weight="balanced", solver="liblinear")
        exact.fit(learned, [code in each for each in codes])
        assert mine[:, n] == pytest.approx(exact.predict_proba(wanted)[:, 1], abs=0.01), code
