"""``parihs speakers``: list, name, merge and undo, as people type them."""

from __future__ import annotations

from parihs.home import Home
from parihs.store import Store
from tests.cli.test_commands import Shell, parihs  # noqa: F401  a fixture
from tests.support.small_study import make_small_study


def test_voices_are_listed_named_merged_and_given_back(parihs: Shell) -> None:  # noqa: F811
    store = Store(Home(parihs.folder))
    make_small_study(store)
    store.close()
    rows = parihs.json("speakers", "list", "--workshop", "north-1")
    assert [(row["label"], row["participant"]) for row in rows] == [
        ("Mara", "Mara"),
        ("Kim1", "Kim1"),
        ("Somebody", None),
    ]
    assert len(parihs.json("speakers", "list")) == 6
    unknown = rows[2]["id"]
    assert "no participant" in parihs.refuses("speakers", "name", unknown, "Noor")
    parihs("speakers", "name", unknown[:12], "Noor", "--new", "--role", "nurse")
    listed = parihs("speakers", "list", "--workshop", "north-1").stdout
    assert "Somebody (Noor): 1 turn, 6 words" in listed
    parihs("speakers", "name", unknown, "Visitor", "--label")
    done = parihs.json("speakers", "merge", unknown, rows[0]["id"])
    assert len(parihs.json("speakers", "list", "--workshop", "north-1")) == 2
    parihs("speakers", "undo", done["change"])
    rows = parihs.json("speakers", "list", "--workshop", "north-1")
    assert [row["label"] for row in rows] == ["Mara", "Kim1", "Visitor"]
    assert rows[2]["participant"] == "Noor"
    assert "already" in parihs.refuses("speakers", "undo", done["change"])
    assert "No single voice" in parihs.refuses("speakers", "merge", "zz", unknown)
