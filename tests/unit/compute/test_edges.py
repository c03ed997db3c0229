"""Cases at the edge of what is delivered, declared or released: each has an answer that says why."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from pipeline.compute import compare
from pipeline.compute.examples import run_examples
from pipeline.compute.figure import number
from pipeline.compute.periods import other_periods
from pipeline.compute.position import _against
from pipeline.definitions.resolved import Definitions
from pipeline.disclosure import release
from pipeline.errors import DefinitionError
from pipeline.model.comparison import Comparison
from pipeline.model.delivery import Deliveries
from pipeline.model.observation import Observation, ReleasedObservation, Results, State
from pipeline.model.period import Period
from tests.small_partnership import (
    COUNT,
    TYPES,
    cell,
    compared,
    crimes,
    definitions,
    delivered,
    indicator,
    observed,
    rows,
    source,
)

SHARE = {"type": "share", "where": {"offence": {"in": ["1"]}}}
SURVEY = {
    "type": "survey",
    "where": {"safe": {"in": ["no"]}},
    "among": {"safe": {"answered": True}},
    "min_base": 1,
    "low_base": 0,
}
ANSWERS = pa.table({"wave": ["w1", "w1"], "safe": ["yes", "no"]})


def surveyed(answers: pa.Table, start: str = "2022-01-05", **more: Any) -> tuple[Observation, ...]:
    asked = indicator(SURVEY, source="survey", window={"kind": "wave", "ending": "latest"}, **more)
    waves = {"w1": {"start": start, "end": start[:8] + "28"}}
    survey = source("survey", "responses", sample_design="probability", waves=waves)
    known = definitions(asked, sources=[survey])
    return observed(known, {"survey": answers}, delivered(undated=["survey"]))


def returned(figures: Sequence[Mapping[str, Any]], **more: Any) -> tuple[Observation, ...]:
    asked = indicator({"type": "reported", "item": "started"}, source="returns", **more)
    known = definitions(asked, sources=[source("returns", "returns")])
    tables = {"returns": pa.Table.from_pylist([dict(f) for f in figures])} if figures else {}
    return observed(known, tables, delivered(undated=["returns"]))


def quarter(start: date, end: date, value: float | None, status: str = "final") -> dict[str, Any]:
    return {"item": "started", "area_code": "A", "period_start": start, "period_end": end} | {
        "value": value,
        "status": status,
    }


def test_an_indicator_without_a_figure_has_no_comparisons() -> None:
    asked = indicator(COUNT, compare=[{"to": "previous_year"}])
    assert compare(Results(()), definitions(asked)) == ()


def test_a_figure_of_the_query_is_a_number() -> None:
    assert number(3) == 3.0
    with pytest.raises(TypeError, match="a number was expected, not None"):
        number(None)


def test_a_publication_that_names_no_period_asks_for_none() -> None:
    asked = indicator(COUNT, published=[{"period": "the spring", "in": "a leaflet", "all": 7}])
    assert other_periods(asked, Period.ending(date(2022, 12, 1), 12, "rolling_12")) == ()


def test_a_survey_says_nothing_of_other_districts() -> None:
    found = surveyed(ANSWERS, areas=["partnership", "all"])
    beta = next(o for o in found if o.area.code == "B")
    assert (beta.state, beta.value, beta.reason) == (
        State.NOT_APPLICABLE,
        None,
        "the survey does not cover Beta",
    )
    lacking = surveyed(ANSWERS.drop_columns(["safe"]), areas=["partnership", "all"])
    assert {o.state for o in lacking} == {State.NOT_SUPPLIED}
    assert len({o.reason for o in lacking}) == 1


def test_a_wave_that_is_not_over_has_not_been_supplied() -> None:
    (found,) = surveyed(ANSWERS, start="2031-01-05")
    assert (found.state, found.value, found.reason) == (State.NOT_SUPPLIED, None, "no wave is over yet")


def test_a_source_that_reported_nothing_has_not_been_supplied() -> None:
    found = returned([])
    assert {o.state for o in found} == {State.NOT_SUPPLIED}


def test_a_reported_figure_ripens_too() -> None:
    figures = [
        quarter(date(2022, 1, 1), date(2022, 4, 1), 8.0),
        quarter(date(2022, 10, 1), date(2023, 1, 1), 9.0),
    ]
    window = {"kind": "financial_quarter", "ending": "latest_ripe"}
    found = max(returned(figures, window=window, lag={"mature": "15m"}), key=lambda o: o.period)
    assert (found.period.key, found.value) == ("2022-01/2022-03", 8.0)


def test_what_its_supplier_suppressed_is_suppressed() -> None:
    figures = [quarter(date(2022, 1, 1), date(2022, 4, 1), 3.0, "suppressed")]
    (found,) = returned(figures, window={"kind": "financial_quarter", "ending": "latest_complete"})
    assert (found.state, found.value) == (State.SUPPRESSED, None)
    assert "suppressed by its supplier for 2022-01 to 2022-03" in found.reason


def test_a_change_beside_a_fall_to_nothing_is_not_tested() -> None:
    table = [*rows(0, 120), *rows(110, 100, "B")]
    (found,) = compared(table, compare=[{"to": "change_of", "of": "rest_of_force"}])
    assert (found.lower, found.p_value) == (None, None)
    assert found.reason.endswith("not tested, because there are no events in one of the periods")


def test_a_change_beside_others_needs_an_earlier_figure() -> None:
    asked = indicator(
        SURVEY,
        source="survey",
        window={"kind": "wave", "ending": "latest"},
        compare=[{"to": "change_of", "of": "rest_of_force"}],
    )
    waves = {"w1": {"start": "2022-01-05", "end": "2022-01-28"}}
    survey = source("survey", "responses", sample_design="probability", waves=waves)
    known = definitions(asked, sources=[survey])
    results = Results(
        tuple(_released(observed(known, {"survey": ANSWERS}, delivered(undated=["survey"])), known))
    )
    (found,) = compare(results, known)
    assert (found.comparable, found.change) == (False, None)


def _released(observations: tuple[Observation, ...], known: Definitions) -> tuple[ReleasedObservation, ...]:
    return release(observations, known).observations


def test_figures_that_disclosure_control_rounded_apart_are_not_tested() -> None:
    table = [
        *rows(30, 1, offence="1"), *rows(70, 1, offence="2"),
        *rows(80, 1, "B", offence="1"), *rows(320, 1, "C", offence="2"),
    ]  # fmt: skip
    (found,) = compared(table, SHARE, compare=[{"to": "average", "of": "all"}])
    assert found.reference is not None
    blank = replace(found, lower=None, upper=None, p_value=None)
    for part, total in ((999.0, None), (None, 20.0)):
        odd = replace(
            blank, observation=replace(blank.observation, numerator=part or blank.observation.numerator)
        )
        pooled = replace(found.reference, numerator=total or found.reference.numerator)
        assert _against(odd, pooled, holds_own=True) == odd
    assert _against(blank, found.reference, holds_own=True).p_value == found.p_value


def test_a_breakdown_that_a_source_cannot_cut_is_not_supplied() -> None:
    asked = indicator(
        COUNT, source=["crimes", "other"], by=[{"name": "offence", "column": "offence"}], areas=["all"]
    )
    known = definitions(asked, sources=[source(), source("other")])
    tables = {
        "crimes": crimes(rows(5, 3, offence="1")),
        "other": crimes(rows(4, 2, "B"), {k: v for k, v in TYPES.items() if k != "offence"}),
    }
    months = (*delivered().coverage.months, *delivered(source_id="other").coverage.months)
    coverage = replace(delivered().coverage, months=months)
    deliveries = Deliveries(extracts=(), accounting=(), coverage=coverage, warehouse_digest="")
    found = observed(known, tables, deliveries)
    assert cell(found).value == 5
    assert cell(found, "B").value == 4
    by_offence = [o for o in found if o.breakdown == "offence"]
    assert {(o.area.code, o.state, o.reason) for o in by_offence} == {
        ("A", State.NOT_SUPPLIED, "other has no column offence")
    }


def test_a_failing_example_is_placed_where_it_is_written(tmp_path: Path) -> None:
    (tmp_path / "indicators.yaml").write_text(
        "indicators:\n  crime:\n    examples:\n      - rows: [{}]\n        expect: 9\n"
    )
    asked = indicator(COUNT, examples=[{"rows": [{}], "expect": 9}])
    with pytest.raises(DefinitionError, match=r"indicators\.yaml:5:\d+: crime, example 1: the rows give 1"):
        run_examples(definitions(asked), tmp_path)


AGES = [
    *rows(60, 50, offence="1", alcohol=True),
    *rows(20, 50, offence="1", alcohol=None),
    *rows(30, 20, offence=None, alcohol=True),
]
CROSSED = [
    {"name": "offence", "column": "offence"},
    {"name": "alcohol", "column": "alcohol"},
    {"name": "both", "cross": ["offence", "alcohol"]},
]


@pytest.mark.parametrize("breakdown", ["offence", "both"])
def test_of_unknowns_that_are_suppressed_nothing_is_said(breakdown: str) -> None:
    asked = indicator(COUNT, by=CROSSED, compare=[{"to": "previous_year"}])
    known = definitions(asked)
    released = _released(observed(known, {"crimes": crimes(AGES)}), known)
    hidden = tuple(
        replace(o, state=State.SUPPRESSED, value=None, numerator=None, lower=None, upper=None)
        if o.breakdown == breakdown and "not recorded" in o.category
        else o
        for o in released
    )

    def told(observations: Iterable[ReleasedObservation]) -> list[Comparison]:
        found = compare(Results(tuple(observations)), known)
        return [
            c
            for c in found
            if c.observation.breakdown == breakdown
            and "not recorded" not in c.observation.category
            and c.observation.value
        ]

    assert any(c.pro_rata is not None for c in told(released))
    assert all(c.pro_rata is None and c.bound_lower is None for c in told(hidden))


def test_there_is_no_rank_among_a_force_as_a_whole() -> None:
    (found,) = compared(rows(5, 3), compare=[{"to": "rank", "of": "force"}])
    assert (found.comparable, found.reference_value) == (False, None)
    assert (found.reference_label, found.reason) == ("Force", "Alpha is not one of the areas ranked")


def test_the_rows_of_an_example_are_of_the_first_source() -> None:
    asked = indicator(COUNT, source=["crimes", "other"], examples=[{"rows": [{}, {}], "expect": 2}])
    assert run_examples(definitions(asked, sources=[source(), source("other")])) == 1


@pytest.mark.parametrize(("only", "spans"), [(True, 1), (False, 2)])
def test_of_rare_deaths_a_return_tells_one_span(only: bool, spans: int) -> None:
    three_years = [quarter(date(year, 1, 1), date(year + 3, 1, 1), 4) for year in (2019, 2020)]
    window = {"kind": "rolling", "months": 36, "ending": "2022-12"}
    found = returned(three_years, window=window, compare=[], only_multi_year=only)
    assert len({o.period for o in found}) == spans
