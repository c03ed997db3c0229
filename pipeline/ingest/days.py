"""Days: what the records of a delivery can be about, by the day of its receipt and by its file's name."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pipeline.definitions.source import Source
from pipeline.model.delivery import Extract

LATEST_DAY, FIRST_MONTH, LAST_MONTH = "_latest", "_first_month", "_last_month"  # of the mapped rows
DIGITS = {"%Y": "[0-9]{4}", "%y": "[0-9]{2}", "%m": "[0-9]{2}"}


@dataclass(frozen=True, slots=True)
class Days:
    """The last day that records of a delivery can be about; the months of its name, where it says them."""

    latest: date
    first_month: date | None = None
    last_month: date | None = None


def days_of(extract: Extract, source: Source) -> Days:
    """Receipt is told in UTC; where the file was received it may have been a day later."""
    latest = extract.received.date() + timedelta(days=1)
    named = months_in(extract.file_name, source.months_in_name) if source.months_in_name else None
    return Days(latest, *named) if named else Days(latest)


def months_in(name: str, written: str) -> tuple[date, date] | None:
    """The first and the last month in a name, as a strptime format writes them; None where there is none."""
    pattern = re.sub("|".join(DIGITS), lambda found: DIGITS[found[0]], re.escape(written).replace("\\%", "%"))
    months = []
    for text in re.findall(rf"(?<![0-9]){pattern}(?![0-9])", name):
        try:
            months.append(datetime.strptime(text, written).date())  # noqa: DTZ007 - a month has no zone
        except ValueError:
            continue
    return (min(months), max(months)) if months else None


def unnamed(extract: Extract, source: Source) -> tuple[str, ...]:
    """A sentence about a file whose name should say its months, and does not."""
    if source.months_in_name is None or months_in(extract.file_name, source.months_in_name):
        return ()
    return (f"its name has no month written {source.months_in_name}, so rows of any month are taken",)


def selected(days: Mapping[int, Days], named: bool) -> str:
    """The SQL of the columns with these days, by the number of a delivery; with `named`, its months too."""
    columns: list[tuple[str, dict[int, date | None]]] = []
    columns.append((LATEST_DAY, {n: one.latest for n, one in days.items()}))
    if named:
        columns.append((FIRST_MONTH, {n: one.first_month for n, one in days.items()}))
        columns.append((LAST_MONTH, {n: one.last_month for n, one in days.items()}))
    return ", ".join(f"{_by_delivery(values)} AS {column}" for column, values in columns)


def _by_delivery(values: Mapping[int, date | None]) -> str:
    every = [values.get(number) for number in range(max(values, default=-1) + 1)]
    listed = ", ".join(f"DATE '{day}'" if day else "NULL" for day in every)
    return f"CAST([{listed}][_delivery + 1] AS DATE)"
