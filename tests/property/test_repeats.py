"""Repeats: the engine, the oracle and the statistic agree on random tables, by each of the definitions."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model.observation import Observation, State
from pipeline.model.period import add_months
from pipeline.statistics import repeat_rates
from tests import oracle
from tests.property.test_engine_against_oracle import LISTS, breakdowns, filters, row
from tests.small_partnership import DISTRICTS, crimes, definitions, indicator, observed

entities = st.sampled_from(["victim_ref", ["victim_ref", "category"]])
repeats: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.builds(lambda n: {"report": "people", "at_least": n}, st.sampled_from([2, 3])),
    st.just({"report": "crimes"}),
    st.builds(lambda n: {"report": "lookback", "lookback_months": n}, st.sampled_from([1, 6, 12])),
)
FIRST = date(2021, 1, 1)


@st.composite
def of_someone(draw: st.DrawFn) -> oracle.Row:
    """A row about one of many people, so that not everybody comes again."""
    found: oracle.Row = draw(row())
    return found | {"victim_ref": draw(st.sampled_from([*"abcdefghijkl", None]))}


def found_in(
    rows: list[oracle.Row], measure: dict[str, Any], by: list[dict[str, Any]]
) -> tuple[Observation, ...]:
    asked = indicator(
        measure,
        by=by,
        areas=["partnership", "all", "wards", "force"],
        compare=[{"to": "previous_year"}],
        complete={"entity_missing_max_pct": 100},
    )
    return observed(definitions(asked, codelists=LISTS), {"crimes": crimes(rows)})


@given(rows=st.lists(row(), max_size=40), entity=entities, where=filters, report=repeats, by=breakdowns)
def test_the_engine_counts_repeats_as_the_oracle_does(
    rows: list[oracle.Row],
    entity: Any,
    where: dict[str, Any],
    report: dict[str, Any],
    by: list[dict[str, Any]],
) -> None:
    measure = {"type": "repeat", "entity": entity, "where": where, **report}
    for o in found_in(rows, measure, by):
        mine = [row for row in rows if oracle.belongs(row, o.area.code, DISTRICTS)]
        if o.breakdown:
            breakdown = next(b for b in by if b["name"] == o.breakdown)
            mine = [row for row in mine if oracle.category(row, breakdown, LISTS) == o.category]
        numerator, denominator, value = oracle.figures(measure, mine, o.period.start, o.period.end, LISTS)
        back = add_months(o.period.start, -report.get("lookback_months", 0))
        if back < FIRST:
            assert (o.state, o.value) == (State.NOT_COMPARABLE, None)
        elif value is None:
            assert (o.state, o.reason) == (State.WITHHELD, "no rows to take a percentage of")
        else:
            assert (o.numerator, o.denominator) == (numerator, denominator)
            assert o.value == pytest.approx(value, rel=1e-12)


events = st.lists(
    st.tuples(st.sampled_from([*"abcdefghijkl", None]), st.dates(FIRST, date(2022, 12, 31))),
    min_size=15,
    max_size=40,
)


@given(events=events)
def test_the_engine_agrees_with_the_statistic(events: list[tuple[str | None, date]]) -> None:
    """The two years hold no leap day, so that twelve months back are 365 days back."""
    rows = [
        {"month": day.replace(day=1), "recorded_on": day, "district_code": "A", "victim_ref": who}
        for who, day in events
    ]
    rates = repeat_rates(events, date(2022, 1, 1), date(2023, 1, 1), records_from=FIRST)
    for report, rate in (
        ("people", rates.people), ("crimes", rates.crimes), ("lookback", rates.look_back),
    ):  # fmt: skip
        found = found_in(rows, {"type": "repeat", "entity": "victim_ref", "report": report}, [])
        (year,) = (o for o in found if o.area.code == "A" and o.period.start == date(2022, 1, 1))
        if rate.share is None:
            assert year.state is State.WITHHELD
        else:
            assert (year.numerator, year.denominator) == (rate.numerator, rate.denominator)
            assert year.value == pytest.approx(100 * rate.share)


@given(events=events, reach=st.integers(1, 12))
def test_a_look_back_reaches_as_far_as_the_oracle_says(
    events: list[tuple[str | None, date]], reach: int
) -> None:
    rows: list[oracle.Row] = [
        {"month": day.replace(day=1), "recorded_on": day, "district_code": "A", "victim_ref": who}
        for who, day in events
    ]
    rows = [row | {"quantity": 1} for row in rows]
    measure = {"type": "repeat", "entity": "victim_ref", "report": "lookback", "lookback_months": reach}
    (year,) = (
        o for o in found_in(rows, measure, []) if o.area.code == "A" and o.period.start == date(2022, 1, 1)
    )
    numerator, denominator, value = oracle.figures(measure, rows, date(2022, 1, 1), date(2023, 1, 1), LISTS)
    if value is None:
        assert (year.state, year.value) == (State.WITHHELD, None)
    else:
        assert (year.numerator, year.denominator) == (numerator, denominator)
        assert year.value == pytest.approx(value)
