"""``parihs agreement``: on tables that people have, with published values, and on a study."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from parihs.cli.main import cli
from parihs.errors import ParihsError
from parihs.exchange.demo import load_demo
from parihs.home import Home
from parihs.store import Store

# Krippendorff 2011, "Computing Krippendorff's alpha-reliability", example C.
FOUR_OBSERVERS = """unit,A,B,C,D
1,1,1,,1
2,2,2,3,2
3,3,3,3,3
4,3,3,3,3
5,2,2,2,2
6,1,2,3,4
7,4,4,4,4
8,1,1,2,1
9,2,2,2,2
10,,5,5,5
11,,,1,1
12,,,3,
"""
SPANS = """document;coder;start;end;code
d1;ann;0;20;joy
d1;bob;5;22;joy
d1;ann;30;40;fear
d2;ann;0;5;joy
d2;bob;;;
"""


@pytest.fixture
def ask(tmp_path: Path) -> Any:
    """Writes a table, asks about it as JSON, and gives the answer."""

    def asked(table: str, *options: str) -> dict[str, Any]:
        file = tmp_path / "table.csv"
        file.write_text(table, encoding="utf-8")
        done = CliRunner().invoke(cli, ["agreement", str(file), "--json", *options])
        if done.exception is not None:
            raise done.exception
        answer: dict[str, Any] = json.loads(done.output)
        return answer

    return asked


def value(answer: dict[str, Any], name: str) -> float | None:
    found: float | None = next(c for c in answer["coefficients"] if c["name"] == name)["value"]
    return found


@pytest.mark.parametrize(
    ("level", "alpha"),
    [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)],
)
def test_the_published_alphas(ask: Any, level: str, alpha: float) -> None:
    answer = ask(FOUR_OBSERVERS, "--level", level, "--b", "0")
    assert value(answer, "alpha") == pytest.approx(alpha, abs=0.0006)
    assert answer["coders"] == ["A", "B", "C", "D"]


def test_intervals_say_how_they_were_made(ask: Any) -> None:
    answer = ask(FOUR_OBSERVERS, "--b", "200", "--seed", "7")
    interval = answer["coefficients"][0]["interval"]
    assert (interval["method"], interval["b"], interval["seed"]) == ("cluster", 200, 7)
    assert interval["n_clusters"] == 12
    assert interval["low"] < answer["coefficients"][0]["value"] < interval["high"]
    again = ask(FOUR_OBSERVERS, "--b", "200", "--seed", "7")
    assert again["coefficients"] == answer["coefficients"]
    other = ask(FOUR_OBSERVERS, "--interval", "coincidence", "--coefficients", "alpha")
    assert other["coefficients"][0]["interval"]["method"] == "coincidence"


def test_documents_are_clusters_where_the_table_names_them(ask: Any) -> None:
    answer = ask("document,A,B\nx,1,1\nx,2,1\ny,1,1\ny,2,2\n")
    assert answer["coefficients"][0]["interval"]["n_clusters"] == 2


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiters_and_byte_order_marks(ask: Any, delimiter: str) -> None:
    table = "\ufeff" + FOUR_OBSERVERS.replace(",", delimiter)
    assert value(ask(table, "--b", "0"), "alpha") == pytest.approx(0.743, abs=0.0006)


def test_a_table_without_a_header(ask: Any) -> None:
    answer = ask("1,1\n2,2\n1,2\n1,1\n", "--b", "0")
    assert answer["n_units"] == 4
    assert value(answer, "percent") == 0.75
    assert any("no header" in note for note in answer["notes"])


def test_a_first_column_of_names_is_not_a_coder(ask: Any) -> None:
    answer = ask("passage,A,B\np1,yes,yes\np2,no,yes\n", "--b", "0")
    assert answer["coders"] == ["A", "B"]


def test_one_reading_per_line(ask: Any) -> None:
    table = "coder,unit,label\na,1,x\nb,1,x\na,2,y\nb,2,x\na,3,x\n"
    answer = ask(table, "--b", "0")
    assert (answer["n_units"], value(answer, "percent")) == (3, 0.5)
    # One reading is missing, not wrong.
    assert answer["coefficients"][0]["n_pairable"] == 2


def test_sets_of_codes_and_nothing_coded(ask: Any) -> None:
    answer = ask("unit,A,B\n1,x|y,x\n2,[],[]\n3,x,x\n4,y,x|y\n5,,x\n", "--b", "0")
    assert [c["name"] for c in answer["coefficients"]] == ["mvalpha", "masi-alpha", "jaccard-alpha"]
    assert answer["coefficients"][0]["n_pairable"] == 4
    assert [(row["code"], row["n"]) for row in answer["codes"]] == [("x", [2, 4]), ("y", [2, 1])]
    assert 0 < value(answer, "masi-alpha") < value(answer, "mvalpha") < 1  # type: ignore[operator]


def test_no_variation_is_not_a_number(ask: Any) -> None:
    answer = ask("unit,A,B\n1,x,x\n2,x,x\n")
    for coefficient in answer["coefficients"]:
        if coefficient["name"] == "percent":
            assert coefficient["value"] == 1
        else:
            assert coefficient["value"] is None
            assert coefficient["undefined"]


def test_spans(ask: Any) -> None:
    answer = ask(SPANS, "--b", "0")
    assert answer["layout"] == "spans"
    assert answer["units"] == {"character": 45}
    joy = next(row for row in answer["codes"] if row["code"] == "joy")
    # d1: 15 together, 5 and 2 alone; d2: Bob read it and marked nothing.
    assert joy["pairs"] == [15, 10, 2, 18]
    named = {row["name"]: row for row in answer["boundaries"]}
    assert named["u_alpha"]["value"] is not None
    assert named["bar_u_alpha fear"]["value"] < 0


def test_overlapping_spans_of_one_coder_refuse_values_and_keep_boundaries(ask: Any) -> None:
    answer = ask(SPANS + "d1;ann;10;25;fear\n", "--b", "0")
    named = {row["name"]: row for row in answer["boundaries"]}
    assert named["u_alpha"]["value"] is None
    assert "one value at a place" in named["u_alpha"]["undefined"]
    assert named["bar_u_alpha joy"]["value"] is not None


def test_texts_give_the_unit_ladder(ask: Any, tmp_path: Path) -> None:
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "d1.txt").write_text("Joy is in here. Fear is not.\nFear is there.", encoding="utf-8")
    (texts / "d2.txt").write_text("Nothing.", encoding="utf-8")
    answer = ask(SPANS, "--b", "0", "--texts", str(texts), "--unit", "sentence")
    assert answer["units"] == {"line": 3, "sentence": 4, "token": 15, "character": 51}
    assert [c["unit"] for c in answer["coefficients"]] == ["line", "sentence", "token", "character"]
    assert sum(answer["codes"][0]["pairs"]) == 4
    (texts / "d1.txt").write_text("Short.", encoding="utf-8")
    with pytest.raises(ParihsError, match="ends at 40; its text has 6"):
        ask(SPANS, "--texts", str(texts))


@pytest.mark.parametrize(
    ("table", "options", "message"),
    [
        ("unit,A,B\n1,high,low\n", ["--level", "interval"], "Line 2: A gave “high”"),
        ("unit,A,B\n1,x\n", [], "Line 2 has 2 cells where the header has 3"),
        ("unit,A\n1,x\n2,y\n", [], "two coders"),
        ("unit,A,B\n", [], "only one line"),
        ("unit,A,B\n1,x,y\n", ["--coefficients", "kapa"], "no coefficient “kapa”"),
        (FOUR_OBSERVERS, ["--coefficients", "cohen"], "for two coders"),
        ("unit,A,B\n1,x,y\n", ["--coefficients", "mvalpha"], "does not suit"),
        (SPANS + "d1;bob;9;9;joy\n", [], "Line 7 runs from 9 to 9"),
        (SPANS + "d1;bob;x;9;joy\n", [], "Line 7 runs from “x”"),
        (SPANS + "d1;bob;1;9;\n", [], "Line 7 has a stretch without a code"),
        (SPANS + "d1;;1;9;joy\n", [], "Line 7 has an empty cell"),
        (SPANS, ["--unit", "sentence"], "--texts"),
        ("coder,start,end,code\na,0,2,x\n", [], "Only a has spans"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(
    ask: Any, table: str, options: list[str], message: str
) -> None:
    with pytest.raises(ParihsError) as caught:
        ask(table, *options)
    assert message in str(caught.value)
    assert caught.value.hint


def test_people_read_a_table(tmp_path: Path) -> None:
    file = tmp_path / "spans.csv"
    file.write_text(SPANS, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "parihs", "agreement", str(file)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    for part in ("mvalpha", "bar_u_alpha joy", "B = 1,000, seed 1", "--texts"):
        assert part in done.stdout
    file.write_text("unit,A,B\n1,x\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "parihs", "agreement", str(file)], capture_output=True, text=True
    )
    assert done.returncode == 1
    assert done.stderr.startswith("parihs: Line 2")


def test_the_study_at_hand(home: Home) -> None:
    store = Store(home)
    load_demo(store)
    store.close()
    options = ["agreement", "--home", str(home.path), "--study", "lantern", "--b", "100"]
    done = CliRunner().invoke(cli, [*options, "--json"])
    assert done.exception is None
    answer = json.loads(done.output)
    assert answer["coders"] == ["Dev Rao", "Isla Marsh"]
    assert value(answer, "mvalpha in 1,131 turns") == pytest.approx(0.775, abs=0.001)
    assert len(answer["codes"]) == 67
    assert "B = 100" in answer["methods"]
    printed = CliRunner().invoke(cli, [*options, "--codes", "construct"])
    assert "Facilitation" in printed.output
