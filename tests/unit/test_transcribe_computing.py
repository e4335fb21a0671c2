"""What a transcription computes on, and how much of it at a time."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parihs.errors import ParihsError
from parihs.transcribe import TranscriptionSettings
from parihs.transcribe.computing import find_device
from parihs.transcribe.speech import Chunk, in_batches

ON_CPU = TranscriptionSettings(device="cpu")


def test_the_number_format_is_one_the_processor_can_do():
    translator = pytest.importorskip("ctranslate2", reason="it knows what the processor can do")
    device = find_device(ON_CPU)
    assert device.compute_type in translator.get_supported_compute_types("cpu")
    assert device.compute_type == "int8"
    assert (device.kind, device.torch_name) == ("cpu", "cpu")
    assert device.threads >= 1
    assert find_device(replace(ON_CPU, compute_type="float32")).compute_type == "float32"
    assert find_device(replace(ON_CPU, batch=2)).batch == 2


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        (replace(ON_CPU, device="cuda:9"), "cuda:9"),
        (replace(ON_CPU, compute_type="float16"), "This processor cannot compute in “float16”"),
    ],
)
def test_what_the_machine_cannot_do_is_said_before_anything_is_loaded(settings, says):
    pytest.importorskip("ctranslate2", reason="it knows what the processor can do")
    with pytest.raises(ParihsError, match=says) as refusal:
        find_device(settings)
    assert "auto" in refusal.value.hint


def test_a_processor_keeps_batches_short_enough_to_lose():
    half_minutes = [Chunk(i, i * 30_000, (i + 1) * 30_000) for i in range(7)]
    assert [len(batch) for batch in in_batches(half_minutes, 4, 60_000)] == [2, 2, 2, 1]
    seconds = [Chunk(i, i * 5_000, (i + 1) * 5_000) for i in range(7)]
    assert [len(batch) for batch in in_batches(seconds, 4, 60_000)] == [4, 3]


@given(
    st.lists(st.integers(1, 30_000), max_size=40),
    st.integers(1, 20),
    st.integers(1_000, 100_000),
)
def test_batches_hold_every_chunk_once_in_order_and_within_their_limits(lengths, most, most_ms):
    position, chunks = 0, []
    for index, length in enumerate(lengths):
        chunks.append(Chunk(index, position, position + length))
        position += length
    batches = in_batches(chunks, most, most_ms)
    assert [chunk for batch in batches for chunk in batch] == chunks
    for batch in batches:
        assert 1 <= len(batch) <= most
        assert len(batch) == 1 or sum(c.end_ms - c.start_ms for c in batch) <= most_ms
