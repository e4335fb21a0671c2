"""Two copies of one study that differ only in what a blind coder may not know.

In the *quiet* world Ben coded little of the blind transcript, in the *busy* one much and otherwise;
the decisions, memos and findings that rest on it differ, too. Whatever Ada may open has to look the
same in both: that is what blind means, and it is what the tests of every door compare. Ids and
times are made alike, so that a door may show them and a digest of what it shows may be compared.
"""

from __future__ import annotations

import itertools
import json
import re
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from parihs.coding import apply_ops
from parihs.coding.adjudication import settle
from parihs.coding.assignments import assign
from parihs.coding.queue import adjudication_queue
from parihs.correction.edits import Edit
from parihs.correction.saving import save_corrections
from parihs.home import Home
from parihs.inquiry.findings import add_finding, link_excerpts
from parihs.inquiry.summaries import save_cell
from parihs.model import Memo, base
from parihs.store import Store
from parihs.store.roles import give_role
from parihs.store.studies import add_coder
from parihs.store.transcripts import latest_version, release
from tests.support.remembered import choices_of
from tests.support.small_study import SmallStudy, make_small_study

SECRET = "quagga"
"""Stands in every text that a blind coder may not read."""
AT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
PLACES = [(0, 11), (23, 30), (34, 38), (39, 42), (60, 64)]
VALENCES = ["-2", "1", "mixed", "0", "2"]
TOKEN = re.compile(r"[\w-]{40,}\.[\w-]{6}\.[\w-]{27}")


class _Clock(datetime):
    @classmethod
    def now(cls, tz: Any = None) -> datetime:
        return AT


@dataclass(frozen=True, slots=True)
class Worlds:
    """Both homes, and who is who; the ids are the same in both."""

    quiet: Home
    busy: Home
    small: SmallStudy
    people: dict[str, str]
    """Key → coder id: ada and ben code both transcripts, cy is a lead who codes the blind one,
    lea a lead who codes neither, vera a viewer; ``nobody`` has not said who they are."""
    bens: str
    """Id of a coding that Ben made in the blind transcript, in both worlds."""
    blind: str
    """Newest version of that transcript: it was corrected after they had coded."""

    @property
    def transcript(self) -> str:
        """Id of that transcript."""
        return self.small.versions[0].transcript_id

    def __iter__(self) -> Iterator[Home]:
        return iter((self.quiet, self.busy))

    def come_in_as(self, key: str) -> None:
        """Let the pages of both homes start as this person."""
        chosen = {"study": "small", "coder:small": None if key == "nobody" else key}
        for home in self:
            choices_of(home).write_text(json.dumps(chosen))

    def release(self) -> None:
        """Release the blind transcript in both worlds."""
        for home in self:
            store = Store(home)
            with store.write("test") as tx:
                release(tx, self.transcript)
            store.close()


