"""Two indicators that can pull against each other: the change of one beside the figure of the other."""

from dataclasses import replace

from pipeline.compute.context import Context
from pipeline.model.comparison import Comparison
from pipeline.model.observation import ReleasedObservation


def paired(context: Context, observation: ReleasedObservation, other: Comparison | None) -> Comparison:
    """The observation beside how its pair changed; `other` is that change, None where it has none.

    `reference` is the pair's own figure, and everything about the change (`change`, `change_percent`,
    limits, test, unknowns, marks) is the pair's: two different things have no difference. What would have
    shown depends on the way wanted of the pair, and stands with the pair itself. What the two amount to
    together is judged with the measure.
    """
    if other is None:
        return Comparison(
            observation=observation,
            reference=None,
            comparator="paired",
            reference_label="the indicator it is paired with",
            level=context.indicator.test.level,
            marks=observation.marks,
            comparable=False,
            reason="the indicator it is paired with has no change to show",
        )
    name = context.definitions.indicators[other.observation.indicator].title
    figure = other.observation
    notes = (f"{name}, {figure.period.label} against {other.reference_label}", other.reason)
    return replace(
        other,
        observation=observation,
        reference=figure,
        reference_value=figure.value,
        comparator="paired",
        reference_label=name,
        detectable_percent=None,
        detectable_rise_percent=None,
        reason="; ".join(note for note in notes if note),
    )
