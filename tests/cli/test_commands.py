"""The command line as people type it: the real entry point, a home of its own, plain answers."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

from parihs.cli.main import COMMANDS
from parihs.exchange.demo import demo_folder
from parihs.home import Home
from parihs.model import ParsedTranscript, ParsedTurn
from parihs.store import Store
from parihs.store.transcripts import save_transcript
from tests.support.small_study import make_small_study

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "transcripts"
TURNS_AND_SPEAKERS = {
    "teams_v.vtt": (53, 4, 270_458),
    "zoom.vtt": (53, 4, 270_458),
    "plain.srt": (53, 4, 270_458),
    "otter.txt": (53, 4, 269_000),
    "nvivo_tab.txt": (53, 4, 270_400),
    "speakers_only.txt": (53, 4, None),
    "whisperx.json": (53, 4, 270_458),
    "Product_test_ES2004a.json": (298, 4, None),
    "Committee_test_education_13.json": (133, 7, None),
}


class Shell:
    """Runs ``parihs`` in a process of its own over one home."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *arguments: object, code: int = 0) -> subprocess.CompletedProcess[str]:
        """Run a command and check how it ended."""
        environment = {name: v for name, v in os.environ.items() if not name.startswith("PARIHS_")}
        done = subprocess.run(
            [sys.executable, "-m", "parihs", *map(str, arguments)],
            capture_output=True,
            text=True,
            cwd=ROOT,
            env={**environment, "PARIHS_HOME": str(self.folder)},
        )
        assert done.returncode == code, f"{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
        assert "Traceback" not in done.stderr
        return done

    def json(self, *arguments: object, code: int = 0) -> Any:
        """Run a command with ``--json`` and read its answer."""
        return json.loads(self(*arguments, "--json", code=code).stdout)

    def refuses(self, *arguments: object) -> str:
        """Run a command that must end in one clear message and status 1; gives the message."""
        done = self(*arguments, code=1)
        assert done.stdout == ""
        first, *rest = done.stderr.splitlines()
        assert first.startswith("parihs: ")
        assert len(rest) <= 1
        return done.stderr


@pytest.fixture
def parihs(tmp_path: Path) -> Shell:
    """A shell over an empty home."""
    return Shell(tmp_path / "home")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """A shell over the demo study, imported from its plain files."""
    shell = Shell(tmp_path_factory.mktemp("demo") / "home")
    shell("import", demo_folder())
    return shell


@pytest.mark.slow
def test_every_command_explains_itself(parihs: Shell) -> None:
    overview = parihs("--help").stdout
    for name in COMMANDS:
        line = next(row for row in overview.splitlines() if row.strip().startswith(f"{name} "))
        assert len(line.split()) > 3, line
        text = parihs(name, "--help").stdout
        assert text.startswith("Usage: ")
        assert len(text.splitlines()) > 5
    for verb in ("list", "export"):
        assert "Usage: " in parihs("code", verb, "--help").stdout
    assert not parihs.folder.exists()


def test_it_says_its_version(parihs: Shell) -> None:
    assert parihs("--version").stdout.startswith("parihs, version ")


def test_a_wrong_word_is_a_usage_error(parihs: Shell) -> None:
    assert "No such command" in parihs("explode", code=2).stderr
    assert "No such option" in parihs("doctor", "--loud", code=2).stderr


def test_the_demo_study_comes_from_its_files(demo: Shell) -> None:
    again = demo.refuses("import", demo_folder())
    assert "lantern" in again
    rows = demo.json("code", "list")
    assert len(rows) > 1000
    assert {row["coder"] for row in rows} == {"isla", "dev"}
    assert all(row["quote"] for row in rows)
    one = demo.json("code", "list", "--workshop", "northmoor-1")
    assert 0 < len(one) < len(rows)


