"""A partner's return sent again: its figures replace the first ones and others stay, whatever its key."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.unit.ingest.drop import Drop, crimes

KEY = ["item", "area_code", "period_start", "period_end"]
RETURNS: dict[str, Any] = {
    "title": "Returns",
    "supplier": "Partner",
    "files": ["return*"],
    "contract": "returns",
    "columns": {
        "item": "Item",
        "area_code": {"constant": "D1"},
        "period_start": "From",
        "period_end": {"from": "To", "plus_days": 1},
        "value": "Value",
    },
}


def quarter(**figures: int | str) -> str:
    lines = (f"{item},2024-01-01,2024-03-31,{value}" for item, value in figures.items())
    return "\n".join(("Item,From,To,Value", *lines, ""))


def deliver(drop: Drop, key: list[str], *files: str) -> dict[str, float | None]:
    """Take in the files, a day after each other; the figures then. Each item must have one."""
    drop.sources["returns"] = RETURNS | {"key": key}
    drop.put("crimes.csv", crimes("a,2024-01,Burglary,D1"))
    for number, content in enumerate(files, 1):
        drop.put(f"return_{number}.csv", content)
        drop.ingest(datetime(2024, 5, number, tzinfo=UTC))
    rows = drop.rows("SELECT item, value FROM returns")
    found = {row["item"]: row["value"] for row in rows}
    assert len(found) == len(rows)
    return found


@pytest.mark.parametrize("key", [KEY, []])
def test_a_corrected_figure_takes_the_place_of_the_first(drop: Drop, key: list[str]) -> None:
    found = deliver(drop, key, quarter(referred=5, started=3), quarter(referred=7, started=3))
    assert found == {"referred": 7, "started": 3}


@pytest.mark.parametrize("key", [KEY, []])
def test_a_figure_that_is_not_sent_again_stays_and_is_told(drop: Drop, key: list[str]) -> None:
    assert deliver(drop, key, quarter(referred=5, started=3), quarter(referred=7)) == {
        "referred": 7,
        "started": 3,
    }
    later = drop.ingest().accounting[-1]
    assert later.notes == (
        "2024-01-01 to 2024-03-31: it has nothing of started, D1, which an earlier delivery has; those rows "
        "stay. If they are withdrawn, name the file under `accepted:` of its source",
    )


@pytest.mark.parametrize("key", [KEY, []])
def test_the_return_of_another_partner_is_added(drop: Drop, key: list[str]) -> None:
    assert deliver(drop, key, quarter(referred=5), quarter(tested=7)) == {"referred": 5, "tested": 7}
    assert drop.ingest().accounting[-1].notes == ()


def test_a_long_return_that_lacks_one_figure_withdraws_it(drop: Drop) -> None:
    figures = {f"item_{number}": number for number in range(12)}
    del (fewer := dict(figures))["item_3"]
    assert deliver(drop, KEY, quarter(**figures), quarter(**fewer)) == fewer
    told = drop.rows("SELECT kind, record FROM revisions")
    assert told == [{"kind": "removed", "record": "item_3 D1 2024-01-01 2024-04-01"}]
