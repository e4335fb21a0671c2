"""Give an invented transcript a voice: synthesise every turn and write down when each word is said.

    python scripts/make_demo_recording.py IN.vtt OUT.ogg OUT.vtt [--voice NAME=VOICE:PITCH:WPM …]

IN is a WebVTT file with voice tags, or a text file of ``Name: text`` lines (lines that start with
``>`` or ``#`` are skipped). OUT.ogg is mono Opus; OUT.vtt holds the same turns with true cue times
and a timestamp before each word. Marks such as ``[laughter]`` are not spoken and carry no time.
The demo study's recordings are made with it, so no person's voice is in them. It needs eSpeak NG's
library; the same version of that library makes the same sound and the same times again.
"""

from __future__ import annotations

import argparse
import ctypes
import ctypes.util
import hashlib
import html
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

Float32 = NDArray[np.float32]

RATE = 24_000
BIT_RATE = 16_000
LARGEST_BYTES = 2_000_000
SPEECH_LEVEL = 0.08
"""Root mean square of speech, about 22 dB under full scale."""
ROOM_LEVEL = 0.0009
PEAK = 0.75
"""Opus overshoots a little, so the loudest sample stays well below full scale."""
LEAD_MS = 900
MARK_MS = 700

MARK = re.compile(r"\[[^\]]*\]")
# Same length, so that positions in the text stay those of the transcript.
SPOKEN = str.maketrans(
    {"—": ",", "–": ",", "’": "'", "‘": "'", "“": " ", "”": " ", "…": ".", "*": " "}
)


@dataclass(frozen=True)
class Voice:
    """An eSpeak voice with pitch (0-100) and speed (words a minute)."""

    name: str
    pitch: int
    wpm: int


VOICES = (
    Voice("en+f2", 52, 156),
    Voice("en-gb-scotland+m3", 38, 160),
    Voice("en-gb-x-rp+f4", 58, 152),
    Voice("en-us+m5", 42, 164),
    Voice("en-gb-x-gbclan+f3", 46, 162),
    Voice("en-gb-x-rp+m1", 34, 150),
    Voice("en-gb-scotland+f1", 60, 158),
    Voice("en+m7", 48, 166),
    Voice("en-us+f5", 44, 154),
    Voice("en-gb-x-gbcwmd+m2", 40, 156),
    Voice("en-029+f3", 50, 154),
    Voice("en+m4", 30, 148),
    Voice("en-us+f2", 62, 166),
    Voice("en-gb-x-gbclan+m6", 44, 154),
)


@dataclass(frozen=True)
class Turn:
    """What one speaker says; ``cue_id`` is the cue's own line in WebVTT, if it had one."""

    speaker: str
    text: str
    cue_id: str = ""


@dataclass
class Said:
    """A turn on the recording's clock, in ms; one entry per word, None for marks."""

    turn: Turn
    start_ms: int
    end_ms: int
    word_ms: list[int | None] = field(default_factory=list)


# --- reading and writing transcripts ---------------------------------------------------------


def read_turns(path: Path) -> tuple[str, list[Turn]]:
    """Header (everything before the first cue) and turns of a WebVTT or ``Name: text`` file."""
    text = path.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
    if not text.startswith("WEBVTT"):
        lines = [line for line in text.split("\n") if line.strip() and line[0] not in ">#"]
        pairs = [line.split(":", 1) for line in lines if ":" in line]
        return "WEBVTT", [Turn(name.strip(), said.strip()) for name, said in pairs]
    header: list[str] = []
    turns: list[Turn] = []
    for block in re.split(r"\n{2,}", text.strip()):
        lines = block.split("\n")
        at = next((i for i, line in enumerate(lines) if "-->" in line), None)
        if at is None:
            if not turns:
                header.append(block)
            continue
        turns.extend(_cue_turns(" ".join(lines[at + 1 :]), "\n".join(lines[:at])))
    return "\n\n".join(header), turns


def _cue_turns(payload: str, cue_id: str) -> list[Turn]:
    parts = re.split(r"<v(?:\.[^\s>]*)?\s+([^>]*)>", payload)
    if parts[0].strip() or len(parts) == 1:
        raise SystemExit(f"This cue has no voice tag, so nobody can speak it: {payload[:60]}")
    voices = zip(parts[1::2], parts[2::2], strict=True)
    return [
        Turn(html.unescape(name).strip(), plain, cue_id if number == 0 else "")
        for number, (name, said) in enumerate(voices)
        if (plain := " ".join(html.unescape(re.sub(r"<[^>]*>", "", said)).split()))
    ]


