"""Our reader beside Taguette, on the same text and codings, in the same run.

    python -m venv /tmp/peer && /tmp/peer/bin/pip install taguette==1.5.2
    python benchmarks/beside_taguette.py --taguette /tmp/peer/bin/python

3,000 turns, 30,000 words, 67 codes, without and with 2,000 codings. Both servers run all the time
and one is asked at a time, in turn. Opening 2,000 codings takes Taguette minutes, so it is done
``--full-rounds`` times; each opened page is then coded in ``--codings`` times.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections import defaultdict
from pathlib import Path

from playwright.sync_api import Browser, Page
from reader import MARKED, READY, percentile_95, scratch
from running_app import RunningApp, calibration_ms, chromium, load, new_page
from sqlalchemy import select
from taguette_peer import Span, Taguette
from workload import Made, make

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from parihs.home import Home
from parihs.model import CodeDefinition, Coding, Turn
from parihs.store import Store

CODE = "Trialability"
EXCERPT_WORDS = 8
NOT_CODED, CODED = "no codings", "2,000 codings"

# Where to press and to let go, to select these words; they stand once in the text.
PLACE = """([root, words]) => {
  const texts = document.createTreeWalker(document.querySelector(root), NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    const at = node.data.indexOf(words);
    if (at < 0) continue;
    node.parentElement.scrollIntoView({ block: 'center', behavior: 'instant' });
    const box = (from, to) => {
      const range = document.createRange();
      range.setStart(node, at + from);
      range.setEnd(node, at + to);
      return range.getClientRects()[0];
    };
    const [first, last] = [box(0, 1), box(words.length - 1, words.length)];
    return [first.left + 0.6, first.top + first.height / 2,
            last.right - 0.4, last.top + last.height / 2];
  }
}"""
FIRST_CHOICE = "() => document.querySelector('.pr-palette [role=option]')?.textContent ?? ''"

Times = defaultdict[tuple[str, str, str], list[float]]
"""(what, condition, program) → ms, or a number of actions."""


def material(made: Made) -> tuple[list[str], dict[str, str], list[Span]]:
    """Texts of the turns, names of the codes by id, and the codings that are in our study."""
    store = Store(Home(made.home))
    with store.read() as session:
        query = select(Turn.text).filter_by(version_id=made.version_id).order_by(Turn.position)
        turns = list(session.scalars(query))
        named = select(CodeDefinition.code_id, CodeDefinition.name)
        names = dict(session.execute(named).all())
        codings = session.scalars(select(Coding).filter_by(version_id=made.version_id))
        spans = [Span(one.start, one.end, names[one.code_id]) for one in codings]
    store.close()
    return turns, names, spans


def excerpt(turns: list[str], spans: list[Span]) -> str:
    """Some words near the middle that stand once in the text and carry no code."""
    covered = bytearray(sum(len(turn) + 1 for turn in turns))
    for span in spans:
        covered[span.start : span.end] = b"\1" * (span.end - span.start)
    whole, at, places = "\n".join(turns), 0, []
    for turn in turns:
        words = " ".join(turn.split()[:EXCERPT_WORDS])
        free = not any(covered[at : at + len(turn)])
        if free and len(turn.split()) > EXCERPT_WORDS and whole.count(words) == 1:
            places.append((at, words))
        at += len(turn) + 1
    return min(places, key=lambda place: abs(place[0] - at / 2))[1]


def shortest(names: list[str], wanted: str) -> str:
    """The shortest letters for which Taguette offers this code first."""
    pieces = {wanted[i:j] for i in range(len(wanted)) for j in range(i + 1, len(wanted) + 1)}
    first = [p for p in pieces if next(n for n in sorted(names) if p in n) == wanted]
    return min(first, key=lambda piece: (len(piece), piece))


def drag(page: Page, root: str, words: str) -> None:
    """Select words with the mouse."""
    x, y, to_x, to_y = page.evaluate(PLACE, [root, words])
    page.wait_for_timeout(150)
    x, y, to_x, to_y = page.evaluate(PLACE, [root, words])
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move((x + to_x) / 2, (y + to_y) / 2, steps=4)
    page.mouse.move(to_x, to_y, steps=4)
    page.mouse.up()
    chosen = page.evaluate("() => getSelection().toString()")
    if chosen.strip() != words:
        raise SystemExit(f"The mouse selected “{chosen}” instead of “{words}”.")


def ours(
    times: Times, app: RunningApp, browser: Browser, condition: str, words: str, codings: int
) -> None:
    """Open our reader in a fresh browser, and code by the palette and by a digit."""
    with new_page(browser) as page:
        page.goto(f"{app.address}/code")
        page.wait_for_selector("[data-ready=true]", timeout=60_000)
        times["Address to all painted", condition, "parihs"].append(float(page.evaluate(READY)))
        for number in range(2 * codings):
            by_digit = number % 2 == 1
            drag(page, ".pr-page", words)
            page.wait_for_timeout(120)
            actions = 2
            if not by_digit:
                page.keyboard.press("c")
                page.wait_for_selector(".pr-palette [role=option]")
                for letter in CODE.lower():
                    page.keyboard.type(letter)
                    actions += 1
                    page.wait_for_timeout(60)
                    if CODE in page.evaluate(FIRST_CHOICE):
                        break
                actions += 1
            page.evaluate("() => performance.clearMarks()")
            page.keyboard.press("1" if by_digit else "Enter")
            page.wait_for_function(f"() => ({MARKED})().every(Boolean)")
            key = float(page.evaluate("() => window.keyAt"))
            painted, saved = page.evaluate(MARKED)
            way = "a code used lately" if by_digit else "any code"
            times[f"Last key to painted, {way}", condition, "parihs"].append(painted - key)
            times[f"Last key to saved, {way}", condition, "parihs"].append(saved - key)
            times[f"Actions, {way}", condition, "parihs"].append(actions)
            page.keyboard.press("u")
            page.wait_for_selector("[data-pending='0']")


def theirs(
    times: Times,
    peer: Taguette,
    browser: Browser,
    condition: str,
    words: str,
    letters: str,
    codings: int,
) -> None:
    """Open Taguette's document in a fresh browser, and code by keys, its quickest way."""
    context, page, opened = peer.open(browser, condition)
    times["Address to all painted", condition, "Taguette"].append(opened)
    for _ in range(codings):
        drag(page, "#document-contents", words)
        page.wait_for_timeout(120)
        saved = peer.code(page, condition, CODE, letters)
        for way in ("any code", "a code used lately"):
            times[f"Last key to painted, {way}", condition, "Taguette"].append(saved.painted)
            times[f"Last key to saved, {way}", condition, "Taguette"].append(saved.saved)
            times[f"Actions, {way}", condition, "Taguette"].append(saved.actions)
    context.close()


