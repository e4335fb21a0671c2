"""Settings of a transcription."""

from __future__ import annotations

import json

import pytest

from parihs.errors import ParihsError
from parihs.transcribe import TranscriptionSettings


def test_settings_survive_json_and_strangers():
    settings = TranscriptionSettings(model="small", vocabulary=("Kings Heath",), max_speakers=2)
    values = json.loads(json.dumps(settings.as_dict()))
    assert TranscriptionSettings.from_dict({**values, "from_the_future": 1}) == settings


@pytest.mark.parametrize(
    "wrong",
    [
        {"language": "English"},
        {"language": ""},
        {"chunk_seconds": 31},
        {"chunk_seconds": 0},
        {"batch": 0},
        {"device": "tpu"},
        {"min_speakers": 3, "max_speakers": 2},
        {"max_speakers": 0},
    ],
)
def test_settings_that_cannot_work_are_refused(wrong):
    with pytest.raises(ParihsError) as refusal:
        TranscriptionSettings(**wrong)
    assert refusal.value.hint
