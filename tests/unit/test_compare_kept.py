"""Codings read once and kept up to date give what reading all of them again gives."""

from __future__ import annotations

import random

import pandas as pd
import pytest
from sqlalchemy import select, update

from parihs.compare import KeptCodings, load_excerpts
from parihs.model import Coding
from parihs.store import Store
from parihs.store.transcripts import release
from tests.support.small_study import SmallStudy, make_small_study
from tests.unit.inquiry_study import KIM, code
from tests.unit.test_inquiry_staleness import random_step


def same(store: Store, small: SmallStudy, kept: KeptCodings) -> None:
    """Every layer and viewer, read with what was kept and without."""
    viewers = (None, "", small.ada.id, small.ben.id)
    layers = ("all", "consensus", small.ben.id)
    with store.read() as session:
        for viewer, layer in ((v, one) for v in viewers for one in layers):
            asked = (session, small.study.id, small.codebook.id)
            expected = load_excerpts(*asked, viewer_id=viewer, layer=layer)
            found = load_excerpts(*asked, viewer_id=viewer, layer=layer, kept=kept)
            columns = [c for c in expected if c not in ("excerpt", "place")]
            order = ["version_id", "start", "end", "excerpt_id", "turn"]
            pd.testing.assert_frame_equal(
                expected[columns].astype(object).sort_values(order, ignore_index=True),
                found[columns].astype(object).sort_values(order, ignore_index=True),
            )
            assert found.attrs == expected.attrs


SEEDS = [0, pytest.param(1, marks=pytest.mark.slow), pytest.param(2, marks=pytest.mark.slow)]


@pytest.mark.parametrize("seed", SEEDS)
def test_what_changed_is_mended(any_store: Store, seed: int) -> None:
    small, dice, kept = make_small_study(any_store), random.Random(seed), KeptCodings()
    for step in range(12):
        for _ in range(dice.randrange(4)):
            random_step(any_store, small, dice)
        if step == 6:
            with any_store.write("test") as tx:
                release(tx, small.versions[0].transcript_id)
        same(any_store, small, kept)


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
