"""Ratios, means and derived figures: the engine and the oracle agree on random tables and definitions."""

import math
import statistics
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from pipeline.compute import compare
from pipeline.disclosure import release
from pipeline.model.delivery import Coverage, Deliveries
from pipeline.model.observation import Observation, State
from tests import oracle
from tests.property.test_engine_against_oracle import BESIDE, LISTS, breakdowns, filters, row
from tests.small_partnership import (
    DISTRICTS,
    crimes,
    definitions,
    delivered,
    indicator,
    observed,
    source,
)

Z = stats.norm.ppf(0.975)
SOURCES = (source(), source("others"))
DELIVERIES = Deliveries(
    extracts=(),
    accounting=(),
    coverage=Coverage(
        tuple(m for name in ("crimes", "others") for m in delivered(source_id=name).coverage.months)
    ),
    warehouse_digest="",
)
tables = st.lists(row(), max_size=30)
ratios = st.builds(
    lambda where, other, per, of: {
        "type": "ratio",
        "where": where,
        "over": {"where": other} | ({} if of is None else {"source": of}),
        "per": per,
        "unit": "this for that",
    },
    filters,
    filters,
    st.sampled_from([1, 100]),
    st.sampled_from([None, "others"]),
)
means = st.builds(
    lambda where: {
        "type": "mean", "column": "victim_age_years", "where": where, "min_base": 2, "unit": "years",
    },
    filters,
)  # fmt: skip


def engine(
    rows: list[oracle.Row],
    others: list[oracle.Row],
    measures: dict[str, dict[str, Any]],
    by: list[dict[str, Any]] | None = None,
    compare_with: list[dict[str, Any]] | None = None,
) -> tuple[Any, tuple[Observation, ...]]:
    asked = [
        indicator(
            measure,
            id=name,
            by=(by or []) if measure["type"] != "derived" else [],
            areas=["partnership", "all", "wards", "force"],
            compare=compare_with or [],
            test={"dispersion": 1},
        )
        for name, measure in measures.items()
    ]
    known = definitions(*asked, sources=SOURCES, codelists=LISTS)
    return known, observed(known, {"crimes": crimes(rows), "others": crimes(others)}, DELIVERIES)


def of_cell(rows: list[oracle.Row], by: list[dict[str, Any]], o: Observation) -> list[oracle.Row]:
    mine = [r for r in rows if oracle.belongs(r, o.area.code, DISTRICTS)]
    if o.breakdown:
        breakdown = next(b for b in by if b["name"] == o.breakdown)
        mine = [r for r in mine if oracle.category(r, breakdown, LISTS) == o.category]
    return mine


@settings(max_examples=40)
@given(rows=tables, others=tables, measure=ratios, by=breakdowns)
def test_every_ratio_is_what_the_oracle_divides(
    rows: list[oracle.Row], others: list[oracle.Row], measure: dict[str, Any], by: list[dict[str, Any]]
) -> None:
    _, found = engine(rows, others, {"crime": measure}, by, BESIDE)
    below = others if "source" in measure["over"] else rows
    for o in found:
        first, end = o.period.start, o.period.end
        above, under, value = oracle.figures(
            measure, of_cell(rows, by, o), first, end, LISTS, below=of_cell(below, by, o)
        )
        if value is None:
            assert o.state is State.WITHHELD
            continue
        assert o.state is (State.ZERO if value == 0 else State.VALUE)
        assert (o.numerator, o.denominator) == (above, under)
        assert o.value == pytest.approx(value, rel=1e-12)
        assert o.lower is not None
        assert o.upper is not None
        assert o.lower <= value * (1 + 1e-9)
        assert o.upper >= value * (1 - 1e-9)


@settings(max_examples=40)
@given(rows=tables, others=tables, measure=ratios)
def test_every_change_of_a_ratio_is_what_the_oracle_computes(
    rows: list[oracle.Row], others: list[oracle.Row], measure: dict[str, Any]
) -> None:
    known, found = engine(rows, others, {"crime": measure}, compare_with=[{"to": "previous_year"}])
    below = others if "source" in measure["over"] else rows
    for comparison in compare(release(found, known), known):
        now, before = comparison.observation, comparison.reference
        assert before is not None
        values = []
        for o in (before, now):
            mine, under = of_cell(rows, [], o), of_cell(below, [], o)
            values.append(oracle.figures(measure, mine, o.period.start, o.period.end, LISTS, below=under)[2])
        earlier, later = values
        if earlier is None or later is None:
            assert not comparison.comparable
            continue
        change, percent = oracle.change(earlier, later)
        assert comparison.change == pytest.approx(change, abs=1e-9)
        assert comparison.change_percent == (None if percent is None else pytest.approx(percent, abs=1e-9))


@settings(max_examples=40)
@given(rows=tables, measure=means, by=breakdowns)
def test_every_mean_is_what_the_oracle_averages(
    rows: list[oracle.Row], measure: dict[str, Any], by: list[dict[str, Any]]
) -> None:
    _, found = engine(rows, [], {"crime": measure}, by, BESIDE)
    for o in found:
        mine = [r for r in of_cell(rows, by, o) if o.period.start <= r["month"] < o.period.end]
        values = oracle.mean_values(measure, mine, LISTS)
        if len(values) < 2:
            assert o.state is State.WITHHELD
            continue
        assert (o.numerator, o.denominator) == (sum(values), len(values))
        assert o.value == pytest.approx(statistics.fmean(values))
        assert o.deviation == pytest.approx(statistics.stdev(values), abs=1e-6)
        reach = stats.t.ppf(0.975, len(values) - 1) * statistics.stdev(values) / math.sqrt(len(values))
        assert o.lower == pytest.approx(o.value - reach, abs=1e-5)
        assert o.upper == pytest.approx(o.value + reach, abs=1e-5)


