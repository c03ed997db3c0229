"""Where a figure comes from: its query, the rows left by each condition, the deliveries behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from pipeline.compute.observe import current_period, observe_indicator, observed_parts
from pipeline.compute.plan import Plan, plan
from pipeline.definitions.indicator import Count, DerivedMeasure, Indicator, Ratio, Repeat, Reported, Survey
from pipeline.definitions.resolved import Definitions
from pipeline.definitions.words import did_you_mean
from pipeline.disclosure import closed_sources, release
from pipeline.errors import UsageError
from pipeline.model.area import AreaKind
from pipeline.model.delivery import Deliveries, Extract
from pipeline.model.observation import Observation, ReleasedObservation
from pipeline.model.period import Period
from pipeline.query import (
    CompiledQuery,
    Request,
    Side,
    compile_indicator,
    compile_returns,
    compile_waterfall,
)
from pipeline.store import Store


@dataclass(frozen=True, slots=True)
class Step:
    """One condition of a filter: the rows left once it and all before it hold, and the rows it removed.

    A row that stands for several crimes counts as so many.
    """

    condition: str
    left: int
    removed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """One indicator explained. `steps` starts with all rows of the period and is empty for reported figures.

    `query` covers the current window and its references; it is None where no source can answer, and
    `obstacles` then says why, by source. `extracts` are the deliveries of its sources, `observations` what
    was computed of it and may be shown. `steps` count rows exactly, so they are there for open sources only;
    of a ratio, those above the line and then those below. A derived figure has no query and no steps of its
    own: `parts` are the figures it is made of, for the partnership's own area.
    """

    indicator: str
    period: Period
    query: CompiledQuery | None
    steps: tuple[Step, ...] = ()
    obstacles: tuple[str, ...] = ()
    extracts: tuple[Extract, ...] = ()
    observations: tuple[ReleasedObservation, ...] = ()
    parts: tuple[ReleasedObservation, ...] = ()


def explain(
    store: Store, definitions: Definitions, deliveries: Deliveries, as_at: date, indicator_id: str
) -> Explanation:
    """Explain one indicator.

    Raises UsageError for an id that is not defined, DisclosureError where its figures may not be shown.
    """
    indicator = definitions.indicators.get(indicator_id)
    if indicator is None:
        meant = did_you_mean(indicator_id, definitions.indicators) or "; `assessment check` lists them all"
        raise UsageError(f"there is no indicator '{indicator_id}'{meant}")
    observed = observe_indicator(store, indicator, definitions, deliveries, as_at)
    observations = release(observed, definitions).observations
    if isinstance(indicator.measure, Reported):
        current = current_period(store, indicator, definitions, deliveries, as_at)
        found = _reported(store, indicator, indicator.measure, current, observations)
    elif isinstance(indicator.measure, DerivedMeasure):
        current = current_period(store, indicator, definitions, deliveries, as_at)
        made_of = observed_parts(store, indicator, definitions, deliveries, as_at, current)
        found = _derived(indicator, current, made_of, definitions)
    else:
        found = _counted(store, plan(store, indicator, definitions, deliveries, as_at))
    extracts = tuple(e for e in deliveries.extracts if e.source in indicator.all_sources)
    return replace(found, extracts=extracts, observations=observations)


def _reported(
    store: Store,
    indicator: Indicator,
    measure: Reported,
    current: Period,
    observations: Sequence[ReleasedObservation],
) -> Explanation:
    """A reported figure: the rows of its return, and no conditions."""
    table = f"{indicator.sources[0]}_{measure.table}" if measure.table else indicator.sources[0]
    codes = list(dict.fromkeys(o.area.code for o in observations))
    status = "status" in store.columns(table)
    query = compile_returns(table, measure, codes, status) if codes else None
    return Explanation(indicator=indicator.id, period=current, query=query)


def _derived(
    indicator: Indicator,
    current: Period,
    made_of: Mapping[str, Sequence[Observation]],
    definitions: Definitions,
) -> Explanation:
    """A derived figure: no query, and the partnership's own figures that it is made of."""
    own = definitions.partnership.own_area
    released = release([o for found in made_of.values() for o in found], definitions)
    return Explanation(
        indicator=indicator.id,
        period=current,
        query=None,
        obstacles=(f"it is derived from {', '.join(made_of)}; explain each of them",),
        parts=tuple(o for o in released if o.area == own and o.period.basis != "month"),
    )


def _counted(store: Store, planned: Plan) -> Explanation:
    """A figure counted from rows: its query and, of open sources, what each condition leaves."""
    windows = [period for period in planned.periods if period.basis == planned.current.basis]
    request = planned.request_for(tuple(windows))
    answerable = bool(request.tables and request.places)
    is_open = not closed_sources(planned.definitions, planned.indicator.id, AreaKind.DISTRICT)
    return Explanation(
        indicator=planned.indicator.id,
        period=planned.current,
        query=compile_indicator(request) if answerable else None,
        steps=_steps(store, planned, request) if answerable and is_open else (),
        obstacles=tuple(planned.lacking.values()),
    )


def _steps(store: Store, planned: Plan, request: Request) -> tuple[Step, ...]:
    """Each condition with the rows it leaves; last, where rows are what is counted, the own area.

    The last step is then the numerator printed for the partnership. Of a ratio, the steps below the line
    follow; their last is the denominator.
    """
    steps = _waterfall(store, planned, request, "every row of the period")
    measure = planned.indicator.measure
    if not isinstance(measure, Ratio):
        return steps
    counted = Count(type="count", unit=measure.unit, where=measure.over.where)
    below = replace(
        request,
        indicator=planned.indicator.model_copy(update={"measure": counted}),
        tables=tuple(
            replace(table, side=Side.BOTH) for table in request.tables if table.side is not Side.NUMERATOR
        ),
    )
    return (*steps, *_waterfall(store, planned, below, "divided by: every row of the period"))


def _waterfall(store: Store, planned: Plan, request: Request, first_step: str) -> tuple[Step, ...]:
    own = planned.definitions.partnership.own_area
    members: tuple[str, ...] = ()
    if not isinstance(planned.indicator.measure, Repeat | Survey):
        members = (own.code,)
    conditions, query = compile_waterfall(request, members)
    if members:
        conditions = (*conditions, f"in {own.name} ({own.code})")
    row = store.rows(query.sql, query.params)[0]
    left = [int(row[f"rows_{n}"]) for n in range(len(conditions) + 1)]
    first = Step(first_step, left[0], 0)
    after = (Step(condition, left[n], left[n - 1] - left[n]) for n, condition in enumerate(conditions, 1))
    return (first, *after)
