"""How much more than chance a figure varies: the dispersion that its tests rest on, by kind of measure."""

from collections.abc import Iterator
from dataclasses import replace

from pipeline.compute.context import Context
from pipeline.compute.limits import counted_estimate
from pipeline.definitions.indicator import Count, DerivedMeasure, Rate, Ratio, Reported
from pipeline.model.comparison import Comparison
from pipeline.model.observation import ReleasedObservation
from pipeline.statistics import Dispersion, Estimate


def of_rank(context: Context, figure: ReleasedObservation) -> float:
    """The variance of a figure's logarithm, times its numerator: the dispersion its rank rests on.

    Of a ratio both counts vary: phi / numerator + phi' / denominator. Of a percentage whose rows are not
    independent, its design effect, where that is larger.
    """
    phi = context.dispersion(figure).value
    if isinstance(context.indicator.measure, Ratio) and figure.numerator and figure.denominator:
        other = context.dispersion(figure, "denominator").value
        return phi + other * figure.numerator / figure.denominator
    if figure.effective_base and figure.denominator:
        return max(phi, figure.denominator / figure.effective_base)
    return phi


def of_change(context: Context, found: Comparison) -> float:
    """The dispersion of a change; of ratios, what makes the variance of two counts that of four."""
    now, then = found.observation, found.reference
    assert then is not None
    phi = found.dispersion or 1.0
    of_ratio = isinstance(context.indicator.measure, Ratio)
    if not (of_ratio and now.numerator and then.numerator and now.denominator and then.denominator):
        return phi
    other = context.dispersion(now, "denominator").value
    below, above = (
        1 / a + 1 / b for a, b in ((now.denominator, then.denominator), (now.numerator, then.numerator))
    )
    return phi + other * below / above


def of_derived(context: Context, observation: ReleasedObservation) -> tuple[Dispersion | None, str]:
    """The dispersion of a derived figure, and what a reader must know of it.

    Declared, or of a sum of counts: that of its own months. Otherwise that of each part, weighed by what
    the part adds to the variance: its own variance above the line, and below it times the square of the
    quotient. None where a part has no figure of this place and period to weigh it by.
    """
    measure = context.indicator.measure
    assert isinstance(measure, DerivedMeasure)
    parts = [context.definitions.indicators[name] for name in (*measure.sum, *measure.less, *measure.over)]
    of_counts = not measure.less and not measure.over and all(isinstance(p.measure, Count) for p in parts)
    if of_counts or context.indicator.test.dispersion != "measured":
        whole = context.dispersion(observation)
        return whole, context.dispersion_note(whole, observation)
    widened, plain, notes, measured = 0.0, 0.0, [], True
    for name, weight in _weights(measure, observation):
        part = replace(context, indicator=context.definitions.indicators[name])
        title = part.indicator.title
        figure = context.results.get(name, observation.area.code, observation.period)
        if figure is None:
            return None, f"not tested: the dispersion of {title} is not known here"
        phi, estimate = _of_part(part, figure), counted_estimate(part.indicator.measure, figure)
        if phi is None or estimate is None:
            return None, f"not tested: the dispersion of {title} is not known here"
        variance = weight * _half_width(estimate) ** 2
        plain += variance
        widened += phi.value * variance
        measured = measured and phi.measured
        notes.append(f"{title} {phi.value:.2f}{'' if phi.measured else ' (not measured)'}")
    value = widened / plain if plain else 1.0
    return Dispersion(value, measured, 0), f"dispersion of its parts: {', '.join(notes)}"


def _weights(measure: DerivedMeasure, observation: ReleasedObservation) -> Iterator[tuple[str, float]]:
    """Each part with what its variance is multiplied by in that of the sum above the line."""
    yield from ((name, 1.0) for name in (*measure.sum, *measure.less))
    if observation.numerator is not None and observation.denominator:
        quotient = observation.numerator / observation.denominator
        yield from ((name, quotient**2) for name in measure.over)


def _of_part(part: Context, figure: ReleasedObservation) -> Dispersion | None:
    """The dispersion of a part; 1 for percentages and means, whose tests know of none."""
    match part.indicator.measure:
        case DerivedMeasure():
            return of_derived(part, figure)[0]
        case Ratio():
            above, below = part.dispersion(figure), part.dispersion(figure, "denominator")
            spread = of_rank(part, figure) / (1 + (figure.numerator or 0.0) / (figure.denominator or 1.0))
            return Dispersion(spread, above.measured and below.measured, above.months)
        case Count() | Rate() | Reported():
            return part.dispersion(figure)
        case _:
            return Dispersion(1.0, True, 0)


def _half_width(estimate: Estimate) -> float:
    return (estimate.upper - estimate.lower) / 2
