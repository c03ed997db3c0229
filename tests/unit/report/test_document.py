"""The document as a value: its record, its numbering, its one page a priority."""

import re
from dataclasses import replace

import pytest

from pipeline import report
from pipeline.errors import ReportError
from pipeline.model.comparison import Verdict
from pipeline.report import fonts
from pipeline.report.document import (
    Cell,
    Document,
    Paragraph,
    Row,
    RowKind,
    Table,
    TableColumn,
    exhibits,
    record,
    texts,
)
from pipeline.report.templating import packaged_templates
from pipeline.report.text import Figure, Origin, Quoted, leaves, listed, plain, sentence_case, text
from tests.unit.report import factory


@pytest.fixture(scope="module")
def document() -> Document:
    return report.compose(report.Evidence(*factory.evidence()))


def words(document: Document, section: str) -> str:
    found = next(s for s in document.sections if s.id == section)
    return "\n".join(plain(run) for run in texts(found))


def test_the_same_evidence_gives_the_same_document(document: Document) -> None:
    assert report.compose(report.Evidence(*factory.evidence())) == document


def test_no_plain_word_of_the_document_holds_a_digit(document: Document) -> None:
    """Digits come only as figures of a result, or as words that somebody fixed."""
    loose = [
        (section.id, run)
        for section in document.sections
        for words in (*texts(section), section.contents)
        for run in leaves(words)
        if isinstance(run, str) and re.search(r"\d", run)
    ]
    assert loose == []


def test_every_figure_of_an_observation_is_what_the_results_say(document: Document) -> None:
    results = factory.evidence()[1]
    by_id = {observation.key.result_id: observation for observation in results}
    checked = 0
    for entry in record(document):
        if entry.result_id in by_id:
            value = by_id[entry.result_id].value
            assert value is not None
            printed = float(entry.printed.rstrip("%").replace(",", "").replace("−", "-"))
            assert printed == pytest.approx(value, abs=0.0501 if "." in entry.printed else 0.5)
            checked += 1
    assert checked > 50


def test_the_record_names_section_order_result_and_text(document: Document) -> None:
    entries = [e for e in record(document) if e.section == "priority-public-place-violence"]
    assert [e.order for e in entries] == list(range(len(entries)))
    total = "violence_with_injury:E08000031:financial_year:2022-04/2023-03"
    assert ("3,950", total) in {(e.printed, e.result_id) for e in entries}
    assert ("−9.7%", f"{total}:victim_age=U25|previous_year|change_percent") in {
        (e.printed, e.result_id) for e in entries
    }


def test_exhibits_are_numbered_in_reading_order(document: Document) -> None:
    assert [e.number for e in exhibits(document)] == list(range(1, len(list(exhibits(document))) + 1))


def test_every_exhibit_has_a_finding_a_caption_and_an_alternative_text(document: Document) -> None:
    for exhibit in exhibits(document):
        assert plain(exhibit.title)
        assert plain(exhibit.caption)
        assert len(plain(exhibit.alt)) > 30


def test_a_priority_page_answers_the_five_questions(document: Document) -> None:
    page = words(document, "priority-public-place-violence")
    for question in (
        "Why it matters", "What we want to achieve", "How we measure success", "What we cannot say yet",
        "Question for the board",
    ):  # fmt: skip
        assert question in page
    assert "Violence with injury did not clearly change; two of three measures await data" in page
    assert "Should the measure move to the agreed public-place definition from April?" in page


def test_awaited_returns_stay_in_the_scorecard_with_who_owes_them(document: Document) -> None:
    page = words(document, "priority-public-place-violence")
    assert "Awaited: Survey item, from Community Safety Team" in page
    assert "… Awaiting data" in page


def test_the_seeds_table_stands_on_the_page_of_its_priority(document: Document) -> None:
    page = words(document, "priority-public-place-violence")
    for cells in (("under 25", "1,011", "1,119", "↓ 9.7%"), ("25 and over", "2,882", "2,690", "↑ 7.1%")):
        assert "\n".join(cells) in page
    assert "+1.3 to +9.3" in page
    assert "victim age not recorded\n57\n155" in page
    assert "under 25 fell; some of the rise of 25 and over may be better recording" in page


def test_the_tiles_count_every_measure_once(document: Document) -> None:
    summary = next(s for s in document.sections if s.id == "summary")
    tiles = next(b for b in summary.blocks if type(b).__name__ == "Tiles")
    counts = [int(plain(tile.number)) for tile in tiles.tiles]  # type: ignore[union-attr]
    assert sum(counts) == len(factory.evidence()[2].measures) - 1  # the duty's measure is apart


