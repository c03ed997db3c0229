"""The register of anti-social behaviour case reviews, one row an application.

The law asks for four figures a year: applications, thresholds not met, reviews, and reviews with
recommendations (Anti-social Behaviour, Crime and Policing Act 2014, section 104 and schedule 4).
"""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from pipeline.demo.write import write_rows

HEADER = (
    "Application Reference",
    "Application Date",
    "Threshold Met",
    "Review Held",
    "Review Date",
    "Recommendations Made",
    "Status",
)

# Applications by financial year, in order: R reviewed with recommendations, r reviewed without,
# n threshold not met, w withdrawn, p pending.
YEARS = {
    2018: "RnRRrn",
    2019: "RRnrRnR",
    2020: "RrnRR",
    2021: "RnRrnRRnR",
    2022: "RRnRrnRRnRw",
}
THIS_YEAR_BY_JUNE = "Rnpp"
THIS_YEAR_BY_SEPTEMBER = "RnrRnp"


def write_case_reviews(path: Path, *, by_september: bool) -> int:
    """The register as at 30 June or 30 September 2023; returns its rows."""
    this_year = THIS_YEAR_BY_SEPTEMBER if by_september else THIS_YEAR_BY_JUNE
    rows = [row for year, marks in YEARS.items() for row in _rows(year, marks, 340 // len(marks))]
    rows += _rows(2023, this_year, 24)
    return write_rows(path, HEADER, rows)


def _rows(year: int, marks: str, spacing: int) -> Iterator[tuple[str, ...]]:
    """Applications ``spacing`` days apart from 9 April; a review is held 40 days after."""
    for number, mark in enumerate(marks):
        applied = date(year, 4, 9) + timedelta(days=number * spacing)
        held = (applied + timedelta(days=40)).isoformat() if mark in "Rr" else ""
        yield (
            f"ACR-{year}-{number + 1:02d}",
            applied.isoformat(),
            "N" if mark == "n" else "Y",
            "Y" if held else "N",
            held,
            "Y" if mark == "R" else "N",
            {"w": "Withdrawn", "p": "Pending"}.get(mark, "Closed"),
        )