def write_vtt(path: Path, header: str, said: Sequence[Said]) -> None:
    """Write turns as cues with a timestamp before each word that does not start its cue."""
    blocks = [header]
    for item in said:
        words = []
        for (start, end), ms in zip(tokens(item.turn.text), item.word_ms, strict=True):
            word = html.escape(item.turn.text[start:end], quote=False)
            timed = ms is not None and ms != item.start_ms
            words.append(f"<{clock(ms)}>{word}" if timed and ms is not None else word)
        speaker = html.escape(item.turn.speaker, quote=False)
        times = f"{clock(item.start_ms)} --> {clock(item.end_ms)}"
        cue = f"{times}\n<v {speaker}>{' '.join(words)}</v>"
        blocks.append(f"{item.turn.cue_id}\n{cue}" if item.turn.cue_id else cue)
    path.write_text("\n\n".join(blocks) + "\n", encoding="utf-8")


def tokens(text: str) -> list[tuple[int, int]]:
    """Positions of whitespace-separated words; a mark in brackets is one word."""
    return [m.span() for m in re.finditer(r"\[[^\]]*\][^\s\[]*|[^\s\[]+|\[", text)]


def clock(ms: int) -> str:
    """``hh:mm:ss.mmm``"""
    seconds, rest = divmod(ms, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:03}"


# --- eSpeak NG ---------------------------------------------------------------------------------


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_char * 8),
    )


_CALLBACK = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
)
_SYNCHRONOUS, _CHARACTERS, _UTF8 = 2, 1, 1
_EVENT_END_OF_LIST, _EVENT_WORD = 0, 1
_SPEED, _PITCH, _PITCH_RANGE = 1, 3, 4


class Synthesiser:
    """eSpeak NG through its C library, which also tells when each word begins."""

    def __init__(self) -> None:
        name = ctypes.util.find_library("espeak-ng") or "libespeak-ng.so.1"
        try:
            self._library = ctypes.CDLL(name)
        except OSError:
            raise SystemExit("eSpeak NG's library was not found: install espeak-ng.") from None
        self.rate = self._library.espeak_Initialize(_SYNCHRONOUS, 0, None, 0)
        if self.rate <= 0:
            raise SystemExit("eSpeak NG could not start: its voice data are missing.")
        self._samples: list[NDArray[np.int16]] = []
        self._words: list[tuple[int, int]] = []
        self._callback = _CALLBACK(self._receive)
        self._library.espeak_SetSynthCallback(self._callback)

    def say(self, text: str, voice: Voice) -> tuple[Float32, list[tuple[int, int]]]:
        """Samples at ``rate``, and (position in ``text``, ms) for each word in order."""
        self._samples, self._words = [], []
        library = self._library
        if library.espeak_SetVoiceByName(voice.name.encode()) != 0:
            raise SystemExit(f"eSpeak NG has no voice {voice.name}.")
        library.espeak_SetParameter(_SPEED, voice.wpm, 0)
        library.espeak_SetParameter(_PITCH, voice.pitch, 0)
        library.espeak_SetParameter(_PITCH_RANGE, 55, 0)
        data = text.translate(SPOKEN).encode() + b"\x00"
        library.espeak_Synth(data, ctypes.c_size_t(len(data)), 0, _CHARACTERS, 0, _UTF8, None, None)
        pcm = np.concatenate(self._samples) if self._samples else np.zeros(0, np.int16)
        return (pcm / np.float32(32768)).astype(np.float32), self._words

    def _receive(self, wav: ctypes._Pointer[ctypes.c_short], count: int, events: object) -> int:
        if wav and count > 0:
            self._samples.append(np.ctypeslib.as_array(wav, (count,)).copy())
        at = 0
        while events and events[at].type != _EVENT_END_OF_LIST:  # type: ignore[index]
            event = events[at]  # type: ignore[index]
            if event.type == _EVENT_WORD:
                # eSpeak counts characters from 1.
                self._words.append((event.text_position - 1, event.audio_position))
            at += 1
        return 0


# --- one recording -----------------------------------------------------------------------------


