"""What is written is read back the same, as YAML and as a table; tables people have are read."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parihs.codebook import (
    ORIGINS,
    Attribute,
    CodebookFile,
    CodeEntry,
    load,
    parse,
    read_csv,
    shipped,
    write_csv,
    write_yaml,
)
from parihs.errors import ParihsError

CHARACTERS = st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co"))
LINES = st.text(CHARACTERS, max_size=30).map(lambda text: " ".join(text.split()))
WORDS = LINES.filter(bool)
TEXTS = st.lists(LINES, max_size=3).map(lambda lines: "\n".join(lines).strip())
LISTS = st.lists(WORDS, max_size=3).map(tuple)
IDS = st.from_regex(r"[a-z0-9]{1,4}(\.[a-z0-9]{1,3}){0,2}", fullmatch=True)
COLOURS = st.none() | st.from_regex(r"#[0-9A-F]{6}", fullmatch=True)
NO_CHECKS = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@st.composite
def books(draw: st.DrawFn) -> CodebookFile:
    ids = draw(st.lists(IDS, min_size=1, max_size=5, unique=True))
    sources = draw(st.dictionaries(WORDS, TEXTS, max_size=3))
    cited = st.lists(st.sampled_from(sorted(sources)), max_size=2) if sources else st.just([])
    codes = tuple(
        CodeEntry(
            id=key,
            name=draw(WORDS),
            parent=draw(st.none() | st.sampled_from(ids[:place])) if place else None,
            origin=draw(st.sampled_from(list(ORIGINS))),
            definition=draw(TEXTS),
            when_to_use=draw(TEXTS),
            when_not=draw(TEXTS),
            example=draw(TEXTS),
            enabling=draw(LISTS),
            constraining=draw(LISTS),
            rate_valence=draw(st.booleans()),
            source=tuple(draw(cited)),
            checked=draw(TEXTS),
            colour=draw(COLOURS),
        )
        for place, key in enumerate(ids)
    )
    attribute = Attribute(
        id=draw(WORDS), name=draw(WORDS), values=draw(LISTS), labels={draw(WORDS): draw(TEXTS)}
    )
    return CodebookFile(
        id=draw(WORDS),
        name=draw(WORDS),
        codes=codes,
        version=draw(WORDS),
        language=draw(WORDS),
        licence=draw(TEXTS),
        note=draw(TEXTS),
        attributes=draw(st.sampled_from([(), (attribute,)])),
        rules=draw(LISTS),
        crosswalk=draw(
            st.sampled_from([{}, {"other": {ids[0]: ("x", "y"), f"{ids[0]}.*": ("z",)}}])
        ),
        sources=sources,
        checked=draw(TEXTS),
    )


@NO_CHECKS
@given(books())
def test_yaml_round_trip(book: CodebookFile) -> None:
    read, problems = parse(write_yaml(book))
    assert problems == []
    assert read == book


@NO_CHECKS
@given(book=books())
def test_csv_round_trip_of_the_codes(tmp_path: Path, book: CodebookFile) -> None:
    path = tmp_path / "codes.csv"
    path.write_text(write_csv(book), encoding="utf-8-sig", newline="")
    assert read_csv(path).codes == book.codes


@pytest.mark.parametrize("key", list(shipped()))
def test_shipped_codebooks_survive_both_ways(tmp_path: Path, key: str) -> None:
    book = load(shipped()[key])
    assert parse(write_yaml(book))[0] == book
    path = tmp_path / "codes.csv"
    path.write_text(write_csv(book), encoding="utf-8-sig", newline="")
    assert read_csv(path, id=book.id, name=book.name).codes == book.codes


def test_a_cell_that_looks_like_a_formula_is_written_as_text(tmp_path: Path) -> None:
    entry = CodeEntry(id="a", name="=1+1", definition="'=quoted", example="-5 percent")
    written = write_csv(CodebookFile(id="b", name="B", codes=(entry,)))
    assert not any(cell.startswith(("=", "-")) for cell in written.split("\r\n")[1].split(","))
    path = tmp_path / "codes.csv"
    path.write_text(written, encoding="utf-8", newline="")
    assert read_csv(path).codes == (entry,)


def read(tmp_path: Path, data: str | bytes) -> CodebookFile:
    path = tmp_path / "Our codes.csv"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return read_csv(path)


def test_any_order_of_columns_other_headings_and_semicolons(tmp_path: Path) -> None:
    book = read(
        tmp_path,
        "Description;Parent;Colour;Code\nHow it fits;The Innovation;#0072B2;Degree of fit\n"
        ";;;The Innovation\n\n",
    )
    fit, innovation = book.codes
    assert (fit.id, fit.parent, fit.definition) == (
        "the_innovation.degree_of_fit",
        "the_innovation",
        "How it fits",
    )
    assert (fit.colour, innovation.parent, innovation.rate_valence) == ("#0072B2", None, True)
    assert (book.id, book.name) == ("our_codes", "Our codes")


def test_accents_from_an_older_spreadsheet(tmp_path: Path) -> None:
    text = "name,definition\nÉvaluation,Ce que l'équipe a mesuré et où elle l'a présenté\n"
    (entry,) = read(tmp_path, text.encode("cp1252")).codes
    assert (entry.id, entry.name) == ("evaluation", "Évaluation")


def test_a_table_nested_beyond_sense_is_still_read(tmp_path: Path) -> None:
    rows = [f"C{number},C{number + 1}" for number in range(3000)] + ["C3000,"]
    assert len(read(tmp_path, "\n".join(["name,parent", *rows])).codes) == 3001


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("colour\nred\n", ":1: there is no column of code names"),
        ("name\n", ":1: there is no code below the headings"),
        ("name,parent\nA,\nB,Z\n", ":3: code 'b': its parent 'Z' is not in this codebook"),
        ("name\nA\nA\n", ":3: code 'a': this id is already used at row 2"),
        ("name,parent\nA,B\nB,A\n", "it is its own ancestor"),
        ("name,definition\n,orphan\n", ":2: this row has neither a name nor an id"),
        ("name,colour\nA,red\n", ":2: code 'a': the colour 'red'"),
        ("name,rate_valence\nA,perhaps\n", ":2: code 'a': 'rate_valence' must be true or false"),
        (
            "id,name,parent\na,X,\nb,X,\nc,C,X\n",
            ":4: code 'c': the parent 'X' names 2 codes; give its id instead",
        ),
    ],
)
def test_a_faulty_row_is_told_with_file_row_and_id(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(ParihsError) as caught:
        read(tmp_path, text)
    assert problem in caught.value.message
