"""A coder codes a workshop without a mouse, from saying who they are to the last memo."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from parihs.model import Coder, Coding, Memo, TranscriptVersion, Turn
from parihs.store import Store
from tests.e2e.conftest import Watched
from tests.e2e.doing import READY, all_saved, reader_ready
from tests.e2e.serving import Server

EXCERPTS = 50
NO_MOUSE = """
  window.moused = 0;
  for (const name of ['pointerdown', 'mousedown', 'wheel', 'touchstart'])
    addEventListener(name, () => { window.moused += 1; }, true);
"""
CODES = ("Motivation", "Degree of fit", "Values and beliefs", "Clarity")
VALENCES = {0: "1", 1: "-1", 2: "2", 3: "-2", 4: "0", 5: "mixed", 6: "unrated"}
RATING_KEYS = {"1": "+", "-1": "-", "2": "++", "-2": "--", "0": "0", "mixed": "x", "unrated": "z"}


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the keyboard is where it is wanted."""
    for _ in range(60):
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reaches {selector}")


def in_the_text(page: Page) -> None:
    """The keyboard has gone to the text by itself."""
    page.wait_for_function("() => document.activeElement.matches('.pr-scroll')")


def type_keys(page: Page, keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def select_words(page: Page, number: int) -> None:
    """A sentence, a turn, some words, or words over two turns."""
    way = number % 4
    if way == 0:
        page.keyboard.press("s")
    elif way == 1:
        page.keyboard.press("t")
    elif way == 2:
        for _ in range(3):
            page.keyboard.press("Shift+ArrowRight")
    else:
        page.keyboard.press("t")
        page.keyboard.press("Shift+ArrowDown")


@pytest.mark.slow
def test_a_workshop_is_coded_by_keys_alone(own: Server, watch: Callable[..., Watched]) -> None:
    own.start()
    page = watch().page
    page.add_init_script(NO_MOUSE)
    page.goto(f"{own.url}/code")
    reader_ready(page)
    tab_to(page, "[data-testid=stSidebar] input[role=combobox]")
    page.keyboard.type("Somebody new")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Your name, as a coder")).to_be_visible()
    tab_to(page, "[data-testid=stSidebar] [data-testid=stTextInput] input")
    page.keyboard.type("Kay Board")
    page.keyboard.press("Enter")
    expect(page.locator(READY).get_by_role("button", name="Undo")).to_be_visible()
    in_the_text(page)

    for number in range(EXCERPTS):
        page.keyboard.press("g")
        select_words(page, number)
        if number < len(CODES):
            page.keyboard.press("c")
            page.keyboard.type(CODES[number])
            page.keyboard.press("Enter")
        elif number % 5 == 0:
            page.keyboard.press(".")
        else:
            page.keyboard.press(str(number % len(CODES) + 1))
        type_keys(page, RATING_KEYS[VALENCES[number % 7]])
        if number % 10 == 0:
            page.keyboard.press("m")
            page.keyboard.type(f"Note {number}")
            page.keyboard.press("Control+Enter")
            in_the_text(page)
    in_the_text(page)
    # The last one: another code, a memo of a kind, taken back, and brought again.
    page.keyboard.press("r")
    page.keyboard.type("Goals")
    page.keyboard.press("Enter")
    page.keyboard.press("u")
    page.keyboard.press("Control+z")
    page.keyboard.press("Shift+M")
    page.keyboard.type("What a whole workshop by keys is like")
    page.keyboard.press("Tab")
    page.keyboard.type("Methodological")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".pr-memos")).to_be_hidden()
    in_the_text(page)
    # Its words again, from both ends.
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("o")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("a")
    all_saved(page)
    assert page.evaluate("window.moused") == 0
    check(own)

    # What was done before a reload is undone after it.
    page.keyboard.press("u")
    all_saved(page)
    assert standing(own) == EXCERPTS - 1
    page.reload()
    reader_ready(page)
    in_the_text(page)
    page.keyboard.press("Control+z")
    # what can be undone is asked of the server first
    until = time.monotonic() + 20
    while standing(own) < EXCERPTS and time.monotonic() < until:
        page.wait_for_timeout(200)
    assert standing(own) == EXCERPTS


def standing(own: Server) -> int:
    """How many codings the coder has."""
    with Store(own.home).read() as session:
        mine = select(func.count(Coding.id)).join(Coder, Coder.id == Coding.coder_id)
        return session.scalar(mine.where(Coder.name == "Kay Board", ~Coding.uncoded)) or 0


def check(own: Server) -> None:
    """What the study holds now."""
    with Store(own.home).read() as session:
        coder = session.scalars(select(Coder).filter_by(name="Kay Board")).one()
        found = list(
            session.scalars(
                select(Coding).filter_by(coder_id=coder.id, uncoded=False).order_by(Coding.start)
            )
        )
        memos = list(session.scalars(select(Memo).filter_by(author=coder.id)))
        turns = list(
            session.scalars(
                select(Turn)
                .join(TranscriptVersion, TranscriptVersion.id == Turn.version_id)
                .where(TranscriptVersion.id == found[0].version_id)
                .order_by(Turn.position)
            )
        )
    assert len(found) == EXCERPTS
    wanted = [VALENCES[number % 7] for number in range(EXCERPTS)]
    assert sorted(coding.valence for coding in found) == sorted(wanted)
    assert sum(coding.memo.startswith("Note ") for coding in found) == EXCERPTS / 10
    touched = [
        sum(turn.start < coding.end and turn.end > coding.start for turn in turns)
        for coding in found
    ]
    assert min(touched) == 1
    assert max(touched) >= 2
    assert [(memo.kind, memo.target_type) for memo in memos] == [("methodological", "coding")]
    (last,) = [coding for coding in found if coding.id == memos[0].target_id]
    assert last.start not in {turn.start for turn in turns}
