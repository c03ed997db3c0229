"""Where the partnership stands: against an average, in a rank, beside the rest of the force."""

from dataclasses import dataclass, replace

from pipeline.compute.change import NO_EARLIER_FIGURE, change, in_own_unit, is_percentage, sample
from pipeline.compute.context import Context
from pipeline.compute.peers import changed_members, members_in
from pipeline.compute.spread import of_change, of_rank
from pipeline.compute.standing import pooled_area
from pipeline.definitions.indicator import Compare, Count, Rate, Ratio
from pipeline.model.area import Area
from pipeline.model.comparison import Comparison
from pipeline.model.observation import Mark, ReleasedObservation
from pipeline.model.period import Period
from pipeline.statistics import (
    compare_changes,
    compare_proportions,
    compare_rate_with_parent,
    compare_share_with_parent,
    rank_intervals,
    rate_ratio,
)


@dataclass(frozen=True)
class _Field:
    """The areas of a comparator with their figures of one cell, and why some have none."""

    areas: tuple[Area, ...]
    figures: tuple[ReleasedObservation, ...]
    missing: str


def average(context: Context, comparator: Compare, observation: ReleasedObservation) -> Comparison:
    """The observation against the pooled figure of other areas (their sum over their sum).

    `reference` is the figure of the areas together; the own area is in it, unless they are the rest of the
    force. Of counts, the mean per area. `change` is the difference; `change_percent` for counts and rates.
    Both get limits and a test, against the rest of the areas where they hold the own one; a count beside
    a single area (a force) and a ratio do not.
    Not comparable, naming areas and months, where any of the areas has no figure.
    """
    name = comparator.of or "force"
    field = _field(context, name, observation)
    partnership = context.definitions.partnership
    together = pooled_area(partnership, name)
    own = partnership.own_area
    label = together.name
    if own in field.areas and len(field.areas) > 1:
        label += f", {own.name} included"
    blank = _redrawn(context, name, _blank(context, comparator, observation, label))
    cell = (observation.period, observation.breakdown, observation.category)
    pooled = context.results.get(context.indicator.id, together.code, *cell)
    if observation.value is None or field.missing:
        return replace(blank, comparable=False, reason=field.missing or observation.reason)
    if pooled is None or pooled.value is None:
        reason = (pooled and pooled.reason) or "the areas together have no figure"
        return replace(blank, comparable=False, reason=reason)
    value = pooled.value
    if pooled.denominator is None:
        value /= len(field.areas)
    difference = observation.value - value
    marks = blank.marks | pooled.marks
    compared = replace(blank, reference=pooled, reference_value=value, change=difference, marks=marks)
    holds_own = _holds_own(context, name, observation.period)
    if isinstance(context.indicator.measure, Count | Rate | Ratio):
        compared = replace(compared, change_percent=100 * difference / value if value else None)
        return _rate_against(context, compared, pooled, len(field.areas), holds_own)
    if not is_percentage(context, observation):
        return compared
    return _against(compared, pooled, holds_own)


def rank(context: Context, comparator: Compare, observation: ReleasedObservation) -> Comparison:
    """The observation's place among the areas, 1 first, with the best and worst it could be.

    Not comparable, naming areas and months, where any of the areas has no figure.
    """
    field = _field(context, comparator.of or "force", observation)
    blank = _blank(context, comparator, observation, _title(context, comparator))
    blank = _redrawn(context, comparator.of or "force", blank)
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
        [of_rank(context, figure) for figure in field.figures],
        comparator.interval,
    )[places.index(observation.area.code)]
    said = f"{ranked.of} areas ranked, the {comparator.best} first" + (", tied" if ranked.tied else "")
    return replace(
        blank,
        reference_value=ranked.rank,
        lower=ranked.best,
        upper=ranked.worst,
        level=comparator.interval,
        reason="; ".join(note for note in (said, blank.reason) if note),
    )


