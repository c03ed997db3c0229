"""Semicolons or tabs: never one wide column."""

import pytest

from tests.integration.faults.told import GOOD, stopped
from tests.unit.ingest.drop import CRIMES, Drop, crimes


@pytest.mark.parametrize(("delimiter", "name"), [(";", ";"), ("\t", "a tab"), ("|", "|")])
def test_other_delimiter(drop: Drop, delimiter: str, name: str) -> None:
    assert stopped(drop, "crimes.csv", crimes(GOOD).replace(",", delimiter)) == (
        f"crimes.csv: its header is one column; it looks separated by {name}. Declare `delimiter:` for its "
        "source in config/sources.yaml."
    )


def test_declared_delimiter(drop: Drop) -> None:
    drop.sources = {"crimes": {**CRIMES, "delimiter": ";"}}
    drop.put("crimes.csv", crimes(GOOD).replace(",", ";"))
    assert drop.account().loaded == 1
