"""The CSV files that other programs read."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.model.observation import Mark, Results
from pipeline.report import tables
from tests.unit.report import factory

RESULTS = (
    "indicator,area_code,area_name,period,period_start,period_end,basis,breakdown,category,numerator,"
    "denominator,value,lower,upper,unit,state,marks,reason"
)
COMPARISONS = (
    "indicator,area_code,period,breakdown,category,comparator,reference_label,reference_value,change,"
    "change_percent,lower,upper,p_value,p_adjusted,dispersion,detectable_percent,pro_rata,pro_rata_lower,"
    "pro_rata_upper,bound_lower,bound_upper,verdict,marks,reason"
)


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_columns_are_the_agreed_ones(tmp_path: Path) -> None:
    _, results, assessment, *_ = factory.evidence()
    tables.write_results(results, tmp_path / "results.csv")
    tables.write_comparisons(assessment, tmp_path / "comparisons.csv")
    assert (tmp_path / "results.csv").read_text(encoding="utf-8").splitlines()[0] == RESULTS
    assert (tmp_path / "comparisons.csv").read_text(encoding="utf-8").splitlines()[0] == COMPARISONS


def test_a_count_is_a_whole_number_and_its_period_ends_before_its_end(tmp_path: Path) -> None:
    tables.write_results(factory.evidence()[1], tmp_path / "results.csv")
    row = next(
        row
        for row in read(tmp_path / "results.csv")
        if row["indicator"] == "violence_with_injury"
        and row["basis"] == "financial_year"
        and row["value"] == "3950"
    )
    assert row | {"lower": "", "upper": ""} == row
    assert (row["period"], row["period_start"], row["period_end"]) == (
        "2022-04/2023-03",
        "2022-04-01",
        "2023-04-01",
    )
    assert (row["numerator"], row["denominator"], row["breakdown"], row["state"]) == ("3950", "", "", "value")


def test_what_is_missing_is_empty_and_says_why(tmp_path: Path) -> None:
    tables.write_results(factory.evidence()[1], tmp_path / "results.csv")
    row = next(r for r in read(tmp_path / "results.csv") if r["indicator"] == "ppv_support")
    assert (row["value"], row["state"], row["reason"]) == (
        "",
        "not_supplied",
        "due 14 July 2023, not received",
    )


def test_comparisons_say_verdict_marks_and_reason(tmp_path: Path) -> None:
    tables.write_comparisons(factory.evidence()[2], tmp_path / "comparisons.csv")
    rows = {(r["indicator"], r["category"], r["comparator"]): r for r in read(tmp_path / "comparisons.csv")
            if r["area_code"] == factory.OWN.code}  # fmt: skip
    adult = rows["violence_with_injury", "25+", "previous_year"]
    assert adult["verdict"] == "no_clear_change"
    assert adult["marks"] == "low_reliability"
    assert round(float(adult["bound_lower"]), 1) == 1.3
    assert round(float(adult["change_percent"]), 1) == 7.1
    burglary = rows["burglary", "", "previous_year"]
    assert burglary["verdict"] == "not_comparable"
    assert burglary["reason"] == "2021-09 not delivered, 2021-10 incomplete"
    rank = rows["vehicle_crime", "", "rank"]
    assert (rank["reference_value"], rank["verdict"]) == ("2", "")


def test_marks_are_separated_by_spaces_in_a_fixed_order() -> None:
    marked = replace(
        factory.violence()[1][0].observation,
        marks=frozenset({Mark.LOW_RELIABILITY, Mark.REVISED, Mark.BREAK}),
    )
    assert tables.result_rows(Results((marked,)))[0]["marks"] == "revised low_reliability break"


@pytest.mark.parametrize(
    ("value", "written"), [(3934.0, 3934), (0.5, 0.5), (None, None), (-3.0, -3), (0.0, 0)]
)
def test_whole_numbers_have_no_decimal_point(value: float | None, written: float | None) -> None:
    assert repr(tables.whole(value)) == repr(written)


def test_the_same_results_give_the_same_bytes(tmp_path: Path) -> None:
    results = factory.evidence()[1]
    for name in ("a", "b"):
        tables.write_results(results, tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
