"""Sums that indicators share give the figures that the rows give, and are read only where they save work."""

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.compute.observe import observe, observe_indicator
from pipeline.compute.shared import shared_sums
from pipeline.definitions.indicator import Indicator
from pipeline.store import Store
from tests.small_partnership import AS_AT, crimes, definitions, delivered, indicator

VIOLENCE = {"offence": {"in": ["1"]}}
ALCOHOL = {"alcohol": {"is": True}}
AGES = [{"name": "age", "column": "victim_age_years", "bands": {"U25": [0, 24], "25+": [25, None]}}]
CUTS = [{"name": "offence", "column": "offence"}]
POPULATION = pa.table({"area_code": ["A", "B", "C"], "year": [2022] * 3, "residents": [1000, 2000, 3000]})


def asked(id: str, measure: dict[str, Any], **more: Any) -> Indicator:
    return indicator(
        measure,
        id=id,
        areas=["partnership", "all", "wards", "force"],
        compare=[{"to": "previous_year"}],
        **more,
    )


MEASURES = (
    asked("violence", {"type": "count", "unit": "crimes", "where": VIOLENCE}, by=AGES),
    asked("all", {"type": "count", "unit": "crimes"}, by=[*AGES, *CUTS]),
    asked("rate", {"type": "rate", "unit": "crimes", "where": ALCOHOL, "over": {"column": "residents"}}),
    asked("share", {"type": "share", "where": ALCOHOL, "of": {"where": VIOLENCE}}),
    asked("proportion", {"type": "proportion", "where": VIOLENCE, "among": {"offence": {"answered": True}}}),
    asked("repeat", {"type": "repeat", "entity": "victim_ref"}, complete={"entity_missing_max_pct": 100}),
)
ADDED = tuple(measured for measured in MEASURES if measured.id != "repeat")

row = st.fixed_dictionaries(
    {
        "month": st.sampled_from(["2021-03", "2022-03", "2022-12"]),
        "district_code": st.sampled_from(["A", "B", None]),
        "ward_code": st.sampled_from(["A1", None]),
        "offence": st.sampled_from(["1", "2", None]),
        "alcohol": st.sampled_from([True, False, None]),
        "victim_age_years": st.sampled_from([20, 30, None]),
        "victim_ref": st.sampled_from(["p", "q", None]),
        "quantity": st.integers(1, 3),
    }
)


@settings(max_examples=30, deadline=None)
@given(rows=st.lists(row, min_size=1, max_size=12), quantities=st.booleans())
def test_sums_give_the_figures_of_the_rows(rows: list[dict[str, Any]], quantities: bool) -> None:
    # Every row five times, so that sums are always worth reading.
    table = crimes(rows * 5)
    tables = {"crimes": table if quantities else table.drop_columns(["quantity"]), "population": POPULATION}
    known, deliveries = definitions(*MEASURES), delivered()
    with Store.in_memory(tables) as store:
        with shared_sums(store, MEASURES) as sums:
            assert {reader for reader, _ in sums} == {measured.id for measured in ADDED}
        together = observe(store, known, deliveries, AS_AT)
        alone = [o for i in MEASURES for o in observe_indicator(store, i, known, deliveries, AS_AT)]
    assert together == tuple(alone)


def test_a_sum_may_exceed_what_a_row_can_hold() -> None:
    table = crimes([{"month": "2022-03", "district_code": "A", "quantity": 2**31 - 1}] * 8)
    with Store.in_memory({"crimes": table, "population": POPULATION}) as store:
        found = observe(store, definitions(*ADDED), delivered(), AS_AT)
    assert max(o.value or 0 for o in found if o.indicator == "all") == 8 * (2**31 - 1)


@pytest.mark.parametrize(
    ("rows", "asked_for"),
    [
        ([{"month": "2022-03", "offence": str(n)} for n in range(20)], ADDED),  # hardly fewer sums than rows
        ([{"month": "2022-03"}] * 20, MEASURES[:1]),  # nobody to share with
        ([{"month": "2022-03"}] * 20, ()),
    ],
)
def test_rows_are_read_where_sums_would_save_nothing(
    rows: list[dict[str, Any]], asked_for: tuple[Indicator, ...]
) -> None:
    with Store.in_memory({"crimes": crimes(rows)}) as store, shared_sums(store, asked_for) as sums:
        assert not sums


def test_narrow_sums_serve_where_the_widest_are_too_many() -> None:
    rows = [{"month": "2022-03", "offence": "1", "victim_age_years": n} for n in range(40)]
    narrow = [asked(f"narrow_{n}", {"type": "count", "unit": "crimes", "where": VIOLENCE}) for n in (1, 2)]
    with (
        Store.in_memory({"crimes": crimes(rows)}) as store,
        shared_sums(store, [MEASURES[0], *narrow]) as sums,
    ):
        assert {reader for reader, _ in sums} == {"narrow_1", "narrow_2"}


def test_the_sums_are_gone_after_use() -> None:
    with Store.in_memory({"crimes": crimes([{"month": "2022-03"}] * 20)}) as store:
        with shared_sums(store, ADDED) as sums:
            names = set(sums.values())
            assert names
            assert all(store.columns(name) for name in names)
        assert not any(store.columns(name) for name in names)
