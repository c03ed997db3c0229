"""Every fault is made for real, one small file each, named after the fault."""

import gzip

import pytest

from pipeline.errors import ExtractError
from tests.unit.ingest.drop import CRIMES, HEADER, Drop, crimes

GOOD = "a,2024-01,Burglary,D1"
OTHER = "b,2024-01,Robbery,D2"


def refused(drop: Drop) -> list[tuple[int, str, str]]:
    rows = drop.rows('SELECT line, "column", rule FROM quarantine ORDER BY line, rule')
    return [(row["line"], row["column"], row["rule"]) for row in rows]


def kept(drop: Drop) -> list[str]:
    rows = drop.rows("SELECT crime_ref FROM crimes ORDER BY crime_ref")
    return [row["crime_ref"] for row in rows]


STRUCTURE = {
    "missing_cell": "c,2024-01,Burglary",
    "unquoted_comma": "c,2024-01,Burglary,D1,extra",
    "stray_quote": 'c,2024-01,Burg"lary,D1',
    "quote_never_closed": '"c,2024-01,Burglary,D1',
    "nul_character": "c,2024-01,Burglary\0,D1",
}


@pytest.mark.parametrize("line", STRUCTURE.values(), ids=STRUCTURE)
def test_unreadable_record_is_quarantined_with_its_line_and_its_neighbours_stay(
    drop: Drop, line: str
) -> None:
    drop.put("crimes.csv", crimes(GOOD, line, OTHER))
    accounting = drop.account()
    assert (accounting.read, accounting.loaded, accounting.quarantined) == (3, 2, 1)
    assert kept(drop) == ["a", "b"]
    assert [line for line, _, _ in refused(drop)] == [3]


VALUES = {
    "day_that_is_not": ("c,2024-13,Burglary,D1", "Month", "type"),
    "serial_date": ("c,45322,Burglary,D1", "Month", "type"),
    "two_digit_year": ("c,24-01,Burglary,D1", "Month", "range"),
    "year_1800": ("c,1800-01,Burglary,D1", "Month", "range"),
    "empty_month": ("c,,Burglary,D1", "Month", "required"),
    "category_variant": ("c,2024-01,burglaries,D1", "Category", "values"),
}


@pytest.mark.parametrize(("line", "column", "rule"), VALUES.values(), ids=VALUES)
def test_value_that_breaks_a_rule_is_quarantined_by_line_column_and_rule(
    drop: Drop, line: str, column: str, rule: str
) -> None:
    drop.put("crimes.csv", crimes(GOOD, "", line, OTHER))
    accounting = drop.account()
    assert (accounting.loaded, accounting.quarantined, accounting.blank_lines) == (2, 1, 1)
    assert refused(drop) == [(4, column, rule)]


def test_quarantine_never_holds_the_value(drop: Drop) -> None:
    drop.put("crimes.csv", crimes(GOOD, "c,2024-01,Jane Doe,D1"))
    drop.ingest()
    assert "Jane" not in str(drop.rows("SELECT * FROM quarantine"))


ONE = f"{HEADER}\n{GOOD}\n"
MANY = crimes(*[f"{n},2024-01,Burglary,D1" for n in range(99)])
STOPS = {
    "zero_bytes": (b"", "empty"),
    "header_only": (f"{HEADER}\n".encode(), "no rows"),
    "cp1252_undeclared": (f"{ONE}b,2024-01,Caf\xe9,D1\n".encode("cp1252"), "byte 69 is not UTF-8"),
    "semicolons": (ONE.replace(",", ";").encode(), "it looks separated by ;"),
    "tabs": (ONE.replace(",", "\t").encode(), "it looks separated by a tab"),
    "renamed_column": (ONE.replace("Category", "Categories").encode(), "did you mean: Categories"),
    "missing_column": (b"Reference,Month,District\na,2024-01,D1\n", "expected: Category"),
    "duplicate_header": (f"{HEADER},Month\n{GOOD},2024-02\n".encode(), "'Month' stands there 2 times"),
    "truncated_gzip": (gzip.compress(MANY.encode())[:-20], "cut short"),
    "damaged_gzip": (b"\x1f\x8b\x08\x00" + b"\xff" * 40, "damaged"),
    "zip_that_is_no_workbook": (b"PK\x03\x04" + b"\0" * 60, "crimes_faulty.csv"),
    "no_header_line": (b"Jane Doe,2024-01,Burglary,D1\nJohn Roe,2024-01,Burglary,D1\n", "line of headers"),
    "every_row_refused": (crimes("a,1/24,Burglary,D1", "b,2/24,Burglary,D1").encode(), "every one of its 2"),
}


