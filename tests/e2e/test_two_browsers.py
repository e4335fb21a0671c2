"""Two browsers code one transcript at once while the network and the server come and go.

What each browser did is noted as its reader kept it, and played again by a few lines of Python in
the order of the audit trail: the database and both pages have to show exactly that.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from parihs.model import Code, CodeDefinition, Coder, Coding, Event, Transcript, TranscriptVersion
from parihs.model.terms import VALENCES
from parihs.store.transcripts import release
from tests.e2e.conftest import Watched
from tests.e2e.doing import READY, all_saved, at_the_desk, code_as, give_code, reader_ready
from tests.e2e.serving import Server

OPERATIONS = 200
"""Of each browser."""
KILLS, CUTS = 3, 3
"""How often the server is killed, and each browser's network is cut."""
FIELDS = ("start", "end", "code", "valence", "memo")
CODES = (
    ("Trialability", "Clarity", "Usability"),
    ("Relative advantage", "Goals", "Local culture"),
)
"""What each browser gives: the same words coded alike twice would be right, and look doubled."""

NOTE_OPERATIONS = """() => {
  window.made = [];
  const keep = Storage.prototype.setItem;
  Storage.prototype.setItem = function (key, value) {
    const [, kind, by] = key.split(':');
    if (kind === 'op') window.made.push({...JSON.parse(value), by});
    return keep.call(this, key, value);
  };
}"""
STANDING = """() => [
  window.made.length, document.querySelector('.pr-memo:not([readonly])') !== null]"""
# As tests of the reader do: a thousand keys through the driver would take most of the time.
PRESS = """keys => {
  for (const key of keys) {
    const [, control, shift, name] = key.match(/^(Control\\+)?(Shift\\+)?(.+)$/);
    document.querySelector('.pr-scroll').dispatchEvent(new KeyboardEvent('keydown', {
      key: name, ctrlKey: !!control, shiftKey: !!shift, bubbles: true, cancelable: true }));
  }
}"""
NOTE = """words => {
  const memo = document.querySelector('.pr-memo:not([readonly])');
  if (!memo) return;
  memo.focus();
  memo.value += words;
  memo.dispatchEvent(new Event('input', {bubbles: true}));
  memo.dispatchEvent(new KeyboardEvent('keydown', {key: 'Escape', bubbles: true}));
}"""
CHOOSING = "() => document.activeElement?.closest('.pr-palette') != null"
# Stripes exist near the viewport only, so the whole transcript is gone through, as by a reader.
SHOWN = """async () => {
  const text = document.querySelector('.pr-scroll');
  const seen = {};
  const you = [...document.querySelectorAll('.parihs-reader button')]
    .map(button => button.textContent.trim()).find(name => name.endsWith('(you)'));
  for (let top = 0; ; top += text.clientHeight * 0.8) {
    text.scrollTop = top;
    await new Promise(done => setTimeout(done, 60));
    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
    const ids = [...document.querySelectorAll('.pr-stripe.pr-begins')].map(s => s.dataset.coding);
    for (const id of ids.filter(id => !(id in seen))) {
      const stripe = document.querySelector(`.pr-stripe.pr-begins[data-coding="${id}"]`);
      const label = stripe.getAttribute('aria-label').replace(/you$/, you.slice(0, -6));
      stripe.click();
      seen[id] = [label, document.querySelector('.pr-memo').value];
    }
    if (top + text.clientHeight >= text.scrollHeight) return seen;
  }
}"""


