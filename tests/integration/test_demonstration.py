"""The product, run on the demonstration, reproduces and reconciles every figure that the strategy prints.

The figures are those of the partnership's consultation slides; the second witness here is the files of
the edition, read with the standard library, and for the violence figures a count straight from the extracts.
"""

import csv
import json
from collections import Counter
from pathlib import Path

import pytest

from tests.conftest import BuiltWorkspace

OWN = "E08000031"
Row = dict[str, str]


def rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def results(demonstration: BuiltWorkspace) -> list[Row]:
    return rows(demonstration.edition / "results.csv")


@pytest.fixture(scope="module")
def comparisons(demonstration: BuiltWorkspace) -> list[Row]:
    return rows(demonstration.edition / "comparisons.csv")


def one(table: list[Row], **cell: str) -> Row:
    found = [row for row in table if all(row[column] == value for column, value in cell.items())]
    assert len(found) == 1, f"{cell}: {len(found)} rows"
    return found[0]


RESULT_COLUMNS = (
    "indicator,area_code,area_name,period,period_start,period_end,basis,breakdown,category,numerator,"
    "denominator,value,lower,upper,unit,state,marks,reason"
)
COMPARISON_COLUMNS = (
    "indicator,area_code,period,breakdown,category,comparator,reference_label,reference_value,change,"
    "change_percent,lower,upper,p_value,p_adjusted,dispersion,detectable_percent,pro_rata,pro_rata_lower,"
    "pro_rata_upper,bound_lower,bound_upper,verdict,marks,reason"
)


def test_other_programs_find_the_columns_they_read(demonstration: BuiltWorkspace) -> None:
    for name, columns in (("results.csv", RESULT_COLUMNS), ("comparisons.csv", COMPARISON_COLUMNS)):
        with (demonstration.edition / name).open(encoding="utf-8") as file:
            assert file.readline() == columns + "\n"


def test_one_edition_folder_holds_every_output(demonstration: BuiltWorkspace) -> None:
    assert demonstration.edition.name == "2023-annual"
    names = {path.name for path in demonstration.edition.iterdir()}
    assert {"assessment.pdf", "board-paper.pdf", "assessment.html", "results.csv", "comparisons.csv"} <= names
    manifest = json.loads((demonstration.edition / "manifest.json").read_text())
    assert {output["file"] for output in manifest["outputs"]} == names - {"manifest.json"}


@pytest.mark.parametrize(
    ("category", "before", "after", "percent"),
    [("", 3964, 3950, -0.35318), ("U25", 1119, 1011, -9.65147), ("25+", 2690, 2882, 7.13755)],
)
def test_violence_with_injury(
    results: list[Row], comparisons: list[Row], category: str, before: int, after: int, percent: float
) -> None:
    cell = {"indicator": "violence_with_injury", "area_code": OWN, "category": category}
    assert one(results, **cell, period="2021-04/2022-03", basis="financial_year")["value"] == str(before)
    assert one(results, **cell, period="2022-04/2023-03", basis="financial_year")["value"] == str(after)
    change = one(comparisons, **cell, comparator="previous_year", period="2022-04/2023-03")
    assert float(change["change_percent"]) == pytest.approx(percent, abs=1e-5)


def test_ages_not_recorded_are_a_category(results: list[Row]) -> None:
    cell = {"indicator": "violence_with_injury", "area_code": OWN, "category": "not recorded"}
    assert one(results, **cell, period="2021-04/2022-03")["value"] == "155"
    assert one(results, **cell, period="2022-04/2023-03")["value"] == "57"


def test_violence_counted_again_straight_from_the_extracts(demonstration: BuiltWorkspace) -> None:
    codes = {"2", "4.3", "4.7", "5D", "5E", "8N", "8P", "8S"}
    counted: Counter[tuple[str, str]] = Counter()
    for year in ("2021-04_2022-03", "2022-04_2023-03"):
        crimes = {
            row["Crime Reference"]: row["Victim Age"]
            for row in rows(demonstration.root / "data" / "incoming" / f"demo_police_crimes_{year}.csv")
            if row["Offence Code"] in codes and row["Victim Number"] in ("", "1")
        }
        for age in crimes.values():
            counted[year[:4], "unknown" if not age else "U25" if int(age) < 25 else "25+"] += 1
    assert counted == {
        ("2021", "U25"): 1119,
        ("2021", "25+"): 2690,
        ("2021", "unknown"): 155,
        ("2022", "U25"): 1011,
        ("2022", "25+"): 2882,
        ("2022", "unknown"): 57,
    }