def change_of(
    context: Context, comparator: Compare, observation: ReleasedObservation, before: Period | None
) -> Comparison:
    """The observation's change beside that of other areas, as a difference of the two changes.

    `reference` is the others' present figure and `reference_value` their change: in per cent, for
    percentages in points. `change` is the own change less theirs, in percentage points. For counts and
    rates `change_percent` is the ratio of the two ratios less one, in per cent, with limits and a test;
    differences of percentages are not tested, nor is anything against areas that hold the own one.
    Not comparable where either has no change.
    """
    name = comparator.of or "rest_of_force"
    others = pooled_area(context.definitions.partnership, name)
    own = _own_change(context, comparator, observation, before, observation.area, others)
    there = _own_change(context, comparator, observation, before, others, others)
    blank = _blank(context, comparator, observation, others.name)
    if own is None or there is None or before is None:
        return replace(blank, comparable=False, reason=NO_EARLIER_FIGURE)
    marks = own.marks | there.marks
    blank = replace(blank, reference=there.observation, marks=marks, reason=own.reason)
    blank = _redrawn(context, name, blank, before)
    if not own.comparable:
        return replace(blank, comparable=False)
    if not there.comparable:
        return replace(blank, comparable=False, reason=f"{others.name}: {there.reason}")
    if in_own_unit(context, observation):
        assert own.change is not None
        assert there.change is not None
        untested = "" if "not tested" in own.reason else "not tested"
        reason = "; ".join(part for part in (own.reason, untested) if part)
        return replace(blank, reference_value=there.change, change=own.change - there.change, reason=reason)
    if own.change_percent is None or there.change_percent is None:
        return replace(blank, comparable=False, reason="there is no change in per cent from nothing")
    return _beside(context, blank, own, there, _holds_own(context, name, observation.period))


def _own_change(
    context: Context,
    comparator: Compare,
    observation: ReleasedObservation,
    before: Period | None,
    area: Area,
    others: Area,
) -> Comparison | None:
    """The change of an area's total from the earlier period; None where it lacks either."""
    now = context.results.get(context.indicator.id, area.code, observation.period)
    then = context.results.get(context.indicator.id, area.code, before) if before else None
    return change(context, comparator.to, now, then, others.name) if now and then else None


def _beside(
    context: Context, blank: Comparison, own: Comparison, there: Comparison, holds_own: bool
) -> Comparison:
    """Two changes of counts, rates or ratios, one beside the other."""
    phis = (of_change(context, own), of_change(context, there))
    (before, after), (other_before, other_after) = (_counts(found) for found in (own, there))
    tested = compare_changes(
        before,
        after,
        other_before,
        other_after,
        dispersion=phis[0],
        other_dispersion=phis[1],
        level=blank.level,
        base_ratio=_base_ratio(own),
        other_base_ratio=_base_ratio(there),
    )
    name = there.observation.area.name
    notes = [blank.reason, f"dispersion of {name}: {there.dispersion or 1.0:.2f}"]
    if holds_own:
        notes.append(f"not tested, because {name} holds {own.observation.area.name}")
    elif tested.p_value is None:
        notes.append("not tested, because there are no events in one of the periods")
    compared = replace(
        blank,
        reference_value=there.change_percent,
        change=tested.points,
        change_percent=tested.percent,
        dispersion=own.dispersion,
        reason="; ".join(note for note in notes if note),
    )
    if holds_own:
        return compared
    return replace(compared, lower=tested.lower, upper=tested.upper, p_value=tested.p_value)


def _counts(found: Comparison) -> tuple[float, float]:
    """The earlier and the later count of a change."""
    assert found.reference is not None
    return found.reference.numerator or 0.0, found.observation.numerator or 0.0


def _base_ratio(found: Comparison) -> float:
    """The later denominator over the earlier one; 1 for counts."""
    assert found.reference is not None
    return (found.observation.denominator or 1.0) / (found.reference.denominator or 1.0)


def _redrawn(context: Context, name: str, blank: Comparison, reference: Period | None = None) -> Comparison:
    """Marked as broken, and why, where the areas compared with had other members before.

    Before is the reference period; for a position, which has none, the same period a year earlier: a rank
    or an average must not be read beside that of another group.
    """
    period = blank.observation.period
    earlier = reference or period.shifted(-12)
    note = changed_members(context.definitions.partnership, name, period, earlier)
    if not note:
        return blank
    reason = "; ".join(part for part in (blank.reason, note) if part)
    return replace(blank, marks=blank.marks | {Mark.BREAK}, reason=reason)


