"""Suggestions: measured before they are offered, refused where no good, never for the blind."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parihs.codebook import CodebookFile, CodeEntry
from parihs.coding import apply_ops
from parihs.errors import ParihsError
from parihs.home import Home
from parihs.model import CodebookVersion, ParsedTranscript, ParsedTurn, Study, new_id
from parihs.store import Store
from parihs.store.codebooks import code_ids, definitions, save_codebook
from parihs.store.roles import MayNotError, give_role
from parihs.store.studies import add_coder, add_site, add_study, add_workshop
from parihs.store.transcripts import release, save_transcript, turns
from parihs.suggestions import candidates, load_results, missed, reject
from parihs.suggestions.likeness import Likeness
from parihs.suggestions.offering import NO_CODE
from parihs.suggestions.quality import folds, low_end, measure, threshold
from parihs.suggestions.results import Results, results_file, save_results
from parihs.suggestions.running import Training
from parihs.suggestions.training import train

WORKSHOPS = 6
SENTENCES = 60
TALK = {
    "money": ["budget", "funding", "salary", "invoice"],
    "space": ["corridor", "room", "ward", "building"],
    "": ["weather", "tuesday", "coffee", "journey", "garden", "music"],
}
FILLER = ["we", "had", "the", "again", "about", "it", "was", "there", "some", "really"]


@dataclass(frozen=True, slots=True)
class Made:
    """A study in which codes go with words, and one code with nothing."""

    store: Store
    study: Study
    book: CodebookVersion
    codes: dict[str, str]
    ada: str
    ben: str
    versions: list[str]
    transcripts: list[str]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    """Six released workshops; Ada coded all, Ben's is the last one, not coded by anybody."""
    store = Store(Home(tmp_path_factory.mktemp("suggestions") / "home"))
    chance = random.Random(3)
    keys = [("money", None), ("space", None), ("random", None), ("rare", None)]
    book = CodebookFile(
        id="made",
        name="Made",
        codes=tuple(
            CodeEntry(id=key, name=key.title(), parent=parent, definition=f"About {key}.")
            for key, parent in keys
        ),
    )
    with store.write("test") as tx:
        study = add_study(tx, key="made", name="Made")
        version = save_codebook(tx, study.id, book)
        ada = add_coder(tx, study.id, key="ada", name="Ada").id
        ben = add_coder(tx, study.id, key="ben", name="Ben").id
        site = add_site(tx, study.id, key="one", name="One", kind="hospital")
        codes = code_ids(tx.session, version.codebook_id)
        versions, owners, wanted = [], [], []
        for number in range(WORKSHOPS):
            workshop = add_workshop(
                tx,
                study.id,
                site_id=site.id,
                key=f"w{number}",
                title=f"Workshop {number}",
                held_on=date(2026, 1, 1),
                cycle=1,
            )
            subjects = [chance.choice(list(TALK)) for _ in range(SENTENCES)]
            said = [
                " ".join([*chance.sample(FILLER, 4), *chance.sample(TALK[subject], 2)]) + "."
                for subject in subjects
            ]
            parsed = ParsedTranscript(tuple(ParsedTurn("A", text) for text in said), "text")
            saved = save_transcript(
                tx, workshop_id=workshop.id, title=workshop.title, parsed=parsed, reason="import"
            )
            versions.append(saved.id)
            owners.append(saved.transcript_id)
            wanted.append(subjects)
            release(tx, saved.transcript_id)
    for number in range(WORKSHOPS - 1):
        with store.read() as session:
            places = turns(session, versions[number])
        ops = []
        for view, subject in zip(places, wanted[number], strict=True):
            given = [subject] if subject else []
            given += ["random"] * (chance.random() < 0.3)
            given += ["rare"] * (number == 0 and chance.random() < 0.1)
            ops += [
                {
                    "op_id": new_id(),
                    "coding_id": new_id(),
                    "verb": "code",
                    "start": view.turn.start,
                    "end": view.turn.end,
                    "code": codes[each],
                }
                for each in given
            ]
        done = apply_ops(
            store,
            coder_id=ada,
            version_id=versions[number],
            codebook_version_id=version.id,
            ops=ops,
        )
        assert not done.refused
    yield Made(store, study, version, codes, ada, ben, versions, owners)
    store.close()


