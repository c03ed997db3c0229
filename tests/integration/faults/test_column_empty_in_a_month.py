"""A column comes empty in one month: a figure that asks for it must not read that month as zero."""

from datetime import UTC, date, datetime
from typing import Any

from pipeline.compute.observe import observe_indicator
from pipeline.definitions.indicator import Indicator
from pipeline.ingest import deliveries_of
from pipeline.model.observation import UNKNOWN, Observation, State
from pipeline.store import Store
from tests.unit.ingest.drop import CRIMES, HEADER, Drop

MARCH = date(2024, 3, 1)
RECEIVED = datetime(2024, 7, 1, tzinfo=UTC)
SOURCE: dict[str, Any] = {
    **CRIMES,
    "columns": {**CRIMES["columns"], "hate": "Hate", "ward_code": "Ward"},
    "areas": "partnership",
}


def dropped(drop: Drop, *, march: str = "") -> Drop:
    """Six months of 40 crimes, 20 of them with a hate strand; in March as said."""
    drop.sources = {"crimes": SOURCE}
    lines = [
        f"{month}-{n},2024-0{month},Burglary,D1,{_strand(month, n, march)},W1"
        for month in range(1, 7)
        for n in range(40)
    ]
    drop.put("crimes.csv", "\n".join((f"{HEADER},Hate,Ward", *lines)) + "\n")
    drop.ingest(RECEIVED)
    return drop


def _strand(month: int, number: int, march: str) -> str:
    if number >= 20:
        return ""
    return march if month == 3 else "Race"


def observed(drop: Drop, **more: Any) -> tuple[Observation, ...]:
    written = {
        "id": "hate",
        "title": "Hate crime",
        "source": "crimes",
        "measure": {"type": "count", "unit": "crimes"},
        "window": {"kind": "rolling", "months": 4, "ending": "2024-06"},
        "govern": {"owner": "analyst"},
    }
    indicator = Indicator.model_validate(written | more)
    with Store.reading(drop.workspace.warehouse) as store:
        deliveries = deliveries_of(drop.workspace)
        return observe_indicator(store, indicator, drop.definitions, deliveries, date(2024, 7, 31))


COUNT = {"type": "count", "unit": "crimes", "where": {"hate": {"answered": True}}}


def total(found: tuple[Observation, ...], basis: str, start: date) -> Observation:
    (one,) = (o for o in found if (o.period.basis, o.period.start, o.breakdown) == (basis, start, ""))
    return one


def test_a_filter_on_the_column_is_not_comparable(drop: Drop) -> None:
    found = observed(dropped(drop), measure=COUNT)
    window, month = total(found, "rolling_4", MARCH), total(found, "month", MARCH)
    assert (window.state, window.reason) == (State.NOT_COMPARABLE, "2024-03 no hate recorded")
    assert (month.state, month.value) == (State.NOT_COMPARABLE, None)
    assert total(found, "month", date(2024, 4, 1)).value == 20


def test_one_that_is_filled_every_month_is_counted(drop: Drop) -> None:
    found = observed(dropped(drop, march="Race"), measure=COUNT)
    assert total(found, "rolling_4", MARCH).value == 80


def test_a_total_that_does_not_ask_for_it_stands_and_its_categories_do_not(drop: Drop) -> None:
    found = observed(dropped(drop), by=[{"name": "strand", "column": "hate"}])
    assert total(found, "rolling_4", MARCH).value == 160
    cells = {o.category: o for o in found if o.breakdown and o.period.basis == "rolling_4"}
    assert (cells["Race"].state, cells["Race"].reason) == (State.NOT_COMPARABLE, "2024-03 no hate recorded")
    assert cells[UNKNOWN].value == 100


def test_the_latest_complete_month_is_one_in_which_it_came(drop: Drop) -> None:
    drop.sources = {"crimes": SOURCE}
    lines = [
        f"{month}-{n},2024-0{month},Burglary,D1,{'Race' if month < 6 else ''},W1"
        for month in range(1, 7)
        for n in range(40)
    ]
    drop.put("crimes.csv", "\n".join((f"{HEADER},Hate,Ward", *lines)) + "\n")
    drop.ingest(RECEIVED)
    window = {"kind": "rolling", "months": 4, "ending": "latest_complete"}
    found = observed(drop, measure=COUNT, window=window)
    windows = [o for o in found if o.period.basis == "rolling_4"]
    assert [(o.period.key, o.value) for o in windows] == [("2024-02/2024-05", 160)]


def test_it_is_told_and_stands_in_the_table_of_coverage(drop: Drop) -> None:
    dropped(drop)
    (hate,) = (f for f in deliveries_of(drop.workspace).coverage.fields if f.field == "hate")
    assert (hate.rows, hate.filled, hate.empty, hate.low) == (240, 100, (("D1", MARCH),), ())
    rows = drop.rows("SELECT month, rows, filled FROM field_coverage WHERE field = 'hate' ORDER BY month")
    assert [(row["rows"], row["filled"]) for row in rows] == [(40, 20), (40, 20), (40, 0), *[(40, 20)] * 3]