def cast(speakers: Sequence[str], chosen: dict[str, Voice]) -> dict[str, Voice]:
    """A voice for each speaker: the same name gets the same voice unless two would share one."""
    voices = dict(chosen)
    free = [voice for voice in VOICES if voice not in chosen.values()]
    for speaker in speakers:
        if speaker in voices:
            continue
        pool = free or list(VOICES)
        number = int.from_bytes(hashlib.sha256(speaker.encode()).digest()[:4], "big")
        wanted = VOICES[number % len(VOICES)]
        voice = wanted if wanted in pool else pool[number % len(pool)]
        voices[speaker] = voice
        if voice in free:
            free.remove(voice)
    return voices


def speak_turn(
    synthesiser: Synthesiser, turn: Turn, voice: Voice
) -> tuple[Float32, list[int | None]]:
    """Sound of one turn at RATE, trimmed to its first and last audible sample, and word times.

    Times are ms from the turn's start; None for marks, which become a short silence.
    """
    spans = tokens(turn.text)
    times: list[int | None] = [None] * len(spans)
    pieces: list[Float32] = []
    n_samples = 0
    for first, last, is_mark in _runs(turn.text, spans):
        if is_mark:
            sound = np.zeros(MARK_MS * RATE // 1000, np.float32)
        else:
            offset = spans[first][0]
            raw, events = synthesiser.say(turn.text[offset : spans[last - 1][1]], voice)
            sound, cut_ms = _trimmed(_resampled(raw, synthesiser.rate))
            before = n_samples * 1000 // RATE
            length = len(sound) * 1000 // RATE
            run = [(start - offset, end - offset) for start, end in spans[first:last]]
            starts = _word_starts(run, events, cut_ms, length)
            times[first:last] = [before + ms for ms in starts]
        pieces.append(sound)
        n_samples += len(sound)
    return np.concatenate(pieces), times


def _runs(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int, bool]]:
    """Consecutive tokens that are spoken together, and marks one by one: (first, last, mark)."""
    runs: list[tuple[int, int, bool]] = []
    for number, (start, end) in enumerate(spans):
        is_mark = bool(MARK.match(text[start:end]))
        if runs and not is_mark and not runs[-1][2]:
            runs[-1] = (runs[-1][0], number + 1, False)
        else:
            runs.append((number, number + 1, is_mark))
    return runs


def _word_starts(
    spans: Sequence[tuple[int, int]], events: Sequence[tuple[int, int]], cut_ms: int, length: int
) -> list[int]:
    """Start of each word: its first event's time, or a place between its neighbours'."""
    known: dict[int, int] = {0: 0}
    for position, ms in events:
        number = next((i for i, (_, end) in enumerate(spans) if position < end), None)
        if number is not None and number not in known:
            known[number] = min(max(0, ms - cut_ms), length)
    at = sorted(known)
    # A later word never starts before an earlier one.
    values = np.maximum.accumulate([known[number] for number in at])
    return [
        round(float(ms))
        for ms in np.interp(range(len(spans)), [*at, len(spans)], [*values, length])
    ]


