"""Transcripts out of the demo study by command, and whose voice is heard in it."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from parihs.cli.main import cli
from parihs.errors import ParihsError
from parihs.exchange.demo import load_demo
from parihs.exchange.transcripts_out import find_transcript, parsed_version
from parihs.formats import WRITERS, read
from parihs.model import Study
from parihs.store import Store
from parihs.store.transcripts import latest_version


@pytest.fixture
def demo(store: Store) -> Study:
    return load_demo(store)


def run(home: Path, *arguments: str | Path) -> Result:
    result = CliRunner().invoke(cli, [*map(str, arguments), "--home", str(home)])
    if result.exception is not None:
        raise result.exception
    return result


def test_a_transcript_is_written_in_every_format(store: Store, demo: Study, tmp_path: Path) -> None:
    with store.read() as session:
        version = latest_version(session, find_transcript(session, demo.id, "northmoor-1").id)
        assert version is not None
        saved = parsed_version(session, version.id)
    out = tmp_path / "out"
    out.mkdir()
    for writer in WRITERS:
        made = run(
            store.home.path,
            *("export", "northmoor-1", "--format", writer.name, "--out", out, "--json"),
        )
        file = Path(json.loads(made.output)["file"])
        found = read(file)
        assert [turn.speaker for turn in found.turns] == [turn.speaker for turn in saved.turns]
        assert [turn.text for turn in found.turns] == [turn.text for turn in saved.turns]
        if writer.name == "whisperx":
            assert found.turns == saved.turns
    assert len(list(out.iterdir())) == len(WRITERS)


def test_the_ending_decides_and_turns_can_be_joined(
    store: Store, demo: Study, tmp_path: Path
) -> None:
    plain, joined = tmp_path / "plain.srt", tmp_path / "joined.vtt"
    run(store.home.path, "export", "Northmoor workshop 1", "--out", plain)
    run(store.home.path, "export", "northmoor-1", "--out", joined, "--joined")
    assert read(plain).format == "srt"
    assert 0 < len(read(joined).turns) <= len(read(plain).turns)


def test_all_transcripts_in_one_file(store: Store, demo: Study, tmp_path: Path) -> None:
    made = run(store.home.path, "export", "--all", "--format", "nvivo", "--out", tmp_path, "--json")
    with zipfile.ZipFile(json.loads(made.output)["file"]) as archive:
        names = archive.namelist()
    assert len(names) == 12
    assert all(name.endswith(".nvivo.txt") for name in names)


def test_what_is_missing_is_said(store: Store, demo: Study, tmp_path: Path) -> None:
    for arguments, said in (
        (["export"], "which transcript"),
        (["export", "nowhere"], "no transcript"),
        (["export", "northmoor-1", "--out", tmp_path / "talk.pdf"], "no ending"),
    ):
        with pytest.raises(ParihsError, match=said):
            run(store.home.path, *arguments)
    assert "maxqda" in run(store.home.path, "export", "--formats").output


def test_participation_as_json_and_as_a_table(store: Store, demo: Study) -> None:
    answer = json.loads(run(store.home.path, "participation", "--json", "--rows", "study").output)
    groups = {group["group"]: group for group in answer["groups"]}
    assert groups["Facilitators"]["facilitator"]
    assert groups["Facilitators"]["among_n_words"] is None
    assert sum(group["among_talk_ms"] or 0 for group in groups.values()) == pytest.approx(1)
    assert answer["rule"] == {"threshold_ms": 500, "words": 2}
    parts = json.loads(
        run(
            store.home.path,
            *("participation", "--json", "--workshop", "northmoor-1", "--minutes", "2"),
        ).output
    )
    assert parts["unit"] == "ms"
    assert {part["end"] - part["start"] for part in parts["parts"]} == {120_000}
    said = run(store.home.path, "participation", "--by", "all", "--rows", "cycle").output
    assert "people who took part heard" in said
