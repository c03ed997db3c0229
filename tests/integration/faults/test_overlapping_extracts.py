"""April to March, then January to June: what is in both counts once, and the accounting says how much."""

from datetime import UTC, datetime

from tests.unit.ingest.drop import Drop, crimes

MONTHS = [f"2023-{n:02}" for n in range(4, 13)] + [f"2024-{n:02}" for n in range(1, 7)]


def test_overlapping_extracts(drop: Drop) -> None:
    rows = [f"{month},{month},Burglary,D1" for month in MONTHS]
    anonymous = [f",{month},Anti-social behaviour,D1" for month in MONTHS]
    drop.put("crimes_1.csv", crimes(*rows[:12], *anonymous[:12]))
    drop.ingest()
    drop.put("crimes_2.csv", crimes(*rows[9:], *anonymous[9:]))
    first, second = drop.ingest(datetime(2024, 7, 1, tzinfo=UTC)).accounting
    counted = drop.rows(
        "SELECT category, count(*) AS n, count(DISTINCT month) AS months FROM crimes GROUP BY 1"
    )
    assert {tuple(row.values()) for row in counted} == {
        ("Burglary", 15, 15),
        ("Anti-social behaviour", 15, 15),
    }
    assert (first.loaded, first.superseded) == (24, 3)  # the rows without a key, replaced by their like
    assert (second.read, second.loaded, second.unchanged) == (12, 9, 3)
    assert drop.rows("SELECT * FROM revisions") == []
