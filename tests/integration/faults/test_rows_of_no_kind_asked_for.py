"""The supplier writes a category in another way, and no row of the file is one that the source asks for."""

import pytest

from tests.integration.faults.told import stopped
from tests.unit.ingest.drop import CRIMES, Drop, crimes


@pytest.mark.parametrize("asked", [{"rows": {"Category": ["Burglary"]}}, {"present": ["District"]}])
def test_a_file_of_which_nothing_is_a_record_is_refused(drop: Drop, asked: dict[str, object]) -> None:
    drop.sources["crimes"] = CRIMES | asked
    told = stopped(drop, "crimes_1.csv", crimes("a,2024-01,BURGLARY,", "b,2024-01,burglary,"))
    (key,) = asked
    assert told.startswith(
        f"crimes_1.csv: all of its 2 rows are set aside, because none is what `{key}:` of crimes asks for."
    )


def test_a_source_that_may_deliver_nothing_may_deliver_other_rows_only(drop: Drop) -> None:
    drop.sources["crimes"] = CRIMES | {"rows": {"Category": ["Burglary"]}, "allow_empty": True}
    drop.put("crimes.csv", crimes("a,2024-01,Robbery,D1"))
    account = drop.account()
    assert (account.read, account.set_aside) == (0, 1)
