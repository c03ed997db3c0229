"""The only maker of released observations.

Under the policy `open` the figures are already published by others, and nothing is hidden. The policies
`small_areas` and `partnership_wide` hide small cells and whatever would give them away. That protection
needs secondary suppression and a proof that it holds, which this version does not have; hiding the small
cells alone would let a reader subtract them out of the totals. So figures under those policies are not
released at all.
"""

from collections.abc import Iterable
from dataclasses import fields

from pipeline.definitions.resolved import Definitions, PolicyName
from pipeline.errors import DisclosureError
from pipeline.model.area import AreaKind
from pipeline.model.observation import Observation, ReleasedObservation, Results


def release(observations: Iterable[Observation], definitions: Definitions) -> Results:
    """The observations of a whole edition, released, in the order given.

    Raises DisclosureError, naming sources and policies, where any figure is under a policy other than
    `open`. A cell without a number reveals nothing and passes under every policy.
    """
    released = tuple(observations)
    shown = {(o.indicator, o.area.kind) for o in released if o.state.has_value}
    refused = sorted({pair for name, kind in shown for pair in closed_sources(definitions, name, kind)})
    if refused:
        named = "\n".join(f"  {source}: policy {policy}" for source, policy in refused)
        raise DisclosureError(
            "figures of these sources cannot be published, because the protection of small numbers that "
            f"their policy asks for is not there yet:\n{named}\n"
            "Where a source's figures are already public, say so in config/policies.yaml: "
            "`sources: {<source>: open}`."
        )
    return Results(tuple(_released(observation) for observation in released))


def closed_sources(
    definitions: Definitions, indicator: str, kind: AreaKind
) -> tuple[tuple[str, PolicyName], ...]:
    """The sources behind an indicator's figures that are not open at that kind of area, with their policies.

    Every source counts: a rate gives away its denominator as it gives away its numerator.
    """
    policies = (
        (s, definitions.policies.policy(s, kind)) for s in definitions.indicators[indicator].all_sources
    )
    return tuple((source, policy) for source, policy in policies if policy != "open")


def _released(observation: Observation) -> ReleasedObservation:
    values = {field.name: getattr(observation, field.name) for field in fields(observation)}
    return ReleasedObservation(**values)
