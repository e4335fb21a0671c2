"""From a recording to a transcript, on this machine, without any network.

Importing this room is light; speech libraries are loaded in child processes only.
"""

from parihs.transcribe.models import Finding, Model, check, find_models, is_ready
from parihs.transcribe.runner import Cancelled, transcribe
from parihs.transcribe.settings import TranscriptionSettings

__all__ = [
    "Cancelled",
    "Finding",
    "Model",
    "TranscriptionSettings",
    "check",
    "find_models",
    "is_ready",
    "transcribe",
]
