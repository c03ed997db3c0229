"""`ingest --propose`: a file of unknown shape becomes a draft that loads as it is and takes the file in."""

import csv
import gzip
import io
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pyarrow as pa
import pytest
import xlsxwriter
from pyarrow import parquet

from pipeline.definitions.yaml_nodes import parse_yaml
from pipeline.errors import ExtractError
from pipeline.ingest.proposing import Proposal, propose
from tests.unit.ingest.drop import Drop

RECEIVED = datetime(2024, 5, 1, tzinfo=UTC)
HEADER = ("Log No", "Date Received", "Type", "District")
DAYS = [date(2024, 1, 1) + timedelta(days=n) for n in range(40)]
ROWS = [(f"L{n:03}", f"{day:%d/%m/%Y}", ("Noise", "Litter")[n % 2], "D1") for n, day in enumerate(DAYS)]


def text_of(rows: Sequence[Sequence[Any]], delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return out.getvalue()


@pytest.fixture
def drop(tmp_path: Path) -> Drop:
    return Drop(tmp_path / "workspace")


def drafted(drop: Drop, path: Path) -> tuple[Proposal, dict[str, Any]]:
    """The proposal, and its source as plain values."""
    made = propose(path, drop.definitions, RECEIVED, drop.root)
    document, issues = parse_yaml(f"version: 1\nsources:\n{made.text}", "draft")
    assert issues == []
    return made, document.plain["sources"][made.source_id]


def taken_in(drop: Drop, path: Path) -> tuple[Proposal, dict[str, Any]]:
    """The same, once the file was ingested by the draft as it is: every record of it is loaded."""
    made, source = drafted(drop, path)
    assert made.trial.stopped == ""
    drop.sources = {made.source_id: source}
    drop.main_source = made.source_id
    deliveries = drop.ingest(RECEIVED)
    assert sum(one.quarantined for one in deliveries.accounting) == made.trial.records - made.trial.sound
    assert sum(one.read for one in deliveries.accounting) == made.trial.records
    return made, source


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("plain.csv", text_of([HEADER, *ROWS]).encode(), {}),
        ("semicolons.csv", text_of([HEADER, *ROWS], ";").encode(), {"delimiter": ";"}),
        ("tabs.txt", text_of([HEADER, *ROWS], "\t").encode(), {"delimiter": "\t"}),
        ("utf16.csv", text_of([HEADER, *ROWS]).encode("utf-16"), {"encoding": "utf-16"}),
        (
            "cp1252.csv",
            text_of([HEADER, *ROWS]).replace("Litter", "Café").encode("cp1252"),
            {"encoding": "cp1252"},
        ),
        ("packed.csv.gz", gzip.compress(text_of([HEADER, *ROWS]).encode()), {}),
        ("titles.csv", text_of([["Calls"], [], HEADER, *ROWS]).encode(), {"sheets": [{"header_row": 3}]}),
        (
            "totals.csv",
            text_of([HEADER, *ROWS, ["Total", "", "", 40]]).encode(),
            {"footer": {"starts_with": ["Total"], "records": "District"}},
        ),
    ],
)
def test_text_files_of_many_shapes(drop: Drop, name: str, content: bytes, expected: dict[str, Any]) -> None:
    made, source = taken_in(drop, drop.put(name, content))
    assert (made.contract, made.trial.records, made.trial.sound) == ("incidents", 40, 40)
    assert source["columns"] | {"category": ""} == {
        "incident_ref": "Log No",
        "category": "",
        "recorded_on": {"from": "Date Received", "date_format": "%d/%m/%Y"},
        "month": {"month_of": "recorded_on"},
        "district_code": source["columns"]["district_code"],
    }
    assert source["key"] == ["incident_ref"]
    told = {"encoding", "delimiter", "sheets", "footer"}
    assert {key: value for key, value in source.items() if key in told} == expected
    assert "all 40 values read as %d/%m/%Y, 19 only so" in unwrapped(made.text)


