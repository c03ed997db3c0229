"""What the analyst is told of a fault: the sentence that stops a run, or the rows of the quarantine."""

import pytest

from pipeline.errors import ExtractError
from tests.unit.ingest.drop import Drop, crimes

GOOD = "a,2024-01,Burglary,D1"
OTHER = "b,2024-01,Robbery,D2"


def stopped(drop: Drop, name: str, content: bytes | str) -> str:
    """The sentence with which a file is refused; what was there before it must stay as it was."""
    if not drop.workspace.warehouse.exists():
        drop.put("crimes_0_before.csv", crimes("before,2023-12,Burglary,D1"))
        drop.ingest()
    before = drop.workspace.warehouse.read_bytes()
    drop.put(name, content)
    with pytest.raises(ExtractError) as error:
        drop.ingest()
    assert error.value.exit_code == 11
    assert drop.workspace.warehouse.read_bytes() == before
    assert [path.name for path in drop.workspace.curated.iterdir()] == [drop.workspace.warehouse.name]
    return str(error.value)


def quarantined(drop: Drop) -> list[str]:
    """`line: column: reason` of every refused row, as `assessment ingest` prints it."""
    rows = drop.rows('SELECT line, "column", reason FROM quarantine ORDER BY line, "column"')
    return [f"{row['line']}: {row['column']}: {row['reason']}" for row in rows]


def references(drop: Drop) -> list[str]:
    """The crimes that were loaded."""
    return [row["crime_ref"] for row in drop.rows("SELECT crime_ref FROM crimes ORDER BY crime_ref")]
