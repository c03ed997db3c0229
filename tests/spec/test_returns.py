"""Figures that partners report: what is missing is never a zero."""

from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from pipeline.model.observation import Mark, Observation, State
from tests.small_partnership import definitions, delivered, indicator, observed, source
from tests.spec.drawn import drawn

YEAR = {"kind": "financial_year", "ending": "latest_complete"}


def returned(text: str, **measure: Any) -> dict[str, Observation]:
    """The observations of the own area by period; days are written 2021-04-01."""
    rows = [{"area_code": "A", "status": "final", **row} for row in drawn(text)]
    types = {
        "item": pa.string(), "area_code": pa.string(), "period_start": pa.date32(),
        "period_end": pa.date32(), "value": pa.float64(), "status": pa.string(),
    }  # fmt: skip
    days = ("period_start", "period_end")
    table = pa.table(
        {
            name: pa.array(
                [date.fromisoformat(row[name]) if name in days else row.get(name) for row in rows], kind
            )
            for name, kind in types.items()
        }
    )
    asked = indicator(
        {"type": "reported", "item": "started"} | measure,
        source="returns",
        window=YEAR,
        compare=[{"to": "previous_year"}],
    )
    known = definitions(asked, sources=[source("returns", "returns")])
    found = observed(known, {"returns": table}, delivered(undated=["returns"]))
    return {o.period.key: o for o in found}


QUARTERS = """
    item     period_start  period_end  value
    started  2021-04-01    2021-07-01  1
    started  2021-07-01    2021-10-01  2
    started  2021-10-01    2022-01-01  4
    started  2022-01-01    2022-04-01  8
    started  2022-04-01    2022-07-01  16
"""


def test_four_quarters_make_a_year_and_one_does_not() -> None:
    found = returned(QUARTERS)
    assert found["2021-04/2022-03"].value == 15
    before = found["2020-04/2021-03"]
    assert (before.state, before.value, before.reason) == (State.NOT_SUPPLIED, None, "started: not reported")
    assert set(found) == {"2021-04/2022-03", "2020-04/2021-03"}


def test_a_quarter_that_is_missing_is_named() -> None:
    found = returned("\n".join(line for line in QUARTERS.splitlines() if "2021-10-01    2022" not in line))
    year = next(iter(found.values()))
    assert year.state is State.NOT_SUPPLIED
    assert year.value is None


def test_a_whole_year_beside_its_quarters_counts_once() -> None:
    found = returned(QUARTERS + "    started  2021-04-01    2022-04-01  20\n")
    assert found["2021-04/2022-03"].value == 20


def test_overlapping_reports_are_not_added_up() -> None:
    found = returned(QUARTERS + "    started  2021-04-01    2021-10-01  3\n")
    assert "2021-04/2022-03" not in found or found["2021-04/2022-03"].value is None


def test_a_figure_not_available_is_not_a_zero_and_a_zero_is() -> None:
    found = returned("""
        item     period_start  period_end  value
        started  2021-04-01    2022-04-01  -
        started  2020-04-01    2021-04-01  0
    """)
    assert found["2020-04/2021-03"].state is State.ZERO
    assert all(o.value is None for key, o in found.items() if key != "2020-04/2021-03")


def test_a_percentage_of_another_item() -> None:
    rows = """
        item      period_start  period_end  value  status
        started   2021-04-01    2022-04-01  30     provisional
        referred  2021-04-01    2022-04-01  40     final
    """
    found = returned(rows, of="referred", unit="%")["2021-04/2022-03"]
    assert (found.value, found.numerator, found.denominator, found.unit) == (75, 30, 40, "%")
    assert found.marks == {Mark.PROVISIONAL}
    assert found.lower is not None
    none = returned(rows.replace("40 ", "0 "), of="referred", unit="%")["2021-04/2022-03"]
    assert none.state is State.WITHHELD


def test_the_latest_stock_of_a_year() -> None:
    found = returned(QUARTERS, combine="latest")
    assert found["2021-04/2022-03"].value == 8


@pytest.mark.parametrize("rows", ["item period_start period_end value", QUARTERS.replace("started", "other")])
def test_nothing_reported_is_not_supplied(rows: str) -> None:
    found = returned(rows)
    assert found
    assert {o.state for o in found.values()} == {State.NOT_SUPPLIED}


def test_areas_together_report_their_sum_or_who_is_missing() -> None:
    """Three districts report parts and wholes; together they are sums over sums, or nothing at all."""
    rows = [
        ("A", "done", 2), ("A", "begun", 4), ("B", "done", 6), ("B", "begun", 12), ("C", "done", 1),
    ]  # fmt: skip
    asked = indicator(
        {"type": "reported", "item": "done", "of": "begun"},
        source="returns",
        window=YEAR,
        compare=[{"to": "average", "of": "all"}],
    )
    known = definitions(asked, sources=[source("returns", "returns")])

    def together(reported: list[tuple[str, str, int]]) -> Observation:
        table = pa.table(
            {
                "area_code": [area for area, _, _ in reported],
                "item": [item for _, item, _ in reported],
                "period_start": [date(2021, 4, 1)] * len(reported),
                "period_end": [date(2022, 4, 1)] * len(reported),
                "value": [float(value) for _, _, value in reported],
            }
        )
        found = observed(known, {"returns": table}, delivered(undated=["returns"]))
        return next(o for o in found if o.area.code == "all")

    missing = together(rows)
    assert (missing.state, missing.reason) == (State.NOT_SUPPLIED, "begun: C not reported")
    whole = together([*rows, ("C", "begun", 4)])
    assert (whole.numerator, whole.denominator, whole.value) == (9, 20, 45)
