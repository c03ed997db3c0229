"""A row outside the months that a file is of: refused, and the month it names stays as it was."""

import pytest

from pipeline.ingest.days import months_in
from tests.integration.faults.told import quarantined, references
from tests.unit.ingest.drop import CRIMES, Drop, crimes

NAMED = {"crimes": {**CRIMES, "months_in_name": "%Y-%m"}}


def test_rows_of_another_month(drop: Drop) -> None:
    drop.sources = NAMED
    drop.put("crimes_2024-01.csv", crimes("a,2024-01,Burglary,D1", "b,2024-01,Burglary,D1"))
    drop.ingest()
    stray = crimes("c,2024-02,Burglary,D1", "d,2024-01,Burglary,D1", "e,2023-12,Burglary,D1")
    drop.put("crimes_2024-02.csv", stray)
    drop.ingest()
    assert references(drop) == ["a", "b", "c"]
    reason = "in none of the months that the file's name says it is of"
    assert quarantined(drop) == [f"3: Month: {reason}", f"4: Month: {reason}"]


def test_a_name_that_says_no_month_is_told(drop: Drop) -> None:
    drop.sources = NAMED
    drop.put("crimes.csv", crimes("a,2024-01,Burglary,D1"))
    account = drop.account()
    assert account.loaded == 1
    assert account.notes == ("its name has no month written %Y-%m, so rows of any month are taken",)


@pytest.mark.parametrize(
    ("name", "written", "months"),
    [
        ("2021-01-south-yorkshire-street.csv", "%Y-%m", ("2021-01", "2021-01")),
        ("a.zip/2021-01/2021-01-street.csv", "%Y-%m", ("2021-01", "2021-01")),
        ("crimes_2023-07_2023-09.csv", "%Y-%m", ("2023-07", "2023-09")),
        ("crimes 0723 to 0923.csv", "%m%y", ("2023-07", "2023-09")),
        ("crimes_2023-13.csv", "%Y-%m", None),
        ("crimes_12023-01.csv", "%Y-%m", None),
    ],
)
def test_months_of_names(name: str, written: str, months: tuple[str, str] | None) -> None:
    found = months_in(name, written)
    assert (tuple(f"{month:%Y-%m}" for month in found) if found else None) == months
