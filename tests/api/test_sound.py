"""Recordings over HTTP: streamed in, refused in words, played back in ranges."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import ClientDisconnect

from parihs.media import pending_uploads
from parihs.model import Recording
from parihs.store.recordings import add_upload
from parihs.web import media
from tests.api.conftest import Desk
from tests.support import media_recordings

FFCONCAT = b"ffconcat version 1.0\nfile /etc/hostname\n"


@pytest.fixture(scope="module")
def wav(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return media_recordings.make(tmp_path_factory.mktemp("sound"), "wav", seconds=3.0)


@pytest.fixture
def recording(desk: Desk, wav: Path) -> Recording:
    """A recording that came in through the route and joined the first workshop."""
    answer = put(desk, wav.read_bytes(), "meeting.wav")
    with desk.store.write("test") as tx:
        return add_upload(desk.store, tx, desk.small.workshops[0].id, answer.json()["id"])


def put(desk: Desk, content: bytes | Iterator[bytes], filename: str) -> Any:
    return desk.client.put(f"/api/uploads?filename={filename}", content=content, headers=desk.ada)


def test_an_upload_arrives_in_pieces_and_waits_for_its_workshop(desk: Desk, wav: Path) -> None:
    data = wav.read_bytes()
    pieces = (data[at : at + 1000] for at in range(0, len(data), 1000))
    answer = put(desk, pieces, "Workshop%20one.wav")
    assert answer.status_code == 200
    assert answer.json()["error"] is None
    (waiting,) = pending_uploads(desk.home)
    assert (waiting.id, waiting.filename) == (answer.json()["id"], "Workshop one.wav")
    assert waiting.info is not None
    assert waiting.info.duration_ms == pytest.approx(3000, abs=60)
    assert waiting.n_bytes == len(data)


@pytest.mark.parametrize(
    ("content", "filename"),
    [
        (b"", "empty.wav"),
        (b"These are the minutes of our meeting.\n" * 50, "minutes.wav"),
        (b"\x00" * 4096, "zeros.mp3"),
        (FFCONCAT, "list.wav"),
        (b"#EXTM3U\n/etc/hostname\n", "list.m3u8"),
    ],
    ids=["empty", "text", "zeros", "ffconcat", "playlist"],
)
def test_what_is_no_recording_is_refused_with_a_reason(
    desk: Desk, content: bytes, filename: str
) -> None:
    answer = put(desk, content, filename)
    assert answer.status_code == 200
    assert len(answer.json()["error"]) > 20
    assert answer.json()["hint"]
    folder = desk.home.work / "uploads"
    assert [file.name for file in folder.glob("*/content*")] == []
    with pytest.raises(Exception, match=r"\w"), desk.store.write("test") as tx:
        add_upload(desk.store, tx, desk.small.workshops[0].id, answer.json()["id"])


def test_a_name_never_becomes_a_path(desk: Desk, wav: Path) -> None:
    answer = put(desk, wav.read_bytes(), "..%2F..%2F..%2Fescaped.wav")
    assert answer.status_code == 200
    assert pending_uploads(desk.home)[0].filename == "escaped.wav"
    assert list(desk.home.path.parent.rglob("escaped.wav")) == []


def test_an_upload_that_breaks_off_leaves_nothing(desk: Desk, wav: Path) -> None:
    """The browser goes away in the middle: no half recording may wait for a workshop."""
    messages = [
        {"type": "http.request", "body": wav.read_bytes()[:5000], "more_body": True},
        {"type": "http.disconnect"},
    ]
    scope = {
        "type": "http",
        "method": "PUT",
        "path": "/api/uploads",
        "query_string": b"filename=half.wav",
        "headers": [(b"authorization", desk.ada["Authorization"].encode())],
    }

    async def receive() -> Any:
        return messages.pop(0)

    from starlette.requests import Request

    # in a thread of its own: a browser of another test may have an event loop in this one
    with ThreadPoolExecutor(1) as elsewhere, pytest.raises(ClientDisconnect):
        elsewhere.submit(asyncio.run, media.upload(Request(scope, receive))).result()
    assert pending_uploads(desk.home) == []
    assert list((desk.home.work / "uploads").iterdir()) == []


def test_sound_plays_from_anywhere(desk: Desk, recording: Recording) -> None:
    url = media.recording_url(recording.id, desk.token(desk.small.ada.id))
    whole = desk.client.get(url)
    assert whole.status_code == 200
    assert whole.headers["content-type"].startswith("audio/")
    assert whole.headers["cache-control"] == "no-store"
    part = desk.client.get(url, headers={"Range": "bytes=1000-1999"})
    assert part.status_code == 206
    assert part.content == whole.content[1000:2000]
    assert part.headers["content-range"] == f"bytes 1000-1999/{len(whole.content)}"
    end = desk.client.get(url, headers={"Range": "bytes=-100"})
    assert (end.status_code, end.content) == (206, whole.content[-100:])
    beyond = desk.client.get(url, headers={"Range": f"bytes={len(whole.content) + 5}-"})
    assert beyond.status_code == 416


def test_sound_has_an_outline(desk: Desk, recording: Recording) -> None:
    answer = desk.client.get(f"/api/recordings/{recording.id}/peaks", headers=desk.ada)
    body = answer.json()
    assert answer.headers["cache-control"] == "no-store"
    assert len(body["peaks"]) / 2 / body["per_second"] == pytest.approx(3.0, abs=0.2)
    assert max(body["peaks"]) > 20


@pytest.mark.parametrize("what", ["peaks", "audio"])
def test_sound_of_another_study_stays_there(desk: Desk, recording: Recording, what: str) -> None:
    token = desk.token(desk.small.ada.id, "another study")
    path = f"/api/recordings/{recording.id}/{what}?t={token}"
    answer = desk.client.get(path, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 400
    assert "not in this study" in answer.json()["message"]
