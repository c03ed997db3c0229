"""The change from a reference observation to an observation: numbers, limits, test, smallest change."""

from dataclasses import replace

from pipeline.compute.context import Context
from pipeline.compute.limits import estimate
from pipeline.definitions.indicator import (
    Count,
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
from pipeline.statistics import (
    Dispersion,
    compare_counts,
    compare_estimates,
    compare_means,
    compare_proportions,
    compare_ratios,
)

SELF_SELECTED = "self-selected sample"
NO_EARLIER_FIGURE = "there is no earlier figure"


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


def is_percentage(context: Context, observation: ReleasedObservation) -> bool:
    """Whether it is a part of a whole, out of 100, whose changes are in percentage points."""
    match context.indicator.measure:
        case Proportion() | Share() | Repeat() | Survey():
            return True
        case Reported():
            return observation.denominator is not None
        case _:
            return False


def in_own_unit(context: Context, observation: ReleasedObservation) -> bool:
    """Whether its changes are differences in its own unit (of percentages: points), and not in per cent."""
    own = isinstance(context.indicator.measure, Mean | DerivedMeasure)
    return own or is_percentage(context, observation)


def _points(
    context: Context, blank: Comparison, observation: ReleasedObservation, reference: ReleasedObservation
) -> Comparison:
    """A change of percentages, in percentage points (Newcombe), with what is not recorded."""
    (x1, n1), (x2, n2) = (_sample(o) for o in (reference, observation))
    assert observation.value is not None
    assert reference.value is not None
    points = observation.value - reference.value
    if x1 is None or n1 is None or x2 is None or n2 is None or x1 > n1 or x2 > n2:
        # Reported items need not be part and whole, and a survey need not have been drawn so that its
        # chance is known; then there is a difference and no test.
        return replace(blank, change=points)
    tested = compare_proportions(x1, n1, x2, n2, blank.level)
    compared = replace(
        blank,
        change=tested.change_points,
        lower=tested.lower,
        upper=tested.upper,
        p_value=tested.p_value,
        detectable_percent=tested.detectable_points,
        detectable_rise_percent=tested.detectable_rise_points,
    )
    found = context.unknown_shares(observation, reference)
    if found is None:
        return compared
    shared = found.pro_rata
    return replace(
        compared,
        pro_rata=shared.change_points if shared else None,
        pro_rata_lower=shared.lower if shared else None,
        pro_rata_upper=shared.upper if shared else None,
        bound_lower=found.lower_points,
        bound_upper=found.upper_points,
        marks=compared.marks | {Mark.LOW_RELIABILITY},
        reason=_with_note(compared, "not recorded", found.unknown_share_before, found.unknown_share_after),
    )


def _sample(observation: ReleasedObservation) -> tuple[float | None, float | None]:
    """Numerator and denominator as a simple random sample would have them that says as much."""
    numerator, denominator, base = observation.numerator, observation.denominator, observation.effective_base
    if observation.lower is None or numerator is None or denominator is None or base is None:
        return (None, None) if observation.lower is None else (numerator, denominator)
    return numerator / denominator * base, base


def _counts(
    context: Context, blank: Comparison, observation: ReleasedObservation, reference: ReleasedObservation
) -> Comparison:
    """A change of counts or rates, in per cent, with measured dispersion and with what is not recorded."""
    assert observation.value is not None
    assert reference.value is not None
    assert observation.numerator is not None
    assert reference.numerator is not None
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
    compared = replace(
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
    return _with_unknowns(context, compared, observation, reference)


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
    """A change of ratios of counts, in per cent: a ratio of two ratios, the numerators overdispersed."""
    assert observation.value is not None
    assert reference.value is not None
    phi = context.dispersion(observation)
    before, now = ((o.numerator or 0.0, o.denominator or 0.0) for o in (reference, observation))
    tested = compare_ratios(*before, *now, phi.value, blank.level)
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
    parts = [context.definitions.indicators[name].measure for name in measure.sum]
    of_counts = not measure.less and all(isinstance(part, Count) for part in parts)
    declared = context.indicator.test.dispersion != "measured"
    phi = context.dispersion(observation) if of_counts or declared else Dispersion(1.0, False, 0)
    tested = compare_estimates(before, now, phi.value, blank.level)
    notes = [note for note in (blank.reason, context.dispersion_note(phi, observation)) if note]
    return replace(
        changed,
        lower=tested.lower,
        upper=tested.upper,
        p_value=tested.p_value,
        dispersion=phi.value,
        detectable_percent=tested.detectable_fall,
        detectable_rise_percent=tested.detectable_rise,
        reason="; ".join(notes),
    )


def _with_unknowns(
    context: Context, compared: Comparison, observation: ReleasedObservation, reference: ReleasedObservation
) -> Comparison:
    found = context.unknowns(observation, reference, compared.dispersion or 1.0)
    if found is None:
        return compared
    shared = found.pro_rata.change
    bounds = found.bounds
    before, after = found.pro_rata.unknown_share_before, found.pro_rata.unknown_share_after
    what = "not recorded" if observation.breakdown else "location not recorded"
    return replace(
        compared,
        pro_rata=shared.change_percent if shared else None,
        pro_rata_lower=shared.lower if shared else None,
        pro_rata_upper=shared.upper if shared else None,
        bound_lower=bounds.lower_percent if bounds else None,
        bound_upper=bounds.upper_percent if bounds else None,
        marks=compared.marks | {Mark.LOW_RELIABILITY},
        reason=_with_note(compared, what, before, after),
    )


def _with_note(compared: Comparison, what: str, before: float | None, after: float | None) -> str:
    """The reason of a comparison with how large a part of the records was not recorded."""
    note = f"{what}: {before:.1f} % before, {after:.1f} % now"
    return "; ".join(part for part in (compared.reason, note) if part)
