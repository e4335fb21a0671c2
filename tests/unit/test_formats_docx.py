"""Word documents, made with a real writer, and hostile ones made by hand."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest

from parihs.errors import ParihsError
from parihs.formats import read_bytes

BEGIN, WAITED, WHO = "Shall we begin?", "We waited for the nurse.", "Who else was there?"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def document(*paragraphs: str):
    made = docx.Document()
    for text in paragraphs:
        made.add_paragraph(text)
    return made


def data(made) -> bytes:
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def archive(xml: bytes, **members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("word/document.xml", xml)
        for name, content in members.items():
            made.writestr(name, content)
    return file.getvalue()


def body(inner: str, prolog: str = "") -> bytes:
    return f'{prolog}<w:document xmlns:w="{W}"><w:body>{inner}</w:body></w:document>'.encode()


def rows(raw: bytes):
    parsed = read_bytes(raw, "talk.docx")
    assert parsed.format == "docx"
    return [(turn.speaker, turn.text, turn.start_ms, turn.end_ms) for turn in parsed.turns]


def test_teams_export_with_name_and_time_above_the_words():
    made = document(
        "Ward workshop",
        "Ann Example started transcription",
        f"Ann Example   0:03\n{BEGIN}",
        f"Ben Okafor   1:02:09\n{WAITED}",
        f"Ann Example   1:02:20\n{WHO}",
        "Ann Example stopped transcription",
    )
    parsed = read_bytes(data(made), "talk.docx")
    assert rows(data(made)) == [
        ("Ann Example", BEGIN, 3000, None),
        ("Ben Okafor", WAITED, 3729000, None),
        ("Ann Example", WHO, 3740000, None),
    ]
    assert parsed.warnings == (
        "1 line before the first speaker left out.",
        "2 lines by the transcription service left out.",
    )


def test_older_teams_export_with_arrows():
    made = document(
        f"0:0:0.0 --> 0:0:3.440\nAnn Example\n{BEGIN}",
        f"0:0:3.5 --> 0:0:9.0\nBen Okafor\n{WAITED}",
        f"0:0:9.0 --> 0:0:11.25\nAnn Example\n{WHO}",
    )
    assert rows(data(made)) == [
        ("Ann Example", BEGIN, 0, 3440),
        ("Ben Okafor", WAITED, 3500, 9000),
        ("Ann Example", WHO, 9000, 11250),
    ]


def test_names_before_paragraphs():
    made = document(f"Ann: {BEGIN}", "", f"Ben: {WAITED}", "And for the bed.", f"Ann: {WHO}")
    assert rows(data(made)) == [
        ("Ann", BEGIN, None, None),
        ("Ben", WAITED, None, None),
        ("Ben", "And for the bed.", None, None),
        ("Ann", WHO, None, None),
    ]


def test_runs_of_different_style_are_one_text():
    made = document()
    for _ in range(2):
        paragraph = made.add_paragraph()
        paragraph.add_run("Ann:").bold = True
        paragraph.add_run(" Shall ")
        paragraph.add_run("we begin?").italic = True
    assert rows(data(made)) == [("Ann", BEGIN, None, None)] * 2


def table(header: tuple[str, ...] | None, *lines: tuple[str, ...]):
    made = document("Ward workshop")
    grid = made.add_table(rows=0, cols=len(lines[0]))
    for line in ([header] if header else []) + list(lines):
        for cell, text in zip(grid.add_row().cells, line, strict=True):
            cell.text = text
    return data(made)


def test_table_with_named_columns():
    raw = table(("Speaker", "Time", "Text"), ("Ann", "00:03", BEGIN), ("Ben", "01:02:09", WAITED))
    assert rows(raw) == [("Ann", BEGIN, 3000, None), ("Ben", WAITED, 3729000, None)]
    assert read_bytes(raw, "talk.docx").warnings == (
        "1 paragraph outside the table of turns left out.",
    )


def test_table_without_named_columns():
    raw = table(
        None, ("0:03", "Ann", BEGIN), ("0:09", "Ben", WAITED), ("0:12", "Ann", "Who else then?")
    )
    assert [row[:3] for row in rows(raw)] == [
        ("Ann", BEGIN, 3000),
        ("Ben", WAITED, 9000),
        ("Ann", "Who else then?", 12000),
    ]


def test_a_table_of_something_else_is_kept_as_paragraphs():
    made = document(f"Ann: {BEGIN}", f"Ben: {WAITED}", f"Ann: {WHO}")
    cells = made.add_table(rows=1, cols=2).rows[0].cells
    cells[0].text, cells[1].text = "Ward", "Seven"
    parsed = read_bytes(data(made), "talk.docx")
    assert parsed.turns[-1].text == "Ward\tSeven"
    assert any("1 table row" in warning for warning in parsed.warnings)


def test_deleted_text_stays_deleted():
    inner = (
        "<w:p><w:r><w:t>We </w:t></w:r><w:del><w:r><w:delText>never </w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>always waited.</w:t></w:r></w:ins></w:p>"
    )
    assert rows(archive(body(inner))) == [(None, "We always waited.", None, None)]


def test_comments_are_mentioned():
    inner = "<w:p><w:r><w:t>We waited.</w:t></w:r></w:p>"
    comment = b"<w:comments><w:t>Check this</w:t></w:comments>"
    parsed = read_bytes(archive(body(inner), **{"word/comments.xml": comment}), "talk.docx")
    assert parsed.warnings == ("Left out: the document's comments.",)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused(encoding):
    prolog = '<!DOCTYPE d [<!ENTITY a "aaaa">]>'
    xml = body("<w:p><w:r><w:t>&a;</w:t></w:r></w:p>", prolog).decode().encode(encoding)
    with pytest.raises(ParihsError, match="document type"):
        read_bytes(archive(xml), "talk.docx")


def test_an_archive_that_unpacks_to_too_much_is_refused_unread():
    xml = body("<w:p><w:r><w:t>" + "a" * 4_000_000 + "</w:t></w:r></w:p>")
    with pytest.raises(ParihsError, match="unpack to far more"):
        read_bytes(archive(xml), "talk.docx")


def test_a_lie_about_the_size_does_not_unpack():
    raw = bytearray(archive(body("<w:p><w:r><w:t>" + "ab" * 50_000 + "</w:t></w:r></w:p>")))
    directory = raw.rindex(b"PK\x01\x02")
    raw[directory + 24 : directory + 28] = (100).to_bytes(4, "little")
    with pytest.raises(ParihsError, match="damaged"):
        read_bytes(bytes(raw), "talk.docx")


def test_nesting_without_end_is_called_damaged():
    xml = body("<w:p>" * 20_000 + "</w:p>" * 20_000)
    with pytest.raises(ParihsError, match="damaged"):
        read_bytes(archive(xml), "talk.docx")


@pytest.mark.parametrize("keep", [60, 200])
def test_a_broken_download_is_called_damaged(keep):
    raw = data(document(f"Ann: {BEGIN}"))
    start = raw.index(b"word/document.xml")
    with pytest.raises(ParihsError, match="damaged"):
        read_bytes(raw[: start + keep], "talk.docx")


def test_other_archives_and_empty_documents():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("xl/workbook.xml", "<a/>")
    with pytest.raises(ParihsError, match="zip archive"):
        read_bytes(file.getvalue(), "talk.docx")
    with pytest.raises(ParihsError, match="holds no text"):
        read_bytes(data(document()), "talk.docx")
    with pytest.raises(ParihsError, match="not a Word document"):
        read_bytes(b"Ann: hello", "talk.docx", format="docx")
