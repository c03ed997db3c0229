"""Every headline of every measure in one table, each with its own sign where a measure has several."""

from dataclasses import replace

import pytest

from pipeline.model.assessment import MeasureResult
from pipeline.report.evidence import Evidence
from pipeline.report.sections import progress
from pipeline.report.text import plain
from tests.unit.report import factory


@pytest.fixture
def measure() -> MeasureResult:
    """Neighbourhood crime with two headlines, of which one cannot be compared."""
    evidence = Evidence(*factory.evidence())
    found = next(m for m in evidence.assessment.measures if m.measure == "nc_reduction")
    first, second, *others = found.uses
    return replace(found, uses=(first, replace(second, headline=True), *others))


def told(measure: MeasureResult) -> list[list[str]]:
    definitions, results, assessment, *rest = factory.evidence()
    measures = tuple(measure if m.measure == measure.measure else m for m in assessment.measures)
    evidence = Evidence(definitions, results, replace(assessment, measures=measures), *rest)
    rows = [[plain(cell.text) for cell in row.cells] for row in progress.table(evidence).rows]
    return rows[rows.index(["Neighbourhood crime", plain(rows_page(rows))]) + 1 :]


def rows_page(rows: list[list[str]]) -> tuple[str, ...]:
    return (next(row[1] for row in rows if row[0] == "Neighbourhood crime"),)


def test_a_measure_with_two_headlines_has_a_line_for_each(measure: MeasureResult) -> None:
    assert told(measure) == [
        ["Reduction in neighbourhood crime", "✓ Vehicle crime", "8.0", "↓ 14.5%", "✓ Improved"],
        ["", "– Burglary", "1,204", "", ""],
    ]


def test_a_headline_that_stands_alone_needs_no_sign_of_its_own(measure: MeasureResult) -> None:
    alone = replace(measure, uses=measure.uses[:1])
    assert told(alone) == [
        ["Reduction in neighbourhood crime", "Vehicle crime", "8.0", "↓ 14.5%", "✓ Improved"]
    ]


def test_a_headline_without_a_figure_is_not_printed_beside_one_that_has(measure: MeasureResult) -> None:
    first, second, *_ = measure.uses
    assert [u.indicator for u in progress.headlines(measure)] == ["vehicle_crime", "burglary"]
    missing = replace(measure, uses=(replace(first, observation=None), second))
    assert [u.indicator for u in progress.headlines(missing)] == ["burglary"]
    assert progress.headlines(replace(measure, uses=())) == []
