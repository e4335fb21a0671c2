"""The Suggestions page offers to learn only to somebody who can be suggested to."""

from __future__ import annotations

import json

from parihs.store import Store
from parihs.store.roles import give_role
from tests.app.conftest import OpenPage
from tests.support.remembered import choices_of
from tests.support.small_study import SmallStudy


def test_nobody_learns_in_vain(app_store: Store, study: SmallStudy, open_page: OpenPage) -> None:
    def offered(name: str) -> tuple[bool, str]:
        choices_of(app_store.home).write_text(json.dumps({f"coder:{study.study.key}": name}))
        app = open_page("suggestions")
        assert not app.exception
        learn = "Learn from the codings" in [button.label for button in app.button]
        return learn, "".join(str(each.value) for each in app.info)

    assert offered("ada") == (True, "")
    learn, said = offered("")
    assert not learn
    assert "Say who you are in the side bar" in said
    with app_store.write(study.ada.id) as tx:
        give_role(tx, study.ada.id, "lead")
        give_role(tx, study.ben.id, "viewer")
    learn, said = offered("ben")
    assert not learn
    assert "viewers do not code" in said
