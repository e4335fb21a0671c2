"""Uses the reader as a coder does, in a real browser: mouse, keys, outages, refusals, recording.

Run ``python tests/js/harness/check.py``; it prints each finding and fails if one is wrong.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from browser import browser, open_reader, served, trouble
from playwright.sync_api import Page

QUERY = "turns=400&codings=0"
Check = Callable[[Page, str], None]
CHECKS: list[Check] = []
CHOSEN = "() => getSelection().toString()"
WHERE = """([turn, unit]) => {
  const node = document.querySelectorAll('.pr-text')[turn].firstChild;
  const range = document.createRange(); range.setStart(node, unit); range.setEnd(node, unit + 1);
  const box = range.getBoundingClientRect(); return [box.left + 1, box.top + box.height / 2];
}"""


def check(work: Check) -> Check:
    """Register a check."""
    CHECKS.append(work)
    return work


def expect(what: str, found: object, wanted: object) -> None:
    """Fail with words unless found is wanted."""
    assert found == wanted, f"{what}: found {found!r}, wanted {wanted!r}"


def drag(page: Page, start: tuple[int, int], end: tuple[int, int]) -> None:
    """Select with the mouse from (turn, UTF-16 unit) to (turn, unit)."""
    x, y = page.evaluate(WHERE, list(start))
    page.mouse.move(x, y)
    page.mouse.down()
    x, y = page.evaluate(WHERE, list(end))
    page.mouse.move(x, y, steps=4)
    page.mouse.up()
    page.wait_for_timeout(80)


def marked(page: Page, name: str) -> str:
    """Text under one of the reader's highlights."""
    return str(
        page.evaluate(
            """name => [...CSS.highlights].filter(([key]) => key.endsWith('-' + name))
              .flatMap(([, marks]) => [...marks]).map(range =>
                range.startContainer.data.slice(range.startOffset, range.endOffset)).join('|')""",
            name,
        )
    )


def choose(page: Page, letters: str) -> None:
    """Open the palette, type, apply."""
    page.keyboard.press("c")
    page.keyboard.type(letters)
    page.keyboard.press("Enter")


def saved(page: Page) -> None:
    """Wait until nothing is pending."""
    page.wait_for_selector("[data-pending='0']", timeout=20_000)


@check
def mouse_selection_takes_whole_words(page: Page, _: str) -> None:
    text = str(page.inner_text(".pr-text >> nth=0"))
    drag(page, (0, 4), (0, 15))
    chosen = marked(page, "selection")
    assert chosen, "nothing selected"
    assert chosen in text
    expect("first letter at a word's start", text.split(chosen)[0][-1:] in ("", " "), True)
    expect(
        "last letter at a word's end", text.split(chosen)[1][:1] in ("", " ", ".", ",", "?"), True
    )
    page.keyboard.press("Escape")
    expect("after Esc", marked(page, "selection"), "")


@check
def mouse_selection_crosses_turns_and_codes(page: Page, _: str) -> None:
    drag(page, (1, 0), (2, 12))
    expect("pieces selected", len(marked(page, "selection").split("|")), 2)
    choose(page, "motiv")
    saved(page)
    expect("selected coding", page.inner_text(".pr-inspector h3"), "Motivation")
    expect("stripes of it", page.locator(".pr-stripe").count(), 2)


@check
def keys_of_the_app_stay_silent(page: Page, _: str) -> None:
    page.evaluate("() => { window.hotkeys.length = 0; }")
    for key in ("s", "c", "Escape", "r", "q", "j"):
        page.keyboard.press(key)
    expect(
        "keys the app saw",
        page.evaluate("() => window.hotkeys.filter(k => 'crqj'.includes(k))"),
        [],
    )
    page.focus("#outside")
    page.keyboard.type("cr")
    expect("typed elsewhere", page.input_value("#outside"), "cr")


@check
def several_codes_valence_memo_and_undo(page: Page, _: str) -> None:
    page.keyboard.press("s")
    page.keyboard.press("c")
    page.keyboard.type("motiv")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("networks")
    page.keyboard.press("Enter")
    expect("stripes", page.locator(".pr-stripe.pr-begins").count(), 2)
    page.keyboard.press("-")
    page.keyboard.press("-")
    expect("valence", page.inner_text(".pr-valence-name"), "Strongly constraining")
    expect("hatched stripe", page.locator(".pr-stripe.pr-constraining").count(), 1)
    page.keyboard.press("m")
    page.keyboard.type("why so?")
    page.keyboard.press("Control+Enter")
    saved(page)
    for _again in range(3):
        page.keyboard.press("Control+z")
    expect("valence undone", page.inner_text(".pr-valence-name"), "Not rated")
    page.keyboard.press("Control+z")
    expect("stripes after undo", page.locator(".pr-stripe").count(), 1)
    page.keyboard.press("Control+Shift+z")
    expect("stripes after redo", page.locator(".pr-stripe").count(), 2)


