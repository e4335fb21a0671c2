"""The sound of any recording as one stream of mono samples, in constant memory.

Everything that listens (transcription, waveform, playback copy, checks) uses this one pass, so
millisecond 61,250 is the same moment in all of them and in the original's own player.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from parihs.errors import ParihsError
from parihs.media.opening import damaged, missing_bytes, open_recording

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.audio.resampler import AudioResampler
    from av.container import InputContainer

INT16 = np.dtype("<i2")
Int16 = NDArray[np.int16]
Float32 = NDArray[np.float32]
Progress = Callable[[float], None]
Cancelled = Callable[[], bool]

SILENCE = 0.001
"""Peak below which a channel or a recording counts as silent: 60 dB under full scale."""
LONGEST_MS = 36 * 3600 * 1000
"""A day left running by mistake is read; decoded, 37 hours would burst a WAV file's header."""
_GAP_S = 0.05
"""A jump in the timestamps longer than this is a pause in the recording, filled with silence."""
_TAIL_MS = 500
"""What a decoder may fall short of the declared length without anything being lost."""


class Stopped(ParihsError):
    """The person asked to stop; nothing half-made is left behind."""

    def __init__(self) -> None:
        super().__init__("Stopped before it was finished; nothing was changed.", "Start it again.")


class Samples:
    """Iterate once for blocks of about a second: mono int16 at ``rate`` Hz.

    The attributes are complete after the last block: ``n_samples``, ``duration_ms`` (exact, rounded
    down), ``peak`` (0-1, loudest channel), ``silent``, and ``warnings`` as plain sentences about
    what could not be read. Many channels become one: the mean of those that carry a signal.
    ``progress`` is told the fraction read so far; ``cancelled`` is asked once per block and ends
    the pass with Stopped. Raises ParihsError as ``open_recording`` does, or when nothing decodes.
    """

    def __init__(
        self,
        path: Path,
        rate: int = 16_000,
        *,
        progress: Progress | None = None,
        cancelled: Cancelled | None = None,
    ) -> None:
        self.path = path
        self.rate = rate
        self.n_samples = 0
        self.peak = 0.0
        self.warnings: tuple[str, ...] = ()
        self._progress = progress
        self._cancelled = cancelled
        self._mixer = _Mixer()

    @property
    def duration_ms(self) -> int:
        """Length of what was decoded so far, in whole milliseconds."""
        return self.n_samples * 1000 // self.rate

    @property
    def silent(self) -> bool:
        """True when nothing reached the silence threshold."""
        return self.peak < SILENCE

    def __iter__(self) -> Iterator[Int16]:
        with open_recording(self.path) as container:
            reader = _Reader(container, self.rate)
            for block, peak, fraction in reader.blocks(self._mixer):
                if self._cancelled and self._cancelled():
                    raise Stopped
                self.n_samples += len(block)
                self.peak = max(self.peak, peak)
                if self.duration_ms > LONGEST_MS:
                    raise ParihsError(
                        "The recording is longer than 36 hours, which is more than we read.",
                        "Cut it into its sessions first, and add each one.",
                    )
                if self._progress:
                    self._progress(min(1.0, fraction))
                yield block
            if not self.n_samples:
                raise damaged()
            self.warnings = self._findings(reader, container)
        if self._progress:
            self._progress(1.0)

    def _findings(self, reader: _Reader, container: InputContainer) -> tuple[str, ...]:
        found = []
        declared_ms = _declared_ms(container)
        reached = f"it was read up to {_clock(self.duration_ms)}"
        if missing_bytes(self.path):
            found.append(f"The end of the recording is missing: {reached}.")
        elif declared_ms - self.duration_ms > _TAIL_MS:
            found.append(
                "The end of the recording is damaged or missing: "
                f"{reached} of {_clock(declared_ms)}."
            )
        elif reader.n_damaged:
            found.append(f"Parts of the recording are damaged and were skipped; {reached}.")
        if reader.filled_ms:
            found.append(
                f"{reader.filled_ms / 1000:.1f} seconds without sound data (pauses or damage) "
                "became silence, so that times stay true."
            )
        n_tracks = len(container.streams.audio)
        if n_tracks > 1:
            found.append(f"The file holds {n_tracks} sound tracks; the first was used.")
        return tuple(found)


