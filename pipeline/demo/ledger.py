"""When each file was received and from whom: ``received.csv``, which a real drop folder lacks.

The force extracts its whole history again at each delivery, so that outcomes are those known on
that day: every police file of the first delivery is received in the evening of 30 June 2023, every
one of the extra quarter in the evening of 30 September 2023. An edition "as at" one of these dates
takes in the whole of that day.
"""

import csv
from collections.abc import Iterable
from pathlib import Path

from pipeline.demo.write import write_rows

NAME = "received.csv"
HEADER = ("file", "received", "supplier")

SUPPLIERS = (
    # Start of the file name -> supplier; the first that fits.
    ("demo_police", "police"),
    ("demo_asb_incidents", "police"),
    ("demo_force", "police"),
    ("demo_returns_youth_justice", "youth_justice"),
    ("demo_returns_substance_misuse", "substance_misuse"),
    ("demo_returns_probation", "probation"),
    ("demo_returns_housing", "housing"),
    ("demo_returns_community_safety", "community_safety"),
    ("demo_population", "ons"),
    ("demo_geography", "ons"),
    ("demo_ward_boundaries", "ons"),
    ("demo_", "partnership"),
)

RECEIVED = (
    # Part of the file name -> received; the first that fits.
    ("probation_2022-23_q2", "2023-01-19T15:42:00"),
    ("2022-23_q3_revised", "2023-04-20T09:31:00"),
    ("substance_misuse_2022-23_q3", "2023-02-10T16:05:00"),
    ("ppv_support_2022-23", "2023-07-14T11:20:00"),
    ("returns_youth_justice_2021-22", "2022-04-29T10:12:00"),
    ("returns_substance_misuse_2021-22", "2022-04-29T14:48:00"),
    ("returns_probation_2021-22", "2022-04-28T09:05:00"),
    ("returns_housing_2021-22", "2022-04-26T13:30:00"),
    ("returns_community_safety_2021-22", "2022-04-22T11:00:00"),
    ("2022-23_q1", "2022-07-28T10:15:00"),
    ("2022-23_q2", "2022-10-27T10:15:00"),
    ("2022-23_q3", "2023-01-30T10:15:00"),
    ("2022-23_q4", "2023-04-28T10:15:00"),
    ("2023-24_q1", "2023-07-28T10:15:00"),
    ("women_and_girls_survey_2022-01", "2022-02-18T12:00:00"),
    ("women_and_girls_survey_2023-01", "2023-02-24T12:00:00"),
    ("residents_survey_2021-10", "2021-12-03T12:00:00"),
    ("residents_survey_2022-10", "2022-12-02T12:00:00"),
    ("population", "2023-02-10T09:30:00"),
    ("geography", "2023-05-12T09:30:00"),
    ("ward_boundaries", "2023-05-12T09:30:00"),
    ("case_reviews_2023-09", "2023-09-28T16:20:00"),
    ("action_plan_2023-09", "2023-09-28T16:40:00"),
    ("action_plan_2023-06", "2023-06-28T16:40:00"),
    ("consultation_2023-03", "2023-04-14T10:00:00"),
    ("case_reviews", "2023-06-28T16:20:00"),
    ("2023-04_2023-06_revised", "2023-09-30T18:05:00"),
    ("2023-07_2023-09", "2023-09-30T18:00:00"),
    ("", "2023-06-30T18:00:00"),
)


def received(name: str) -> str:
    """ISO date and time at which a file was received."""
    return next(when for part, when in RECEIVED if part in name)


def supplier(name: str) -> str:
    """Who delivered a file."""
    return next(who for start, who in SUPPLIERS if name.startswith(start))


def write_ledger(folder: Path, names: Iterable[str]) -> None:
    """Enter the files; lines already there for other files stay."""
    path = folder / NAME
    lines: dict[str, tuple[str, ...]] = {}
    if path.exists():
        with path.open(encoding="utf-8", newline="") as text:
            lines = {row["file"]: tuple(row[c] for c in HEADER) for row in csv.DictReader(text)}
    lines |= {name: (name, received(name), supplier(name)) for name in names}
    write_rows(path, HEADER, [lines[name] for name in sorted(lines)])
