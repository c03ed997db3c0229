"""`ingest --propose`: a published table begins with its built-in mapping; a table of counts is counted."""

import random
import shutil
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

from pipeline.ingest.proposing import Proposal
from pipeline.ingest.proposing.draft import as_pattern
from tests.integration.ingest.test_propose import drafted, taken_in, text_of, unwrapped
from tests.unit.ingest.drop import Drop


@pytest.fixture
def drop(tmp_path: Path) -> Drop:
    return Drop(tmp_path / "workspace")


PUBLISHED = [
    ("ons_csp/policeforceareatablesyejune25final.csv", "ons_csp_tables", "E23000014", 161, 25, 29),
    ("ons_csp/policeforceareatablesyedecember2024.xlsx", "ons_csp_tables", "E23000014", 322, 25, 29),
    ("population/TS001_usual_residents_LSOA2021.csv.gz", "nomis_residents_lsoa", None, 35_672, 2, 3),
    ("home_office/outcomes_2024_25.parquet", "home_office_outcomes", "West Midlands", 16_192, 6, 8),
]


@pytest.mark.parametrize(("name", "mapping", "force", "sound", "used", "columns"), PUBLISHED)
def test_a_published_table_is_known_by_its_name_on_whichever_sheet(
    drop: Drop,
    open_data: Path,
    name: str,
    mapping: str,
    force: str | None,
    sound: int,
    used: int,
    columns: int,
) -> None:
    drop.force = ("E23000014", "West Midlands")
    made, source = drafted(drop, open_data / name)
    assert (made.trial.stopped, source["like"], made.trial.sound) == ("", mapping, sound)
    assert list(source.get("rows", {}).values()) == ([[force]] if force else [])
    assert any("others stand in the file" in line for line in made.decisions) == (force is not None)
    assert f"{used} of {columns} columns are used; tried on the file: " in unwrapped(made.text)
    assert "later delivery" not in made.text


def test_rows_of_another_force_are_none_of_the_files(drop: Drop, open_data: Path) -> None:
    made, _ = drafted(drop, open_data / "ons_csp" / "policeforceareatablesyejune25final.csv")
    assert made.trial.stopped.startswith("all of its 9,177 rows are set aside")
    assert "DECIDE: it is none of the 43 seen in the file; which one is wanted?" in unwrapped(made.text)


def test_another_edition_is_known_by_its_headers_and_its_period_is_asked_for(
    drop: Drop, open_data: Path
) -> None:
    path = drop.incoming / "csp_tables.csv"
    shutil.copy(open_data / "ons_csp" / "policeforceareatablesyejune25final.csv", path)
    drop.force = ("E23000014", "West Midlands")
    made, source = drafted(drop, path)
    (sheet,) = source["sheets"]
    assert (source["like"], source["files"], sheet["header_row"]) == ("ons_csp_tables", ["csp_tables.csv"], 8)
    assert set(sheet["constants"]) == {"period_start", "period_end", "status"}
    assert any("such as its period" in line for line in made.decisions)
    assert made.trial.sound == 0


def test_counts_by_area_category_and_month_are_crimes_and_not_areas(drop: Drop, open_data: Path) -> None:
    made, source = drafted(drop, open_data / "west_midlands_lsoa_month" / "2024-01.csv.gz")
    assert (made.contract, made.trial.sound) == ("crimes", 9_205)
    assert source["columns"]["quantity"] == "crime_count"
    assert source["columns"]["month"] == {"from": "month", "year_from": "year"}
    assert source["columns"]["lsoa_code"] == "lsoa_code"
    assert source["parts"]["incidents"]["rows"] == {"category": ["Anti-social behaviour"]}
    assert "6 of 7 columns are used; tried on the file: " in unwrapped(made.text)


def counts(*names: str) -> list[Sequence[object]]:
    return [names, *([f"E0100000{n % 4}", f"Place {n % 4}", n % 9] for n in range(40))]


@pytest.mark.parametrize("name", ["count", "Total", "Number of crimes"])
def test_a_table_of_places_never_drops_what_the_file_counts(drop: Drop, name: str) -> None:
    made, _ = drafted(drop, drop.put("areas.csv", text_of(counts("lsoa_code", "lsoa_name", name))))
    assert made.contract not in ("geography", "population", "boundaries", "responses")


def test_a_summary_by_month_is_counted(drop: Drop) -> None:
    rows = [("Month", "Ward", "Count"), *[("Jan-24", "North", 5), ("Feb-24", "South", 6)] * 6]
    made, _ = taken_in(drop, drop.put("asb_summary.csv", text_of(rows)))
    assert made.contract == "incidents"
    assert drop.rows("SELECT sum(quantity) AS n FROM asb_summary")[0]["n"] == 66


