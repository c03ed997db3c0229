"""Built-in mappings on the publishers' bytes: counted again with pandas, or against printed figures."""

import gzip
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipeline import ingest
from pipeline.compute import observe
from pipeline.definitions import built_in
from pipeline.definitions.indicator import Indicator
from pipeline.definitions.parts import resolved_from_parts
from pipeline.model.area import AreaKind
from pipeline.store import Store
from tests.unit.ingest.drop import CRIMES, Drop, crimes


def received(tmp_path: Path, sources: dict[str, dict[str, Any]], *files: Path) -> Drop:
    """A workspace that took in these files, with one crime for its main source."""
    drop = Drop(tmp_path / "workspace", {"crimes": CRIMES, **sources})
    drop.put("crimes.csv", crimes("a,2017-04,Burglary,D1"))
    for file in files:
        drop.put(file.name, file.read_bytes())
    accounting = [one for one in drop.ingest().accounting if one.source != "crimes"]
    assert len(accounting) == len(files)
    assert all(one.closes and one.quarantined == 0 and not one.extra_columns for one in accounting)
    return drop


def only(folder: Path, pattern: str) -> Path:
    (found,) = folder.glob(pattern)
    return found


def test_street_file_of_data_police_uk(tmp_path: Path, open_data: Path) -> None:
    file = open_data / "police_street" / "2018-01-city-of-london-street.csv.gz"
    drop = received(tmp_path, {"street": {"like": "police_uk_street"}}, file)
    theirs = pd.read_csv(file)
    ours = drop.rows(
        "SELECT category, count(*) AS n FROM (SELECT category FROM street UNION ALL "
        "SELECT category FROM street_incidents) GROUP BY ALL"
    )
    unique = theirs[theirs["Crime ID"].isna() | ~theirs["Crime ID"].duplicated(keep="last")]
    assert {row["category"]: row["n"] for row in ours} == unique["Crime type"].value_counts().to_dict()


def test_recorded_crime_as_the_home_office_publishes_it(tmp_path: Path, open_data: Path) -> None:
    """Counts are padded with blanks, `-00` is none, and homicide stands in four rows that are added up."""
    file = only(open_data / "home_office", "prc-pfa-*.csv.gz")
    drop = received(tmp_path, {"recorded": {"like": "home_office_recorded_crime"}}, file)
    theirs = pd.read_csv(file, dtype=str)
    theirs["n"] = theirs["Number of Offences"].str.strip().str.replace("-00", "0").astype(int)
    counted = theirs[theirs["Force Name"] == "West Midlands"].groupby("Financial Quarter").n.sum()
    ours = drop.rows(
        "SELECT period_start, sum(value) AS n FROM recorded WHERE area_code = 'E23000014' "
        "GROUP BY ALL ORDER BY ALL"
    )
    assert [str(row["period_start"]) for row in ours] == [
        "2017-04-01", "2017-07-01", "2017-10-01", "2018-01-01"
    ]  # fmt: skip
    assert [row["n"] for row in ours] == counted.tolist()
    assert drop.rows("SELECT sum(value) AS n FROM recorded") == [{"n": theirs.n.sum()}]
    homicide = theirs[theirs["Offence Description"] == "Homicide"]
    (own,) = [one for one in drop.ingest().accounting if one.source == "recorded"]
    repeated = len(theirs) - len(theirs.drop_duplicates(["Financial Quarter", "Force Name", "Offence Code"]))
    assert (own.conflicting, own.loaded + own.conflicting) == (repeated, len(theirs))
    assert own.notes == (f"{repeated:,} rows have the key of another row; their figures are added up in it",)
    assert len(homicide) == 4 * len(homicide.drop_duplicates(["Force Name", "Financial Quarter"]))
    assert drop.rows("SELECT sum(value) AS n FROM recorded WHERE item LIKE '1/%'") == [
        {"n": homicide.n.sum()}
    ]


