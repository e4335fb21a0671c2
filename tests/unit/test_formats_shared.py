"""One real meeting in the formats people upload, and two transcripts of a research corpus."""

from __future__ import annotations

from pathlib import Path

import pytest

from parihs.formats import read

SHARED = Path(__file__).parents[3] / "shared" / "transcripts"
ROLES = ["User Interface", "Project Manager", "Marketing", "Industrial Designer"]
WORDS_IN_MEETING = 587

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared transcripts are not here")


@pytest.mark.parametrize(
    ("name", "format", "first", "last"),
    [
        ("teams_v.vtt", "webvtt", (500, 1700), (269858, 270458)),
        ("zoom.vtt", "webvtt", (500, 1700), (269858, 270458)),
        ("plain.srt", "srt", (500, 1700), (269858, 270458)),
        ("otter.txt", "otter", (0, None), (269000, None)),
        ("nvivo_tab.txt", "table", (500, 1700), (269800, 270400)),
        ("speakers_only.txt", "text", (None, None), (None, None)),
    ],
)
def test_the_meeting_reads_the_same_from_every_format(name, format, first, last):
    parsed = read(SHARED / name)
    assert parsed.format == format
    assert len(parsed.turns) == 53
    assert parsed.speakers == ROLES
    assert parsed.n_words == WORDS_IN_MEETING
    assert (parsed.turns[0].speaker, parsed.turns[0].text) == ("User Interface", "Hmm hmm hmm.")
    assert (parsed.turns[-1].speaker, parsed.turns[-1].text) == ("User Interface", "Mm.")
    assert (parsed.turns[0].start_ms, parsed.turns[0].end_ms) == first
    assert (parsed.turns[-1].start_ms, parsed.turns[-1].end_ms) == last
    reference = read(SHARED / "speakers_only.txt")
    assert [t.text for t in parsed.turns] == [t.text for t in reference.turns]
    assert [t.speaker for t in parsed.turns] == [t.speaker for t in reference.turns]


@pytest.mark.parametrize(
    ("name", "n_warnings"),
    [("teams_v.vtt", 0), ("zoom.vtt", 0), ("plain.srt", 0), ("nvivo_tab.txt", 0), ("otter.txt", 1)],
)
def test_only_what_was_left_out_is_warned_about(name, n_warnings):
    assert len(read(SHARED / name).warnings) == n_warnings


def test_whisperx_words_lie_in_their_turns():
    parsed = read(SHARED / "whisperx.json")
    assert (parsed.format, parsed.language, len(parsed.turns)) == ("whisperx", "en", 53)
    assert parsed.speakers == ["SPEAKER_03", "SPEAKER_02", "SPEAKER_01", "SPEAKER_00"]
    assert sum(len(turn.words) for turn in parsed.turns) == WORDS_IN_MEETING
    assert (parsed.turns[0].start_ms, parsed.turns[-1].end_ms) == (500, 270458)
    for turn in parsed.turns:
        assert [turn.text[w.start : w.end] for w in turn.words] == turn.text.split()
        assert turn.words[0].start_ms == turn.start_ms
        assert all(word.confidence == 0.9 and not word.interpolated for word in turn.words)


def test_corpus_meeting_loses_marks_and_spaced_punctuation():
    parsed = read(SHARED / "Product_test_ES2004a.json")
    assert parsed.format == "json"
    assert len(parsed.turns) == 298
    assert parsed.speakers == ROLES
    assert parsed.duration_ms is None
    assert any("123 marks" in warning for warning in parsed.warnings)
    assert any("22 turns" in warning for warning in parsed.warnings)
    assert not any("{" in turn.text or " ." in turn.text for turn in parsed.turns)
    spoken = read(SHARED / "speakers_only.txt").turns
    assert [t.text for t in parsed.turns[:5]] == [t.text for t in spoken[:5]]


def test_corpus_hearing_is_kept_word_for_word():
    parsed = read(SHARED / "Committee_test_education_13.json")
    assert len(parsed.turns) == 133
    assert parsed.speakers == [
        "Lynne Neagle AM",
        "Barry Hughes",
        "Sian Gwenllian AM",
        "Dawn Bowden AM",
        "Suzy Davies AM",
        "Vikki Howells AM",
        "Janet Finch-Saunders AM",
    ]
    assert parsed.turns[0].text.startswith("Good afternoon, everyone. Welcome to the Children,")
    assert parsed.turns[-1].text.endswith("Are Members content? Thank you.")
    assert any("[Laughter.]" in turn.text for turn in parsed.turns)
    assert parsed.warnings == ()