@pytest.fixture(scope="module")
def results(made: Made) -> Results:
    """Learned once, by Ada."""
    with made.store.read() as session:
        found = train(session, made.study.id, made.ada)
    save_results(made.store.home, found, made.ada)
    return found


def shown(made: Made, results: Results, viewer: str) -> list[tuple[str, str, int]]:
    """Code, version and start of everything that somebody is shown."""
    with made.store.read() as session:
        codes = definitions(session, made.book.id)
        found, total = candidates(session, results, viewer, codes, limit=10_000)
    assert total == len(found)
    return [(each.code_id, each.place.version_id, each.place.start) for each in found]


def test_words_that_go_with_a_code_are_learned_and_chance_is_refused(
    made: Made, results: Results
) -> None:
    quality = {each.code_id: each for each in results.codes}
    for key in ("money", "space"):
        learned = quality[made.codes[key]]
        assert learned.refused == ""
        assert learned.precision is not None
        assert learned.precision > 0.9
        assert learned.recall is not None
        assert learned.recall > 0.8
    chance = quality[made.codes["random"]]
    assert chance.n_examples > 40
    assert "random" in chance.refused or "right often enough" in chance.refused
    assert "Too few examples" in quality[made.codes["rare"]].refused


def test_a_workshop_nobody_coded_is_suggested_to_with_the_reason(
    made: Made, results: Results
) -> None:
    with made.store.read() as session:
        codes = definitions(session, made.book.id)
        found, _ = candidates(
            session, results, made.ada, codes, transcript_id=made.transcripts[-1], limit=500
        )
    assert len(found) > 20
    spoken = {made.codes["money"]: TALK["money"], made.codes["space"]: TALK["space"]}
    for each in found:
        assert each.like
        assert all(coding.code_id == each.code_id for coding in each.like)
        assert any(word in each.like[0].quote for word in spoken[each.code_id])


def test_the_same_codings_teach_the_same(made: Made, results: Results) -> None:
    with made.store.read() as session:
        again = train(session, made.study.id, made.ada)
    plain: dict[str, Any] = {"made_at": "", "seconds": 0.0, "cpu_seconds": 0.0}
    assert replace(again, **plain) == replace(results, **plain)


def test_what_is_kept_holds_no_word_of_the_talk(made: Made, results: Results) -> None:
    kept = results_file(made.store.home, made.study.id, made.ada).read_text()
    assert "budget" not in kept
    assert "corridor" not in kept


def test_what_one_coded_or_turned_down_is_not_shown_again(made: Made, results: Results) -> None:
    before = shown(made, results, made.ben)
    code, version, start = before[0]
    place = next(
        each.place
        for each in results.suggested
        if (each.code_id, each.place.version_id, each.place.start) == (code, version, start)
    )
    with made.store.write(made.ben) as tx:
        reject(tx, made.study.id, version, place.start, place.end, code)
    after = shown(made, results, made.ben)
    assert set(before) - set(after) == {(code, version, start)}
    took, version, start = after[0]
    done = apply_ops(
        made.store,
        coder_id=made.ben,
        version_id=version,
        codebook_version_id=made.book.id,
        ops=[
            {
                "op_id": new_id(),
                "coding_id": new_id(),
                "verb": "code",
                "start": start,
                "end": start + 8,
                "code": took,
                "suggested": "codes",
            }
        ],
    )
    assert not done.refused
    assert set(after) - set(shown(made, results, made.ben)) == {(took, version, start)}


def test_nothing_is_shown_of_a_transcript_one_codes_blind(made: Made, results: Results) -> None:
    blind = made.transcripts[-1]
    with made.store.write("test") as tx:
        release(tx, blind, False)
    try:
        assert made.versions[-1] not in {
            version for _, version, _ in shown(made, results, made.ben)
        }
        with made.store.read() as session:
            overlooked, _ = missed(session, results, made.ben, limit=10_000)
            assert blind not in {each.place.transcript_id for each in overlooked}
            assert load_results(session, made.store.home, made.study.id, made.ada) is None
        with pytest.raises(MayNotError), made.store.write(made.ben) as tx:
            reject(tx, made.study.id, made.versions[-1], 0, 5, made.codes["money"])
    finally:
        with made.store.write("test") as tx:
            release(tx, blind)
    with made.store.read() as session:
        assert load_results(session, made.store.home, made.study.id, made.ada) == results


