"""Which year's population a period is divided by."""

from datetime import date
from typing import Literal

import pyarrow as pa
import pytest

from pipeline.compute.bases import Bases, read_bases
from pipeline.definitions.indicator import Denominator, Rate
from pipeline.errors import ComputationError
from pipeline.model.period import Period
from pipeline.query import Level, Place
from pipeline.store import Store

YEAR = Period.ending(date(2023, 3, 1), 12, "financial_year")
PLACES = [Place(code, Level.DISTRICTS, (code,), base_codes=(code,)) for code in "AB"]


def bases(year: Literal["mid_window", "latest"] | int = "mid_window", **years: set[int]) -> Bases:
    return Bases(Denominator(column="residents", year=year), {a: frozenset(y) for a, y in years.items()})


@pytest.mark.parametrize(
    ("found", "wanted", "used"),
    [
        (bases(A={2021, 2022}, B={2022}), 2022, 2022),
        (bases(A={2021, 2020}, B={2021, 2020}), 2022, 2021),
        (bases(A={2021, 2023}, B={2021, 2023}), 2022, 2023),  # equally near: the later
        (bases(A={2019, 2022}, B={2019}), 2022, 2019),  # one base for all
        (bases(A={2022}), 2022, 2022),  # an area with no population at all decides nothing
        (bases(A={2022}, B={2019}), 2022, 2022),  # nothing in common: the first area's
        (bases(), 2022, None),
        (bases("latest", A={2019, 2021}, B={2019, 2021}), 2021, 2021),
        (bases(2019, A={2019, 2021}, B={2019, 2021}), 2019, 2019),
    ],
)
def test_the_base_year(found: Bases, wanted: int, used: int | None) -> None:
    year = found.year(YEAR, PLACES)
    assert (year.wanted, year.used) == (wanted, used)
    said = f"population of {used}, the nearest year to {wanted}"
    assert year.note == ("" if used in (wanted, None) else said)


def test_a_missing_table_or_column_is_named() -> None:
    rate = Rate(type="rate", unit="crimes", over=Denominator(column="residents"))
    with Store.in_memory({}) as store, pytest.raises(ComputationError, match="nothing was delivered"):
        read_bases(store, rate, ["residents"], PLACES)
    table = pa.table({"area_code": ["A"], "year": [2021]})
    with (
        Store.in_memory({"population": table}) as store,
        pytest.raises(ComputationError, match="no column residents"),
    ):
        read_bases(store, rate, ["residents"], PLACES)
