"""Memos: written, found, changed, taken away and brought back; seen by the blind rule."""

from __future__ import annotations

import pytest

from parihs.coding.operations import apply_ops
from parihs.errors import ParihsError
from parihs.memos import (
    Target,
    change_memo,
    excerpt_target,
    find_memos,
    memo_table,
    remove_memo,
    restore_memo,
    write_memo,
)
from parihs.model import Event
from parihs.store import Store
from parihs.store.transcripts import release
from tests.support.small_study import SmallStudy


def write(store: Store, small: SmallStudy, target: Target, text: str, **more: object) -> str:
    with store.write(str(more.pop("by", small.ada.id))) as tx:
        return write_memo(
            tx,
            small.study.id,
            kind=str(more.pop("kind", "analytic")),
            target=target,
            text=text,
            **more,
        ).id


def code(store: Store, small: SmallStudy, memo: str = "") -> str:
    op = {"op_id": "o1", "verb": "code", "coding_id": "c" * 32, "start": 0, "end": 5}
    apply_ops(
        store,
        coder_id=small.ada.id,
        version_id=small.versions[0].id,
        codebook_version_id=small.codebook.id,
        ops=[{**op, "code": small.codes["help"], "memo": memo}],
    )
    return "c" * 32


def seen(store: Store, small: SmallStudy, viewer: str | None, **asked: object) -> list[str]:
    with store.read() as session:
        return [m.text for m in find_memos(session, small.study.id, viewer, **asked)]  # type: ignore[arg-type]


def test_memos_on_everything_are_found_with_their_names(store: Store, small: SmallStudy) -> None:
    version = small.versions[0]
    targets = {
        "study": Target("study", small.study.id),
        "site": Target("site", small.sites[0].id),
        "workshop": Target("workshop", small.workshops[0].id),
        "transcript": Target("transcript", version.transcript_id),
        "code": Target("code", small.codes["fit.place"]),
        "excerpt": excerpt_target(version.transcript_id, version.id, 0, 5),
        "coding": Target("coding", code(store, small, "short note")),
    }
    for name, target in targets.items():
        write(store, small, target, f"about the {name}")
    with store.read() as session:
        found = {m.text: m for m in find_memos(session, small.study.id, small.ada.id)}
    assert set(found) == {*(f"about the {name}" for name in targets), "short note"}
    assert found["about the site"].about.label == small.sites[0].name
    assert found["about the code"].about.label == "Place"
    excerpt = found["about the excerpt"].about
    assert (excerpt.transcript_id, excerpt.start, excerpt.end) == (version.transcript_id, 0, 5)
    assert found["about the coding"].about.label.startswith("Help on “")
    assert found["short note"].kind == "note"


def test_they_are_filtered_by_kind_words_author_and_link(store: Store, small: SmallStudy) -> None:
    study, site = Target("study", small.study.id), Target("site", small.sites[0].id)
    write(store, small, study, "We meet monthly", kind="decision")
    write(store, small, study, "Blame comes early at St Ann", links=[site])
    write(store, small, site, "I trained here", kind="positional", by=small.ben.id)
    assert seen(store, small, None, kinds=["decision"]) == ["We meet monthly"]
    assert seen(store, small, None, words="EARLY blame") == ["Blame comes early at St Ann"]
    assert seen(store, small, None, author_id=small.ben.id) == ["I trained here"]
    assert seen(store, small, None, target=site) == [
        "I trained here",
        "Blame comes early at St Ann",
    ]
    assert seen(store, small, None, types=["study"], words="trained") == []
    with store.read() as session:
        table = memo_table(find_memos(session, small.study.id, None))
    assert list(table["links"]) == ["", small.sites[0].name, ""]


def test_a_blind_coder_reads_no_memo_on_what_others_coded(store: Store, small: SmallStudy) -> None:
    version = small.versions[0]
    coding = Target("coding", code(store, small, "a note on it"))
    write(store, small, coding, "on the coding")
    write(store, small, excerpt_target(version.transcript_id, version.id, 0, 5), "on the words")
    write(store, small, Target("transcript", version.transcript_id), "on the transcript")
    write(store, small, Target("site", small.sites[0].id), "on the site", links=[coding])
    assert seen(store, small, small.ben.id) == ["on the site"]
    with store.read() as session:
        (open_one,) = find_memos(session, small.study.id, small.ben.id)
    assert open_one.links == (), "a link would tell what was coded"
    assert len(seen(store, small, small.ada.id)) == 5
    with store.write("lead") as tx:
        release(tx, version.transcript_id)
    assert len(seen(store, small, small.ben.id)) == 5


def test_changes_are_the_authors_own_and_no_wording_is_lost(
    store: Store, small: SmallStudy
) -> None:
    memo_id = write(store, small, Target("study", small.study.id), "first wording")
    with pytest.raises(ParihsError, match="author"), store.write(small.ben.id) as tx:
        change_memo(tx, memo_id, text="not mine")
    with store.write(small.ada.id) as tx:
        change_memo(tx, memo_id, text="second wording", kind="methodological")
    with store.write(small.ada.id) as tx:
        remove_memo(tx, memo_id)
    assert seen(store, small, small.ada.id) == []
    assert seen(store, small, small.ada.id, removed=True) == ["second wording"]
    assert seen(store, small, small.ben.id, removed=True) == []
    with store.write(small.ada.id) as tx:
        restore_memo(tx, memo_id)
    assert seen(store, small, small.ben.id) == ["second wording"]
    with store.read() as session:
        events = session.query(Event).filter_by(object_id=memo_id).order_by(Event.seq).all()
    assert [event.verb for event in events] == ["wrote", "rewrote", "removed", "brought back"]
    assert events[1].data["from"]["text"] == "first wording"


@pytest.mark.parametrize(
    ("target", "text", "kind"),
    [
        (Target("site", "nowhere"), "text", "analytic"),
        (Target("planet", "x"), "text", "analytic"),
        (Target("excerpt", "rubbish"), "text", "analytic"),
        (None, "  ", "analytic"),
        (None, "text", "secret"),
    ],
)
def test_what_cannot_be_saved_is_refused_in_words(
    store: Store, small: SmallStudy, target: Target | None, text: str, kind: str
) -> None:
    with pytest.raises(ParihsError):
        write(store, small, target or Target("study", small.study.id), text, kind=kind)
    assert seen(store, small, None) == []
