"""The same months again with revised rows: a revision, and the figures of either date can still be had."""

from datetime import UTC, datetime

from pipeline.ingest import known_at, warehouse
from tests.unit.ingest.drop import Drop, crimes

EARLY, LATE = datetime(2024, 5, 1, tzinfo=UTC), datetime(2024, 6, 1, tzinfo=UTC)


def test_same_period_sent_again(drop: Drop) -> None:
    drop.put("crimes_1.csv", crimes("a,2024-01,Burglary,D1", "b,2024-01,Burglary,D1"))
    drop.ingest(EARLY)
    drop.put("crimes_2.csv", crimes("a,2024-01,Robbery,D1", "c,2024-01,Robbery,D1", "d,2024-01,Burglary,D1"))
    deliveries = drop.ingest(LATE)
    found = {}
    for day in (EARLY.date(), LATE.date()):
        known = known_at(drop.workspace, drop.definitions, deliveries, day)
        with warehouse(drop.workspace, known) as store:
            rows = store.rows("SELECT category, count(*) AS n FROM crimes GROUP BY 1")
        found[day] = {row["category"]: row["n"] for row in rows}
    assert found == {EARLY.date(): {"Burglary": 2}, LATE.date(): {"Robbery": 2, "Burglary": 1}}
    told = {count.kind.value: count.records for count in deliveries.revisions}
    assert told == {"added": 2, "removed": 1, "reclassified": 1}
