"""The only maker of released observations.

Under the policy `open` the figures are already published by others, and nothing is hidden. The policies
`small_areas` and `partnership_wide` hide small cells and whatever would give them away. That protection
needs secondary suppression and a proof that it holds, which this version does not have; hiding the small
cells alone would let a reader subtract them out of the totals. So figures under those policies are not
released at all.
"""

from collections.abc import Iterable
from dataclasses import fields

from pipeline.definitions.resolved import Definitions
from pipeline.errors import DisclosureError
from pipeline.model.observation import Observation, ReleasedObservation, Results


def release(observations: Iterable[Observation], definitions: Definitions) -> Results:
    """The observations of a whole edition, released, in the order given.

    Raises DisclosureError, naming sources and policies, where any figure is under a policy other than
    `open`. A cell without a number reveals nothing and passes under every policy.
    """
    released = tuple(observations)
    refused = sorted(
        {
            (source, policy)
            for observation in released
            if observation.state.has_value
            for source in definitions.indicators[observation.indicator].sources
            if (policy := definitions.policies.policy(source, observation.area.kind)) != "open"
        }
    )
    if refused:
        named = "\n".join(f"  {source}: policy {policy}" for source, policy in refused)
        raise DisclosureError(
            "figures of these sources cannot be published, because the protection of small numbers that "
            f"their policy asks for is not there yet:\n{named}\n"
            "Where a source's figures are already public, say so in config/policies.yaml: "
            "`sources: {<source>: open}`."
        )
    return Results(tuple(_released(observation) for observation in released))


def _released(observation: Observation) -> ReleasedObservation:
    values = {field.name: getattr(observation, field.name) for field in fields(observation)}
    return ReleasedObservation(**values)
