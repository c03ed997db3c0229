"""Two columns of one name: which one is meant is not guessed."""

from tests.integration.faults.told import GOOD, stopped
from tests.unit.ingest.drop import HEADER, Drop


def test_duplicate_header(drop: Drop) -> None:
    assert stopped(drop, "crimes.csv", f"{HEADER},Month\n{GOOD},2024-02\n") == (
        "crimes.csv: the header 'Month' stands there 2 times; ask the supplier which column is meant, "
        "and have the other renamed"
    )