class _Reader:
    """Decoded, mixed and resampled blocks of one open container."""

    def __init__(self, container: InputContainer, rate: int) -> None:
        self.container = container
        self.rate = rate
        self.n_damaged = 0
        self.filled_ms = 0
        """Silence put in for jumps of the clock after the first sound."""
        self._read_s = 0.0
        """Where the next frame should begin, in seconds from the start of the file's clock."""
        self._n_out = 0
        self._resampler: AudioResampler | None = None
        self._resampler_rate = 0
        self._n_in = 0
        self._out_before = 0
        self._waiting: list[Float32] = []
        self._n_waiting = 0

    def blocks(self, mixer: _Mixer) -> Iterator[tuple[Int16, float, float]]:
        """Yield (samples, loudest channel's peak, fraction of the file read)."""
        parts: list[Int16] = []
        held, peak, fraction = 0, 0.0, 0.0
        size = max(1, self.container.size)
        for frame, position in self._frames():
            fraction = position / size if position else fraction
            mono, frame_peak = mixer.mix(frame)
            peak = max(peak, frame_peak)
            for part in chain(self._fill_gap(frame), self._resampled(mono, frame.sample_rate)):
                parts.append(part)
                held += len(part)
                if held >= self.rate:
                    yield np.concatenate(parts), peak, fraction
                    parts, held, peak = [], 0, 0.0
        parts.extend(self._flushed())
        if parts:
            yield np.concatenate(parts), peak, fraction

    def _frames(self) -> Iterator[tuple[AudioFrame, int | None]]:
        """Frames that decode, with their packet's byte position; what does not is counted."""
        import av

        packets = self.container.demux(self.container.streams.audio[0])
        while True:
            try:
                packet = next(packets)
            except StopIteration:
                return
            except av.FFmpegError:
                self.n_damaged += 1
                return
            try:
                frames = packet.decode()
            except av.FFmpegError:
                self.n_damaged += 1
                continue
            for frame in frames:
                if frame.samples:
                    yield frame, packet.pos

    def _fill_gap(self, frame: AudioFrame) -> Iterator[Int16]:
        """Silence where the file's clock jumps ahead of the samples, so that times stay true."""
        begins = self._read_s
        if frame.time is not None:
            begins = frame.time - (self.container.start_time or 0) / 1_000_000
        # A clock that runs past the declared end is damage, not a pause.
        ends = (self.container.duration or 0) / 1_000_000
        if begins - self._read_s > _GAP_S and begins < ends:
            yield from self._flushed()
            silence = round(begins * self.rate) - self._n_out
            self.filled_ms += silence * 1000 // self.rate if self._n_out else 0
            self._n_out += silence
            self._read_s = begins
            for at in range(0, silence, self.rate):
                yield np.zeros(min(self.rate, silence - at), INT16)
        self._read_s += frame.samples / frame.sample_rate

    def _resampled(self, mono: Float32, rate: int) -> Iterator[Int16]:
        from av import AudioResampler

        if self._resampler is None or rate != self._resampler_rate:
            yield from self._flushed()
            self._resampler = AudioResampler(format="flt", layout="mono", rate=self.rate)
            self._resampler_rate, self._n_in, self._out_before = rate, 0, self._n_out
        # a frame is a few hundredths of a second: one by one they cost more to hand over than
        # to resample
        self._waiting.append(mono)
        self._n_waiting += len(mono)
        if self._n_waiting >= rate:
            yield from self._handed_over(self._resampler)

    def _handed_over(self, resampler: AudioResampler) -> list[Int16]:
        """What the resampler makes of the frames that waited."""
        from av import AudioFrame

        if not self._waiting:
            return []
        mono = np.concatenate(self._waiting)
        self._n_in += len(mono)
        self._waiting, self._n_waiting = [], 0
        frame = AudioFrame.from_ndarray(mono[None, :], format="flt", layout="mono")
        frame.sample_rate = self._resampler_rate
        made = [_to_int16(part) for part in resampler.resample(frame)]
        self._n_out += sum(map(len, made))
        return made

    def _flushed(self) -> list[Int16]:
        """All that waits and that the resampler holds, cut or padded so the total is exact."""
        if self._resampler is None:
            return []
        made = self._handed_over(self._resampler)
        due = self._out_before + round(self._n_in * self.rate / self._resampler_rate) - self._n_out
        rest = [_to_int16(part) for part in self._resampler.resample(None)]
        self._resampler = None
        tail = np.concatenate([*rest, np.zeros(max(0, due), INT16)])[: max(0, due)]
        self._n_out += len(tail)
        return [*made, tail]


class _Mixer:
    """Mean of the channels that carry a signal; a channel counts from its first sound on."""

    def __init__(self) -> None:
        self._heard: NDArray[np.bool_] = np.zeros(0, bool)

    def mix(self, frame: AudioFrame) -> tuple[Float32, float]:
        """Mono samples (-1 to 1) of one frame and the peak of its loudest channel."""
        channels = _as_float(frame)
        peaks = np.abs(channels).max(axis=1)
        peak = float(peaks.max())
        if len(channels) == 1:
            return channels[0], peak
        if len(self._heard) != len(channels):
            self._heard = np.zeros(len(channels), bool)
        self._heard |= peaks >= SILENCE
        active = channels[self._heard] if self._heard.any() else channels
        mono = active.mean(axis=0, dtype=np.float32)
        # Two channels wired in opposite phase cancel out; then one of them speaks alone.
        if len(active) > 1 and peak >= SILENCE and np.abs(mono).max() < peak / 100:
            mono = channels[int(peaks.argmax())]
        return np.ascontiguousarray(mono, dtype=np.float32), peak


def _as_float(frame: AudioFrame) -> Float32:
    """Samples of a frame as (channels, samples), scaled to -1..1, whatever their format."""
    raw = frame.to_ndarray()
    if not frame.format.is_planar:
        raw = raw.reshape(-1, frame.layout.nb_channels).T
    if raw.dtype == np.uint8:
        return ((raw.astype(np.float32) - 128) / 128).astype(np.float32)
    if raw.dtype.kind == "i":
        return (raw / np.float32(2 ** (8 * raw.dtype.itemsize - 1))).astype(np.float32)
    # Damaged float files can hold anything, and one NaN would poison the resampler.
    return np.nan_to_num(raw, posinf=1.0, neginf=-1.0).clip(-4, 4).astype(np.float32)


def _to_int16(frame: AudioFrame) -> Int16:
    scaled = np.rint(frame.to_ndarray()[0] * np.float32(32768))
    pcm: Int16 = scaled.clip(-32768, 32767).astype(INT16)
    return pcm


def _declared_ms(container: InputContainer) -> int:
    """Length that the header gives for the sound; 0 where it gives none or an estimate."""
    if container.format.name in ("mp3", "aac"):
        return 0
    stream = container.streams.audio[0]
    if stream.duration and stream.time_base:
        return int(stream.duration * stream.time_base * 1000)
    # The container's length is that of its longest track, which may be the picture.
    return 0 if container.streams.video else (container.duration or 0) // 1000


def _clock(ms: int) -> str:
    """``hh:mm:ss.mmm``, as transcripts write times."""
    seconds, rest = divmod(ms, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:03}"
