"""Codes that are not those of the names beside them are caught and not used; the names find the areas."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipeline.errors import ExtractError
from tests.unit.ingest.drop import CRIMES, Drop, crimes

WARDS: dict[str, Any] = {
    "title": "Wards", "supplier": "ONS", "files": ["wards.csv"], "contract": "geography",
    "columns": {"ward_code": "Code", "ward_name": "Name", "district_code": "District"},
    "key": ["ward_code"],
}  # fmt: skip
PEOPLE: dict[str, Any] = {
    "title": "Residents", "supplier": "ONS", "files": ["people.csv"], "contract": "population",
    "columns": {
        "area_code": "Code", "area_name": "Name", "district_code": "District",
        "year": {"constant": 2020}, "residents": "Residents",
    },
    "key": ["area_code", "year"],
    "geography": "wards",
}  # fmt: skip
KNOWN = "Code,Name,District\nE05001321,Bilston East,E08000031\nE05001322,Bilston North,E08000031\n"
KNOWN += "E05001335,St Peter's,E08000031\nE05000900,Park,E08000030\nE05001333,Park,E08000031\n"
RIGHT = [
    "E05001321,Bilston East,E08000031,10",
    "E05001322,Bilston north,E08000031,20",
    "E05001335,St. Peters,E08000031,30",
    "E05001333,Park,E08000031,40",
    "E05009999,Elsewhere,E08000099,50",
]


def people(*rows: str) -> str:
    return "\n".join(("Code,Name,District,Residents", *rows)) + "\n"


@pytest.fixture
def wards(drop: Drop) -> Drop:
    drop.sources = {"crimes": CRIMES, "wards": WARDS, "people": PEOPLE}
    drop.put("crimes.csv", crimes("a,2024-01,Burglary,D1"))
    drop.put("wards.csv", KNOWN)
    return drop


def test_right_codes_are_taken_however_the_names_are_written(wards: Drop) -> None:
    wards.put("people.csv", people(*RIGHT))
    wards.ingest()
    assert wards.rows("SELECT count(*) AS n, sum(residents) AS residents FROM people") == [
        {"n": 5, "residents": 150}
    ]


def test_one_wrong_code_is_quarantined_with_its_line(wards: Drop) -> None:
    wards.put("people.csv", people("E05001322,Bilston East,E08000031,10", *RIGHT[1:]))
    wards.ingest()
    assert wards.rows('SELECT line, "column", rule, reason FROM quarantine') == [
        {
            "line": 2, "column": "Code", "rule": "area",
            "reason": "its code and its name are not those of one area in wards",
        }
    ]  # fmt: skip
    assert wards.rows("SELECT sum(residents) AS n FROM people") == [{"n": 140}]


def test_an_unknown_code_beside_a_known_name_is_quarantined(wards: Drop) -> None:
    wards.put("people.csv", people("E05001009,Bilston East,E08000031,10", *RIGHT[1:]))
    wards.ingest()
    assert wards.rows("SELECT line, rule FROM quarantine") == [{"line": 2, "rule": "area"}]


def test_a_corrupt_column_of_codes_stops_the_file(wards: Drop) -> None:
    """The codes moved by some rows, as they do when a spreadsheet fills them down."""
    wards.put("people.csv", people(*(f"E0500100{n},{row.split(',', 1)[1]}" for n, row in enumerate(RIGHT))))
    with pytest.raises(ExtractError) as error:
        wards.ingest()
    assert str(error.value) == (
        "people.csv: the codes under 'Code' are not those of the names under 'Name': of 4 rows with an area "
        "that wards has, 4 have the code or the name of another. Do not use the codes: find the areas by "
        "name (`area_code: {from: Name, by_name: ward}`, with `district_code`), or ask the supplier for the "
        "file again."
    )
    assert not wards.workspace.warehouse.exists()


def test_names_find_the_codes_within_their_district(wards: Drop) -> None:
    columns = PEOPLE["columns"] | {"area_code": {"from": "Name", "by_name": "ward"}}
    wards.sources["people"] = PEOPLE | {"columns": columns}
    wards.put("people.csv", people(*(f"E0500100{n},{row.split(',', 1)[1]}" for n, row in enumerate(RIGHT))))
    wards.ingest()
    found = wards.rows("SELECT area_code, residents FROM people ORDER BY residents")
    assert [(row["area_code"], row["residents"]) for row in found] == [
        ("E05001321", 10), ("E05001322", 20), ("E05001335", 30), ("E05001333", 40)
    ]  # fmt: skip
    assert wards.rows('SELECT line, "column", reason FROM quarantine') == [
        {"line": 6, "column": "Name", "reason": "not the name of one ward of its district in wards"}
    ]


def test_a_geography_that_has_not_come_is_asked_for(wards: Drop) -> None:
    (wards.incoming / "wards.csv").unlink()
    wards.put("people.csv", people(*RIGHT))
    with pytest.raises(ExtractError, match="source wards has no delivery"):
        wards.ingest()


SMALL: dict[str, Any] = {"like": "ons_geography_2021", "files": ["LSOA_*"]}
LOOKUP = """\
LSOA21CD,LSOA21NM,LSOA21NMW,WD24CD,WD24NM,WD24NMW,LAD24CD,LAD24NM,LAD24NMW,ObjectId
E01000001,A,,E05001321,Bilston East,,E08000031,Wolverhampton,,1
"""


def test_names_of_a_lookup_from_small_areas_serve_too(wards: Drop) -> None:
    (wards.incoming / "wards.csv").unlink()
    wards.sources["wards"] = SMALL
    wards.put("LSOA_lookup.csv", LOOKUP)
    wards.put("people.csv", people(RIGHT[0], "E05001009,Bilston East,E08000031,10", *RIGHT[3:]))
    wards.ingest()
    assert wards.rows("SELECT line, rule FROM quarantine") == [{"line": 3, "rule": "area"}]
    assert wards.rows("SELECT sum(residents) AS n FROM people") == [{"n": 100}]


GEOGRAPHY: dict[str, Any] = {
    "title": "Wards of 2020", "supplier": "ONS", "files": ["E0*.json.gz"], "contract": "geography",
    "columns": {"ward_code": "WD13CD", "ward_name": "WD13NM", "district_code": {"constant": "E08000031"}},
    "ignored": ["WD13CDO", "WD13NMW", "geometry"],
    "key": ["ward_code"],
}  # fmt: skip
WOLVERHAMPTON = {"LA Code (2021 boundaries)": ["E08000031"]}


def published(drop: Drop, open_data: Path, **people: Any) -> Drop:
    drop.sources = {
        "crimes": CRIMES,
        "wards": GEOGRAPHY,
        "people": {
            "like": "ons_population_wards", "geography": "wards", "rows": WOLVERHAMPTON, **people
        },
    }  # fmt: skip
    drop.put("crimes.csv", crimes("a,2024-01,Burglary,D1"))
    for file in (
        open_data / "population" / "Mid-2020 Persons-Table 1.csv.gz",
        open_data / "boundaries" / "ward_pre2023" / "E08000031.json.gz",
    ):
        drop.put(file.name, file.read_bytes())
    return drop


def test_published_ward_population_is_placed_by_name(drop: Drop, open_data: Path) -> None:
    """The table of 2020 has a corrupt column of codes; its wards add up to the district all the same."""
    published(drop, open_data).ingest()
    assert drop.rows("SELECT count(*) AS wards, sum(residents) AS residents FROM people") == [
        {"wards": 20, "residents": 264_407}
    ]
    assert drop.rows(
        "SELECT residents, under_25 FROM people p JOIN wards w ON w.ward_code = p.area_code "
        "WHERE ward_name = 'Bilston East'"
    ) == [{"residents": 14_933, "under_25": bilston_east_under_25(open_data)}]


def bilston_east_under_25(open_data: Path) -> int:
    table = pd.read_csv(
        open_data / "population" / "Mid-2020 Persons-Table 1.csv.gz", skiprows=4, thousands=","
    )
    own = table[table["LA Code (2021 boundaries)"] == "E08000031"].set_index("Ward Name 1")
    return sum(int(own[str(age)]["Bilston East"]) for age in range(25))


def test_published_ward_population_is_refused_by_its_codes(drop: Drop, open_data: Path) -> None:
    with pytest.raises(ExtractError, match="of 20 rows with an area that wards has, 20 have the code"):
        published(drop, open_data, columns={"area_code": {"from": "Ward Code 1"}}).ingest()
