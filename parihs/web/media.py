"""Routes for sound: streaming uploads in, recordings with byte ranges and waveforms out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from parihs.errors import ParihsError
from parihs.media import Receiver, Upload, discard, make_playback_copy, peaks_of
from parihs.media.peaks import PER_SECOND
from parihs.model import Recording
from parihs.store.roles import require
from parihs.web.api import NO_STORE, bearer, reading, refusal
from parihs.web.context import context
from parihs.web.tokens import Grant


def recording_url(recording_id: str, token: str) -> str:
    """Where a page's audio element finds a recording; the token rides along, as it must."""
    return f"/api/recordings/{recording_id}/audio?t={token}"


async def audio(request: Request) -> Response:
    """A recording as the browser can play it, with byte ranges."""
    try:
        grant = context().tokens.read(request.query_params.get("t"))
        path = await run_in_threadpool(_playable, request, grant)
    except ParihsError as error:
        return refusal(error)
    return FileResponse(path, headers=NO_STORE)


def peaks(request: Request, grant: Grant) -> dict[str, Any]:
    """The waveform of a recording as ``[lowest, highest, …]`` (int8), made the first time."""
    recording = _recording(request, grant)
    outline = peaks_of(context().home, recording.sha256)
    return {"per_second": PER_SECOND, "peaks": outline.to_list()}


async def upload(request: Request) -> Response:
    """Take a file in as it streams, and say what it is; it joins a study in a second step."""
    try:
        grant = bearer(request)
        await run_in_threadpool(_refuse_readers, grant)
        filename = request.query_params.get("filename", "recording")
        received = await _receive(request, filename)
    except ParihsError as error:
        return refusal(error)
    answer = {"id": received.id, "error": received.error, "hint": received.hint}
    return JSONResponse(answer, headers=NO_STORE)


def _refuse_readers(grant: Grant) -> None:
    with context().store.read() as session:
        require(session, grant.study_id, grant.coder_id)


async def _receive(request: Request, filename: str) -> Upload:
    """Write the body to disk as it arrives; an upload that breaks off leaves nothing behind."""
    receiver = Receiver(context().home, filename)
    try:
        with receiver:
            async for chunk in request.stream():
                await run_in_threadpool(receiver.write, chunk)
            return await run_in_threadpool(receiver.finish)
    except BaseException:
        discard(context().home, receiver.upload.id)
        raise


def _recording(request: Request, grant: Grant) -> Recording:
    with context().store.read() as session:
        recording = session.get(Recording, request.path_params["recording_id"])
    if recording is None or recording.study_id != grant.study_id:
        raise ParihsError("This recording is not in this study.", "Reload the page.")
    return recording


def _playable(request: Request, grant: Grant) -> Path:
    return make_playback_copy(context().home, _recording(request, grant).sha256)


routes = [
    Route("/api/recordings/{recording_id}/audio", audio),
    Route("/api/recordings/{recording_id}/peaks", reading(peaks)),
    Route("/api/uploads", upload, methods=["PUT"]),
]
