"""Tables of turns: NVivo, Whisper, CSV."""

from __future__ import annotations

from pathlib import Path

import pytest

from parihs.errors import ParihsError
from parihs.formats import read, read_bytes

DATA = Path(__file__).parents[1] / "data" / "formats"


def rows(data: str, name: str = "talk.txt"):
    return [
        (turn.speaker, turn.text, turn.start_ms, turn.end_ms)
        for turn in read_bytes(data.encode(), name).turns
    ]


def test_nvivo_columns_in_any_order_with_shorthand_times():
    table = 'Content\tTimespan\tSpeaker\nHi, "you"\t9203\tAnn\nYes.\t1:02:03.5 - 1:02:04\t\n'
    assert rows(table) == [
        ("Ann", 'Hi, "you"', 5523000, None),
        (None, "Yes.", 3723500, 3724000),
    ]


def test_lines_without_columns_belong_to_the_turn_above():
    parsed = read_bytes(
        b"Timespan\tSpeaker\tContent\n0:01\tAnn\tOne\nand two\n0:02\tBen\t\n", "t.txt"
    )
    assert [(t.speaker, t.text) for t in parsed.turns] == [("Ann", "One\nand two")]
    assert any("1 line without columns" in warning for warning in parsed.warnings)
    assert any("1 row without text" in warning for warning in parsed.warnings)


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_csv_with_quoted_cells_and_a_column_nobody_asked_for(delimiter):
    table = 'speaker,start time,end time,text,mood\nAnn,0:01,0:02.5,"One,\ntwo; ""three""",glad\n'
    table = table.replace("One,", "One#").replace(",", delimiter).replace("One#", "One,")
    parsed = read_bytes(table.encode(), "talk.csv")
    assert [(t.speaker, t.text, t.start_ms, t.end_ms) for t in parsed.turns] == [
        ("Ann", 'One,\ntwo; "three"', 1000, 2500)
    ]
    assert any("“mood”" in warning for warning in parsed.warnings)


def test_whisper_tsv_counts_milliseconds():
    parsed = read(DATA / "whisper.tsv")
    assert [(t.start_ms, t.end_ms) for t in parsed.turns] == [(0, 1500), (1500, 4020)]
    assert any("milliseconds" in warning for warning in parsed.warnings)


def test_seconds_with_a_fraction():
    assert rows("start,end,speaker,text\n1.25,2.5,Ann,Hi\n", "talk.csv") == [
        ("Ann", "Hi", 1250, 2500)
    ]


def test_a_time_that_cannot_be_read_costs_only_the_time():
    parsed = read_bytes(b"Timespan\tSpeaker\tContent\nsoon\tAnn\tOne\n0:05\tAnn\tTwo\n", "t.txt")
    assert [(t.text, t.start_ms) for t in parsed.turns] == [("One", None), ("Two", 5000)]
    assert any("line 2" in warning for warning in parsed.warnings)


def test_a_csv_without_known_columns_says_what_to_do():
    with pytest.raises(ParihsError, match=r"line 1.*Timespan, Speaker, Content"):
        read_bytes(b"a,b\n1,2\n", "talk.csv")
