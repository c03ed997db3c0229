"""The change from one count to another, and how small a change would have shown.

Sources: rate ratios as in `ratio.py`; for power, the square-root scale, on which the variance of a
Poisson count does not depend on its size, as compared with other tests by Gu, K., Ng, H.K.T., Tang,
M.L. and Schucany, W.R. (2008) "Testing the ratio of two Poisson rates", Biometrical Journal 50.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from pipeline.statistics._distributions import (
    check_level,
    normal_quantile,
    two_sided_p,
    two_sided_z,
)
from pipeline.statistics.intervals import check_count
from pipeline.statistics.ratio import check_dispersion, rate_ratio


@dataclass(frozen=True, slots=True)
class DetectableChange:
    """The smallest true fall and rise that would probably have shown, both as positive numbers.

    In percent for counts, in percentage points for proportions. `fall` is None where even a fall
    to nothing would not have shown, `rise` where nothing was there to rise from or a proportion
    has no room above it.
    """

    fall: float | None
    rise: float | None


@dataclass(frozen=True, slots=True)
class CountChange:
    """The change from one count to another.

    `change` is in events; `change_percent`, `lower` and `upper` are percent changes of the rate
    (of the count, where the bases are equal). With nothing before, `change_percent` and `upper`
    are None and `lower` is a number if there is something after; with nothing in either, or a
    base of 0, all three are None and p is 1. `dispersion` is the one used. `detectable_percent`
    is the smallest fall, and `detectable_rise_percent` the smallest rise, that would have shown
    with 80 % power: positive, None where no such change exists. `method` is "exact conditional"
    or "log rate ratio".
    """

    change: float
    change_percent: float | None
    lower: float | None
    upper: float | None
    p_value: float
    dispersion: float
    detectable_percent: float | None
    method: str
    detectable_rise_percent: float | None


def compare_counts(
    before: float,
    after: float,
    dispersion: float = 1.0,
    level: float = 0.95,
    before_base: float = 1.0,
    after_base: float = 1.0,
) -> CountChange:
    """Return the change from `before` to `after` events, with limits and p value.

    Exact conditional below 100 events in all (or where either count is 0), otherwise the log rate
    ratio with variance dispersion * (1/before + 1/after). The bases are populations, days or
    months; left alone, counts are compared as they are; with a base of 0 there is no comparison
    (percent and limits None, p 1). Raises ValueError for negative numbers, dispersion under 1 or
    a level outside (0, 1).
    """
    ratio = rate_ratio(
        after,
        after_base,
        before,
        before_base,
        level,
        dispersion_a=dispersion,
        dispersion_b=dispersion,
    )
    detectable = DetectableChange(None, None)
    if before_base > 0 and after_base > 0:
        detectable = smallest_detectable_change(
            before, dispersion, level=level, base_ratio=after_base / before_base
        )
    return CountChange(
        change=after - before,
        change_percent=_percent(ratio.ratio),
        lower=_percent(ratio.lower),
        upper=_percent(ratio.upper),
        p_value=ratio.p_value,
        dispersion=dispersion,
        detectable_percent=detectable.fall,
        method=ratio.method,
        detectable_rise_percent=detectable.rise,
    )


@dataclass(frozen=True, slots=True)
class ChangeBeside:
    """One change of counts beside another, independent of it.

    `points` is the first percent change less the second, in percentage points. `percent` is the
    ratio of the two ratios less one, in percent, and `lower`, `upper` and `p_value` belong to it.
    From nothing there is no change, and all five are None; beside a fall to nothing there are
    `points` only; limits and p value need events in all four periods.
    """

    points: float | None
    percent: float | None
    lower: float | None
    upper: float | None
    p_value: float | None


def compare_changes(
    before: float,
    after: float,
    other_before: float,
    other_after: float,
    dispersion: float = 1.0,
    other_dispersion: float = 1.0,
    level: float = 0.95,
    base_ratio: float = 1.0,
    other_base_ratio: float = 1.0,
) -> ChangeBeside:
    """Return the change from `before` to `after` beside the change of other places.

    The logarithm of the ratio of ratios is taken as normal, with the sum of the variances of two
    log rate ratios: dispersion * (1/before + 1/after) + other_dispersion * (1/other_before +
    1/other_after) (Altman and Bland 2003, BMJ 326, 219). `base_ratio` is a later base over the
    earlier one. The places must not share events. Raises ValueError for negative counts,
    dispersion under 1, a base ratio not above 0 or a level outside (0, 1).
    """
    check_level(level)
    check_dispersion(dispersion)
    check_dispersion(other_dispersion)
    counts = (before, after, other_before, other_after)
    for count in counts:
        check_count(count, "a count")
    for ratio in (base_ratio, other_base_ratio):
        if not ratio > 0:
            raise ValueError(f"a base ratio must be above 0, got {ratio!r}")
    if before == 0 or other_before == 0:
        return ChangeBeside(None, None, None, None, None)
    own = after / before / base_ratio
    other = other_after / other_before / other_base_ratio
    points = 100.0 * (own - other)
    if other == 0:
        return ChangeBeside(points, None, None, None, None)
    percent = _percent(own / other)
    if own == 0:
        return ChangeBeside(points, percent, None, None, None)
    spread = math.sqrt(
        dispersion * (1.0 / before + 1.0 / after)
        + other_dispersion * (1.0 / other_before + 1.0 / other_after)
    )
    reach = math.exp(two_sided_z(level) * spread)
    lower, upper = _percent(own / other / reach), _percent(own / other * reach)
    return ChangeBeside(points, percent, lower, upper, two_sided_p(math.log(own / other) / spread))


def smallest_detectable_change(
    before: float,
    dispersion: float = 1.0,
    power: float = 0.8,
    level: float = 0.95,
    base_ratio: float = 1.0,
) -> DetectableChange:
    """Return the smallest true fall and rise, in percent of `before`, that would probably show.

    "Probably" is with probability `power`, in a two-sided comparison at `level` with `before`
    events; `base_ratio` is the later base over the earlier one. On the square-root scale, where
    the variance of a count is dispersion / 4 whatever its size, the answer is closed:
    sqrt(later) = sqrt(before) -+ (z_level + z_power) / 2 * sqrt(dispersion * (1 + 1/base_ratio)).
    With nothing before, both are None. Raises ValueError for a negative count, dispersion under
    1, a base ratio not above 0, or a level or power outside (0, 1).
    """
    check_count(before, "before")
    check_dispersion(dispersion)
    check_level(power)
    if not base_ratio > 0:
        raise ValueError(f"base_ratio must be above 0, got {base_ratio!r}")
    reach = two_sided_z(level) + normal_quantile(power)
    if before == 0:
        return DetectableChange(None, None)
    root = math.sqrt(before)
    step = max(0.0, reach) / 2.0 * math.sqrt(dispersion * (1.0 + 1.0 / base_ratio))
    fall = 100.0 * (1.0 - (1.0 - step / root) ** 2) if step <= root else None
    return DetectableChange(fall, 100.0 * ((1.0 + step / root) ** 2 - 1.0))


def _percent(ratio: float | None) -> float | None:
    """Return a ratio as a percent change; None stays None."""
    return None if ratio is None else 100.0 * (ratio - 1.0)
