"""Which beginnings of lines are speakers, judged by the whole file."""

from __future__ import annotations

from pathlib import Path

import pytest

from parihs.formats import read, read_bytes

DATA = Path(__file__).parents[1] / "data" / "formats"


def speakers(*lines: str) -> list[str]:
    return read_bytes("\n\n".join(lines).encode(), "talk.txt").speakers


def test_notes_times_links_and_asides_are_not_speakers():
    parsed = read(DATA / "guarded_names.txt")
    assert parsed.speakers == ["Facilitator", "P1", "P2"]
    assert parsed.turns[0].text == "Project: Safer handovers"
    assert parsed.turns[3].speaker is None
    assert parsed.turns[4].text.startswith("10:30 is when")
    assert parsed.turns[5].text == "We do. And here is why: we are there."
    assert any("“P2”" in warning for warning in parsed.warnings)
    assert any("“Note”" in warning for warning in parsed.warnings)


@pytest.mark.parametrize(
    "name",
    [
        "Ann",
        "I",
        "Q",
        "SPEAKER_00",
        "Speaker 1",
        "Dr. J. Smith",
        "Suzy Davies AM",
        "Anne-Marie O'Neil",
        "Maria de la Cruz",
        "Ann (facilitator)",
        "Smith, J.",
        "王小明",
        "facilitator",
        "Participant",
        "Participants",
    ],
)
def test_names_people_use(name):
    assert speakers(f"{name}: Yes.", "Ben: No.", f"{name}: Why?", "Ben: So.") == [name, "Ben"]


@pytest.mark.parametrize(
    "beginning",
    ["Note", "NB", "10", "Yes", "So what is it? Tell", "https", "And here is the thing"],
)
def test_beginnings_that_recur_without_being_names(beginning):
    lines = [f"Ann: one {beginning.lower()}.", f"{beginning}: 30 beds.", "Ben: two.", "Ann: three."]
    assert speakers(*lines, f"{beginning}: 31 beds.", "Ben: four.") == ["Ann", "Ben"]


def test_colons_in_prose_name_nobody():
    prose = [f"Paragraph number {n} has no colon at all." for n in range(40)]
    assert speakers(*prose, "Handover: this matters.", "Handover: it does.") == []


def test_a_single_label_in_prose_is_not_a_speaker():
    assert speakers("We had two aims.", "Safety: no falls.", "We met them.") == []


def test_a_fullwidth_colon_needs_no_space():
    assert speakers("王小明：好。", "李华：不。", "王小明：为什么？") == ["王小明", "李华"]
