"""Agreement of a study: counted by hand on a small one, and believable on the demo."""

from __future__ import annotations

import pickle
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import pytest

from parihs.agreement import Interval, Measure
from parihs.coding import apply_ops
from parihs.coding.agreement_measures import SINGLE_UNITS, UNITS, Bootstrap
from parihs.coding.agreement_words import (
    about_code,
    about_drift,
    about_hierarchy,
    about_ladder,
    about_whole,
    adjective,
    methods_sentence,
    number,
)
from parihs.coding.compared import NOT_RELEASED, TOO_FEW, Compared, load_compared
from parihs.coding.queue import adjudication_queue
from parihs.coding.study_agreement import StudyAgreement, code_ladder, study_agreement
from parihs.errors import ParihsError
from parihs.exchange.demo import load_demo
from parihs.home import Home
from parihs.model import Coder, new_id
from parihs.store import Store
from parihs.store.codebooks import codebook_file, codebooks, latest_codebook_version, save_codebook
from parihs.store.studies import add_coder
from parihs.store.transcripts import release
from parihs.ui.disagreement_filters import in_cell
from tests.support.small_study import SmallStudy

FIRST_TURN, FIRST, SECOND_TURN, LAST_TURN = (0, 22), (23, 44), (23, 58), (59, 85)
"""“Shall we begin”, “It does not fit here.”, “It does not fit here. It never has.”, “Café talk”."""


class Team:
    """Coders at work on the small study."""

    def __init__(self, store: Store, small: SmallStudy) -> None:
        self.store, self.small = store, small

    def code(
        self, coder: Coder, code: str, place: tuple[int, int], transcript: int = 0, book: str = ""
    ) -> str:
        coding_id = new_id()
        op = {
            "op_id": new_id(),
            "verb": "code",
            "coding_id": coding_id,
            "start": place[0],
            "end": place[1],
            "code": self.small.codes[code],
        }
        self._apply(coder, op, transcript, book)
        return coding_id

    def uncode(self, coder: Coder, coding_id: str, transcript: int = 0) -> None:
        op = {"op_id": new_id(), "verb": "uncode", "coding_id": coding_id}
        self._apply(coder, op, transcript)

    def _apply(self, coder: Coder, op: dict[str, object], transcript: int, book: str = "") -> None:
        result = apply_ops(
            self.store,
            coder_id=coder.id,
            version_id=self.small.versions[transcript].id,
            codebook_version_id=book or self.small.codebook.id,
            ops=[op],
        )
        assert not result.refused

    def release(self, *transcripts: int) -> None:
        with self.store.write("lead") as tx:
            for number_ in transcripts:
                release(tx, self.small.versions[number_].transcript_id)

    def compared(self, viewer_id: str | None = "", **options: object) -> Compared:
        with self.store.read() as session:
            return load_compared(
                session,
                self.small.study.id,
                self.small.codebook.id,
                viewer_id=viewer_id,
                **options,  # type: ignore[arg-type]
            )


@pytest.fixture
def team(store: Store, small: SmallStudy) -> Team:
    return Team(store, small)


@pytest.fixture
def coded(team: Team) -> Team:
    """Ada and Ben agree on one turn, choose siblings in another, and one codes alone."""
    ada, ben = team.small.ada, team.small.ben
    team.code(ada, "help", FIRST_TURN)
    team.code(ben, "help", FIRST_TURN)
    team.code(ada, "fit.place", FIRST)
    team.code(ben, "fit.person", SECOND_TURN)
    team.code(ada, "help", LAST_TURN)
    team.release(0, 1)
    return team


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, str, str]]:
    """The demo study: store, study id, codebook version id."""
    store = Store(Home(tmp_path_factory.mktemp("demo") / "home"))
    study = load_demo(store)
    with store.read() as session:
        version = latest_codebook_version(session, codebooks(session, study.id)[0].id)
    assert version is not None
    yield store, study.id, version.id
    store.close()


@pytest.fixture(scope="module")
def lantern(demo: tuple[Store, str, str]) -> tuple[Compared, StudyAgreement]:
    store, study_id, book_id = demo
    with store.read() as session:
        compared = load_compared(session, study_id, book_id, viewer_id="")
    return compared, study_agreement(compared)


def test_only_what_two_coders_read_and_everybody_may_see_is_compared(team: Team) -> None:
    ada, ben = team.small.ada, team.small.ben
    first, second = (version.transcript_id for version in team.small.versions)
    team.code(ada, "help", FIRST_TURN)
    team.code(ben, "help", FIRST_TURN)
    team.code(ada, "help", FIRST_TURN, transcript=1)
    assert team.compared().left_out == {first: NOT_RELEASED, second: NOT_RELEASED}
    assert team.compared(ada.id).transcripts == ()
    team.release(0, 1)
    assert team.compared().left_out == {second: TOO_FEW}
    assert team.compared(coder_ids=[ada.id]).transcripts == ()
    with pytest.raises(ParihsError, match="two coders"):
        study_agreement(team.compared(coder_ids=[ada.id]))