def test_recorded_crime_as_a_long_table(tmp_path: Path, open_data: Path) -> None:
    file = open_data / "home_office" / "prc_pfa_long.parquet"
    drop = received(tmp_path, {"recorded": {"like": "home_office_recorded_crime_long"}}, file)
    theirs = pd.read_parquet(file)
    own = theirs[theirs.Force == "West Midlands"].groupby("FY").n.sum()
    ours = drop.rows(
        "SELECT year(period_end - INTERVAL 6 MONTH) AS year, sum(value) AS n FROM recorded "
        "WHERE area_code = 'E23000014' GROUP BY ALL ORDER BY ALL"
    )
    assert own["2012/13"] == 170_713
    assert drop.rows(
        "SELECT sum(value) AS n FROM recorded WHERE area_code = 'E23000014' "
        "AND period_start >= DATE '2012-04-01' AND period_end <= DATE '2013-04-01'"
    ) == [{"n": 170_713}]
    assert sum(row["n"] for row in ours) == own.sum()


def test_outcomes_of_recorded_crime(tmp_path: Path, open_data: Path) -> None:
    """Rows repeat on all that tells them apart; each counts."""
    file = open_data / "home_office" / "outcomes_2024_25.parquet"
    source = {"like": "home_office_outcomes", "rows": {"Force": ["West Midlands"]}}
    drop = received(tmp_path, {"outcomes": source}, file)
    theirs = pd.read_parquet(file)
    own = theirs[theirs.Force == "West Midlands"]
    ours = drop.rows("SELECT outcome, sum(quantity) AS n FROM outcomes GROUP BY ALL")
    assert sum(row["n"] for row in ours) == own.n.sum() == 308_491
    assert {row["n"] for row in ours} == set(own.groupby("Outcome Type").n.sum().astype(int))


def test_csp_tables_and_their_denominators(tmp_path: Path, open_data: Path) -> None:
    workbook = open_data / "ons_csp" / "policeforceareatablesyedecember2024.xlsx"
    sources: dict[str, dict[str, Any]] = {
        "csp": {"like": "ons_csp_tables", "files": ["*december2024.xlsx"]},
        "residents": {"like": "ons_csp_population"},
    }  # one file cannot be of both in one workspace
    drop = Drop(tmp_path / "workspace", {"crimes": CRIMES, "csp": sources["csp"]})
    drop.put("crimes.csv", crimes("a,2017-04,Burglary,D1"))
    drop.put(workbook.name, workbook.read_bytes())
    drop.ingest()
    assert drop.rows(
        "SELECT year(period_start) AS year, item, value FROM csp WHERE area_code = 'E08000031' "
        "AND item IN ('total_recorded_crime', 'violence_with_injury') ORDER BY ALL"
    ) == [
        {"year": 2023, "item": "total_recorded_crime", "value": 31_276},
        {"year": 2023, "item": "violence_with_injury", "value": 3_469},
        {"year": 2024, "item": "total_recorded_crime", "value": 28_881},
        {"year": 2024, "item": "violence_with_injury", "value": 3_115},
    ]
    other = received(tmp_path / "other", {"residents": sources["residents"]}, workbook)
    assert other.rows(
        "SELECT sum(residents) AS residents, sum(households) AS households FROM residents "
        "WHERE area_code = 'E08000031'"
    ) == [{"residents": 267_700, "households": 105_200}]


def test_population_by_age(tmp_path: Path, open_data: Path) -> None:
    file = open_data / "population" / "mid2020_lad_single_year_of_age.csv"
    drop = received(tmp_path, {"people": {"like": "ons_population_districts"}}, file)
    theirs = pd.read_csv(file).set_index("ltla21_code").loc["E08000031"]
    young = sum(theirs[str(age)] for age in range(25))
    assert theirs["total_population"] == 264_407
    assert drop.rows("SELECT year, residents, under_25 FROM people WHERE area_code = 'E08000031'") == [
        {"year": 2020, "residents": 264_407, "under_25": young}
    ]


@pytest.mark.parametrize(
    ("like", "pattern", "key"),
    [
        ("ons_geography_2011", "LSOA_(2011)*", ["LSOA11CD", "LSOA21CD"]),
        ("ons_geography_2021", "LSOA_(2021)*", ["LSOA21CD"]),
        ("ons_geography_csp", "lad24*", ["ltla24_code"]),  # some districts have several partnerships
    ],
)
def test_lookups(tmp_path: Path, open_data: Path, like: str, pattern: str, key: list[str]) -> None:
    file = only(open_data / "lookups", pattern)
    drop = received(tmp_path, {"places": {"like": like}}, file)
    theirs = pd.read_csv(file, encoding="utf-8-sig").drop_duplicates(key)
    assert drop.rows("SELECT count(*) AS n FROM places") == [{"n": len(theirs)}]