@check
def nothing_is_lost_offline_and_over_a_reload(page: Page, address: str) -> None:
    page.keyboard.press("s")
    choose(page, "motiv")
    saved(page)
    trouble(address, fail=503)
    for _again in range(3):
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        page.keyboard.press("1")
    page.wait_for_function(
        "() => document.querySelector('.pr-saved').textContent.startsWith('Off')"
    )
    expect(
        "words",
        page.inner_text(".pr-saved"),
        "Offline: 3 changes kept on this computer, will be sent",
    )
    page.reload()
    page.wait_for_selector("text=Try again")
    trouble(address, fail=None)
    page.click("text=Try again")
    page.wait_for_selector("[data-ready=true]")
    saved(page)
    expect("stripes", page.locator(".pr-stripe").count(), 4)
    expect("words", page.inner_text(".pr-saved"), "All saved")
    expect(
        "left in storage",
        page.evaluate(
            "() => Object.keys(localStorage).filter(k => k.startsWith('parihs:op')).length"
        ),
        0,
    )


@check
def an_expired_token_asks_for_a_new_one(page: Page, address: str) -> None:
    trouble(address, fail=401)
    page.keyboard.press("s")
    choose(page, "motiv")
    page.wait_for_function("() => window.states.some(([name]) => name === 'renew')")
    assert "Sign-in has run out" in page.inner_text(".pr-saved")
    trouble(address, fail=None)
    page.evaluate("() => window.remount({ token: 'token-2' })")
    saved(page)
    expect("stripes", page.locator(".pr-stripe").count(), 1)


@check
def a_refusal_is_told_and_rolled_back(page: Page, address: str) -> None:
    code = page.get_attribute(".pr-code:has-text('Motivation')", "data-code")
    trouble(address, refuse=code)
    page.keyboard.press("s")
    choose(page, "motiv")
    page.wait_for_selector(".pr-notice[role=alert] >> text=retired")
    expect("stripes", page.locator(".pr-stripe").count(), 0)
    trouble(address, refuse=None)


@check
def leaving_and_coming_back_keeps_one_reader(page: Page, _: str) -> None:
    page.keyboard.press("s")
    choose(page, "motiv")
    page.evaluate("() => { window.leave(); window.remount({}); }")
    page.wait_for_selector("[data-ready=true]")
    saved(page)
    expect("readers", page.locator(".parihs-reader").count(), 1)
    expect("stripes", page.locator(".pr-stripe").count(), 1)
    page.keyboard.press("s")
    page.keyboard.press("c")
    expect("palettes open", page.locator(".pr-palette:visible").count(), 1)


@check
def a_reload_comes_back_to_the_turn_and_python_is_left_alone(page: Page, _: str) -> None:
    page.keyboard.press("s")
    choose(page, "motiv")
    page.evaluate("() => { document.querySelector('.pr-scroll').scrollTop = 3000; }")
    page.wait_for_timeout(2500)
    assert page.evaluate("() => window.states.length") == 0, "the page was asked to run again"
    at_top = """() => {
        const top = document.querySelector('.pr-scroll').getBoundingClientRect().top;
        return [...document.querySelectorAll('.pr-turn')]
          .findIndex(turn => turn.getBoundingClientRect().bottom > top + 20); }"""
    place = page.evaluate(at_top)
    assert place > 5
    page.reload()
    page.wait_for_selector("[data-ready=true]")
    top = page.evaluate(
        """place => document.querySelectorAll('.pr-turn')[place]
        .getBoundingClientRect().top - document.querySelector('.pr-scroll')
        .getBoundingClientRect().top""",
        place,
    )
    assert -80 < top < 80, f"came back {top} px away"


