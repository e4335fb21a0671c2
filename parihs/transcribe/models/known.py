"""Models that are known to work, by project name: size, languages, licence. Written by hand.

Nothing here is an address that is ever asked: it tells people what to look for on another computer.
"""

from __future__ import annotations

from dataclasses import dataclass

from parihs.transcribe.models.kinds import Kind

TORCHAUDIO_ALIGNERS = {
    "en": "wav2vec2_fairseq_base_ls960_asr_ls960.pth",
    "fr": "wav2vec2_voxpopuli_base_10k_asr_fr.pt",
    "de": "wav2vec2_voxpopuli_base_10k_asr_de.pt",
    "es": "wav2vec2_voxpopuli_base_10k_asr_es.pt",
    "it": "wav2vec2_voxpopuli_base_10k_asr_it.pt",
}
"""Aligners that torchaudio publishes as a single file, by language."""

NON_COMMERCIAL = frozenset(TORCHAUDIO_ALIGNERS.values()) - {TORCHAUDIO_ALIGNERS["en"]}
"""Files under CC BY-NC 4.0."""

NOT_COMMERCIAL = "CC BY-NC 4.0: not for commercial use"


@dataclass(frozen=True, slots=True)
class Known:
    """A published model: the name it gets here, what it is, where it comes from."""

    kind: Kind
    name: str
    title: str
    source: str
    licence: str
    languages: str
    megabytes: int
    """Roughly, as published."""


def _whisper(name: str, title: str, megabytes: int, source: str = "", languages: str = "") -> Known:
    source = source or f"Systran/faster-whisper-{name} (Hugging Face)"
    return Known("asr", name, title, source, "MIT", languages or "99 languages", megabytes)


KNOWN: tuple[Known, ...] = (
    _whisper("tiny", "Whisper tiny", 75),
    _whisper("base", "Whisper base", 145),
    _whisper("small", "Whisper small", 485),
    _whisper("medium", "Whisper medium", 1530),
    _whisper("large-v2", "Whisper large-v2", 3090),
    _whisper("large-v3", "Whisper large-v3", 3090),
    _whisper(
        "large-v3-turbo",
        "Whisper large-v3-turbo",
        1620,
        "mobiuslabsgmbh/faster-whisper-large-v3-turbo (Hugging Face)",
    ),
    _whisper(
        "distil-large-v3",
        "Distil-Whisper large-v3",
        1510,
        "Systran/faster-distil-whisper-large-v3 (Hugging Face)",
        "English",
    ),
    *(
        Known(
            "align",
            language,
            f"wav2vec2 aligner for {spoken}",
            f"torchaudio, file {TORCHAUDIO_ALIGNERS[language]}",
            NOT_COMMERCIAL if TORCHAUDIO_ALIGNERS[language] in NON_COMMERCIAL else "MIT",
            spoken,
            380,
        )
        for language, spoken in {
            "en": "English",
            "fr": "French",
            "de": "German",
            "es": "Spanish",
            "it": "Italian",
        }.items()
    ),
    *(
        Known(
            "align",
            language,
            f"wav2vec2 aligner for {spoken}",
            f"jonatasgrosman/wav2vec2-large-xlsr-53-{spoken.lower()} (Hugging Face)",
            "Apache-2.0",
            spoken,
            1260,
        )
        for language, spoken in {"nl": "Dutch", "pl": "Polish", "pt": "Portuguese"}.items()
    ),
    Known(
        "diarise",
        "community-1",
        "pyannote speaker-diarization-community-1",
        "pyannote/speaker-diarization-community-1 (Hugging Face, free account)",
        "CC BY 4.0",
        "any language",
        35,
    ),
)


@dataclass(frozen=True, slots=True)
class Shape:
    """The measures by which a Whisper network is told from another."""

    width: int
    encoder_layers: int
    decoder_layers: int
    mels: int
    vocabulary: int = 0


ENGLISH_VOCABULARY = 51_864
"""Tokens of Whisper's English-only models; the others have a token more for each language."""

NARROWEST_WHISPER = 384
"""Width of the smallest published Whisper; anything narrower is a toy made for tests."""

_SHAPES = {
    (384, 4, 4, 80): "tiny",
    (512, 6, 6, 80): "base",
    (768, 12, 12, 80): "small",
    (1024, 24, 24, 80): "medium",
    (1280, 32, 32, 80): "large-v2",
    (1280, 32, 32, 128): "large-v3",
    (1280, 32, 4, 128): "large-v3-turbo",
    (768, 12, 4, 80): "distil-small",
    (1024, 24, 2, 80): "distil-medium",
    (1280, 32, 2, 80): "distil-large-v2",
    (1280, 32, 2, 128): "distil-large-v3",
}


def whisper_name(shape: Shape) -> str:
    """The published name of a Whisper of this shape, or empty where it has none."""
    measures = (shape.width, shape.encoder_layers, shape.decoder_layers, shape.mels)
    name = _SHAPES.get(measures, "")
    english_only = shape.vocabulary == ENGLISH_VOCABULARY
    return f"{name}.en" if name and english_only else name


def whisper_languages(shape: Shape) -> tuple[str, ...] | None:
    """``("en",)`` for a Whisper that knows English only, None for one that knows many."""
    english = shape.vocabulary == ENGLISH_VOCABULARY
    distilled = whisper_name(shape).startswith("distil-")
    return ("en",) if english or distilled else None