STOPS = """\
Type,Date,Part of a policing operation,Policing operation,Latitude,Longitude,Gender,Age range,\
Self-defined ethnicity,Officer-defined ethnicity,Legislation,Object of search,Outcome,\
Outcome linked to object of search,Removal of more than just outer clothing
Person search,2021-06-30T23:30:00+00:00,,,53.4,-1.5,Male,18-24,White,White,Police and Criminal Evidence \
Act 1984 (section 1),Stolen goods,Arrest,True,False
Person and Vehicle search,2021-07-15T12:00:00+00:00,,,,,Female,over 34,,,Misuse of Drugs Act 1971 \
(section 23),Controlled drugs,A no further action disposal,,
"""


def test_stop_and_search(tmp_path: Path) -> None:
    """Times are those of Greenwich: half past eleven at night on 30 June is the first of July here."""
    file = tmp_path / "2021-07-south-yorkshire-stop-and-search.csv"
    file.write_text(STOPS)
    drop = received(tmp_path, {"stops": {"like": "police_uk_stop_and_search"}}, file)
    rows = drop.rows("SELECT searched_on, month, sex, outcome_linked, clothing_removed FROM stops ORDER BY 1")
    assert [str(row["searched_on"]) for row in rows] == ["2021-07-01", "2021-07-15"]
    assert {str(row["month"]) for row in rows} == {"2021-07-01"}
    assert [(row["sex"], row["outcome_linked"], row["clothing_removed"]) for row in rows] == [
        ("Male", True, False), ("Female", None, None)
    ]  # fmt: skip


OUTCOMES = """\
Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Outcome type
a1,2021-01,South Yorkshire Police,South Yorkshire Police,-1.5,53.4,On or near A,E01007321,Barnsley 001A,\
Suspect charged
a1,2021-01,South Yorkshire Police,South Yorkshire Police,-1.5,53.4,On or near A,E01007321,Barnsley 001A,\
Offender given a caution
"""


def test_outcomes_of_data_police_uk(tmp_path: Path) -> None:
    file = tmp_path / "2021-01-south-yorkshire-outcomes.csv.gz"
    file.write_bytes(gzip.compress(OUTCOMES.encode()))
    drop = received(tmp_path, {"outcomes": {"like": "police_uk_outcomes"}}, file)
    rows = drop.rows("SELECT crime_ref, outcome FROM outcomes ORDER BY outcome")
    assert [row["outcome"] for row in rows] == ["Offender given a caution", "Suspect charged"]
    assert {row["crime_ref"] for row in rows} == {"a1"}


def test_every_built_in_mapping_says_what_it_is_for() -> None:
    for name in built_in.names():
        head = built_in.file_of(name).read_text(encoding="utf-8").partition("version:")[0]
        assert head.startswith("# "), name
        assert built_in.written(name)["title"], name


def test_searches_can_be_measured(tmp_path: Path) -> None:
    """The new kinds of tables serve measures like any other: share of the searches that led to an arrest."""
    file = tmp_path / "2021-07-south-yorkshire-stop-and-search.csv"
    file.write_text(STOPS)
    drop = received(tmp_path, {"stops": {"like": "police_uk_stop_and_search"}}, file)
    asked = Indicator.model_validate(
        {
            "id": "arrests", "title": "Arrests", "source": "stops", "areas": ["force"],
            "measure": {"type": "proportion", "where": {"outcome": {"in": ["Arrest"]}}},
            "window": {"kind": "month", "ending": "2021-07"}, "govern": {"owner": "analyst"},
        }
    )  # fmt: skip
    definitions = drop.definitions.model_copy(update={"indicators": resolved_from_parts({asked.id: asked})})
    deliveries = ingest.deliveries_of(drop.workspace)
    with Store.reading(drop.workspace.warehouse) as store:
        found = observe(store, definitions, deliveries, date(2024, 5, 1))
    (only_one,) = [one for one in found if one.area.kind is AreaKind.FORCE and not one.breakdown]
    assert (only_one.numerator, only_one.denominator, only_one.value) == (1, 2, 50)
