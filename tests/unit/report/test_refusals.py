"""The annex on refused records: rules and counts, decisions and why they stopped, and no value."""

from dataclasses import replace
from datetime import date

from pipeline.model.correction import CorrectionResult, CorrectionState
from pipeline.report import Evidence
from pipeline.report.document import Heading, Listing, Table
from pipeline.report.sections import refusals
from pipeline.report.text import plain
from tests.unit.report import factory

AGE = ("Age", "range", "not between 0 and 120")
ORDER = ("Recorded", "order", "before Committed")
DECISION = CorrectionResult(
    line=3,
    source="police_crimes",
    rule="range",
    state=CorrectionState.APPLIED,
    records=2,
    by="A. Analyst",
    on=date(2023, 5, 1),
    until=date(2024, 5, 1),
    reason="the force looked it up",
)


def evidence(*decisions: CorrectionResult, broken: bool = True) -> Evidence:
    made = Evidence(*factory.evidence())
    accounting = made.deliveries.accounting
    if broken:
        accounting = tuple(
            replace(a, refusals=((*AGE, 5 - n),), flags=((*ORDER, 7),) if n else ())
            for n, a in enumerate(accounting)
        )
    return replace(made, deliveries=replace(made.deliveries, accounting=accounting, corrections=decisions))


def test_nothing_is_said_where_no_record_broke_a_rule() -> None:
    assert refusals.blocks(evidence(broken=False)) == []


def test_rules_are_counted_over_the_files_of_a_source() -> None:
    heading, table = refusals.blocks(evidence())
    assert isinstance(heading, Heading)
    assert isinstance(table, Table)
    rows = [[plain(cell.text) for cell in row.cells][1:] for row in table.rows]
    assert rows == [
        ["Age", "Not between 0 and 120", "9", "quarantined"],
        ["Recorded", "Before Committed", "7", "loaded"],
    ]


def test_decisions_are_signed_and_one_that_stopped_says_why() -> None:
    stopped = replace(
        DECISION, line=9, state=CorrectionState.EXPIRED, records=0, told="expired on 2023-06-01"
    )
    *_, listing = refusals.blocks(evidence(DECISION, stopped, broken=False))
    assert isinstance(listing, Listing)
    first, second = map(plain, listing.items)
    assert first.endswith("2 released by A. Analyst on 2023-05-01, until 2024-05-01: the force looked it up")
    assert second.endswith("This decision needs a person: expired on 2023-06-01")
