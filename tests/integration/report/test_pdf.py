"""The finished PDF: its structure, its words, its numerals and its bytes."""

import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import page
import pypdf
import pytest

from pipeline import report
from pipeline.errors import ReportError
from pipeline.report import pdf
from pipeline.report.document import Document, Paragraph, exhibits
from pipeline.report.readback import read_back
from pipeline.report.templating import packaged_templates
from pipeline.report.text import Figure, plain
from tests.unit.report import factory

pytestmark = pytest.mark.skipif(bool(pdf.missing_libraries()), reason="needs Pango")

TEMPLATES = Path("none of the workspace's own")


@pytest.fixture(scope="module")
def document() -> Document:
    return report.compose(report.Evidence(*factory.evidence()))


@pytest.fixture(scope="module")
def made(document: Document) -> bytes:
    return pdf.pdf_bytes(document, TEMPLATES, '{"edition": "2023-annual"}')


@pytest.fixture(scope="module")
def reader(made: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(BytesIO(made))


def test_it_is_tagged_names_its_language_and_says_it_is_pdf_ua(reader: pypdf.PdfReader, made: bytes) -> None:
    catalog: Any = reader.trailer["/Root"]
    assert catalog["/Lang"] == "en-GB"
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid:part" in catalog["/Metadata"].get_object().get_data()
    assert reader.metadata is not None
    assert reader.metadata.title == "Strategic assessment 2023: Safer Wolverhampton Partnership"


def elements(node: Any) -> list[Any]:
    """Every structure element below a node, in order."""
    node = node.get_object() if hasattr(node, "get_object") else node
    found = []
    if isinstance(node, list):
        for child in node:
            found += elements(child)
    elif isinstance(node, dict):
        if "/S" in node:
            found.append(node)
        found += elements(node["/K"]) if "/K" in node else []
    return found


def structure(reader: pypdf.PdfReader) -> list[Any]:
    """Every structure element of the document, in order."""
    catalog: Any = reader.trailer["/Root"]
    return elements(catalog["/StructTreeRoot"])


def test_every_picture_has_its_alternative_text(reader: pypdf.PdfReader, document: Document) -> None:
    tree = structure(reader)
    pictures = [str(e.get("/Alt", "")) for e in tree if e["/S"] == "/Figure"]
    assert sorted(a for a in pictures if a) == sorted(plain(e.alt) for e in exhibits(document))


def test_tables_have_header_cells(reader: pypdf.PdfReader) -> None:
    kinds = [str(e["/S"]) for e in structure(reader)]
    assert kinds.count("/Table") > 10
    assert kinds.count("/TH") > 100
    assert "/H1" in kinds


@pytest.mark.parametrize("kind", ["assessment", "board paper"])
def test_a_validator_of_pdf_ua_finds_no_fault(made: bytes, kind: str) -> None:
    if kind == "board paper":
        made = pdf.pdf_bytes(report.board_paper(report.Evidence(*factory.evidence())), TEMPLATES)
    found = page.validate_pdf_bytes(made, profile=page.ValidationProfile.PDF_UA_1)
    assert [f"{fault.rule_id}: {fault.message}" for fault in found.failures] == []


def bookmarks(reader: pypdf.PdfReader) -> dict[str, int]:
    """The index of the page that each bookmark leads to, in order."""
    found = {}
    for mark in reader.outline:
        assert not isinstance(mark, list)
        leaf = reader.get_destination_page_number(mark)
        assert leaf is not None
        found[str(mark.title)] = leaf
    return found


def test_every_section_has_a_bookmark_that_leads_to_its_page(
    reader: pypdf.PdfReader, document: Document
) -> None:
    marks = bookmarks(reader)
    for section in document.sections:
        words = reader.pages[marks[plain(section.contents)]].extract_text().replace("\n", " ")
        assert plain(section.title)[:20] in words


def test_the_contents_name_the_pages(reader: pypdf.PdfReader, document: Document) -> None:
    contents = reader.pages[1].extract_text()
    marks = bookmarks(reader)
    for section in document.sections:
        assert plain(section.contents) in contents
        assert str(marks[plain(section.contents)] + 1) in contents


def test_every_page_but_the_cover_says_that_the_data_are_made_up(reader: pypdf.PdfReader) -> None:
    for number, leaf in enumerate(reader.pages):
        words = leaf.extract_text()
        assert "DEMONSTRATION DATA" in words, f"page {number + 1}"
        if number:
            assert "figures as at 30 June 2023" in words
            assert "Safer Wolverhampton Partnership" in words


def test_a_priority_takes_one_page(reader: pypdf.PdfReader) -> None:
    marks = list(bookmarks(reader).items())
    for (name, first), (_, after) in pairwise(marks):
        if name.startswith("Priority"):
            assert after - first <= 1, name


def test_the_summary_takes_one_page(reader: pypdf.PdfReader) -> None:
    marks = bookmarks(reader)
    assert marks["How to read this report"] - marks["Summary"] == 1


def test_its_numerals_are_those_of_the_record(made: bytes, document: Document) -> None:
    found = read_back(made, document)
    assert found.unaccounted == ()
    assert found.missing == ()


def test_a_numeral_that_no_result_gave_is_found(document: Document, tmp_path: Path) -> None:
    blocks = (packaged_templates() / "cover.html.j2").read_text(encoding="utf-8")
    (tmp_path / "cover.html.j2").write_text(
        blocks.replace("DEMONSTRATION DATA.", "DEMONSTRATION DATA 98,765."), encoding="utf-8"
    )
    found = read_back(pdf.pdf_bytes(document, tmp_path), document)
    assert found.unaccounted == ((1, "98,765"),)
    assert not found.agrees


def test_a_figure_that_the_page_lost_is_found(document: Document, made: bytes) -> None:
    section = document.sections[0]
    more = replace(section, blocks=(*section.blocks, Paragraph((Figure("77,777", "lost:figure"),))))
    found = read_back(made, replace(document, sections=(more, *document.sections[1:])))
    assert found.missing == ("lost:figure",)


def test_provenance_is_attached(reader: pypdf.PdfReader) -> None:
    attached = reader.attachments
    assert attached["provenance.json"] == [b'{"edition": "2023-annual"}']


def test_the_attachment_bears_the_date_of_the_edition_and_not_of_today(made: bytes) -> None:
    dates = set(re.findall(rb"/(?:CreationDate|ModDate) ?\(D:(\d{8})", made))
    assert dates <= {b"20230630"}
    (attached,) = pypdf.PdfReader(BytesIO(made)).attachment_list
    assert attached.creation_date == attached.modification_date == datetime(2023, 6, 30, tzinfo=UTC)


def test_the_board_paper_has_two_pages_at_most() -> None:
    paper = pdf.pdf_bytes(report.board_paper(report.Evidence(*factory.evidence())), TEMPLATES)
    assert len(pypdf.PdfReader(BytesIO(paper)).pages) <= 2


AGAIN = """
import hashlib, sys
from pathlib import Path
from typing import Any
from pipeline import report
from pipeline.report import pdf
from tests.unit.report import factory
paper = report.board_paper(report.Evidence(*factory.evidence()))
made = pdf.pdf_bytes(paper, Path("none of the workspace's own"), "{}")
print(hashlib.sha256(made).hexdigest())
"""


def test_another_process_makes_the_same_bytes() -> None:
    digests = {
        subprocess.run(
            [sys.executable, "-c", AGAIN],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parents[3])},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1


def test_an_address_outside_the_document_stops_the_build(document: Document, tmp_path: Path) -> None:
    (tmp_path / "contents.html.j2").write_text(
        '<img src="https://example.com/a.png" alt="x">', encoding="utf-8"
    )
    with pytest.raises(ReportError, match=r"https://example\.com/a\.png is not part of the document"):
        pdf.pdf_bytes(document, tmp_path)


def test_a_complaint_of_the_layout_stops_the_build(document: Document, tmp_path: Path) -> None:
    sheet = (packaged_templates() / "print.css").read_text(encoding="utf-8")
    (tmp_path / "print.css").write_text(sheet + "\np { no-such-property: 1 }", encoding="utf-8")
    with pytest.raises(ReportError, match="no-such-property"):
        pdf.pdf_bytes(document, tmp_path)