@check
def a_jump_brings_the_excerpt_into_view(page: Page, _: str) -> None:
    page.evaluate("""() => window.remount({ jump: { start: 9000, end: 9060, play: false,
        nonce: 'n2' } })""")
    page.wait_for_timeout(200)
    box = page.evaluate("""() => {
        const mark = [...CSS.highlights].find(([key]) => key.endsWith('-jump'));
        const s = [...mark[1]][0]; const r = document.createRange();
        r.setStart(s.startContainer, s.startOffset); r.setEnd(s.endContainer, s.endOffset);
        return r.getBoundingClientRect().top; }""")
    assert 100 < box < 800, f"excerpt at {box}"


@check
def a_click_plays_from_the_word_and_marks_it(page: Page, _: str) -> None:
    page.wait_for_selector(".has-wave")
    x, y = page.evaluate(WHERE, [3, 6])
    page.mouse.click(x, y)
    page.wait_for_function("() => document.querySelector('audio').currentTime > 1")
    page.wait_for_timeout(500)
    assert marked(page, "word"), "no spoken word is marked"
    page.keyboard.press("Control+ ")
    expect("paused", page.evaluate("() => document.querySelector('audio').paused"), True)
    now = page.evaluate("() => document.querySelector('audio').currentTime")
    page.keyboard.press("h")
    back = page.evaluate("() => document.querySelector('audio').currentTime")
    assert back < now or now == 0
    page.keyboard.press(">")
    expect("speed", page.evaluate("() => document.querySelector('audio').playbackRate"), 1.25)


@check
def an_excerpt_stops_after_its_end(page: Page, _: str) -> None:
    page.wait_for_selector(".has-wave")
    for key in ("j", "j", "s", "p"):
        page.keyboard.press(key)
    page.wait_for_function("() => !document.querySelector('audio').paused")
    page.wait_for_function("() => document.querySelector('audio').paused", timeout=20_000)


@check
def codebook_by_keys_and_by_click(page: Page, _: str) -> None:
    page.keyboard.press("f")
    page.keyboard.type("netw")
    expect("rows", page.locator(".pr-code:visible").count(), 2)
    page.keyboard.press("Escape")
    expect("rows", page.locator(".pr-code:visible").count() > 20, True)
    page.keyboard.press("f")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert "Use when" in page.inner_text(".pr-inspector")
    page.focus(".pr-scroll")
    page.keyboard.press("s")
    page.click(".pr-code:has-text('Motivation')")
    expect("count", page.inner_text(".pr-code:has-text('Motivation') .pr-count"), "1")
    page.keyboard.press("b")
    expect("panel", page.locator(".pr-panel").is_visible(), False)


@check
def offsets_behind_an_emoji_are_pythons(page: Page, _: str) -> None:
    turn = page.evaluate("""() => [...document.querySelectorAll('.pr-text')]
        .findIndex(p => /🙂\\. ./u.test(p.textContent))""")
    assert turn >= 0
    for _again in range(turn):
        page.keyboard.press("j")
    page.keyboard.press("Enter")
    for _again in range(2):
        page.keyboard.press("Shift+ArrowLeft")
    wanted = marked(page, "selection")
    choose(page, "motiv")
    saved(page)
    found = page.evaluate("""async () => {
      const ask = path => fetch('/api/400-0/' + path, {headers: {Authorization: 'Bearer t'}})
        .then(answer => answer.json());
      const text = (await ask('versions/v1/text')).turns.map(turn => turn[2]).join('\\n');
      const made = (await ask('versions/v1/codings?since=0')).codings.findLast(c => !c.uncoded);
      return [...text].slice(made.start, made.end).join('');
    }""")
    expect("excerpt as Python counts", found, wanted)


@check
def reading_only_changes_nothing(page: Page, address: str) -> None:
    open_reader(page, address, QUERY + "&reading=1")
    page.keyboard.press("s")
    page.keyboard.press("c")
    page.keyboard.press("1")
    expect("palette", page.locator(".pr-palette:visible").count(), 0)
    expect("pending", page.get_attribute(".parihs-reader", "data-pending"), "0")


def main() -> int:
    """Run every check on a fresh server and browser profile."""
    failed = 0
    with browser() as chromium:
        for work in CHECKS:
            with served() as address:
                context = chromium.new_context(viewport={"width": 1440, "height": 900})
                page = context.new_page()
                page.set_default_timeout(8000)
                errors = open_reader(page, address, QUERY)
                name = work.__name__.replace("_", " ")
                try:
                    work(page, address)
                    assert not errors, errors
                    print("ok    ", name)
                except Exception as problem:
                    failed += 1
                    print("FAILED", name, "\n      ", str(problem).splitlines()[0])
                context.close()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
