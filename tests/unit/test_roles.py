"""Leads, coders and viewers: what each may change, whichever door they come through."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from parihs.codebook import load, shipped
from parihs.errors import ParihsError
from parihs.model import Coder, Event
from parihs.store import Store, Transaction
from parihs.store.codebooks import save_codebook
from parihs.store.roles import LEAD_DEEDS, MayNotError, give_role, leads, why_not
from parihs.store.studies import add_coder, add_site
from parihs.store.transcripts import release
from tests.support.small_study import SmallStudy

Deed = Callable[[Transaction, SmallStudy], object]


def _release(tx: Transaction, small: SmallStudy) -> None:
    release(tx, small.versions[0].transcript_id)


def _codebook(tx: Transaction, small: SmallStudy) -> None:
    save_codebook(tx, small.study.id, load(shipped()["i-parihs"]), "another one")


def _roles(tx: Transaction, small: SmallStudy) -> None:
    give_role(tx, small.ben.id, "lead")


LEADS: dict[str, Deed] = {"release": _release, "codebook": _codebook, "roles": _roles}


def with_roles(store: Store, small: SmallStudy, ada: str, ben: str) -> None:
    """Give both coders a role, the lead first."""
    wanted = sorted(((small.ada.id, ada), (small.ben.id, ben)), key=lambda pair: pair[1] != "lead")
    with store.write("test") as tx:
        for coder_id, role in wanted:
            give_role(tx, coder_id, role)


@pytest.mark.parametrize("deed", LEADS)
def test_without_a_lead_everybody_may(deed: str, store: Store, small: SmallStudy) -> None:
    with store.write(small.ada.id) as tx:
        LEADS[deed](tx, small)


@pytest.mark.parametrize("deed", LEADS)
def test_where_there_is_a_lead_only_leads_may(deed: str, store: Store, small: SmallStudy) -> None:
    with_roles(store, small, "lead", "coder")
    with store.read() as session:
        before = session.query(Event).count()
    with pytest.raises(MayNotError, match="ask Ada"), store.write(small.ben.id) as tx:
        LEADS[deed](tx, small)
    with store.read() as session:
        assert session.query(Event).count() == before
        assert session.get_one(Coder, small.ben.id).role == "coder"
    with store.write(small.ada.id) as tx:
        LEADS[deed](tx, small)


def test_a_viewer_changes_nothing(store: Store, small: SmallStudy) -> None:
    with_roles(store, small, "lead", "viewer")
    with pytest.raises(MayNotError, match="viewer"), store.write(small.ben.id) as tx:
        add_site(tx, small.study.id, key="west", name="West")
    with store.write(small.ada.id) as tx:
        add_site(tx, small.study.id, key="west", name="West")


def test_a_coder_still_does_everyday_things(store: Store, small: SmallStudy) -> None:
    with_roles(store, small, "lead", "coder")
    with store.write(small.ben.id) as tx:
        add_site(tx, small.study.id, key="west", name="West")
        assert add_coder(tx, small.study.id, key="cy", name="Cy").role == "coder"


def test_whoever_has_said_no_name_reads_only_where_there_is_a_lead(
    store: Store, small: SmallStudy
) -> None:
    with store.read() as session:
        assert why_not(session, small.study.id, "", "release") == ""
    with_roles(store, small, "lead", "coder")
    with store.read() as session:
        assert "reading only" in why_not(session, small.study.id, "")
        assert why_not(session, small.study.id, "command line", "release") == ""


def test_each_refusal_says_what_a_lead_does(store: Store, small: SmallStudy) -> None:
    with_roles(store, small, "lead", "coder")
    with store.read() as session:
        for deed, words in LEAD_DEEDS.items():
            assert words in why_not(session, small.study.id, small.ben.id, deed)
            assert why_not(session, small.study.id, small.ada.id, deed) == ""


def test_nobody_is_locked_out(store: Store, small: SmallStudy) -> None:
    with (
        pytest.raises(ParihsError, match="needs a lead"),
        store.write(small.ada.id) as tx,
    ):
        give_role(tx, small.ben.id, "viewer")
    with_roles(store, small, "lead", "viewer")
    for role in ("coder", "viewer"):
        with pytest.raises(ParihsError), store.write(small.ada.id) as tx:
            give_role(tx, small.ada.id, role)
    with store.read() as session:
        assert [lead.id for lead in leads(session, small.study.id)] == [small.ada.id]


def test_an_unknown_role_is_refused(store: Store, small: SmallStudy) -> None:
    with pytest.raises(ParihsError, match="not a role"), store.write("test") as tx:
        give_role(tx, small.ada.id, "king")
