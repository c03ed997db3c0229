"""What the compiler refuses, and what it needs of a source."""

from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from pipeline.definitions.indicator import Indicator
from pipeline.query import (
    Level,
    Place,
    Request,
    Span,
    Table,
    columns_needed,
    compile_indicator,
    cut_columns,
    denominator_columns,
)
from pipeline.store import Store
from tests.small_partnership import indicator

SPAN = Span("year", date(2022, 1, 1), date(2023, 1, 1))
PLACE = Place("A", Level.DISTRICTS, ("A",))
TABLE = Table("crimes", {"month": "DATE"}, "A")
COUNT = {"type": "count", "unit": "crimes"}
REPORTED = indicator({"type": "reported", "item": "cases"})


@pytest.mark.parametrize(
    ("tables", "places", "spans"),
    [((), (PLACE,), (SPAN,)), ((TABLE,), (), (SPAN,)), ((TABLE,), (PLACE,), ())],
)
def test_nothing_to_count_is_refused(
    tables: tuple[Table, ...], places: tuple[Place, ...], spans: tuple[Span, ...]
) -> None:
    with pytest.raises(ValueError, match="crime: nothing to count"):
        compile_indicator(Request(indicator(COUNT), tables, places, spans))


def test_rows_without_a_district_are_told_apart_even_where_no_district_is_asked_for() -> None:
    table = pa.table({"month": [date(2022, 5, 1)] * 3, "district_code": ["A", None, None]})
    nowhere = Place("nowhere", Level.UNLOCATED, ("A",))
    counted = Table("crimes", {"month": "DATE", "district_code": "VARCHAR"}, "A")
    query = compile_indicator(Request(indicator(COUNT), (counted,), (nowhere,), (SPAN,)))
    with Store.in_memory({"crimes": table}) as store:
        assert [row["value"] for row in store.rows(query.sql, query.params)] == [2]


def test_a_reported_figure_counts_no_rows() -> None:
    assert columns_needed(REPORTED) == ()
    with pytest.raises(TypeError, match="counts no rows"):
        compile_indicator(Request(REPORTED, (TABLE,), (PLACE,), (SPAN,)))


@pytest.mark.parametrize(
    ("asked", "needed"),
    [
        (indicator(COUNT), ("month",)),
        (indicator(COUNT | {"where": {"any": [{"offence": {"in": ["1"]}}]}}), ("month", "offence")),
        (
            indicator(
                {"type": "repeat", "entity": "victim_ref", "where": {"not": {"alcohol": {"is": True}}}}
            ),
            ("month", "alcohol", "victim_ref"),
        ),
        (
            indicator({"type": "proportion", "where": {"outcome": {"in": ["1"]}}, "within_days": 9}),
            ("month", "outcome", "recorded_on", "outcome_on"),
        ),
        (
            indicator(
                {"type": "survey", "where": {"q": {"in": ["x"]}}, "among": {"sex": {"answered": True}}}
            ),
            ("wave", "sex", "q"),
        ),
    ],
)
def test_the_columns_a_measure_needs(asked: Indicator, needed: tuple[str, ...]) -> None:
    assert columns_needed(asked) == needed


def test_breakdown_columns_are_asked_for_apart() -> None:
    by: list[dict[str, Any]] = [
        {"name": "age", "column": "victim_age_years"},
        {"name": "set", "groups": {"x": ["1"]}},
    ]
    by.append({"name": "both", "cross": ["age", "set"]})
    assert cut_columns(indicator(COUNT, by=by)) == {
        "age": ("victim_age_years",),
        "set": ("offence",),
        "both": ("victim_age_years", "offence"),
    }


def test_a_category_may_divide_by_another_column_only() -> None:
    rate = {"type": "rate", "unit": "crimes", "over": {"column": "residents"}}
    by = [{"name": "kind", "column": "category", "over": {"Burglary": {"column": "households"}}}]
    assert denominator_columns(indicator(rate, by=by)) == ("residents", "households")
    by[0]["over"] = {"Burglary": {"column": "households", "table": "elsewhere"}}
    with pytest.raises(ValueError, match="but not by another table or year"):
        denominator_columns(indicator(rate, by=by))
    with pytest.raises(TypeError, match="crime is not a rate"):
        denominator_columns(indicator(COUNT))
