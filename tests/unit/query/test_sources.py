"""Queries for what is looked up beside the counts: populations and returns, of all areas or some."""

from datetime import date

import pyarrow as pa
import pytest

from pipeline.definitions.measure import Reported
from pipeline.query import compile_bases, compile_returns
from pipeline.store import Store

PEOPLE = pa.table({"area_code": ["A", "B"], "year": [2021, 2021], "population": [100, 200]})
RETURNS = pa.Table.from_pylist(
    [
        {"item": "started", "area_code": code, "value": value}
        | {"period_start": date(2022, 1, 1), "period_end": date(2022, 4, 1)}
        for code, value in (("A", 1.0), ("B", 2.0))
    ]
)


@pytest.mark.parametrize(("codes", "found"), [([], [100, 200]), (["B"], [200])])
def test_populations_are_those_of_the_areas_named_or_of_all(codes: list[str], found: list[int]) -> None:
    query = compile_bases("population", ["population"], codes)
    with Store.in_memory({"population": PEOPLE}) as store:
        assert [row["population"] for row in store.rows(query.sql, query.params)] == found


@pytest.mark.parametrize(("codes", "found"), [([], [1.0, 2.0]), (["B"], [2.0])])
def test_returns_are_those_of_the_areas_named_or_of_all(codes: list[str], found: list[float]) -> None:
    query = compile_returns("returns", Reported(type="reported", item="started"), codes, has_status=False)
    with Store.in_memory({"returns": RETURNS}) as store:
        assert [(row["value"], row["status"]) for row in store.rows(query.sql, query.params)] == [
            (value, None) for value in found
        ]