YEAR_TO_SEPTEMBER = "2021-10/2022-09"


@pytest.mark.parametrize(
    ("indicator", "printed", "places"),
    [
        ("violence_against_the_person_share", 45, 0),
        ("alcohol_share", 11.6, 1),
        ("drugs_share", 3.3, 1),
    ],
)
def test_shares_of_recorded_crime(results: list[Row], indicator: str, printed: float, places: int) -> None:
    row = one(results, indicator=indicator, area_code=OWN, period=YEAR_TO_SEPTEMBER, breakdown="")
    assert round(float(row["value"]), places) == printed
    assert float(row["value"]) == pytest.approx(100 * float(row["numerator"]) / float(row["denominator"]))


@pytest.mark.parametrize(("indicator", "force"), [("alcohol_share", 10.6), ("drugs_share", 5.7)])
def test_shares_beside_the_force(comparisons: list[Row], indicator: str, force: float) -> None:
    cell = {"indicator": indicator, "area_code": OWN, "breakdown": ""}
    row = one(comparisons, **cell, period=YEAR_TO_SEPTEMBER, comparator="average")
    assert round(float(row["reference_value"]), 1) == force


@pytest.mark.parametrize(
    ("indicator", "rank"),
    [("vehicle_crime", "2"), ("robbery", "5"), ("burglary", "5"), ("serious_acquisitive_crime", "2")],
)
def test_safety_ranks_of_seven(comparisons: list[Row], indicator: str, rank: str) -> None:
    cell = {"indicator": indicator, "area_code": OWN, "breakdown": ""}
    row = one(comparisons, **cell, period=YEAR_TO_SEPTEMBER, comparator="rank")
    assert row["reference_value"] == rank


def test_the_survey_describes_those_who_answered(results: list[Row], comparisons: list[Row]) -> None:
    cell = {"indicator": "women_unsafe_at_night", "area_code": OWN, "breakdown": ""}
    row = one(results, **cell, period="2022-11/2023-01")
    assert (row["denominator"], round(float(row["value"]))) == ("2216", 48)
    assert (row["lower"], row["upper"]) == ("", "")
    change = one(comparisons, **cell, comparator="previous_wave")
    assert (change["verdict"], "self-selected" in change["reason"]) == ("not_comparable", True)


def test_what_the_strategy_printed_is_reconciled(demonstration: BuiltWorkspace) -> None:
    report = (demonstration.edition / "assessment.html").read_text(encoding="utf-8")
    assert "Published −0.3: consistent with truncation" in report
    assert "Published −9.6: consistent with truncation" in report
    assert "financial years" in report  # the assumption about "2021-2022"


@pytest.mark.parametrize(
    ("category", "pro_rata", "lower", "upper", "bounds", "verdict"),
    [
        ("U25", -11.9, -19.0, -4.2, (-20.6, -4.6), "improved"),
        ("25+", 4.5, -0.8, 10.0, (1.3, 9.3), "no_clear_change"),
    ],
)
def test_ages_that_were_not_recorded_are_answered_for(
    comparisons: list[Row],
    category: str,
    pro_rata: float,
    lower: float,
    upper: float,
    bounds: tuple[float, float],
    verdict: str,
) -> None:
    cell = {"indicator": "violence_with_injury", "area_code": OWN, "category": category}
    row = one(comparisons, **cell, comparator="previous_year", period="2022-04/2023-03")
    printed = [round(float(row[name]), 1) for name in ("pro_rata", "pro_rata_lower", "pro_rata_upper")]
    assert printed == [pro_rata, lower, upper]
    assert (round(float(row["bound_lower"]), 1), round(float(row["bound_upper"]), 1)) == bounds
    assert (row["verdict"], "low_reliability" in row["marks"]) == (verdict, True)
    assert float(row["dispersion"]) == 1