def test_a_workbook_a_parquet_file_and_an_archive(drop: Drop) -> None:
    book = drop.incoming / "calls.xlsx"
    with xlsxwriter.Workbook(book) as workbook:
        page = workbook.add_worksheet("Calls")
        form = workbook.add_format({"num_format": "dd/mm/yyyy"})
        page.write_row(0, 0, HEADER)
        for number, (reference, _, kind, district) in enumerate(ROWS, 1):
            page.write_row(number, 0, [reference, "", kind, district])
            page.write_datetime(number, 1, datetime.combine(DAYS[number - 1], datetime.min.time()), form)
    made, source = taken_in(drop, book)
    assert source["columns"]["recorded_on"] == "Date Received"
    assert made.trial.sound == 40
    columns: dict[str, Any] = dict(zip(HEADER, zip(*ROWS, strict=True), strict=True))
    table = pa.table(columns | {"Date Received": pa.array(DAYS)})
    parquet.write_table(table, drop.incoming / "calls.parquet")
    made, _ = drafted(drop, drop.incoming / "calls.parquet")
    assert (made.trial.stopped, made.trial.sound) == ("", 40)
    with ZipFile(drop.incoming / "calls.zip", "w") as archive:
        archive.writestr("2024/calls-2024-01.csv", text_of([HEADER, *ROWS]))
        archive.writestr("2024/readme.txt", "no table")
    made, source = drafted(drop, drop.incoming / "calls.zip")
    assert (source["files"], made.trial.sound) == (["calls-*.csv"], 40)
    assert "the archive holds 2 files; looked at the largest, 2024/calls-2024-01.csv" in unwrapped(made.text)


def unwrapped(text: str) -> str:
    return " ".join(text.replace("#", " ").split())


def test_days_and_months_that_could_be_either_way_round(drop: Drop) -> None:
    rows = [("L1", "03/04/2024", "Noise", "D1"), ("L2", "05/06/2024", "Noise", "D1")]
    made, _ = drafted(drop, drop.put("calls.csv", text_of([HEADER, *rows])))
    assert "DECIDE: all 2 values read as %d/%m/%Y, 0 only so; every one could be %m/%d as well" in unwrapped(
        made.text
    )
    american = [(ref, f"{day:%m/%d/%Y}", *rest) for (ref, _, *rest), day in zip(ROWS, DAYS, strict=True)]
    _, source = drafted(drop, drop.put("calls.csv", text_of([HEADER, *american])))
    assert source["columns"]["recorded_on"]["date_format"] == "%m/%d/%Y"


def test_names_of_groups_above_the_headers_and_a_table_beside(drop: Drop) -> None:
    book = drop.incoming / "jobs.xlsx"
    with xlsxwriter.Workbook(book, {"date_1904": True}) as workbook:
        page = workbook.add_worksheet("Jobs")
        form = workbook.add_format({"num_format": "dd/mm/yyyy"})
        page.merge_range("A1:C1", "Job")
        page.merge_range("E1:F1", "Summary")
        page.write_row("A2", ["Job ref", "Date opened", "District", "", "Kind", "Jobs"])
        for number, day in enumerate(DAYS[:9], 2):
            page.write_row(number, 0, [f"J{number}", "", "D1"])
            page.write_datetime(number, 1, datetime.combine(day, datetime.min.time()), form)
        page.write_row("E3", ["Noise", 9])
        page.set_row(4, None, None, {"hidden": True})
    made, source = taken_in(drop, book)
    assert source["sheets"] == [{"header_row": 2}]
    assert (made.trial.records, made.trial.sound) == (9, 9)
    assert "1 of its rows are hidden, and read like the others" in made.text
    assert drop.rows("SELECT min(recorded_on) AS day FROM jobs")[0]["day"] == DAYS[0]


def test_a_quotation_mark_that_is_never_closed(drop: Drop) -> None:
    rows = [["L0", '"01/01/2024', "Noise", "D1"], *ROWS[1:]]
    text = "\n".join(",".join(row) for row in [HEADER, *rows * 2000])
    made, _ = drafted(drop, drop.put("calls.csv", text))
    assert "a quotation mark is out of place or is never closed" in unwrapped(made.text)
    assert made.trial.records == 80_000


PLANTED = {
    "Caller Name": "Zebedee Quillfeather",
    "Info": "zebedee.quillfeather@example.org",
    "Where": "WV1 1SH",
    "Contact No": "07700 900123",
    "DOB": "01/02/1983",
    "NI": "QQ123456C",
    "Home": "14 Quillfeather Street",
    "Log": "the caller Zebedee says that the noise next door goes on until four every night",
    "Notes": "Zebedee",
    "Caller Ref": "P-QUILLFEATHER",
}


