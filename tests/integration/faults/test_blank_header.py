"""A column without a name."""

from tests.integration.faults.told import GOOD, stopped
from tests.unit.ingest.drop import CRIMES, HEADER, Drop

BLANK = f"{HEADER},\n{GOOD},x\n"


def test_blank_header(drop: Drop) -> None:
    assert stopped(drop, "crimes.csv", BLANK) == (
        "crimes.csv: column 5 of its header has no name. Ask which column it is; if it is not wanted, "
        'add "" under `crimes: ignored:` in config/sources.yaml.'
    )


def test_blank_header_that_is_known_not_to_matter(drop: Drop) -> None:
    drop.sources = {"crimes": {**CRIMES, "ignored": [""]}}
    drop.put("crimes.csv", BLANK)
    assert drop.account().extra_columns == ()
