"""Workbooks, maps, tables with titles above the header, surveys, references, places."""

import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from pipeline.errors import ExtractError, UsageError
from pipeline.ingest import reading
from tests.unit.ingest.drop import CRIMES, Drop, crimes

GEOGRAPHY: dict[str, Any] = {
    "title": "Small areas",
    "supplier": "ONS",
    "files": ["areas.csv"],
    "contract": "geography",
    "columns": {
        "lsoa_code": "LSOA", "ward_code": "Ward", "ward_name": "Ward Name",
        "district_code": "District", "district_name": "District Name",
    },
    "key": ["lsoa_code"],
}  # fmt: skip
AREAS = (
    "LSOA,Ward,Ward Name,District,District Name\nL1,W1,North,D1,One\nL2,W1,North,D1,One\nL3,W2,South,D2,Two\n"
)


def year(number: int) -> dict[str, str]:
    return {"period_start": f"{number}-01-01", "period_end": f"{number + 1}-01-01"}


TABLE: dict[str, Any] = {
    "title": "Published table",
    "supplier": "ONS",
    "files": ["table.*"],
    "contract": "returns",
    "sheets": [
        {"sheet": "Table C2", "header_row": 4, "constants": year(2024)},
        {"sheet": "Table C5", "header_row": 4, "constants": year(2023)},
    ],
    "columns": {"area_code": "Area code"},
    "unpivot": {
        "missing": ["[x]"],
        "items": {"total": "Total crime (excluding fraud)", "robbery": "Robbery"},
    },
    "present": ["Area code"],
    "key": ["item", "area_code", "period_start", "period_end"],
}  # fmt: skip


def workbook(path: Path, sheets: dict[str, list[list[Any]]]) -> None:
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)


def titled(*rows: list[Any]) -> list[list[Any]]:
    header = ["Force code", "Area\n code", "Total crime\n (excluding fraud)", "Robbery "]
    return [["Table: a title"], [], ["Source: somebody"], header, *rows]


def test_published_table_with_titles_subtotals_and_missing_figures(drop: Drop) -> None:
    drop.sources = {"table": TABLE}
    drop.main_source = "table"
    sheets = {
        "Notes": [["nothing"]],
        "Table C2 ": titled(["F1", "", 300, 30], ["F1", "D1", 100, "[x]"], ["F1", "D2", "1,200 ", 20]),
        "Table C5": titled(["F1", "D1", 90, 9]),
    }
    workbook(drop.incoming / "table.xlsx", sheets)
    (accounting,) = drop.ingest().accounting
    assert (accounting.read, accounting.loaded, accounting.set_aside) == (6, 6, 2)
    rows = drop.rows("SELECT item, area_code, period_start, value FROM 'table' ORDER BY ALL")
    assert [(r["item"], r["area_code"], r["period_start"].year, r["value"]) for r in rows] == [
        ("robbery", "D1", 2023, 9.0),
        ("robbery", "D1", 2024, None),
        ("robbery", "D2", 2024, 20.0),
        ("total", "D1", 2023, 90.0),
        ("total", "D1", 2024, 100.0),
        ("total", "D2", 2024, 1200.0),
    ]


def test_text_table_with_titles_and_line_breaks_in_its_header(drop: Drop) -> None:
    drop.sources = {"table": {**TABLE, "sheets": [{**TABLE["sheets"][0], "sheet": None, "header_row": 3}]}}
    drop.main_source = "table"
    drop.put(
        "table.csv",
        '"Table, with notes",,,\nSource,,,\n'
        'Force code,"Area\n code","Total crime\n (excluding fraud)",Robbery\n'
        'F1,,"1,300 ",30 \nF1,D1,"1,100 ",10 \n',
    )
    (accounting,) = drop.ingest().accounting
    lines = (
        accounting.physical_lines,
        accounting.preamble_lines,
        accounting.header_lines,
        accounting.record_lines,
    )
    assert lines == (7, 2, 3, 2)
    assert drop.rows("SELECT value FROM 'table' WHERE item = 'total'") == [{"value": 1100.0}]


def test_workbook_without_the_declared_sheet(drop: Drop) -> None:
    drop.sources = {"table": TABLE}
    drop.main_source = "table"
    workbook(drop.incoming / "table.xlsx", {"Sheet1": titled()})
    with pytest.raises(ExtractError, match="there is no sheet 'Table C2'; it has: Sheet1"):
        drop.ingest()


def test_damaged_workbook(drop: Drop) -> None:
    drop.sources = {"table": TABLE}
    drop.main_source = "table"
    drop.put("table.xlsx", b"PK\x03\x04 and no more")
    with pytest.raises(ExtractError, match="damaged"):
        drop.ingest()


