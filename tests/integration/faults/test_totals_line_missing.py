"""A file that should end with a totals line and does not: it is cut short."""

from tests.integration.faults.told import GOOD, OTHER, stopped
from tests.unit.ingest.drop import CRIMES, Drop, crimes


def test_totals_line_missing(drop: Drop) -> None:
    drop.sources = {"crimes": {**CRIMES, "footer": {"starts_with": ["Total"]}}}
    drop.put("crimes_0_before.csv", crimes("before,2023-12,Burglary,D1", "Total,,,"))
    drop.ingest()
    assert stopped(drop, "crimes.csv", crimes(GOOD, OTHER)) == (
        "crimes.csv: its last line should begin with Total, and does not: the file is cut short. "
        "Nothing was loaded: ask for it again."
    )
