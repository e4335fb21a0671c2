"""What every page and route of one running app shares: home, store, tokens, jobs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from parihs.home import Home
from parihs.store import Store
from parihs.web.tokens import Tokens

if TYPE_CHECKING:
    from parihs.transcribe.jobs import Jobs


@dataclass(frozen=True, slots=True)
class Context:
    """The home this app serves, opened once."""

    home: Home
    store: Store
    tokens: Tokens


@cache
def _open(path: str) -> Context:
    home = Home(path)
    return Context(home, Store(home), Tokens(home.secret()))


def context() -> Context:
    """The context of the home named by ``PARIHS_HOME`` (or the default one), opened once."""
    return _open(str(Home().path))


@cache
def _open_jobs(path: str) -> Jobs:
    from parihs.transcribe.jobs import Jobs

    return Jobs(Home(path))


def jobs() -> Jobs:
    """The transcription queue, opened when a page first needs it."""
    return _open_jobs(str(context().home.path))
