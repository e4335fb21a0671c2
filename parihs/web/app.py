"""The app that Streamlit runs: pages from ``parihs.ui``, our routes, the transcription worker."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from parihs.web.settings import silence_dependencies

silence_dependencies()

from starlette.middleware import Middleware  # noqa: E402
from streamlit import App  # noqa: E402

from parihs.web import (  # noqa: E402
    api,
    codebook,
    corrections,
    media,
    memos,
    past,
    search,
    speakers,
    suggestions,
)
from parihs.web.browsers import KnowBrowsers  # noqa: E402
from parihs.web.context import context  # noqa: E402
from parihs.web.memory import keep_what_is_here, share_one_heap  # noqa: E402
from parihs.web.page_head import PageHead  # noqa: E402

ENTRY = Path(__file__).parents[1] / "ui" / "main.py"
ROUTES = [
    *api.routes,
    *codebook.routes,
    *media.routes,
    *memos.routes,
    *speakers.routes,
    *corrections.routes,
    *past.routes,
    *search.routes,
    *suggestions.routes,
]
"""Each has a line in tests/api/test_blind.py that says how it keeps to the rule of blind coding."""


FIRST_PAGE_NEEDS = ("pandas", "PIL.Image")
"""What Streamlit imports when the first page runs."""
WORKER_WAITS_S = 3.0
"""The first page has the processors to itself; a recording waits for longer than that anyway."""


@asynccontextmanager
async def lifespan(_app: App) -> AsyncIterator[dict[str, Any] | None]:
    """Open the study at start, run the transcription worker beside the app, stop it at the end."""
    from parihs.transcribe.supervisor import Supervisors

    supervisor = Supervisors(context().home)
    threading.Thread(target=_get_ready, name="first page", daemon=True).start()
    starting = asyncio.get_running_loop().call_later(WORKER_WAITS_S, supervisor.start)
    try:
        yield None
    finally:
        starting.cancel()
        supervisor.stop()


def _get_ready() -> None:
    """Import what the first page needs while the browser is still fetching Streamlit's files."""
    for name in FIRST_PAGE_NEEDS:
        import_module(name)
    keep_what_is_here()


def create_app() -> App:
    """The ASGI app: ``streamlit run app.py`` and ``parihs app`` both serve this."""
    share_one_heap()
    return App(
        ENTRY,
        routes=ROUTES,
        middleware=[Middleware(PageHead), Middleware(KnowBrowsers)],
        lifespan=lifespan,
    )