@settings(max_examples=40)
@given(rows=tables, measure=means)
def test_every_change_of_a_mean_is_what_welch_makes_of_the_values(
    rows: list[oracle.Row], measure: dict[str, Any]
) -> None:
    known, found = engine(rows, [], {"crime": measure}, compare_with=[{"to": "previous_year"}])
    for comparison in compare(release(found, known), known):
        samples = []
        assert comparison.reference is not None
        for o in (comparison.observation, comparison.reference):
            mine = [r for r in of_cell(rows, [], o) if o.period.start <= r["month"] < o.period.end]
            samples.append(oracle.mean_values(measure, mine, LISTS))
        if min(map(len, samples)) < 2:
            assert not comparison.comparable
            continue
        now, before = samples
        change = statistics.fmean(now) - statistics.fmean(before)
        assert comparison.change == pytest.approx(change, abs=1e-9)
        assert comparison.change_percent is None
        if statistics.stdev(now) + statistics.stdev(before) == 0:
            continue
        errors = [statistics.variance(sample) / len(sample) for sample in samples]
        squares = sum(v * v / (len(s) - 1) for v, s in zip(errors, samples, strict=True))
        degrees, error = sum(errors) ** 2 / squares, math.sqrt(sum(errors))
        reach = stats.t.ppf(0.975, degrees) * error
        assert comparison.lower == pytest.approx(change - reach, abs=1e-5)
        assert comparison.upper == pytest.approx(change + reach, abs=1e-5)
        assert comparison.p_value == pytest.approx(2 * stats.t.sf(abs(change) / error, degrees), abs=1e-6)


some_parts = st.lists(st.sampled_from(["first", "second", "third"]), min_size=1, max_size=2, unique=True)


@settings(max_examples=40)
@given(
    rows=tables,
    others=tables,
    wheres=st.tuples(filters, filters, filters),
    added=some_parts,
    taken=st.just([]) | some_parts,
    below=st.just([]) | some_parts,
    per=st.sampled_from([1, 100]),
    independent=st.booleans(),
)
def test_every_derived_figure_is_arithmetic_on_what_the_oracle_counts(
    rows: list[oracle.Row],
    others: list[oracle.Row],
    wheres: tuple[dict[str, Any], ...],
    added: list[str],
    taken: list[str],
    below: list[str],
    per: int,
    independent: bool,
) -> None:
    measures = {
        name: {"type": "count", "unit": "crimes", "where": where}
        for name, where in zip(("first", "second"), wheres, strict=False)
    }
    measures["third"] = {"type": "proportion", "where": wheres[2]}
    whole: dict[str, Any] = {"type": "derived", "sum": added, "less": taken, "unit": "points"}
    whole |= {"over": below, "per": per} if below else {}
    known, found = engine(
        rows,
        others,
        measures | {"whole": whole | {"independent": independent}},
        compare_with=[{"to": "previous_year"}, {"to": "average", "of": "all"}],
    )
    derived = [o for o in found if o.indicator == "whole"]
    assert {o.area.code for o in derived} == {"A", "B", "C", "A1", "A2", "F", "all"}
    values = {}
    for o in derived:
        mine = of_cell(rows, [], o)
        parts = {
            name: oracle.figures(measure, mine, o.period.start, o.period.end, LISTS)[2]
            for name, measure in measures.items()
        }
        value = values[o.area.code, o.period] = oracle.derived(whole, parts)
        assert (o.value is None) == (value is None), (o, parts)
        if value is None:
            assert o.state in (State.WITHHELD, State.NOT_APPLICABLE)
            continue
        assert o.value == pytest.approx(value, abs=1e-9)
        if not independent:
            assert (o.lower, o.upper) == (None, None)
        if o.lower is not None:
            assert o.lower <= value + 1e-9
        if o.upper is not None:
            assert o.upper >= value - 1e-9
    for comparison in compare(release(found, known), known):
        if comparison.observation.indicator != "whole" or comparison.comparator != "previous_year":
            continue
        now, before = comparison.observation, comparison.reference
        assert before is not None
        pair = (values[before.area.code, before.period], values[now.area.code, now.period])
        if None in pair:
            assert not comparison.comparable
        else:
            assert comparison.change == pytest.approx(oracle.change(*pair)[0], abs=1e-9)  # type: ignore[arg-type]


def test_the_limits_of_a_large_ratio_follow_from_its_logarithm() -> None:
    above, below = 150, 400
    rows = [{"month": "2022-06", "district_code": "A", "quantity": above, "category": "x"}]
    others = [{"month": "2022-06", "district_code": "A", "quantity": below}]
    measure = {"type": "ratio", "over": {"source": "others"}, "unit": "this per that"}
    known = definitions(indicator(measure), sources=SOURCES)
    found = observed(known, {"crimes": crimes(rows), "others": crimes(others)}, DELIVERIES)
    year = next(o for o in found if o.area.code == "A" and o.period.key == "2022-01/2022-12")
    spread = math.exp(Z * math.sqrt(1 / above + 1 / below))
    assert year.lower == pytest.approx(above / below / spread)
    assert year.upper == pytest.approx(above / below * spread)
    assert isinstance(crimes(rows), pa.Table)
