"""Days, months, half-years and financial years since 1 April 2018, as whole numbers.

A *half* is April-September or October-March: half 0 is April-September 2018, and financial year
``half // 2`` holds it. Calibrated figures are totals of halves, because the year of the seed's
keyword shares and ranks (October 2021 to September 2022) is half of one year and half of the next.
"""

from datetime import date, timedelta

import numpy as np

from pipeline.demo.draws import Ints

START = date(2018, 4, 1)
END_OF_MAIN = date(2023, 6, 30)
"""Last day of the first delivery."""
END_OF_QUARTER = date(2023, 9, 30)
"""Last day of the extra quarter, and of everything that is generated."""

MONTHS = 66
HALVES = 11
MAIN_MONTHS = 63

SEED_YEAR_HALVES = (7, 8)
"""October 2021 to September 2022."""


def day_number(day: date) -> int:
    """Days since 1 April 2018."""
    return (day - START).days


def month_start(month: int) -> date:
    """First day of a month counted from April 2018."""
    return date(START.year + (START.month - 1 + month) // 12, (START.month - 1 + month) % 12 + 1, 1)


FIRST_DAY = np.array([day_number(month_start(m)) for m in range(MONTHS + 1)], dtype=np.int64)
"""Day number on which each month starts (one more at the end)."""


def month_of(days: Ints) -> Ints:
    """Month, counted from April 2018, of each day number (0 or later)."""
    return np.asarray(np.searchsorted(FIRST_DAY, days, side="right") - 1, dtype=np.int64)


def half_of(days: Ints) -> Ints:
    """Half-year of each day number."""
    return np.asarray(month_of(days) // 6, dtype=np.int64)


def month_label(month: int) -> str:
    """``YYYY-MM``."""
    return month_start(month).isoformat()[:7]


_BEFORE = 40 * 366
_ISO = np.array(
    [(START + timedelta(days=d)).isoformat() for d in range(-_BEFORE, int(FIRST_DAY[-1]))],
    dtype=object,
)


def iso(days: Ints) -> list[str]:
    """Day numbers as ISO dates; a negative number is a day before April 2018."""
    texts: list[str] = _ISO[days + _BEFORE].tolist()
    return texts


def weekday(days: Ints) -> Ints:
    """0 = Monday ... 6 = Sunday; 1 April 2018 was a Sunday."""
    return np.asarray((days + START.weekday()) % 7, dtype=np.int64)
