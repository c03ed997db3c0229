"""The change from a reference observation to an observation: numbers, limits, test, smallest change."""

from dataclasses import replace

from pipeline.compute.context import Context
from pipeline.definitions.indicator import Count, Rate, Reported, Survey
from pipeline.model.comparison import Comparison
from pipeline.model.observation import Mark, ReleasedObservation, State
from pipeline.statistics import compare_counts, compare_proportions

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
    if is_percentage(context, observation):
        return _points(blank, observation, reference)
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
    """Whether its changes are differences in percentage points, and not changes in per cent."""
    if isinstance(context.indicator.measure, Count | Rate):
        return False
    return not isinstance(context.indicator.measure, Reported) or observation.denominator is not None


def _points(
    blank: Comparison, observation: ReleasedObservation, reference: ReleasedObservation
) -> Comparison:
    """A change of percentages, in percentage points (Newcombe)."""
    parts = [(o.numerator, o.denominator) for o in (reference, observation)]
    (x1, n1), (x2, n2) = parts
    assert observation.value is not None
    assert reference.value is not None
    points = observation.value - reference.value
    if x1 is None or n1 is None or x2 is None or n2 is None or x1 > n1 or x2 > n2:
        # Reported items need not be part and whole; then there is a difference and no test.
        return replace(blank, change=points)
    tested = compare_proportions(x1, n1, x2, n2, blank.level)
    return replace(
        blank,
        change=tested.change_points,
        lower=tested.lower,
        upper=tested.upper,
        p_value=tested.p_value,
        detectable_percent=tested.detectable_points,
    )


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
        reason="; ".join(notes),
    )
    return _with_unknowns(context, compared, observation, reference)


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
    note = f"{what}: {before:.1f} % before, {after:.1f} % now"
    return replace(
        compared,
        pro_rata=shared.change_percent if shared else None,
        pro_rata_lower=shared.lower if shared else None,
        pro_rata_upper=shared.upper if shared else None,
        bound_lower=bounds.lower_percent if bounds else None,
        bound_upper=bounds.upper_percent if bounds else None,
        marks=compared.marks | {Mark.LOW_RELIABILITY},
        reason="; ".join(part for part in (compared.reason, note) if part),
    )
