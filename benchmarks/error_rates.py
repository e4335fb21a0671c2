"""Word and speaker error rates of a whole transcription, on material with references.

    python benchmarks/error_rates.py [--recordings FOLDER] [--models FOLDER --model NAME]
    python benchmarks/error_rates.py pair HEARD REFERENCE [--models FOLDER --model NAME]
    python benchmarks/error_rates.py oracles [CASES]

The first transcribes material whose words and speakers are known and prints a table: sentences of
the test model's grammar, spoken by a synthesiser; the demo recording; and, where ``--recordings``
leads to real meetings with an .rttm file, those. The second measures your own: HEARD is a
transcript, or a recording to transcribe first, REFERENCE a transcript made by people, in any format
that can be imported. The third holds our rates against jiwer and pyannote.metrics, as far as they
are installed.

Without ``--models`` the test model is used, which knows one small grammar: its word error rate says
that the chain works, and nothing about real speech.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from benchmarks.error_metrics import (
    SpeakerErrors,
    Speech,
    WordErrors,
    normalised,
    read_rttm,
    speaker_errors,
    word_errors,
)
from parihs.exchange.demo import demo_folder
from parihs.formats import read
from parihs.media import probe
from parihs.model import ParsedTranscript
from parihs.transcribe import TranscriptionSettings, transcribe
from parihs.transcribe.journal import Journal
from tests.unit.transcribe_speech import model_folder, workshop

TOLERANCE = 1e-9
COLLAR_MS = 250
SENTENCES = 30
TURNS_FOR_A_COLLAR = "with 0.25 s left out around each reference boundary"


@dataclass(frozen=True)
class Material:
    """A recording whose words (if given) and turns are known."""

    name: str
    recording: Path
    words: list[str] | None
    turns: list[Speech]
    settings: dict[str, Any]


@dataclass(frozen=True)
class Row:
    """What was measured on one recording with one way of transcribing."""

    name: str
    words: WordErrors | None
    voices: SpeakerErrors | None
    forgiving: SpeakerErrors | None
    """The same with a collar."""
    shown: SpeakerErrors | None
    """Of the turns that the transcript shows, after each word was given to a speaker."""
    seconds: float


def synthesised(folder: Path) -> Material:
    """Sentences the test model has learned to hear, in three voices."""
    spoken = workshop(folder / "grammar.wav", SENTENCES, seed=11)
    return Material(
        f"{SENTENCES} synthesised sentences, 3 voices",
        folder / "grammar.wav",
        normalised(" ".join(sentence.text for sentence in spoken)),
        [Speech(s.start_ms, s.end_ms, str(s.voice)) for s in spoken],
        {"chunk_seconds": 5, "language": "en"},
    )


def demo(with_words: bool) -> Material:
    """The recording of the demo study: eleven minutes, synthesised, interrupted as people do."""
    sound = next(demo_folder().glob("*.ogg"))
    reference = read(sound.with_suffix(".vtt"))
    words = normalised(" ".join(turn.text for turn in reference.turns))
    turns = speech_of(reference)
    settings = {"language": "en"}
    return Material(
        "the demo's workshop, 11 min", sound, words if with_words else None, turns, settings
    )


def meetings(folder: Path) -> Iterator[Material]:
    """Real meetings with reference turns."""
    for file in sorted(folder.glob("*.rttm")):
        for name, turns in sorted(read_rttm(file).items()):
            sound = folder / f"{name}.wav"
            if sound.exists():
                yield Material(name, sound, None, turns, {"language": "en"})


def speech_of(transcript: ParsedTranscript) -> list[Speech]:
    """The turns of a transcript that have times and a speaker."""
    return [
        Speech(turn.start_ms, turn.end_ms, turn.speaker)
        for turn in transcript.turns
        if turn.speaker and turn.start_ms is not None and turn.end_ms is not None
    ]


def measure(material: Material, models: Path, label: str, **settings: Any) -> Row:
    """Transcribe it as a job would, and compare."""
    chosen = TranscriptionSettings(**{**material.settings, **settings})
    with tempfile.TemporaryDirectory() as place:
        began = time.monotonic()
        transcript = transcribe(material.recording, Path(place) / "job", models, chosen)
        seconds = time.monotonic() - began
        found = Journal(Path(place) / "job").voices() or []
    if not found and chosen.engine != "faster_whisper":
        print(f"no voices were found: {' '.join(transcript.warnings)}", file=sys.stderr)
    voices = [Speech(v.start_ms, v.end_ms, v.label) for v in found]
    shown = speech_of(transcript)
    heard = normalised(" ".join(turn.text for turn in transcript.turns))
    return Row(
        f"{material.name}; {label}",
        None if material.words is None else word_errors(material.words, heard),
        speaker_errors(material.turns, voices) if voices else None,
        speaker_errors(material.turns, voices, COLLAR_MS) if voices else None,
        speaker_errors(material.turns, shown) if shown and material.words else None,
        seconds,
    )


def table(materials: Sequence[Material], models: Path, model: str | None) -> list[Row]:
    """Each material with the number of speakers given, and not given; words with both engines."""
    rows = []
    for material in materials:
        people = len({turn.speaker for turn in material.turns})
        known = {"min_speakers": people, "max_speakers": people}
        if material.words is not None:
            row = measure(material, models, "faster-whisper", model=model, engine="faster_whisper")
            rows.append(show(row))
        for label, given in ((f"WhisperX, {people} given", known), ("WhisperX, open", {})):
            rows.append(show(measure(material, models, label, model=model, **given)))
    return rows


HEAD = (
    f"{'material':58}{'words':>7}{'wrong':>8}{'sub':>5}{'ins':>5}{'del':>5}"
    f"{'speech':>9}{'wrong':>8}{'missed':>8}{'false':>7}{'mixed':>7}{'collar':>8}{'shown':>7}"
    f"{'took':>7}{'load':>6}"
)


def show(row: Row) -> Row:
    """Print a row as soon as it is known."""
    words = f"{'–':>7}{'–':>8}{'':15}"
    if row.words is not None:
        w = row.words
        words = f"{w.words:7}{percent(w.rate):>8}{w.substitutions:5}{w.insertions:5}{w.deletions:5}"
    speakers = f"{'–':>9}{'–':>8}{'':37}"
    if row.voices is not None:
        v, ms = row.voices, max(row.voices.speech_ms, 1)
        speakers = (
            f"{v.speech_ms / 1000:8.0f}s{percent(v.rate):>8}{percent(v.missed_ms / ms):>8}"
            f"{percent(v.false_alarm_ms / ms):>7}{percent(v.confusion_ms / ms):>7}"
            f"{percent(row.forgiving.rate if row.forgiving else None):>8}"
            f"{percent(row.shown.rate if row.shown else None):>7}"
        )
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    print(f"{row.name[:57]:58}{words}{speakers}{row.seconds:6.0f}s{load:6.1f}", flush=True)
    return row


def percent(rate: float | None) -> str:
    """A rate as people read it."""
    return "–" if rate is None else f"{rate:.1%}"


def summed(rows: Sequence[Row], part: str) -> str:
    """Speaker error rate over several recordings: errors summed before they are divided."""
    chosen = [row.voices for row in rows if part in row.name and row.voices]
    if not chosen:
        return ""
    total = chosen[0]
    for voices in chosen[1:]:
        total = total + voices
    label = "number of speakers" + (" left open" if "open" in part else part)
    return f"{len(chosen)} recordings, {label}: {percent(total.rate)} speaker error"


def measure_all(options: argparse.Namespace) -> int:
    """The table over everything that is here."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        models = options.models or model_folder(folder / "models")
        model = options.model if options.models else "fixture"
        if not options.models:
            print("Test model: its words say that the chain works, nothing about real speech.")
        print(HEAD)
        table([synthesised(folder), demo(bool(options.models))], models, model)
        if options.recordings:
            real = table(list(meetings(options.recordings)), models, model)
            for part in (" given", ", open"):
                print(summed(real, part))
    print(
        "sub, ins, del: words. missed, false, mixed: shares of reference speech. collar: the same "
        f"error {TURNS_FOR_A_COLLAR}. shown: error of the transcript's turns."
    )
    return 0


