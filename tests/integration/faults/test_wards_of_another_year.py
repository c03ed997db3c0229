"""Wards that were drawn anew have no counterpart by their codes: only the small area finds the new one."""

import gzip
import json
from pathlib import Path
from typing import Any

import pandas as pd

from tests.unit.ingest.drop import CRIMES, Drop

WARDS: dict[str, Any] = {"like": "ons_geography_2021", "files": ["LSOA_*"]}
LOOKUP = """\
LSOA21CD,LSOA21NM,LSOA21NMW,WD24CD,WD24NM,WD24NMW,LAD24CD,LAD24NM,LAD24NMW,ObjectId
E01000001,A,,E05014001,North,,E08000031,One,,1
E01000002,B,,E05014002,South,,E08000031,One,,2
"""
OWN: dict[str, Any] = CRIMES | {
    "columns": CRIMES["columns"] | {"ward_code": "Ward", "lsoa_code": "LSOA"},
    "geography": "places",
}
HEADER = "Reference,Month,Category,District,Ward,LSOA\n"


def received(drop: Drop, *rows: str) -> list[str | None]:
    drop.sources = {"crimes": OWN, "places": WARDS}
    if not list(drop.incoming.glob("LSOA_*")):
        drop.put("LSOA_lookup.csv", LOOKUP)
    drop.put("crimes.csv", HEADER + "".join(f"r{n},2024-01,Burglary,{row}\n" for n, row in enumerate(rows)))
    drop.ingest()
    return [row["ward_code"] for row in drop.rows("SELECT ward_code FROM crimes ORDER BY crime_ref")]


def test_an_old_ward_becomes_the_ward_of_the_small_area(drop: Drop) -> None:
    wards = received(drop, "E08000031,E05001321,E01000001", "E08000031,E05014002,E01000002")
    assert wards == ["E05014001", "E05014002"]


def test_an_old_ward_without_a_small_area_has_no_new_ward(drop: Drop) -> None:
    assert received(drop, "E08000031,E05001321,", "E08000031,E05014002,") == [None, "E05014002"]
    (own,) = [one for one in drop.ingest().accounting if one.source == "crimes"]
    assert own.notes == (
        "1 row with a ward that places does not have, such as a ward of another year (E05001321). A ward "
        "that was drawn anew has no counterpart by its code: they count for the ward of their small area, "
        "and without one for no ward",
    )
    assert own.loaded == own.read == 2
    assert drop.rows("SELECT count(*) AS n FROM crimes WHERE district_code = 'E08000031'") == [{"n": 2}]


def test_old_wards_of_an_extract_without_small_areas(drop: Drop) -> None:
    columns = {name: how for name, how in OWN["columns"].items() if name != "lsoa_code"}
    drop.sources = {"crimes": OWN | {"columns": columns, "ignored": ["LSOA"]}, "places": WARDS}
    drop.put("LSOA_lookup.csv", LOOKUP)
    drop.put("crimes.csv", f"{HEADER}a,2024-01,Burglary,E08000031,E05001321,\n")
    drop.ingest()
    assert drop.rows("SELECT ward_code, district_code FROM crimes") == [
        {"ward_code": None, "district_code": "E08000031"}
    ]


def test_the_supplier_s_ward_wins_over_that_of_the_small_area(drop: Drop) -> None:
    assert received(drop, "E08000031,E05014002,E01000001") == ["E05014002"]


def test_wolverhampton_before_and_after_2023(drop: Drop, open_data: Path) -> None:
    """Twenty wards before, twenty after, no shared code: crimes coded to the old ones reach no new one."""
    old = gzip.decompress((open_data / "boundaries/ward_pre2023/E08000031.json.gz").read_bytes())
    codes = [feature["properties"]["WD13CD"] for feature in json.loads(old)["features"]]
    (lookup,) = (open_data / "lookups").glob("LSOA_(2021)*")
    places = pd.read_csv(lookup, encoding="utf-8-sig")
    new = set(places[places.LAD24CD == "E08000031"].WD24CD)
    assert (len(codes), len(new), set(codes) & new) == (20, 20, set())
    drop.put(lookup.name, lookup.read_bytes())
    assert received(drop, *(f"E08000031,{code}," for code in codes)) == [None] * 20
    (own,) = [one for one in drop.ingest().accounting if one.source == "crimes"]
    assert own.notes[0].startswith("20 rows with a ward that places does not have")
