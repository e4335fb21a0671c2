"""Codings read once and kept up to date give what reading all of them again gives."""

from __future__ import annotations

import random
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import select, update

from parihs.compare import KeptCodings, excerpts, last_change, load_excerpts, texts
from parihs.model import Coding, Speaker
from parihs.store import Store
from parihs.store.transcripts import release
from tests.support.small_study import SmallStudy, make_small_study
from tests.unit.inquiry_study import KIM, code
from tests.unit.test_inquiry_staleness import random_step

Before = dict[tuple[str | None, str], tuple[int, pd.DataFrame]]


def same(store: Store, small: SmallStudy, kept: KeptCodings, before: Before | None = None) -> None:
    """Every layer and viewer, read with what was kept and without, and brought up to date."""
    viewers = (None, "", small.ada.id, small.ben.id)
    layers = ("all", "consensus", small.ben.id)
    with store.read() as session:
        for viewer, layer in ((v, one) for v in viewers for one in layers):
            asked = (session, small.study.id, small.codebook.id)
            expected = load_excerpts(*asked, viewer_id=viewer, layer=layer)
            found = load_excerpts(*asked, viewer_id=viewer, layer=layer, kept=kept)
            agree(found, expected)
            if before is not None:
                seen = last_change(session)
                earlier = before.get((viewer, layer))
                mended = load_excerpts(
                    *asked, viewer_id=viewer, layer=layer, kept=kept, before=earlier
                )
                agree(mended, expected)
                before[viewer, layer] = seen, mended


def agree(found: pd.DataFrame, expected: pd.DataFrame) -> None:
    """Two tables of the same excerpts; numbers of theirs may differ, but not what is one."""
    columns = [c for c in expected if c not in ("excerpt", "place")]
    order = ["version_id", "start", "end", "excerpt_id", "turn"]
    one, other = (
        each.astype(object).sort_values(order, ignore_index=True) for each in (expected, found)
    )
    pd.testing.assert_frame_equal(one[columns], other[columns])
    for number in ("excerpt", "place"):
        assert (pd.factorize(one[number])[0] == pd.factorize(other[number])[0]).all()
    assert found.dtypes.map(str).tolist() == expected.dtypes.map(str).tolist()
    assert found["excerpt"].is_monotonic_increasing
    assert found["version_id"].cat.codes.is_monotonic_increasing
    assert found.attrs == expected.attrs


SEEDS = [0, pytest.param(1, marks=pytest.mark.slow), pytest.param(2, marks=pytest.mark.slow)]


@pytest.mark.parametrize("seed", SEEDS)
def test_what_changed_is_mended(any_store: Store, seed: int) -> None:
    small, dice, kept = make_small_study(any_store), random.Random(seed), KeptCodings()
    before: Before = {}
    for step in range(12):
        for _ in range(dice.randrange(4)):
            random_step(any_store, small, dice)
        if step == 6:
            with any_store.write("test") as tx:
                release(tx, small.versions[0].transcript_id)
        same(any_store, small, kept, before)


def test_nothing_is_read_again_while_nothing_changes(store: Store, small: SmallStudy) -> None:
    code(store, small, 0, KIM, "fit")
    kept = KeptCodings()
    with store.read() as session:
        first = kept.codings(session, small.study.id)
        assert kept.codings(session, small.study.id) is first


def test_codings_put_in_past_the_audit_trail_are_found(store: Store, small: SmallStudy) -> None:
    code(store, small, 0, KIM, "fit")
    kept = KeptCodings()
    same(store, small, kept)
    with store.write("test") as tx:
        given = tx.session.scalars(select(Coding)).one()
        tx.session.execute(update(Coding).where(Coding.id == given.id).values(uncoded=True))
    same(store, small, kept)


def test_only_what_was_coded_is_cut_again(
    store: Store, small: SmallStudy, monkeypatch: pytest.MonkeyPatch
) -> None:
    for version in range(len(small.versions)):
        code(store, small, version, KIM, "fit")
    kept = KeptCodings()
    cut: list[pd.DataFrame] = []
    asked = (small.study.id, small.codebook.id)
    with store.read() as session:
        seen = last_change(session)
        before = load_excerpts(session, *asked, layer="all", kept=kept)
    code(store, small, 0, KIM, "fit")
    whole = excerpts._cut

    def noted(*arguments: Any) -> pd.DataFrame:
        cut.append(whole(*arguments))
        return cut[-1]

    monkeypatch.setattr(excerpts, "_cut", noted)
    with store.read() as session:
        load_excerpts(session, *asked, layer="all", kept=kept, before=(seen, before))
        expected = load_excerpts(session, *asked, layer="all")
    assert len(cut) == 2
    assert set(cut[0]["version_id"]) == {small.versions[0].id}
    assert len(set(cut[1]["version_id"])) == len(small.versions) == expected["version_id"].nunique()


def test_names_of_speakers_are_read_again(store: Store, small: SmallStudy) -> None:
    code(store, small, 0, KIM, "fit")
    kept, before = KeptCodings(), Before()
    same(store, small, kept, before)
    with store.write("test") as tx:
        speaker = tx.session.scalars(select(Speaker)).first()
        assert speaker is not None
        speaker.label = "Somebody else"
        tx.record(small.study.id, "named", "speaker", speaker.id)
    code(store, small, 0, KIM, "fit")
    same(store, small, kept, before)


def test_texts_are_read_once_for_all_layers(
    store: Store, small: SmallStudy, monkeypatch: pytest.MonkeyPatch
) -> None:
    for coder in (small.ada.id, small.ben.id):
        code(store, small, 0, KIM, "fit", by=coder)
    code(store, small, 0, (KIM[0] + 2, KIM[1] - 2), "help", by=small.ada.id)
    read: list[str] = []
    count = texts._with_words

    def noted(session: Any, version_ids: Any, *rest: Any) -> Any:
        read.extend(version_ids)
        return count(session, version_ids, *rest)

    monkeypatch.setattr(texts, "_with_words", noted)
    kept = KeptCodings()
    with store.read() as session:
        for layer in ("consensus", "all", small.ada.id):
            load_excerpts(session, small.study.id, small.codebook.id, layer=layer, kept=kept)
    assert read == [small.versions[0].id]
