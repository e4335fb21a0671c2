"""Every figure of the demo study in a real browser: a mark opens its excerpts, and they sound."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from parihs.figures import FIGURES
from tests.e2e.conftest import Watched
from tests.e2e.doing import hears_past, select, settled
from tests.e2e.serving import Server

pytestmark = pytest.mark.slow

RECORDED = "Northmoor workshop 1"
"""The one workshop of the demo study that has a recording."""

FIGURE = ".js-plotly-plot"

# Where each mark with ids is drawn, in pixels of the window, and what it carries.
MARKS = """async selector => {
  const plot = document.querySelector(selector);
  plot.scrollIntoView({block: 'center'});
  await new Promise(done => setTimeout(done, 300));
  const box = plot.getBoundingClientRect();
  const found = [];
  for (const trace of plot.calcdata) {
    const drawn = trace[0].trace;
    if (!drawn.customdata || drawn.hoverinfo === 'skip') continue;
    const names = [drawn.xaxis || 'x', drawn.yaxis || 'y'];
    const [x, y] = names.map(name => plot._fullLayout[name[0] + 'axis' + name.slice(1)]);
    for (const point of trace) {
      const mark = drawn.customdata[point.i];
      let [left, top] = [x.c2p(point.x ?? 0), y.c2p(point.y ?? 0)];
      if (drawn.type === 'bar') {
        const flat = drawn.orientation === 'h';
        const middle = (point.b + point.b + point.s) / 2;
        left = flat ? x.c2p(middle) : x.c2p(point.p);
        top = flat ? y.c2p(point.p) : y.c2p(middle);
      }
      found.push([box.left + x._offset + left, box.top + y._offset + top, mark]);
    }
  }
  return found.filter(([x, y]) => x > 0 && y > 60 && y < innerHeight - 10 && x < innerWidth);
}"""


def choose_figure(page: Page, name: str) -> None:
    """Show a figure, and wait until it is drawn."""
    select(page, "Figure", FIGURES[name].title)
    settled(page)
    page.wait_for_function(
        """title => { const plot = document.querySelector('.js-plotly-plot');
          return plot && plot.calcdata && plot.layout.meta.figure === title; }""",
        arg=FIGURES[name].title,
    )
    expect(page.get_by_test_id("stException")).to_have_count(0)


def marks(page: Page, figure: str = FIGURE) -> list[tuple[float, float, list[str]]]:
    """The marks in sight: where they are, and their ids."""
    found: list[Any] = page.evaluate(MARKS, figure)
    return [(x, y, mark) for x, y, mark in found]


def ids_with_sound(demo: Server, name: str) -> set[tuple[str, ...]]:
    """Marks behind which the first page of excerpts holds one of the recorded workshop."""
    from parihs import compare
    from parihs.figures import Material, Question
    from parihs.store.codebooks import codebooks, definitions, latest_codebook_version
    from parihs.store.studies import studies

    with demo.store().read() as session:
        study = studies(session)[0]
        version = latest_codebook_version(session, codebooks(session, study.id)[0].id)
        assert version is not None
        excerpts = compare.load_excerpts(session, study.id, version.id, viewer_id="")
        material = Material(
            excerpts,
            compare.load_denominators(session, study.id),
            definitions(session, version.id),
        )
        question = Question(transcript=recorded_transcript(demo) if name == "timeline" else None)
        exhibit = FIGURES[name].compute(session, material, question)
        workshops = material.denominators.workshops
        recorded = workshops.loc[workshops["label"] == RECORDED, "id"].iloc[0]
        sounding = set(excerpts.loc[excerpts["workshop_id"] == recorded, "excerpt_id"])
    seen: dict[tuple[str, ...], None] = {}
    columns = [column for column in exhibit.marks if column in exhibit.frame]
    for row in exhibit.frame[columns].itertuples(index=False, name=None):
        for direction in [(), ("enabling",), ("constraining",), ("mixed",)]:
            mark = (*row, *direction) if name == "balance" else row
            opened = exhibit.excerpts(*mark)
            if opened and set(opened[:20]) & sounding:
                seen[mark] = None
    return set(seen)


def recorded_transcript(demo: Server) -> str:
    """Id of the transcript of the recorded workshop."""
    from parihs.store.studies import studies
    from parihs.store.transcripts import transcripts

    with demo.store().read() as session:
        found = transcripts(session, studies(session)[0].id)
        return next(one.id for one in found if one.recording_id)


def rest_on(page: Page, x: float, y: float, mark: list[str], figure: str = FIGURE) -> None:
    """Move the mouse to a mark until the figure has seen it there, as a hand does in passing."""
    page.mouse.move(x - 40, y - 40)
    page.mouse.move(x, y, steps=4)
    page.wait_for_function(
        """([mark, figure]) => { const [at] = document.querySelector(figure)._hoverdata || [];
          return at && JSON.stringify(at.customdata) === JSON.stringify(mark); }""",
        arg=[mark, figure],
    )


def press_in_passing(page: Page, x: float, y: float) -> None:
    """Come to a place and press at once, and let go 75 ms later, as a quick hand does."""
    page.evaluate(
        """async ([x, y]) => {
          const at = (type, dx) => {
            const place = {clientX: x + dx, clientY: y, bubbles: true, cancelable: true};
            document.elementFromPoint(x, y).dispatchEvent(new MouseEvent(type, place));
          };
          await new Promise(done => setTimeout(done, 200));
          at('mousemove', -1);
          at('mousemove', 0);
          at('mousedown', 0);
          await new Promise(done => setTimeout(done, 75));
          at('mouseup', 0);
        }""",
        [x, y],
    )


def test_a_mark_opens_where_the_mouse_is_pressed_as_soon_as_it_is_there(
    demo: Server, watch: Callable[..., Watched]
) -> None:
    page = watch(viewport={"width": 1440, "height": 1400}).page
    page.goto(f"{demo.url}/figures")
    settled(page)
    choose_figure(page, "coverage")
    x, y, _ = marks(page)[0]
    press_in_passing(page, x, y)
    expect(page.get_by_role("button", name="Open in transcript").first).to_be_visible()


@pytest.mark.parametrize("name", list(FIGURES))
def test_a_mark_opens_its_excerpts_and_they_sound_in_two_clicks(
    demo: Server, watch: Callable[..., Watched], name: str
) -> None:
    watched = watch(viewport={"width": 1440, "height": 1400})
    page = watched.page
    page.goto(f"{demo.url}/figures")
    settled(page)
    choose_figure(page, name)
    if name == "timeline":
        select(page, "Transcript", RECORDED)
        expect(page.get_by_text(f"{RECORDED}: who spoke when")).to_be_visible()
        settled(page)
    sounding = ids_with_sound(demo, name)
    candidates = [mark for mark in marks(page) if tuple(mark[2]) in sounding]
    assert candidates, f"no mark of {name} leads to the recording"
    watched.picture(f"figure-{name}")
    rest_on(page, *candidates[0])
    page.mouse.down()
    page.mouse.up()
    settled(page)
    play = page.locator(".pe-play:enabled").first
    expect(play).to_be_visible()
    play.scroll_into_view_if_needed()
    play.click()
    hears_past(page, 0.3)
    watched.picture(f"figure-{name}-opened")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_figures_look_right_in_light_and_dark(
    demo: Server, watch: Callable[..., Watched], scheme: str
) -> None:
    """Each on the ground of its page; none is wider than the page of a small laptop."""
    watched = watch(viewport={"width": 1400, "height": 1200}, color_scheme=scheme)
    page = watched.page
    page.goto(f"{demo.url}/figures")
    for name in FIGURES:
        choose_figure(page, name)
        ground = page.locator(".js-plotly-plot .main-svg").first.evaluate(
            "svg => svg.style.backgroundColor || getComputedStyle(svg).background"
        )
        assert ("255, 255, 255" in ground) == (scheme == "light"), (name, ground)
        width = page.locator(".js-plotly-plot").first.evaluate("plot => plot.scrollWidth")
        assert width <= 1000, name
        watched.picture(f"figure-{scheme}-{name}")


def test_figures_are_saved_in_every_kind(demo: Server, watch: Callable[..., Watched]) -> None:
    page = watch().page
    page.goto(f"{demo.url}/figures")
    choose_figure(page, "coverage")
    begins = {"HTML": b"<!doctype html>", "SVG": b"<svg", "PNG": b"\x89PNG", "CSV": b"row_id,"}
    for label, first in begins.items():
        with page.expect_download(timeout=60_000) as waiting:
            page.get_by_role("button", name=label, exact=True).click()
        assert waiting.value.path().read_bytes().startswith(first), label
