"""LSOA codes of 2011 and of 2021 are told apart; what was divided since is not shared out, and told.

        2011                       2021                    ward
        E01000001  unchanged       E01000001               North
        E01000002  split           E01000012, E01000022    both North
        E01000003  split           E01000013, E01000023    North, South
        E01000004  merged  \\
        E01000005  merged  /       E01000045               South
        E01000006  irregular       E01000016               South
"""

from typing import Any

import pytest

from tests.unit.ingest.drop import CRIMES, Drop

OLD: dict[str, Any] = {"like": "ons_geography_2011", "files": ["old.csv"], "geography": "new"}
NEW: dict[str, Any] = {"like": "ons_geography_2021", "files": ["new.csv"]}
STREET: dict[str, Any] = CRIMES | {
    "columns": {k: v for k, v in CRIMES["columns"].items() if k != "district_code"}
    | {"lsoa_code": "LSOA"},
    "geography": "old",
}  # fmt: skip
LOOKUP_2011 = """\
LSOA11CD,LSOA11NM,LSOA21CD,LSOA21NM,CHGIND,LAD22CD,LAD22NM,LAD22NMW,ObjectId
E01000001,A,E01000001,A,U,E08000001,One,,1
E01000002,B,E01000012,B1,S,E08000001,One,,2
E01000002,B,E01000022,B2,S,E08000001,One,,3
E01000003,C,E01000013,C1,S,E08000001,One,,4
E01000003,C,E01000023,C2,S,E08000001,One,,5
E01000004,D,E01000045,DE,M,E08000001,One,,6
E01000005,E,E01000045,DE,M,E08000001,One,,7
E01000006,F,E01000016,F1,X,E08000001,One,,8
"""
LOOKUP_2021 = """\
LSOA21CD,LSOA21NM,LSOA21NMW,WD24CD,WD24NM,WD24NMW,LAD24CD,LAD24NM,LAD24NMW,ObjectId
E01000001,A,,E05000001,North,,E08000001,One,,1
E01000012,B1,,E05000001,North,,E08000001,One,,2
E01000022,B2,,E05000001,North,,E08000001,One,,3
E01000013,C1,,E05000001,North,,E08000001,One,,4
E01000023,C2,,E05000002,South,,E08000001,One,,5
E01000045,DE,,E05000002,South,,E08000001,One,,6
E01000016,F1,,E05000002,South,,E08000001,One,,7
"""
HEADER = "Reference,Month,Category,LSOA\n"


Placed = tuple[str | None, str | None, str | None]


def received(drop: Drop, *codes: str) -> dict[str, Placed]:
    """One crime in each area; where it was placed: LSOA of 2021, ward, district."""
    drop.sources = {"crimes": STREET, "old": OLD, "new": NEW}
    drop.put("old.csv", LOOKUP_2011)
    drop.put("new.csv", LOOKUP_2021)
    rows = "".join(f"r{n},2024-01,Burglary,{code}\n" for n, code in enumerate(codes))
    drop.put("crimes.csv", HEADER + rows)
    drop.ingest()
    placed = drop.rows("SELECT lsoa_code, ward_code, district_code FROM crimes ORDER BY crime_ref")
    found = ((row["lsoa_code"], row["ward_code"], row["district_code"]) for row in placed)
    return dict(zip(codes, found, strict=True))


def notes(drop: Drop) -> tuple[str, ...]:
    (own,) = [one for one in drop.ingest().accounting if one.source == "crimes"]
    assert own.closes
    return own.notes


@pytest.mark.parametrize(
    ("code", "placed"),
    [
        ("E01000001", ("E01000001", "E05000001", "E08000001")),
        ("E01000002", (None, "E05000001", "E08000001")),  # both of its parts lie in one ward
        ("E01000003", (None, None, "E08000001")),
        ("E01000004", ("E01000045", "E05000002", "E08000001")),
        ("E01000005", ("E01000045", "E05000002", "E08000001")),
        ("E01000006", (None, "E05000002", "E08000001")),  # its outline is not that of the area of 2021
    ],
    ids=["unchanged", "split in one ward", "split over two wards", "merged", "merged too", "irregular"],
)
def test_an_area_of_2011(drop: Drop, code: str, placed: Placed) -> None:
    assert received(drop, code) == {code: placed}
    assert drop.rows("SELECT sum(quantity) AS n FROM crimes") == [{"n": 1}]


def test_divided_areas_are_told_and_never_shared_out(drop: Drop) -> None:
    received(drop, "E01000001", "E01000003", "E01000003", "E01000002")
    assert notes(drop) == (
        "3 rows in 2 areas of 2011 that were divided by 2021 (E01000003, E01000002). They count for what all "
        "of their parts lie in, and for no LSOA of 2021",
    )
    assert drop.rows("SELECT count(*) AS n FROM crimes WHERE ward_code IS NULL") == [{"n": 2}]


def test_codes_of_2021_are_told_apart_and_placed(drop: Drop) -> None:
    assert received(drop, "E01000001", "E01000013") == {
        "E01000001": ("E01000001", "E05000001", "E08000001"),
        "E01000013": ("E01000013", "E05000001", "E08000001"),
    }
    assert notes(drop) == ("1 row with a code that only new has: areas that old did not have yet",)


def test_an_unknown_code_is_listed_and_its_row_kept(drop: Drop) -> None:
    assert received(drop, "E01000001", "E01999999")["E01999999"] == (None, None, None)
    assert notes(drop) == (
        "1 row with an LSOA that old does not have (E01999999), so that it places them nowhere. Codes of "
        "another year need the lookup of that year: see docs/how-to/place-crimes-in-wards.md",
    )
    (own,) = [one for one in drop.ingest().accounting if one.source == "crimes"]
    assert (own.loaded, own.without_place) == (2, 1)


def test_what_is_no_code_is_never_shown(drop: Drop) -> None:
    received(drop, "12 High Street", "E01000001")
    assert "High Street" not in " ".join(notes(drop))


PEOPLE: dict[str, Any] = {
    "title": "Residents", "supplier": "ONS", "files": ["people.csv"], "contract": "population",
    "columns": {"area_code": "Area", "year": {"constant": 2020}, "residents": "Residents"},
    "key": ["area_code", "year"], "geography": "old", "roll_up": "ward",
}  # fmt: skip
WEST = "E01000007,G,E01000007,G,U,E08000001,One,,9\n", "E01000007,G,,E05000003,West,,E08000001,One,,8\n"


def test_sums_of_wards_that_share_a_divided_area_are_not_made(drop: Drop) -> None:
    """C was split over North and South: its residents belong to both, so neither has a sum."""
    drop.sources["people"] = PEOPLE
    drop.put("people.csv", "Area,Residents\nE01000001,100\nE01000003,50\nE01000004,10\nE01000007,70\n")
    drop.put("crimes.csv", "Reference,Month,Category,District\na,2024-01,Burglary,D1\n")
    drop.sources |= {"old": OLD, "new": NEW}
    drop.put("old.csv", LOOKUP_2011 + WEST[0])
    drop.put("new.csv", LOOKUP_2021 + WEST[1])
    (people,) = [one for one in drop.ingest().accounting if one.source == "people"]
    assert drop.rows("SELECT area_code, area_name, residents FROM people") == [
        {"area_code": "E05000003", "area_name": "West", "residents": 70}
    ]
    assert people.notes == (
        "1 row in 1 area that lies in several wards (E01000003). They cannot be shared out, so the wards "
        "that hold a part have no sum",
    )
