"""Search over the study: words, phrases, accents, filters, and the rule of blind coding."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parihs.coding.operations import apply_ops
from parihs.home import Home
from parihs.model import ParsedTranscript, ParsedTurn, new_id
from parihs.search import Asked, find, read_words
from parihs.search.folding import fold
from parihs.search.scan import matches
from parihs.store import Store
from parihs.store.transcripts import save_transcript, stretch
from tests.support.small_study import SmallStudy, make_small_study


def said(text: str, words: str) -> list[str]:
    """The parts of a text that a query finds."""
    return [text[first:last] for first, last in matches(text, read_words(words))]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("fit", ["fit"]),
        ("FIT here", ["fit", "here"]),
        ('"fit here"', ["fit here"]),
        ("“not fit”", ["not fit"]),
        ('"fit not"', []),
        ("nev*", ["never"]),
        ("nev", []),
        ("has absent", []),
        ("naive", ["naïve"]),
        ("Naïve", ["naïve"]),
        ('"here it ne*"', ["here. It never"]),
        ('"', []),
        ("*", []),
        ("", []),
    ],
)
def test_words_phrases_and_beginnings(words: str, found: list[str]) -> None:
    assert said("It does not fit here. It never has, naïve 🙂 me.", words) == found


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_accents_are_found_however_they_are_written(form: str) -> None:
    text = unicodedata.normalize(form, "Ein naïves Café, don’t you think, Ärzte?")
    assert len(said(text, "cafe")) == len(said(text, "café")) == len(said(text, "arzt*")) == 1
    assert said(text, "don't") == ["don’t"]
    assert unicodedata.normalize("NFC", said(text, '"naives cafe"')[0]) == "naïves Café"


@given(st.text())
def test_folding_keeps_every_place(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=12), st.from_regex(r"[a-zé]{1,8}", fullmatch=True), st.text(max_size=12))
def test_a_word_between_blanks_is_found_where_it_stands(before: str, word: str, after: str) -> None:
    text = f"{before} {word} {after}"
    places = list(matches(text, read_words(word)))
    assert (len(before) + 1, len(before) + 1 + len(word)) in places


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, SmallStudy]:
    store = Store(Home(tmp_path_factory.mktemp("search")))
    small = make_small_study(store)
    with store.write(small.ada.id) as tx:
        save_transcript(
            tx,
            workshop_id=small.workshops[1].id,
            title="South 1",
            transcript_id=small.versions[1].transcript_id,
            reason="correction",
            parsed=ParsedTranscript(
                (ParsedTurn("Kim2", "It does suit us. It never was naïve.", 2000, 6000),), "text"
            ),
        )
    return store, small


def test_only_the_newest_text_is_searched(made: tuple[Store, SmallStudy]) -> None:
    store, small = made
    with store.read() as session:
        here = find(session, small.study.id, small.ada.id, Asked("fit"))
        both = find(session, small.study.id, small.ada.id, Asked("naive"))
        words = [stretch(session, hit.version_id, hit.start, hit.end) for hit in both.hits]
    assert [hit.workshop for hit in here.hits] == ["North 1"]
    assert [hit.workshop for hit in both.hits] == ["North 1", "South 1"]
    assert words == [hit.match for hit in both.hits] == ["naïve", "naïve"]
    assert both.total == sum(both.in_transcripts.values()) == 2


def test_a_line_says_who_where_and_when(made: tuple[Store, SmallStudy]) -> None:
    store, small = made
    with store.read() as session:
        (hit,) = find(session, small.study.id, small.ada.id, Asked('"not fit"')).hits
    assert (hit.site, hit.speaker, hit.role, hit.turn) == ("North", "Kim1", "doctor", 2)
    assert hit.left == "Shall we begin 🙂 then? / It does "
    assert hit.right == " here. It never has. / Café talk, naïve as it is."
    assert (hit.start_ms, hit.end_ms) == (2500, 6000)


def test_sites_and_roles_narrow_it(made: tuple[Store, SmallStudy]) -> None:
    store, small = made
    with store.read() as session:

        def count(asked: Asked) -> int:
            return find(session, small.study.id, small.ada.id, asked).total

        assert count(Asked("it")) == 5
        assert count(Asked("it", site_ids=(small.sites[1].id,))) == 2
        assert count(Asked("it", workshop_ids=(small.workshops[0].id,))) == 3
        assert count(Asked("it", roles=("doctor",))) == 4
        assert count(Asked("it", roles=("nurse",))) == 0


def test_in_codes_means_codes_one_may_see(tmp_path: Path) -> None:
    store = Store(Home(tmp_path))
    small = make_small_study(store)
    version = small.versions[0]
    with store.read() as session:
        place = find(session, small.study.id, None, Asked('"fit here"')).hits[0]

    def code(coder_id: str, key: str, start: int, end: int) -> None:
        op = {"op_id": new_id(), "verb": "code", "coding_id": new_id(), "start": start, "end": end}
        apply_ops(
            store,
            coder_id=coder_id,
            version_id=version.id,
            codebook_version_id=small.codebook.id,
            ops=[op | {"code": small.codes[key]}],
        )

    code(small.ben.id, "fit.place", place.start, place.end + 1)
    with store.read() as session:

        def seen(viewer: str | None, key: str, words: str = "fit") -> int:
            asked = Asked(words, code_id=small.codes[key])
            return find(session, small.study.id, viewer, asked).total

        # The branch counts, a neighbour does not, and half a match is none.
        assert seen(small.ben.id, "fit.place") == seen(small.ben.id, "fit") == 1
        assert seen(small.ben.id, "fit.person") == 0
        assert seen(small.ben.id, "fit", '"not fit"') == 0
        assert seen(small.ada.id, "fit") == seen("", "fit") == 0
        assert seen(None, "fit") == 1
        bens = find(session, small.study.id, small.ben.id, Asked('"fit here"')).hits[0]
        adas = find(session, small.study.id, small.ada.id, Asked('"fit here"')).hits[0]
    assert (bens.codes, adas.codes) == (("Place",), ())


def test_pages_of_matches_follow_one_another(made: tuple[Store, SmallStudy]) -> None:
    store, small = made
    with store.read() as session:
        every = find(session, small.study.id, None, Asked("it"), limit=None).hits
        parts = [
            hit
            for first in (0, 2, 4)
            for hit in find(session, small.study.id, None, Asked("it"), first=first, limit=2).hits
        ]
    assert parts == every