def _field(context: Context, name: str, observation: ReleasedObservation) -> _Field:
    """The areas in force in the period. With none, `missing` says from when they are known."""
    partnership = context.definitions.partnership
    areas: tuple[Area, ...] = (pooled_area(partnership, name),)
    if name != "rest_of_force":
        areas = members_in(partnership, name, observation.period)
    if not areas:
        title = partnership.area_sets[name].title
        return _Field((), (), f"the members of {title} in {observation.period.label} are not known")
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


def _title(context: Context, comparator: Compare) -> str:
    partnership = context.definitions.partnership
    if comparator.of in partnership.area_sets:
        return f"among {partnership.area_sets[comparator.of].title}"
    return pooled_area(partnership, comparator.of or "force").name


def _holds_own(context: Context, name: str, period: Period) -> bool:
    """Whether the areas that `of` names hold the partnership's own area in a period."""
    partnership = context.definitions.partnership
    if name in partnership.area_sets:
        return partnership.own_area in members_in(partnership, name, period)
    return name != "rest_of_force"


def _rate_against(
    context: Context, compared: Comparison, pooled: ReleasedObservation, areas: int, holds_own: bool
) -> Comparison:
    """Limits of a count's or rate's distance from that of other areas, or of a whole that holds it."""
    own, measure = compared.observation, context.indicator.measure
    alone = isinstance(measure, Count) and areas < 2
    if alone or isinstance(measure, Ratio) or own.numerator is None or pooled.numerator is None:
        return compared
    # Counts have no base: each area is one, so that the areas together are their mean.
    base, whole = own.denominator or 1.0, pooled.denominator or float(areas)
    if holds_own and (own.numerator > pooled.numerator or base > whole):
        return compared  # rounded apart by disclosure control
    phi, other_phi = context.dispersion(own), context.dispersion(pooled)
    parts = (own.numerator, base, pooled.numerator, whole)
    if holds_own:
        tested = compare_rate_with_parent(
            *parts, compared.level, part_dispersion=phi.value, rest_dispersion=other_phi.value
        )
        lower, upper, p_value = tested.lower, tested.upper, tested.p_value
    else:
        ratio = rate_ratio(*parts, compared.level, dispersion_a=phi.value, dispersion_b=other_phi.value)
        lower, upper = (end if end is None else 100 * (end - 1) for end in (ratio.lower, ratio.upper))
        p_value = ratio.p_value
    notes = (
        compared.reason,
        context.dispersion_note(phi, own),
        f"dispersion of {pooled.area.name}: {other_phi.value:.2f}",
    )
    return replace(
        compared,
        lower=lower,
        upper=upper,
        p_value=p_value,
        dispersion=phi.value,
        reason="; ".join(note for note in notes if note),
    )


def _against(compared: Comparison, pooled: ReleasedObservation, holds_own: bool) -> Comparison:
    """Limits of a share's difference from that of other areas, or of a whole that holds it."""
    own = compared.observation
    (x, n), (others, of) = sample(own), sample(pooled)
    if x is None or not n or others is None or not of or x > n or others > of:
        return compared
    if not holds_own:
        tested = compare_proportions(others, of, x, n, compared.level)
    else:
        part, base, total, whole = own.numerator, own.denominator, pooled.numerator, pooled.denominator
        assert part is not None
        assert base
        assert total is not None
        assert whole
        if part > total or base - part > whole - total:
            return compared
        tested = compare_share_with_parent(
            part, base, total, whole, compared.level, part_effective=n / base, rest_effective=of / whole
        )
    return replace(
        compared,
        lower=tested.lower,
        upper=tested.upper,
        p_value=tested.p_value,
        detectable_percent=tested.detectable_points,
        detectable_rise_percent=tested.detectable_rise_points,
    )
