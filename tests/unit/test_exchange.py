"""Studies and codings as plain files: all of it or nothing, and back again unchanged."""

from __future__ import annotations

import csv
import shutil
import tempfile
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from parihs.coding import apply_ops
from parihs.errors import ParihsError
from parihs.exchange import import_codings, load_study, write_codings
from parihs.exchange.demo import DEMO_KEY, demo_folder, load_demo
from parihs.home import Home
from parihs.model import (
    Coder,
    Coding,
    Event,
    ParsedTranscript,
    ParsedTurn,
    Recording,
    Site,
    Study,
    Transcript,
    Workshop,
    new_id,
)
from parihs.store import Store
from parihs.store.transcripts import save_transcript, turns
from tests.support.small_study import SmallStudy, make_small_study

TALK = ParsedTranscript(
    (
        ParsedTurn("Mara", "Shall we, shall we, begin 🙂 then?"),
        ParsedTurn("Kim", "It does not fit here. It never has."),
        ParsedTurn("Mara", " No? \u2028no."),
    ),
    "text",
)
HEAD = "turn,quote,code,coder,valence,memo,which\n"


def bring_in(store: Store, small: SmallStudy, table: Path, version_id: str = "") -> int:
    with store.write("test") as tx:
        return import_codings(
            tx,
            table,
            version_id=version_id or small.versions[0].id,
            codebook_id=small.codebook.codebook_id,
            codebook_version_id=small.codebook.id,
        )


def written(store: Store, small: SmallStudy, version_id: str = "") -> str:
    names = {code_id: key for key, code_id in small.codes.items()}
    version_id = version_id or small.versions[0].id
    query = select(Coding).filter_by(version_id=version_id, uncoded=False)
    with store.read() as session:
        return write_codings(
            session.scalars(query.order_by(Coding.start, Coding.id)).all(),
            turns(session, version_id),
            code_keys=names,
            coder_keys={small.ada.id: "ada", small.ben.id: "ben"},
        )


def rows(table: str) -> list[tuple[str, ...]]:
    return sorted(tuple(row.values()) for row in csv.DictReader(StringIO(table)))


def test_the_demo_study_is_as_described(store: Store) -> None:
    """Five sites, twelve workshops, 35 stakeholders, two coders everywhere, one recording."""
    study = load_demo(store)
    assert study.fictional
    with store.read() as session:
        kinds = sorted(session.scalars(select(Site.kind)))
        assert kinds.count("hospital") == kinds.count("support_unit") == 2
        assert len(kinds) == 5
        assert session.scalar(select(func.count()).select_from(Workshop)) == 12
        assert session.scalar(select(func.count()).select_from(Recording)) >= 1
        assert all(session.scalars(select(Transcript.released)))
        by_both = select(Coding.transcript_id, Coding.coder_id).distinct()
        assert len(session.execute(by_both).all()) == 24
        for coding in session.scalars(select(Coding)):
            assert coding.quote
            assert coding.end - coding.start == len(coding.quote)
    assert load_demo(store).id == study.id


def test_a_study_loads_whole_or_not_at_all(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "study"
    shutil.copytree(demo_folder(), folder)
    last = sorted((folder / "codings").glob("*.csv"))[-1]
    last.write_text(last.read_text() + "1,,no.such.code,isla,1,\n")
    with pytest.raises(ParihsError, match=r"no\.such\.code"):
        load_study(store, folder)
    with store.read() as session:
        for kind in (Study, Site, Workshop, Transcript, Coding, Coder, Event):
            assert session.scalar(select(func.count()).select_from(kind)) == 0
    assert [file for file in store.home.media.rglob("*") if file.is_file()] == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"format": "something/9"}, "format: parihs-study/1"),
        ({"key": ""}, "the study's key"),
        ({"name": None}, "the study's name"),
        ({"codebook": "nowhere"}, "the codebook “nowhere”"),
    ],
)
def test_a_wrong_study_file_is_named(
    store: Store, tmp_path: Path, change: dict[str, object], says: str
) -> None:
    about = {"format": "parihs-study/1", "key": "k", "name": "N", "codebook": "i-parihs"}
    (tmp_path / "study.yaml").write_text(yaml.safe_dump({**about, **change}))
    with pytest.raises(ParihsError, match=says):
        load_study(store, tmp_path)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("key: [unclosed", "cannot be read"),
        ("- only\n- a list\n", "does not say"),
        ("\x80\x81", "cannot be read"),
    ],
)
def test_an_unreadable_study_file_is_explained(
    store: Store, tmp_path: Path, content: str, says: str
) -> None:
    (tmp_path / "study.yaml").write_bytes(content.encode("latin-1"))
    with pytest.raises(ParihsError, match=says):
        load_study(store, tmp_path)


