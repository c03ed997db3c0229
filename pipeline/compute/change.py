"""The change from a reference observation to an observation: numbers, limits, test, smallest change."""

from dataclasses import replace

from pipeline.compute.context import Context
from pipeline.compute.limits import estimate
from pipeline.compute.spread import of_derived
from pipeline.compute.unrecorded import Unrecorded
from pipeline.definitions.indicator import (
    DerivedMeasure,
    Mean,
    Proportion,
    Ratio,
    Repeat,
    Reported,
    Share,
    Survey,
)
from pipeline.model.comparison import Comparison
from pipeline.model.observation import Mark, ReleasedObservation, State
from pipeline.model.period import Period
from pipeline.statistics import (
    compare_counts,
    compare_estimates,
    compare_means,
    compare_proportions,
    compare_ratios,
)

SELF_SELECTED = "self-selected sample"
NO_EARLIER_FIGURE = "there is no earlier figure"
NO_CHANCE = "not tested: a register at the end of a period has no chance in it"


def change(
    context: Context,
    comparator: str,
    observation: ReleasedObservation,
    reference: ReleasedObservation | None,
    label: str,
) -> Comparison:
    """The observation against an earlier one of its own area and cell.

    Not comparable where either lacks its months (the reason names them), where the survey was open to
    anyone, or where there is no number to compare. No reference at all: a first measure.
    """
    blank = Comparison(
        observation=observation,
        reference=reference,
        comparator=comparator,
        reference_label=label,
        reference_value=reference.value if reference else None,
        level=context.indicator.test.level,
        marks=observation.marks | (reference.marks if reference else frozenset()),
    )
    if reference is None:
        return replace(blank, reason=NO_EARLIER_FIGURE)
    obstacle = _obstacle(context, observation, reference)
    if obstacle:
        return replace(blank, comparable=False, reason=obstacle)
    touched = context.breaks_between(observation.period, reference.period)
    if touched:
        note = "; ".join(found.note for found in touched)
        blank = replace(blank, marks=blank.marks | {Mark.BREAK}, reason=note)
    tested = _tested(context, blank, observation, reference)
    return _with_unknowns(tested, Unrecorded(context, (reference, observation)))


def _tested(
    context: Context, blank: Comparison, observation: ReleasedObservation, reference: ReleasedObservation
) -> Comparison:
    """The change with its test, by the kind of measure; as recorded."""
    match context.indicator.measure:
        case Mean():
            return _means(blank, observation, reference)
        case Ratio():
            return _ratios(context, blank, observation, reference)
        case DerivedMeasure():
            return _derived(context, blank, observation, reference)
        case _ if is_percentage(context, observation):
            return _points(context, blank, observation, reference)
        case _:
            return _counts(context, blank, observation, reference)


def _obstacle(context: Context, observation: ReleasedObservation, reference: ReleasedObservation) -> str:
    """Why the two cannot be compared; empty where they can."""
    overlap = shared_months(observation.period, reference.period)
    if overlap:
        return overlap
    reasons = [
        f"{o.period.label}: {o.reason}" if o.state is State.NOT_SUPPLIED else o.reason
        for o in (observation, reference)
        if not o.state.has_value
    ]
    if reasons:
        return "; ".join(dict.fromkeys(reason for reason in reasons if reason)) or "no figure to compare"
    if isinstance(context.indicator.measure, Survey):
        sources = [context.definitions.sources[source] for source in context.indicator.sources]
        if any(source.sample_design != "probability" for source in sources):
            return SELF_SELECTED
    return ""


def shared_months(period: Period, reference: Period) -> str:
    """Why two periods that have months in common are not compared; empty where they have none."""
    shared = len(set(period.months) & set(reference.months))
    if not shared:
        return ""
    months = "1 month" if shared == 1 else f"{shared} months"
    return f"{period.label} and {reference.label} share {months}, whose events would be on both sides"


def is_percentage(context: Context, observation: ReleasedObservation) -> bool:
    """Whether it is a part of a whole, out of 100, whose changes are in percentage points."""
    match context.indicator.measure:
        case Proportion() | Share() | Repeat() | Survey():
            return True
        case Reported(unit=unit):  # some are reported as a percentage ready-made
            return observation.denominator is not None or unit == "%"
        case _:
            return False


