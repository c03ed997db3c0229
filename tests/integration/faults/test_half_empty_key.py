"""A row with part of its key, or without a column that its source requires."""

from tests.integration.faults.told import quarantined
from tests.unit.ingest.drop import CRIMES, HEADER, Drop

KEYED = {
    "crimes": {
        **CRIMES,
        "columns": {**CRIMES["columns"], "offence": "Offence"},
        "key": ["crime_ref", "offence"],
    }
}
ROWS = (
    "a,2024-01,Burglary,D1,8N",
    "b,2024-01,Burglary,D1,",
    ",2024-01,Burglary,D1,8N",
    ",2024-01,Burglary,D1,",
)


def test_a_row_with_part_of_its_key_is_loaded_and_flagged(drop: Drop) -> None:
    drop.sources = KEYED
    drop.put("crimes.csv", "\n".join((f"{HEADER},Offence", *ROWS)) + "\n")
    account = drop.account()
    assert (account.loaded, account.quarantined) == (4, 0)
    (flag,) = (flag for flag in account.flags if flag[1] == "key")
    reason = "part of its key is empty, so it is not recognised when it comes again"
    assert flag == ("Reference, Offence", "key", reason, 2)
    lines = drop.rows("SELECT line FROM flagged WHERE rule = 'key' ORDER BY line")
    assert [row["line"] for row in lines] == [3, 4]


def test_a_source_may_require_its_key(drop: Drop) -> None:
    columns = {**CRIMES["columns"], "crime_ref": {"from": "Reference", "required": True}}
    drop.sources = {"crimes": {**CRIMES, "columns": columns}}
    drop.put("crimes.csv", f"{HEADER}\na,2024-01,Burglary,D1\n,2024-01,Burglary,D1\n")
    assert drop.account().loaded == 1
    assert quarantined(drop) == ["3: Reference: empty, and every record must have it"]
