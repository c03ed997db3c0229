"""A stray quotation mark, and another some lines below: by their letter one record, with all between them."""

from typing import Any

import pytest

from pipeline.errors import ExtractError
from tests.integration.faults.told import quarantined, references
from tests.unit.ingest.drop import CRIMES, Drop

HEADER = "Reference,Month,Category,Name,District"
MARK = "a quotation mark is out of place or is never closed"
SOURCE: dict[str, Any] = {
    **CRIMES,
    "columns": {**CRIMES["columns"], "category": "Category"},
    "ignored": ["Name"],
}
BETWEEN = [f"b{n},2024-01,Burglary,Bob Birch,D1" for n in range(3)]


def put(drop: Drop, *lines: str) -> None:
    drop.sources["crimes"] = SOURCE
    drop.put("crimes.csv", "\n".join((HEADER, *lines, "z,2024-02,Robbery,Zoe,D1")) + "\n")


@pytest.mark.parametrize("between", [BETWEEN, []], ids=["some lines apart", "on lines that follow"])
def test_in_a_column_of_codes_what_is_between_them_is_read(drop: Drop, between: list[str]) -> None:
    put(drop, 'a,2024-01,"Theft,Ann Ash,D1', *between, 'c,2024-01,Robbery",Cy Cedar,D1')
    drop.ingest()
    assert references(drop) == [*(line.partition(",")[0] for line in between), "z"]
    assert quarantined(drop) == [f"2: : {MARK}", f"{3 + len(between)}: : {MARK}"]
    assert drop.rows("SELECT * FROM crimes WHERE category LIKE '%Birch%' OR category LIKE '%Ash%'") == []


def test_in_another_column_it_is_told(drop: Drop) -> None:
    put(drop, 'a,2024-01,Theft,"Ann Ash,D1', *BETWEEN, 'c,2024-01,Robbery,Cy Cedar",D1')
    (account,) = drop.ingest().accounting
    assert references(drop) == ["a", "z"]
    (note,) = account.notes
    assert note.startswith(
        "by its quotation marks lines 2 to 6 are one record, of which some read as records"
    )


def test_a_text_over_many_lines_is_one_value(drop: Drop) -> None:
    text = "\n".join(f"line {n} of the notes, with a comma" for n in range(2000))
    put(drop, f'a,2024-01,Theft,"{text}",D1')
    (account,) = drop.ingest().accounting
    assert (account.read, account.loaded, account.notes) == (2, 2, ())
    assert account.record_lines == 2001


def test_two_marks_far_apart_stop_the_file(drop: Drop) -> None:
    many = [f"b{n},2024-01,Burglary,Bob Birch,D1" for n in range(200)]
    put(drop, 'a,2024-01,Theft,"Ann Ash,D1', *many, 'c,2024-01,Robbery,Cy Cedar",D1')
    with pytest.raises(ExtractError) as stopped:
        drop.ingest()
    assert str(stopped.value) == (
        "crimes.csv: by its quotation marks, lines 2 to 203 are one record, and 201 lines of it read as "
        "records by themselves. A mark in line 2 or in line 203 is out of place: ask for the file again, or "
        "correct it."
    )


def test_a_category_over_two_lines_is_a_category(drop: Drop) -> None:
    put(drop, 'a,2024-01,"Theft from\nthe person, or not",Ann,D1')
    (account,) = drop.ingest().accounting
    assert (account.read, account.loaded, account.notes) == (2, 2, ())


def test_a_very_long_value(drop: Drop) -> None:
    put(drop, 'a,2024-01,Theft,"' + "x" * 300_000 + '",D1')
    assert drop.account().loaded == 2
