"""What is usual about a month: the median of the months nearest to it.

A median, so that a month that came twice, or in part, moves it little.
"""

from collections.abc import Mapping
from datetime import date
from statistics import median

from pipeline.model.period import months_between

NEAREST_MONTHS = 12
FEWEST_MONTHS = 3
"""With fewer there is nothing to compare a month with."""

LOW_BELOW = 0.6
"""A month with less than this share of what is usual is far below its neighbours."""


def usual(by_month: Mapping[date, float], month: date, fewest: int = FEWEST_MONTHS) -> float | None:
    """The median of the twelve nearest other months that have anything; None where fewer than `fewest` have.

    Nearest is by distance in months, the earlier first among equals.
    """
    others = sorted(
        (abs(months_between(month, other)), other) for other in by_month if other != month and by_month[other]
    )
    nearest = [by_month[other] for _, other in others[:NEAREST_MONTHS]]
    return float(median(nearest)) if nearest and len(nearest) >= fewest else None