def measure_pair(options: argparse.Namespace) -> int:
    """A transcript, or a recording that is transcribed first, against a reference."""
    reference = read(options.reference)
    heard = transcript_of(options.heard, options)
    words = word_errors(
        normalised(" ".join(turn.text for turn in reference.turns)),
        normalised(" ".join(turn.text for turn in heard.turns)),
    )
    print(f"words in the reference   {words.words}")
    print(f"word error rate          {percent(words.rate)}")
    print(f"  replaced               {words.substitutions}")
    print(f"  invented               {words.insertions}")
    print(f"  left out               {words.deletions}")
    said, found = speech_of(reference), speech_of(heard)
    if not said or not found:
        which = "the reference" if not said else "the transcript"
        print(
            f"speaker error rate       not measured: {which} has no turns with times and speakers"
        )
        return 0
    for collar in (0, COLLAR_MS):
        errors = speaker_errors(said, found, collar)
        ms = max(errors.speech_ms, 1)
        note = f", {TURNS_FOR_A_COLLAR}" if collar else ""
        print(f"speaker error rate       {percent(errors.rate)}{note}")
        print(f"  missed                 {percent(errors.missed_ms / ms)}")
        print(f"  false alarm            {percent(errors.false_alarm_ms / ms)}")
        print(f"  wrong speaker          {percent(errors.confusion_ms / ms)}")
    return 0


