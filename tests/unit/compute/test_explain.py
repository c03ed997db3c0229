"""Where a figure comes from: the query, the rows each condition leaves, the deliveries."""

from datetime import UTC, date, datetime

import pytest

from pipeline.compute import Step, explain
from pipeline.errors import DisclosureError, UsageError
from pipeline.model.delivery import Deliveries, Extract
from pipeline.model.observation import ReleasedObservation
from pipeline.store import Store
from tests.small_partnership import AS_AT, crimes, definitions, delivered, indicator

WHERE = {"offence": {"in": ["1", "2"]}, "alcohol": {"is": True}}
ROWS = crimes(
    [
        {"month": "2022-01", "district_code": "A", "offence": "1", "alcohol": True, "quantity": 3},
        {"month": "2022-01", "district_code": "A", "offence": "2", "alcohol": None},
        {"month": "2022-01", "district_code": "B", "offence": "2", "alcohol": True},
        {"month": "2022-01", "district_code": "A", "offence": "9", "alcohol": True},
        {"month": "2022-01", "district_code": "A", "offence": None, "alcohol": True},
        {"month": "2021-12", "district_code": "A", "offence": "1", "alcohol": True},
    ]
)


def extract(source: str) -> Extract:
    return Extract(
        delivery=f"{source}-0001", source=source, file_name=f"{source}.csv", sha256="0" * 64, size_bytes=1,
        received=datetime(2023, 1, 1, tzinfo=UTC), supplier="police", encoding="utf-8",
    )  # fmt: skip


def deliveries() -> Deliveries:
    whole = delivered()
    return Deliveries(
        extracts=(extract("crimes"), extract("other")),
        accounting=(),
        coverage=whole.coverage,
        warehouse_digest="",
    )


def test_a_count_is_explained_step_by_step() -> None:
    asked = indicator({"type": "count", "unit": "crimes", "where": WHERE}, compare=[{"to": "previous_year"}])
    with Store.in_memory({"crimes": ROWS}) as store:
        found = explain(store, definitions(asked), deliveries(), AS_AT, "crime")
        assert found.query is not None
        rows = store.fetch(found.query.sql, found.query.params).to_pylist()
    assert found.steps == (
        Step("every row of the period", 7, 0),
        Step("offence in 1, 2", 5, 2),
        Step("alcohol flagged", 4, 1),
        Step("in Alpha (A)", 3, 1),
    )
    own = next(o for o in found.observations if o.area.code == "A" and o.period == found.period)
    assert own.value == found.steps[-1].left
    assert found.period.key == "2022-01/2022-12"
    assert {row["value"] for row in rows if row["place"] == "A"} == {3, 1}
    assert [e.source for e in found.extracts] == ["crimes"]
    assert found.obstacles == ()


def test_a_share_counts_down_to_its_part() -> None:
    asked = indicator(
        {
            "type": "share",
            "where": {"alcohol": {"is": True}},
            "of": {"where": {"offence": {"answered": True}}},
        }
    )
    with Store.in_memory({"crimes": ROWS}) as store:
        steps = explain(store, definitions(asked), deliveries(), AS_AT, "crime").steps
    assert [(step.condition, step.left) for step in steps] == [
        ("every row of the period", 7),
        ("offence recorded", 6),
        ("alcohol flagged", 5),
        ("in Alpha (A)", 4),
    ]


def test_a_table_without_districts_belongs_to_the_partnership() -> None:
    asked = indicator({"type": "count", "unit": "crimes"})
    with Store.in_memory({"crimes": ROWS.drop_columns(["district_code"])}) as store:
        steps = explain(store, definitions(asked), deliveries(), AS_AT, "crime").steps
    assert [(step.condition, step.left) for step in steps] == [
        ("every row of the period", 7),
        ("in Alpha (A)", 7),
    ]


def test_an_outcome_that_came_too_late_is_a_step_of_its_own() -> None:
    outcome = {"month": "2022-01", "district_code": "A", "outcome": "1", "recorded_on": date(2022, 1, 1)}
    rows = [{**outcome, "outcome_on": date(2022, 1, 31)}, {**outcome, "outcome_on": date(2022, 2, 1)}]
    asked = indicator({"type": "proportion", "where": {"outcome": {"in": ["1"]}}, "within_days": 30})
    with Store.in_memory({"crimes": crimes(rows)}) as store:
        found = explain(store, definitions(asked), deliveries(), AS_AT, "crime")
    assert [(step.condition, step.left) for step in found.steps] == [
        ("every row of the period", 2),
        ("outcome in 1", 2),
        ("outcome within 30 days of recording", 1),
        ("in Alpha (A)", 1),
    ]
    own = next(o for o in found.observations if o.area.code == "A" and o.period == found.period)
    assert own.numerator == found.steps[-1].left