def in_own_unit(context: Context, observation: ReleasedObservation) -> bool:
    """Whether its changes are differences in its own unit (of percentages: points), and not in per cent."""
    own = isinstance(context.indicator.measure, Mean | DerivedMeasure)
    return own or is_percentage(context, observation)


def _points(
    context: Context, blank: Comparison, observation: ReleasedObservation, reference: ReleasedObservation
) -> Comparison:
    """A change of percentages, in percentage points (Newcombe)."""
    (x1, n1), (x2, n2) = (sample(o) for o in (reference, observation))
    assert observation.value is not None
    assert reference.value is not None
    points = observation.value - reference.value
    if x1 is None or n1 is None or x2 is None or n2 is None or x1 > n1 or x2 > n2:
        # Reported items need not be part and whole, and a survey need not have been drawn so that its
        # chance is known; then there is a difference and no test.
        return replace(blank, change=points, reason=_untested(context, blank))
    tested = compare_proportions(x1, n1, x2, n2, blank.level)
    return replace(
        blank,
        change=tested.change_points,
        lower=tested.lower,
        upper=tested.upper,
        p_value=tested.p_value,
        detectable_percent=tested.detectable_points,
        detectable_rise_percent=tested.detectable_rise_points,
    )


def sample(observation: ReleasedObservation) -> tuple[float | None, float | None]:
    """Numerator and denominator as a simple random sample would have them that says as much.

    None of both for a percentage without limits: of it chance is not known.
    """
    numerator, denominator, base = observation.numerator, observation.denominator, observation.effective_base
    if observation.lower is None or numerator is None or denominator is None or base is None:
        return (None, None) if observation.lower is None else (numerator, denominator)
    return numerator / denominator * base, base


def _counts(
    context: Context, blank: Comparison, observation: ReleasedObservation, reference: ReleasedObservation
) -> Comparison:
    """A change of counts or rates, in per cent, with measured dispersion."""
    assert observation.value is not None
    assert reference.value is not None
    assert observation.numerator is not None
    assert reference.numerator is not None
    measure = context.indicator.measure
    if isinstance(measure, Reported) and measure.is_stock:
        before, apart = reference.value, observation.value - reference.value
        percent = 100 * apart / before if before else None
        return replace(blank, change=apart, change_percent=percent, reason=_untested(context, blank))
    phi = context.dispersion(observation)
    tested = compare_counts(
        reference.numerator,
        observation.numerator,
        phi.value,
        blank.level,
        reference.denominator or 1.0,
        observation.denominator or 1.0,
    )
    notes = [note for note in (blank.reason, context.dispersion_note(phi, observation)) if note]
    return replace(
        blank,
        change=observation.value - reference.value,
        change_percent=tested.change_percent,
        lower=tested.lower,
        upper=tested.upper,
        p_value=tested.p_value,
        dispersion=phi.value,
        detectable_percent=tested.detectable_percent,
        detectable_rise_percent=tested.detectable_rise_percent,
        reason="; ".join(notes),
    )


def _means(blank: Comparison, observation: ReleasedObservation, reference: ReleasedObservation) -> Comparison:
    """A change of means, in their unit (Welch)."""
    now, before = (
        (o.value or 0.0, o.deviation or 0.0, o.denominator or 0.0) for o in (observation, reference)
    )
    tested = compare_means(*before, *now, blank.level)
    return replace(
        blank,
        change=tested.change,
        lower=tested.lower,
        upper=tested.upper,
        p_value=tested.p_value,
        detectable_percent=tested.detectable,
        detectable_rise_percent=tested.detectable,
    )


