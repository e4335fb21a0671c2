"""Reading aids in a browser: search, backlight, map, folding, memos, edges; by mouse and keys."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from parihs.model import Coding, Memo
from parihs.store import Store
from tests.e2e.conftest import Watched
from tests.e2e.doing import all_saved, at_the_desk, code_as, give_code, heading, overflow
from tests.e2e.serving import Server


def desk(page: Page, url: str) -> Locator:
    """The reader of Isla Marsh."""
    page.goto(f"{url}/code")
    code_as(page, "Isla Marsh")
    reader = at_the_desk(page)
    page.wait_for_function("() => document.activeElement.matches('.pr-scroll')")
    return reader


def highlighted(page: Page, mark: str) -> list[str]:
    """The words under one kind of highlight."""
    found: list[str] = page.evaluate(
        """mark => [...CSS.highlights].filter(([name]) => name.endsWith(`-${mark}`))
          .flatMap(([, ranges]) => [...ranges])
          .map(range => range.startContainer.data.slice(range.startOffset, range.endOffset))""",
        mark,
    )
    return found


HIT_IN_CURRENT = """() => [...CSS.highlights].filter(([name]) => name.endsWith('-hit'))
  .flatMap(([, ranges]) => [...ranges])
  .some(range => range.startContainer.parentElement.closest('.is-current'))"""
"""Matches are coloured near the view only: the one that was gone to is among them."""


def serious(page: Page) -> list[str]:
    """What axe-core calls serious or critical."""
    return [
        f"{rule['id']}: {node['html'][:160]}"
        for rule in Axe().run(page).response["violations"]
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]


def test_words_are_found_here_and_in_the_whole_study(
    demo: Server, watch: Callable[..., Watched]
) -> None:
    page = watch().page
    reader = desk(page, demo.url)
    page.keyboard.press("/")
    page.keyboard.type("nobody")
    page.keyboard.press("Enter")
    count = reader.locator(".pr-search-count")
    expect(count).to_contain_text("1 of ")
    total = int(count.inner_text().split()[2])
    assert total > 2
    assert {hit.lower() for hit in highlighted(page, "hit")} == {"nobody"}
    assert highlighted(page, "selection")[0] in highlighted(page, "hit")
    page.keyboard.press("n")
    expect(count).to_contain_text("2 of ")
    page.keyboard.press("Shift+N")
    page.keyboard.press("Shift+N")
    expect(count).to_contain_text(f"{total} of {total}")
    page.wait_for_function(HIT_IN_CURRENT)
    page.keyboard.press("s")
    assert len(highlighted(page, "selection")[0]) > len("nobody")
    # On to the page Search, where every line stands below the next, and back by the keys.
    reader.get_by_role("link", name="in other transcripts").click()
    heading(page, "Search")
    expect(page.get_by_role("textbox", name="Words")).to_have_value("nobody")
    lines = page.locator(".pk-line")
    expect(lines.first).to_be_visible()
    lefts = page.locator(".pk-said mark").evaluate_all(
        "marks => marks.map(mark => Math.round(mark.getBoundingClientRect().left))"
    )
    assert max(lefts) - min(lefts) <= 3
    assert overflow(page) <= 0
    lines.first.locator(".pk-said").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    at_the_desk(page)
    expect(page).to_have_title("Read and code · parihs")
    page.wait_for_function(
        "() => [...CSS.highlights].some(([name, marks]) => name.endsWith('-jump') && marks.size)"
        " || document.querySelector('.pr-stripe.is-selected')"
    )


def test_the_backlight_the_map_and_the_shape_of_the_text(
    demo: Server, watch: Callable[..., Watched]
) -> None:
    page = watch(viewport={"width": 1024, "height": 768}).page
    reader = desk(page, demo.url)
    column = reader.locator(".pr-text").first.evaluate("node => node.clientWidth")
    assert column >= 260
    assert overflow(page) <= 0
    page.keyboard.press("v")
    view = reader.locator(".pr-viewing")
    expect(view).to_be_visible()
    size = reader.locator(".pr-text").first.evaluate("node => getComputedStyle(node).fontSize")
    view.get_by_role("button", name="Larger").press("Enter")
    larger = reader.locator(".pr-text").first.evaluate("node => getComputedStyle(node).fontSize")
    assert float(larger[:-2]) > float(size[:-2])
    bright = reader.locator(".pr-stripe:not(.pr-dim)").count()
    view.get_by_role("button", name="Constraining").click()
    expect(reader.locator(".pr-lit")).to_contain_text("Constraining")
    assert 0 < reader.locator(".pr-stripe:not(.pr-dim)").count() < bright
    signs = reader.locator(".pr-stripe:not(.pr-dim)[data-sign]").evaluate_all(
        "stripes => stripes.map(stripe => stripe.dataset.sign)"
    )
    assert set(signs) == {"−"}
    view.get_by_role("button", name="Bridget").click()
    expect(reader.locator(".pr-unlit").first).to_be_attached()
    view.get_by_role("button", name="Leave them out").click()
    expect(reader.locator(".pr-unlit")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(view).to_be_hidden()
    page.keyboard.press("j")
    current = reader.locator(".pr-turn.is-current")
    expect(current).to_be_visible()
    page.keyboard.press("Escape")
    expect(reader.locator(".pr-lit")).to_be_hidden()
    expect(reader.locator(".pr-left-out")).to_have_count(0)
    # The map: a click goes there, and its keys too.
    chart = reader.get_by_role("slider", name="Place in the transcript")
    box = chart.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 5, box["y"] + box["height"] * 0.7)
    turn = int(current.get_attribute("data-turn") or 0)
    total = int(chart.get_attribute("aria-valuemax") or 0)
    assert 0.5 < turn / total < 0.9
    chart.press("Home")
    expect(current).to_have_attribute("data-turn", "0")
    ink = chart.locator("canvas").evaluate(
        "map => map.getContext('2d').getImageData(0, 0, map.width, map.height).data.some(Boolean)"
    )
    assert ink
    # What was chosen for the text is there the next time.
    page.reload()
    at_the_desk(page)
    again = reader.locator(".pr-text").first.evaluate("node => getComputedStyle(node).fontSize")
    assert again == larger


def test_branches_of_the_codebook_fold(demo: Server, watch: Callable[..., Watched]) -> None:
    page = watch().page
    reader = desk(page, demo.url)
    page.keyboard.press("f")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowLeft")
    first = reader.get_by_role("treeitem").first
    expect(first).to_have_attribute("aria-expanded", "false")
    expect(reader.get_by_role("treeitem", name="Clarity")).to_have_count(0)
    page.keyboard.press("ArrowRight")
    expect(reader.get_by_role("treeitem", name="Clarity")).to_be_visible()
    first.locator(".pr-fold").click()
    expect(reader.get_by_role("treeitem", name="Clarity")).to_have_count(0)
    # Looking for a code looks into folded branches too.
    page.keyboard.type("f")
    reader.get_by_label("Find a code").fill("clarity")
    expect(reader.get_by_role("treeitem", name="Clarity")).to_be_visible()


@pytest.mark.slow
def test_edges_are_dragged_and_memos_stand_in_the_margin(
    own: Server, watch: Callable[..., Watched]
) -> None:
    own.start()
    page = watch().page
    reader = desk(page, own.url)
    page.keyboard.press("g")
    page.keyboard.press("t")
    give_code(page, "Motivation")
    all_saved(page)
    before = _newest(own)
    handle = reader.locator(".pr-edge-start")
    expect(handle).to_be_visible()
    start = handle.bounding_box()
    end = reader.locator(".pr-edge-end").bounding_box()
    assert start is not None
    assert end is not None
    page.mouse.move(start["x"] + 6, start["y"] + 10)
    page.mouse.down()
    page.mouse.move(start["x"] + 60, start["y"] + 10, steps=4)
    page.mouse.up()
    all_saved(page)
    after = _newest(own)
    assert after.id == before.id
    assert before.start < after.start < after.end == before.end
    assert before.quote.endswith(after.quote)
    assert before.quote[: len(before.quote) - len(after.quote)].endswith(" ")
    page.keyboard.press("Control+z")
    all_saved(page)
    assert _newest(own).start == before.start

    reader.get_by_role("button", name="Memos", exact=True).click()
    reader.get_by_role("button", name="Write a memo on this transcript").click()
    reader.get_by_role("textbox", name="Memo", exact=True).last.fill("About all of it")
    reader.get_by_role("button", name="Save", exact=True).click()
    expect(reader.locator(".pr-memos")).to_be_hidden()
    marks = reader.locator(".pr-memo-mark").count()
    page.keyboard.press("Escape")
    page.keyboard.press("t")
    page.keyboard.press("Shift+M")
    page.keyboard.type("About these words")
    page.keyboard.press("Control+Enter")
    expect(reader.locator(".pr-memos")).to_be_hidden()
    expect(reader.locator(".pr-memo-mark")).to_have_count(marks + 1)
    with Store(own.home).read() as session:
        memos = {memo.target_type: memo.text for memo in session.scalars(select(Memo))}
    assert memos == {"transcript": "About all of it", "excerpt": "About these words"}


def _newest(own: Server) -> Coding:
    with Store(own.home).read() as session:
        return session.scalars(select(Coding).order_by(Coding.created_at.desc()).limit(1)).one()


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_serious_is_wrong_with_what_opens_over_the_text(
    scheme: str, demo: Server, watch: Callable[..., Watched]
) -> None:
    page = watch(color_scheme=scheme).page
    desk(page, demo.url)
    found: dict[str, list[str]] = {}
    for name, keys in {
        "palette": ("s", "c"),
        "view": ("v",),
        "memos": ("i",),
        "writing a memo": ("Shift+M",),
        "keys": ("?",),
        "a coding": (";",),
        "search": ("/", "n", "o", "Enter"),
    }.items():
        for key in keys:
            page.keyboard.press(key)
        page.wait_for_timeout(400)
        if problems := serious(page):
            found[name] = problems
        page.keyboard.press("Escape")
    assert found == {}
