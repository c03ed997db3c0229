"""A publisher prints one figure in several rows of one key: they are added up, and none is lost."""

from datetime import UTC, datetime
from typing import Any

from tests.unit.ingest.drop import CRIMES, Drop, crimes

RETURNS: dict[str, Any] = {
    "title": "Counts", "supplier": "Home Office", "files": ["counts*"], "contract": "returns",
    "columns": {
        "item": "Code", "area_code": "Area", "value": "Count",
        "period_start": {"from": "Year", "quarter_from": "Quarter"},
        "period_end": {"from": "Year", "quarter_from": "Quarter", "plus_months": 3},
    },
    "key": ["item", "area_code", "period_start", "period_end"],
    "conflicts": "add_up",
}  # fmt: skip
HEADER = "Code,Area,Year,Quarter,Count\n"
LATER = datetime(2024, 6, 1, tzinfo=UTC)


def received(drop: Drop, *rows: str, name: str = "counts.csv", **more: Any) -> tuple[int, int, int]:
    """Rows of the file that were loaded, unchanged, and added up in another."""
    drop.sources = {"crimes": CRIMES, "counts": RETURNS}
    drop.put("crimes.csv", crimes("a,2024-01,Burglary,D1"))
    drop.put(name, HEADER + "".join(f"{row}\n" for row in rows))
    own = next(one for one in drop.ingest(**more).accounting if one.file_name == name)
    assert own.closes
    return own.loaded, own.unchanged, own.conflicting


def values(drop: Drop) -> dict[str, float | None]:
    return {row["item"]: row["value"] for row in drop.rows("SELECT item, value FROM counts")}


def test_rows_of_one_key_are_added_up(drop: Drop) -> None:
    rows = "1,A,2017/18,1,2", "1,A,2017/18,1,2", "1,A,2017/18,1,3", "8N,A,2017/18,1,50"
    assert received(drop, *rows) == (2, 0, 2)
    assert values(drop) == {"1": 7, "8N": 50}


def test_a_figure_of_which_a_part_is_missing_is_not_known(drop: Drop) -> None:
    received(drop, "1,A,2017/18,1,2", "1,A,2017/18,1,")
    assert values(drop) == {"1": None}


def test_a_later_delivery_revises_the_sum_and_is_not_added_to_it(drop: Drop) -> None:
    received(drop, "1,A,2017/18,1,2", "1,A,2017/18,1,3", "8N,A,2017/18,1,50")
    again = "1,A,2017/18,1,2", "1,A,2017/18,1,4", "8N,A,2017/18,1,50"
    assert received(drop, *again, name="counts_2.csv", received=LATER) == (1, 1, 1)
    assert values(drop) == {"1": 6, "8N": 50}


def test_a_year_or_quarter_that_is_none_is_quarantined(drop: Drop) -> None:
    received(drop, "1,A,2017/18,1,2", "1,A,2017,1,2", "1,A,2017/18,5,2")
    assert {row["line"] for row in drop.rows("SELECT line FROM quarantine")} == {3, 4}
    assert values(drop) == {"1": 2}
