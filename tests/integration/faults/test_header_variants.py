"""Headers in other case, with outer, hard or invisible spaces: the same columns."""

from tests.integration.faults.told import GOOD
from tests.unit.ingest.drop import Drop


def test_header_variants(drop: Drop) -> None:
    drop.put("crimes.csv", f' REFERENCE,month\u00a0,Cate\u200bgory,"District\n "\n{GOOD}\n')
    assert drop.account().loaded == 1
