"""Periods: spans of whole months with a basis, so that spans of equal length stay apart.

A month is written as the date of its first day. `Period.end` is exclusive.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

MONTH_NAMES = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def month_of(day: date) -> date:
    """The first day of the month that holds `day`."""
    return day.replace(day=1)


def add_months(month: date, months: int) -> date:
    """The first day of the month `months` after `month` (before it, when negative)."""
    index = month.year * 12 + month.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def months_between(earlier: date, later: date) -> int:
    """How many months the second month is after the first; negative where it is before."""
    return (later.year - earlier.year) * 12 + later.month - earlier.month


def parse_month(text: str) -> date:
    """`2021-09` as the first day of that month. Raises ValueError for anything else."""
    if not re.fullmatch(r"\d{4}-\d{2}", text):
        raise ValueError(f"{text!r} is not a month written YYYY-MM")
    return date(int(text[:4]), int(text[5:]), 1)


def format_month(month: date) -> str:
    """`2021-09`."""
    return f"{month.year:04d}-{month.month:02d}"


def format_months(months: Iterable[date]) -> str:
    """`2018-01 to 2019-12, 2021-03`: months that follow each other as from and to."""
    runs: list[list[date]] = []
    for month in sorted(months):
        if runs and months_between(runs[-1][-1], month) == 1:
            runs[-1].append(month)
        else:
            runs.append([month])
    return ", ".join(
        format_month(run[0]) + (f" to {format_month(run[-1])}" if len(run) > 1 else "") for run in runs
    )


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Whole months from `start` (first of a month, inclusive) to `end` (first of a month, exclusive).

    `basis` is one of `month`, `rolling_<n>`, `financial_year`, `financial_quarter`, `calendar_year`,
    `calendar_quarter`, `year_ending`, `ytd`, `wave`. Two periods compare only on the same basis.
    """

    start: date
    end: date
    basis: str

    def __post_init__(self) -> None:
        if self.start.day != 1 or self.end.day != 1 or self.start >= self.end:
            raise ValueError(
                f"a period is whole months with a positive length, not {self.start} to {self.end}"
            )

    @classmethod
    def month(cls, month: date) -> "Period":
        """The month that starts on `month`."""
        return cls(month, add_months(month, 1), "month")

    @classmethod
    def ending(cls, last_month: date, months: int, basis: str) -> "Period":
        """The `months` months of which `last_month` is the last."""
        return cls(add_months(last_month, 1 - months), add_months(last_month, 1), basis)

    @property
    def last_month(self) -> date:
        """The last month inside the period."""
        return add_months(self.end, -1)

    @property
    def length_months(self) -> int:
        """How many months the period holds."""
        return (self.end.year - self.start.year) * 12 + self.end.month - self.start.month

    @property
    def months(self) -> tuple[date, ...]:
        """Every month of the period, in order."""
        return tuple(add_months(self.start, n) for n in range(self.length_months))

    @property
    def key(self) -> str:
        """First and last month, `2020-10/2021-09`: how CSV files name a period."""
        return f"{format_month(self.start)}/{format_month(self.last_month)}"

    def shifted(self, months: int) -> "Period":
        """The period of the same length and basis, `months` later (earlier, when negative)."""
        return Period(add_months(self.start, months), add_months(self.end, months), self.basis)

    @property
    def label(self) -> str:
        """What a reader calls it: `2021-22`, `year to September 2021`, `March 2023`."""
        last = f"{MONTH_NAMES[self.last_month.month - 1]} {self.last_month.year}"
        if self.basis == "month":
            return last
        if self.basis == "financial_year":
            return f"{self.start.year}-{self.end.year % 100:02d}"
        if self.basis == "calendar_year":
            return str(self.start.year)
        if self.length_months == 12 and self.basis != "wave":
            return f"year to {last}"
        first = f"{MONTH_NAMES[self.start.month - 1]} {self.start.year}"
        return last if self.length_months == 1 else f"{first} to {last}"

    def contains(self, day: date) -> bool:
        """Whether `day` lies inside."""
        return self.start <= day < self.end