def test_looking_at_a_file_saves_nothing(parihs: Shell, tmp_path: Path) -> None:
    file = tmp_path / "talk.txt"
    file.write_text("Mara: Shall we begin?\nKim: Café first.\n", encoding="utf-8")
    (seen,) = parihs.json("import", "--look", file)
    assert (seen["turns"], seen["words"], seen["speakers"]) == (2, 5, ["Mara", "Kim"])
    assert "talk.txt: text, 2 turns" in parihs("import", "--look", file).stdout
    assert not (parihs.folder / "study.sqlite").exists()


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared transcripts are not here")
def test_every_shared_transcript_comes_in(parihs: Shell) -> None:
    """Turns, speakers and times of each file, as a look says and as a study then holds them."""
    store = Store(Home(parihs.folder))
    make_small_study(store)
    files = [SHARED / name for name in TURNS_AND_SPEAKERS]
    assert {f.name for f in SHARED.iterdir()} - {"README.md"} == set(TURNS_AND_SPEAKERS)
    seen = parihs.json("import", "--look", *files)
    found = {row["file"]: (row["turns"], len(row["speakers"]), row["duration_ms"]) for row in seen}
    assert found == TURNS_AND_SPEAKERS
    parihs("import", "--workshop", "north-1", *files)
    with store.read() as session:
        from sqlalchemy import select

        from parihs.model import Transcript, TranscriptVersion

        query = select(Transcript.title, TranscriptVersion.n_turns).join(
            TranscriptVersion, TranscriptVersion.transcript_id == Transcript.id
        )
        saved = dict(session.execute(query).all())
    store.close()
    for name, (turns, _, _) in TURNS_AND_SPEAKERS.items():
        assert saved[Path(name).stem] == turns


def test_importing_says_what_it_needs(parihs: Shell, tmp_path: Path) -> None:
    file = tmp_path / "talk.txt"
    file.write_text("Mara: Shall we begin?\n", encoding="utf-8")
    assert "--workshop" in parihs.refuses("import", file)
    assert "no study" in parihs.refuses("import", "--workshop", "w", file).lower()
    picture = tmp_path / "picture.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))
    assert "picture.png" in parihs.refuses("import", "--look", picture)
    assert "does not exist" in parihs("import", tmp_path / "nowhere.vtt", code=2).stderr


def test_one_bad_file_keeps_all_files_out(parihs: Shell, tmp_path: Path) -> None:
    store = Store(Home(parihs.folder))
    make_small_study(store)
    good, bad = tmp_path / "good.txt", tmp_path / "bad.vtt"
    good.write_text("Mara: Shall we begin?\n", encoding="utf-8")
    bad.write_bytes(b"")
    parihs.refuses("import", "--workshop", "north-1", good, bad)
    parihs.refuses("import", "--workshop", "no-such-workshop", good)
    with store.read() as session:
        from sqlalchemy import func, select

        from parihs.model import Transcript

        assert session.scalar(select(func.count()).select_from(Transcript)) == 2
    store.close()


def test_codings_go_out_and_come_in_again(demo: Shell, tmp_path: Path) -> None:
    """The demo study with its exported codings in place of its own is the same study."""
    out = tmp_path / "codings"
    said = demo("code", "export", out).stdout
    assert len(said.splitlines()) == len(list(out.glob("*.csv"))) == 12
    copy = tmp_path / "study"
    shutil.copytree(demo_folder(), copy)
    for table in out.glob("*.csv"):
        shutil.copy(table, copy / "codings")
    other = Shell(tmp_path / "other")
    other("import", copy)

    def plain(rows: Any) -> list[tuple[str, ...]]:
        names = ("code", "coder", "valence", "quote", "memo")
        return sorted(
            (str(row["start"]), str(row["end"]), *(row[n] for n in names)) for row in rows
        )

    assert plain(other.json("code", "list")) == plain(demo.json("code", "list"))
    with (out / "northmoor-1.csv").open(encoding="utf-8", newline="") as file:
        assert {"turn", "quote", "code", "coder"} <= set(csv.DictReader(file).fieldnames or ())


