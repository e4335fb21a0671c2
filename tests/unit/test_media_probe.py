"""Recordings are recognised by content, and everything else is refused with its own reason."""

from __future__ import annotations

import io
import random
import subprocess
import sys
import zipfile
from pathlib import Path

import av
import numpy as np
import pytest

from parihs import ParihsError
from parihs.media import check, decode_to_pcm, probe
from tests.support.media_recordings import KINDS, make, tone, write

EXPECTED = {
    "wav": ("wav", "pcm_s16le"),
    "wav24": ("wav", "pcm_s24le"),
    "wav_float": ("wav", "pcm_f32le"),
    "wav_u8": ("wav", "pcm_u8"),
    "wav_phone": ("wav", "pcm_mulaw"),
    "wav_96k": ("wav", "pcm_s16le"),
    "mp3": ("mp3", "mp3"),
    "m4a": ("m4a", "aac"),
    "m4a_lossless": ("m4a", "alac"),
    "flac": ("flac", "flac"),
    "opus": ("ogg", "opus"),
    "mkv": ("mkv", "opus"),
    "webm": ("webm", "opus"),
    "mov": ("mov", "pcm_s16le"),
    "aac": ("aac", "aac"),
    "aiff": ("aiff", "pcm_s16be"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_recognises_each_kind_whatever_its_name(tmp_path: Path, kind: str) -> None:
    path = make(tmp_path, kind).rename(tmp_path / "upload")
    info = probe(path)
    _, _, rate, layout = KINDS[kind]
    assert (info.container, info.codec) == EXPECTED[kind]
    assert (info.sample_rate, info.channels) == (rate, 2 if layout == "stereo" else 1)
    assert info.duration_ms == pytest.approx(2000, abs=60)
    assert info.n_bytes == path.stat().st_size
    assert not info.has_video


@pytest.mark.parametrize(
    ("extension", "codec", "container"),
    [("mp4", "aac", "mp4"), ("mov", "aac", "mov"), ("mkv", "aac", "mkv")],
)
def test_video_with_sound(tmp_path: Path, extension: str, codec: str, container: str) -> None:
    path = write(
        tmp_path / f"film.{extension}", tone(2, 48_000), codec=codec, rate=48_000, video=True
    )
    info = probe(path)
    assert (info.container, info.has_video) == (container, True)


def test_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "a.wav").touch()
    with pytest.raises(ParihsError, match="empty"):
        probe(tmp_path / "a.wav")


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(ParihsError, match="cannot be read"):
        probe(tmp_path / "gone.wav")


def zipped(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"Anna: Good morning.\nBen: Hello.\n", "a text file"),
        ("Zoë: très bien\n".encode(), "a text file"),
        (("é" * 5000).encode(), "a text file"),
        ("Anna: Good morning.".encode("utf-16"), "a text file"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "a PDF document"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "an image"),
        (b"\xff\xd8\xff\xe0" + bytes(50), "an image"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 " + bytes(50), "an image"),
        (zipped("notes.txt"), "a zip archive"),
        (zipped("[Content_Types].xml", "word/document.xml"), "an Office document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(50), "an Office document"),
        (bytes(4000), "not a sound format"),
        (random.Random(4).randbytes(4000), "not a sound format"),
    ],
)
def test_files_that_are_no_recording(tmp_path: Path, data: bytes, reason: str) -> None:
    path = tmp_path / "interview.mp3"
    path.write_bytes(data)
    with pytest.raises(ParihsError, match=reason) as raised:
        probe(path)
    assert raised.value.hint


def test_a_real_png_named_mp3(tmp_path: Path) -> None:
    image = av.VideoFrame(64, 48, "rgb24")
    with av.open(str(tmp_path / "p.png"), "w", format="image2") as container:
        stream = container.add_stream("png", rate=1)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "rgb24"
        container.mux(stream.encode(image))
    with pytest.raises(ParihsError, match="an image"):
        probe((tmp_path / "p.png").rename(tmp_path / "p.mp3"))


def test_a_video_without_sound(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp4", tone(2, 16_000), video=True, sound=False)
    with pytest.raises(ParihsError, match="no sound track"):
        probe(path)


@pytest.mark.parametrize("kind", ["m4a", "flac", "mp3", "opus", "webm"])
def test_a_file_of_which_only_the_first_bytes_arrived(tmp_path: Path, kind: str) -> None:
    path = make(tmp_path, kind)
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(ParihsError, match="damaged or incomplete"):
        probe(path)


def test_a_header_followed_by_noise(tmp_path: Path) -> None:
    path = make(tmp_path, "flac")
    head = path.read_bytes()[:42]
    path.write_bytes(head + random.Random(1).randbytes(20_000))
    with pytest.raises(ParihsError, match="damaged or incomplete"):
        probe(path)


def test_shorter_than_half_a_second(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", tone(0.4, 16_000))
    with pytest.raises(ParihsError, match=r"only 0\.40 seconds"):
        probe(path)
    assert probe(write(tmp_path / "b.wav", tone(0.5, 16_000))).duration_ms == 500


@pytest.mark.parametrize("level", [0.0, 0.0005])
def test_silence_is_a_finding_not_a_refusal(tmp_path: Path, level: float) -> None:
    path = write(tmp_path / "a.wav", tone(3, 16_000, level=level))
    result = check(path)
    assert result.silent
    assert result.info.duration_ms == 3000


def test_quiet_speech_is_not_silence(tmp_path: Path) -> None:
    assert not check(write(tmp_path / "a.wav", tone(3, 16_000, level=0.005))).silent


PLAYLISTS = [
    "ffconcat version 1.0\nfile {neighbour}\n",
    "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n{neighbour}\n#EXT-X-ENDLIST\n",
    "[playlist]\nFile1={neighbour}\n",
    "# comment\nffconcat version 1.0\nfile {neighbour}\n",
]


@pytest.mark.parametrize("script", PLAYLISTS)
def test_a_playlist_named_wav_cannot_reach_its_neighbour(tmp_path: Path, script: str) -> None:
    write(tmp_path / "neighbour.wav", tone(2, 16_000))
    evil = tmp_path / "evil.wav"
    evil.write_text(script.format(neighbour="neighbour.wav"), encoding="ascii")
    with pytest.raises(ParihsError, match="a playlist that points to other files"):
        probe(evil)
    with pytest.raises(ParihsError, match="playlist"):
        decode_to_pcm(evil, tmp_path / "out.wav")


def test_the_decoder_itself_refuses_a_playlist(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second wall holds when the look at the first bytes is fooled."""
    write(tmp_path / "neighbour.wav", tone(2, 16_000))
    evil = tmp_path / "evil.wav"
    evil.write_text("ffconcat version 1.0\nfile neighbour.wav\n", encoding="ascii")
    with av.open(str(evil)) as unguarded:
        assert unguarded.format.name == "concat", "without walls this file reads its neighbour"
    monkeypatch.setattr("parihs.media.opening.demuxers_for", lambda head: "wav")
    with pytest.raises(ParihsError, match="damaged or incomplete"):
        probe(evil)


def test_a_cover_image_is_not_a_video(tmp_path: Path) -> None:
    path = tmp_path / "podcast.mp3"
    with av.open(str(path), "w") as container:
        sound = container.add_stream("libmp3lame", rate=44_100, layout="mono")
        cover = container.add_stream("png", rate=1)
        cover.width, cover.height, cover.pix_fmt = 64, 48, "rgb24"
        cover.disposition = av.stream.Disposition.attached_pic
        frame = av.AudioFrame.from_ndarray(tone(2, 44_100)[None, :], format="fltp", layout="mono")
        frame.sample_rate = 44_100
        container.mux(cover.encode(av.VideoFrame(64, 48, "rgb24")))
        container.mux(cover.encode(None))
        container.mux(sound.encode(frame))
        container.mux(sound.encode(None))
    assert not probe(path).has_video


def test_tags_in_an_old_encoding_do_not_matter(tmp_path: Path) -> None:
    path = make(tmp_path, "mp3")
    tag = b"TAG" + "Gespräch Müller".encode("latin-1").ljust(125, b"\x00")
    path.write_bytes(path.read_bytes() + tag)
    assert probe(path).duration_ms == pytest.approx(2000, abs=60)


def test_a_varying_bit_rate_is_not_seekable(tmp_path: Path) -> None:
    speech = np.concatenate([tone(2, 44_100), np.zeros(88_200, np.float32), tone(2, 44_100, 3000)])
    steady = write(tmp_path / "cbr.mp3", speech, codec="libmp3lame", rate=44_100)
    varying = write(
        tmp_path / "vbr.mp3",
        speech,
        codec="libmp3lame",
        rate=44_100,
        options={"q": "5", "flags": "+qscale", "global_quality": "590"},
    )
    assert probe(steady).seekable
    assert not probe(varying).seekable


def test_import_is_light() -> None:
    code = (
        "import sys, parihs.media; "
        "print([m for m in ('av', 'torch', 'streamlit', 'dbos', 'sqlalchemy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
