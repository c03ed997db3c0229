"""Texts that a spreadsheet would run: told when they come in, and harmless when they go out."""

import csv
from pathlib import Path

from pipeline.model.observation import Results
from pipeline.report.tables import write_results
from tests.unit.assess.builders import observation
from tests.unit.ingest.drop import CRIMES, Drop, crimes

CELLS = ("=HYPERLINK(1)", "+44 1902", "-cmd", "@sum", "\tx", "-1.5", "Burglary")


def test_formula_in_a_cell_is_told(drop: Drop) -> None:
    drop.sources = {"crimes": {**CRIMES, "columns": {**CRIMES["columns"], "category": "Category"}}}
    drop.put("crimes.csv", crimes(*(f"{n},2024-01,{cell},D1" for n, cell in enumerate(CELLS))))
    assert drop.account().notes == (
        "5 values of Category could be run by a spreadsheet as a formula; stored as text, and written so "
        "that it stays text",
    )


def test_formula_in_a_cell_is_written_as_text(tmp_path: Path) -> None:
    results = Results(tuple(observation(-3.5, breakdown="place", category=cell) for cell in CELLS[:5]))
    write_results(results, tmp_path / "results.csv")
    with (tmp_path / "results.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["category"] for row in rows] == [f"'{cell}" for cell in CELLS[:5]]
    assert {row["value"] for row in rows} == {"-3.5"}
