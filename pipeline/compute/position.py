"""Where the partnership stands: against an average, in a rank, beside the rest of the force, to a target."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.compute.change import change
from pipeline.compute.context import Context
from pipeline.compute.standing import rest_of_force
from pipeline.definitions.indicator import Compare, Count, Rate
from pipeline.model.area import Area, AreaKind
from pipeline.model.comparison import Comparison
from pipeline.model.observation import ReleasedObservation
from pipeline.model.period import Period
from pipeline.statistics import compare_share_with_parent, rank_intervals


@dataclass(frozen=True)
class _Field:
    """The areas of a comparator with their figures of one cell, and why some have none."""

    areas: tuple[Area, ...]
    figures: tuple[ReleasedObservation, ...]
    missing: str


def average(context: Context, comparator: Compare, observation: ReleasedObservation) -> Comparison:
    """The observation against the pooled figure of other areas (their sum over their sum).

    Of counts, the mean per area. `change` is the difference; `change_percent` for counts and rates. A
    share against a whole that holds it gets limits and a test (against the rest of the whole).
    Not comparable, naming areas and months, where any of the areas has no figure.
    """
    field = _field(context, comparator.of or "force", observation)
    blank = _blank(context, comparator, observation, _title(context, comparator, "average of "))
    if observation.value is None or field.missing:
        return replace(blank, comparable=False, reason=field.missing or observation.reason)
    value = _pooled(context, field.figures)
    if value is None:
        return replace(blank, comparable=False, reason="the areas together have no base")
    difference = observation.value - value
    compared = replace(blank, reference_value=value, change=difference)
    if len(field.figures) == 1:
        compared = replace(compared, reference=field.figures[0])
    if isinstance(context.indicator.measure, Count | Rate):
        return replace(compared, change_percent=100 * difference / value if value else None)
    return _against_parent(compared, observation, field.figures)


def rank(context: Context, comparator: Compare, observation: ReleasedObservation) -> Comparison:
    """The observation's place among the areas, 1 first, with the best and worst it could be.

    Not comparable, naming areas and months, where any of the areas has no figure.
    """
    field = _field(context, comparator.of or "force", observation)
    blank = _blank(context, comparator, observation, _title(context, comparator, "among "))
    if observation.value is None or field.missing:
        return replace(blank, comparable=False, reason=field.missing or observation.reason)
    places = [figure.area.code for figure in field.figures]
    if observation.area.code not in places:
        return replace(
            blank, comparable=False, reason=f"{observation.area.name} is not one of the areas ranked"
        )
    ranked = rank_intervals(
        [figure.numerator for figure in field.figures],
        [1.0 if figure.denominator is None else figure.denominator for figure in field.figures],
        comparator.best,
        [context.dispersion(figure).value for figure in field.figures],
        comparator.interval,
    )[places.index(observation.area.code)]
    return replace(
        blank,
        reference_value=ranked.rank,
        lower=ranked.best,
        upper=ranked.worst,
        level=comparator.interval,
        reason=f"{ranked.of} areas ranked, the {comparator.best} first" + (", tied" if ranked.tied else ""),
    )


def change_of(
    context: Context, comparator: Compare, observation: ReleasedObservation, before: Period | None
) -> Comparison:
    """The observation's change beside that of other areas, the own area left out.

    `change_percent` (percentages: `change`, in points) and its limits are the own area's change,
    `reference_value` is the other areas' change on the same scale; `reference` is their present figure.
    """
    others = rest_of_force(context.definitions.partnership)
    results, indicator = context.results, context.indicator.id
    own_before = results.get(indicator, observation.area.code, before) if before else None
    compared = change(context, comparator.to, observation, own_before, others.name)
    other_now = results.get(indicator, others.code, observation.period)
    other_before = results.get(indicator, others.code, before) if before else None
    compared = replace(compared, reference=other_now, reference_value=None)
    if other_now is None or other_before is None or not compared.comparable:
        reason = compared.reason or "the rest of the force has no earlier figure"
        return replace(compared, comparable=False, reason=reason)
    other = change(context, comparator.to, other_now, other_before, others.name)
    if not other.comparable:
        return replace(compared, comparable=False, reason=f"{others.name}: {other.reason}")
    value = other.change if other.change_percent is None else other.change_percent
    return replace(compared, reference_value=value)


def targets(context: Context, observation: ReleasedObservation) -> Iterator[Comparison]:
    """The observation against the target of each use of the indicator."""
    definitions = context.definitions
    for priority in (*definitions.priorities.values(), *definitions.duties.values()):
        for measure in priority.measures.values():
            for use in measure.uses:
                if use.use != context.indicator.id or use.target is None:
                    continue
                target = use.target.value
                reached = observation.value is not None
                yield Comparison(
                    observation=observation,
                    reference=None,
                    comparator="target",
                    reference_label=f"target by {use.target.by}",
                    reference_value=target,
                    change=observation.value - target if observation.value is not None else None,
                    comparable=reached,
                    reason="" if reached else observation.reason,
                )


def _field(context: Context, name: str, observation: ReleasedObservation) -> _Field:
    partnership = context.definitions.partnership
    areas = (rest_of_force(partnership),) if name == "rest_of_force" else partnership.area_set(name)
    figures, missing = [], []
    for area in areas:
        figure = context.results.get(
            context.indicator.id, area.code, observation.period, observation.breakdown, observation.category
        )
        if figure is None or figure.value is None:
            missing.append(f"{area.name}: {figure.reason if figure else 'no figure'}")
        else:
            figures.append(figure)
    return _Field(areas, tuple(figures), "; ".join(missing))


def _blank(context: Context, comparator: Compare, observation: ReleasedObservation, label: str) -> Comparison:
    return Comparison(
        observation=observation,
        reference=None,
        comparator=comparator.to,
        reference_label=label,
        level=context.indicator.test.level,
        marks=observation.marks,
    )


def _title(context: Context, comparator: Compare, before: str) -> str:
    partnership = context.definitions.partnership
    match comparator.of:
        case None | "force":
            return partnership.force.name
        case "rest_of_force":
            return rest_of_force(partnership).name
        case name:
            return before + partnership.area_sets[name].title


def _pooled(context: Context, figures: Sequence[ReleasedObservation]) -> float | None:
    total = sum(figure.numerator or 0.0 for figure in figures)
    if any(figure.denominator is None for figure in figures):
        return total / len(figures)
    whole = sum(figure.denominator or 0.0 for figure in figures)
    scale = context.indicator.measure.per if isinstance(context.indicator.measure, Rate) else 100
    return scale * total / whole if whole else None


def _against_parent(
    compared: Comparison, observation: ReleasedObservation, figures: Sequence[ReleasedObservation]
) -> Comparison:
    """Limits of a share's difference from a whole that holds it, where the whole does hold it."""
    holds_own = any(
        figure.area.code == observation.area.code or figure.area.kind is AreaKind.FORCE for figure in figures
    )
    total = sum(figure.numerator or 0.0 for figure in figures)
    whole = sum(figure.denominator or 0.0 for figure in figures)
    part, base = observation.numerator, observation.denominator
    if not holds_own or part is None or base is None or part > total or base - part > whole - total:
        return compared
    tested = compare_share_with_parent(part, base, total, whole, compared.level)
    return replace(
        compared,
        lower=tested.lower,
        upper=tested.upper,
        p_value=tested.p_value,
        detectable_percent=tested.detectable_points,
    )
