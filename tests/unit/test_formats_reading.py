"""Choosing a reader, telling encodings, and refusing files in words that help."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parihs.errors import ParihsError
from parihs.formats import FORMATS, read, read_bytes

TALK = "Siân: Où est l’infirmière?\n\nZoë: Là-bas, au café – dépêchez-vous.\n\nSiân: Très bien.\n"
SAMPLES = sorted((Path(__file__).parents[1] / "data" / "formats").iterdir())
CUES = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ann>Hi</v>\n"


@pytest.mark.parametrize(
    ("encoding", "named"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("cp1252", "windows-1252"),
    ],
)
def test_encodings_are_told_and_recorded(encoding, named):
    parsed = read_bytes(TALK.encode(encoding), "talk.txt")
    assert parsed.speakers == ["Siân", "Zoë"]
    assert parsed.turns[1].text == "Là-bas, au café – dépêchez-vous."
    assert parsed.provenance["encoding"] == named
    assert any("accents" in warning for warning in parsed.warnings) == (encoding == "cp1252")


def test_provenance_names_the_file_and_its_hash(tmp_path):
    file = tmp_path / "talk.vtt"
    file.write_text(CUES)
    parsed = read(str(file))
    assert parsed.provenance == {
        "file": "talk.vtt",
        "sha256": hashlib.sha256(CUES.encode()).hexdigest(),
        "format": "webvtt",
        "encoding": "utf-8",
    }
    assert read(file) == read_bytes(CUES.encode(), "C:\\interviews\\talk.vtt")


def test_content_decides_before_the_extension():
    assert read_bytes(CUES.encode(), "talk.txt").format == "webvtt"
    assert read_bytes(b"1\n00:00:01,000 --> 00:00:02,000\nHi\n", "talk.vtt").format == "srt"
    assert read_bytes(b"Ann: Hi.\n\nBen: Hello.\n", "talk.log").format == "text"


def test_a_named_format_wins():
    parsed = read_bytes(CUES.encode(), "talk.vtt", format="text")
    assert parsed.format == "text"
    assert len(parsed.turns) > 1
    assert {known.name for known in FORMATS} >= {"webvtt", "srt", "text", "docx", "whisperx"}


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"", "talk.vtt", "it is empty"),
        (b"\xef\xbb\xbf \n\n", "talk.txt", "it is empty"),
        (bytes(range(256)) * 8, "talk.txt", "binary file"),
        (b"\x00\x01\x02" * 50, "talk", "binary file"),
        (b"%PDF-1.7 ...", "talk.pdf", "PDF.*save it as .docx"),
        (b"{\\rtf1 Ann: hi}", "talk.rtf", "RTF.*save it as .docx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "talk.doc", "password"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", "talk.wav", "recording"),
        (b"\x00\x00\x00\x18ftypM4A ", "talk.m4a", "recording"),
        (b"<!DOCTYPE html><p>Ann: hi</p>", "talk.html", "web page"),
        (b'<?xml version="1.0"?><tt></tt>', "talk.txt", "XML"),
        (b"print('hello')\n", "talk.py", r"not known \(\.py\)"),
        (b"WEBVTT\n\nNOTE nothing\n", "talk.vtt", "no cue with times"),
        (b"just words\n", "talk.srt", "no cue with times"),
        (b"just words\n", "talk.vtt", "WEBVTT"),
        (b"just words\n", "talk.json", "line 1.*JSON"),
        (b"WEBVTT\n\n00:01.000 --> 00:02.000\n\n", "talk.vtt", "no spoken text"),
        (
            b"WEBVTT\n\n00:01.000 --> 00:0x\nHi\n",
            "talk.vtt",
            "“talk.vtt”, line 3.*start and an end",
        ),
        (b"1\n00:61:99,0 --> 00:00:99,0\nHi\n", "talk.srt", "“talk.srt”, line 2"),
        (b"# parihs transcript\n\nno colon here\n", "talk.txt", "“talk.txt”, line 3"),
    ],
)
def test_files_that_cannot_be_read_say_why(data, name, said):
    with pytest.raises(ParihsError, match=said) as caught:
        read_bytes(data, name)
    assert type(caught.value) is ParihsError
    assert name in caught.value.message
    assert caught.value.hint


def test_paths_that_cannot_be_read(tmp_path):
    with pytest.raises(ParihsError, match=r"no file “missing.vtt”"):
        read(tmp_path / "missing.vtt")
    with pytest.raises(ParihsError, match="folder"):
        read(tmp_path)
    with pytest.raises(ParihsError, match="not a transcript format"):
        read_bytes(b"Hi", "talk.txt", format="wordstar")


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_damaged_files_are_read_or_refused_in_words(data):
    original = data.draw(st.sampled_from(SAMPLES))
    raw = bytearray(original.read_bytes())
    for _ in range(data.draw(st.integers(0, 5))):
        at = data.draw(st.integers(0, max(0, len(raw) - 1)))
        raw[at : at + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=5))
    with suppress(ParihsError):
        for turn in read_bytes(bytes(raw), original.name).turns:
            assert turn.text.strip()
            assert all(0 <= w.start < w.end <= len(turn.text) for w in turn.words)


def test_reading_needs_no_heavy_library():
    code = (
        "import sys, parihs.formats; "
        "print([m for m in ('torch', 'streamlit', 'dbos', 'pandas') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