@pytest.mark.parametrize(("content", "message"), STOPS.values(), ids=STOPS)
def test_unusable_file_stops_the_ingest_and_the_old_warehouse_stays(
    drop: Drop, content: bytes, message: str
) -> None:
    drop.put("crimes_good.csv", crimes(GOOD))
    drop.ingest()
    before = drop.workspace.warehouse.read_bytes()
    drop.put("crimes_faulty.csv", content)
    with pytest.raises(ExtractError) as stopped:
        drop.ingest()
    assert message in str(stopped.value)
    assert "crimes_faulty.csv" in str(stopped.value)
    assert "Jane" not in str(stopped.value)
    assert drop.workspace.warehouse.read_bytes() == before
    assert {path.name for path in drop.workspace.curated.iterdir()} == {"warehouse.duckdb"}


SAME_ROWS = {
    "crlf": crimes(GOOD, OTHER).replace("\n", "\r\n").encode(),
    "cr": crimes(GOOD, OTHER).replace("\n", "\r").encode(),
    "mixed_line_ends": f"{HEADER}\r\n{GOOD}\n{OTHER}\r".encode(),
    "no_final_newline": crimes(GOOD, OTHER).rstrip("\n").encode(),
    "blank_lines": crimes("", GOOD, "", "", OTHER, "").encode(),
    "rows_without_values": crimes(GOOD, ",,,", OTHER).encode(),
    "byte_order_mark": b"\xef\xbb\xbf" + crimes(GOOD, OTHER).encode(),
    "gzip_named_csv": gzip.compress(crimes(GOOD, OTHER).encode()),
    "two_gzip_members": gzip.compress(crimes(GOOD).encode()) + gzip.compress(f"{OTHER}\n".encode()),
    "quoted_values": crimes('"a",2024-01,"Burglary",D1', OTHER).encode(),
    "header_in_other_case_with_spaces": crimes(GOOD, OTHER).replace("Month", " MONTH\u00a0 ").encode(),
    "outer_spaces": crimes(" a ,2024-01 , Burglary, D1", OTHER).encode(),
}


@pytest.mark.parametrize("content", SAME_ROWS.values(), ids=SAME_ROWS)
def test_other_forms_of_the_same_file_give_the_same_rows(drop: Drop, content: bytes) -> None:
    drop.put("crimes.csv", content)
    accounting = drop.account()
    assert (accounting.read, accounting.loaded, accounting.quarantined) == (2, 2, 0)
    rows = drop.rows("SELECT crime_ref, month, category, district_code FROM crimes ORDER BY crime_ref")
    assert [tuple(map(str, row.values())) for row in rows] == [
        ("a", "2024-01-01", "Burglary", "D1"),
        ("b", "2024-01-01", "Robbery", "D2"),
    ]


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "utf-16"])
def test_declared_encoding_is_honoured(drop: Drop, encoding: str) -> None:
    drop.sources = {"crimes": {**CRIMES, "encoding": encoding}}
    drop.put("crimes.csv", crimes("café,2024-01,Burglary,D1").encode(encoding))
    drop.ingest()
    assert kept(drop) == ["café"]


def test_quoted_line_breaks_count_as_lines_of_one_record(drop: Drop) -> None:
    drop.put("crimes.csv", crimes('"a\nand more",2024-01,Burglary,D1', "c,2024-99,Burglary,D1", OTHER))
    accounting = drop.account()
    assert (accounting.read, accounting.record_lines, accounting.physical_lines) == (3, 4, 5)
    assert refused(drop) == [(4, "Month", "type")]


def test_extra_columns_are_told_and_not_stored(drop: Drop) -> None:
    drop.put("crimes.csv", f"{HEADER},Victim Name\n{GOOD},Jane Doe\n")
    assert drop.account().extra_columns == ("Victim Name",)
    assert b"Jane" not in drop.workspace.warehouse.read_bytes()


def test_altered_raw_file_is_named_with_both_hashes(drop: Drop) -> None:
    drop.put("crimes.csv", crimes(GOOD))
    (extract,) = drop.ingest().extracts
    stored = drop.workspace.raw / extract.sha256 / extract.file_name
    stored.write_bytes(stored.read_bytes().replace(b"D1", b"D2"))
    drop.put("crimes.csv", crimes(OTHER))
    with pytest.raises(ExtractError, match=f"expected sha256 {extract.sha256}, found "):
        drop.ingest()


@pytest.mark.parametrize("damage", ["altered", "gone"])
def test_raw_file_is_restored_by_delivering_it_again(drop: Drop, damage: str) -> None:
    content = crimes(GOOD)
    drop.put("crimes.csv", content).rename(drop.root / "kept.csv")
    (extract,) = drop.ingest(only=("crimes", drop.root / "kept.csv")).extracts
    stored = drop.workspace.raw / extract.sha256 / extract.file_name
    if damage == "gone":
        stored.unlink()
    else:
        stored.write_bytes(stored.read_bytes().replace(b"D1", b"D2"))
    drop.put("crimes_more.csv", crimes(OTHER))
    with pytest.raises(ExtractError, match="Put the file as it was delivered into the drop folder"):
        drop.ingest()
    drop.put("crimes_under_another_name.csv", content)
    assert drop.ingest().new == ("crimes-0002",)
    assert stored.read_text() == content
    assert kept(drop) == ["a", "b"]
