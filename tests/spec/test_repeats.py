"""Repeats as small tables: three definitions that do not agree, and what each of them needs."""

from datetime import date
from typing import Any

import pytest

from pipeline.compute import compare
from pipeline.disclosure import release
from pipeline.model.delivery import MonthState
from pipeline.model.observation import Observation, State
from pipeline.statistics import compare_proportions, crimes_effective_base, wilson_interval
from tests.small_partnership import (
    YEAR_BEFORE,
    cell,
    crimes,
    definitions,
    delivered,
    indicator,
    observed,
)
from tests.spec.drawn import drawn

YEARS = """
    month    district_code  victim_ref
    2022-01  A              ann
    2022-09  A              ann
    2022-10  A              ann
    2022-02  A              bob
    2021-11  A              bob
    2022-05  A              cat
    2021-04  A              cat
    2022-07  A              dan
"""
"""Ann three times in 2022; Bob once in it and once three months before; Cat once in it and thirteen
months before; Dan once."""


def repeat(report: str, **more: Any) -> dict[str, Any]:
    return {"type": "repeat", "entity": "victim_ref", "report": report, **more}


def year(measure: dict[str, Any], rows: list[dict[str, Any]], **more: Any) -> Observation:
    return cell(observed(definitions(indicator(measure, **more)), {"crimes": crimes(rows)}))


@pytest.mark.parametrize(
    ("measure", "numerator", "denominator"),
    [
        (repeat("people"), 1, 4),  # Ann
        (repeat("people", at_least=4), 0, 4),
        (repeat("crimes"), 2, 6),  # Ann's second and third
        (repeat("lookback"), 2, 4),  # Ann and Bob
        (repeat("lookback", lookback_months=1), 1, 4),  # Ann
        (repeat("lookback", lookback_months=2), 1, 4),
    ],
)
def test_the_three_definitions_do_not_agree(
    measure: dict[str, Any], numerator: int, denominator: int
) -> None:
    found = year(measure, drawn(YEARS))
    assert (found.numerator, found.denominator) == (numerator, denominator)


def test_thirteen_months_back_need_records_from_then() -> None:
    found = year(repeat("lookback", lookback_months=13), drawn(YEARS))
    assert (found.state, found.value) == (State.NOT_COMPARABLE, None)
    assert found.reason == "it looks back 13 months: 2020-12 not delivered"


def test_before_there_is_a_history_there_is_no_figure_and_no_change() -> None:
    known = definitions(indicator(repeat("lookback"), compare=YEAR_BEFORE))
    found = observed(known, {"crimes": crimes(drawn(YEARS))})
    before = cell(found, period="2021-01/2021-12")
    assert (before.state, before.value) == (State.NOT_COMPARABLE, None)
    assert before.reason == "it looks back 12 months: 2020-01 to 2020-12 not delivered"
    (compared,) = compare(release(found, known), known)
    assert (compared.comparable, compared.change) == (False, None)
    assert compared.reason == before.reason


def test_a_month_missing_in_the_history_is_named() -> None:
    holes = {
        ("A", "2021-03"): MonthState.NOT_DELIVERED,
        ("A", "2021-07"): MonthState.INCOMPLETE,
    }
    known = definitions(indicator(repeat("lookback")))
    found = cell(observed(known, {"crimes": crimes(drawn(YEARS))}, delivered(holes)))
    assert found.reason == "it looks back 12 months: 2021-03 not delivered, 2021-07 incomplete"
    assert cell(observed(definitions(indicator(repeat("people"))), {"crimes": crimes(drawn(YEARS))})).value


@pytest.mark.parametrize(
    ("earlier", "later", "found"),
    [
        (date(2022, 1, 31), date(2022, 2, 28), 1),  # a month back from the 28th is 28 January
        (date(2022, 1, 27), date(2022, 2, 28), 0),
        (date(2022, 2, 28), date(2022, 3, 31), 1),  # from the 31st: 28 February, its last day
        (date(2022, 2, 27), date(2022, 3, 31), 0),
        (date(2022, 3, 31), date(2022, 3, 31), 0),  # the same day is not earlier
    ],
)
def test_a_look_back_reaches_calendar_months(earlier: date, later: date, found: int) -> None:
    rows = [
        {"month": day.replace(day=1), "recorded_on": day, "district_code": "A", "victim_ref": "ann"}
        for day in (earlier, later)
    ]
    assert year(repeat("lookback", lookback_months=1), rows).numerator == found


def test_the_first_recorded_column_tells_people_apart() -> None:
    rows = drawn("""
        month    district_code  victim_ref  category
        2022-01  A              -           home
        2022-02  A              -           home
        2022-03  A              ann         home
        2022-04  A              -           -
    """)
    both = repeat("people", entity=["victim_ref", "category"])
    found = year(both, rows, complete={"entity_missing_max_pct": 25})
    assert (found.numerator, found.denominator) == (1, 2)  # the address twice, and Ann
    strict = year(both, rows, complete={"entity_missing_max_pct": 20})
    assert (strict.state, strict.reason) == (
        State.WITHHELD,
        "25.0 % of rows have no victim_ref or category; at most 20 % may",
    )


def test_crimes_of_one_person_are_no_free_draws() -> None:
    """459 burglaries of 250 places, 46 % repeats (Home Office toolkit); here 249 once and one 210 times."""
    rows: list[dict[str, Any]] = [
        {"month": "2022-01", "district_code": "A", "victim_ref": f"p{n}"} for n in range(249)
    ]
    rows += [{"month": "2022-02", "district_code": "A", "victim_ref": "often", "quantity": 210}]
    rows += [{"month": "2021-02", "district_code": "A", "victim_ref": f"p{n % 50}"} for n in range(100)]
    asked = indicator(repeat("crimes"), compare=YEAR_BEFORE)
    known = definitions(asked)
    found = observed(known, {"crimes": crimes(rows)})
    now, before = cell(found), cell(found, period="2021-01/2021-12")
    assert (now.numerator, now.denominator) == (209, 459)
    assert now.value == pytest.approx(45.53, abs=0.005)
    base = crimes_effective_base(250, 459, 249 + 210**2)
    assert base is not None
    assert base == now.effective_base
    assert base < 5  # nearly all repeats are one place's: that is all that is known of them
    limits = wilson_interval(209 / 459 * base, base)
    assert limits.lower is not None
    assert now.lower == pytest.approx(100 * limits.lower)
    (compared,) = compare(release(found, known), known)
    assert before.effective_base == 50  # every one of them twice
    tested = compare_proportions(25, 50, 209 / 459 * base, base)
    assert (compared.lower, compared.p_value) == (tested.lower, tested.p_value)


def test_one_person_alone_shows_no_spread() -> None:
    rows = [{"month": "2022-01", "district_code": "A", "victim_ref": "ann", "quantity": 3}]
    found = year(repeat("crimes"), rows)
    assert (found.numerator, found.denominator, found.effective_base) == (2, 3, None)
    assert (found.lower, found.upper) == (None, None)
