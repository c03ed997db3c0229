"""What the engine counts, as small tables: rows in, figures out."""

from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from pipeline.model.delivery import MonthState
from pipeline.model.observation import Mark, Observation, State
from tests.small_partnership import (
    TYPES,
    cell,
    crimes,
    definitions,
    delivered,
    indicator,
    observed,
    source,
)
from tests.spec.drawn import drawn

COUNT = {"type": "count", "unit": "crimes"}


def table(found: tuple[Observation, ...], period: str = "2022-01/2022-12") -> list[str]:
    """Area, category and value of one period as drawn lines; the force's location cells left out."""
    return [
        " ".join(
            [
                o.area.code,
                o.category.replace(" ", "_") or "all",
                f"{o.value:g}" if o.value is not None else o.state,
            ]
        )
        for o in found
        if o.period.key == period and o.breakdown != "location"
    ]


def test_a_row_belongs_to_its_ward_its_district_and_the_force() -> None:
    rows = crimes(
        drawn("""
            month    district_code  ward_code  quantity
            2022-01  A              A1         1
            2022-02  A              -          2
            2022-12  B              -          4
            2022-12  -              -          8
            2022-12  X              -          16
            2021-12  A              A1         32
        """)
    )
    asked = indicator(
        COUNT,
        areas=["partnership", "all", "wards", "force"],
        compare=[{"to": "change_of", "of": "rest_of_force"}],
    )
    found = observed(definitions(asked), {"crimes": rows})
    assert table(found) == [
        "A all 3",
        "B all 4",
        "C all 0",
        "A1 all 1",
        "A2 all 0",
        "F all 31",
        "F-rest all 4",
    ]
    located = {
        o.category: o.value for o in found if o.breakdown == "location" and o.period.start.year == 2022
    }
    assert located == {"inside the force": 7, "outside the force": 16, "not recorded": 8}


def test_every_breakdown_shows_what_is_not_recorded_and_what_no_band_holds() -> None:
    rows = crimes(
        drawn("""
            month    district_code  victim_age_years
            2022-01  A              0
            2022-01  A              17
            2022-01  A              18
            2022-01  A              24
            2022-01  A              40
            2022-01  A              -
        """)
    )
    by = [{"name": "age", "column": "victim_age_years", "bands": {"Child": [0, 17], "Young": [18, 24]}}]
    found = observed(definitions(indicator(COUNT, by=by)), {"crimes": rows})
    assert table(found) == ["A all 6", "A Child 2", "A Young 2", "A other 1", "A not_recorded 1"]


FILTERS: list[tuple[dict[str, Any], str]] = [
    ({}, "1 2 3 4 5 6"),
    ({"offence": {"in": ["8N", "45"]}}, "1 2 4"),
    ({"offence": {"not_in": ["8N"]}}, "4 5"),
    ({"offence": {"in_codelist": "violence"}}, "1 2 5"),
    ({"offence": {"answered": False}}, "3 6"),
    ({"victim_age_years": {"between": [18, 24]}}, "2 5"),
    ({"victim_age_years": {"between": [None, 18]}}, "1 2"),
    ({"alcohol": {"is": True}}, "1 4"),
    ({"alcohol": {"is": False}}, "2 5"),
    ({"keyword": {"any_of": ["alcohol", "drugs"]}}, "1 2 4"),
    ({"offence": {"in": ["8N"]}, "alcohol": {"is": True}}, "1"),
    ({"any": [{"offence": {"in": ["45"]}}, {"alcohol": {"is": False}}]}, "2 4 5"),
    ({"not": {"offence": {"in": ["8N"]}}}, "3 4 5 6"),
    ({"not": {"alcohol": {"is": True}}}, "2 3 5 6"),
    ({"not": {"any": [{"offence": {"answered": True}}, {"alcohol": {"is": True}}]}}, "3 6"),
]


@pytest.mark.parametrize(("where", "kept"), FILTERS, ids=[str(where) for where, _ in FILTERS])
def test_a_filter_keeps_exactly_these_rows(where: dict[str, Any], kept: str) -> None:
    """Row n stands for 2 to the n crimes, so that the count tells which rows were kept."""
    rows = drawn("""
        row  month    district_code  offence  victim_age_years  alcohol  drugs
        1    2022-01  A              8N       17                yes      no
        2    2022-01  A              8N       18                no       yes
        3    2022-01  A              -        -                 -        -
        4    2022-01  A              45       25                yes      -
        5    2022-01  A              1        24                no       no
        6    2022-01  A              -        -                 -        no
    """)
    numbered = [{**row, "quantity": 2 ** row["row"]} for row in rows]
    asked = indicator(COUNT | {"where": where})
    known = definitions(asked, codelists={"violence": ("1", "8N")})
    found = cell(observed(known, {"crimes": crimes(numbered)}))
    assert found.value == sum(2 ** int(n) for n in kept.split())


