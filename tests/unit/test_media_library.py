"""Uploads arrive in pieces, wait for a decision, and end up once under their content hash."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parihs import ParihsError
from parihs.home import Home
from parihs.media import (
    Receiver,
    Stopped,
    adopt,
    clean_uploads,
    content_of,
    decode_to_pcm,
    discard,
    find,
    find_upload,
    info_of,
    make_playback_copy,
    path_of,
    peaks_of,
    pending_uploads,
    playback_path,
    probe,
    receive,
    remove,
)
from parihs.media.uploads import label_of
from tests.support.media_recordings import make, tone, write


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def pieces(path: Path, size: int = 5000) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(size):
            yield chunk


def files_under(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


def test_from_upload_to_library(home: Home, tmp_path: Path) -> None:
    source = make(tmp_path, "m4a")
    sha256 = hashlib.sha256(source.read_bytes()).hexdigest()
    upload = receive(home, pieces(source), "Workshop 1.m4a")
    assert (upload.filename, upload.sha256, upload.error) == ("Workshop 1.m4a", sha256, None)
    assert upload.n_bytes == source.stat().st_size
    assert upload.info == probe(source)
    assert pending_uploads(home) == [upload]
    path = adopt(home, upload)
    assert path == home.media / sha256[:2] / sha256 / "original.m4a"
    assert path.read_bytes() == source.read_bytes()
    assert path_of(home, sha256) == path
    assert info_of(home, sha256) == upload.info
    assert pending_uploads(home) == []
    assert files_under(home.work) == []


def test_uploads_survive_a_restart(home: Home, tmp_path: Path) -> None:
    first = receive(home, pieces(make(tmp_path, "wav")), "a.wav")
    second = receive(home, [b"Anna: hello\n"], "b.wav")
    again = Home(home.path)
    assert pending_uploads(again) == [first, second]
    assert find_upload(again, first.id) == first
    assert adopt(again, find_upload(again, first.id)).exists()


def test_a_cut_off_upload_goes_on_where_it_stopped(home: Home, tmp_path: Path) -> None:
    source = make(tmp_path, "wav")
    data = source.read_bytes()
    with Receiver(home, "a.wav") as receiver:
        receiver.write(data[:70_000])
    (waiting,) = pending_uploads(home)
    assert (waiting.complete, waiting.n_bytes) == (False, 70_000)
    with pytest.raises(ParihsError, match="not arrived completely"):
        adopt(home, waiting)
    with Receiver.resume(Home(home.path), waiting.id) as receiver:
        assert receiver.n_bytes == 70_000
        receiver.write(data[receiver.n_bytes :])
        upload = receiver.finish()
    assert upload.sha256 == hashlib.sha256(data).hexdigest()
    assert adopt(home, upload).read_bytes() == data
    with pytest.raises(ParihsError, match="no longer waiting"):
        Receiver.resume(home, upload.id)


def test_a_complete_upload_cannot_be_resumed(home: Home, tmp_path: Path) -> None:
    upload = receive(home, pieces(make(tmp_path, "wav")), "a.wav")
    with pytest.raises(ParihsError, match="already arrived"):
        Receiver.resume(home, upload.id)


def test_a_refused_file_says_why_and_leaves_no_bytes(home: Home) -> None:
    upload = receive(home, [b"%PDF-1.7 secret words"], "minutes.wav")
    assert upload.info is None
    assert upload.error is not None
    assert "PDF" in upload.error
    assert upload.hint
    assert files_under(home.work) == [f"uploads/{upload.id}/upload.json"]
    with pytest.raises(ParihsError, match="PDF"):
        adopt(home, upload)
    assert pending_uploads(home) == [upload]


def test_an_empty_upload(home: Home) -> None:
    assert "empty" in (receive(home, [], "a.wav").error or "")


def test_an_uploaded_playlist_reads_no_other_upload(home: Home, tmp_path: Path) -> None:
    other = receive(home, pieces(make(tmp_path, "wav")), "a.wav")
    script = f"ffconcat version 1.0\nfile ../{other.id}/content\n".encode()
    assert "playlist" in (receive(home, [script], "b.wav").error or "")


def test_the_same_file_twice_is_stored_once(home: Home, tmp_path: Path) -> None:
    source = make(tmp_path, "flac")
    first = receive(home, pieces(source), "a.flac")
    second = receive(home, pieces(source, 777), "another name.flac")
    assert first.sha256 == second.sha256
    assert find(home, first.sha256 or "") is None
    path = adopt(home, first)
    assert find(home, second.sha256 or "") == path
    before = path.stat().st_mtime_ns
    assert adopt(home, second) == path
    assert path.stat().st_mtime_ns == before
    assert len(files_under(home.media)) == 2
    assert pending_uploads(home) == []


@pytest.mark.parametrize(
    "name",
    ["../../evil.wav", "/etc/passwd", "C:\\temp\\x.wav", "a\x00b.wav", "", "..", "\u202e.wav"],
)
def test_names_are_labels_never_paths(home: Home, tmp_path: Path, name: str) -> None:
    upload = receive(home, pieces(make(tmp_path, "wav")), name)
    assert "/" not in upload.filename
    assert "\\" not in upload.filename
    path = adopt(home, upload)
    assert path.name == "original.wav"
    assert path.is_relative_to(home.media)


@given(st.text(max_size=300))
def test_labels_are_short_and_printable(name: str) -> None:
    label = label_of(name)
    assert 1 <= len(label) <= 200
    assert label.isprintable()
    assert label_of(label) == label


@pytest.mark.parametrize("bad", ["../../x", "", "A" * 32, "g" * 32, "0" * 31])
def test_only_our_own_ids_become_paths(home: Home, bad: str) -> None:
    with pytest.raises(ParihsError):
        find_upload(home, bad)
    with pytest.raises(ParihsError):
        discard(home, bad)
    with pytest.raises(ParihsError):
        find(home, bad)


def test_discarding(home: Home, tmp_path: Path) -> None:
    upload = receive(home, pieces(make(tmp_path, "wav")), "a.wav")
    discard(home, upload.id)
    discard(home, upload.id)
    assert pending_uploads(home) == []
    assert files_under(home.work) == []
    with pytest.raises(ParihsError, match="not arrived completely"):
        content_of(home, upload)


def test_leftovers_go_after_seven_days(home: Home, tmp_path: Path) -> None:
    old = receive(home, pieces(make(tmp_path, "wav")), "old.wav")
    folder = content_of(home, old).parent
    eight_days_ago = time.time() - 8 * 24 * 3600
    for path in (*folder.iterdir(), folder):
        os.utime(path, (eight_days_ago, eight_days_ago))
    new = receive(home, pieces(make(tmp_path, "wav")), "new.wav")
    assert clean_uploads(home) == 1
    assert pending_uploads(home) == [new]
    assert clean_uploads(home, now=time.time() + 8 * 24 * 3600) == 1
    assert pending_uploads(home) == []


def test_a_damaged_note_hides_only_its_own_upload(home: Home, tmp_path: Path) -> None:
    broken = receive(home, pieces(make(tmp_path, "wav")), "a.wav")
    good = receive(home, pieces(make(tmp_path, "flac")), "b.flac")
    (content_of(home, broken).parent / "upload.json").write_text("{")
    assert pending_uploads(home) == [good]


def stored(home: Home, path: Path) -> str:
    upload = receive(home, pieces(path), path.name)
    assert upload.error is None
    adopt(home, upload)
    return upload.sha256 or ""


@pytest.mark.parametrize("kind", ["wav", "mp3", "m4a", "flac", "opus", "webm"])
def test_browsers_play_these_as_they_are(home: Home, tmp_path: Path, kind: str) -> None:
    sha256 = stored(home, make(tmp_path, kind))
    assert playback_path(home, sha256) == path_of(home, sha256)
    assert make_playback_copy(home, sha256) == path_of(home, sha256)


@pytest.mark.parametrize(
    "kind", ["wav24", "wav_phone", "m4a_lossless", "mkv", "mov", "aac", "aiff"]
)
def test_others_get_a_copy_with_the_same_clock(home: Home, tmp_path: Path, kind: str) -> None:
    sha256 = stored(home, make(tmp_path, kind, seconds=3.0))
    assert playback_path(home, sha256) is None
    seen: list[float] = []
    copy = make_playback_copy(home, sha256, progress=seen.append)
    assert playback_path(home, sha256) == copy
    assert seen[-1] == 1.0
    info = probe(copy)
    assert (info.container, info.codec, info.channels) == ("m4a", "aac", 1)
    data = copy.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat"), "the index must come first for seeking"


def test_a_copy_keeps_every_moment_in_place(home: Home, tmp_path: Path) -> None:
    silence, beep = np.zeros(48_000, np.float32), tone(0.1, 48_000, 1000)
    sound = np.concatenate([silence, beep] * 4 + [silence])
    path = write(
        tmp_path / "film.mp4", sound, codec="aac", rate=48_000, video=True, audio_delay_s=0.7
    )
    sha256 = stored(home, path)
    copy = make_playback_copy(home, sha256)
    original = decode_to_pcm(path, tmp_path / "1.wav").samples
    played = decode_to_pcm(copy, tmp_path / "2.wav").samples
    starts = [[_onset(pcm, 1100 * k + 700) for k in range(4)] for pcm in (original, played)]
    assert starts[0] == pytest.approx([1700, 2800, 3900, 5000], abs=15)
    assert starts[1] == pytest.approx(starts[0], abs=10)


def _onset(pcm: np.ndarray, after_ms: int) -> float:
    """First moment after ``after_ms`` at which the sound is clearly there, in ms."""
    loud = np.abs(pcm[(after_ms + 500) * 16 :].astype(int)) > 3000
    return after_ms + 500 + int(loud.argmax()) / 16


def test_videos_and_many_channels_need_a_copy(home: Home, tmp_path: Path) -> None:
    film = write(tmp_path / "a.mp4", tone(2, 48_000), codec="aac", rate=48_000, video=True)
    assert playback_path(home, stored(home, film)) is None
    six = write(tmp_path / "b.wav", np.stack([tone(2, 48_000)] * 6), rate=48_000, layout="5.1")
    assert playback_path(home, stored(home, six)) is None


def test_a_live_webm_without_length_needs_a_copy(home: Home, tmp_path: Path) -> None:
    path = write(
        tmp_path / "live.webm",
        tone(3, 48_000),
        codec="libopus",
        rate=48_000,
        container_options={"live": "1"},
    )
    info = probe(path)
    assert info.duration_ms == pytest.approx(3000, abs=60)
    assert playback_path(home, stored(home, path)) is None


def test_a_stopped_copy_leaves_nothing(home: Home, tmp_path: Path) -> None:
    sha256 = stored(home, make(tmp_path, "aiff"))
    before = files_under(home.media)
    with pytest.raises(Stopped):
        make_playback_copy(home, sha256, cancelled=lambda: True)
    assert files_under(home.media) == before
    assert playback_path(home, sha256) is None


def test_peaks_are_made_once(home: Home, tmp_path: Path) -> None:
    sha256 = stored(home, make(tmp_path, "wav"))
    made = peaks_of(home, sha256)
    file = path_of(home, sha256).parent / "peaks.bin"
    written = file.stat().st_mtime_ns
    assert peaks_of(home, sha256).to_list() == made.to_list()
    assert file.stat().st_mtime_ns == written
    file.write_bytes(b"damaged")
    assert peaks_of(home, sha256).to_list() == made.to_list()


def test_a_missing_file_is_named_with_a_way_out(home: Home) -> None:
    with pytest.raises(ParihsError, match="missing from the media folder") as raised:
        path_of(home, "0" * 64)
    assert "backup" in raised.value.hint


def test_info_is_read_again_when_its_note_is_lost(home: Home, tmp_path: Path) -> None:
    sha256 = stored(home, make(tmp_path, "wav"))
    note = path_of(home, sha256).parent / "info.json"
    kept = json.loads(note.read_text())
    note.unlink()
    assert info_of(home, sha256).to_json() == kept


def test_removing_a_recording_removes_all_of_it(home: Home, tmp_path: Path) -> None:
    sha256 = stored(home, make(tmp_path, "aiff"))
    make_playback_copy(home, sha256)
    peaks_of(home, sha256)
    remove(home, sha256)
    assert files_under(home.media) == []
    assert find(home, sha256) is None
