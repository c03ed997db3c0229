"""Directly standardised rates: what a rate would be in a standard population.

Limits: Dobson, A.J., Kuulasmaa, K., Eberle, E. and Scherer, J. (1991) "Confidence intervals for
weighted sums of Poisson parameters", Statistics in Medicine 10, 457-462, on Byar's limits, as in
Public Health England's PHEindicatormethods, which also withholds rates on fewer than 10 events.
For comparing hospital or treatment data between areas of different age; recorded crime is by
convention a crude rate.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pipeline.statistics._distributions import check_level
from pipeline.statistics.intervals import check_count, poisson_limits

MINIMUM_EVENTS = 10
"""Rates on fewer events than this are withheld."""


@dataclass(frozen=True, slots=True)
class StandardisedRate:
    """A standardised rate per `per` people with its limits, and the events it rests on.

    Rate and limits are None where `withheld` says why: "few_events", or "no_population" where a
    stratum that counts in the standard population has nobody in it, or there are no strata at all.
    """

    rate: float | None
    lower: float | None
    upper: float | None
    events: float
    withheld: Literal["few_events", "no_population"] | None


def directly_standardised_rate(
    counts: Sequence[float],
    populations: Sequence[float],
    weights: Sequence[float],
    per: float = 100_000.0,
    level: float = 0.95,
) -> StandardisedRate:
    """Return the weighted mean of the strata's rates, with Dobson's limits.

    One count, population and weight for each stratum (age band, or age by sex), in the same
    order; the weights are the standard population (for example ESP 2013), of any scale. Strata of
    weight 0 do not count. Raises ValueError for sequences of different length, negative numbers,
    weights that are all 0 or `per` not above 0.
    """
    check_level(level)
    if not per > 0:
        raise ValueError(f"per must be above 0, got {per!r}")
    if not len(counts) == len(populations) == len(weights):
        raise ValueError(
            f"counts, populations and weights must be of one length, "
            f"got {len(counts)}, {len(populations)} and {len(weights)}"
        )
    for value in (*counts, *populations, *weights):
        check_count(value, "counts, populations and weights")
    if not weights:
        return StandardisedRate(None, None, None, 0.0, "no_population")
    whole = math.fsum(weights)
    if whole == 0:
        raise ValueError("the weights of the standard population sum to 0")
    strata = [s for s in zip(counts, populations, weights, strict=True) if s[2] > 0]
    events = math.fsum(count for count, _, _ in strata)
    if any(population == 0 for _, population, _ in strata):
        return StandardisedRate(None, None, None, events, "no_population")
    if events < MINIMUM_EVENTS:
        return StandardisedRate(None, None, None, events, "few_events")
    rate = math.fsum(w * count / n for count, n, w in strata) / whole
    variance = math.fsum(count * (w / n) ** 2 for count, n, w in strata) / whole**2
    lower, upper = dobson_limits(rate, variance, events, level)
    return StandardisedRate(
        rate=per * rate,
        lower=per * lower,
        upper=per * upper,
        events=events,
        withheld=None,
    )


def dobson_limits(value: float, variance: float, events: float, level: float) -> tuple[float, float]:
    """Return limits of a weighted sum of Poisson counts that number `events` in all, above 0.

    value + sqrt(variance / events) * (limit of events - events), never below 0, in the unit of
    `value`.
    """
    scale = math.sqrt(variance / events)
    lower, upper = (value + scale * (limit - events) for limit in poisson_limits(events, level))
    return max(0.0, lower), upper