def _ratios(
    context: Context, blank: Comparison, observation: ReleasedObservation, reference: ReleasedObservation
) -> Comparison:
    """A change of ratios of counts, in per cent: a ratio of two ratios, both counts overdispersed.

    `dispersion` is that of the numerators; the reason has that of the denominators.
    """
    assert observation.value is not None
    assert reference.value is not None
    phi = context.dispersion(observation)
    before, now = ((o.numerator or 0.0, o.denominator or 0.0) for o in (reference, observation))
    below = context.dispersion(observation, "denominator")
    tested = compare_ratios(*before, *now, phi.value, blank.level, denominator_dispersion=below.value)
    other = f"dispersion of the denominators: {below.value:.2f}" if below.measured else ""
    notes = [n for n in (blank.reason, context.dispersion_note(phi, observation), other) if n]
    return replace(
        blank,
        change=observation.value - reference.value,
        change_percent=tested.change_percent,
        lower=tested.lower,
        upper=tested.upper,
        p_value=tested.p_value,
        dispersion=phi.value,
        detectable_percent=tested.detectable_percent,
        detectable_rise_percent=tested.detectable_rise_percent,
        reason="; ".join(notes),
    )


def _derived(
    context: Context, blank: Comparison, observation: ReleasedObservation, reference: ReleasedObservation
) -> Comparison:
    """A change of derived figures, in their unit, tested where their parts are independent of each other."""
    assert observation.value is not None
    assert reference.value is not None
    measure = context.indicator.measure
    assert isinstance(measure, DerivedMeasure)
    changed = replace(blank, change=observation.value - reference.value)
    before, now = estimate(reference), estimate(observation)
    if before is None or now is None:
        why = "a part has no limits" if measure.independent else "its parts may count the same events"
        return replace(changed, reason="; ".join(filter(None, (blank.reason, f"not tested: {why}"))))
    phi, said = of_derived(context, observation)
    reason = "; ".join(filter(None, (blank.reason, said)))
    if phi is None:
        return replace(changed, reason=reason)
    tested = compare_estimates(before, now, phi.value, blank.level)
    return replace(
        changed,
        lower=tested.lower,
        upper=tested.upper,
        p_value=tested.p_value,
        dispersion=phi.value,
        detectable_percent=tested.detectable_fall,
        detectable_rise_percent=tested.detectable_rise,
        reason=reason,
    )


def _untested(context: Context, blank: Comparison) -> str:
    """The reason of a change that has no test, where the measure says why."""
    measure = context.indicator.measure
    stock = isinstance(measure, Reported) and measure.is_stock
    return "; ".join(filter(None, (blank.reason, NO_CHANCE if stock else "")))


def _with_unknowns(compared: Comparison, unrecorded: Unrecorded) -> Comparison:
    """The comparison with what was not recorded, where its share moved by more than is allowed.

    The first of what moved, and can be bounded, is read three ways; whatever else moved is left unbounded.
    """
    moved = unrecorded.moved()
    if not moved:
        return compared
    readings = ((found, _read_three_ways(compared, unrecorded, found.of)) for found in moved)
    first, read = next(((found, read) for found, read in readings if read), (moved[0], None))
    return replace(
        read or compared,
        unknown_of=first.of,
        unbounded=read is None or len(moved) > 1,
        marks=compared.marks | {Mark.LOW_RELIABILITY},
        reason="; ".join(filter(None, (compared.reason, *(found.note for found in moved)))),
    )


def _read_three_ways(compared: Comparison, unrecorded: Unrecorded, of: str) -> Comparison | None:
    """The change also with the unknowns shared out, and at its bounds; None where these cannot be made."""
    if counted := unrecorded.of_counts(of, compared.dispersion or 1.0):
        shared, bounds = counted[0].change, counted[1]
        return replace(
            compared,
            pro_rata=shared.change_percent if shared else None,
            pro_rata_lower=shared.lower if shared else None,
            pro_rata_upper=shared.upper if shared else None,
            bound_lower=bounds.lower_percent if bounds else None,
            bound_upper=bounds.upper_percent if bounds else None,
        )
    if points := unrecorded.of_shares(of):
        return replace(
            compared,
            pro_rata=points.pro_rata.change_points if points.pro_rata else None,
            pro_rata_lower=points.pro_rata.lower if points.pro_rata else None,
            pro_rata_upper=points.pro_rata.upper if points.pro_rata else None,
            bound_lower=points.lower_points,
            bound_upper=points.upper_points,
        )
    return None