def test_a_code_counts_only_while_it_is_in_force() -> None:
    rows = crimes(
        drawn("""
            month    district_code  offence  quantity
            2022-03  A              28E      1
            2022-04  A              28E      2
            2022-03  A              28I      4
            2022-04  A              28I      8
            2022-04  A              29A      16
        """)
    )
    validity = {"burglary": {"28E": (None, date(2022, 4, 1)), "28I": (date(2022, 4, 1), None)}}
    known = definitions(
        indicator(COUNT | {"where": {"offence": {"in_codelist": "burglary"}}}),
        codelists={"burglary": ("28E", "28I", "29A")},
        validity=validity,
    )
    assert cell(observed(known, {"crimes": rows})).value == 1 + 8 + 16


def test_outcomes_count_within_their_days_and_youths_of_cohorts_wait() -> None:
    rows = drawn("""
        month    district_code  outcome
        2022-01  A              charged
        2022-01  A              charged
        2022-01  A              none
        2022-01  A              -
    """)
    recorded = date(2022, 1, 10)
    days = (date(2022, 2, 9), date(2022, 2, 10), date(2022, 1, 11), None)
    table_rows = [
        {**row, "recorded_on": recorded, "outcome_on": day} for row, day in zip(rows, days, strict=True)
    ]
    asked = indicator({"type": "proportion", "where": {"outcome": {"in": ["charged"]}}, "within_days": 30})
    ripe = cell(observed(definitions(asked), {"crimes": crimes(table_rows)}))
    assert (ripe.numerator, ripe.denominator, ripe.value, ripe.state) == (1, 4, 25, State.VALUE)
    young = cell(observed(definitions(asked), {"crimes": crimes(table_rows)}, as_at=date(2023, 1, 29)))
    assert (young.state, young.reason) == (State.IMMATURE, "outcomes are ripe on 2023-01-30")


def test_repeats_are_people_with_two_rows_or_more_in_the_window() -> None:
    rows = crimes(
        drawn("""
            month    district_code  victim_ref
            2022-01  A              p
            2022-12  A              p
            2021-12  A              q
            2022-01  A              q
            2022-02  A              r
            2022-02  B              r
            2022-02  A              -
        """)
    )
    repeat = {"type": "repeat", "entity": "victim_ref"}
    lenient = indicator(repeat, complete={"entity_missing_max_pct": 25})
    found = cell(observed(definitions(lenient), {"crimes": rows}))
    assert (found.numerator, found.denominator) == (1, 3)
    strict = cell(observed(definitions(indicator(repeat)), {"crimes": rows}))
    assert (strict.state, strict.reason) == (
        State.WITHHELD,
        "20.0 % of rows have no victim_ref; at most 10 % may",
    )


def test_two_victims_of_one_crime_at_an_address_are_no_repeat() -> None:
    rows = crimes(
        drawn("""
            month    district_code  crime_ref  offence  victim_ref
            2022-01  A              c1         28E      home
            2022-01  A              c1         28E      home
            2022-01  A              c2         28E      flat
            2022-03  A              c3         28E      flat
            2022-01  A              c4         28E      shop
            2022-01  A              c4         45       shop
        """)
    )
    found = cell(
        observed(definitions(indicator({"type": "repeat", "entity": "victim_ref"})), {"crimes": rows})
    )
    assert (found.numerator, found.denominator) == (2, 3)


def test_a_month_that_did_not_come_is_no_zero() -> None:
    rows = crimes(drawn("month  district_code\n2022-01  A\n2022-05  B"))
    holes = {("A", "2022-03"): MonthState.NOT_DELIVERED, ("A", "2022-04"): MonthState.INCOMPLETE}
    asked = indicator(COUNT, areas=["partnership", "all", "force"])
    found = observed(definitions(asked), {"crimes": rows}, delivered(holes))
    own = cell(found)
    assert (own.state, own.value, own.reason) == (
        State.NOT_COMPARABLE,
        None,
        "2022-03 not delivered, 2022-04 incomplete",
    )
    assert cell(found, "B").value == 1
    assert cell(found, "C").state is State.ZERO
    assert cell(found, "F").reason == own.reason
    points = {o.period.key[:7]: o for o in found if o.period.basis == "month" and o.area.code == "A"}
    assert (points["2022-03"].state, points["2022-04"].state) == (State.NOT_SUPPLIED, State.NOT_COMPARABLE)
    assert (points["2022-01"].value, points["2022-02"].state) == (1, State.ZERO)