def _trimmed(sound: Float32) -> tuple[Float32, int]:
    """Sound without the silence around it, and how many ms were cut in front."""
    audible = np.flatnonzero(np.abs(sound) > 0.01)
    if not len(audible):
        return sound, 0
    start = max(0, int(audible[0]) - RATE // 100) // (RATE // 1000) * (RATE // 1000)
    return sound[start : audible[-1] + RATE // 25], start * 1000 // RATE


def _resampled(sound: Float32, rate: int) -> Float32:
    resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
    frame = av.AudioFrame.from_ndarray(sound[None, :], format="flt", layout="mono")
    frame.sample_rate = rate
    parts = [
        part.to_ndarray()[0] for part in [*resampler.resample(frame), *resampler.resample(None)]
    ]
    return np.concatenate(parts).astype(np.float32)


def pause_ms(previous: str, number: int) -> int:
    """Silence after a turn: short after an interruption or question, else varied but repeatable."""
    chance = np.random.default_rng(number + len(previous))
    if previous.rstrip().endswith(("—", "–", "-")):
        return int(chance.integers(50, 120))
    if previous.rstrip().endswith("?"):
        return int(chance.integers(250, 550))
    return int(chance.integers(350, 1000))


def perform(turns: Sequence[Turn], voices: dict[str, Voice]) -> tuple[Float32, list[Said]]:
    """The whole recording at RATE, over gentle room tone, and when everything was said."""
    synthesiser = Synthesiser()
    said: list[Said] = []
    pieces: list[Float32] = []
    now = 0

    def silence(ms: int) -> None:
        nonlocal now
        pieces.append(np.zeros(ms * RATE // 1000, np.float32))
        now += len(pieces[-1])

    silence(LEAD_MS)
    for number, turn in enumerate(turns):
        if number:
            silence(pause_ms(turns[number - 1].text, number))
        sound, times = speak_turn(synthesiser, turn, voices[turn.speaker])
        sound = _levelled(sound)
        # Whole milliseconds, so that every start is exact on the clock.
        sound = np.pad(sound, (0, -len(sound) % (RATE // 1000)))
        start = now * 1000 // RATE
        pieces.append(sound)
        now += len(sound)
        word_ms = [None if ms is None else start + ms for ms in times]
        said.append(Said(turn, start, now * 1000 // RATE, word_ms))
    silence(LEAD_MS)
    whole = np.concatenate(pieces)
    whole = whole + room_tone(len(whole))
    peak = float(np.abs(whole).max())
    return (whole * np.float32(min(1.0, PEAK / peak))).astype(np.float32), said


def _levelled(sound: Float32) -> Float32:
    """Every turn equally loud, since the voices are not; a turn of marks only stays silent."""
    audible = sound[np.abs(sound) > 0.01]
    if not len(audible):
        return sound
    loudness = float(np.sqrt(np.mean(audible**2, dtype=np.float64)))
    return (sound * np.float32(SPEECH_LEVEL / loudness)).astype(np.float32)


def room_tone(n_samples: int) -> Float32:
    """Soft low noise, so that pauses sound like a room and not like a cut."""
    noise = np.random.default_rng(7).standard_normal(n_samples + 48).astype(np.float32)
    smooth = np.convolve(noise, np.ones(48, np.float32) / 48, "full")[48 : 48 + n_samples]
    return (smooth * np.float32(ROOM_LEVEL / float(smooth.std()))).astype(np.float32)


def write_opus(path: Path, sound: Float32) -> None:
    """Encode as mono Opus in Ogg, the same bytes every time, and demand that it stays small."""
    budget = int(LARGEST_BYTES * 8 * 0.93 / (len(sound) / RATE))
    options = {"application": "voip", "frame_duration": "60", "vbr": "on"}
    with av.open(str(path), "w", format="ogg", options={"fflags": "+bitexact"}) as container:
        stream = container.add_stream("libopus", rate=RATE, layout="mono", options=options)
        stream.bit_rate = min(BIT_RATE, budget)
        size = RATE * 60 // 1000
        for at in range(0, len(sound), size):
            block = np.pad(sound[at : at + size], (0, max(0, at + size - len(sound))))
            frame = av.AudioFrame.from_ndarray(block[None, :], format="flt", layout="mono")
            frame.sample_rate, frame.pts = RATE, at
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    if path.stat().st_size > LARGEST_BYTES:
        raise SystemExit(f"{path.name} has {path.stat().st_size} bytes: shorten the transcript.")


def _voice_option(value: str) -> tuple[str, Voice]:
    name, _, voice = value.partition("=")
    parts = voice.split(":")
    try:
        return name, Voice(parts[0], int(parts[1]), int(parts[2]))
    except (IndexError, ValueError):
        raise argparse.ArgumentTypeError("write NAME=VOICE:PITCH:WPM") from None


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; see the top of this file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("transcript", type=Path, help="WebVTT with voice tags, or Name: text lines")
    parser.add_argument("recording", type=Path, help="Ogg Opus file to write")
    parser.add_argument("timed", type=Path, help="WebVTT file with word times to write")
    parser.add_argument(
        "--voice",
        action="append",
        default=[],
        type=_voice_option,
        metavar="NAME=VOICE:PITCH:WPM",
        help="choose a speaker's voice, for example 'Maren=en+f2:55:170'",
    )
    options = parser.parse_args(arguments)
    header, turns = read_turns(options.transcript)
    if not turns:
        raise SystemExit(f"{options.transcript} holds no turns.")
    voices = cast(list(dict.fromkeys(turn.speaker for turn in turns)), dict(options.voice))
    sound, said = perform(turns, voices)
    write_opus(options.recording, sound)
    write_vtt(options.timed, header, said)
    n_words = sum(ms is not None for item in said for ms in item.word_ms)
    size = options.recording.stat().st_size
    print(f"{len(turns)} turns, {n_words} words, {clock(len(sound) * 1000 // RATE)}, {size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
