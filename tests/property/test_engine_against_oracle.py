"""The engine and the oracle agree on random small tables under random definitions."""

from datetime import timedelta
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.compute import compare
from pipeline.disclosure import release
from pipeline.model.observation import Observation, State
from pipeline.model.period import Period
from tests import oracle
from tests.small_partnership import DISTRICTS, crimes, definitions, indicator, months, observed

LISTS: dict[str, tuple[str, ...]] = {"violence": ("1", "8N"), "theft": ("45", "46")}
AREAS = ("A", "B", "C", "A1", "A2", "F", "F-rest", "all")
BESIDE = [
    {"to": "previous_year"},
    {"to": "change_of", "of": "rest_of_force"},
    {"to": "average", "of": "all"},
]
BASES = {"A": 100.0, "B": 250.0, "C": 50.0, "A1": 40.0, "A2": 60.0}


def optional(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


@st.composite
def row(draw: st.DrawFn) -> oracle.Row:
    district = draw(st.sampled_from(["A", "A", "A", "B", "C", "X", None]))
    recorded = draw(st.sampled_from(months())) + timedelta(days=draw(st.integers(0, 27)))
    outcome_on = draw(optional(st.integers(0, 60).map(lambda days: recorded + timedelta(days=days))))
    return {
        "crime_ref": draw(st.sampled_from(["1", "2", "3", None])),
        "month": recorded.replace(day=1),
        "district_code": district,
        "ward_code": draw(st.sampled_from(["A1", "A2", None])) if district == "A" else None,
        "offence": draw(st.sampled_from(["1", "8N", "45", "46", "99", None])),
        "category": draw(st.sampled_from(["x", "y", None])),
        "victim_age_years": draw(optional(st.integers(0, 90))),
        "victim_ref": draw(st.sampled_from(["p", "q", "r", None])),
        "alcohol": draw(st.sampled_from([True, False, None])),
        "drugs": draw(st.sampled_from([True, False, None])),
        "outcome": draw(st.sampled_from(["1", "18", None])),
        "recorded_on": draw(st.sampled_from([recorded, recorded, None])),
        "outcome_on": outcome_on,
        "quantity": draw(st.integers(1, 3)),
    }


conditions: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [
        {"offence": {"in": ["1", "45"]}},
        {"offence": {"not_in": ["1"]}},
        {"offence": {"in_codelist": "violence"}},
        {"offence": {"in": []}},
        {"victim_age_years": {"between": [None, 24]}},
        {"victim_age_years": {"between": [25, None]}},
        {"victim_age_years": {"between": [10, 40]}},
        {"alcohol": {"is": True}},
        {"alcohol": {"is": False}},
        {"outcome": {"answered": True}},
        {"outcome": {"answered": False}},
        {"keyword": {"any_of": ["alcohol", "drugs"]}},
        {"category": {"in": ["x"], "answered": True}},
    ]
)
filters: st.SearchStrategy[dict[str, Any]] = st.recursive(
    st.just({}) | conditions | st.tuples(conditions, conditions).map(lambda two: {**two[0], **two[1]}),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda some: {"any": some}),
        inner.map(lambda one: {"not": one}),
        st.tuples(conditions, inner).map(lambda two: {**two[0], "not": two[1]}),
    ),
    max_leaves=4,
)
measures: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.builds(lambda where: {"type": "count", "unit": "crimes", "where": where}, filters),
    st.builds(
        lambda where, per: {
            "type": "rate", "unit": "crimes", "where": where, "per": per, "over": {"column": "residents"},
        },
        filters,
        st.sampled_from([1000, 100_000]),
    ),
    st.builds(
        lambda where, among, days: {
            "type": "proportion", "where": where, "among": among, "within_days": days,
        },
        filters,
        filters,
        st.sampled_from([None, 0, 30]),
    ),
    st.builds(lambda where, of: {"type": "share", "where": where, "of": {"where": of}}, filters, filters),
    st.builds(
        lambda where, n: {"type": "repeat", "entity": "victim_ref", "where": where, "at_least": n},
        filters,
        st.sampled_from([2, 3]),
    ),
)  # fmt: skip
breakdowns: st.SearchStrategy[list[dict[str, Any]]] = st.lists(
    st.sampled_from(
        [
            {"name": "age", "column": "victim_age_years", "bands": {"U25": [0, 24], "25+": [25, None]}},
            {"name": "adults", "column": "victim_age_years", "bands": {"18 to 30": [18, 30]}},
            {"name": "kind", "column": "category"},
            {"name": "set", "column": "offence", "groups": {"Violence": "violence", "Theft": ["45"]}},
        ]
    ),
    max_size=2,
    unique_by=lambda breakdown: str(breakdown["name"]),
)

