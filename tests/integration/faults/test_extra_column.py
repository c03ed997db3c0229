"""A column that nobody asked for: told, and stored nowhere."""

from pipeline.cli.words import deliveries_text
from tests.integration.faults.told import GOOD
from tests.unit.ingest.drop import HEADER, Drop


def test_extra_column(drop: Drop) -> None:
    drop.put("crimes.csv", f"{HEADER},Victim Name\n{GOOD},Jane Doe\n")
    told = deliveries_text(drop.ingest())
    assert "crimes.csv: not stored, because crimes does not name them: Victim Name" in " ".join(told.split())
    assert "Jane" not in told
    assert b"Jane" not in drop.workspace.warehouse.read_bytes()
