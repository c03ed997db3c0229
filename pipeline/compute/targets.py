"""Targets: what the path to a target asks of a period, and how far the figure is from it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from pipeline.compute.change import in_own_unit
from pipeline.compute.context import Context
from pipeline.compute.periods import published_period
from pipeline.definitions.indicator import Indicator, Reported, Window
from pipeline.definitions.resolved import Definitions
from pipeline.definitions.strategy import Target
from pipeline.model.comparison import Comparison
from pipeline.model.observation import Mark, ReleasedObservation
from pipeline.model.period import Period, add_months, parse_month
from pipeline.statistics import poisson_interval


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a path asks of one period; `value` is None before the path begins. `last`: the target itself."""

    value: float | None
    last: bool


def targets(context: Context, observation: ReleasedObservation) -> Iterator[Comparison]:
    """The observation against the target of each use of the indicator, each target once.

    `reference_value` is what the path asks of the observation's period. `change` is the figure less that,
    `change_percent` the same in per cent of it (not for percentages, nor of a target of 0), and `lower`
    and `upper` are where the figure's own limits lie, on the same scale. A break between the start of the
    path and the figure marks it. Not comparable where there is no figure, or the path has not begun.
    """
    for target in _targets_of(context.indicator, context.definitions):
        wanted = wanted_at(target, context.indicator.window, observation.period)
        blank = Comparison(
            observation=observation,
            reference=None,
            comparator="target",
            reference_label=f"{'target of' if wanted.last else 'path to'} {target.named(observation.unit)}",
            reference_value=wanted.value,
            level=context.indicator.test.level,
            marks=observation.marks,
        )
        if observation.value is None:
            yield replace(blank, comparable=False, reason=observation.reason)
        elif wanted.value is None:
            start = target.from_.period if target.from_ else next(iter(target.steps), target.by)
            yield replace(blank, comparable=False, reason=f"the path to the target begins with {start}")
        else:
            yield _distance(context, target, blank, wanted.value)


def wanted_at(target: Target, window: Window, period: Period) -> Wanted:
    """What the path to a target asks of a period.

    The path goes through the start, the steps and the target, each at the end of its period. From one to
    the next a linear path moves evenly by months; a stepped one stays until the next is due. After the
    last, the target holds. Before the start nothing is asked; without a start, what is due first is.
    """
    named = target.steps | {target.by: target.value}
    if target.from_ is not None:
        named |= {target.from_.period: target.from_.value}
    path = sorted((_end(window, name), value) for name, value in named.items())
    passed = [point for point in path if point[0] <= period.end]
    coming = path[len(passed) :]
    if not coming:
        return Wanted(path[-1][1], last=True)
    if not passed:
        return Wanted(None if target.from_ is not None else coming[0][1], last=len(path) == 1)
    (start, before), (end, after) = passed[-1], coming[0]
    gone = _months(start, period.end) / _months(start, end) if target.path == "linear" else 0.0
    return Wanted(before + gone * (after - before), last=False)


def _end(window: Window, name: str) -> date:
    """The exclusive end of the period that a target names."""
    named = published_period(window, name)
    if named is not None:
        return named.end
    # Waves have periods of their own: the financial year, or the month, ends the one that is meant.
    first, second = int(name[:4]), int(name[5:])
    if second == (first + 1) % 100:
        return date(first + 1, 4, 1)
    return add_months(parse_month(name), 1)


def _months(start: date, end: date) -> int:
    return (end.year - start.year) * 12 + end.month - start.month


def _distance(context: Context, target: Target, blank: Comparison, wanted: float) -> Comparison:
    """How far the figure and its limits lie from what is wanted."""
    observation = blank.observation
    assert observation.value is not None
    apart = observation.value - wanted
    in_percent = wanted > 0 and not in_own_unit(context, observation)
    scale = 100 / wanted if in_percent else 1.0
    limits = _limits(context, observation)
    lower, upper = (None if end is None else scale * (end - wanted) for end in limits)
    compared = replace(
        blank,
        change=apart,
        change_percent=scale * apart if in_percent else None,
        lower=lower,
        upper=upper,
    )
    if target.from_ is None:
        return compared
    start = published_period(context.indicator.window, target.from_.period)
    touched = context.breaks_between(observation.period, start) if start else ()
    if not touched:
        return compared
    note = "; ".join(found.note for found in touched)
    return replace(compared, marks=compared.marks | {Mark.BREAK}, reason=note)


def _limits(context: Context, observation: ReleasedObservation) -> tuple[float | None, float | None]:
    """The figure's limits; of a reported count, which is printed without, those its change is tested by."""
    measure = context.indicator.measure
    if not (isinstance(measure, Reported) and measure.is_count):
        return observation.lower, observation.upper
    # A count that varies phi times as much as chance says as much as one phi times smaller.
    phi = context.dispersion(observation).value
    assert observation.value is not None
    found = poisson_interval(observation.value / phi)
    assert found.lower is not None
    assert found.upper is not None
    return phi * found.lower, phi * found.upper


def _targets_of(indicator: Indicator, definitions: Definitions) -> Iterator[Target]:
    """The targets of the uses of an indicator, each once, in the order of the strategy."""
    found: list[Target] = []
    for priority in (*definitions.priorities.values(), *definitions.duties.values()):
        for measure in priority.measures.values():
            for use in measure.uses:
                if use.use == indicator.id and use.target is not None and use.target not in found:
                    found.append(use.target)
    return iter(found)
