"""Crossed breakdowns, denominators of one category, small areas, and what is missing from any of them."""

from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from pipeline.compute import compare
from pipeline.disclosure import release
from pipeline.model.area import AreaKind
from pipeline.model.observation import Observation, State
from pipeline.statistics import unknown_bounds
from tests import oracle
from tests.small_partnership import (
    COUNT,
    TYPES,
    YEAR_BEFORE,
    cell,
    crimes,
    definitions,
    indicator,
    observed,
)
from tests.spec.drawn import drawn

AGE = {"name": "age", "column": "victim_age_years", "bands": {"U25": [0, 24], "25+": [25, None]}}
SEX = {"name": "sex", "column": "category"}
BOTH = {"name": "age_by_sex", "cross": ["age", "sex"]}
RATE = {"type": "rate", "per": 1000, "unit": "crimes per 1,000", "over": {"column": "residents"}}
LSOAS = {
    "small": {
        "title": "the small areas",
        "kind": "lsoa",
        "members": [{"code": "L1", "name": "Lane"}, {"code": "L2", "name": "Mews"}],
    }
}


def cells(found: tuple[Observation, ...], breakdown: str) -> dict[str, float | None]:
    return {
        o.category: o.value
        for o in found
        if (o.area.code, o.breakdown, o.period.key) == ("A", breakdown, "2022-01/2022-12")
    }


def test_a_cross_shows_what_is_not_recorded_of_each_part() -> None:
    rows = crimes(
        drawn("""
            month    district_code  victim_age_years  category  quantity
            2022-01  A              20                Female    1
            2022-01  A              20                Male      2
            2022-01  A              30                Female    4
            2022-01  A              30                -         8
            2022-01  A              -                 Male      16
            2022-01  A              -                 -         32
        """)
    )
    found = observed(definitions(indicator(COUNT, by=[AGE, SEX, BOTH])), {"crimes": rows})
    assert list(cells(found, "age_by_sex").items()) == [
        ("U25, Female", 1),
        ("U25, Male", 2),
        ("U25, not recorded", 0),
        ("25+, Female", 4),
        ("25+, not recorded", 8),
        ("not recorded, Male", 16),
        ("not recorded, not recorded", 32),
    ]
    assert sum(value or 0 for value in cells(found, "age_by_sex").values()) == 63


def test_only_what_is_declared_is_crossed() -> None:
    found = observed(
        definitions(indicator(COUNT, by=[AGE, SEX])),
        {"crimes": crimes(drawn("month  district_code  victim_age_years\n2022-01  A  20"))},
    )
    assert not any(", " in o.category for o in found)


def test_unknowns_of_a_cross_are_those_that_could_belong_to_the_cell() -> None:
    """What has a man's sex recorded could be no young woman, whatever his age."""
    counts = {
        "2021-06": {
            (20, "F"): 100,
            (20, "M"): 50,
            (30, "F"): 80,
            (30, "M"): 70,
            (20, None): 60,
            (None, "M"): 9,
        },
        "2022-06": {
            (20, "F"): 90,
            (20, "M"): 60,
            (30, "F"): 85,
            (30, "M"): 75,
            (20, None): 15,
            (None, "F"): 11,
        },
    }
    rows = [
        {"month": month, "district_code": "A", "victim_age_years": age, "category": sex, "quantity": n}
        for month, cut in counts.items()
        for (age, sex), n in cut.items()
    ]
    known = definitions(indicator(COUNT, by=[AGE, SEX, BOTH], compare=YEAR_BEFORE, test={"dispersion": 1.0}))
    made = compare(release(observed(known, {"crimes": crimes(rows)}), known), known)
    (young_women,) = (c for c in made if c.observation.category == "U25, F")
    # 60 young of no recorded sex before, shared 100 : 50; 15 now, shared 90 : 60; 11 women shared 90 : 85.
    before, now = 100 + 60 * 100 / 150, 90 + 15 * 90 / 150 + 11 * 90 / 175
    assert young_women.pro_rata == pytest.approx(100 * (now / before - 1))
    assert young_women.bound_lower == pytest.approx(100 * (90 / 160 - 1))
    assert young_women.bound_upper == pytest.approx(100 * (116 / 100 - 1))
    plain = unknown_bounds(100, 90, 100, 90, 60, 26)
    assert (young_women.bound_lower, young_women.bound_upper) == (plain.lower_percent, plain.upper_percent)
    (unknown,) = (c for c in made if c.observation.category == "U25, not recorded")
    assert (unknown.pro_rata, unknown.bound_lower) == (None, None)


def test_a_category_may_divide_by_a_population_of_its_own() -> None:
    """Offences against women by women, those against men by men; a crossed cell by its own too."""
    population = pa.table(
        {"area_code": ["A"], "year": [2022], "residents": [1000.0], "females": [500.0], "under_25": [250.0]}
    )
    rows = crimes(
        drawn("""
            month    district_code  victim_age_years  category  quantity
            2022-01  A              20                Female    5
            2022-01  A              30                Female    2
            2022-01  A              20                Male      3
        """)
    )
    by = [
        AGE,
        SEX | {"over": {"Female": {"column": "females"}}},
        BOTH | {"over": {"U25, Female": {"column": "under_25"}}},
    ]
    found = observed(definitions(indicator(RATE, by=by)), {"crimes": rows, "population": population})
    assert cells(found, "sex") == {"Female": 14, "Male": 3, "not recorded": 0}
    assert cells(found, "age_by_sex")["U25, Female"] == 20
    assert cells(found, "age_by_sex")["25+, Female"] == 2


