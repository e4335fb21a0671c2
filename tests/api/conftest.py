"""The app's routes on a real store, and who may call them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from parihs.home import Home
from parihs.model import new_id
from parihs.store import Store
from parihs.web import api, codebook, corrections, media, suggestions
from parihs.web.context import context
from parihs.web.tokens import Grant
from tests.support.small_study import SmallStudy, make_small_study


@dataclass(frozen=True, slots=True)
class Desk:
    """A running set of routes, the study behind it, and headers for its people."""

    client: TestClient
    home: Home
    store: Store
    small: SmallStudy

    def token(self, coder_id: str, study_id: str | None = None) -> str:
        """A token as a page would issue it."""
        grant = Grant(study_id or self.small.study.id, coder_id, self.small.codebook.id)
        return context().tokens.issue(grant)

    def headers(self, coder_id: str, study_id: str | None = None) -> dict[str, str]:
        """The header that the reader sends."""
        return {"Authorization": f"Bearer {self.token(coder_id, study_id)}"}

    @property
    def ada(self) -> dict[str, str]:
        return self.headers(self.small.ada.id)

    @property
    def ben(self) -> dict[str, str]:
        return self.headers(self.small.ben.id)

    @property
    def version(self) -> str:
        """Version id of the first transcript."""
        return self.small.versions[0].id

    def code_op(self, start: int, end: int, code: str = "fit", **more: Any) -> dict[str, Any]:
        """An operation that codes an excerpt."""
        return {
            "op_id": new_id(),
            "verb": "code",
            "coding_id": new_id(),
            "start": start,
            "end": end,
            "code": self.small.codes[code],
            **more,
        }

    def send(
        self, headers: dict[str, str], *ops: dict[str, Any], since: int = 0, version: str = ""
    ) -> Any:
        """Post operations as the reader does."""
        body = {"version_id": version or self.version, "since": since, "ops": list(ops)}
        return self.client.post("/api/ops", json=body, headers=headers)


@pytest.fixture
def desk(home: Home, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """Routes over an otherwise empty home with the small study in it."""
    monkeypatch.setenv("PARIHS_HOME", str(home.path))
    store = context().store
    rooms = (api, codebook, corrections, media, suggestions)
    routes = [route for room in rooms for route in room.routes]
    with TestClient(Starlette(routes=routes)) as client:
        yield Desk(client, home, store, make_small_study(store))
    store.close()
