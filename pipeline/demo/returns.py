"""What the partners return: quarterly figures, one late, one revised, one not delivered.

Long format, one row a figure. The values are in ``tables/returns.csv``, the demonstration's own.
Never delivered, and so in no file: education and women-and-girls providers, neighbourhood watch, and
hate crime reporting centres.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from pipeline.demo.geography import WOLVERHAMPTON
from pipeline.demo.write import write_rows

HEADER = (
    "Supplier",
    "Item",
    "Period Start",
    "Period End",
    "Area Code",
    "Value",
    "Status",
    "Note",
)
SUPPLIERS = ("youth_justice", "substance_misuse", "probation", "housing", "community_safety")
SUPPORT = "youth_justice_ppv_support"
"""The youth justice service's first return on support for those at risk of public place violence:
due on 14 July 2023 and so not there on 30 June."""
SUPPORT_FILE = "demo_returns_youth_justice_ppv_support_2022-23.csv"
DELIVERIES = ("2021-22", "2022-23_q1", "2022-23_q2", "2022-23_q3", "2022-23_q4")
REVISED = ("substance_misuse", "2022-23_q3")
FIRST_VALUES = {
    # What the provider first delivered for October to December 2022, before correcting it.
    "exploitation_engaged": 43,
    "arrest_referrals": 46,
    "arrest_referrals_assessed": 31,
    "treatment_within_3_weeks": 17,
}
REVIEWS = {
    # Domestic homicide reviews by financial year: notified, commissioned, published.
    2018: (2, 1, 1),
    2019: (1, 1, 0),
    2020: (2, 2, 1),
    2021: (1, 1, 2),
    2022: (2, 1, 1),
}
MILESTONES = (
    ("milestone_serious_violence_needs_assessment", 1, "Agreed by the board in March 2023"),
    ("milestone_serious_violence_strategy", 0, "Due January 2024"),
    ("milestone_da_needs_assessment", 1, "Refreshed in November 2022"),
    ("milestone_da_strategy", 1, "Published in January 2022"),
    ("milestone_da_annual_return", 1, "Submitted in June 2022"),
)


@dataclass(frozen=True)
class Figure:
    """One item of one supplier with its value in each quarter ("2022-23_q3" -> value)."""

    supplier: str
    item: str
    values: dict[str, int]


@cache
def figures() -> tuple[Figure, ...]:
    """All quarterly figures."""
    text = (files("pipeline.demo") / "tables" / "returns.csv").read_text(encoding="utf-8")
    return tuple(
        Figure(
            row.pop("supplier"),
            row.pop("item"),
            {quarter: int(value) for quarter, value in row.items() if value},
        )
        for row in csv.DictReader(text.splitlines())
    )


def quarter_days(quarter: str) -> tuple[str, str]:
    """First and last day of a financial quarter such as ``2022-23_q4``."""
    year, number = int(quarter[:4]), quarter[-1]
    days = {
        "1": (f"{year}-04-01", f"{year}-06-30"),
        "2": (f"{year}-07-01", f"{year}-09-30"),
        "3": (f"{year}-10-01", f"{year}-12-31"),
        "4": (f"{year + 1}-01-01", f"{year + 1}-03-31"),
    }
    return days[number]


def _row(supplier: str, item: str, days: tuple[str, str], value: int, note: str) -> tuple[str, ...]:
    named = "youth_justice" if supplier == SUPPORT else supplier
    status = "provisional" if note.startswith("Provisional") else "final"
    return (named, item, *days, WOLVERHAMPTON[0], str(value), status, note)


def _quarterly(supplier: str, period: str, first: dict[str, int] | None = None) -> Iterator[tuple[str, ...]]:
    """Rows of the quarters whose name starts with ``period``."""
    for figure in figures():
        if figure.supplier != supplier:
            continue
        for quarter, value in figure.values.items():
            if not quarter.startswith(period):
                continue
            note = "Stock at the end of the period" if "dhr_actions" in figure.item else ""
            if first is not None:
                value = first.get(figure.item, value)
                note = "Provisional, client records being matched"
            yield _row(supplier, figure.item, quarter_days(quarter), value, note)


def _yearly(period: str) -> Iterator[tuple[str, ...]]:
    """Whole-year rows of the community safety office, delivered with the year's last quarter."""
    years = {"2021-22": range(2018, 2022), "2022-23_q4": range(2022, 2023)}.get(period, range(0))
    for year in years:
        days = (f"{year}-04-01", f"{year + 1}-03-31")
        for item, value in zip(
            ("dhr_notified", "dhr_commissioned", "dhr_published"), REVIEWS[year], strict=True
        ):
            yield _row("community_safety", item, days, value, "Whole year")
    if period == "2022-23_q4":
        for item, value, note in MILESTONES:
            yield _row("community_safety", item, ("2022-04-01", "2023-03-31"), value, note)


def write_returns(folder: Path) -> dict[str, int]:
    """The returns delivered by 30 June 2023; rows by file name."""
    written: dict[str, int] = {}
    for supplier in SUPPLIERS:
        for period in DELIVERIES:
            name = f"demo_returns_{supplier}_{period}.csv"
            rows = list(_quarterly(supplier, period))
            if supplier == "community_safety":
                rows += _yearly(period)
            if (supplier, period) == REVISED:
                early = list(_quarterly(supplier, period, FIRST_VALUES))
                written[name] = write_rows(folder / name, HEADER, early)
                name = name.replace(".csv", "_revised.csv")
            written[name] = write_rows(folder / name, HEADER, rows)
    return written


def write_late_returns(folder: Path) -> dict[str, int]:
    """The returns that arrive between July and September 2023; rows by file name."""
    support = [row for year in ("2021-22", "2022-23") for row in _quarterly(SUPPORT, year)]
    written = {SUPPORT_FILE: write_rows(folder / SUPPORT_FILE, HEADER, support)}
    for supplier in SUPPLIERS:
        name = f"demo_returns_{supplier}_2023-24_q1.csv"
        written[name] = write_rows(folder / name, HEADER, list(_quarterly(supplier, "2023-24_q1")))
    return written
