"""What a report says: the study's own numbers, as its reader may see them."""

from __future__ import annotations

import io

import numpy as np
import pytest
from docx import Document

from parihs.compare import load_denominators, load_excerpts, matrix
from parihs.errors import ParihsError
from parihs.inquiry import add_finding, grid, lint, marker, rate, save_cell
from parihs.model import Finding, Transcript
from parihs.report import PARTS, Report, build, render
from parihs.store import Store
from parihs.store.codebooks import codebooks, definitions, latest_codebook_version
from parihs.store.studies import add_study, get_study
from parihs.store.transcripts import release
from tests.support.small_study import SmallStudy
from tests.unit.inquiry_study import KIM, MARA, code
from tests.unit.report_study import built, demo_report, demo_store

__all__ = ["demo_report", "demo_store"]


@pytest.mark.parametrize("value", ["count", "share", "speakers"])
def test_tables_hold_what_the_comparison_counts(
    demo_store: Store, demo_report: Report, value: str
) -> None:
    with demo_store.read() as session:
        study = get_study(session)
        version = latest_codebook_version(session, codebooks(session, study.id)[0].id)
        assert version is not None
        excerpts = load_excerpts(session, study.id, version.id)
        denominators = load_denominators(session, study.id)
        wanted = matrix(excerpts, denominators, definitions(session, version.id), value=value)
    table = next(t for t in demo_report.tables if t.key == f"matrices.{value}")
    found = [[cell.value for cell in row] for row in table.cells]
    assert np.allclose(np.array(found, dtype=float), wanted.values)
    assert table.caption == wanted.caption()
    assert [head.label for head in table.rows] == [row.label for row in wanted.rows]
    for row, cells in zip(wanted.rows, table.cells, strict=True):
        for column, cell in zip(wanted.columns, cells, strict=True):
            known = {key for label in cell.excerpts for key in demo_report.excerpt(label).ids}
            assert set(wanted.excerpts(row.id, column.id)) <= known


def test_the_methods_are_filled_from_the_study(demo_report: Report) -> None:
    text = " ".join(demo_report.methods)
    for words in (
        "5 sites and 12 workshops",
        "between 5 November 2024 and 22 January 2026",
        "35 participants and 2 facilitators",
        "22,202 words",
        "67 codes",
        "Dev Rao (789) and Isla Marsh (851)",
        "speaker turns (n = 1,131)",
        "B = 1,000, seed 1",
        "at least two coders gave",
        "Constructs that tell sites apart",
    ):
        assert words in text
    assert demo_report.fictional


def test_excerpts_are_numbered_once_in_the_order_of_the_study(demo_report: Report) -> None:
    assert [e.label for e in demo_report.excerpts] == [
        f"E{n}" for n in range(1, len(demo_report.excerpts) + 1)
    ]
    ids = [key for e in demo_report.excerpts for key in e.ids]
    assert len(ids) == len(set(ids))
    sites = list(dict.fromkeys(e.site for e in demo_report.excerpts))
    assert sites == [head.label for head in demo_report.tables[0].rows]
    assert demo_report.cited <= {e.label for e in demo_report.excerpts}


def test_findings_come_with_quotes_evidence_and_what_to_look_at(demo_report: Report) -> None:
    assert [finding.number for finding in demo_report.findings] == [1, 2, 3, 4]
    first, *_, last = demo_report.findings
    quotes = [piece for piece in first.pieces if piece.kind == "quote"]
    assert quotes[0].text == "If she'd been my supervisor I'd have said I was fine."
    assert quotes[0].attribution == "Femi, doctor · Harrowdale General Hospital"
    assert demo_report.excerpt(quotes[0].label).quote == quotes[0].text
    assert {each.stance for each in demo_report.findings[2].evidence} == {
        "Supports",
        "Contradicts",
        "Qualifies",
    }
    assert any("Only Bashir is heard" in remark.sentence for remark in last.remarks)
    against = next(r for r in last.remarks if "rated constraining" in r.sentence)
    assert against.excerpts


def test_withdrawn_findings_stay_out(store: Store, small: SmallStudy) -> None:
    from parihs.inquiry import withdraw_finding

    with store.write("lead") as tx:
        kept = add_finding(tx, small.study.id, title="Kept")
        gone = add_finding(tx, small.study.id, title="Gone")
        withdraw_finding(tx, gone.id, "One voice only")
    report = built(store)
    assert [finding.title for finding in report.findings] == [kept.title]
    assert any("Withdrew the finding “Gone”: One voice only" in d.what for d in report.decisions)