def test_map_keeps_its_outlines(drop: Drop) -> None:
    outline = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}
    feature = {
        "type": "Feature",
        "properties": {"CODE": "W1", "NAME": "North", "FID": 1},
        "geometry": outline,
    }
    drop.sources["wards"] = {
        "title": "Wards", "supplier": "ONS", "files": ["wards.geojson"], "contract": "boundaries",
        "columns": {"area_code": "CODE", "area_name": "NAME", "geometry": "geometry"},
    }  # fmt: skip
    drop.put("wards.geojson", json.dumps({"type": "FeatureCollection", "features": [feature]}))
    drop.put("crimes.csv", crimes("a,2024-01,Burglary,D1"))
    drop.ingest()
    (row,) = drop.rows("SELECT * FROM wards")
    assert (row["area_code"], json.loads(row["geometry"])) == ("W1", outline)


def test_small_areas_place_rows_and_the_suppliers_own_district_wins(drop: Drop) -> None:
    columns = {**CRIMES["columns"], "lsoa_code": "LSOA"}
    drop.sources = {"areas": GEOGRAPHY, "crimes": {**CRIMES, "columns": columns, "geography": "areas"}}
    drop.put("areas.csv", AREAS)
    drop.put(
        "crimes.csv",
        "Reference,Month,Category,District,LSOA\n"
        "a,2024-01,Burglary,,L1\nb,2024-01,Burglary,D2,L1\nc,2024-01,Burglary,,\nd,2024-01,Burglary,,L9\n",
    )
    accounting = {a.source: a for a in drop.ingest().accounting}["crimes"]
    rows = drop.rows("SELECT crime_ref, district_code, ward_code FROM crimes ORDER BY crime_ref")
    assert [tuple(row.values()) for row in rows] == [
        ("a", "D1", "W1"), ("b", "D2", "W1"), ("c", None, None), ("d", None, None),
    ]  # fmt: skip
    assert accounting.without_place == 2


def test_missing_geography_stops(drop: Drop) -> None:
    drop.sources = {"areas": GEOGRAPHY, "crimes": {**CRIMES, "geography": "areas"}}
    drop.put("crimes.csv", crimes("a,2024-01,Burglary,D1"))
    with pytest.raises(ExtractError, match="areas has no delivery, and crimes is placed"):
        drop.ingest()


def test_population_of_small_areas_adds_up_to_wards(drop: Drop) -> None:
    drop.sources |= {
        "areas": GEOGRAPHY,
        "people": {
            "title": "Residents", "supplier": "ONS", "files": ["people.csv"], "contract": "population",
            "columns": {"area_code": "LSOA", "year": {"constant": 2021}, "residents": "Residents"},
            "geography": "areas", "roll_up": "ward",
        },
    }  # fmt: skip
    drop.put("areas.csv", AREAS)
    drop.put("people.csv", "LSOA,Residents\nL1,10\nL2,20\nL3,5\n")
    drop.put("crimes.csv", crimes("a,2024-01,Burglary,D1"))
    drop.ingest()
    assert [tuple(row.values()) for row in drop.rows("SELECT * EXCLUDE known_from FROM people")] == [
        ("W1", "North", 2021, 30.0), ("W2", "South", 2021, 5.0),
    ]  # fmt: skip


def test_references_are_keyed_hashes_and_the_secret_is_needed(drop: Drop) -> None:
    columns = {**CRIMES["columns"], "victim_ref": {"from": "Victim", "hashed": True}}
    drop.sources = {"crimes": {**CRIMES, "columns": columns}}
    drop.put(
        "crimes.csv",
        "Reference,Month,Category,District,Victim\na,2024-01,Burglary,D1,VIC-007\nb,2024-01,Burglary,D1,\n",
    )
    with pytest.raises(UsageError, match="secret is missing"):
        drop.ingest()
    drop.workspace.make_secret()
    drop.ingest()
    expected = hmac.new(drop.workspace.secret(), b"reference:VIC-007", hashlib.sha256).hexdigest()
    refs = drop.rows("SELECT victim_ref FROM crimes ORDER BY crime_ref")
    assert [row["victim_ref"] for row in refs] == [expected, None]
    assert b"VIC-007" not in drop.workspace.warehouse.read_bytes()


def test_another_secret_is_another_warehouse_where_references_are_hashed(drop: Drop) -> None:
    columns = {**CRIMES["columns"], "victim_ref": {"from": "Victim", "hashed": True}}
    drop.put("crimes.csv", "Reference,Month,Category,District,Victim\na,2024-01,Burglary,D1,VIC-007\n")
    digests = []
    for hashed in (True, False):
        drop.sources = {"crimes": {**CRIMES, "columns": columns if hashed else CRIMES["columns"]}}
        for _ in range(2):
            drop.workspace.secret_file.unlink(missing_ok=True)
            drop.workspace.make_secret()
            deliveries = drop.ingest()
            digests.append(deliveries.warehouse_digest)
            if hashed:
                expected = hmac.new(drop.workspace.secret(), b"reference:VIC-007", hashlib.sha256).hexdigest()
                assert drop.rows("SELECT victim_ref FROM crimes") == [{"victim_ref": expected}]
    assert digests[0] != digests[1]
    assert digests[2] == digests[3]


