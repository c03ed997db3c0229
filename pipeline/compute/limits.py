"""The 95 % limits of one value, by the type of its measure."""

from pipeline.definitions.indicator import Count, Measure, Proportion, Rate, Repeat, Reported, Share, Survey
from pipeline.statistics import Interval, poisson_interval, rate_interval, wilson_interval

NO_LIMITS = Interval(None, None)


def limits(measure: Measure, numerator: float, denominator: float | None, sampled: bool = True) -> Interval:
    """Limits in the unit of the value. `sampled` False: a survey that anyone could answer has none.

    Counts and rates: Poisson. Proportions, shares, repeats and surveys: Wilson, in percent. Reported
    percentages too, where the item reported is a part of the other; other reported figures have no
    limits, because what chance moves in them is not known.
    """
    match measure:
        case Count():
            return poisson_interval(numerator)
        case Rate() if denominator:
            return rate_interval(numerator, denominator, measure.per)
        case Survey() if not sampled:
            return NO_LIMITS
        case Reported() if measure.of is None:
            return NO_LIMITS
        case Proportion() | Share() | Repeat() | Survey() | Reported() if (
            denominator and numerator <= denominator
        ):
            interval = wilson_interval(numerator, denominator)
            return Interval(_percent(interval.lower), _percent(interval.upper))
        case _:
            return NO_LIMITS


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share
