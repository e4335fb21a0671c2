"""Correcting beside the sound: nothing typed is lost, the sound goes on, two people meet."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from parihs.correction import Edit, carry_over, save_corrections
from parihs.correction.versions import turns_of
from parihs.model import Coding, ParsedTranscript, ParsedTurn, Transcript, TranscriptVersion
from parihs.store.transcripts import latest_version, save_transcript, version_text
from tests.e2e.conftest import Watched
from tests.e2e.doing import READY, at_the_desk, code_as, hears_past, playing, reader_ready, settled
from tests.e2e.serving import Server

DEV, ISLA = "Dev Rao", "Isla Marsh"
BOX = ".pr-edit-field"


def recorded(server: Server) -> str:
    """Id of a transcript that has a recording."""
    store = server.store()
    with store.read() as session:
        query = select(Transcript.id).where(Transcript.recording_id.is_not(None))
        found = session.scalars(query).first()
    store.close()
    assert found
    return found


def newest(server: Server, transcript_id: str) -> tuple[TranscriptVersion, str]:
    """The newest version and its text; all codings of it must stand on the words they name."""
    store = server.store()
    with store.read() as session:
        version = latest_version(session, transcript_id)
        assert version is not None
        text = version_text(session, version.id)
        codings = list(session.scalars(select(Coding).filter_by(version_id=version.id)))
        assert codings
        assert all(text[c.start : c.end] == c.quote for c in codings)
    store.close()
    return version, text


def at_turn(page: Page, server: Server, transcript_id: str, coder: str, turn: int) -> None:
    """The reader with a coder chosen and the box of one turn open."""
    page.goto(f"{server.url}/code?transcript={transcript_id}")
    reader_ready(page)
    code_as(page, coder)
    # The reader of whoever was chosen before may stand here for a moment longer.
    expect(page.get_by_role("button", name=f"{coder} (you)")).to_be_visible()
    at_the_desk(page)
    for _ in range(turn):
        page.keyboard.press("j")
    page.keyboard.press("e")
    expect(page.locator(BOX)).to_be_focused()


def test_what_was_typed_outlives_a_killed_app_and_the_sound_goes_on(
    own: Server, watch: Callable[..., Watched]
) -> None:
    own.start()
    watched = watch()
    page = watched.page
    transcript = recorded(own)
    _, before = newest(own, transcript)
    at_turn(page, own, transcript, DEV, 2)
    page.keyboard.type("Honestly 🙂 ")
    watched.server_down = True
    own.kill()
    page.keyboard.type("now: ")
    page.keyboard.press("Control+s")
    expect(page.locator(".pr-edit-state")).to_contain_text("kept in this browser")
    watched.picture("correcting-offline")
    own.start()
    page.goto(f"{own.url}/code?transcript={transcript}")
    at_the_desk(page)
    watched.server_down = False
    expect(page.locator(".pr-draft")).to_contain_text("Honestly 🙂 now: ")

    page.keyboard.press("`")
    hears_past(page, 0.3)
    page.evaluate("window.heard.at(-1).dataset.same = 'yes'")
    page.locator(".pr-draft").click()
    expect(page.locator(BOX)).to_be_focused()
    page.keyboard.press("Control+s")
    expect(page.locator(".pr-notices")).to_contain_text("1 correction saved as version 2.")
    expect(page.locator(READY)).to_have_attribute("data-drafts", "0")
    at = playing(page)["at"]
    hears_past(page, at + 0.2)
    assert page.locator(".pr-player audio").get_attribute("data-same") == "yes"
    page.locator(".pr-scroll").focus()
    page.keyboard.press("Control+ ")
    expect(page.locator(".pr-play")).to_have_text("Play")
    version, text = newest(own, transcript)
    assert (version.number, version.reason) == (2, "correction")
    assert text.split("\n")[2] == f"Honestly 🙂 now: {before.split(chr(10))[2]}"
    watched.picture("correcting-saved")


@pytest.mark.slow
def test_two_people_on_one_turn_see_both_texts(own: Server, watch: Callable[..., Watched]) -> None:
    own.start()
    hers, his = watch(), watch()
    transcript = recorded(own)
    at_turn(hers.page, own, transcript, ISLA, 1)
    at_turn(his.page, own, transcript, DEV, 1)
    his.page.keyboard.type("His words. ")
    hers.page.keyboard.type("Her words. ")
    hers.page.keyboard.press("Control+s")
    expect(hers.page.locator(".pr-notices")).to_contain_text("saved as version 2.")
    his.page.keyboard.press("Control+s")
    dialog = his.page.get_by_role("dialog", name="Both texts")
    expect(dialog).to_contain_text("Her words.")
    expect(dialog).to_contain_text("His words.")
    his.picture("correcting-clash")
    dialog.get_by_role("button", name="Take mine").click()
    his.page.get_by_role("toolbar").get_by_role("button", name="Save").click()
    expect(his.page.locator(".pr-notices")).to_contain_text("saved as version 3.")
    version, text = newest(own, transcript)
    assert version.number == 3
    assert text.split("\n")[1].startswith("His words. ")
    hers.page.keyboard.press("Escape")
    expect(hers.page.locator(".pr-page")).to_contain_text("His words.", timeout=30_000)


@pytest.mark.slow
def test_find_and_replace_shows_every_hit_first(own: Server, watch: Callable[..., Watched]) -> None:
    own.start()
    watched = watch()
    page = watched.page
    transcript = recorded(own)
    at_turn(page, own, transcript, DEV, 0)
    page.keyboard.press("Control+h")
    dialog = page.get_by_role("dialog", name="Find and replace")
    dialog.get_by_label("Find", exact=True).fill("the")
    dialog.get_by_label("Replace with").fill("thee")
    hits = dialog.get_by_role("listitem")
    n = hits.count()
    assert n > 3
    hits.nth(0).get_by_role("checkbox").uncheck()
    dialog.get_by_role("button", name=f"Replace {n - 1}").click()
    expect(page.locator(".pr-draft ins").first).to_have_text("thee")
    bar = page.get_by_role("toolbar")
    bar.get_by_role("button", name="Take back").click()
    expect(page.locator(".pr-draft")).to_have_count(0)
    page.keyboard.press("Escape")
    assert newest(own, transcript)[0].number == 1


def prepared(server: Server) -> str:
    """A transcript that was corrected, and another one that was transcribed again."""
    store = server.store()
    with store.write("test") as tx:
        first, second = tx.session.scalars(select(Transcript).order_by(Transcript.id).limit(2))
        version = latest_version(tx.session, first.id)
        assert version is not None
        turn = turns_of(tx.session, version.id)[0]
        save_corrections(tx, version.id, [Edit(0, 0, turn.text, (f"{turn.text} Indeed.",))])
        old = latest_version(tx.session, second.id)
        assert old is not None
        heard = [
            ParsedTurn(None, " ".join(turn.text.split()[::2]), turn.start_ms, turn.end_ms)
            for turn in turns_of(tx.session, old.id)
        ]
        again = save_transcript(
            tx,
            workshop_id=second.workshop_id,
            title="",
            parsed=ParsedTranscript(heard, "test"),
            reason="transcription",
            transcript_id=second.id,
        )
        assert carry_over(tx, old, again).to_review > 2
        ids = f"{first.id} {second.id}"
    store.close()
    return ids


@pytest.mark.slow
def test_versions_are_compared_restored_and_reviewed(
    own: Server, watch: Callable[..., Watched]
) -> None:
    own.start()
    watched = watch()
    page = watched.page
    corrected, transcribed = prepared(own).split()
    page.goto(f"{own.url}/versions?transcript={corrected}")
    settled(page)
    code_as(page, DEV)
    page.get_by_role("button", name="What changed").click()
    expect(page.locator(".parihs-diff ins")).to_have_text(" Indeed.")
    page.get_by_role("button", name="Restore").click()
    page.get_by_role("dialog").get_by_role("button", name="Restore it").click()
    expect(page.get_by_text("Version 1 is back, as 3.")).to_be_visible()
    watched.picture("versions")
    version, text = newest(own, corrected)
    assert version.reason == "restored"
    assert "Indeed." not in text.split("\n")[0]

    page.goto(f"{own.url}/versions?transcript={transcribed}&view=review")
    settled(page)
    expect(page.locator(".pv-item")).to_be_visible()
    total = page.locator(".pv-count").inner_text().split()[2]
    page.keyboard.press("x")
    expect(page.locator(".pv-count")).to_have_text(f"1 of {total} looked at")
    page.keyboard.press("z")
    expect(page.locator(".pv-count")).to_have_text(f"0 of {total} looked at")
    watched.picture("versions-review")
