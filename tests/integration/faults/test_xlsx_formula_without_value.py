"""A formula that was never calculated, or ends in an error, is no empty cell."""

import xlsxwriter

from tests.integration.faults.made import HEADER, ROW
from tests.integration.faults.told import quarantined
from tests.unit.ingest.drop import CRIMES, Drop


def test_xlsx_formula_without_value(drop: Drop) -> None:
    columns = {**CRIMES["columns"], "offence": "Offence"}
    drop.sources = {"crimes": {**CRIMES, "columns": columns}}
    with xlsxwriter.Workbook(drop.incoming / "crimes.xlsx") as book:
        page = book.add_worksheet("Data")
        for number, row in enumerate(([*HEADER, "Offence", "Notes"], ROW, ["b", *ROW[1:]], ["c", *ROW[1:]])):
            page.write_row(number, 0, row)
        page.write_formula(1, 4, '="34"&"B"', None, "34B")
        page.write_formula(2, 4, '="34"&"B"', None, "")
        page.write_formula(3, 4, "=VLOOKUP(1,A:A,2)", None, "#N/A")
        page.write_formula(1, 5, "=1+1", None, "")  # in a column that is not wanted
    accounting = drop.account()
    assert (accounting.read, accounting.loaded, accounting.quarantined) == (3, 1, 2)
    advice = "; open the workbook, let it calculate, save it and send it again"
    assert quarantined(drop) == [
        f"3: Offence: cell E3 holds a formula that was never calculated{advice}",
        f"4: Offence: cell E4 holds an error, such as #REF!{advice}",
    ]
    assert drop.rows("SELECT offence FROM crimes") == [{"offence": "34B"}]
