"""Periods that a file gives as one text: 2024/25 Q1."""

import re
from collections.abc import Mapping, Sequence
from datetime import date

_QUARTER = re.compile(r"(20\d{2})[/-](\d{2}|20\d{2}) ?,? ?(?:Q|Qtr |Quarter )([1-4])", re.IGNORECASE)
_APRIL = 4


def column_of(samples: Mapping[str, Sequence[str]]) -> tuple[str, dict[str, tuple[date, date]]] | None:
    """The header of a column of financial quarters, with the first day of each and the day after its last.

    None where no column has nothing else.
    """
    for header, values in samples.items():
        read = {value: match for value in values if (match := _QUARTER.fullmatch(value))}
        if read and len(read) == len(values):
            return header, {value: _days(int(match[1]), int(match[3])) for value, match in read.items()}
    return None


def _days(year: int, quarter: int) -> tuple[date, date]:
    first, after = ((year * 12 + _APRIL - 1 + 3 * more) for more in (quarter - 1, quarter))
    return date(first // 12, first % 12 + 1, 1), date(after // 12, after % 12 + 1, 1)
