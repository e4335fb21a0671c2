"""Speech models on this machine: what is installed, what is missing, how more are brought here.

Nothing in this room ever downloads.
"""

from parihs.transcribe.models.adding import Found, Refusal, add, search
from parihs.transcribe.models.folder import choose, find_models, fingerprint, require_recogniser
from parihs.transcribe.models.kinds import (
    CTC_ALIGNER,
    KINDS,
    NAMES,
    Kind,
    Model,
    size_words,
)
from parihs.transcribe.models.known import KNOWN, NON_COMMERCIAL, TORCHAUDIO_ALIGNERS, Known
from parihs.transcribe.models.needs import Finding, check, is_ready

__all__ = [
    "CTC_ALIGNER",
    "KINDS",
    "KNOWN",
    "NAMES",
    "NON_COMMERCIAL",
    "TORCHAUDIO_ALIGNERS",
    "Finding",
    "Found",
    "Kind",
    "Known",
    "Model",
    "Refusal",
    "add",
    "check",
    "choose",
    "find_models",
    "fingerprint",
    "is_ready",
    "require_recogniser",
    "search",
    "size_words",
]