def table(times: Times) -> int:
    """Print median and 95th percentile of both, and how often theirs holds ours."""
    print(f"\n{'':<44}{'parihs':>18}{'Taguette':>22}{'ratio':>9}")
    behind = []
    for what, condition in sorted({key[:2] for key in times}, key=lambda k: (k[1], k[0])):
        mine, other = (times.get((what, condition, who), []) for who in ("parihs", "Taguette"))
        if not (mine and other):
            continue
        ratio = statistics.median(other) / statistics.median(mine)
        shown = [
            f"{statistics.median(v):,.0f} ({percentile_95(v):,.0f}) n={len(v)}"
            for v in (mine, other)
        ]
        print(f"{condition + ': ' + what:<44}{shown[0]:>18}{shown[1]:>22}{ratio:>8.1f}×")
        if ratio < 1:
            behind.append(f"{condition}: {what}")
    print(f"Median (95th percentile); ms, or a number. Load now {load():.1f}.")
    print(f"Behind: {'; '.join(behind)}" if behind else "Ahead everywhere.")
    return 1 if any(name.startswith(CODED) for name in behind) else 0


def main() -> int:
    """Compare; exit code 1 where we are behind with 2,000 codings."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--taguette", required=True, help="a Python that has taguette 1.5.2")
    parser.add_argument("--rounds", type=int, default=5, help="openings without codings")
    parser.add_argument("--full-rounds", type=int, default=2, help="openings with 2,000 codings")
    parser.add_argument("--codings", type=int, default=5, help="codings per opened page")
    parser.add_argument("--keep", type=Path, help="keep Taguette's filled database here")
    wanted = parser.parse_args()
    print(f"Load {load():.1f}, calibration loop {calibration_ms():.0f} ms")
    times: Times = defaultdict(list)
    with scratch() as folder:
        made = {NOT_CODED: make(folder / "none", 0), CODED: make(folder / "some", 2_000)}
        turns, names, spans = material(made[CODED])
        words, letters = excerpt(turns, spans), shortest(list(names.values()), CODE)
        with (
            Taguette(wanted.taguette, wanted.keep or folder / "peer") as peer,
            RunningApp(made[NOT_CODED].home) as empty,
            RunningApp(made[CODED].home) as full,
            chromium() as browser,
        ):
            peer.prepare(turns, list(names.values()), {NOT_CODED: [], CODED: spans})
            apps = {NOT_CODED: empty, CODED: full}
            for app in apps.values():  # The first opening fills the caches of both.
                ours(defaultdict(list), app, browser, NOT_CODED, words, 1)
            theirs(defaultdict(list), peer, browser, NOT_CODED, words, letters, 1)
            for number in range(max(wanted.rounds, wanted.full_rounds)):
                for condition, rounds in ((NOT_CODED, wanted.rounds), (CODED, wanted.full_rounds)):
                    if number < rounds:
                        ours(times, apps[condition], browser, condition, words, wanted.codings)
                        theirs(times, peer, browser, condition, words, letters, wanted.codings)
                        print(f"Round {number + 1}, {condition}: load {load():.1f}", flush=True)
    status = table(times)
    print(f"Calibration loop {calibration_ms():.0f} ms")
    return status


if __name__ == "__main__":
    sys.exit(main())
