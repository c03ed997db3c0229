"""The two example workspaces, built by the command line from published data.

The expected figures are those the publishers' files give when counted with a spreadsheet; the same counts,
made with pandas straight from the files, stand in `test_real_figures.py`.
"""

import csv
import json
from pathlib import Path

import pytest

from tests.conftest import BuiltWorkspace

Row = dict[str, str]


def rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def one(table: list[Row], **cell: str) -> Row:
    found = [row for row in table if all(row[column] == value for column, value in cell.items())]
    assert len(found) == 1, f"{cell}: {len(found)} rows"
    return found[0]


TOTAL = {"breakdown": "", "category": ""}


class TestSheffield:
    @pytest.mark.parametrize(
        ("indicator", "before", "after"),
        [
            ("burglary", "4335", "3934"),
            ("robbery", "683", "585"),
            ("vehicle_crime", "4965", "4401"),
            ("antisocial_behaviour", "14998", "12782"),
            ("violence_and_sexual_offences", "18444", "18940"),
        ],
    )
    def test_twelve_months_to_september(
        self, sheffield: BuiltWorkspace, indicator: str, before: str, after: str
    ) -> None:
        results = rows(sheffield.edition / "results.csv")
        cell = {"indicator": indicator, "area_code": "E08000019", "basis": "rolling_12", **TOTAL}
        year = one(results, **cell, period="2020-10/2021-09")
        assert (year["value"], year["numerator"], year["state"]) == (after, after, "value")
        assert (year["period_start"], year["period_end"]) == ("2020-10-01", "2021-10-01")
        assert one(results, **cell, period="2019-10/2020-09")["value"] == before

    def test_unlocated_rows_come_in_pro_rata(self, sheffield: BuiltWorkspace) -> None:
        comparisons = rows(sheffield.edition / "comparisons.csv")
        change = one(
            comparisons,
            indicator="violence_and_sexual_offences",
            area_code="E08000019",
            period="2020-10/2021-09",
            comparator="previous_year",
            **TOTAL,
        )
        assert round(float(change["change_percent"]), 1) == 2.7
        assert round(float(change["pro_rata"]), 1) == 1.4
        assert {"break", "low_reliability"} <= set(change["marks"].split())
        assert (change["bound_lower"], change["bound_upper"]) == ("", "")

    def test_inside_the_break_nothing_improves_or_worsens(self, sheffield: BuiltWorkspace) -> None:
        comparisons = rows(sheffield.edition / "comparisons.csv")
        yearly = [row for row in comparisons if row["comparator"] == "previous_year"]
        assert yearly
        assert {row["verdict"] for row in yearly} <= {"up", "down", "no_clear_change"}
        assert all("break" in row["marks"].split() for row in yearly)

    def test_rows_outside_the_force_are_named(self, sheffield: BuiltWorkspace) -> None:
        report = (sheffield.edition / "assessment.html").read_text(encoding="utf-8")
        assert "Wakefield" in report
        assert "Bassetlaw" in report
        assert "July 2019" in report or "Jul 2019" in report


class TestWolverhampton:
    OWN = "E08000031"

    @pytest.mark.parametrize(
        ("indicator", "after", "before"),
        [("total_recorded_crime", "26197", "30598"), ("antisocial_behaviour", "1653", "2560")],
    )
    def test_counts(self, wolverhampton: BuiltWorkspace, indicator: str, after: str, before: str) -> None:
        results = rows(wolverhampton.edition / "results.csv")
        cell = {"indicator": indicator, "area_code": self.OWN, "basis": "rolling_12", **TOTAL}
        assert one(results, **cell, period="2025-04/2026-03")["value"] == after
        assert one(results, **cell, period="2023-09/2024-08")["value"] == before
        broken = one(results, **cell, period="2024-04/2025-03")
        assert (broken["value"], broken["state"]) == ("", "not_comparable")

    def test_a_year_with_holes_is_not_compared_and_its_months_are_named(
        self, wolverhampton: BuiltWorkspace
    ) -> None:
        comparisons = rows(wolverhampton.edition / "comparisons.csv")
        cell = {"indicator": "total_recorded_crime", "area_code": self.OWN, **TOTAL}
        yearly = one(comparisons, **cell, comparator="previous_year")
        assert (yearly["verdict"], yearly["change_percent"]) == ("not_comparable", "")
        assert "2024-09 not delivered" in yearly["reason"]
        assert "2024-10 incomplete" in yearly["reason"]
        chosen = one(comparisons, **cell, comparator="period")
        assert float(chosen["change_percent"]) == pytest.approx(100 * (26197 / 30598 - 1))
        assert chosen["verdict"] in ("down", "improved")

    @pytest.mark.parametrize(
        ("indicator", "before", "after", "percent"),
        [
            ("official_total_recorded_crime", "31276", "28881", -7.7),
            ("official_violence_with_injury", "3469", "3115", -10.2),
        ],
    )
    def test_the_official_series_stands_beside_it(
        self, wolverhampton: BuiltWorkspace, indicator: str, before: str, after: str, percent: float
    ) -> None:
        results = rows(wolverhampton.edition / "results.csv")
        cell = {"indicator": indicator, "area_code": self.OWN, **TOTAL}
        assert one(results, **cell, period="2023-01/2023-12")["value"] == before
        assert one(results, **cell, period="2024-01/2024-12")["value"] == after
        change = one(rows(wolverhampton.edition / "comparisons.csv"), **cell, comparator="previous_year")
        assert round(float(change["change_percent"]), 1) == percent

    def test_the_year_to_june_2025(self, wolverhampton: BuiltWorkspace) -> None:
        results = rows(wolverhampton.edition / "results.csv")
        cell = {"indicator": "official_total_recorded_crime", "area_code": self.OWN}
        assert one(results, **cell, period="2024-07/2025-06")["value"] == "27222"

    def test_twenty_wards_by_headline_category(self, wolverhampton: BuiltWorkspace) -> None:
        results = rows(wolverhampton.edition / "results.csv")
        wards = {row["area_code"] for row in results if row["area_code"].startswith("E05")}
        assert len(wards) == 20

    def test_seven_areas_are_ranked_on_one_population_base(self, wolverhampton: BuiltWorkspace) -> None:
        comparisons = rows(wolverhampton.edition / "comparisons.csv")
        ranks = [r for r in comparisons if r["comparator"] == "rank" and r["area_code"] == self.OWN]
        assert len({r["indicator"] for r in ranks}) >= 5
        for rank in ranks:
            best, own, worst = (float(rank[name]) for name in ("lower", "reference_value", "upper"))
            assert 1 <= best <= own <= worst <= 7


@pytest.mark.parametrize("name", ["sheffield", "wolverhampton"])
def test_every_output_is_there_and_hashed(name: str, request: pytest.FixtureRequest) -> None:
    workspace: BuiltWorkspace = request.getfixturevalue(name)
    names = {path.name for path in workspace.edition.iterdir()}
    pages = {"assessment.pdf", "board-paper.pdf", "assessment.html", "quality.html"}
    expected = pages | {"results.csv", "comparisons.csv"}
    assert names == expected | {"manifest.json"}
    manifest = json.loads((workspace.edition / "manifest.json").read_text(encoding="utf-8"))
    assert {output["file"] for output in manifest["outputs"]} == expected
