"""One indicator of a built workspace, computed and compared as the next edition would, and not published."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from pipeline.assess import judge
from pipeline.assess.measures import wants
from pipeline.compute import compare, observe
from pipeline.definitions.indicator import DerivedMeasure, Indicator
from pipeline.definitions.load import load
from pipeline.definitions.resolved import Definitions
from pipeline.definitions.strategy import Priority
from pipeline.definitions.words import did_you_mean
from pipeline.disclosure import release
from pipeline.editions.doubts import target_doubts
from pipeline.editions.identity import edition_date
from pipeline.errors import UsageError
from pipeline.ingest import deliveries_as_at, warehouse
from pipeline.model.comparison import Judgement, Want
from pipeline.model.delivery import AsAt, Deliveries
from pipeline.model.issue import Issue
from pipeline.model.observation import ReleasedObservation
from pipeline.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """One indicator in the partnership's own area.

    `figures` are the total of its latest period, then every category; `judgements` are those of these
    figures, in the order of the comparators; `months` are the total month by month, oldest first.
    `doubts` say what the figures make doubtful in the definition; `deliveries` are those it rests on.
    """

    indicator: Indicator
    as_at: date
    want: Want
    figures: tuple[ReleasedObservation, ...]
    judgements: tuple[Judgement, ...]
    months: tuple[ReleasedObservation, ...]
    doubts: tuple[Issue, ...]
    deliveries: Deliveries


def preview(workspace: Workspace, indicator_id: str, as_at: AsAt | None) -> Preview:
    """One indicator as the next edition would show it. Writes nothing.

    Only this indicator is computed, with those that its own definition names. Raises UsageError for an
    unknown id, ComputationError where nothing has been ingested, DisclosureError where its figures may
    not be shown.
    """
    definitions = load(workspace.config)
    known_indicator(definitions, indicator_id)
    alone = _alone(definitions, indicator_id)
    deliveries = deliveries_as_at(workspace, definitions, as_at)
    day, _ = edition_date(definitions, deliveries, as_at)
    with warehouse(workspace, deliveries) as store:
        results = release(observe(store, alone, deliveries, day), alone)
    want = wants(definitions).get(indicator_id, Want.NEITHER)
    judged = [judge(comparison, want) for comparison in compare(results, alone)]
    own = definitions.partnership.own_area
    of_it = [o for o in results if o.indicator == indicator_id and o.area == own]
    judged = [j for j in judged if j.comparison.observation in of_it]
    windows = [o for o in of_it if o.period.basis != "month" or _is_monthly(alone.indicators[indicator_id])]
    window = alone.indicators[indicator_id].window
    compared = (j.comparison.observation.period for j in judged)
    last = window.current((*compared, *(o.period for o in windows if o.value is not None)))
    last = last or window.current(o.period for o in windows)
    return Preview(
        indicator=definitions.indicators[indicator_id],
        as_at=day,
        want=want,
        figures=tuple(o for o in windows if o.period == last),
        judgements=tuple(j for j in judged if j.comparison.observation.period == last),
        months=tuple(o for o in of_it if o.period.basis == "month" and not o.breakdown),
        doubts=target_doubts(results, alone, workspace.config),
        deliveries=deliveries,
    )


def known_indicator(definitions: Definitions, indicator_id: str) -> None:
    """Raises UsageError where there is no such indicator, with the nearest name."""
    if indicator_id not in definitions.indicators:
        meant = did_you_mean(indicator_id, definitions.indicators) or "; `assessment check` lists them all"
        raise UsageError(f"there is no indicator '{indicator_id}'{meant}")


def _alone(definitions: Definitions, indicator_id: str) -> Definitions:
    """The definitions with nothing but the indicator, those that it names, and their uses."""
    wanted: set[str] = set()
    waiting = [indicator_id]
    while waiting:
        name = waiting.pop()
        if name not in wanted and name in definitions.indicators:
            wanted.add(name)
            waiting += _named_by(definitions.indicators[name])
    kept = {name: found for name, found in definitions.indicators.items() if name in wanted}
    return definitions.model_copy(
        update={
            "indicators": kept,
            "priorities": _with_uses_of(wanted, definitions.priorities),
            "duties": _with_uses_of(wanted, definitions.duties),
        }
    )


def _named_by(indicator: Indicator) -> Iterator[str]:
    """The other indicators that a definition names: parts of a derived figure, pairs."""
    if isinstance(indicator.measure, DerivedMeasure):
        yield from indicator.measure.parts
    yield from (c.of for c in indicator.compare if c.to == "paired" and c.of)


def _with_uses_of(wanted: set[str], groups: dict[str, Priority]) -> dict[str, Priority]:
    return {
        group: priority.model_copy(
            update={
                "measures": {
                    name: measure.model_copy(
                        update={"uses": tuple(use for use in measure.uses if use.use in wanted)}
                    )
                    for name, measure in priority.measures.items()
                }
            }
        )
        for group, priority in groups.items()
    }


def _is_monthly(indicator: Indicator) -> bool:
    return indicator.window.kind == "month"
