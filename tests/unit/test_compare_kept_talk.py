"""Talk that is kept is what reading it again gives, whatever people did meanwhile."""

from __future__ import annotations

import random
from dataclasses import replace

import pandas as pd
import pytest
from sqlalchemy import select

from parihs.compare import KeptTalk
from parihs.compare.heard import load_talk
from parihs.model import ParsedTranscript, ParsedTurn, Participant, Speaker
from parihs.store import Store
from parihs.store.transcripts import save_transcript
from tests.support.small_study import SmallStudy, make_small_study
from tests.unit.inquiry_study import KIM, code
from tests.unit.test_inquiry_staleness import random_step


def same(store: Store, small: SmallStudy, kept: KeptTalk) -> None:
    with store.read() as session:
        expected, found = load_talk(session, small.study.id), kept.talk(session, small.study.id)
        assert kept.denominators(session, small.study.id) is found.denominators
    for one, other in (
        (expected.turns, found.turns),
        (expected.present, found.present),
        (expected.denominators.talk, found.denominators.talk),
        (expected.denominators.participants, found.denominators.participants),
        (expected.denominators.workshops, found.denominators.workshops),
    ):
        pd.testing.assert_frame_equal(one, other)


@pytest.mark.parametrize("seed", [0, 1])
def test_it_is_what_reading_again_gives(any_store: Store, seed: int) -> None:
    small, dice, kept = make_small_study(any_store), random.Random(seed), KeptTalk()
    for step in range(12):
        random_step(any_store, small, dice)
        if step == 4:
            with any_store.write("test") as tx:
                person = tx.session.scalars(select(Participant)).first()
                assert person is not None
                person.role = "porter"
                tx.record(small.study.id, "changed", "participant", person.id)
        if step == 8:
            with any_store.write("test") as tx:
                speaker = tx.session.scalars(select(Speaker)).first()
                assert speaker is not None
                speaker.label = "Somebody else"
                tx.record(small.study.id, "named", "speaker", speaker.id)
        same(any_store, small, kept)


def test_coding_leaves_it_as_it_is(store: Store, small: SmallStudy) -> None:
    code(store, small, 0, KIM, "fit")
    kept = KeptTalk()
    with store.read() as session:
        before = kept.talk(session, small.study.id)
    code(store, small, 0, KIM, "fit")
    with store.read() as session:
        assert kept.talk(session, small.study.id) is before


def test_the_first_coding_on_a_newer_text_is_noticed(store: Store, small: SmallStudy) -> None:
    code(store, small, 0, KIM, "fit")
    old = small.versions[0]
    with store.write("test") as tx:
        new = save_transcript(
            tx,
            workshop_id=small.workshops[0].id,
            title="A talk",
            parsed=ParsedTranscript([ParsedTurn("Lee", "Quite another text.")], "txt"),
            reason="corrected",
            transcript_id=old.transcript_id,
        )
    kept = KeptTalk()
    same(store, small, kept)
    with store.read() as session:
        assert old.id in set(kept.talk(session, small.study.id).turns["version_id"])
    code(store, replace(small, versions=[new, *small.versions[1:]]), 0, (0, 5), "fit")
    same(store, small, kept)
    with store.read() as session:
        used = set(kept.talk(session, small.study.id).turns["version_id"])
    assert new.id in used
    assert old.id not in used
