"""A transcript file comes in through the page: looked at first, saved when asked, then open."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect
from sqlalchemy import func, select

from parihs.model import Transcript, Turn
from tests.e2e.conftest import Watched
from tests.e2e.doing import go, reader_ready, settled
from tests.e2e.doing import select as choose
from tests.e2e.serving import ROOT, Server

VOICES = ROOT / "tests" / "data" / "formats" / "voices.vtt"


def counts(server: Server) -> tuple[int, int]:
    """Transcripts and turns in the database."""
    store = server.store()
    with store.read() as session:
        found = tuple(
            session.scalar(select(func.count()).select_from(kind)) or 0
            for kind in (Transcript, Turn)
        )
    store.close()
    return found[0], found[1]


def test_a_transcript_is_looked_at_and_then_saved(
    own: Server, watch: Callable[..., Watched], tmp_path: Path
) -> None:
    own.start()
    watched = watch()
    page = watched.page
    page.goto(own.url)
    before = counts(own)
    go(page, "Add material")
    page.get_by_role("tab", name="Transcripts").click()
    talk = tmp_path / "Late workshop.txt"
    talk.write_text(
        "Maren: Shall we look at number four?\n"
        "Ingrid: The café again? We said no twice.\n"
        "Maren: You did. 🙂 Once more.\n",
        encoding="utf-8",
    )
    page.locator("[data-testid=stFileUploaderDropzoneInput]").set_input_files(str(talk))
    expect(page.get_by_text("3 turns")).to_be_visible()
    expect(page.get_by_text("Speakers: Maren, Ingrid.")).to_be_visible()
    expect(page.get_by_role("button", name="Save transcript")).to_be_disabled()
    watched.picture("transcript-preview")
    assert counts(own) == before

    choose(page, "Workshop", "Ferncross workshop 2")
    page.get_by_role("button", name="Save transcript").click()
    expect(page.get_by_text("Saved: 3 turns in Ferncross workshop 2.")).to_be_visible()
    settled(page)
    assert counts(own) == (before[0] + 1, before[1] + 3)
    watched.picture("transcript-saved")

    page.get_by_role("link", name="Read and code it").click()
    reader = reader_ready(page)
    expect(reader.locator(".pr-turn")).to_have_count(3)
    expect(reader).to_contain_text("The café again? We said no twice.")
    expect(reader).to_contain_text("You did. 🙂 Once more.")


def test_what_is_no_transcript_is_said_and_nothing_saved(
    own: Server, watch: Callable[..., Watched], tmp_path: Path
) -> None:
    own.start()
    page = watch().page
    page.goto(own.url)
    before = counts(own)
    go(page, "Add material")
    page.get_by_role("tab", name="Transcripts").click()
    broken = tmp_path / "broken.docx"
    broken.write_bytes(b"PK\x03\x04 but nothing more")
    page.locator("[data-testid=stFileUploaderDropzoneInput]").set_input_files(str(broken))
    alert = page.get_by_test_id("stAlert")
    expect(alert).to_contain_text("broken.docx")
    expect(page.get_by_role("button", name="Save transcript")).to_have_count(0)
    assert counts(own) == before