@pytest.mark.parametrize(
    "sites",
    [
        "just words",
        [{"name": "A site without a key"}],
        [{"key": "a", "name": "A", "kind": "castle"}],
        [{"key": "a", "name": "A", "workshops": [{"title": "no key"}]}],
        [{"key": "a", "name": "A", "workshops": [{"key": "w", "date": "yesterday"}]}],
        [{"key": "a", "name": "A", "workshops": [{"key": "w", "recording": "gone.wav"}]}],
        [{"key": "a", "name": "A", "participants": [{"role": "doctor"}]}],
        [{"key": "a", "name": "A", "participants": [{"pseudonym": "P", "shoe size": 9}]}],
    ],
)
def test_a_faulty_entry_never_ends_in_a_crash(store: Store, tmp_path: Path, sites: object) -> None:
    about = {"format": "parihs-study/1", "key": "k", "name": "N", "sites": sites}
    (tmp_path / "study.yaml").write_text(yaml.safe_dump(about))
    with pytest.raises(ParihsError) as told:
        load_study(store, tmp_path)
    assert told.value.message
    with store.read() as session:
        assert session.scalar(select(func.count()).select_from(Study)) == 0


def test_no_folder_no_study(store: Store, tmp_path: Path) -> None:
    with pytest.raises(ParihsError, match=r"no study\.yaml"):
        load_study(store, tmp_path / "nowhere")


def test_a_transcript_cannot_reach_outside_its_folder(store: Store, tmp_path: Path) -> None:
    """A study folder from somebody else names its own files only."""
    (tmp_path / "secret.txt").write_text("Mara: not for you\n")
    folder = tmp_path / "study"
    folder.mkdir()
    about = {
        "format": "parihs-study/1",
        "key": "k",
        "name": "N",
        "sites": [
            {
                "key": "a",
                "name": "A",
                "workshops": [{"key": "w", "transcript": "../secret.txt"}],
            }
        ],
    }
    (folder / "study.yaml").write_text(yaml.safe_dump(about))
    with pytest.raises(ParihsError, match="outside"):
        load_study(store, folder)