def make_worlds(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Worlds:
    """Build both; everything in them is made at one moment, with ids that count up."""
    numbers = itertools.count(1)
    monkeypatch.setattr(base, "datetime", _Clock)
    monkeypatch.setattr(base.uuid, "uuid4", lambda: uuid.UUID(int=next(numbers), version=4))
    first = Home(folder / "quiet")
    store = Store(first)
    small = make_small_study(store)
    people = _people(store, small)
    for person in ("ada", "ben"):
        for version in (0, 1):
            _code(store, small, people[person], version, f"{person}{version}", count=2)
    with store.write("test") as tx:
        release(tx, small.versions[1].transcript_id)
    first.secret()
    store.close()
    shutil.copytree(first.path, folder / "busy")
    second = Home(folder / "busy")
    before = next(numbers)
    for home, busy in ((first, False), (second, True)):
        numbers = itertools.count(before)
        monkeypatch.setattr(
            base.uuid, "uuid4", lambda counting=numbers: uuid.UUID(int=next(counting), version=4)
        )
        _live(Store(home), small, people, busy=busy)
    monkeypatch.undo()
    store = Store(first)
    with store.read() as session:
        newest = latest_version(session, small.versions[0].transcript_id)
    store.close()
    assert newest is not None
    return Worlds(first, second, small, people, "ben0-0".ljust(32, "0"), newest.id)


def _people(store: Store, small: SmallStudy) -> dict[str, str]:
    people = {"ada": small.ada.id, "ben": small.ben.id, "nobody": ""}
    with store.write("test") as tx:
        for key, role in (("lea", "lead"), ("cy", "lead"), ("vera", "viewer")):
            people[key] = add_coder(tx, small.study.id, key=key, name=key.title()).id
            give_role(tx, people[key], role)
        blind, shown = (version.transcript_id for version in small.versions)
        coders = {people[key] for key in ("ada", "ben")}
        assign(tx, small.study.id, {blind: coders | {people["cy"]}, shown: coders})
    return people


def _code(
    store: Store, small: SmallStudy, coder_id: str, version: int, name: str, *, count: int
) -> None:
    ops = [_op(small, f"{name}-{n}", n, code="fit") for n in range(count)]
    _send(store, small, coder_id, version, ops)


def _op(small: SmallStudy, name: str, place: int, *, code: str, **more: Any) -> dict[str, Any]:
    start, end = PLACES[place]
    made = {"op_id": f"op-{name}", "coding_id": name.ljust(32, "0"), "verb": "code"}
    return {**made, "start": start, "end": end, "code": small.codes[code], **more}


def _send(
    store: Store, small: SmallStudy, coder_id: str, version: int, ops: list[dict[str, Any]]
) -> None:
    done = apply_ops(
        store,
        coder_id=coder_id,
        version_id=small.versions[version].id,
        codebook_version_id=small.codebook.id,
        ops=ops,
    )
    assert not done.refused, done.refused


def _live(store: Store, small: SmallStudy, people: dict[str, str], *, busy: bool) -> None:
    """What happens in one world only; as many events in both."""
    ben, version = people["ben"], small.versions[0]
    if busy:
        codes = ["help", "fit.place", "fit.person", "help", "fit"]
        ops = [
            _op(small, f"told-{n}", n, code=code, valence=VALENCES[n], memo=f"{SECRET} {n}")
            for n, code in enumerate(codes)
        ]
    else:
        first = _op(small, "told-0", 4, code="fit")
        verbs = ["uncode", "restore", "uncode", "restore"]
        ops = [first] + [
            {"op_id": f"op-quiet-{n}", "coding_id": first["coding_id"], "verb": verb}
            for n, verb in enumerate(verbs, start=1)
        ]
    _send(store, small, ben, 0, ops)
    with store.write("test") as tx:
        release(tx, version.transcript_id)
        queue = adjudication_queue(tx.session, small.study.id, small.codebook.id)
        here = [i for i in queue.items if i.version_id == version.id and i.place is not None]
        place = here[-1].place
        assert place is not None
        outcome = "both" if busy else "neither"
        settle(tx, place, outcome=outcome, reason=f"{SECRET} {outcome}")
        release(tx, version.transcript_id, False)
    with store.write(ben) as tx:
        linked = str(ops[0]["coding_id"])
        for kind, target in (
            ("transcript", version.transcript_id),
            ("coding", linked),
        ):
            memo = Memo(
                study_id=small.study.id,
                author=ben,
                kind="analytic",
                target_type=kind,
                target_id=target,
                text=f"{SECRET} {busy}",
            )
            tx.session.add(memo)
            tx.session.flush()
            tx.record(small.study.id, "wrote", "memo", memo.id, {})
        finding = add_finding(tx, small.study.id, title="What holds", claim="It holds.")
        link_excerpts(tx, finding.id, [linked])
        site = small.sites[0].id
        save_cell(
            tx,
            small.study.id,
            case_type="site",
            case_id=site,
            code_id=small.codes["fit"],
            summary="A summary.",
            excerpt_ids=[linked],
            base_rev=0,
        )
    with store.write("test") as tx:
        said, better = "Café talk, naïve as it is.", "Café talk, quite naïve as it is."
        save_corrections(tx, version.id, [Edit(2, 2, said, (better,))])
    store.close()


def masked(text: str, home: Home) -> str:
    """Text without what differs between homes anyway: their paths, and signed tokens."""
    text = text.replace(str(home.path), "HOME")
    return TOKEN.sub("TOKEN", text)
