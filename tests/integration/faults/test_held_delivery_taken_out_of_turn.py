"""A held delivery is taken after later ones have come: what was known before then stays computable."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pipeline import ingest
from pipeline.errors import UsageError
from pipeline.ingest import known_at, warehouse
from pipeline.model.acceptance import Decision
from pipeline.model.delivery import AsAt
from tests.integration.faults.test_row_count_halves_or_doubles import month_of
from tests.unit.ingest.drop import CRIMES, Drop

TAKEN = datetime(2024, 9, 1, 12, tzinfo=UTC)
ROWS = (("2024-01", 40), ("2024-02", 10), ("2024-02", 38))


@pytest.fixture
def drop(tmp_path: Path) -> Drop:
    """Three deliveries, the second of them held; the third revises its month."""
    made = Drop(tmp_path / "workspace", suites={"crimes": {}})
    for number, (month, rows) in enumerate(ROWS, 1):
        made.put(f"crimes_{number}.csv", month_of(month, rows))
        made.ingest(datetime(2024, 5, number, tzinfo=UTC))
    return made


def counts(drop: Drop, as_at: AsAt | None) -> dict[str, int]:
    """Rows by month, as known then."""
    deliveries = ingest.deliveries_of(drop.workspace)
    known = known_at(drop.workspace, drop.definitions, deliveries, as_at)
    with warehouse(drop.workspace, known) as store:
        rows = store.rows(
            "SELECT strftime(month, '%Y-%m') AS month, count(*) AS n FROM crimes GROUP BY ALL ORDER BY ALL"
        )
    return {row["month"]: row["n"] for row in rows}


MOMENTS: tuple[AsAt, ...] = ("crimes-0003", date(2024, 5, 3), datetime(2024, 8, 1, tzinfo=UTC))


@pytest.mark.parametrize("as_at", MOMENTS, ids=["delivery", "day", "moment"])
def test_what_was_known_before_it_was_taken_is_still_computed(drop: Drop, as_at: AsAt) -> None:
    before = counts(drop, as_at)
    assert before == {"2024-01": 40, "2024-02": 38}
    drop.ingest(TAKEN, decision=Decision("crimes-0002", "A. Analyst", TAKEN.date(), "it is right", at=TAKEN))
    # Its rows are among those of the third, which therefore did not bring them.
    assert drop.rows("SELECT count(*) AS n FROM crimes WHERE known_from = 'crimes-0002'") == [{"n": 10}]
    assert counts(drop, as_at) == before
    assert counts(drop, TAKEN) == counts(drop, None) == before
    # A second witness: everything made anew of what was known.
    if isinstance(as_at, datetime):
        drop.ingest(TAKEN, as_at=as_at)
        assert counts(drop, None) == before
        drop.ingest(TAKEN)
    # What was made beside the warehouse goes with the next run that holds the workspace.
    drop.workspace.sweep()
    assert [path.name for path in drop.workspace.curated.iterdir()] == ["warehouse.duckdb"]


def test_as_at_the_delivery_itself_is_as_at_the_decision(drop: Drop) -> None:
    drop.ingest(TAKEN, decision=Decision("crimes-0002", "A. Analyst", TAKEN.date(), "it is right", at=TAKEN))
    assert counts(drop, "crimes-0002") == {"2024-01": 40, "2024-02": 10}
    assert counts(drop, "crimes-0001") == {"2024-01": 40}


def test_a_decision_of_the_configuration_is_known_from_its_day(drop: Drop) -> None:
    taken = {"file": "crimes-0002", "by": "A. Analyst", "on": TAKEN.date(), "reason": "it is right"}
    drop.sources = {"crimes": CRIMES | {"accepted": [taken]}}
    drop.ingest(TAKEN)
    before = date(2024, 8, 31)
    deliveries = ingest.deliveries_of(drop.workspace)
    for day, ids in ((before, ["crimes-0001", "crimes-0003"]), (TAKEN.date(), None)):
        known = known_at(drop.workspace, drop.definitions, deliveries, day)
        assert [e.delivery for e in known.extracts] == (ids or [e.delivery for e in deliveries.extracts])


def test_as_at_a_delivery_that_is_held_says_that_it_is(drop: Drop) -> None:
    with pytest.raises(UsageError) as stopped:
        counts(drop, "crimes-0002")
    assert str(stopped.value) == (
        "--as-at crimes-0002: that delivery is held and counts in no figure; "
        "`assessment quality crimes-0002` says why"
    )
