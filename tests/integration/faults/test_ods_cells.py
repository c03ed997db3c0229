"""ODS: merged cells, rows in a group that is folded away, numbers shown with zeros, percentages."""

from tests.integration.faults.made import HEADER, ROW
from tests.integration.faults.test_ods_workbook import cells, put, row
from tests.integration.faults.told import references, stopped
from tests.unit.ingest.drop import CRIMES, Drop


def typed(kind: str, value: str, shown: str) -> str:
    what = f'office:value-type="{kind}" office:value="{value}"'
    return f"<table:table-cell {what}><text:p>{shown}</text:p></table:table-cell>"


def test_merged_cells_stop_the_file(drop: Drop) -> None:
    merged = cells("Burglary").replace("<table:table-cell", '<table:table-cell table:number-rows-spanned="2"')
    first = f"<table:table-row>{cells('a', '2024-01')}{merged}{cells('D1')}</table:table-row>"
    second = (
        f"<table:table-row>{cells('b', '2024-01')}<table:covered-table-cell/>{cells('D1')}</table:table-row>"
    )
    told = stopped(drop, "crimes.ods", put(drop, row(*HEADER), first, second))
    assert told.startswith(
        "crimes.ods: sheet Data: the cells C2:C3 are merged, so that one value stands for 2 rows"
    )


def test_zeros_are_kept_and_folded_rows_and_percentages_told(drop: Drop) -> None:
    drop.sources["crimes"] = CRIMES | {"columns": {**CRIMES["columns"], "quantity": "Crimes"}}
    seven = f"<table:table-row>{typed('float', '7', '0007')}{cells(*ROW[1:], '1')}</table:table-row>"
    folded = f"<table:table-row>{cells(*ROW)}{typed('percentage', '1', '100%')}</table:table-row>"
    group = f'<table:table-row-group table:display="false">{folded}</table:table-row-group>'
    drop.put("crimes.ods", put(drop, row(*HEADER, "Crimes"), seven, group))
    (account,) = drop.ingest().accounting
    assert references(drop) == ["0007", "a"]
    assert account.notes == (
        "sheet Data: 1 row is hidden and was read like the others, the first is row 3",
        "Crimes: 1 cell is shown as a percentage, the first E3; numbers are read as the workbook holds them: "
        "12.5% is 0.125",
    )