@pytest.mark.parametrize(
    ("residents", "reason"),
    [
        ([0.0], "the residents for Alpha in population are 0"),
        ([None], "no residents for Alpha in population"),
    ],
)
def test_a_rate_over_nobody_is_withheld(residents: list[float | None], reason: str) -> None:
    population = pa.table(
        {"area_code": ["A"], "year": [2022], "residents": pa.array(residents, pa.float64())}
    )
    rows = crimes(drawn("month  district_code\n2022-01  A"))
    found = cell(observed(definitions(indicator(RATE)), {"crimes": rows, "population": population}))
    assert (found.state, found.value, found.reason) == (State.WITHHELD, None, reason)


def test_a_percentage_of_no_rows_is_withheld() -> None:
    asked = indicator({"type": "proportion", "where": {"alcohol": {"is": True}}})
    found = cell(observed(definitions(asked), {"crimes": crimes([])}))
    assert (found.state, found.reason) == (State.WITHHELD, "no rows to take a percentage of")


def small_area_rows() -> list[dict[str, Any]]:
    return drawn("""
        month    district_code  ward_code  lsoa_code  quantity
        2022-01  A              A1         L1         1
        2022-02  A              A1         L2         2
        2022-03  A              A1         -          4
        2021-03  A              A1         L1         8
    """)


def test_a_row_belongs_to_its_small_area() -> None:
    rows = small_area_rows()
    types = TYPES | {"lsoa_code": pa.string()}
    asked = indicator(COUNT, areas=["partnership", "wards", "small"], compare=YEAR_BEFORE)
    beside = indicator(COUNT, id="beside")  # so that there is a scan to share
    known = definitions(asked, beside, beside.model_copy(update={"id": "third"}), area_sets=LSOAS)
    found = [o for o in observed(known, {"crimes": crimes(rows, types)}) if o.indicator == "crime"]
    values = {o.area.code: o.value for o in found if o.period.key == "2022-01/2022-12"}
    assert {code: values[code] for code in ("A", "A1", "L1", "L2")} == {"A": 7, "A1": 7, "L1": 1, "L2": 2}
    assert {o.area.kind for o in found} >= {AreaKind.LSOA}
    for o in found:
        if o.area.code in ("L1", "L2"):
            mine = [
                row | {"month": date.fromisoformat(f"{row['month']}-01")}
                for row in rows
                if row.get("lsoa_code") == o.area.code
            ]
            assert o.value == oracle.figures(COUNT, mine, o.period.start, o.period.end, {})[2]


@pytest.mark.parametrize(("areas", "column"), [("wards", "ward_code"), ("small", "lsoa_code")])
def test_rows_that_do_not_say_where_they_are_make_no_zero(areas: str, column: str) -> None:
    types = {name: kind for name, kind in TYPES.items() if name != column}
    known = definitions(indicator(COUNT, areas=["partnership", areas]), area_sets=LSOAS)
    found = observed(known, {"crimes": crimes(drawn("month  district_code\n2022-01  A"), types)})
    placed = [o for o in found if o.area.kind is not AreaKind.DISTRICT and o.breakdown != "location"]
    assert placed
    assert {(o.state, o.reason) for o in placed} == {(State.NOT_SUPPLIED, f"crimes has no column {column}")}
    assert cell(found).value == 1


RIPE = {"type": "proportion", "where": {"outcome": {"in": ["charged"]}}, "within_days": 180}


@pytest.mark.parametrize(
    ("as_at", "ending", "period", "state"),
    [
        (date(2023, 6, 29), "latest_complete", "2022-01/2022-12", State.VALUE),
        (date(2023, 6, 28), "latest_complete", "2022-01/2022-12", State.IMMATURE),
        (date(2023, 6, 28), "latest_ripe", "2021-12/2022-11", State.VALUE),
        (date(2023, 6, 29), "latest_ripe", "2022-01/2022-12", State.VALUE),
    ],
)
def test_cohorts_that_are_not_ripe_are_held_back(as_at: date, ending: str, period: str, state: State) -> None:
    """180 days after 31 December 2022 is 29 June 2023; the months after a ripe window are still shown."""
    rows = [
        {
            "month": month,
            "district_code": "A",
            "outcome": "charged",
            "recorded_on": date(2022, 6, 1),
            "outcome_on": date(2022, 6, 2),
        }
        for month in ("2022-06", "2021-12", "2021-06")
    ]
    asked = indicator(RIPE, window={"kind": "rolling", "ending": ending}, compare=YEAR_BEFORE)
    known = definitions(asked)
    found = observed(known, {"crimes": crimes(rows)}, as_at=as_at)
    assert cell(found, period=period).state is state
    months = [o for o in found if o.period.basis == "month"]
    assert months[-1].period.key == "2022-12/2022-12"
    (compared,) = (c for c in compare(release(found, known), known) if c.comparator == "previous_year")
    assert compared.observation.period.key == period
