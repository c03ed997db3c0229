"""Differences of two proportions, and of a part from the whole that contains it.

Sources: Newcombe, R.G. (1998) "Interval estimation for the difference between independent
proportions: comparison of eleven methods", Statistics in Medicine 17, 873-890, method 10 (hybrid
score, without continuity correction); arcsine scale for power: Cohen, J. (1988) Statistical Power
Analysis for the Behavioral Sciences, 2nd edition, chapter 6.
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
from pipeline.statistics.change import DetectableChange
from pipeline.statistics.intervals import check_count, score_limits

NEWCOMBE = "Newcombe hybrid score"
AGAINST_REST = "Newcombe hybrid score against the rest of the parent"


@dataclass(frozen=True, slots=True)
class ProportionChange:
    """The difference of two proportions, in percentage points: the second less the first.

    All of it is None where either base is 0. The p value belongs to the limits: it is below
    1 - level exactly where they exclude 0. `detectable_points` is the smallest fall, and
    `detectable_rise_points` the smallest rise, that would have shown with 80 % power: positive,
    None where the proportion leaves no room for it.
    """

    change_points: float | None
    lower: float | None
    upper: float | None
    p_value: float | None
    detectable_points: float | None
    method: str
    detectable_rise_points: float | None


def compare_proportions(x1: float, n1: float, x2: float, n2: float, level: float = 0.95) -> ProportionChange:
    """Return x2/n2 less x1/n1 in percentage points, with Newcombe's limits.

    The groups must not share members. Counts and bases may be fractional (effective sizes).
    Raises ValueError unless 0 <= x <= n for both, or for a level outside (0, 1).
    """
    z = two_sided_z(level)
    _check_part(x1, n1, "x1", "n1")
    _check_part(x2, n2, "x2", "n2")
    if n1 == 0 or n2 == 0:
        return ProportionChange(None, None, None, None, None, NEWCOMBE, None)
    lower, upper = _newcombe(x1, n1, x2, n2, z)
    detectable = smallest_detectable_difference(x1 / n1, n1, n2, level=level)
    return ProportionChange(
        change_points=100.0 * (x2 / n2 - x1 / n1),
        lower=100.0 * lower,
        upper=100.0 * upper,
        p_value=_newcombe_p(x1, n1, x2, n2),
        detectable_points=detectable.fall,
        method=NEWCOMBE,
        detectable_rise_points=detectable.rise,
    )


def compare_share_with_parent(
    part_count: float,
    part_total: float,
    parent_count: float,
    parent_total: float,
    level: float = 0.95,
    *,
    part_effective: float = 1.0,
    rest_effective: float = 1.0,
) -> ProportionChange:
    """Return the part's share less its parent's, in points, where the parent contains the part.

    A part is never independent of its parent, so the test is against the rest of the parent
    (Newcombe). As parent share = w * part share + (1 - w) * rest share, with w the part's share
    of the parent's total, part less parent is (1 - w) times part less rest, and so are its
    limits, w taken as known. The p value is that of part against rest. A part that is its whole
    parent differs by 0, with limits 0 and p 1; without a part all is None. The detectable
    differences are also against the parent. Where members are no independent sample, `part_effective`
    and `rest_effective` are the effective sample size for every member: both are tested as so many.

    Raises ValueError where the part does not fit in the parent, or for an effective size not above 0.
    """
    check_level(level)
    for share in (part_effective, rest_effective):
        if not share > 0:
            raise ValueError(f"an effective size for every member must be above 0, got {share!r}")
    _check_part(part_count, part_total, "part_count", "part_total")
    rest_count, rest_total = parent_count - part_count, parent_total - part_total
    if rest_count < 0 or rest_total < rest_count:
        raise ValueError(
            f"the part ({part_count!r} of {part_total!r}) does not fit in its parent "
            f"({parent_count!r} of {parent_total!r})"
        )
    if part_total == 0:
        return ProportionChange(None, None, None, None, None, AGAINST_REST, None)
    if rest_total == 0:
        return ProportionChange(0.0, 0.0, 0.0, 1.0, None, AGAINST_REST, None)
    against_rest = compare_proportions(
        rest_effective * rest_count,
        rest_effective * rest_total,
        part_effective * part_count,
        part_effective * part_total,
        level,
    )
    rest_weight = rest_total / parent_total
    return ProportionChange(
        change_points=_times(against_rest.change_points, rest_weight),
        lower=_times(against_rest.lower, rest_weight),
        upper=_times(against_rest.upper, rest_weight),
        p_value=against_rest.p_value,
        detectable_points=_times(against_rest.detectable_points, rest_weight),
        method=AGAINST_REST,
        detectable_rise_points=_times(against_rest.detectable_rise_points, rest_weight),
    )


def smallest_detectable_difference(
    share: float, n_before: float, n_after: float, power: float = 0.8, level: float = 0.95
) -> DetectableChange:
    """Return the smallest true fall and rise from `share`, in points, that would probably show.

    `share` is a proportion from 0 to 1; both bases are above 0. On the arcsine scale, where the
    variance of a proportion is 1 / (4n): asin(sqrt(later)) = asin(sqrt(share)) -+
    (z_level + z_power) / 2 * sqrt(1/n_before + 1/n_after). A fall or rise that would leave the
    range from 0 to 1 is None. Raises ValueError for a share outside 0 to 1 or a base not above 0.
    """
    check_level(power)
    if not 0.0 <= share <= 1.0:
        raise ValueError(f"share must be from 0 to 1, got {share!r}")
    if not (n_before > 0 and n_after > 0):
        raise ValueError(f"bases must be above 0, got {n_before!r} and {n_after!r}")
    reach = max(0.0, two_sided_z(level) + normal_quantile(power))
    step = reach / 2.0 * math.sqrt(1.0 / n_before + 1.0 / n_after)
    angle = math.asin(math.sqrt(share))
    low, high = angle - step, angle + step
    return DetectableChange(
        fall=100.0 * (share - math.sin(low) ** 2) if low >= 0 else None,
        rise=100.0 * (math.sin(high) ** 2 - share) if high <= math.pi / 2.0 else None,
    )


def _check_part(part: float, whole: float, part_name: str, whole_name: str) -> None:
    """Raise ValueError unless 0 <= part <= whole."""
    check_count(part, part_name)
    check_count(whole, whole_name)
    if part > whole:
        raise ValueError(f"{part_name} ({part!r}) must not exceed {whole_name} ({whole!r})")


def _newcombe(x1: float, n1: float, x2: float, n2: float, z: float) -> tuple[float, float]:
    """Return the hybrid score limits of x2/n2 - x1/n1 at normal deviate z."""
    share1, share2 = x1 / n1, x2 / n2
    low1, high1 = score_limits(share1, n1, z)
    low2, high2 = score_limits(share2, n2, z)
    difference = share2 - share1
    lower = difference - math.hypot(share2 - low2, high1 - share1)
    upper = difference + math.hypot(high2 - share2, share1 - low1)
    return lower, upper


def _newcombe_p(x1: float, n1: float, x2: float, n2: float) -> float:
    """Return the p value at whose level a Newcombe limit lies on 0, by bisection on z.

    The limits widen with z, so there is one such level. Equal proportions give 1.
    """
    difference = x2 / n2 - x1 / n1
    if difference == 0:
        return 1.0

    def excludes_zero(z: float) -> bool:
        lower, upper = _newcombe(x1, n1, x2, n2, z)
        return lower > 0 if difference > 0 else upper < 0

    inside, outside = 0.0, 40.0
    if excludes_zero(outside):
        return two_sided_p(outside)
    for _ in range(60):
        middle = (inside + outside) / 2.0
        if excludes_zero(middle):
            inside = middle
        else:
            outside = middle
    return two_sided_p(inside)


def _times(value: float | None, factor: float) -> float | None:
    """Return value * factor; None stays None."""
    return None if value is None else value * factor
