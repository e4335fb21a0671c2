"""Transcripts are told apart by name, also where their titles do not."""

from __future__ import annotations

from parihs.coding.naming import transcript_names
from parihs.coding.progress import study_status
from parihs.model import ParsedTranscript, ParsedTurn
from parihs.store import Store
from parihs.store.studies import workshops
from parihs.store.transcripts import save_transcript, transcripts
from tests.support.small_study import SmallStudy


def test_no_two_are_called_the_same(store: Store, small: SmallStudy) -> None:
    def names() -> list[str]:
        with store.read() as session:
            held, written = workshops(session, small.study.id), transcripts(session, small.study.id)
            named = transcript_names(held, written)
            status = study_status(session, small.study.id, None)
        assert list(named) == [each.id for each in written]
        assert {row.label for row in status.workshops} == set(named.values())
        return list(named.values())

    north, south = (each.title for each in small.workshops)
    assert names() == [north, south]
    spoken = ParsedTranscript((ParsedTurn("Hello.", "A"),), "text")
    with store.write("test") as tx:
        for place, title in ((0, "Recorder B"), (0, "Recorder B"), (1, south)):
            where = small.workshops[place].id
            save_transcript(tx, workshop_id=where, title=title, parsed=spoken, reason="import")
    assert names() == [
        north,
        south,
        f"{north}: Recorder B",
        f"{north}: Recorder B (2)",
        f"{south} (2)",
    ]