POPULATION = pa.table(
    {"area_code": list(BASES), "year": [2022] * len(BASES), "residents": list(BASES.values())}
)


def engine(
    rows: list[oracle.Row],
    measure: dict[str, Any],
    by: list[dict[str, Any]],
    compare_with: list[dict[str, Any]],
) -> tuple[Any, tuple[Observation, ...]]:
    asked = indicator(
        measure,
        by=by,
        areas=["partnership", "all", "wards", "force"],
        compare=compare_with,
        complete={"entity_missing_max_pct": 100},
    )
    known = definitions(asked, codelists=LISTS)
    return known, observed(known, {"crimes": crimes(rows), "population": POPULATION})


def base_of(area: str) -> float:
    members = {"F": DISTRICTS, "all": DISTRICTS, "F-rest": ("B", "C")}.get(area, (area,))
    return sum(BASES[code] for code in members)


def expected(
    rows: list[oracle.Row], measure: dict[str, Any], by: list[dict[str, Any]], o: Observation
) -> tuple[float, float | None, float | None]:
    mine = [row for row in rows if oracle.belongs(row, o.area.code, DISTRICTS)]
    if o.breakdown:
        breakdown = next(b for b in by if b["name"] == o.breakdown)
        mine = [row for row in mine if oracle.category(row, breakdown, LISTS) == o.category]
    return oracle.figures(measure, mine, o.period.start, o.period.end, LISTS, base_of(o.area.code))


@given(rows=st.lists(row(), max_size=40), measure=measures, by=breakdowns)
def test_every_observation_is_what_the_oracle_counts(
    rows: list[oracle.Row], measure: dict[str, Any], by: list[dict[str, Any]]
) -> None:
    _, found = engine(rows, measure, by, BESIDE)
    counted = [o for o in found if o.breakdown != "location"]
    assert {o.area.code for o in counted} == set(AREAS)
    for o in counted:
        numerator, denominator, value = expected(rows, measure, by, o)
        if value is None:
            assert o.state is State.WITHHELD
            continue
        assert o.state is (State.ZERO if value == 0 else State.VALUE)
        assert (o.numerator, o.denominator) == (numerator, denominator)
        assert o.value == pytest.approx(value, rel=1e-12)
        if o.lower is not None and o.upper is not None:
            assert o.lower <= value * (1 + 1e-9) + 1e-9
            assert o.upper >= value * (1 - 1e-9) - 1e-9


@given(rows=st.lists(row(), max_size=40), measure=measures, by=breakdowns)
def test_every_change_is_what_the_oracle_computes(
    rows: list[oracle.Row], measure: dict[str, Any], by: list[dict[str, Any]]
) -> None:
    known, found = engine(rows, measure, by, [{"to": "previous_year"}])
    for comparison in compare(release(found, known), known):
        now, before = comparison.observation, comparison.reference
        assert before is not None
        assert before.period == now.period.shifted(-12)
        after_value = expected(rows, measure, by, now)[2]
        before_value = expected(rows, measure, by, before)[2]
        if after_value is None or before_value is None:
            assert not comparison.comparable
            continue
        change, percent = oracle.change(before_value, after_value)
        assert comparison.change == pytest.approx(change, abs=1e-9)
        if measure["type"] in ("count", "rate"):
            assert comparison.change_percent == (
                None if percent is None else pytest.approx(percent, abs=1e-9)
            )


