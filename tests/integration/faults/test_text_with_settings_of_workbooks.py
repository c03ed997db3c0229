"""`last_row:` and several `sheets:` say where tables of a workbook are; of a text file they mean nothing."""

import pytest

from pipeline.errors import ExtractError
from tests.integration.faults.told import GOOD
from tests.unit.ingest.drop import CRIMES, Drop, crimes


@pytest.mark.parametrize(
    ("sheets", "key"),
    [([{"last_row": 4}], "`last_row:`"), ([{"sheet": "Crimes"}, {"sheet": "Other"}], "several `sheets:`")],
)
def test_they_are_refused(drop: Drop, sheets: list[dict[str, object]], key: str) -> None:
    drop.sources["crimes"] = CRIMES | {"sheets": sheets}
    drop.put("crimes.csv", crimes(GOOD))
    with pytest.raises(ExtractError) as told:
        drop.ingest()
    assert str(told.value).startswith(
        f"crimes.csv: it is a text file, which has one table to its end, and {key} of source crimes in"
    )
