"""The codebooks that come with parihs: whole, consistent and honest about their sources."""

from __future__ import annotations

import re

import pytest

from parihs.codebook import CodebookFile, incomplete, load, shipped, validate

COUNTS = {"i-parihs": 67, "cfir-2": 74, "npt": 31, "realist-cmo": 12, "tdf": 14}
IN_BRACKETS = re.compile(r"\(([^()]*)\)")
DOTTED = re.compile(r"\b[a-z_]+(?:\.[a-z_]+)+\b")


@pytest.fixture(scope="module")
def books() -> dict[str, CodebookFile]:
    return {key: load(path) for key, path in shipped().items()}


def test_five_codebooks_come_with_parihs_and_i_parihs_is_first() -> None:
    assert list(shipped()) == ["i-parihs", "cfir-2", "npt", "realist-cmo", "tdf"]


@pytest.mark.parametrize("key", COUNTS)
def test_loads_without_a_problem(key: str) -> None:
    assert validate(shipped()[key]) == []


@pytest.mark.parametrize(("key", "count"), COUNTS.items())
def test_has_all_codes_under_its_own_id(
    books: dict[str, CodebookFile], key: str, count: int
) -> None:
    assert books[key].id == key
    assert len(books[key].codes) == count


@pytest.mark.parametrize("key", COUNTS)
def test_every_code_has_all_that_a_coder_needs(books: dict[str, CodebookFile], key: str) -> None:
    assert incomplete(books[key]) == {}
    assert all(entry.checked for entry in books[key].codes)


@pytest.mark.parametrize("key", COUNTS)
def test_no_two_codes_share_a_name(books: dict[str, CodebookFile], key: str) -> None:
    names = [entry.name for entry in books[key].codes]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("key", COUNTS)
def test_states_version_licence_sources_and_what_was_verified(
    books: dict[str, CodebookFile], key: str
) -> None:
    book = books[key]
    assert book.version == "1.0.0"
    assert book.licence.startswith("CC0-1.0")
    assert book.sources
    assert "not" in book.checked.lower(), "it says what was not verified"


@pytest.mark.parametrize("key", COUNTS)
def test_codes_named_in_rules_and_criteria_exist(books: dict[str, CodebookFile], key: str) -> None:
    book = books[key]
    ids = {entry.id for entry in book.codes}
    told = [
        bracket
        for entry in book.codes
        for text in (entry.definition, entry.when_to_use, entry.when_not)
        for bracket in IN_BRACKETS.findall(text)
    ]
    named = {code for text in (*told, *book.rules) for code in DOTTED.findall(text)}
    assert named - ids == set()


@pytest.mark.parametrize("key", COUNTS)
def test_criteria_against_a_code_point_to_the_code_to_use(
    books: dict[str, CodebookFile], key: str
) -> None:
    lost = [
        entry.id
        for entry in books[key].codes
        if "(" not in entry.when_not and "should" not in entry.when_not
    ]
    assert lost == []


def test_crosswalk_to_a_shipped_codebook_names_its_codes(books: dict[str, CodebookFile]) -> None:
    targets = {
        name: {code for to in pairs.values() for code in to}
        for name, pairs in books["i-parihs"].crosswalk.items()
    }
    assert targets["cfir-2"] <= {entry.id for entry in books["cfir-2"].codes}


def test_i_parihs_has_the_published_characteristics(books: dict[str, CodebookFile]) -> None:
    def children(parent: str) -> list[str]:
        codes = books["i-parihs"].codes
        return [e.id for e in codes if e.parent == parent and e.origin == "framework"]

    assert len(children("innovation")) == 7
    assert len(children("recipients")) == 10
    assert len(children("context.local")) == 6
    assert len(children("context.org")) == 7
    assert len(children("context.external")) == 5


def test_i_parihs_flags_what_the_framework_does_not_have(books: dict[str, CodebookFile]) -> None:
    extensions = {e.id for e in books["i-parihs"].codes if e.origin == "extension"}
    assert extensions == {
        "innovation.framing",
        "facilitation.adoption",
        "outcome",
        "outcome.learning",
        "outcome.relationships",
        "outcome.awareness",
        "outcome.practice",
    }


def test_cfir_has_48_constructs_and_19_subconstructs(books: dict[str, CodebookFile]) -> None:
    ids = [entry.id for entry in books["cfir-2"].codes]
    subdomains = {"individuals.roles", "individuals.characteristics"}
    below = {key: key.rsplit(".", 1)[0] for key in ids if "." in key and key not in subdomains}
    constructs = [k for k, up in below.items() if "." not in up or up in subdomains]
    assert len(constructs) == 48
    assert len(below) - len(constructs) == 19


def test_npt_has_four_components_under_each_mechanism(books: dict[str, CodebookFile]) -> None:
    codes = books["npt"].codes
    mechanisms = [e.id for e in codes if e.parent == "mechanism"]
    assert [sum(e.parent == key for e in codes) for key in mechanisms] == [4, 4, 4, 4]
