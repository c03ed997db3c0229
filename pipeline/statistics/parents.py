"""A part's rate against the rate of the whole that contains it.

A part is never independent of its whole, so the test is against the rest of it, as for shares
(`compare_share_with_parent`). With w the part's share of the whole's base, whole rate =
w * part rate + (1 - w) * rest rate. Part over whole is therefore r / (w * r + 1 - w), with r the
rate ratio of part over rest: it rises with r, so the limits of r give those of part over whole.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.statistics.ratio import rate_ratio


@dataclass(frozen=True, slots=True)
class RateAgainstParent:
    """How far a part's rate lies from that of its whole, in percent of the whole's rate.

    All three are None where a base is 0 or nothing was counted; `p_value` is then 1. Where all that was
    counted is in the part, `upper` is what a rest without any events would give.
    """

    percent: float | None
    lower: float | None
    upper: float | None
    p_value: float


def compare_rate_with_parent(
    part_count: float,
    part_base: float,
    parent_count: float,
    parent_base: float,
    level: float = 0.95,
    *,
    part_dispersion: float = 1.0,
    rest_dispersion: float = 1.0,
) -> RateAgainstParent:
    """Return the part's rate against that of the parent that contains it, with limits and p value.

    The part's share of the base is taken as known. A part that is its whole parent differs by 0, with
    limits 0 and p 1. Raises ValueError where the part does not fit in the parent, and as `rate_ratio`.
    """
    rest_count, rest_base = parent_count - part_count, parent_base - part_base
    if rest_count < 0 or rest_base < 0:
        raise ValueError(
            f"the part ({part_count!r} of {part_base!r}) does not fit in its parent "
            f"({parent_count!r} of {parent_base!r})"
        )
    if rest_base == 0 and rest_count == 0 and part_base > 0:
        return RateAgainstParent(0.0, 0.0, 0.0, 1.0)
    tested = rate_ratio(
        part_count,
        part_base,
        rest_count,
        rest_base,
        level,
        dispersion_a=part_dispersion,
        dispersion_b=rest_dispersion,
    )
    if tested.lower is None:
        return RateAgainstParent(None, None, None, tested.p_value)
    weight = part_base / parent_base
    percent, lower, upper = (
        100.0 / weight - 100.0 if ratio is None else 100.0 * (ratio / (weight * ratio + 1.0 - weight) - 1.0)
        for ratio in (tested.ratio, tested.lower, tested.upper)
    )
    return RateAgainstParent(percent, lower, upper, tested.p_value)