def test_codings_come_in_and_go_out_the_same(
    store: Store, small: SmallStudy, tmp_path: Path
) -> None:
    table = tmp_path / "codings.csv"
    table.write_text(
        HEAD
        + "1,begin 🙂 then,fit,ada,1,\n"
        + '2,,fit.place,ben,-2,"a, memo ""quoted"""\n'
        + "3,naïve,help,ada,mixed,\n"
        + "2,It never has.,fit.person,ada,,\n"
        + "2,It,fit,ben,0,,2\n",
        encoding="utf-8",
    )
    assert bring_in(store, small, table) == 5
    once = written(store, small)
    assert rows(once) == sorted(
        [
            ("1", "begin 🙂 then", "fit", "ada", "1", "", ""),
            ("2", "", "fit.place", "ben", "-2", 'a, memo "quoted"', ""),
            ("3", "naïve", "help", "ada", "mixed", "", ""),
            ("2", "It never has.", "fit.person", "ada", "unrated", "", ""),
            ("2", "It", "fit", "ben", "0", "", "2"),
        ]
    )


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("9,,fit,ada,1,", "there is no turn “9”"),
        ("0,,fit,ada,1,", "there is no turn “0”"),
        ("one,,fit,ada,1,", "there is no turn “one”"),
        ("²,,fit,ada,1,", "there is no turn “²”"),
        ("1,never said,fit,ada,1,", "not in turn 1"),
        ("2,t,fit,ada,1,", "occurs 4 times"),
        ("2,t,fit,ada,1,,5", "not 5"),
        ("2,t,fit,ada,1,,second", "not 0"),
        ("1,,nothing,ada,1,", "no code “nothing”"),
        ("1,,fit,zoe,1,", "no coder “zoe”"),
        ("1,,fit,ada,7,", "no valence “7”"),
        ("1", "no code “”"),
    ],
)
def test_one_bad_row_keeps_all_rows_out(
    store: Store, small: SmallStudy, tmp_path: Path, row: str, says: str
) -> None:
    table = tmp_path / "codings.csv"
    table.write_text(f"{HEAD}1,,fit,ada,1,\n{row}\n", encoding="utf-8")
    with pytest.raises(ParihsError) as told:
        bring_in(store, small, table)
    assert "codings.csv" in told.value.message
    assert "row 3" in told.value.message
    assert says in told.value.message
    with store.read() as session:
        assert session.scalar(select(func.count()).select_from(Coding)) == 0


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "no column"),
        (b"turn,coder\n1,ada\n", "no column code"),
        (b"\xff\xfet\x00u\x00", "could not be read"),
    ],
)
def test_what_is_no_table_is_explained(
    store: Store, small: SmallStudy, tmp_path: Path, content: bytes, says: str
) -> None:
    table = tmp_path / "codings.csv"
    table.write_bytes(content)
    with pytest.raises(ParihsError, match=says):
        bring_in(store, small, table)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, SmallStudy]]:
    """One study for all examples below; each makes its own transcripts in it."""
    store = Store(Home(tmp_path_factory.mktemp("round") / "home"))
    yield store, make_small_study(store)
    store.close()


CODINGS = st.lists(
    st.tuples(
        st.integers(0, 80),
        st.integers(1, 60),
        st.sampled_from(["fit", "fit.place", "help"]),
        st.sampled_from(["-2", "0", "2", "mixed", "unrated"]),
        st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"), max_size=20),
    ),
    max_size=6,
)


@settings(max_examples=25, deadline=None)
@given(codings=CODINGS)
def test_what_is_exported_can_be_imported_again(
    desk: tuple[Store, SmallStudy], codings: list[tuple[int, int, str, str, str]]
) -> None:
    """Whatever coders marked, the exported table comes in again without a complaint."""
    store, small = desk
    with store.write("test") as tx:
        one, two = (
            save_transcript(
                tx, workshop_id=small.workshops[0].id, title="Talk", parsed=TALK, reason="import"
            )
            for _ in range(2)
        )
    ops = [
        {
            "op_id": new_id(),
            "verb": "code",
            "coding_id": new_id(),
            "start": start,
            "end": start + length,
            "code": small.codes[code],
            "valence": valence,
            "memo": memo,
        }
        for start, length, code, valence, memo in codings
    ]
    apply_ops(
        store,
        coder_id=small.ada.id,
        version_id=one.id,
        codebook_version_id=small.codebook.id,
        ops=ops,
    )
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "codings.csv"
        table.write_text(written(store, small, one.id), encoding="utf-8", newline="")
        bring_in(store, small, table, two.id)
        again = written(store, small, two.id)
        assert rows(again) == rows(table.read_text(encoding="utf-8"))


def test_demo_key_is_what_the_file_says() -> None:
    about = yaml.safe_load((demo_folder() / "study.yaml").read_text(encoding="utf-8"))
    assert about["key"] == DEMO_KEY