def test_a_first_edition_says_so_and_a_second_names_what_changed() -> None:
    first = report.compose(report.Evidence(*factory.evidence()))
    assert "This is the first edition" in words(first, "changes")
    definitions, results, assessment, deliveries, _, changes, outlines = factory.evidence()
    edition = factory.edition(previous="2022-annual")
    second = report.compose(
        report.Evidence(definitions, results, assessment, deliveries, edition, changes, outlines)
    )
    page = words(second, "changes")
    assert "No verdict changed; one headline figure differs from the last edition" in page
    assert "3,961" in page
    assert "The same period, revised" in page


def test_reconciliation_quotes_what_was_published(document: Document) -> None:
    page = words(document, "reconciliation")
    assert "consistent with truncation" in page
    assert "−0.3" in page
    assert "−0.4" in page


def test_without_wards_returns_or_duties_the_document_still_stands() -> None:
    definitions, results, assessment, deliveries, edition, *_ = factory.evidence()
    bare = definitions.model_copy(update={"duties": {}})
    kept = tuple(o for o in results if o.area.kind.value != "ward")
    judged = replace(assessment, measures=tuple(m for m in assessment.measures if m.group in bare.priorities))
    document = report.compose(report.Evidence(bare, type(results)(kept), judged, deliveries, edition))
    ids = [section.id for section in document.sections]
    assert "wards" not in ids
    assert "duties" not in ids
    assert "summary" in ids


def test_nothing_delivered_reads_as_awaited_and_never_as_zero() -> None:
    definitions, results, assessment, deliveries, edition, *_ = factory.evidence()
    empty = replace(
        assessment,
        measures=tuple(replace(m, verdict=Verdict.AWAITING_RETURN, uses=()) for m in assessment.measures),
        judgements=(),
        findings=(),
        reconciliations=(),
    )
    document = report.compose(report.Evidence(definitions, type(results)(()), empty, deliveries, edition))
    assert "Nothing can be said yet: every measure awaits data" in words(document, "summary")
    assert "Nothing can be said yet" in words(document, "priority-neighbourhood")


def test_the_board_paper_asks_a_question_for_every_priority() -> None:
    paper = report.board_paper(report.Evidence(*factory.evidence()))
    assert [section.id for section in paper.sections] == ["scorecard", "questions"]
    assert "Public place violence: Should the measure move" in words(paper, "questions")


def test_a_character_without_a_glyph_is_named_with_its_place(document: Document) -> None:
    section = document.sections[0]
    odd = replace(section, blocks=(*section.blocks, Paragraph(("Street \u4e00 name",))))
    broken = replace(document, sections=(odd, *document.sections[1:]))
    with pytest.raises(ReportError, match=r"section summary.*U\+4E00"):
        fonts.check_characters(broken, packaged_templates() / "fonts")


def test_a_row_has_a_cell_for_every_column() -> None:
    columns = (TableColumn(("a",)), TableColumn(("b",)))
    Table(caption=("t",), columns=columns, rows=(Row((Cell(("x",)),), RowKind.NOTE),))
    with pytest.raises(ValueError, match="1 cells in a table of 2 columns"):
        Table(caption=("t",), columns=columns, rows=(Row((Cell(("x",)),)),))


def test_texts_join_as_words_do() -> None:
    assert plain(listed([("a",), ("b",), ("c",)])) == "a, b and c"
    assert plain(listed([("a",)])) == "a"
    seven = Figure("seven", "count:x")
    assert sentence_case((seven, " left")) == (Figure("Seven", "count:x"), " left")
    assert plain(text("in ", Quoted("2022-23", Origin.PERIOD), "")) == "in 2022-23"


def test_rows_set_aside_and_replaced_are_accounted_for(document: Document) -> None:
    section = next(s for s in document.sections if s.id == "accounting")
    table = next(block for block in section.blocks if isinstance(block, Table))
    cells = [[plain(cell.text) for cell in row.cells] for row in table.rows]
    assert cells[0] == ["crimes_1.csv", "1,001", "990", "30", "0", "6", "5", "✓", "6"]
    for row in cells:
        read, loaded, _, unchanged, duplicates, quarantined = (
            int(cell.replace(",", "")) for cell in row[1:-2]
        )
        assert read == loaded + unchanged + duplicates + quarantined


def test_no_finding_of_no_clear_change_stands_without_what_would_have_shown(document: Document) -> None:
    section = next(s for s in document.sections if s.id.startswith("detail-"))
    table = next(block for block in section.blocks if isinstance(block, Table))
    at = [plain(column.header) for column in table.columns].index("Would show")
    unclear = [r for r in table.rows if len(r.cells) > at and plain(r.cells[-1].text) == "◊ No clear change"]
    assert unclear
    assert all(re.fullmatch(r"[\d,]+(%| pp)?", plain(row.cells[at].text)) for row in unclear)
