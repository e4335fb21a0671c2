"""The language of a recording: given, known of it, or heard in several places."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from parihs.errors import ParihsError
from parihs.model import Recording, Study
from parihs.transcribe import TranscriptionSettings, transcribe
from parihs.transcribe.from_study import completed
from parihs.transcribe.journal import Journal
from parihs.transcribe.languages import Found, judge, places
from parihs.transcribe.speech import Chunk, ChunkText
from parihs.transcribe.vocabulary import fitting
from parihs.transcribe.whisper_engine import WhisperEngine
from tests.support.small_study import SmallStudy
from tests.unit.transcribe_speech import model_folder, speak, write_wav

ENGLISH, WELSH = {"en": 0.9, "cy": 0.1}, {"cy": 0.6, "en": 0.4}


def chunks(*speech_ms: int) -> list[Chunk]:
    return [Chunk(i, i * 30_000, i * 30_000 + 30_000, ms) for i, ms in enumerate(speech_ms)]


def test_places_are_spread_over_the_recording_and_have_the_most_speech():
    heard = places(chunks(*[1_000, 9_000, 2_000] * 30))
    assert len(heard) == 8
    assert all(chunk.speech_ms == 9_000 for chunk in heard)
    assert heard[0].index < 12
    assert heard[-1].index > 77
    assert [chunk.index for chunk in places(chunks(5, 5))] == [0, 1]
    assert places([]) == []


def test_all_places_decide_together_not_the_first():
    found = judge([WELSH, ENGLISH, ENGLISH, ENGLISH])
    assert (found.code, found.agree, found.places, found.others) == ("en", 3, 4, ("cy",))
    assert found.sure == pytest.approx(0.775)
    assert all(part in found.doubt for part in ("“en”", "78%", "cy"))
    assert Found.from_dict(found.as_dict()) == found


def test_where_all_places_agree_there_is_nothing_to_doubt():
    assert judge([ENGLISH] * 5).doubt == ""
    assert judge([WELSH] * 5).doubt != ""


class ManyLanguages:
    """Answers as a recogniser of several languages does; no such model can be kept here."""

    def __init__(self, *_: object, **__: object) -> None:
        self.model = SimpleNamespace(is_multilingual=True)
        self.supported_languages = ["cy", "en"]
        self.heard: list[int] = []

    def detect_language(self, audio: np.ndarray) -> tuple[str, float, list[tuple[str, float]]]:
        self.heard.append(len(audio))
        return "cy", 0.6, [("cy", 0.6), ("en", 0.4)]


class Polyglot(WhisperEngine):
    """An engine around such a recogniser."""

    package = "faster-whisper"
    model_class = ManyLanguages


def test_each_place_is_heard_by_itself_and_all_likelihoods_are_kept(tmp_path):
    pytest.importorskip("ctranslate2", reason="it knows what the processor can do")
    settings = TranscriptionSettings(model="fixture")
    engine = Polyglot(settings, model_folder(tmp_path / "models"))
    audio = SimpleNamespace(read=lambda start, end: np.zeros((end - start) * 16, np.float32))
    heard = engine.hear_languages(audio, [Chunk(0, 0, 1_000), Chunk(1, 5_000, 7_000)])
    assert heard == [{"cy": 0.6, "en": 0.4}] * 2
    assert engine.model.heard == [16_000, 32_000]
    engine.use_language("cy")
    engine.require_language()
    engine.use_language("de")
    with pytest.raises(ParihsError, match="“fixture” does not know the language “de”"):
        engine.require_language()


ECHO = TranscriptionSettings(engine="tests.unit.transcribe_fakes:Echo", chunk_seconds=5)


def test_the_language_is_heard_where_none_is_given_and_the_transcript_says_so(tmp_path):
    pytest.importorskip("faster_whisper", reason="finding speech needs faster-whisper")
    write_wav(tmp_path / "one.wav", speak("Yes, exactly."))
    (tmp_path / "models").mkdir()
    transcript = transcribe(tmp_path / "one.wav", tmp_path / "job", tmp_path / "models", ECHO)
    assert transcript.language == "en"
    assert transcript.provenance["language_from"] == "heard in 1 of 1 places, 90% sure"
    given = replace(ECHO, language="cy")
    transcript = transcribe(tmp_path / "one.wav", tmp_path / "other", tmp_path / "models", given)
    assert transcript.language == "cy"
    assert transcript.provenance["language_from"] == "given"


def test_a_model_of_english_hears_english_and_refuses_other_languages(tmp_path):
    pytest.importorskip("faster_whisper", reason="this asks the real engine")
    write_wav(tmp_path / "one.wav", speak("The nurses need longer opening hours."))
    models = model_folder(tmp_path / "models")
    settings = TranscriptionSettings(engine="faster_whisper", model="fixture")
    transcript = transcribe(tmp_path / "one.wav", tmp_path / "job", models, settings)
    assert transcript.language == "en"
    # what was really used, not what was asked for
    assert transcript.provenance["device"] in ("cpu", "cuda")
    assert transcript.provenance["compute_type"] not in ("", "auto")
    german = replace(settings, language="de")
    with pytest.raises(ParihsError, match="does not know the language “de”") as refusal:
        transcribe(tmp_path / "one.wav", tmp_path / "german", models, german)
    assert "English only" in refusal.value.message


def test_a_vocabulary_is_told_as_far_as_there_is_room():
    words = ["Kings Heath", "Kings  Heath", " ", "clozapine", "Solihull"]
    count = lambda text: len(text.split())  # noqa: E731
    assert fitting(words, count, 99) == ("Kings Heath, clozapine, Solihull", ())
    assert fitting(words, count, 3) == ("Kings Heath, clozapine", ("Solihull",))
    assert fitting([], count, 3) == ("", ())


def test_the_recogniser_is_told_the_words_and_how_many_had_no_room(tmp_path):
    pytest.importorskip("faster_whisper", reason="this asks the real engine")
    from parihs.transcribe.faster_whisper_engine import FasterWhisperEngine

    names = tuple(f"Ward {number} of Selly Oak" for number in range(60))
    settings = TranscriptionSettings(model="fixture", language="en", vocabulary=names)
    engine = FasterWhisperEngine(settings, model_folder(tmp_path / "models"))
    model = engine.model
    told: list[str] = []
    ask = model.get_prompt

    def listen(tokenizer, **options):
        prompt = ask(tokenizer, **options)
        told.append(tokenizer.tokenizer.decode(prompt))
        assert len(prompt) < model.max_length // 2
        return prompt

    model.get_prompt = listen
    write_wav(tmp_path / "one.wav", sound := speak("Yes, exactly."))

    class Sound:
        duration_ms = len(sound) // 16

        def read(self, start_ms, end_ms):
            return sound[start_ms * 16 : end_ms * 16]

    engine.recognise(Sound(), [Chunk(0, 0, Sound.duration_ms)])
    assert 0 < engine.words_left_out() < 60
    last = 60 - engine.words_left_out() - 1
    assert f"Ward {last} of Selly Oak" in told[0]
    assert f"Ward {last + 1} of" not in told[0]


@pytest.fixture
def recording(small: SmallStudy, store) -> str:
    """A recording of the first workshop, in British English."""
    with store.write("test") as tx:
        kept = Recording(
            study_id=small.study.id,
            workshop_id=small.workshops[0].id,
            filename="a.wav",
            sha256="0" * 64,
            n_bytes=1,
            duration_ms=1,
            container="wav",
            codec="pcm_s16le",
            sample_rate=16_000,
            channels=1,
            language="en-GB",
        )
        tx.session.add(kept)
        study = tx.session.get(Study, small.study.id)
        study.settings = {**study.settings, "vocabulary": ["clozapine", " ", "Dr  Osei", 7]}
        tx.session.flush()
        return kept.id


def test_a_job_takes_language_and_words_from_the_study(small, store, recording, tmp_path: Path):
    with store.read() as session:
        found = session.get(Recording, recording)
        settings = completed(session, found, TranscriptionSettings(), tmp_path / "job")
        assert settings.language == "en"
        assert settings.vocabulary[:2] == ("clozapine", "Dr Osei")
        assert len(settings.vocabulary) == 4  # and the names of two sites
        chosen = TranscriptionSettings(language="cy", vocabulary=("Mold",))
        assert completed(session, found, chosen, tmp_path / "job") == chosen


def test_a_job_goes_on_with_the_words_it_began_with(small, store, recording, tmp_path: Path):
    journal = Journal(tmp_path / "job")
    journal.begin(TranscriptionSettings(vocabulary=("before",)))
    journal.add_recognised(ChunkText(Chunk(0, 0, 900), "Yes."))
    with store.read() as session:
        found = session.get(Recording, recording)
        settings = completed(session, found, TranscriptionSettings(), tmp_path / "job")
    assert settings.vocabulary == ("before",)
