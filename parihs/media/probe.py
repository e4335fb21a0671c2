"""What a recording is, told before anything is done with it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from parihs.errors import ParihsError
from parihs.media.opening import damaged, open_recording
from parihs.media.samples import Cancelled, Progress, Samples

if TYPE_CHECKING:
    from av.container import InputContainer

SHORTEST_MS = 500


@dataclass(frozen=True, slots=True)
class AudioInfo:
    """Facts about a recording. ``duration_ms`` is the header's after probe, exact after check."""

    container: str
    """``wav mp3 m4a mp4 mov flac ogg mkv webm aac aiff caf amr wma w64``; ``mp4`` has a picture."""
    codec: str
    """FFmpeg's name of the sound's codec, for example ``pcm_s16le`` or ``aac``."""
    duration_ms: int
    sample_rate: int
    channels: int
    has_video: bool
    n_bytes: int
    seekable: bool = True
    """False where players can only guess where a time is: no index, or a varying bit rate."""

    @property
    def extension(self) -> str:
        """File name extension that fits the content, with its dot."""
        return f".{self.container}"

    def to_json(self) -> dict[str, Any]:
        """Plain values; ``AudioInfo(**values)`` reads them back."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class AudioCheck:
    """What listening to the whole recording showed."""

    info: AudioInfo
    silent: bool
    """Nothing in it is louder than 60 dB under full scale: a dead microphone, most likely."""
    warnings: tuple[str, ...] = ()


def probe(path: Path) -> AudioInfo:
    """Read the header and the first half second of a recording: quick, whatever its length.

    Raises ParihsError, each with its own message, for an empty file, anything that is no
    recording, a video without sound, a file from which nothing decodes, and less than 0.5 s.
    """
    with open_recording(path) as container:
        _demand_sound(container)
    with open_recording(path) as container:
        stream = container.streams.audio[0]
        name = _container_name(container)
        duration_ms = (container.duration or 0) // 1000
        seekable = name not in ("aac", "amr")
        if not duration_ms or name in ("mp3", "aac"):
            scanned_ms, constant = _scan_packets(container)
            seekable = seekable and bool(duration_ms) and constant
            duration_ms = scanned_ms
        return AudioInfo(
            container=name,
            codec=stream.codec_context.codec.canonical_name,
            duration_ms=duration_ms,
            sample_rate=stream.codec_context.sample_rate,
            channels=stream.codec_context.channels,
            has_video=_has_video(container),
            n_bytes=path.stat().st_size,
            seekable=seekable,
        )


def check(
    path: Path, *, progress: Progress | None = None, cancelled: Cancelled | None = None
) -> AudioCheck:
    """Listen to the whole recording once: its exact length, whether it is silent, what is damaged.

    Raises ParihsError as probe does, and Stopped when ``cancelled`` says so.
    """
    info = probe(path)
    samples = Samples(path, progress=progress, cancelled=cancelled)
    for _ in samples:
        pass
    return AudioCheck(
        replace(info, duration_ms=samples.duration_ms), samples.silent, samples.warnings
    )


def _demand_sound(container: InputContainer) -> None:
    import av

    heard_ms = 0.0
    packets = container.demux(container.streams.audio[0])
    while heard_ms < SHORTEST_MS:
        try:
            heard_ms += sum(f.samples * 1000 / f.sample_rate for f in next(packets).decode())
        except StopIteration:
            break
        except av.FFmpegError:
            continue
    if not heard_ms:
        raise damaged()
    if heard_ms < SHORTEST_MS:
        raise ParihsError(
            f"The recording is only {heard_ms / 1000:.2f} seconds long, too short to hold speech.",
            "Check that this is the right file and that the recorder was not stopped at once.",
        )


def _container_name(container: InputContainer) -> str:
    name = container.format.name
    if name == "matroska,webm":
        return "webm" if _doctype_is_webm(Path(container.name)) else "mkv"
    if "mp4" in name and container.metadata.get("major_brand", "").strip() == "qt":
        return "mov"
    if "mp4" in name:
        return "mp4" if _has_video(container) else "m4a"
    return {"asf": "wma"}.get(name, name)


def _doctype_is_webm(path: Path) -> bool:
    with path.open("rb") as file:
        return b"webm" in file.read(64)


def _has_video(container: InputContainer) -> bool:
    """True for moving pictures; a cover image in a sound file does not count."""
    from av.stream import Disposition

    return any(not s.disposition & Disposition.attached_pic for s in container.streams.video)


def _scan_packets(container: InputContainer) -> tuple[int, bool]:
    """Length in ms from the packets' own times, and whether all packets have the same size."""
    import av

    stream = container.streams.audio[0]
    first: int | None = None
    end = 0
    sizes: list[int] = []
    try:
        for packet in container.demux(stream):
            if packet.pts is None:
                continue
            first = packet.pts if first is None else first
            end = max(end, packet.pts + (packet.duration or 0))
            sizes.append(packet.size)
    except av.FFmpegError:
        pass
    length = (end - (first or 0)) * (stream.time_base or 0)
    # The first and last packets may be headers or cut short; padding moves the others by a byte.
    inner = sizes[2:-2] or [0]
    return int(length * 1000), max(inner) - min(inner) <= 1