@dataclass
class Browser:
    """One coder's browser, and the moments at which its network is cut."""

    watched: Watched
    codes: tuple[str, ...]
    chance: random.Random
    cuts: list[int]
    cut_until: int | None = None
    steps: int = 0
    cut: int = 0

    @property
    def page(self) -> Page:
        return self.watched.page

    def made(self) -> list[dict[str, Any]]:
        """Every operation that its reader kept, in order."""
        found: list[dict[str, Any]] = self.page.evaluate("() => window.made")
        return found

    def press(self, *keys: str) -> None:
        """Press keys in the text."""
        self.page.evaluate(PRESS, list(keys))

    def recode(self) -> None:
        """Give the coding at hand another code, by the palette."""
        self.press("r")
        if self.page.evaluate(CHOOSING):  # The other browser may just have taken it back.
            self.page.keyboard.type(self.chance.choice(self.codes))
            self.page.keyboard.press("Enter")
            self.page.keyboard.press("Escape")

    def step(self) -> int:
        """Do one thing that people do; gives how many operations there are now."""
        count, at_own_coding = self.page.evaluate(STANDING)
        self.steps += 1
        wish = self.chance.random()
        if wish < 0.1 and count > 0:
            self.press("Control+z")
        elif wish < 0.13 and count > 0:
            self.press("Control+Shift+z")
        elif wish < 0.22:
            self.press(self.chance.choice(";,"))
        elif at_own_coding and wish < 0.45:
            self.press(self.chance.choice("+-0xz"))
        elif at_own_coding and wish < 0.58:
            self.page.evaluate(NOTE, f" note {self.steps}")
        elif at_own_coding and wish < 0.63:
            self.recode()
        elif at_own_coding and wish < 0.72:
            self.press("u", *(["Control+z"] if self.chance.random() < 0.5 else []))
        else:
            moves = [self.chance.choice("jjk") for _ in range(self.chance.randint(1, 3))]
            self.press(*moves, self.chance.choice("st"), self.chance.choice("123"))
        return count

    def network(self, operations: int) -> None:
        """Cut it when its moment has come, and join it again some steps later."""
        if self.cut_until is not None and self.steps >= self.cut_until:
            self.page.context.set_offline(False)
            self.cut_until = None
        elif self.cut_until is None and self.cuts and operations >= self.cuts[0]:
            self.cuts.pop(0)
            self.cut += 1
            self.cut_until = self.steps + self.chance.randint(8, 30)
            self.page.context.set_offline(True)


@dataclass
class Power:
    """Kills the server outright at its moments, and starts it while coding goes on."""

    server: Server
    chance: random.Random
    kills: list[int]
    pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))
    starting: Future[float] | None = None
    start_at: int | None = None
    steps: int = 0
    killed: int = 0

    def step(self, operations: int) -> None:
        self.steps += 1
        due = bool(self.kills) and operations >= self.kills[0]
        if self.starting is not None:
            # A slow machine starts it slowly; it has to run before it can be killed again.
            if due or self.starting.done():
                self.starting.result()
                self.starting = None
        elif self.start_at is not None:
            if self.steps >= self.start_at:
                self.start_at = None
                self.starting = self.pool.submit(self.server.start)
        elif due:
            self.kills.pop(0)
            self.killed += 1
            self.server.kill()
            self.start_at = self.steps + self.chance.randint(3, 25)

    def restore(self) -> None:
        """Wait until the server runs."""
        if self.start_at is not None:
            self.server.start()
        if self.starting is not None:
            self.starting.result()
        self.pool.shutdown()


