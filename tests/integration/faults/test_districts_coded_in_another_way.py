"""A month is sent again with names for the codes of districts, or with none: it is still the same month."""

from datetime import UTC, datetime

import pytest

from tests.unit.ingest.drop import Drop, crimes


@pytest.mark.parametrize("district", ["", "One"])
def test_rows_without_a_key_are_counted_once(drop: Drop, district: str) -> None:
    for number, code in enumerate(("D1", district), 1):
        drop.put(f"crimes_{number}.csv", crimes(*[f",2024-01,Anti-social behaviour,{code}"] * 50))
        drop.ingest(datetime(2024, 5, number, tzinfo=UTC))
    found = drop.rows("SELECT district_code, count(*) AS n FROM crimes GROUP BY ALL")
    assert found == [{"district_code": district or None, "n": 50}]