@settings(max_examples=50)
@given(rows=st.lists(row(), max_size=40), measure=measures)
def test_every_change_beside_others_is_what_the_oracle_computes(
    rows: list[oracle.Row], measure: dict[str, Any]
) -> None:
    known, found = engine(rows, measure, [], [{"to": "change_of", "of": "rest_of_force"}])
    (comparison,) = compare(release(found, known), known)
    year = comparison.observation.period
    cells = {(o.area.code, o.period): expected(rows, measure, [], o)[2] for o in found if not o.breakdown}
    own, rest = ([cells[area, p] for p in (year.shifted(-12), year)] for area in ("A", "F-rest"))
    is_counted = measure["type"] in ("count", "rate")
    beside = oracle.change_beside(own, rest, is_counted)
    if beside is None:
        assert not comparison.comparable
        assert (comparison.change, comparison.reference_value) == (None, None)
        return
    assert (comparison.reference_value, comparison.change) == pytest.approx(beside, abs=1e-9)
    assert (comparison.change_percent is not None) <= is_counted


def totals(found: tuple[Observation, ...], breakdown: str) -> dict[tuple[str, Period], float]:
    sums: dict[tuple[str, Period], float] = {}
    for o in found:
        if o.breakdown == breakdown:
            key = (o.area.code, o.period)
            sums[key] = sums.get(key, 0.0) + (o.numerator or 0.0)
    return sums


@settings(max_examples=20)
@given(rows=st.lists(row(), max_size=40), where=filters, by=breakdowns)
def test_parts_and_not_recorded_add_up_to_the_total(
    rows: list[oracle.Row], where: dict[str, Any], by: list[dict[str, Any]]
) -> None:
    _, found = engine(
        rows, {"type": "count", "unit": "crimes", "where": where}, by, [{"to": "previous_year"}]
    )
    whole = totals(found, "")
    for breakdown in by:
        for key, total in totals(found, breakdown["name"]).items():
            assert total == whole[key]
    located = totals(found, "location")
    assert located
    for key, total in located.items():
        assert total == whole[key]


@settings(max_examples=20)
@given(rows=st.lists(row(), max_size=40), where=filters)
def test_the_force_is_at_least_the_sum_of_its_districts(
    rows: list[oracle.Row], where: dict[str, Any]
) -> None:
    _, found = engine(
        rows, {"type": "count", "unit": "crimes", "where": where}, [], [{"to": "previous_year"}]
    )
    whole = totals(found, "")
    for (area, period), total in whole.items():
        if area == "F":
            assert total >= sum(whole[district, period] for district in DISTRICTS)


@settings(max_examples=20)
@given(rows=st.lists(row(), max_size=30), measure=measures, by=breakdowns, shuffled=st.randoms())
def test_the_order_of_rows_does_not_matter(
    rows: list[oracle.Row], measure: dict[str, Any], by: list[dict[str, Any]], shuffled: Any
) -> None:
    again = list(rows)
    shuffled.shuffle(again)
    assert engine(rows, measure, by, [])[1] == engine(again, measure, by, [])[1]


@settings(max_examples=20)
@given(rows=st.lists(row(), max_size=30), by=breakdowns)
def test_every_cell_of_the_spine_is_there_once(rows: list[oracle.Row], by: list[dict[str, Any]]) -> None:
    """Areas x periods x categories, whether rows exist or not: no cell is lost, none is doubled."""
    _, found = engine(rows, {"type": "count", "unit": "crimes"}, by, [{"to": "previous_year"}])
    assert len({o.key for o in found}) == len(found)
    windows = {o.period for o in found if o.period.basis == "rolling_12"}
    points = {o.period for o in found if o.period.basis == "month"}
    assert (len(windows), len(points)) == (2, 24)
    categories = {(o.breakdown, o.category) for o in found if o.breakdown not in ("", "location")}
    own, districts, wards = 1, 3, 2  # the other two districts and the force
    assert len([o for o in found if o.breakdown != "location"]) == (
        (own + districts + wards) * len(windows)
        + (own + districts) * (len(points) + len(categories) * len(windows))
        + own * len(categories) * len(points)
    )
