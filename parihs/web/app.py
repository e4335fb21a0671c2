"""The app that Streamlit runs: pages from ``parihs.ui``, our routes, the transcription worker."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from parihs.web.settings import silence_dependencies

silence_dependencies()

from streamlit import App  # noqa: E402

from parihs.web import api, media  # noqa: E402
from parihs.web.context import context  # noqa: E402

ENTRY = Path(__file__).parents[1] / "ui" / "main.py"


@asynccontextmanager
async def lifespan(_app: App) -> AsyncIterator[dict[str, Any] | None]:
    """Open the study at start, run the transcription worker beside the app, stop it at the end."""
    from parihs.transcribe.supervisor import WorkerSupervisor

    home = context().home
    supervisor = WorkerSupervisor(home)
    supervisor.start()
    try:
        yield None
    finally:
        supervisor.stop()


def create_app() -> App:
    """The ASGI app: ``streamlit run app.py`` and ``parihs app`` both serve this."""
    return App(ENTRY, routes=[*api.routes, *media.routes], lifespan=lifespan)