def test_personal_data_in_every_column_are_suspected_and_never_printed(drop: Drop) -> None:
    header = [*HEADER, *PLANTED]
    rows = [[*row, *PLANTED.values()] for row in ROWS]
    for number, row in enumerate(rows):
        row[4] = f"Zebedee Quill{chr(ord('a') + number % 26)}feather"
        row[11] = f"{number} {row[11]}"
    drop.workspace.make_secret()
    made, source = taken_in(drop, drop.put("calls.csv", text_of([header, *rows])))
    printed = made.text + str(made)
    for value in ("Zebedee", "Quill", "QUILL", "WV1", "07700", "1983", "QQ123456C", "zebedee"):
        assert value not in printed
    assert set(source["ignored"]) == set(PLANTED) - {"Caller Ref"}
    assert source["columns"]["caller_ref"] == {"from": "Caller Ref", "hashed": True}
    for name, kind in (
        ("Caller Name", "names of people, by the shape of its values"),
        ("Info", "e-mail addresses, by the shape of its values"),
        ("Where", "postcodes, by the shape of its values"),
        ("Contact No", "telephone numbers, by the shape of its values"),
        ("DOB", "dates of birth, by its name"),
        ("Home", "addresses, by the shape of its values"),
        ("Notes", "free text, by its name"),
    ):
        assert f"looks like {kind}: not stored" in unwrapped(made.text), name


def test_a_file_without_headers_is_refused_without_its_first_record(drop: Drop) -> None:
    path = drop.put("calls.csv", text_of(ROWS))
    with pytest.raises(ExtractError) as error:
        propose(path, drop.definitions, RECEIVED, drop.root)
    assert str(error.value) == (
        "calls.csv: none of its first lines looks like a line of headers with records below it. Ask the "
        "supplier for the file with one name above each column."
    )


POLICE = ("URN", "HO Code", "Recorded Date", "Victim Seq", "Victim Age", "Suspect Seq", "Offender Sex")


def test_a_police_file_of_crime_by_victim_by_suspect_is_split(drop: Drop) -> None:
    rows: list[tuple[object, ...]] = []
    for crime in range(30):
        victims, suspects = 1 + crime % 3, crime % 2
        for victim in range(1, victims + 1):
            for suspect in range(1, max(1, suspects) + 1):
                about = (suspect, "Male") if suspects else ("", "")
                rows.append((f"20X/{crime}", "8N", f"{DAYS[crime]:%d-%b-%Y}", victim, 20 + crime, *about))
    rows.append(
        ("20X/29", "1", f"{DAYS[29]:%d-%b-%Y}", 1, 49, 1, "Male")
    )  # a second offence of one reference
    made, source = taken_in(drop, drop.put("extract 2024-01.csv", text_of([POLICE, *rows])))
    assert source["key"] == ["crime_ref", "offence"]
    assert source["grain"] == ["Victim Seq", "Suspect Seq"]
    assert f"{len(rows)} rows, 31 distinct by URN and HO Code" in unwrapped(made.text)
    name = made.source_id
    counted = {
        table: drop.rows(f'SELECT count(*) AS n FROM "{table}"')[0]["n"]
        for table in (name, f"{name}_victims", f"{name}_suspects")
    }
    assert counted == {name: 31, f"{name}_victims": 61, f"{name}_suspects": 16}


def test_wide_areas_by_name_take_the_codes_of_the_partnership(drop: Drop) -> None:
    drop.districts = ("D1", "D2")
    rows = [(ref, day, kind, ("D1", "D2", "Elsewhere")[n % 3]) for n, (ref, day, kind, _) in enumerate(ROWS)]
    made, source = drafted(drop, drop.put("calls.csv", text_of([HEADER, *rows])))
    assert source["columns"]["district_code"]["values"] == {"D1": "D1", "D2": "D2"}
    assert "DECIDE: 1 of 3 names are not in partnership.yaml; their rows are refused" in unwrapped(made.text)
    assert made.trial.records - made.trial.sound == 13


def test_files_as_their_publishers_make_them(drop: Drop, open_data: Path) -> None:
    made, source = drafted(drop, open_data / "police_street" / "2021-01-south-yorkshire-street.csv.gz")
    assert (source["like"], made.trial.records, made.trial.sound) == ("police_uk_street", 12_398, 12_398)
    made, source = drafted(drop, open_data / "survey" / "csew1314teachingopen.sav")
    assert (made.contract, made.trial.sound) == ("responses", 8_843)
    assert "A bit unsafe" in source["columns"]["walkdark"]["allowed"]