def test_a_blind_reader_finds_nothing_of_others(store: Store, small: SmallStudy) -> None:
    """Neither numbers, nor quotes, nor ratings, nor how often somebody coded."""
    coding = code(store, small, 0, KIM, valence="-1")
    code(store, small, 1, MARA, by=small.ben.id)
    with store.write(small.ada.id) as tx:
        rate(
            tx,
            site_id=small.sites[0].id,
            code_id=small.codes["fit"],
            value="-1",
            rationale="Only Ada knows",
            excerpt_ids=[coding],
        )
        save_cell(
            tx,
            small.study.id,
            "site",
            small.sites[0].id,
            small.codes["fit"],
            summary="It does not fit.",
            base_rev=0,
            excerpt_ids=[coding],
        )
        add_finding(tx, small.study.id, title="No fit", claim=f"Hear: {marker(coding)}")
    lead = built(store, layer="all")
    ben = built(store, viewer_id=small.ben.id, layer="all")
    stranger = built(store, viewer_id="", layer="all")
    assert {e.site for e in lead.excerpts} == {"North", "South"}
    assert {e.site for e in ben.excerpts} == {"South"}
    assert stranger.excerpts == ()
    assert stranger.tables_of("matrices") == ()
    for report in (ben, stranger):
        assert "It never has" not in repr(report)
        assert "Only Ada knows" not in repr(report)
        assert {d.who for d in report.deeds if d.what == "gave codes"} <= {"Ben"}
        assert [piece.kind for piece in report.findings[0].pieces] == ["text", "lost"]
        assert report.findings[0].evidence[0].label == ""
    assert len(lead.codings) == 2
    assert [row.coder for row in ben.codings] == ["Ben"]
    with store.write("lead") as tx:
        for transcript in tx.session.query(Transcript):
            release(tx, transcript.id)
    assert {e.site for e in built(store, viewer_id="", layer="all").excerpts} == {"North", "South"}


def test_only_the_parts_asked_for(demo_store: Store) -> None:
    report = built(demo_store, parts=["findings"])
    assert report.findings
    assert (report.tables, report.grid, report.ratings, report.codes, report.deeds) == (
        (),
        None,
        None,
        (),
        (),
    )
    linked = {key for e in report.excerpts for key in e.ids}
    with demo_store.read() as session:
        asked = {key for each in lint(session, get_study(session).id) for key in each.ids}
    assert asked <= linked
    with pytest.raises(ParihsError, match="no part"):
        built(demo_store, parts=["appendix"])


def test_progress_names_the_parts_and_ends(demo_store: Store) -> None:
    said: list[tuple[str, float]] = []
    built(
        demo_store,
        parts=["participation", "findings"],
        progress=lambda what, share: said.append((what, share)),
    )
    assert said == [(PARTS["participation"], 0.0), (PARTS["findings"], 0.5), ("Done", 1.0)]


def test_a_study_without_a_codebook_says_so(store: Store) -> None:
    with store.write("test") as tx:
        study = add_study(tx, key="bare", name="Bare")
    with store.read() as session:
        with pytest.raises(ParihsError, match="no codebook"):
            build(session, study.id)
        with pytest.raises(ParihsError, match="no longer here"):
            build(session, "gone")


def test_a_stale_summary_says_so(store: Store, small: SmallStudy) -> None:
    coding = code(store, small, 0, KIM)
    with store.write(small.ada.id) as tx:
        save_cell(
            tx,
            small.study.id,
            "site",
            small.sites[0].id,
            small.codes["fit"],
            summary="It does not fit.",
            base_rev=0,
            excerpt_ids=[coding],
        )
    code(store, small, 0, MARA)
    grid = built(store, layer="all").grid
    assert grid is not None
    assert grid.cells[0][0].stale == "1 coding changed here since it was written"


def test_the_date_is_that_of_the_last_change(store: Store, small: SmallStudy) -> None:
    before = built(store).as_of
    with store.write("lead") as tx:
        finding: Finding = add_finding(tx, small.study.id, title="Later")
    after = built(store).as_of
    assert after > before
    assert abs((after - finding.updated_at).total_seconds()) < 5


def test_any_grid_can_be_written_out_by_itself(demo_store: Store) -> None:
    with demo_store.read() as session:
        study = get_study(session)
        version = latest_codebook_version(session, codebooks(session, study.id)[0].id)
        assert version is not None
        shown = grid(session, study.id, version.id, rows="role")
        report = build(session, study.id, parts=("grid",), chosen_grid=shown)
    assert report.grid is not None
    assert report.grid.case == "Role"
    assert [head.label for head in report.grid.rows] == [row.label for row in shown.rows]
    text = "\n".join(
        cell.text
        for table in Document(io.BytesIO(render(report, "docx"))).tables
        for cell in table.row_cells(0)
    )
    assert "Role" in text
