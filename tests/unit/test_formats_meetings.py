"""What Zoom, Teams, Otter and Google Meet export, as their files really come."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import pytest

from parihs.formats import read, read_bytes
from parihs.model import ParsedTranscript

DATA = Path(__file__).parents[1] / "data" / "formats"
BEGIN, WAITED, WHO = "Shall we begin?", "We waited for the nurse.", "Who else was there?"


def rows(parsed: ParsedTranscript) -> list[tuple[str | None, str, int | None]]:
    assert all(turn.end_ms is None for turn in parsed.turns)
    return [(turn.speaker, turn.text, turn.start_ms) for turn in parsed.turns]


def as_document(name: str) -> bytes:
    """The text file as a Word document, a paragraph per line."""
    made = docx.Document()
    for line in (DATA / name).read_text(encoding="utf-8").splitlines():
        made.add_paragraph(line.strip())
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def test_zoom_captions_count_from_the_first_line_past_midnight():
    parsed = read(DATA / "zoom_captions.txt")
    assert parsed.format == "zoom"
    assert rows(parsed) == [
        ("Ann Example", BEGIN, 0),
        ("Ben Okafor", f"{WAITED}\nAnd for the bed.", 8_000),
        ("Ann Example", WHO, 75_000),
    ]
    assert "time of day" in parsed.warnings[0]


def test_zoom_chat_leaves_out_what_was_private():
    parsed = read(DATA / "zoom_chat.txt")
    assert rows(parsed) == [
        ("Ann Example", "Here is the rota.\nAnd the list.", 0),
        ("Ben Okafor", "Thank you: it is 10:05 now.", 120_000),
    ]
    said = " ".join(parsed.warnings)
    assert "chat" in said
    assert "1 private message left out" in said
    assert "1 reaction left out" in said
    assert rows(read(DATA / "zoom_chat_client.txt")) == [
        ("Ann Example", "Here is the rota.", 0),
        ("Ben Okafor", "Thank you.", 120_000),
    ]


def test_meet_transcript_below_gemini_notes():
    parsed = read(DATA / "meet_gemini.md")
    assert parsed.format == "meet"
    assert rows(parsed) == [
        ("Ann Example", f"{BEGIN} It is a *long* list.", 0),
        ("Ben Okafor", WAITED, None),
        ("Ann Example's Presentation", WHO, 300_000),
        ("Ben Okafor", "Nobody.", None),
    ]
    said = " ".join(parsed.warnings)
    assert "above the transcript left out" in said
    assert "2 turns have none of their own" in said


@pytest.mark.parametrize("how", ["text", "document"])
def test_meet_document_of_older_meetings(how):
    name = "meet_document.txt"
    parsed = read(DATA / name) if how == "text" else read_bytes(as_document(name), "talk.docx")
    assert rows(parsed) == [
        ("Ann Example", BEGIN, None),
        ("Ben Okafor", WAITED, None),
        ("Ann Example", WHO, 300_000),
    ]


def test_a_meet_transcript_that_breaks_off_says_so():
    text = (DATA / "meet_document.txt").read_text(encoding="utf-8").split("Transcription ended")[0]
    parsed = read_bytes(text.encode(), "talk.txt")
    assert len(parsed.turns) == 3
    assert any("cut off" in warning for warning in parsed.warnings)


def test_otter_without_times_has_names_above_paragraphs():
    parsed = read(DATA / "otter_without_times.txt")
    assert rows(parsed) == [
        ("Ann Example", BEGIN, None),
        ("Ben Okafor", f"{WAITED} It was a long\nwait.", None),
        ("Unknown Speaker", WHO, None),
    ]


@pytest.mark.parametrize("how", ["text", "document"])
def test_teams_names_carry_their_hospital(how):
    name = "teams_hospital.txt"
    parsed = read(DATA / name) if how == "text" else read_bytes(as_document(name), "talk.docx")
    ben = "OKAFOR, Ben (NORTHMOOR AND HARROWDALE HOSPITALS NHS TRUST)"
    assert rows(parsed) == [
        (ben, f"{BEGIN}\nIt is ten past ten: we start at 10:10", 3_000),
        ("Example, Ann | Ward 7", WAITED, 9_000),
        (ben, WHO, 3_729_000),
    ]
    assert "2 lines by the transcription service left out." in parsed.warnings


def test_a_short_answer_after_its_time_is_no_speaker():
    lines = ["[0:01] we waited for the nurse", "[0:05] Yes", "[0:06] and for the bed", "[0:09] Yes"]
    parsed = read_bytes("\n".join(lines).encode(), "talk.txt")
    assert [(t.speaker, t.text, t.start_ms) for t in parsed.turns] == [
        (None, "we waited for the nurse", 1_000),
        (None, "Yes", 5_000),
        (None, "and for the bed", 6_000),
        (None, "Yes", 9_000),
    ]
