"""Recordings made on the fly for the media tests, in the containers that people bring."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

# name of the case -> (extension, sound codec, rate, layout); all encoders ship with PyAV.
KINDS = {
    "wav": ("wav", "pcm_s16le", 44_100, "stereo"),
    "wav24": ("wav", "pcm_s24le", 48_000, "mono"),
    "wav_float": ("wav", "pcm_f32le", 48_000, "stereo"),
    "wav_u8": ("wav", "pcm_u8", 11_025, "mono"),
    "wav_phone": ("wav", "pcm_mulaw", 8_000, "mono"),
    "wav_96k": ("wav", "pcm_s16le", 96_000, "mono"),
    "mp3": ("mp3", "libmp3lame", 44_100, "mono"),
    "m4a": ("m4a", "aac", 44_100, "mono"),
    "m4a_lossless": ("m4a", "alac", 44_100, "stereo"),
    "flac": ("flac", "flac", 48_000, "stereo"),
    "opus": ("ogg", "libopus", 48_000, "mono"),
    "mkv": ("mkv", "libopus", 48_000, "stereo"),
    "webm": ("webm", "libopus", 48_000, "mono"),
    "mov": ("mov", "pcm_s16le", 48_000, "stereo"),
    "aac": ("aac", "aac", 44_100, "mono"),
    "aiff": ("aiff", "pcm_s16be", 22_050, "mono"),
}


def tone(
    seconds: float, rate: int, hertz: float = 440.0, level: float = 0.3
) -> NDArray[np.float32]:
    """A sine of the given length; float32, shape (samples,)."""
    time = np.arange(round(seconds * rate)) / rate
    return (level * np.sin(2 * np.pi * hertz * time)).astype(np.float32)


def write(
    path: Path,
    channels: NDArray[np.float32],
    *,
    codec: str = "pcm_s16le",
    rate: int = 16_000,
    layout: str = "mono",
    video: bool = False,
    sound: bool = True,
    audio_delay_s: float = 0.0,
    bit_rate: int | None = None,
    options: dict[str, str] | None = None,
    container_options: dict[str, str] | None = None,
) -> Path:
    """Encode ``channels`` (float32, shape (channels, samples) or (samples,)) to ``path``."""
    data = np.atleast_2d(channels).astype(np.float32)
    with av.open(str(path), "w", options=container_options or {}) as container:
        if video:
            picture = container.add_stream("mpeg4", rate=10)
            picture.width, picture.height, picture.pix_fmt = 64, 48, "yuv420p"
        if sound:
            stream = container.add_stream(codec, rate=rate, layout=layout, options=options or {})
            if bit_rate:
                stream.bit_rate = bit_rate
        if video:
            seconds = data.shape[1] / rate + audio_delay_s
            for number in range(round(seconds * 10)):
                image = av.VideoFrame(64, 48, "yuv420p")
                for plane in image.planes:
                    plane.update(bytes([number * 7 % 256]) * plane.buffer_size)
                image.pts, image.time_base = number, Fraction(1, 10)
                container.mux(picture.encode(image))
            container.mux(picture.encode(None))
        if sound:
            resampler = av.AudioResampler(
                format=stream.format.name,
                layout=layout,
                rate=rate,
                frame_size=stream.codec_context.frame_size or 1024,
            )
            packed = np.ascontiguousarray(data.T.reshape(1, -1))
            frame = av.AudioFrame.from_ndarray(packed, format="flt", layout=layout)
            frame.sample_rate, frame.time_base = rate, Fraction(1, rate)
            frame.pts = round(audio_delay_s * rate)
            for piece in [*resampler.resample(frame), *resampler.resample(None)]:
                container.mux(stream.encode(piece))
            container.mux(stream.encode(None))
    return path


def make(folder: Path, kind: str, seconds: float = 2.0) -> Path:
    """A tone in one of KINDS."""
    extension, codec, rate, layout = KINDS[kind]
    channels = [tone(seconds, rate)] * (2 if layout == "stereo" else 1)
    path = folder / f"{kind}.{extension}"
    return write(path, np.stack(channels), codec=codec, rate=rate, layout=layout)
