"""The 95 % limits of one value, by the type of its measure."""

from pipeline.definitions.indicator import (
    Count,
    Mean,
    Measure,
    Proportion,
    Rate,
    Ratio,
    Repeat,
    Reported,
    Share,
)
from pipeline.model.observation import Observation
from pipeline.statistics import (
    Estimate,
    Interval,
    mean_interval,
    poisson_interval,
    rate_interval,
    ratio_interval,
    wilson_interval,
)

NO_LIMITS = Interval(None, None)


def limits(
    measure: Measure,
    numerator: float,
    denominator: float | None,
    deviation: float | None = None,
) -> Interval:
    """Limits in the unit of the value.

    Counts and rates: Poisson. Ratios: of two Poisson counts. Means, whose values have that `deviation`:
    Student's. Proportions, shares and repeats: Wilson, in percent. Reported percentages too, where the item
    reported is a part of the other; other reported figures have no limits, because what chance moves in
    them is not known, and how a register stands at the end of a period has no chance in it. Surveys and
    repeat crimes, whose rows are no simple random sample, have theirs from their design
    (`pipeline.compute.figure`); derived figures from their parts (`pipeline.compute.derived`).
    """
    match measure:
        case Count():
            return poisson_interval(numerator)
        case Rate() if denominator:
            return rate_interval(numerator, denominator, measure.per)
        case Ratio() if denominator:
            return ratio_interval(numerator, denominator, measure.per)
        case Mean() if denominator and deviation is not None:
            return mean_interval(numerator / denominator, deviation, denominator)
        case Reported() if measure.of is None or measure.is_stock:
            return NO_LIMITS
        case Proportion() | Share() | Repeat() | Reported() if denominator and numerator <= denominator:
            interval = wilson_interval(numerator, denominator)
            return Interval(percent(interval.lower), percent(interval.upper))
        case _:
            return NO_LIMITS


def estimate(observation: Observation) -> Estimate | None:
    """The value with its limits; None where it has not both."""
    value, lower, upper = observation.value, observation.lower, observation.upper
    if value is None or lower is None or upper is None:
        return None
    return Estimate(value, min(lower, value), max(upper, value))


def counted_estimate(measure: Measure | None, observation: Observation) -> Estimate | None:
    """The value with its limits; of a reported count, which is printed without, those its tests rest on."""
    value = observation.value
    if value is None or not (isinstance(measure, Reported) and measure.is_count):
        return estimate(observation)
    found = poisson_interval(value)
    assert found.lower is not None
    assert found.upper is not None
    return Estimate(value, found.lower, found.upper)


def percent(share: float | None) -> float | None:
    """A share of 1 as a percentage."""
    return None if share is None else 100 * share