@pytest.mark.parametrize("last", ["Yes", "Perhaps"])
def test_source_may_have_more_row_rules_than_a_number_has_bits(drop: Drop, last: str) -> None:
    questions = {f"q{n}": {"from": f"Q{n}", "allowed": ["Yes", "No"]} for n in range(130)}
    survey = {
        "title": "Survey", "supplier": "Partnership", "files": ["survey*.csv"], "contract": "responses",
        "columns": {"respondent": "Id", "completed_on": "Day", "weight": "Weight", **questions},
    }  # fmt: skip
    drop.sources["survey"] = survey
    drop.put("crimes.csv", crimes("a,2024-01,Burglary,D1"))
    header = ",".join(["Id", "Day", "Weight", *(f"Q{n}" for n in range(130))])
    answers = ["Yes"] * 129
    drop.put(
        "survey.csv",
        "\n".join([header, ",".join(["1", "2022-10-01", "1", *answers, "No"]),
                   ",".join(["2", "2022-10-01", "1", *answers, last])]) + "\n",
    )  # fmt: skip
    drop.ingest()
    found = drop.rows('SELECT line, "column", rule FROM quarantine')
    assert found == ([] if last == "Yes" else [{"line": 3, "column": "Q129", "rule": "values"}])


SURVEY: dict[str, Any] = {
    "title": "Survey", "supplier": "Partnership", "files": ["survey*.csv"], "contract": "responses",
    "columns": {
        "respondent": "Id", "completed_on": "Day", "weight": "Weight",
        "safe": {"from": "Safe", "allowed": ["Yes", "No"], "empty": ["Don't know"]},
    },
    "key": ["wave", "respondent"],
    "waves": {
        "2022": {"start": "2022-10-01", "end": "2022-11-30"},
        "2023": {"start": "2023-10-01", "end": "2023-11-30"},
    },
}  # fmt: skip


def test_survey_answers_fall_into_waves_and_unknown_ones_are_null(drop: Drop) -> None:
    drop.sources["survey"] = SURVEY
    drop.put("crimes.csv", crimes("a,2024-01,Burglary,D1"))
    drop.put(
        "survey.csv",
        "Id,Day,Weight,Safe\n"
        "1,2022-10-01,0.5,Yes\n"
        "1,2023-11-30,1.5,Don't know\n"
        "2,2023-01-15,1,No\n"
        "3,2023-10-09,inf,No\n",
    )
    accounting = {a.source: a for a in drop.ingest().accounting}["survey"]
    rows = drop.rows("SELECT respondent, wave, weight, safe FROM survey ORDER BY wave")
    assert [tuple(row.values()) for row in rows] == [("1", "2022", 0.5, "Yes"), ("1", "2023", 1.5, None)]
    assert accounting.quarantined == 2
    faults = drop.rows('SELECT line, "column", rule FROM quarantine ORDER BY line')
    assert [tuple(row.values()) for row in faults] == [(4, "Day", "wave"), (5, "Weight", "type")]


def test_numbers_times_last_days_and_years_apart(drop: Drop) -> None:
    drop.sources = {
        "crimes": {
            **CRIMES,
            "columns": {
                "month": {"from": "Month", "year_from": "Year"},
                "quantity": "Count",
                "committed_hour": {"from": "Time", "time_format": "%H:%M"},
                "recorded_on": {"from": "Last day", "date_format": "%d/%m/%Y", "plus_days": 1},
            },
            "key": [],
        }
    }
    drop.put(
        "crimes.csv",
        "Year,Month,Count,Time,Last day\n"
        "2024,2,3,23:59,31/12/2023\n"
        "2024,13,1,,\n"
        "2024,3,1.5,,\n"
        "2024,3,1,25:00,\n"
        "24,3,1,,\n",
    )
    drop.ingest()
    (row,) = drop.rows("SELECT * EXCLUDE known_from FROM crimes")
    assert {name: str(value) for name, value in row.items()} == {
        "recorded_on": "2024-01-01", "committed_hour": "23", "month": "2024-02-01",
        "district_code": "None", "quantity": "3",
    }  # fmt: skip
    faults = drop.rows('SELECT line, "column" FROM quarantine ORDER BY line')
    assert [tuple(f.values()) for f in faults] == [(3, "Month"), (4, "Count"), (5, "Time"), (6, "Month")]


def test_workspace_whose_path_looks_like_a_pattern_is_read_as_fast_as_any(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_read_alone", None)  # the slow way, which must not be needed
    drop = Drop(tmp_path / "x [2] *")
    drop.put("crimes [1]?.csv", crimes("a,2024-01,Burglary,D1"))
    drop.put("crimes 1.csv", crimes("b,2024-02,Burglary,D1"))
    assert [a.loaded for a in drop.ingest().accounting] == [1, 1]
    assert [row["crime_ref"] for row in drop.rows("SELECT crime_ref FROM crimes ORDER BY ALL")] == ["a", "b"]
