"""Every fault of a codebook file is told at once, with file, line and code."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parihs.codebook import CodebookFile, CodeEntry, ensure, load, parse, validate
from parihs.errors import ParihsError

HEAD = "id: book\nname: Book\nsources:\n  smith-2020: Smith 2020\ncodes:\n"


def told(text: str) -> list[str]:
    book, problems = parse(text, "book.yaml")
    assert (book is None) == bool(problems)
    return [str(problem) for problem in problems]


@pytest.mark.parametrize(
    ("codes", "problem"),
    [
        (
            "- id: a\n  name: A\n  defintion: x\n",
            "book.yaml:8: code 'a': unknown key 'defintion'; did you mean 'definition'?",
        ),
        ("- id: a\n", "book.yaml:6: code 'a': a code needs 'name'"),
        ("- id: a\n  name: ''\n", "book.yaml:6: code 'a': a code needs 'name'"),
        ("- name: A\n", "book.yaml:6: code 'number 1': a code needs 'id'"),
        (
            "- id: a\n  name: A\n- id: a\n  name: B\n",
            "book.yaml:8: code 'a': this id is already used at line 6",
        ),
        (
            "- id: recipients\n  name: A\n- id: b\n  name: B\n  parent: recipient\n",
            "book.yaml:10: code 'b': its parent 'recipient' is not in this codebook; "
            "did you mean 'recipients'?",
        ),
        (
            "- id: a\n  name: A\n  parent: b\n- id: b\n  name: B\n  parent: a\n",
            "book.yaml:8: code 'a': it is its own ancestor: a → b → a",
        ),
        (
            "- id: a\n  name: A\n  parent: a\n",
            "book.yaml:8: code 'a': it is its own ancestor: a → a",
        ),
        (
            "- id: a\n  name: [A]\n",
            "book.yaml:7: code 'a': 'name' must be text",
        ),
        (
            "- id: a\n  name: A\n  enabling: help\n",
            "book.yaml:8: code 'a': 'enabling' must be a list, one '- …' line for each",
        ),
        (
            "- id: a\n  name: A\n  definition: !secret x\n",
            "book.yaml:8: code 'a': 'definition' must be text",
        ),
        (
            "- id: a\n  name: A\n  colour: blue\n",
            "book.yaml:8: code 'a': the colour 'blue' is not written like #0072B2",
        ),
        (
            "- id: a\n  name: A\n  source:\n  - smith-2002\n",
            "book.yaml:9: code 'a': the source 'smith-2002' is not listed under sources; "
            "did you mean 'smith-2020'?",
        ),
        (
            "- id: Fit.Local\n  name: A\n",
            "book.yaml:6: code 'Fit.Local': this id cannot be used; "
            "ids are lower-case words joined by dots, such as innovation.fit",
        ),
        (
            "- id: a\n  name: A\n  rate_valence: maybe\n",
            "book.yaml:8: code 'a': 'rate_valence' must be true or false",
        ),
        (
            "- id: a\n  name: A\n  rate_valence: !!bool maybe\n",
            "book.yaml:8: code 'a': 'rate_valence' must be true or false",
        ),
        (
            "- id: a\n  name: A\n  name: B\n",
            "book.yaml:8: code 'a': the key 'name' is already used on line 7",
        ),
        (
            "- id: a\n  name: A\n  origin: frame\n",
            "book.yaml:8: code 'a': the origin 'frame' is not one of "
            "framework, literature, extension, inductive; did you mean 'framework'?",
        ),
        ("- just words\n", "book.yaml:6: code 'number 1': a code must be a list of"),
    ],
)
def test_a_faulty_code_is_told_with_file_line_and_id(codes: str, problem: str) -> None:
    assert any(line.startswith(problem) for line in told(HEAD + codes)), told(HEAD + codes)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "book.yaml:1: the file is empty"),
        ("# only a comment\n", "book.yaml:1: the file is empty"),
        ("id: a\nname: [\n", "book.yaml:3: this is not YAML: "),
        ("id: a\nname: \x07\n", "book.yaml:2: there is a character that YAML does not allow"),
        ("just words\n", "book.yaml:1: a codebook must be a list of 'key: value' lines"),
        ("id: a\nname: A\n", "book.yaml:1: a codebook needs 'codes'"),
        ("id: a\nname: A\ncodes: []\n", "book.yaml:3: a codebook needs at least one code"),
        ("id: a\nid: b\nname: A\ncodes: []\n", "book.yaml:2: the key 'id' is already used on"),
        ("id: a\nnmae: A\ncodes: []\n", "book.yaml:2: unknown key 'nmae'; did you mean 'name'?"),
        ("a: &x [1]\nb: *x\n", "book.yaml:2: this is not YAML: aliases"),
        ("[" * 5000, "book.yaml:1: this is not a codebook: its values are nested too deeply"),
        ("format: parihs-codebook/9\nid: a\nname: A\ncodes: []\n", "book.yaml:1: this parihs re"),
        (
            HEAD.replace("codes:", "crosswalk:\n  other:\n    b+a.*: X\ncodes:")
            + "- id: a\n  name: A\n",
            "book.yaml:7: crosswalk to other: there is no code 'b'",
        ),
    ],
)
def test_a_faulty_file_is_told_with_file_and_line(text: str, problem: str) -> None:
    assert any(line.startswith(problem) for line in told(text)), told(text)


@given(st.text(), st.booleans())
def test_no_text_brings_the_reader_down(text: str, within_a_code: bool) -> None:
    told(HEAD + "- id: a\n  name: A\n  " + text if within_a_code else text)


@given(st.data())
def test_no_damage_to_a_codebook_brings_the_reader_down(data: st.DataObject) -> None:
    text = HEAD + "- id: a\n  name: A\n  enabling:\n  - x\n  rate_valence: true\n  source: []\n"
    at = data.draw(st.integers(0, len(text)))
    until = data.draw(st.integers(at, min(len(text), at + 8)))
    put = data.draw(
        st.sampled_from(["", ":", "- ", "{", "!!bool x", "<<: ", "? ", "'", "&a ", "%"])
    )
    told(text[:at] + put + text[until:])


def test_all_problems_come_at_once_in_the_order_of_lines(tmp_path: Path) -> None:
    path = tmp_path / "book.yaml"
    path.write_text(HEAD + "- id: A\n  name: A\n- id: b\n  parent: c\n  colour: red\n")
    with pytest.raises(ParihsError) as caught:
        load(path)
    problems = validate(path)
    assert [(p.line, p.code) for p in problems] == [(6, "A"), (8, "b"), (9, "b"), (10, "b")]
    assert "4 problems" in caught.value.message
    assert all(str(problem) in caught.value.message for problem in problems)
    assert caught.value.hint


def test_a_missing_file_and_a_file_in_another_encoding_are_told(tmp_path: Path) -> None:
    assert "cannot be read" in validate(tmp_path / "none.yaml")[0].message
    path = tmp_path / "latin.yaml"
    path.write_bytes("id: a\nname: café\n".encode("latin-1"))
    (problem,) = validate(path)
    assert problem.line == 2
    assert "UTF-8" in problem.message


def test_a_mark_of_byte_order_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "book.yaml"
    path.write_bytes(
        b"\xef\xbb\xbf" + (HEAD + "- id: a\n  name: A\n").replace("\n", "\r\n").encode()
    )
    assert [entry.id for entry in load(path).codes] == ["a"]


def test_a_book_made_by_hand_is_checked_too() -> None:
    book = CodebookFile(id="b", name="B", codes=(CodeEntry(id="a", name="A", parent="z"),))
    with pytest.raises(ParihsError, match="code 'a': its parent 'z'"):
        ensure(book)
    with pytest.raises(ParihsError, match="no codes"):
        ensure(CodebookFile(id="b", name="B", codes=()))
