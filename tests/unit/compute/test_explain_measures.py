"""Each kind of measure explained from its own rows: the last step is the figure's count."""

from datetime import date
from typing import Any

import pyarrow as pa

from pipeline.compute import Explanation, explain
from pipeline.model.delivery import Coverage, Deliveries
from pipeline.store import Store
from tests.small_partnership import AS_AT, crimes, definitions, delivered, indicator, source

ROWS = [
    {"month": "2022-01", "district_code": "A", "offence": "1", "quantity": 6},
    {"month": "2022-01", "district_code": "A", "offence": "9", "quantity": 4},
]


def steps(found: Explanation) -> list[tuple[str, float]]:
    return [(step.condition, step.left) for step in found.steps]


def test_a_mean_counts_down_to_the_rows_that_have_the_number() -> None:
    asked = indicator({"type": "mean", "column": "victim_age_years", "min_base": 2, "unit": "years"})
    rows: list[dict[str, Any]] = [
        {"month": "2022-01", "district_code": "A", "victim_age_years": 30},
        {"month": "2022-01", "district_code": "A", "victim_age_years": None},
    ]
    with Store.in_memory({"crimes": crimes(rows)}) as store:
        found = explain(store, definitions(asked), delivered(), AS_AT, "crime")
    assert steps(found) == [
        ("every row of the period", 2),
        ("victim_age_years recorded", 1),
        ("in Alpha (A)", 1),
    ]


def test_a_ratio_tells_both_of_its_counts() -> None:
    asked = indicator(
        {
            "type": "ratio",
            "where": {"offence": {"in": ["1"]}},
            "over": {"source": "asb"},
            "unit": "crimes per incident",
        }
    )
    types = {"month": pa.date32(), "district_code": pa.string(), "quantity": pa.int32()}
    tables = {
        "crimes": crimes(ROWS),
        "asb": crimes([{"month": "2022-02", "district_code": "A", "quantity": 3}], types),
    }
    coverage = Coverage((*delivered().coverage.months, *delivered(source_id="asb").coverage.months))
    deliveries = Deliveries(extracts=(), accounting=(), coverage=coverage, warehouse_digest="")
    known = definitions(asked, sources=[source(), source("asb", "incidents")])
    with Store.in_memory(tables) as store:
        found = explain(store, known, deliveries, AS_AT, "crime")
    assert steps(found) == [
        ("every row of the period", 10),
        ("offence in 1", 6),
        ("in Alpha (A)", 6),
        ("divided by: every row of the period", 3),
        ("in Alpha (A)", 3),
    ]
    own = next(o for o in found.observations if o.area.code == "A" and o.period == found.period)
    assert (own.numerator, own.denominator, own.value) == (6, 3, 2)


def test_a_derived_figure_is_explained_by_the_figures_it_is_made_of() -> None:
    first = indicator({"type": "count", "unit": "crimes", "where": {"offence": {"in": ["1"]}}})
    second = first.model_copy(update={"id": "every", "measure": indicator(COUNT).measure})
    derived = {"type": "derived", "sum": ["crime"], "over": ["every"], "per": 100, "unit": "%"}
    asked = indicator(derived, id="share", source=[])
    with Store.in_memory({"crimes": crimes(ROWS)}) as store:
        found = explain(store, definitions(first, second, asked), delivered(), AS_AT, "share")
    own = next(o for o in found.observations if o.area.code == "A" and o.period == found.period)
    assert own.value == 60
    assert (found.query, found.steps) == (None, ())


COUNT = {"type": "count", "unit": "crimes"}


def test_a_reported_figure_is_explained_by_the_returns_behind_it() -> None:
    asked = indicator(
        {"type": "reported", "item": "started"},
        source="returns",
        window={"kind": "financial_quarter", "ending": "latest_complete"},
    )
    rows: list[dict[str, Any]] = [
        {
            "item": "started",
            "area_code": "A",
            "period_start": date(2022, 1, 1),
            "period_end": date(2022, 4, 1),
        }
        | {"value": 8.0, "status": "final"}
    ]
    known = definitions(asked, sources=[source("returns", "returns")])
    with Store.in_memory({"returns": pa.Table.from_pylist(rows)}) as store:
        found = explain(store, known, delivered(undated=["returns"]), AS_AT, "crime")
        assert found.query is not None
        behind = store.fetch(found.query.sql, found.query.params).to_pylist()
    assert [row["value"] for row in behind] == [8.0]
    assert (found.period.key, found.steps) == ("2022-01/2022-03", ())


def test_a_survey_counts_the_answers_of_its_wave() -> None:
    asked = indicator(
        {
            "type": "survey",
            "where": {"safe": {"in": ["no"]}},
            "among": {"safe": {"answered": True}},
            "min_base": 1,
            "low_base": 0,
        },
        source="survey",
        window={"kind": "wave", "ending": "latest"},
    )
    waves = {"w1": {"start": "2022-01-05", "end": "2022-01-31"}}
    survey = source("survey", "responses", sample_design="probability", waves=waves)
    answers = pa.table({"wave": ["w1", "w1", "w1", "w0"], "safe": ["yes", "no", None, "no"]})
    with Store.in_memory({"survey": answers}) as store:
        found = explain(
            store, definitions(asked, sources=[survey]), delivered(undated=["survey"]), AS_AT, "crime"
        )
    assert steps(found)[:3] == [("every row of the period", 3), ("safe recorded", 2), ("safe in no", 1)]
