"""The framework grid: every cell there, nothing overwritten unseen, every text kept."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from parihs.compare import load_denominators, load_excerpts, matrix
from parihs.errors import ParihsError
from parihs.inquiry import (
    Grid,
    NewerTextError,
    cell_history,
    grid,
    restore_cell,
    save_cell,
    to_frame,
)
from parihs.model import Event, GridCell
from parihs.store import Store
from parihs.store.codebooks import definitions
from parihs.store.transcripts import release
from tests.support.small_study import SmallStudy, make_small_study
from tests.unit.inquiry_study import KIM, MARA, SOMEBODY, code, uncode


def look(store: Store, small: SmallStudy, **more: Any) -> Grid:
    with store.read() as session:
        return grid(session, small.study.id, small.codebook.id, **{"layer": "all", **more})


def save(
    store: Store, small: SmallStudy, summary: str, base_rev: int, by: str = "", **more: Any
) -> GridCell:
    with store.write(by or small.ada.id) as tx:
        return save_cell(
            tx,
            small.study.id,
            "site",
            small.sites[0].id,
            small.codes["fit"],
            summary=summary,
            base_rev=base_rev,
            **more,
        )


def test_the_grid_holds_empty_cells_and_the_counts_of_the_matrix(any_store: Store) -> None:
    small = make_small_study(any_store)
    first = code(any_store, small, 0, KIM, "fit.place")
    code(any_store, small, 0, MARA, "fit")
    north, south = (site.id for site in small.sites)
    save(any_store, small, "It does not fit.", 0, excerpt_ids=[first])
    shown = look(any_store, small)
    assert list(shown.cells) == [
        (row.id, column.id) for row in shown.rows for column in shown.columns
    ]
    cell = shown.cell(north, small.codes["fit"])
    assert (cell.summary, cell.status, cell.author) == ("It does not fit.", "drafted", "Ada")
    assert (cell.n_excerpts, cell.n_speakers, cell.excerpt_ids) == (2, 2, (first,))
    assert not cell.stale
    empty = shown.cell(south, small.codes["help"])
    assert (empty.id, empty.summary, empty.status, empty.rev) == (None, "", "empty", 0)
    assert (shown.n("empty"), shown.n("drafted")) == (3, 1)
    with any_store.read() as session:
        excerpts = load_excerpts(session, small.study.id, small.codebook.id, layer="all")
        counted = matrix(
            excerpts,
            load_denominators(session, small.study.id),
            definitions(session, small.codebook.id),
            value="excerpts",
        )
    for row in counted.rows:
        for column in counted.columns:
            assert shown.cell(row.id, column.id).under == counted.excerpts(row.id, column.id)


def test_a_summary_is_stale_until_somebody_looks_again(store: Store, small: SmallStudy) -> None:
    place = small.sites[0].id, small.codes["fit"]
    save(store, small, "Nothing yet.", 0, seen_rev=look(store, small).rev)
    code(store, small, 0, KIM, "fit.place")
    seen = look(store, small)
    assert (seen.cell(*place).stale, seen.cell(*place).n_changed) == (True, 1)
    assert seen.stale == (seen.cell(*place),)
    code(store, small, 0, MARA, "fit")  # between looking and saving
    cell = seen.cell(*place)
    save(store, small, cell.summary, cell.rev, seen_rev=seen.rev)
    assert look(store, small).cell(*place).n_changed == 1
    cell = look(store, small).cell(*place)
    save(store, small, cell.summary, cell.rev)
    assert not look(store, small).cell(*place).stale


def test_a_newer_text_is_never_overwritten_unseen(any_store: Store) -> None:
    small = make_small_study(any_store)
    first = save(any_store, small, "Ada's.", 0)
    second = save(any_store, small, "Ben's.", first.rev, by=small.ben.id)
    with pytest.raises(NewerTextError, match="Ben saved another text") as refused:
        save(any_store, small, "Ada's, longer.", first.rev)
    error = refused.value
    assert (error.yours, error.theirs, error.rev) == ("Ada's, longer.", "Ben's.", second.rev)
    merged = save(any_store, small, "Both.", error.rev)
    with any_store.read() as session:
        lines = cell_history(session, merged.id)
    assert [(line.data["summary"], line.by) for line in lines] == [
        ("Both.", "Ada"),
        ("Ben's.", "Ben"),
        ("Ada's.", "Ada"),
    ]


def test_a_first_text_meets_another_first_text(store: Store, small: SmallStudy) -> None:
    save(store, small, "Ada's.", 0)
    with pytest.raises(NewerTextError):
        save(store, small, "Ben's.", 0, by=small.ben.id)


def test_saving_twice_is_saving_once(store: Store, small: SmallStudy) -> None:
    seen = look(store, small).rev
    once = save(store, small, "Text.", 0, seen_rev=seen)
    again = save(store, small, "Text.", 0, seen_rev=seen)
    assert again.rev == once.rev
    with store.read() as session:
        events = select(Event).filter_by(object_type="grid_cell")
        assert len(list(session.scalars(events))) == 1


def test_any_earlier_text_comes_back_with_what_it_had_seen(any_store: Store) -> None:
    small = make_small_study(any_store)
    place = small.sites[0].id, small.codes["fit"]
    coding = code(any_store, small, 0, KIM, "fit")
    first = save(any_store, small, "First.", 0, status="agreed", excerpt_ids=[coding])
    code(any_store, small, 0, MARA, "fit")
    second = save(any_store, small, "", first.rev)
    assert second.status == "empty"
    with any_store.write(small.ben.id) as tx:
        old = cell_history(tx.session, first.id)[-1]
        with pytest.raises(NewerTextError):
            restore_cell(tx, first.id, old.seq, base_rev=first.rev)
        restore_cell(tx, first.id, old.seq, base_rev=second.rev)
    cell = look(any_store, small).cell(*place)
    assert (cell.summary, cell.status, cell.excerpt_ids) == ("First.", "agreed", (coding,))
    assert (cell.author, cell.n_changed) == ("Ben", 1)
    with any_store.write(small.ben.id) as tx, pytest.raises(ParihsError, match="never had"):
        restore_cell(tx, first.id, 1, base_rev=cell.rev)


def test_an_excerpt_taken_back_stays_listed_as_lost_and_no_new_one_is_taken(
    any_store: Store,
) -> None:
    small = make_small_study(any_store)
    one, two = (code(any_store, small, 0, where, "fit") for where in (KIM, SOMEBODY))
    with any_store.write("test") as tx:
        release(tx, small.versions[0].transcript_id)
    code(any_store, small, 0, KIM, "fit", by=small.ben.id)
    with any_store.read() as session:
        shared = load_excerpts(session, small.study.id, small.codebook.id)["excerpt_id"].tolist()
    cell = save(any_store, small, "Text.", 0, excerpt_ids=[one, two, *shared])
    uncode(any_store, small, 0, two)
    save(any_store, small, "Text, again.", cell.rev, excerpt_ids=[one, two, *shared])
    seen = look(any_store, small).cell(small.sites[0].id, small.codes["fit"])
    assert (seen.excerpt_ids, seen.lost) == ((one, two, *shared), (two,))
    three = code(any_store, small, 0, MARA, "fit")
    uncode(any_store, small, 0, three)
    with pytest.raises(ParihsError, match="2 of the excerpts are not in this study"):
        save(any_store, small, "Text.", seen.rev, excerpt_ids=[one, three, "nothing"])


def test_the_whole_grid_is_a_table_of_texts(store: Store, small: SmallStudy) -> None:
    save(store, small, "=SUM(A1)", 0)
    table = to_frame(look(store, small))
    assert len(table) == 4
    row = table.set_index(["row_id", "column_id"]).loc[small.sites[0].id, small.codes["fit"]]
    assert (row["summary"], row["status"], row["column"]) == ("=SUM(A1)", "drafted", "Fit")


def test_what_is_not_in_the_study_is_refused(store: Store, small: SmallStudy) -> None:
    place = {"case_type": "site", "case_id": small.sites[0].id, "code_id": small.codes["fit"]}
    wrong = ({"case_id": "?"}, {"code_id": "?"}, {"case_type": "planet"}, {"status": "done"})
    for change in wrong:
        with store.write("test") as tx, pytest.raises(ParihsError):
            save_cell(tx, small.study.id, summary="Text.", base_rev=0, **{**place, **change})  # type: ignore[arg-type]
    with store.read() as session:
        assert session.scalar(select(GridCell)) is None
