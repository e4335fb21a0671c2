"""A file that every browser plays and seeks to the millisecond, made where the original is not."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from parihs.media.probe import AudioInfo
from parihs.media.samples import Cancelled, Progress, Samples

_RATE = 44_100
_BIT_RATE = 64_000
_PLAYABLE = {
    "wav": {"pcm_s16le"},
    "mp3": {"mp3"},
    "m4a": {"aac"},
    "flac": {"flac"},
    "ogg": {"opus", "vorbis"},
    "webm": {"opus", "vorbis"},
}


def plays_in_browser(info: AudioInfo) -> bool:
    """True when browsers play the original and jump to an exact time in it.

    Pictures, many channels, and files whose times players only estimate need a copy.
    """
    codecs = _PLAYABLE.get(info.container, set())
    return info.codec in codecs and info.channels <= 2 and not info.has_video and info.seekable


def write_playback_copy(
    source: Path,
    target: Path,
    *,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> None:
    """Write ``source`` to ``target`` as mono AAC in an m4a whose index comes first.

    It has the same clock as the decoded samples. Appears in one rename. Raises ParihsError as
    ``probe`` does, and Stopped when ``cancelled`` says so.
    """
    import av

    draft = target.with_name(f".{secrets.token_hex(4)}.{target.name}")
    try:
        with av.open(
            str(draft), "w", format="ipod", options={"movflags": "+faststart"}
        ) as container:
            stream = container.add_stream("aac", rate=_RATE, layout="mono")
            stream.bit_rate = _BIT_RATE
            position = 0
            for block in Samples(source, _RATE, progress=progress, cancelled=cancelled):
                frame = av.AudioFrame.from_ndarray(block[None, :], format="s16", layout="mono")
                frame.sample_rate, frame.pts = _RATE, position
                position += len(block)
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