def test_weights_of_offences_are_no_survey(drop: Drop) -> None:
    rows = [("offence", "description", "weight"), *((n, f"Of kind {n}", n * 1.5) for n in range(30))]
    made, _ = drafted(drop, drop.put("severity_codes.csv", text_of(rows)))
    assert made.contract != "responses"
    assert "1 of 3 columns is used. It cannot be read like this yet:" in unwrapped(made.text)


def test_an_offence_is_a_category_and_names_of_districts_make_a_district(drop: Drop) -> None:
    made = police(drop)
    source = drop.sources[made.source_id]
    assert source["columns"]["category"]["from"] == "Offence"
    assert source["columns"]["district_code"] == {"from": "LPA", "values": {"D1": "D1"}}
    assert "5 of 6 columns are used" in made.text


def police(drop: Drop) -> Proposal:
    """A police file whose columns have names of its own."""
    chosen = random.Random(1)
    rows: list[Sequence[object]] = [("URN", "Recorded", "Offence", "LPA", "HO Code", "Flag")]
    for n in range(60):
        day = date(2024, 1, 1) + timedelta(days=n)
        rows.append((f"20/{n}/24", f"{day:%d/%m/%Y}", chosen.choice(("Theft", "Burglary")), "D1", "8N", "Y"))
    return taken_in(drop, drop.put("extract.csv", text_of(rows)))[0]


def test_a_category_that_may_name_somebody_is_not_printed(drop: Drop) -> None:
    rows = [("Ref", "Date", "Sort", "Who")]
    kinds = ("Neighbour: Pat Low", "Noise")
    rows += [(f"A{n}", f"2024-02-{1 + n % 28:02}", kinds[n % 2], ("Ann", "Bob")[n % 2]) for n in range(40)]
    made, source = drafted(drop, drop.put("logs.csv", text_of(rows)))
    assert source["columns"]["category"] == "Sort"
    assert "Pat Low" not in made.text + str(made)
    assert source["ignored"] == ["Who"]


def test_where_no_column_is_named_as_a_category_those_that_may_be_are_told(drop: Drop) -> None:
    rows = [("Ref", "Date", "Was"), *((f"A{n}", f"2024-02-{1 + n % 28:02}", "ab"[n % 2]) for n in range(40))]
    made, source = drafted(drop, drop.put("logs.csv", text_of(rows)))
    assert "category" not in source["columns"]
    assert "DECIDE: no column is named as a category; is it Was? Each has few values" in unwrapped(made.text)


def test_a_return_by_financial_quarter_with_a_figure_kept_back(drop: Drop) -> None:
    rows = [
        ("Quarter", "Measure", "Value"),
        *(("2023/24 Q4", m, v) for m, v in zip("abc", (3, 0, "*"), strict=True)),
    ]
    made, source = taken_in(drop, drop.put("return_q4.csv", text_of(rows)))
    assert (made.contract, made.trial.records, made.trial.sound) == ("returns", 3, 3)
    assert source["columns"]["value"] == {"from": "Value", "empty": ["*"]}
    loaded = drop.rows("SELECT value, period_start AS a, period_end AS b FROM return_q ORDER BY item")
    assert [row["value"] for row in loaded] == [3, 0, None]
    assert {(row["a"], row["b"]) for row in loaded} == {(date(2024, 1, 1), date(2024, 4, 1))}
    assert "3 of 3 columns are used" in made.text


def test_months_side_by_side_become_rows(drop: Drop) -> None:
    rows = [("Ward", "Jan 2024", "Feb 2024", "Mar 2024"), ("North", 5, 6, 7), ("South", 1, 0, 3)]
    made, source = taken_in(drop, drop.put("wide.csv", text_of(rows)))
    assert (made.contract, made.trial.records, made.trial.sound) == ("incidents", 6, 6)
    assert source["unpivot"]["items"]["2024-02-01"] == "Feb 2024"
    assert drop.rows("SELECT month, sum(quantity) AS n FROM wide GROUP BY month ORDER BY month") == [
        {"month": date(2024, number, 1), "n": total} for number, total in ((1, 6), (2, 6), (3, 10))
    ]


def test_a_table_of_names_is_given_the_geography_that_has_them(drop: Drop, open_data: Path) -> None:
    drop.sources["places"] = {"like": "ons_geography_2021", "supplier": "ONS"}
    _, source = drafted(drop, open_data / "population" / "Mid-2020 Persons-Table 1.csv.gz")
    assert (source["like"], source["geography"]) == ("ons_population_wards", "places")
    _, source = drafted(drop, open_data / "home_office" / "outcomes_2024_25.parquet")
    assert "geography" not in source  # its rows are of forces, and no places are to be found


def test_a_pattern_of_one_file_fits_no_other() -> None:
    assert as_pattern("a[1]?.csv") == "a[[]1][?].csv"
