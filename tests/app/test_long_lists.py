"""Lists of a large study are shown in portions, so that no page grows with it."""

from __future__ import annotations

from datetime import date

from parihs.store import Store
from parihs.store.studies import add_workshop, sites, workshops
from parihs.ui.portion import AT_ONCE
from tests.app.conftest import OpenPage
from tests.support.small_study import SmallStudy

PART = "Part of the list"


def test_a_short_list_is_shown_whole(study: SmallStudy, open_page: OpenPage) -> None:
    for page in ("overview", "team", "compare", "grid"):
        assert PART not in [box.label for box in open_page(page).selectbox]


def test_a_long_list_is_shown_in_portions_and_none_is_lost(
    app_store: Store, study: SmallStudy, open_page: OpenPage
) -> None:
    with app_store.read() as session:
        site = sites(session, study.study.id)[0]
        before = len(workshops(session, study.study.id))
    with app_store.write("test") as tx:
        for number in range(2 * AT_ONCE):
            add_workshop(
                tx,
                study.study.id,
                site_id=site.id,
                key=f"many-{number}",
                title=f"Meeting {number}.",
                held_on=date(2030, 1, 1),
            )
    app = open_page("overview")
    box = next(box for box in app.selectbox if box.label == PART)
    assert len(box.options) == 3
    seen: list[str] = []
    for number in range(3):
        app = box.set_value(str(number * AT_ONCE)).run()
        assert not app.exception
        box = next(box for box in app.selectbox if box.label == PART)
        links = [link.proto.label for link in app.get("page_link")]
        named = [label for label in links if "Meeting" in label]
        assert len(named) <= AT_ONCE
        seen += named
    assert len(set(seen)) == len(seen) == 2 * AT_ONCE
    assert f"1–{AT_ONCE} of {before + 2 * AT_ONCE}" in box.options[0]
