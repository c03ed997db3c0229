"""Two versions of a month in one drop: the order of their names does not decide which is right."""

import pytest

from pipeline.errors import ExtractError
from tests.integration.faults.told import GOOD, OTHER, references
from tests.unit.ingest.drop import Drop, crimes


def test_nothing_says_which_is_right(drop: Drop) -> None:
    drop.put("CORRECTED crimes.csv", crimes(GOOD))
    drop.sources["crimes"] = drop.sources["crimes"] | {"files": ["*crimes*"]}
    drop.put("crimes.csv", crimes(GOOD, OTHER.replace("D2", "D1")))
    with pytest.raises(ExtractError) as error:
        drop.ingest()
    assert str(error.value).startswith(
        "CORRECTED crimes.csv and crimes.csv both hold 2024-01 of D1 and came at the same moment, so nothing "
        "says which of them is right. Next: name both in a file received.csv"
    )
    assert not drop.workspace.warehouse.exists()


def test_the_days_on_which_they_came_say_it(drop: Drop) -> None:
    drop.sources["crimes"] = drop.sources["crimes"] | {"files": ["*crimes*"]}
    drop.put("CORRECTED crimes.csv", crimes(GOOD))
    drop.put("crimes.csv", crimes(GOOD, OTHER.replace("D2", "D1")))
    drop.put("received.csv", "file,received\nCORRECTED crimes.csv,2024-03-02\ncrimes.csv,2024-03-01\n")
    drop.ingest()
    assert references(drop) == ["a"]