def test_only_what_one_may_see_is_learned_from(made: Made) -> None:
    with made.store.write("test") as tx:
        for transcript in made.transcripts:
            release(tx, transcript, False)
    try:
        with made.store.read() as session:
            with pytest.raises(ParihsError, match="too little to learn from"):
                train(session, made.study.id, made.ben)
            with pytest.raises(ParihsError, match="too little to learn from"):
                train(session, made.study.id, "")
    finally:
        with made.store.write("test") as tx:
            for transcript in made.transcripts:
                release(tx, transcript)


def test_viewers_and_the_unnamed_are_shown_nothing(made: Made, results: Results) -> None:
    with made.store.write("test") as tx:
        lea = add_coder(tx, made.study.id, key="lea", name="Lea").id
        vera = add_coder(tx, made.study.id, key="vera", name="Vera").id
        give_role(tx, lea, "lead")
        give_role(tx, vera, "viewer")
    assert shown(made, results, vera) == shown(made, results, "") == []


def test_overlooked_sentences_have_no_coding(made: Made, results: Results) -> None:
    with made.store.read() as session:
        found, _ = missed(session, results, made.ada, limit=1000)
    assert results.overlooking.of == 100
    for each in found:
        assert each.place.version_id != made.versions[-1]
        assert each.like
    first = found[0].place
    with made.store.write(made.ada) as tx:
        reject(tx, made.study.id, first.version_id, first.start, first.end, NO_CODE)
    with made.store.read() as session:
        left, _ = missed(session, results, made.ada, limit=1000)
    assert first not in {each.place for each in left}


@pytest.mark.slow
def test_it_is_learned_in_a_process_of_its_own_that_can_be_stopped(made: Made) -> None:
    file = results_file(made.store.home, made.study.id, made.ben)
    training = Training(made.store.home, made.study.id, made.ben)
    training.wait(0.2)
    training.stop()
    assert not training.done
    assert not file.exists()
    training = Training(made.store.home, made.study.id, made.ben)
    training.wait(120)
    assert training.problem == ""
    assert training.done
    with made.store.read() as session:
        found = load_results(session, made.store.home, made.study.id, made.ben)
    assert found is not None
    assert len(found.offered) == 2


@settings(deadline=None)
@given(st.dictionaries(st.text(min_size=1), st.integers(1, 500), min_size=2, max_size=30))
def test_no_workshop_is_in_two_folds_and_every_fold_is_used(sizes: dict[str, int]) -> None:
    found = folds(list(sizes), list(sizes.values()))
    assert found.keys() == sizes.keys()
    assert len(set(found.values())) == min(5, len(sizes))


@settings(deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.floats(0, 1)), min_size=1, max_size=200))
def test_a_threshold_keeps_its_promise(rows: list[tuple[bool, float]]) -> None:
    yes, scores = (np.array(column) for column in zip(*rows, strict=True))
    at = threshold(yes, scores)
    if at is not None:
        order = np.argsort(-scores, kind="stable")
        taken = int((scores > at).sum()) + 1
        assert taken >= 1
        assert any(
            yes[order[:k]].mean() >= 0.5 for k in range(taken, int((scores >= at).sum()) + 1)
        )


def test_the_threshold_of_a_fold_is_chosen_without_it() -> None:
    yes = np.array([True] * 20 + [False] * 20 + [False] * 40)
    scores = np.array([0.9] * 20 + [0.1] * 20 + [0.95] * 40)
    fold = np.array([0] * 40 + [1] * 40)
    found = measure(yes, scores, fold, ["w"] * 80)
    assert found.suggested == 40
    assert found.right == 0
    assert found.refused


def test_the_low_end_of_a_share_is_wilsons() -> None:
    assert low_end(0, 0) == 0
    assert low_end(81, 263) == pytest.approx(0.2553, abs=2e-4)


def test_likeness_is_one_for_the_same_words_and_rare_words_weigh_more() -> None:
    texts = [["red", "car"], ["red", "house"], ["red", "tree"], ["blue", "tree"], ["wet", "dog"]]
    found = Likeness(texts).to(["wet", "dog"])
    assert found[4] == pytest.approx(1.0)
    assert found[:4].tolist() == [0, 0, 0, 0]
    near = Likeness(texts).to(["red", "dog"])
    assert near[4] > near[0]