def moments(chance: random.Random, number: int, of: int) -> list[int]:
    """Seeded moments, in operations made, each in its own part of the time."""
    part = of // number
    return [part * at + chance.randrange(part // 10, part * 8 // 10) for at in range(number)]


def open_browser(server: Server, watched: Watched, coder: str, transcript: str, codes: Any) -> None:
    """The transcript, its coder chosen, and three codes within reach of a digit."""
    page = watched.page
    page.context.add_init_script(f"({NOTE_OPERATIONS})()")
    page.goto(f"{server.url}/code?transcript={transcript}")
    reader_ready(page)
    code_as(page, coder)
    expect(page.get_by_role("button", name=f"{coder} (you)")).to_be_visible()
    at_the_desk(page)
    for name in codes:
        for key in ("j", "s"):
            page.keyboard.press(key)
        give_code(page, name)
    all_saved(page)


def play(
    codings: dict[str, dict[str, Any]], operations: list[dict[str, Any]]
) -> dict[str, dict[str, Any]]:
    """What becomes of codings by operations in this order; those taken back are marked."""
    codings = {key: dict(one) for key, one in codings.items()}
    for op in operations:
        key = op["coding_id"]
        if op["verb"] == "code":
            assert key not in codings
            codings[key] = {name: op[name] for name in FIELDS} | {"coder": op["by"], "gone": False}
        elif op["verb"] == "change":
            codings[key] |= op["set"]
        else:
            codings[key]["gone"] = op["verb"] == "uncode"
    return codings


def saved(server: Server, version_id: str, before: int) -> tuple[list[str], dict[str, Any]]:
    """Operations in the order of the trail since ``before``, and all codings of the version."""
    store = server.store()
    with store.read() as session:
        trail = select(Event.op_id).where(Event.seq > before, Event.object_type == "coding")
        ops = [str(op) for op in session.scalars(trail.order_by(Event.seq))]
        codings = {
            coding.id: {name: getattr(coding, name) for name in ("start", "end", "valence", "memo")}
            | {"code": coding.code_id, "coder": coding.coder_id, "gone": coding.uncoded}
            for coding in session.scalars(select(Coding).filter_by(version_id=version_id))
        }
    store.close()
    return ops, codings


def as_shown(server: Server, codings: dict[str, Any]) -> dict[str, list[str]]:
    """Codings as a page shows them."""
    store = server.store()
    with store.read() as session:
        query = select(Code.id, CodeDefinition.name).join(
            CodeDefinition, CodeDefinition.code_id == Code.id
        )
        names = dict(session.execute(query).all())
        coders = dict(session.execute(select(Coder.id, Coder.name)).all())
    store.close()
    return {
        key: [
            f"{names[one['code']]}, {VALENCES[one['valence']]}, {coders[one['coder']]}",
            one["memo"],
        ]
        for key, one in codings.items()
        if not one["gone"]
    }


def first_version(server: Server) -> tuple[str, str, int]:
    """Ids of a released transcript and its version, and the number of the newest event."""
    store = server.store()
    with store.write("test") as tx:
        version = tx.session.scalars(select(TranscriptVersion).join(Transcript)).first()
        assert version is not None
        release(tx, version.transcript_id)
    with store.read() as session:
        newest = session.scalar(select(func.max(Event.seq))) or 0
    store.close()
    return version.transcript_id, version.id, newest


@pytest.mark.slow
@pytest.mark.parametrize(
    ("coders", "seed"),
    [(("Dev Rao", "Isla Marsh"), 6), (("Dev Rao", "Dev Rao"), 66)],
    ids=["two coders", "one coder twice"],
)
def test_two_browsers_under_chaos(
    own: Server, watch: Callable[..., Watched], coders: tuple[str, str], seed: int
) -> None:
    """Nothing is lost, nothing doubled, and all see the same end."""
    chance = random.Random(seed)
    own.start()
    transcript_id, version_id, before = first_version(own)
    _, at_first = saved(own, version_id, before)
    both: list[Browser] = []
    for name, codes in zip(coders, CODES, strict=True):
        watched = watch()
        open_browser(own, watched, name, transcript_id, codes)
        watched.server_down = True
        cuts = moments(chance, CUTS, OPERATIONS)
        both.append(Browser(watched, codes, random.Random(chance.random()), cuts))
    power = Power(own, chance, moments(chance, KILLS, 2 * OPERATIONS))

    counts = [0, 0]
    while min(counts) < OPERATIONS:
        at = chance.randrange(2)
        if counts[at] >= OPERATIONS:
            at = 1 - at
        counts[at] = both[at].step()
        both[at].network(counts[at])
        power.step(sum(counts))
        assert power.steps < 20 * OPERATIONS, "a browser does not take keys any more"

    power.restore()
    for browser in both:
        browser.page.context.set_offline(False)
    for browser in both:
        ready = browser.page.locator(READY)
        expect(ready).to_have_attribute("data-pending", "0", timeout=60_000)
        all_saved(browser.page)
    assert power.killed == KILLS
    assert [browser.cut for browser in both] == [CUTS, CUTS]

    made = [browser.made() for browser in both]
    order, codings = saved(own, version_id, before)
    everything = {op["op_id"]: op for ops in made for op in ops}
    assert len(order) == len(set(order)), "an operation was done twice"
    assert set(order) == set(everything), "an operation was lost"
    for ops in made:
        assert len(ops) >= OPERATIONS
        assert len({op["by"] for op in ops}) == 1, "a browser went on as somebody else"
        assert {"code", "change", "uncode", "restore"} <= {op["verb"] for op in ops}
        mine = {op["op_id"] for op in ops}
        assert [op for op in order if op in mine] == [op["op_id"] for op in ops]
    assert codings == play(at_first, [everything[op] for op in order])
    assert len({op["by"] for op in everything.values()}) == len(set(coders))

    shown = as_shown(own, codings)
    for browser in both:
        # A page asks every few seconds what others did.
        browser.page.wait_for_timeout(6_000 if browser is both[0] else 0)
        browser.watched.picture(f"two-browsers-{seed}")
        assert browser.page.evaluate(SHOWN) == shown
        browser.page.reload()
        reader_ready(browser.page)
        assert browser.page.evaluate(SHOWN) == shown