def test_a_source_without_the_column_leaves_its_areas_without_a_figure() -> None:
    own = crimes(drawn("month  district_code  alcohol\n2022-01  A  yes"))
    others = pa.table(
        {
            name: crimes(drawn("month  district_code\n2022-01  B")).column(name)
            for name in ("month", "district_code", "quantity")
        }
    )
    sources = [source(), source("others")]
    asked = indicator(
        COUNT | {"where": {"alcohol": {"is": True}}}, source=["crimes", "others"], areas=["all", "force"]
    )
    months = delivered(districts=("A",)).coverage.months
    more = delivered(districts=("B", "C"), source_id="others").coverage.months
    deliveries = delivered()
    deliveries = type(deliveries)(
        extracts=(), accounting=(), coverage=type(deliveries.coverage)((*months, *more)), warehouse_digest=""
    )
    found = observed(definitions(asked, sources=sources), {"crimes": own, "others": others}, deliveries)
    assert cell(found, "A").value == 1
    for area in ("B", "C", "F"):
        assert (cell(found, area).state, cell(found, area).reason) == (
            State.NOT_SUPPLIED,
            "others has no column alcohol",
        )


def test_rates_divide_by_one_year_for_all_and_say_which() -> None:
    rows = crimes(drawn("month  district_code  quantity\n2022-01  A  2\n2022-01  B  3"))
    population = pa.table(
        {
            "area_code": ["A", "A", "B", "C"],
            "year": [2022, 2020, 2020, 2020],
            "residents": [1.0, 1000.0, 2000.0, 500.0],
        }
    )
    rate = {"type": "rate", "unit": "crimes per 1,000", "over": {"column": "residents"}}
    asked = indicator(rate, areas=["all", "wards", "force"])
    found = observed(definitions(asked), {"crimes": rows, "population": population})
    assert [cell(found, area).value for area in ("A", "B", "C", "F")] == [2, 1.5, 0, 5 / 3.5]
    assert cell(found, "B").reason == "population of 2020, the nearest year to 2022"
    assert (cell(found, "A1").state, cell(found, "A1").reason) == (
        State.WITHHELD,
        "no residents for North in population",
    )


def test_a_survey_counts_those_who_answered_and_weights_where_there_are_weights() -> None:
    waves = {
        "w1": {"start": "2022-01-05", "end": "2022-01-31"},
        "w2": {"start": "2023-01-05", "end": "2023-01-31"},
    }
    answers = pa.table(
        {
            "wave": ["w1"] * 3 + ["w2"] * 3,
            "safe": ["no", "yes", "yes", "no", "yes", None],
            "weight": [1.0, 1.0, 1.0, 3.0, 1.0, 9.0],
        }
    )
    measure = {
        "type": "survey",
        "where": {"safe": {"in": ["no"]}},
        "among": {"safe": {"answered": True}},
        "min_base": 2,
    }
    asked = indicator(measure, source="survey", window={"kind": "wave", "ending": "latest"})
    for design in ("probability", "self_selected"):
        survey = source("survey", "responses", sample_design=design, waves=waves)
        found = observed(
            definitions(asked, sources=[survey]), {"survey": answers}, delivered(undated=["survey"])
        )
        now, before = cell(found, period="2023-01/2023-01"), cell(found, period="2022-01/2022-01")
        assert now.value == 75
        assert before.value == pytest.approx(100 / 3)
        assert (now.numerator, now.denominator) == (1.5, 2)  # three quarters of the two who answered
        assert now.effective_base == (None if design == "self_selected" else pytest.approx(16 / 9))
        assert (now.lower is None) == (design == "self_selected")
        assert now.marks == {Mark.LOW_RELIABILITY}
    small = indicator(measure | {"min_base": 3}, source="survey", window={"kind": "wave", "ending": "latest"})
    withheld = cell(
        observed(definitions(small, sources=[survey]), {"survey": answers}, delivered(undated=["survey"])),
        period="2023-01/2023-01",
    )
    assert (withheld.state, withheld.reason) == (State.WITHHELD, "2 answered; at least 3 are needed")


def test_no_table_at_all_is_not_supplied() -> None:
    found = observed(definitions(indicator(COUNT)), {}, delivered(districts=()))
    assert found
    assert {(o.state, o.reason) for o in found} == {
        (State.NOT_SUPPLIED, "crimes delivered nothing for Alpha")
    }
    assert set(TYPES) >= {"month", "quantity"}


@pytest.mark.parametrize(
    ("as_at", "state"), [(date(2022, 12, 31), State.VALUE), (date(2022, 12, 30), State.IMMATURE)]
)
def test_a_period_is_over_on_its_last_whole_day(as_at: date, state: State) -> None:
    rows = crimes(drawn("month  district_code\n2022-01  A"))
    asked = indicator(COUNT, window={"kind": "rolling", "ending": "2022-12"})
    assert cell(observed(definitions(asked), {"crimes": rows}, as_at=as_at)).state is state