def transcript_of(file: Path, options: argparse.Namespace) -> ParsedTranscript:
    """A transcript file as it is; anything else is taken for a recording and transcribed."""
    if file.suffix.lower() in (".vtt", ".srt", ".txt", ".json", ".docx", ".csv", ".tsv"):
        return read(file)
    if options.models is None:
        sys.exit("A recording needs --models FOLDER, the folder of your speech models.")
    print(f"transcribing {probe(file).duration_ms / 60_000:.0f} minutes", file=sys.stderr)
    settings = TranscriptionSettings(
        model=options.model,
        language=options.language,
        min_speakers=options.speakers,
        max_speakers=options.speakers,
    )
    with tempfile.TemporaryDirectory() as place:
        return transcribe(file, Path(place) / "job", options.models, settings)


def oracles(options: argparse.Namespace) -> int:
    """Random texts and turns, measured by us and by public libraries; 1 on any difference."""
    choose = random.Random(1)
    wrong = 0
    for name, compare in (("jiwer", against_jiwer), ("pyannote.metrics", against_pyannote)):
        try:
            largest = max(compare(choose) for _ in range(options.cases))
        except ImportError:
            print(f"{name:18}not installed")
            continue
        wrong += largest > TOLERANCE
        print(f"{name:18}{options.cases} cases, largest difference {largest:.1e}")
    return int(wrong > 0)


def against_jiwer(choose: random.Random) -> float:
    """Difference in word error rate on two random texts."""
    import jiwer

    said = [choose.choice("abcdef") for _ in range(choose.randint(1, 40))]
    heard = [word for word in said if choose.random() > 0.2]
    heard = [choose.choice("abcdef") if choose.random() < 0.3 else word for word in heard]
    heard += [choose.choice("abcdef") for _ in range(choose.randint(0, 5))]
    theirs = jiwer.wer(" ".join(said), " ".join(heard) or "")
    ours = word_errors(said, heard).rate
    return abs(float(theirs) - (ours or 0.0))


def against_pyannote(choose: random.Random) -> float:
    """Largest difference in any part of the speaker error rate on random turns."""
    from pyannote.core import Annotation, Segment, Timeline
    from pyannote.metrics.diarization import DiarizationErrorRate

    said, heard = random_turns(choose), random_turns(choose)
    # their collar is the whole width around a boundary, ours each side of it, as in evaluations
    collar = choose.choice([0, 250])
    sides = []
    for turns in (said, heard):
        sides.append(Annotation())
        for number, turn in enumerate(turns):
            sides[-1][Segment(turn.start_ms / 1000, turn.end_ms / 1000), number] = turn.speaker
    whole = Timeline([Segment(-10, 100)])
    theirs = DiarizationErrorRate(collar=2 * collar / 1000)(
        sides[0], sides[1], uem=whole, detailed=True
    )
    ours = speaker_errors(said, heard, collar)
    pairs = (
        ("total", ours.speech_ms),
        ("missed detection", ours.missed_ms),
        ("false alarm", ours.false_alarm_ms),
        ("confusion", ours.confusion_ms),
    )
    # they add up seconds as floating point numbers; milliseconds are what both know
    return max(abs(round(theirs[name] * 1000) - value) for name, value in pairs)


def random_turns(choose: random.Random) -> list[Speech]:
    """Some turns of up to three speakers; nobody speaks over themselves."""
    turns = []
    for who in "xyz"[: choose.randint(1, 3)]:
        at = 0
        for _ in range(choose.randint(1, 4)):
            start = at + choose.randint(20, 4000)
            at = start + choose.randint(200, 5000)
            turns.append(Speech(start, at, who))
    return turns


def main() -> int:
    """Read the command line and do one of the three."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--models", type=Path, help="your model folder")
    parser.add_argument("--model", help="name of the recognition model in it")
    parser.add_argument("--recordings", type=Path, help="folder of .wav files and an .rttm")
    actions = parser.add_subparsers()
    pair = actions.add_parser("pair", help="measure your own transcript against a reference")
    pair.add_argument("heard", type=Path)
    pair.add_argument("reference", type=Path)
    pair.add_argument("--models", type=Path)
    pair.add_argument("--model")
    pair.add_argument("--language", default="en")
    pair.add_argument("--speakers", type=int)
    pair.set_defaults(action=measure_pair)
    compared = actions.add_parser("oracles", help="compare our rates with public libraries")
    compared.add_argument("cases", nargs="?", type=int, default=500)
    compared.set_defaults(action=oracles)
    parser.set_defaults(action=measure_all)
    options = parser.parse_args()
    result: int = options.action(options)
    return result


if __name__ == "__main__":
    sys.exit(main())
