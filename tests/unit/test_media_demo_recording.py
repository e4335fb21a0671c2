"""The script that gives the demo transcripts a voice: what is said when, repeatably."""

from __future__ import annotations

import ctypes.util
import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from parihs.media import decode_to_pcm, plays_in_browser, probe
from tests.conftest import need

SCRIPT = Path(__file__).parents[2] / "scripts" / "make_demo_recording.py"

DRAFT = """WEBVTT

NOTE Invented.

intro-1
00:00:00.000 --> 00:00:00.000
<v Ada>Good morning, everybody. Ben &amp; I — well, we <00:00:09.000>tried [pause] twice.</v>

00:00:00.000 --> 00:00:00.000
<v Ben>[laughter] Twice? Three times.
<v Ada>Three, then.
"""


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_demo_recording", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    path = tmp_path / "draft.vtt"
    path.write_text(DRAFT, encoding="utf-8")
    return path


def test_turns_are_read_without_their_old_times(script: ModuleType, draft: Path) -> None:
    header, turns = script.read_turns(draft)
    assert header == "WEBVTT\n\nNOTE Invented."
    assert [(t.speaker, t.text, t.cue_id) for t in turns] == [
        ("Ada", "Good morning, everybody. Ben & I — well, we tried [pause] twice.", "intro-1"),
        ("Ben", "[laughter] Twice? Three times.", ""),
        ("Ada", "Three, then.", ""),
    ]


def test_plain_turns_are_read_too(script: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "draft.txt"
    path.write_text("Ada: First: hello.\n> a note: skipped\n\nBen: Yes.\n", encoding="utf-8")
    _, turns = script.read_turns(path)
    assert [(t.speaker, t.text) for t in turns] == [("Ada", "First: hello."), ("Ben", "Yes.")]


def test_words_without_a_time_stand_between_their_neighbours(script: ModuleType) -> None:
    spans = [(0, 2), (3, 4), (5, 9), (10, 12)]
    events = [(0, 40), (5, 640), (7, 700)]
    assert script._word_starts(spans, events, 40, 900) == [0, 300, 600, 750]


def test_each_speaker_has_one_voice_of_their_own(script: ModuleType) -> None:
    names = [f"Speaker {number}" for number in range(len(script.VOICES))]
    voices = script.cast(names, {})
    assert len(set(voices.values())) == len(names)
    assert script.cast(["Ada"], {}) == script.cast(["Ada"], {})
    chosen = script.Voice("en+f2", 50, 150)
    assert script.cast(["Ada", "Ben"], {"Ada": chosen})["Ada"] == chosen


def test_words_are_heard_when_the_transcript_says(
    script: ModuleType, draft: Path, tmp_path: Path
) -> None:
    need(bool(ctypes.util.find_library("espeak-ng")), "eSpeak NG's library")
    recording, timed = tmp_path / "out.ogg", tmp_path / "out.vtt"
    make_recording(draft, recording, timed)
    text = timed.read_text(encoding="utf-8")
    assert script.read_turns(timed) == script.read_turns(draft)

    info = probe(recording)
    assert (info.container, info.codec, info.channels) == ("ogg", "opus", 1)
    assert plays_in_browser(info)
    cues = re.findall(r"(\S+) --> (\S+)\n<v [^>]*>(.*)</v>", text)
    assert not re.search(r"<[\d:.]+>\[", text), "marks carry no time"
    assert "<v Ada>Good <" in text
    assert re.search(r"\[laughter\] <[\d:.]+>Twice\?", text)

    sound = decode_to_pcm(recording, tmp_path / "out.wav").read(0, 10**9)
    loudness = np.sqrt((sound[: len(sound) // 160 * 160].reshape(-1, 160) ** 2).mean(axis=1))
    before = 0
    for start, end, words in cues:
        starts = [milliseconds(time) for time in re.findall(r"<([\d:.]+)>", words)]
        assert starts == sorted(set(starts))
        assert milliseconds(start) < starts[0]
        assert starts[-1] < milliseconds(end)
        quiet = loudness[before // 10 + 5 : milliseconds(start) // 10 - 2]
        assert 0 < quiet.max() < 0.01, "room tone, and nobody speaking, between turns"
        before = milliseconds(end)
    twice = milliseconds(re.search(r"<([\d:.]+)>Twice\?", text)[1])  # type: ignore[index]
    assert loudness[twice // 10 - 20 : twice // 10 - 2].max() < 0.01
    assert loudness[twice // 10 : twice // 10 + 15].max() > 0.02

    again = tmp_path / "again.ogg"
    make_recording(draft, again, tmp_path / "again.vtt")
    assert again.read_bytes() == recording.read_bytes()
    assert (tmp_path / "again.vtt").read_text(encoding="utf-8") == text


def make_recording(*paths: Path) -> None:
    """Run the command as people do; eSpeak's inner state would differ in a reused process."""
    subprocess.run([sys.executable, SCRIPT, *paths], check=True, capture_output=True)


def milliseconds(clock: str) -> int:
    hours, minutes, seconds = clock.split(":")
    return int(hours) * 3_600_000 + int(minutes) * 60_000 + round(float(seconds) * 1000)