def test_a_comparison_opens_to_its_excerpts(demo: Shell) -> None:
    table = demo.json("compare", "--rows", "site", "--cols", "construct")
    assert len(table["rows"]) == 5
    assert [c["label"] for c in table["columns"]][:4] == [
        "Innovation",
        "Recipients",
        "Context",
        "Facilitation",
    ]
    assert len(table["cells"]) == len(table["rows"]) * len(table["columns"])
    assert "12 workshops" in table["caption"]
    counted = [cell for cell in table["cells"] if cell["value"]]
    assert counted
    assert all(cell["excerpts"] for cell in counted)
    by_one = demo.json("compare", "--layer", "isla", "--value", "share")
    assert all(cell["value"] is None or 0 <= cell["value"] <= 1 for cell in by_one["cells"])
    narrow = demo.json("compare", "--below", "innovation", "--rows", "workshop", "--cycle", "1")
    assert 0 < len(narrow["rows"]) <= 12
    text = demo("compare").stdout
    assert "Harrowdale" in text
    assert "12 workshops" in text


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--layer", "nobody"], "no coder “nobody”"),
        (["--below", "nothing"], "no code “nothing”"),
        (["--cols", "sideways"], "sideways"),
        (["--study", "other"], "other"),
    ],
)
def test_a_comparison_that_cannot_be_made(demo: Shell, arguments: list[str], says: str) -> None:
    assert says in demo.refuses("compare", *arguments)


def test_no_study_no_answer(parihs: Shell) -> None:
    for arguments in (["compare"], ["code", "list"], ["code", "export", parihs.folder / "x"]):
        assert "no study" in parihs.refuses(*arguments).lower()


def test_a_backup_holds_studies_and_sound(demo: Shell, tmp_path: Path) -> None:
    answer = demo.json("backup")
    file = Path(answer["file"])
    assert file.is_relative_to(demo.folder / "backups")
    assert answer["bytes"] == file.stat().st_size
    names = names_in(file)
    assert any(name.endswith("study.sqlite") for name in names)
    assert any(name.endswith("original.ogg") for name in names)
    assert not any("secret" in name for name in names)
    chosen = tmp_path / "elsewhere" / "copy.zip"
    chosen.parent.mkdir()
    assert str(chosen) in demo("backup", chosen).stdout
    assert chosen.exists()


def names_in(file: Path) -> list[str]:
    """Names of the members of an archive."""
    if zipfile.is_zipfile(file):
        return zipfile.ZipFile(file).namelist()
    with tarfile.open(file) as archive:
        return archive.getnames()


def test_the_doctor_tells_what_works(demo: Shell) -> None:
    checks = {check["name"]: check for check in demo.json("doctor")}
    assert checks["Python"]["ok"]
    assert checks["Studies"]["ok"]
    assert checks["Telemetry"]["ok"]
    model = checks["Transcription, recognise"]
    assert not model["ok"]
    assert not model["needed"]
    assert str(demo.folder) in model["text"] + model["hint"]
    assert "Studies: SQLite" in demo("doctor").stdout
    demo("doctor", "--all-needed", code=1)


def test_transcribing_says_what_is_missing(parihs: Shell, tmp_path: Path) -> None:
    make_small_study(store := Store(Home(parihs.folder)))
    store.close()
    words = tmp_path / "words.wav"
    words.write_text("not a recording")
    assert "text file" in parihs.refuses("transcribe", words, "--workshop", "north-1")


def test_two_studies_need_a_name(parihs: Shell) -> None:
    store = Store(Home(parihs.folder))
    small = make_small_study(store)
    from parihs.store.studies import add_study

    with store.write("test") as tx:
        add_study(tx, key="second", name="Second")
    turn = ParsedTurn("Mara", "One more.", None, None)
    with store.write("test") as tx:
        save_transcript(
            tx,
            workshop_id=small.workshops[0].id,
            title="More",
            parsed=ParsedTranscript((turn,), "text"),
            reason="import",
        )
    store.close()
    said = parihs.refuses("code", "list")
    assert "small" in said
    assert "second" in said
    assert parihs.json("code", "list", "--study", "small") == []


def test_a_port_in_use_is_said(parihs: Shell) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = parihs.refuses("app", "--port", port, "--no-browser")
    assert str(port) in said
