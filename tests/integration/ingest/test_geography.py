"""From LSOA of 2011 to LSOA of 2021 and wards of 2024, on the published lookups, counted with pandas."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.unit.ingest.drop import Drop

STREET = "2021-01-south-yorkshire-street.csv.gz"
POPULATION = "mid2020_lsoa11_single_year_of_age.csv.gz"
SOURCES: dict[str, dict[str, Any]] = {
    "crimes": {"like": "police_uk_street", "geography": "lsoa_2011"},
    "lsoa_2011": {"like": "ons_geography_2011", "geography": "lsoa_2021"},
    "lsoa_2021": {"like": "ons_geography_2021"},
    "people": {"like": "ons_population_lsoa_2011", "geography": "lsoa_2011", "roll_up": "ward"},
}


@pytest.fixture(scope="module")
def drop(tmp_path_factory: pytest.TempPathFactory, open_data: Path) -> Drop:
    drop = Drop(tmp_path_factory.mktemp("geography") / "workspace", SOURCES, districts=())
    files = [open_data / "police_street" / STREET, open_data / "population" / POPULATION]
    for file in (*files, *(open_data / "lookups").glob("LSOA_*")):
        drop.put(file.name, file.read_bytes())
    drop.ingest()
    return drop


@pytest.fixture(scope="module")
def lookup(open_data: Path) -> pd.DataFrame:
    """One row for each LSOA of 2011 and each of its parts of 2021, with the ward of the part."""
    (old,) = (open_data / "lookups").glob("LSOA_(2011)*")
    (new,) = (open_data / "lookups").glob("LSOA_(2021)*")
    wards = pd.read_csv(new, encoding="utf-8-sig", dtype=str)[["LSOA21CD", "WD24CD"]]
    return pd.read_csv(old, encoding="utf-8-sig", dtype=str).merge(wards, on="LSOA21CD", how="left")


def test_each_code_has_what_all_of_its_parts_share(drop: Drop, lookup: pd.DataFrame, open_data: Path) -> None:
    street = pd.read_csv(open_data / "police_street" / STREET, dtype=str)
    parts = lookup.groupby("LSOA11CD").agg(
        codes=("LSOA21CD", "nunique"), wards=("WD24CD", "nunique"), ward=("WD24CD", "first"),
        code=("LSOA21CD", "first"), change=("CHGIND", "first"), district=("LAD22CD", "first"),
    )  # fmt: skip
    placed = street.join(parts, on="LSOA code")
    whole = placed[(placed.codes == 1) & (placed.change != "X")]
    one_ward = placed[placed.wards == 1]
    union = "(SELECT * FROM crimes UNION ALL BY NAME SELECT * FROM crimes_incidents)"
    (ours,) = drop.rows(
        "SELECT count(*) AS n, count(lsoa_code) AS codes, count(ward_code) AS wards, "
        f"count(district_code) AS districts FROM {union}"
    )
    assert ours == {
        "n": len(street), "codes": len(whole), "wards": len(one_ward), "districts": placed.district.count(),
    }  # fmt: skip
    assert len(whole) < len(one_ward) < placed.district.count() < len(street)
    by_ward = drop.rows(f"SELECT ward_code, count(*) AS n FROM {union} GROUP BY ALL")
    found = {row["ward_code"]: row["n"] for row in by_ward if row["ward_code"]}
    assert found == one_ward.groupby("ward").size().to_dict()


def test_what_was_divided_is_told(drop: Drop, lookup: pd.DataFrame, open_data: Path) -> None:
    street = pd.read_csv(open_data / "police_street" / STREET, dtype=str)["LSOA code"]
    divided = street[street.isin(lookup[lookup.CHGIND.isin(["S", "X"])].LSOA11CD)]
    (own,) = [one for one in drop.ingest().accounting if one.source == "crimes"]
    assert own.notes[0].startswith(
        f"{len(divided):,} rows in {divided.nunique()} areas of 2011 that were divided by 2021 ("
    )


def test_wards_have_a_sum_where_no_small_area_is_divided_over_them(
    drop: Drop, lookup: pd.DataFrame, open_data: Path
) -> None:
    people = pd.read_csv(open_data / "population" / POPULATION).set_index("lsoa11_code").total_population
    wards = lookup.groupby("LSOA11CD").WD24CD.agg(["nunique", "first"])
    cut = wards[wards["nunique"] > 1].index
    short = set(lookup[lookup.LSOA11CD.isin(cut)].WD24CD)
    sums = people.groupby(wards["first"]).sum()
    expected = sums[~sums.index.isin(short)]
    ours = {
        row["area_code"]: row["residents"] for row in drop.rows("SELECT area_code, residents FROM people")
    }
    assert ours == expected.to_dict()
    assert 0 < len(short) < len(sums) / 5
