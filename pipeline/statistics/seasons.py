"""Whether the month of the year matters, and a month against the same month of earlier years.

The share is the part of the variance left within years that month-of-year effects remove, both
adjusted for their degrees of freedom (Ezekiel's adjusted R squared), with the F test of those
effects in the two-way layout (Scheffe 1959, The Analysis of Variance, chapter 4).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.statistics._distributions import f_tail
from pipeline.statistics.change import CountChange, compare_counts

MATERIAL_SHARE = 0.25
"""From this share of the variance on, provided the test agrees at 5 %, season is material."""

MINIMUM_MONTHS = 24


@dataclass(frozen=True, slots=True)
class Seasonality:
    """How much of a monthly series the month of the year explains.

    `share` is from 0 to 1, after taking out differences between years; `p_value` is that of no
    seasonal effect at all. Both are None where the series cannot say (see `seasonality`).
    """

    share: float | None
    p_value: float | None
    material: bool
    months: int


@dataclass(frozen=True, slots=True)
class SameMonth:
    """One month against the same month of earlier years.

    `earlier` are the counts found, newest first; `mean` is None without any. `change` is that
    month against the mean of the earlier ones; None where either side is missing.
    """

    value: float | None
    earlier: tuple[float, ...]
    mean: float | None
    change: CountChange | None


def seasonality(series: Sequence[float | None]) -> Seasonality:
    """Return what share of the variance of consecutive months their month of year explains.

    None is a month missing. Years are blocks of 12 from the first element. Only whole years are
    used, so that year and month effects do not mix: `months` counts them. With fewer than two
    whole years (24 months) there is no answer, and season is not material. A constant series has
    share 0 and p 1. Raises ValueError for a value that is not finite.
    """
    for value in series:
        if value is not None and not math.isfinite(value):
            raise ValueError(f"a monthly value must be finite, got {value!r}")
    years = [
        [float(value) for value in series[start : start + 12] if value is not None]
        for start in range(0, len(series), 12)
    ]
    years = [year for year in years if len(year) == 12]
    months = 12 * len(years)
    if months < MINIMUM_MONTHS:
        return Seasonality(None, None, False, months)
    centred = [[value - math.fsum(year) / 12.0 for value in year] for year in years]
    effects = [math.fsum(column) / len(years) for column in zip(*centred, strict=True)]
    total = math.fsum(value * value for year in centred for value in year)
    seasonal = len(years) * math.fsum(effect * effect for effect in effects)
    scale = math.fsum(value * value for year in years for value in year)
    if total <= 1e-12 * scale:
        return Seasonality(0.0, 1.0, False, months)
    left = max(0.0, total - seasonal)
    left_degrees = 11 * (len(years) - 1)
    if left <= 1e-12 * total:
        return Seasonality(1.0, 0.0, True, months)
    share = max(0.0, 1.0 - (left / left_degrees) / (total / (11 * len(years))))
    p_value = f_tail((seasonal / 11.0) / (left / left_degrees), 11.0, left_degrees)
    return Seasonality(share, p_value, share >= MATERIAL_SHARE and p_value < 0.05, months)


def same_months(
    series: Sequence[float | None],
    years: int = 3,
    dispersion: float = 1.0,
    level: float = 0.95,
) -> tuple[SameMonth, ...]:
    """Return each month of consecutive monthly counts against the same month of earlier years.

    At most `years` earlier years are looked back on, 12 elements apart; missing ones are left
    out. The change is of counts, tested by `compare_counts` with the earlier years as base.
    Raises ValueError for `years` under 1.
    """
    if years < 1:
        raise ValueError(f"years must be 1 or more, got {years!r}")
    compared: list[SameMonth] = []
    for position, value in enumerate(series):
        back = [position - 12 * step for step in range(1, years + 1)]
        found = [series[place] for place in back if place >= 0]
        earlier = tuple(float(count) for count in found if count is not None)
        change = None
        if value is not None and earlier:
            change = compare_counts(math.fsum(earlier), value, dispersion, level, before_base=len(earlier))
        mean = math.fsum(earlier) / len(earlier) if earlier else None
        compared.append(SameMonth(value, earlier, mean, change))
    return tuple(compared)
