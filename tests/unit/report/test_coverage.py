"""Coverage in print: the columns that came empty in a month, and the months that a person took as whole."""

from dataclasses import replace
from datetime import date

from pipeline.model.delivery import Coverage, FieldCoverage, MonthCoverage, MonthState
from pipeline.report import Evidence
from pipeline.report.document import Listing, Table
from pipeline.report.sections import coverage, fields
from pipeline.report.text import plain
from tests.unit.report import factory

MARCH, APRIL, JUNE = date(2022, 3, 1), date(2022, 4, 1), date(2022, 6, 1)
OWN, OTHER = factory.OWN.code, factory.PEERS[0]


def evidence(*found: FieldCoverage, months: tuple[MonthCoverage, ...] = ()) -> Evidence:
    made = Evidence(*factory.evidence())
    coverage = Coverage(months or made.deliveries.coverage.months, fields=found)
    return replace(made, deliveries=replace(made.deliveries, coverage=coverage))


def rows(evidence: Evidence, *, every: bool) -> list[list[str]]:
    tables = [block for block in fields.blocks(evidence, every=every) if isinstance(block, Table)]
    return [[plain(cell.text) for cell in row.cells] for table in tables for row in table.rows]


HATE = FieldCoverage(
    "police_crimes", "hate", 1000, 25, ((OWN, MARCH), (OWN, APRIL), (OTHER.code, JUNE)), ((OWN, JUNE),)
)
OUTCOME = FieldCoverage("police_crimes", "outcome", 1000, 1000)


def test_an_empty_column_is_told_with_its_months_and_other_areas_by_name() -> None:
    found = rows(evidence(HATE, OUTCOME), every=False)
    empty = f"2022-03 to 2022-04; {OTHER.name}: 2022-06"
    assert [row[1:] for row in found[1:]] == [["2.5%", empty, "2022-06"]]


def test_all_columns_where_all_are_asked_for() -> None:
    found = rows(evidence(HATE, OUTCOME), every=True)
    assert [row[0] for row in found[1:]] == ["Hate", "Outcome"]
    assert found[2][1:] == ["100.0%", "–", "–"]


def test_nothing_is_said_where_no_column_came_empty() -> None:
    assert fields.blocks(evidence(OUTCOME), every=False) == []


def test_a_month_taken_as_whole_is_on_record_once_for_all_areas() -> None:
    note = "taken as whole by A. Analyst on 2024-08-02: a quiet month"
    months = tuple(
        MonthCoverage("police_crimes", area, MARCH, 9, MonthState.DELIVERED, note) for area in (OWN, "F")
    )
    section = coverage.section(evidence(months=months), "B")
    listed = [plain(item) for block in section.blocks if isinstance(block, Listing) for item in block.items]
    assert [words.partition(", ")[2] for words in listed] == [f"March 2022: {note}."]


def test_the_months_that_other_areas_lack_stand_in_the_whole_page_only() -> None:
    months = (
        MonthCoverage("police_crimes", OWN, MARCH, 9, MonthState.DELIVERED),
        MonthCoverage("police_crimes", OTHER.code, MARCH, 0, MonthState.NOT_DELIVERED),
        MonthCoverage("police_crimes", OTHER.code, APRIL, 0, MonthState.NOT_DELIVERED),
        MonthCoverage("police_crimes", OTHER.code, JUNE, 2, MonthState.INCOMPLETE),
    )
    found = [
        [plain(cell.text) for cell in row.cells]
        for whole in (False, True)
        for block in coverage.section(evidence(months=months), "B", whole=whole).blocks
        if isinstance(block, Table) and plain(block.caption) == "Months that other areas lack"
        for row in block.rows[1:]
    ]
    assert found == [[OTHER.name, "2022-03 to 2022-04", "2022-06"]]
