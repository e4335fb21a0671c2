"""The versions page and what the overview says of codings that wait for a look."""

from __future__ import annotations

from parihs.coding.operations import apply_ops
from parihs.correction import Edit, save_corrections
from parihs.model import new_id
from parihs.store import Store
from parihs.store.transcripts import release
from tests.app.conftest import OpenPage
from tests.support.small_study import SmallStudy

TURN = "It does not fit here. It never has."


def test_a_correction_is_listed_and_its_lost_coding_waits(
    open_page: OpenPage, app_store: Store, study: SmallStudy
) -> None:
    first = study.versions[0]
    start = 23 + TURN.index("It never")
    op = {
        "op_id": new_id(),
        "verb": "code",
        "coding_id": new_id(),
        "start": start,
        "end": start + 8,
    }
    apply_ops(
        app_store,
        coder_id=study.ada.id,
        version_id=first.id,
        codebook_version_id=study.codebook.id,
        ops=[{**op, "code": study.codes["fit"]}],
    )
    with app_store.write(study.ada.id) as tx:
        save_corrections(tx, first.id, [Edit(1, 1, TURN, ("It does not fit here.",))])
    with app_store.write("lead") as tx:
        release(tx, first.transcript_id)

    page = open_page("versions")
    assert not page.exception
    words = " ".join(each.value for each in page.markdown)
    assert "Version 2" in words
    assert "newest" in words
    assert "1 without a place" in words
    assert "Codings to review (1)" in str(page.get("button_group")[0])

    overview = open_page("overview")
    assert not overview.exception
    assert any("should be looked at" in each.value for each in overview.markdown)