def test_whoever_holds_the_folder_may_compare_what_is_still_blind(team: Team) -> None:
    team.code(team.small.ada, "help", FIRST_TURN)
    team.code(team.small.ben, "help", FIRST_TURN)
    assert team.compared(None).transcripts == ()
    assert len(team.compared(None, released_only=False).transcripts) == 1
    assert team.compared(team.small.ada.id, released_only=False).transcripts == ()


def test_the_two_by_two_table_is_the_one_counted_by_hand(coded: Team) -> None:
    found = study_agreement(coded.compared())
    ada, ben = coded.small.ada.id, coded.small.ben.id
    help_ = found.code(coded.small.codes["help"])
    assert help_ is not None
    assert help_.given == {ada: 2, ben: 1}
    both, first, second, neither = help_.agreement.pairs
    one, other = (first, second) if next(iter(found.coders)) == ada else (second, first)
    assert (both, one, other, neither) == (1, 1, 0, 1)
    assert help_.agreement.measures["percent"].value == pytest.approx(2 / 3)
    assert help_.agreement.measures["positive"].value == pytest.approx(2 / 3)
    assert (found.n_turns, found.n_coded, found.n_identical) == (3, 3, 1)


def test_a_code_that_nobody_gave_is_not_defined(coded: Team) -> None:
    row = study_agreement(coded.compared()).code(coded.small.codes["fit"])
    assert row is not None
    assert not row.used
    for name in ("kappa", "ac1", "alpha", "positive"):
        assert row.agreement.measures[name].value is None
        assert row.agreement.measures[name].undefined
    assert "nothing to agree on" in " ".join(about_code_of(coded, "fit"))


def about_code_of(team: Team, key: str) -> list[str]:
    found = study_agreement(team.compared())
    row = found.code(team.small.codes[key])
    assert row is not None
    return about_code(found, row, key)


def test_siblings_agree_at_the_level_of_their_parent(coded: Team) -> None:
    compared = coded.compared()
    at_code, at_top = study_agreement(compared), study_agreement(compared, level="construct")
    assert at_top.n_identical == at_code.n_identical + 1
    whole = at_code.hierarchy[0].by_level
    assert whole["code"].value is not None
    assert whole["construct"].value is not None
    assert whole["code"].value < whole["construct"].value
    pair = (coded.small.codes["fit.person"], coded.small.codes["fit.place"])
    assert [(set(codes), n) for codes, n in at_code.confused] == [(set(pair), 1)]
    assert at_top.confused == ()
    names = {code.code_id: code.name for code in compared.codes}
    assert "within Fit" in about_hierarchy(at_code.hierarchy, names)


def test_not_read_is_missing_and_taken_back_is_a_statement(coded: Team) -> None:
    with coded.store.write("lead") as tx:
        cleo = add_coder(tx, coded.small.study.id, key="cleo", name="Cleo")
    before = study_agreement(coded.compared())
    coded.code(cleo, "help", FIRST_TURN, transcript=1)
    coded.code(coded.small.ada, "help", FIRST_TURN, transcript=1)
    found = study_agreement(coded.compared())
    assert len(found.coders) == 3
    assert found.kappa_name.startswith("Fleiss")
    # Cleo has not read the first transcript: two readings there, as before.
    assert found.n_turns == before.n_turns + 3
    help_ = found.code(coded.small.codes["help"])
    assert help_ is not None
    assert sum(help_.agreement.pairs) == 3 + 3
    coded.uncode(cleo, coded.code(cleo, "fit", LAST_TURN))
    help_ = study_agreement(coded.compared()).code(coded.small.codes["help"])
    assert help_ is not None
    assert sum(help_.agreement.pairs) == 3 * 3 + 3


def test_few_workshops_draw_single_units_and_say_so(coded: Team) -> None:
    found = study_agreement(coded.compared())
    assert not found.by_workshop
    for measure in (found.whole, found.masi, found.ladder[0].by_unit["character"]):
        assert measure.interval is not None
        assert measure.interval.warning == SINGLE_UNITS
    assert "fewer than six" in methods_sentence(found, "Tiny book")


def test_results_can_be_stored(coded: Team) -> None:
    found = study_agreement(coded.compared())
    assert pickle.loads(pickle.dumps(found)) == found


