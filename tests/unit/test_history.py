"""The trail in sentences, the steps that can be undone, and coding brought back to any moment."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import parihs
from parihs.coding import apply_ops
from parihs.coding.assignments import assign, finish
from parihs.coding.operations import changes
from parihs.coding.restoring import differences, moments, restore_as_of
from parihs.coding.trail import (
    GUARDED_TYPES,
    OPEN_TYPES,
    Asked,
    actors,
    excerpt_history,
    trail,
)
from parihs.coding.undoing import past
from parihs.coding.verbs import KINDS, SENTENCES
from parihs.errors import ParihsError
from parihs.home import Home
from parihs.model import new_id
from parihs.store import Store
from parihs.store.roles import MayNotError, give_role
from parihs.store.transcripts import release
from tests.support.small_study import SmallStudy, make_small_study

PACKAGE = Path(parihs.__file__).parent
ADDED = ("study", "site", "workshop", "participant", "coder")
COMPUTED: dict[str, set[tuple[str, str]]] = {
    "coding/proposals.py": {
        ("took up", "memo"),
        ("declined", "memo"),
        ("reopened", "memo"),
    },
    "coding/recoding.py": {
        ("changed", "coding"),
        ("uncoded", "coding"),
        ("restored", "coding"),
    },
    "store/codebooks.py": {
        ("saved", "codebook_version"),
        ("extended", "codebook_version"),
    },
    "coding/assignments.py": {(v, "assignment") for v in ("finished", "took up again")},
    "coding/discussion.py": {(v, "memo") for v in ("discussed", "proposed")},
    "coding/operations.py": {(v, "coding") for v in ("coded", "changed", "uncoded", "restored")},
    "correction/carrying.py": {(v, "coding") for v in ("moved", "lost")},
    "correction/review.py": {(v, "coding") for v in ("changed", "restored")},
    "inquiry/findings.py": {(v, "finding") for v in ("added", "edited")},
    "inquiry/summaries.py": {(v, "grid_cell") for v in ("saved", "confirmed", "restored")},
    "speakers/changes.py": {
        *((v, "turns") for v in ("split", "moved", "merged", "marked", "undone")),
        *((v, "speaker") for v in ("linked", "named", "undone")),
    },
    "speakers/prints.py": {(v, "voice_prints") for v in ("switched on", "switched off")},
    "store/studies.py": {("added", kind) for kind in ADDED},
    "store/transcripts.py": {(v, "transcript") for v in ("released", "closed")},
}
"""Modules in which a verb or an object type is not written where it is recorded, and which those
are. Whoever adds such a place says here what it records."""
PLACES = [(0, 5), (23, 30), (26, 38), (60, 64)]


class Hand:
    """One coder at the first transcript."""

    def __init__(self, store: Store, small: SmallStudy, coder_id: str = "") -> None:
        self.store, self.small = store, small
        self.coder_id = coder_id or small.ada.id
        self.version_id = small.versions[0].id
        self.transcript_id = small.versions[0].transcript_id

    def do(self, **op: Any) -> str:
        op = {"op_id": new_id(), "coding_id": new_id(), **op}
        done = apply_ops(
            self.store,
            coder_id=self.coder_id,
            version_id=self.version_id,
            codebook_version_id=self.small.codebook.id,
            ops=[op],
        )
        assert not done.refused, done.refused
        return str(op["coding_id"])

    def code(self, place: int = 1, code: str = "fit", **more: Any) -> str:
        start, end = PLACES[place]
        return self.do(verb="code", start=start, end=end, code=self.small.codes[code], **more)

    def undo(self) -> str:
        step = self.past().done[-1]
        for op in step.back:
            self.do(**op, undoes=step.id)
        return step.label

    def redo(self) -> str:
        step = self.past().undone[-1]
        for op in step.forward:
            self.do(**op, redoes=step.id)
        return step.label

    def past(self) -> Any:
        with self.store.read() as session:
            return past(session, self.coder_id, self.version_id)

    def seq(self) -> int:
        with self.store.read() as session:
            return changes(session, None, self.version_id)[0]

    def now(self) -> dict[str, tuple[Any, ...]]:
        with self.store.read() as session:
            found = changes(session, self.coder_id, self.version_id)[1]
        names = ("start", "end", "code", "valence", "memo")
        return {c["id"]: tuple(c[n] for n in names) for c in found if c["coder"] == self.coder_id}

    def restore(self, seq: int, actor: str = "") -> int:
        with self.store.write(actor or self.coder_id) as tx:
            return restore_as_of(
                tx,
                self.coder_id,
                self.transcript_id,
                seq,
                codebook_version_id=self.small.codebook.id,
            )


@pytest.fixture
def ada(store: Store, small: SmallStudy) -> Hand:
    return Hand(store, small)


def recorded() -> Iterator[tuple[str, set[str], set[str]]]:
    """Where events are recorded in the code, with the verbs and object types that can be told."""
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        constants = {
            target.id: node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign | ast.AnnAssign)
            for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
            if isinstance(target, ast.Name) and isinstance(node.value, ast.Constant)
        }
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            if node.func.attr != "record" or len(node.args) < 4:
                continue
            verbs, kinds = (
                {
                    str(part.value)
                    for each in ast.walk(argument)
                    for part in [constants.get(each.id) if isinstance(each, ast.Name) else each]
                    if isinstance(part, ast.Constant) and isinstance(part.value, str)
                }
                for argument in node.args[1:3]
            )
            yield f"{path.relative_to(PACKAGE)}:{node.lineno}", verbs, kinds


def pairs() -> set[tuple[str, str, str]]:
    """Everything the code records: where, verb, object type."""
    # Carrying writes its events many at once.
    found = {("correction/carrying.py", *pair) for pair in COMPUTED["correction/carrying.py"]}
    for where, verbs, kinds in recorded():
        told = {(verb, kind) for verb in verbs for kind in kinds}
        if not told:
            module = where.split(":")[0]
            assert module in COMPUTED, f"{where}: say in COMPUTED what this records"
            told = COMPUTED[module]
        found |= {(where, *pair) for pair in told}
    return found


def test_every_verb_in_the_code_has_a_sentence() -> None:
    found = pairs()
    assert len(found) > 40
    assert {each for each in found if each[1:] not in SENTENCES} == set()
    unused = SENTENCES.keys() - {each[1:] for each in found}
    assert unused <= set(COMPUTED["speakers/changes.py"]), "a sentence that nothing says"


def test_every_type_in_the_code_is_either_open_or_guarded() -> None:
    kinds = {kind for _, _, kind in pairs()}
    assert kinds <= {*OPEN_TYPES, *GUARDED_TYPES}
    assert kinds <= {kind for members in KINDS.values() for kind in members}


def said(store: Store, small: SmallStudy, viewer: str | None = None, **asked: Any) -> list[str]:
    """The trail as sentences, oldest first."""
    with store.read() as session:
        found = trail(session, small.study.id, viewer, Asked(**asked), limit=None)
    return [f"{line.who} {line.sentence}" for line in reversed(found)]


def test_coding_reads_as_sentences(ada: Hand) -> None:
    first = ada.code(1, "fit", memo="look again")
    ada.do(verb="change", coding_id=first, set={"valence": "-1"})
    ada.do(verb="change", coding_id=first, set={"code": ada.small.codes["help"]})
    ada.do(verb="change", coding_id=first, set={"memo": "new"})
    ada.do(verb="change", coding_id=first, set={"end": 38})
    ada.do(verb="uncode", coding_id=first)
    ada.do(verb="restore", coding_id=first)
    quote = "“It does not fit”"
    assert said(ada.store, ada.small, kind="Coding") == [
        f"Ada coded {quote} as “Fit”",
        f"Ada changed “Help” on {quote}: from not rated to constraining",
        f"Ada changed “Help” on {quote}: from “Fit” to “Help”",
        f"Ada changed “Help” on {quote}: its memo",
        f"Ada changed “Help” on {quote}: where it begins or ends",
        f"Ada took back “Help” on {quote}",
        f"Ada brought back “Help” on {quote}",
    ]
    with ada.store.read() as session:
        history = excerpt_history(session, first, ada.coder_id)
        assert [line.verb for line in history][:2] == ["coded", "changed"]
        assert history[0].where == "North 1"


def test_the_team_reads_as_sentences(store: Store, small: SmallStudy) -> None:
    transcript_id = small.versions[0].transcript_id
    with store.write(small.ada.id) as tx:
        give_role(tx, small.ada.id, "lead")
        assign(tx, small.study.id, {transcript_id: [small.ben.id]})
        release(tx, transcript_id)
    with store.write(small.ben.id) as tx:
        finish(tx, transcript_id, small.ben.id)
    assert said(store, small, transcript_id=transcript_id)[-3:] == [
        "Ada assigned North 1 to Ben",
        "Ada released North 1, so that coders see each other’s codings",
        "Ben has read all of North 1",
    ]
    assert "Ada made “Ada” a lead" in said(store, small, actor=small.ada.id)
    with store.read() as session:
        assert actors(session, small.study.id, None)[small.ben.id] == "Ben"


def test_no_sentence_has_a_hole(store: Store, small: SmallStudy) -> None:
    for line in said(store, small):
        assert "{" not in line
        assert "“”" not in line


def test_a_blind_coder_reads_nothing_of_others(ada: Hand) -> None:
    key = ada.code(1)
    store, small = ada.store, ada.small
    assert not any("coded" in line for line in said(store, small, small.ben.id))
    assert not any("coded" in line for line in said(store, small, ""))
    with store.read() as session, pytest.raises(ParihsError):
        excerpt_history(session, key, small.ben.id)
    with store.write("test") as tx:
        release(tx, ada.transcript_id)
    assert any("coded" in line for line in said(store, small, small.ben.id))


def test_an_unknown_kind_is_refused(store: Store, small: SmallStudy) -> None:
    with pytest.raises(ParihsError, match="no kind"):
        said(store, small, kind="Everything")


def test_undo_reaches_back_to_the_first_step(ada: Hand) -> None:
    first = ada.code(1)
    ada.do(verb="change", coding_id=first, set={"valence": "2", "memo": "yes"})
    ada.code(2, "help")
    assert ada.undo() == "coding “Help”"
    assert ada.undo() == "the rating “Strongly enabling”"
    assert ada.now()[first][3:] == ("unrated", "")
    assert ada.undo() == "coding “Fit”"
    assert ada.now() == {}
    assert ada.past().done == []
    assert ada.redo() == "coding “Fit”"
    ada.redo()
    ada.redo()
    assert len(ada.now()) == 2
    assert ada.past().undone == []


def test_a_new_step_ends_redoing(ada: Hand) -> None:
    ada.code(1)
    ada.undo()
    ada.code(2)
    assert ada.past().undone == []
    assert len(ada.past().done) == 1


def test_only_own_steps_are_undone(ada: Hand) -> None:
    ada.code(1)
    ben = Hand(ada.store, ada.small, ada.small.ben.id)
    ben.code(2)
    assert len(ada.past().done) == len(ben.past().done) == 1


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["code", "valence", "memo", "move", "recode", "uncode", "undo", "redo"]),
        st.integers(0, 3),
    ),
    min_size=1,
    max_size=14,
)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS, back_to=st.integers(0, 13))
def test_any_moment_can_be_brought_back_and_undone_again(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]], back_to: int
) -> None:
    """Whatever was done, undone and done again: each moment is found again exactly."""
    store = Store(Home(tmp_path_factory.mktemp("history")))
    ada = Hand(store, make_small_study(store))
    then = [(0, ada.now())]
    for what, where in steps:
        keys = sorted(ada.now())
        if what == "code":
            ada.code(where)
        elif what in ("undo", "redo"):
            if ada.past().done if what == "undo" else ada.past().undone:
                getattr(ada, what)()
        elif keys:
            key = keys[where % len(keys)]
            if what == "uncode":
                ada.do(verb="uncode", coding_id=key)
            else:
                start, end = PLACES[where]
                sets = {
                    "valence": {"valence": str(where - 1)},
                    "memo": {"memo": f"memo {where}"},
                    "move": {"start": start, "end": end},
                    "recode": {"code": list(ada.small.codes.values())[where]},
                }
                ada.do(verb="change", coding_id=key, set=sets[what])
        then.append((ada.seq(), ada.now()))
    last = then[-1][1]
    seq, wanted = then[back_to % len(then)]
    with store.read() as session:
        shown = differences(session, ada.coder_id, ada.transcript_id, seq)
    changed = ada.restore(seq)
    assert changed == len(shown)
    assert ada.now() == wanted
    assert ada.restore(ada.seq()) == 0
    if changed:
        assert ada.undo() == "bringing back an earlier coding"
        assert ada.now() == last
        ada.redo()
        assert ada.now() == wanted
    store.close()


def test_a_lead_brings_back_the_coding_of_somebody_else(store: Store, small: SmallStudy) -> None:
    ben = Hand(store, small, small.ben.id)
    ben.code(1)
    seq = ben.seq()
    ben.code(2)
    with pytest.raises(MayNotError, match="blind"):
        ben.restore(seq, actor=small.ada.id)
    with store.write("test") as tx:
        give_role(tx, small.ada.id, "lead")
        assign(tx, small.study.id, {ben.transcript_id: [small.ben.id]})
    assert ben.restore(seq, actor=small.ada.id) == 1
    assert len(ben.now()) == 1
    assert "Ada brought Ben’s coding of North 1 back" in said(store, small)[-1]
    assert ben.past().done[-1].label == "coding “Fit”", "another’s step is not Ben’s to undo"
    assert ben.restore(ben.seq() - 2, actor=small.ada.id) == 1
    assert len(ben.now()) == 2
    with store.write("test") as tx:
        give_role(tx, small.ben.id, "lead")
        give_role(tx, small.ada.id, "coder")
        release(tx, ben.transcript_id)
    with pytest.raises(MayNotError, match="Only a lead"):
        ben.restore(0, actor=small.ada.id)


def test_nothing_is_brought_back_over_what_was_not_seen(ada: Hand) -> None:
    ada.code(1)
    ada.code(2)
    with pytest.raises(ParihsError, match="since you looked"), ada.store.write(ada.coder_id) as tx:
        restore_as_of(
            tx,
            ada.coder_id,
            ada.transcript_id,
            0,
            codebook_version_id=ada.small.codebook.id,
            expected=["another"],
        )
    assert len(ada.now()) == 2
    with ada.store.read() as session:
        assert len(moments(session, ada.coder_id, ada.transcript_id)) == 2
