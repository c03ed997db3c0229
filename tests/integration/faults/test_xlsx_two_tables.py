"""A second table on the same sheet, below or beside the first."""

from tests.integration.faults.made import HEADER, ROW, workbook
from tests.integration.faults.told import references, stopped
from tests.unit.ingest.drop import CRIMES, Drop


def test_second_table_below_with_the_same_header(drop: Drop) -> None:
    made = drop.root / "made.xlsx"
    workbook(made, HEADER, ROW, [], HEADER, ["b", *ROW[1:]])
    assert stopped(drop, "crimes.xlsx", made.read_bytes()) == SECOND.format(row=4)


def test_second_table_below_with_another_header(drop: Drop) -> None:
    columns = {**CRIMES["columns"], "quantity": "Crimes"}
    drop.sources = {"crimes": {**CRIMES, "columns": columns}}
    drop.put("crimes_0_before.csv", ",".join([*HEADER, "Crimes"]) + "\nx,2024-01,Burglary,D1,1\n")
    drop.ingest()
    made = drop.root / "made.xlsx"
    second = (["Ward", "", "", "", "People"], ["North", "", "", "", 9])
    workbook(made, [*HEADER, "Crimes"], [*ROW, 3], [], *second)
    assert stopped(drop, "crimes.xlsx", made.read_bytes()) == SECOND.format(row=4)


def test_first_of_two_tables_by_declaration(drop: Drop) -> None:
    drop.sources = {"crimes": {**CRIMES, "sheets": [{"last_row": 2}]}}
    workbook(drop.incoming / "crimes.xlsx", HEADER, ROW, [], HEADER, ["b", *ROW[1:]])
    drop.ingest()
    assert references(drop) == ["a"]


def test_second_table_beside(drop: Drop) -> None:
    made = drop.root / "made.xlsx"
    workbook(made, [*HEADER, "", "Ward"], [*ROW, "", "North"], ["b", *ROW[1:], "x", "South"])
    assert stopped(drop, "crimes.xlsx", made.read_bytes()) == (
        "crimes.xlsx: sheet Data: column E has values and no header in row 1. Ask which column it is; if it "
        'is not wanted, add "" to `ignored` of its source in config/sources.yaml.'
    )


SECOND = (
    "crimes.xlsx: sheet Data: row {row} looks like the header of a second table. If it is one, give it a "
    "sheet of its own, or declare both under `sheets:` with `header_row:` and `last_row:` in "
    "config/sources.yaml; if it is none, take out the blank row above it."
)
