"""A crime that is another crime in the next delivery: counted under the new code, known under both."""

from datetime import UTC, datetime

from tests.unit.ingest.drop import Drop, crimes


def test_reclassified_offence(drop: Drop) -> None:
    drop.put("crimes_1.csv", crimes("a,2024-01,Burglary,D1", "b,2024-01,Burglary,D1"))
    drop.ingest()
    drop.put("crimes_2.csv", crimes("a,2024-01,Robbery,D1", "b,2024-01,Burglary,D1"))
    drop.ingest(datetime(2024, 6, 1, tzinfo=UTC))
    codes = (
        "SELECT category FROM crimes WHERE crime_ref = 'a' UNION ALL "
        "SELECT category FROM \"crimes:closed\" WHERE crime_ref = 'a'"
    )
    assert [row["category"] for row in drop.rows(codes)] == ["Robbery", "Burglary"]
    (told,) = drop.rows('SELECT kind, record, "column", before, after FROM revisions')
    assert tuple(told.values()) == ("reclassified", "a", "category", "Burglary", "Robbery")