def test_versions_of_the_codebook_are_told_apart(coded: Team) -> None:
    with coded.store.write("lead") as tx:
        book = codebook_file(tx.session, coded.small.codebook.id)
        clearer = replace(book, note="A clearer rule.")
        new = save_codebook(tx, coded.small.study.id, clearer, "clearer")
    for coder in (coded.small.ada, coded.small.ben):
        coded.code(coder, "help", FIRST_TURN, transcript=1, book=new.id)
    found = study_agreement(coded.compared())
    assert [(v.number, v.n_transcripts) for v in found.versions] == [(1, 1), (2, 1)]
    assert [p.codebook_number for p in found.drift] == [1, 2]
    assert found.versions[1].measure.value == 1


def test_the_demo_tells_a_story(lantern: tuple[Compared, StudyAgreement]) -> None:
    compared, found = lantern
    assert (found.n_transcripts, found.n_workshops, found.n_turns) == (12, 12, 1131)
    values = [found.ladder[0].by_unit[unit].value for unit in UNITS]
    assert values == pytest.approx([0.775, 0.446, 0.354, 0.356], abs=0.001)
    assert found.whole.interval is not None
    assert found.whole.interval.n_clusters == 12
    assert found.whole.interval.warning is None
    assert found.masi.value is not None
    assert found.whole.value is not None
    assert found.masi.value < found.whole.value
    assert found.cu.value is None
    names = {code.code_id: code.name for code in compared.codes}
    row = next(row for row in found.codes if names[row.code_id] == "Structure and systems")
    assert sorted(row.given.values()) == [12, 43]
    said = " ".join(about_code(found, row, "Structure and systems"))
    assert "43 times" in said
    assert "both in 10" in said
    assert "1,131" in " ".join(about_whole(found))
    assert "0.77" in about_ladder(found.ladder[0])
    assert "12 of 12" in about_drift(found.drift, found.whole)
    dates = [point.held_on for point in found.drift]
    assert dates == sorted(dates, key=lambda date: (date is None, date))
    sentence = methods_sentence(found, "the codebook")
    for part in ("1,131", "B = 1,000", "seed 1", "n = 12", "Cohen’s kappa", "0.77 [0.75, 0.80]"):
        assert part in sentence


def test_boundaries_of_one_code_stand_beside_its_units(
    lantern: tuple[Compared, StudyAgreement],
) -> None:
    compared, found = lantern
    code = next(c.code_id for c in compared.codes if c.name == "Extent of adoption")
    rung = code_ladder(compared, code, bootstrap=Bootstrap(b=0))
    row = found.code(code)
    assert row is not None
    assert rung.by_unit["turn"].value == row.agreement.measures["alpha"].value
    assert rung.boundary.value is not None
    assert rung.by_unit["turn"].value is not None
    assert rung.boundary.value < rung.by_unit["turn"].value


def test_every_cell_of_confusion_opens_as_many_places_as_it_counts(
    demo: tuple[Store, str, str], lantern: tuple[Compared, StudyAgreement]
) -> None:
    store, study_id, book_id = demo
    _, found = lantern
    with store.read() as session:
        queue = adjudication_queue(session, study_id, book_id, viewer_id="")
    (pair,) = combinations(found.coders, 2)
    places = [item.place for item in queue.items if item.place is not None]
    off = {cell: n for cell, n in found.confusion[pair].items() if cell[0] != cell[1]}
    assert len(off) > 100
    opened = {
        (one, other): sum(in_cell(place, pair, {one}, {other}) for place in places)
        for one, other in off
    }
    assert opened == off


def test_everything_of_the_demo_is_computed_at_once(
    lantern: tuple[Compared, StudyAgreement],
) -> None:
    began = time.process_time()
    study_agreement(lantern[0])
    assert time.process_time() - began < 3


def test_nothing_is_rounded_up_to_full_agreement() -> None:
    assert [number(x) for x in (1.0, 0.9999, 0.994, -0.001, -0.2)] == [
        "1.00",
        "0.999",
        "0.99",
        "0.00",
        "−0.20",
    ]


@pytest.mark.parametrize(
    ("low", "word"),
    [
        (-0.1, "poor"),
        (0.0, "slight"),
        (0.39, "fair"),
        (0.61, "substantial"),
        (1.0, "almost perfect"),
    ],
)
def test_words_are_for_the_lower_bound(low: float, word: str) -> None:
    interval = Interval(low, 1.0, "cluster", 1000, 1, 0.95)
    assert adjective(Measure("kappa", 1.0, None, interval)) == word
    assert adjective(Measure("kappa", None, "not used", None)) == ""