def test_repeats_count_people_so_rows_stay_rows_of_the_force() -> None:
    asked = indicator({"type": "repeat", "entity": "victim_ref"})
    with Store.in_memory({"crimes": ROWS}) as store:
        steps = explain(store, definitions(asked), deliveries(), AS_AT, "crime").steps
    assert [step.condition for step in steps] == ["every row of the period"]


def test_what_cannot_be_computed_says_why() -> None:
    asked = indicator({"type": "count", "unit": "crimes", "where": WHERE})
    with Store.in_memory({}) as store:
        found = explain(store, definitions(asked), deliveries(), AS_AT, "crime")
    assert (found.query, found.steps, found.obstacles) == (None, (), ("crimes: nothing was delivered",))


def test_figures_are_explained_only_where_they_are_released() -> None:
    asked = indicator({"type": "count", "unit": "crimes", "where": WHERE})
    known = definitions(asked, policies={"crimes": "small_areas"})
    with Store.in_memory({"crimes": ROWS}) as store:
        found = explain(store, definitions(asked), deliveries(), AS_AT, "crime")
        assert {type(o) for o in found.observations} == {ReleasedObservation}
        with pytest.raises(DisclosureError, match="crimes: policy small_areas"):
            explain(store, known, deliveries(), AS_AT, "crime")


def test_an_unknown_indicator_is_the_users_mistake() -> None:
    known = definitions(indicator({"type": "count", "unit": "crimes"}))
    with Store.in_memory({}) as store, pytest.raises(UsageError, match=r"'crimf' \(did you mean 'crime'\?\)"):
        explain(store, known, deliveries(), date(2023, 1, 1), "crimf")


def test_a_ratio_is_explained_above_the_line_and_below() -> None:
    below = {"where": {"offence": {"in": ["9"]}}}
    asked = indicator({"type": "ratio", "where": WHERE, "over": below, "unit": "these for those"})
    with Store.in_memory({"crimes": ROWS}) as store:
        found = explain(store, definitions(asked), deliveries(), AS_AT, "crime")
    assert found.steps == (
        Step("every row of the period", 7, 0),
        Step("offence in 1, 2", 5, 2),
        Step("alcohol flagged", 4, 1),
        Step("in Alpha (A)", 3, 1),
        Step("divided by: every row of the period", 7, 0),
        Step("offence in 9", 1, 6),
        Step("in Alpha (A)", 1, 0),
    )
    own = next(o for o in found.observations if o.area.code == "A" and o.period == found.period)
    assert (own.numerator, own.denominator) == (found.steps[3].left, found.steps[-1].left)


def test_a_mean_is_explained_to_the_rows_that_have_a_value() -> None:
    rows = crimes(
        [{"month": "2022-01", "district_code": "A", "victim_age_years": age} for age in (20, 30, None)]
    )
    asked = indicator({"type": "mean", "column": "victim_age_years", "min_base": 2, "unit": "years"})
    with Store.in_memory({"crimes": rows}) as store:
        found = explain(store, definitions(asked), deliveries(), AS_AT, "crime")
    assert found.steps[1:] == (Step("victim_age_years recorded", 2, 1), Step("in Alpha (A)", 2, 0))


def test_a_derived_figure_is_explained_by_its_parts() -> None:
    counts = [
        indicator({"type": "count", "unit": "crimes", "where": where}, id=name)
        for name, where in (("all", {}), ("some", WHERE))
    ]
    asked = indicator(
        {"type": "derived", "sum": ["all"], "less": ["some"], "unit": "crimes"},
        id="rest", source=[], compare=[{"to": "previous_year"}],
    )  # fmt: skip
    with Store.in_memory({"crimes": ROWS}) as store:
        found = explain(store, definitions(*counts, asked), deliveries(), AS_AT, "rest")
    assert (found.query, found.steps) == (None, ())
    assert found.obstacles == ("it is derived from all, some; explain each of them",)
    assert [(o.indicator, o.period.key, o.value) for o in found.parts] == [
        ("all", "2021-01/2021-12", 1), ("all", "2022-01/2022-12", 6),
        ("some", "2021-01/2021-12", 1), ("some", "2022-01/2022-12", 3),
    ]  # fmt: skip
    assert [o.value for o in found.observations if o.period == found.period] == [3]
    assert [e.source for e in found.extracts] == ["crimes"]
