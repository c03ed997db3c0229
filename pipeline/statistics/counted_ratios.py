"""One count over another: limits of their ratio, and the change from one ratio to another.

Four independent counts make a ratio of two ratios, which given its margins follows Fisher's noncentral
hypergeometric distribution: the exact limits are those of a conditional odds ratio. Sources: Fisher, R.A.
(1935) "The logic of inductive inference", JRSS 98, 39-82; Cornfield, J. (1956) "A statistical problem
arising from retrospective studies", Proc. Third Berkeley Symposium 4, 135-148; for larger counts Altman,
D.G. and Bland, J.M. (2003) "Interaction revisited", BMJ 326, 219, on log rate ratios.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.statistics._distributions import check_level, normal_quantile, two_sided_z
from pipeline.statistics.change import DetectableChange, compare_changes
from pipeline.statistics.intervals import Interval, check_count
from pipeline.statistics.ratio import EXACT_BELOW_TOTAL, check_dispersion, rate_ratio

EXACT_RATIOS = "exact conditional odds ratio"
LOG_RATIOS = "log ratio of ratios"

_CLOSE = 1e-12
_LARGEST_EXPONENT = 700.0  # a little more is no number any longer


@dataclass(frozen=True, slots=True)
class RatioChange:
    """The change from one ratio of counts to another, in percent of the first.

    From a ratio of nothing there is no percent change and no upper limit, only a lower one. Nothing in
    either numerator, or in either denominator, leaves all None and p 1. The smallest fall and rise that
    would have shown with 80 % power are positive, None where no such change exists.
    """

    change_percent: float | None
    lower: float | None
    upper: float | None
    p_value: float
    dispersion: float
    detectable_percent: float | None
    detectable_rise_percent: float | None
    method: str


def ratio_interval(numerator: float, denominator: float, per: float = 1.0, level: float = 0.95) -> Interval:
    """Return the limits of `per * numerator / denominator`, both counts of independent events.

    Exact conditional below 100 events in all or over a numerator of none, otherwise from the logarithm
    of the ratio. Over a denominator of none there is no ratio and both limits are None. Raises ValueError
    for a negative count, `per` not above 0 or a level outside (0, 1).
    """
    if not per > 0:
        raise ValueError(f"per must be above 0, got {per!r}")
    found = rate_ratio(numerator, 1.0, denominator, 1.0, level)
    if found.lower is None or found.upper is None:  # a denominator of none
        return Interval(None, None)
    return Interval(per * found.lower, per * found.upper)


def compare_ratios(
    numerator1: float,
    denominator1: float,
    numerator2: float,
    denominator2: float,
    dispersion: float = 1.0,
    level: float = 0.95,
    *,
    denominator_dispersion: float = 1.0,
) -> RatioChange:
    """Return the change from numerator1 / denominator1 to numerator2 / denominator2.

    The four counts must not share events. `dispersion` is that of the numerators. Exact conditional where
    a count is 0, or where the numerators are below 100 in all and no count is overdispersed; there, counts
    are divided by their dispersion and all four are whole numbers (they are rounded). Otherwise the
    logarithm of the ratio of ratios with variance dispersion * (1/numerator1 + 1/numerator2) +
    denominator_dispersion * (1/denominator1 + 1/denominator2). Raises ValueError for a negative count, a
    dispersion under 1 or a level outside (0, 1).
    """
    check_level(level)
    check_dispersion(dispersion)
    check_dispersion(denominator_dispersion)
    counts = (numerator1, denominator1, numerator2, denominator2)
    for count in counts:
        check_count(count, "a count")
    few = numerator1 + numerator2 < EXACT_BELOW_TOTAL and dispersion == denominator_dispersion == 1.0
    exact = few or 0 in counts
    method = EXACT_RATIOS if exact else LOG_RATIOS
    if denominator1 == 0 or denominator2 == 0 or numerator1 + numerator2 == 0:
        return RatioChange(None, None, None, 1.0, dispersion, None, None, method)
    percent = None
    if numerator1 > 0:
        percent = 100.0 * (numerator2 / denominator2 / (numerator1 / denominator1) - 1.0)
    if exact:
        phis = (dispersion, denominator_dispersion)
        later, earlier = (numerator2, denominator2), (numerator1, denominator1)
        shed = [count / phi for pair in (later, earlier) for count, phi in zip(pair, phis, strict=True)]
        lower, upper, p_value = _exact(shed, level)
    else:
        tested = compare_changes(
            numerator1,
            numerator2,
            denominator1,
            denominator2,
            dispersion=dispersion,
            other_dispersion=denominator_dispersion,
            level=level,
        )
        assert tested.p_value is not None
        lower, upper, p_value = tested.lower, tested.upper, tested.p_value
    least = smallest_detectable_ratio_change(
        numerator1,
        denominator1,
        denominator2,
        dispersion,
        level=level,
        denominator_dispersion=denominator_dispersion,
    )
    return RatioChange(percent, lower, upper, p_value, dispersion, least.fall, least.rise, method)


def smallest_detectable_ratio_change(
    numerator: float,
    denominator: float,
    later_denominator: float,
    dispersion: float = 1.0,
    power: float = 0.8,
    level: float = 0.95,
    *,
    denominator_dispersion: float = 1.0,
) -> DetectableChange:
    """Return the smallest true fall and rise of a ratio, in percent, that would probably show.

    On the logarithm of the ratio of ratios, with its variance at the changed ratio: the change L at which
    L = (z_level + z_power) * sqrt(dispersion * (1/numerator + 1/later numerator) +
    denominator_dispersion * (1/denominator + 1/later_denominator)). A fall is None where even the largest
    would not show, because what is left is too few; both are None from a numerator of 0. Both denominators
    must be above 0. Raises ValueError for a dispersion under 1, or a level or power outside (0, 1).
    """
    check_level(power)
    check_dispersion(dispersion)
    check_dispersion(denominator_dispersion)
    reach = max(0.0, two_sided_z(level) + normal_quantile(power))
    if numerator == 0:
        return DetectableChange(None, None)
    fixed = dispersion / numerator + denominator_dispersion * (1.0 / denominator + 1.0 / later_denominator)
    moving = dispersion / numerator * denominator / later_denominator
    fall, rise = (_log_change(reach, fixed, moving, sign) for sign in (1.0, -1.0))
    return DetectableChange(
        fall=None if fall is None else -100.0 * math.expm1(-fall),
        rise=None if rise is None else 100.0 * math.expm1(rise),
    )


def _log_change(reach: float, fixed: float, moving: float, sign: float) -> float | None:
    """Return the least L with L = reach * sqrt(fixed + moving * exp(sign * L)); None where there is none.

    Newton's method from 0: L less the right-hand side is concave, so the steps rise to its first zero and
    never pass it; where its slope is gone before, it has none.
    """
    size, short = 0.0, math.inf
    while abs(short) > _CLOSE * max(1.0, size):
        part = moving * math.exp(min(sign * size, _LARGEST_EXPONENT))
        spread = math.sqrt(fixed + part)
        short = reach * spread - size
        slope = 1.0 - reach * sign * part / (2.0 * spread)
        if slope <= 0:
            return None
        size += short / slope
    return size


def _exact(counts: Sequence[float], level: float) -> tuple[float | None, float | None, float]:
    """Return limits of the odds ratio in percent of change, and the central p value.

    `counts` are the later numerator and denominator, then the earlier ones.
    """
    # Loaded only here: the module costs more than a whole edition's other tests.
    from scipy.stats import hypergeom
    from scipy.stats.contingency import odds_ratio

    later, later_base, earlier, earlier_base = (math.floor(count + 0.5) for count in counts)
    table = [[later, later_base], [earlier, earlier_base]]
    found = odds_ratio(table, kind="conditional").confidence_interval(level)
    whole, marked, drawn = sum(map(sum, table)), later + earlier, later + later_base
    at_most = hypergeom.cdf(later, whole, marked, drawn)
    at_least = hypergeom.sf(later - 1, whole, marked, drawn)
    upper = 100.0 * (float(found.high) - 1.0) if math.isfinite(found.high) else None
    return 100.0 * (float(found.low) - 1.0), upper, float(min(1.0, 2.0 * min(at_most, at_least)))
