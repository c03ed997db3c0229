"""What differs between the last edition and this one, and what can be told of why."""

from decimal import Decimal

from pipeline.definitions.resolved import Definitions
from pipeline.editions.record import EditionRecord, Headline, headlines
from pipeline.model.area import Area
from pipeline.model.assessment import Assessment
from pipeline.model.edition import Change, ChangeCause
from pipeline.model.observation import ReleasedObservation, Results
from pipeline.model.rounding import round_half_away


def changes(
    previous: EditionRecord | None, assessment: Assessment, results: Results, definitions: Definitions
) -> tuple[Change, ...]:
    """Headline figures and verdicts that read differently, in the order of the strategy, dropped ones last.

    Where a window has moved on, the figure that the last edition printed is also compared with the same
    period as it is known now: a difference there is a revision and is told apart from the new period.
    """
    if previous is None:
        return ()
    area = definitions.partnership.own_area
    before = {headline.indicator: headline for headline in previous.headlines}
    found: list[Change] = []
    for now in headlines(assessment, definitions):
        then = before.pop(now.indicator, None)
        after = results.get(now.indicator, area.code, now.period) if now.period else None
        if then is None:
            found.append(_change(area, then, now, after, ChangeCause.NEW_INDICATOR))
            continue
        if (printed(then.value), then.verdict) != (printed(now.value), now.verdict):
            found.append(_change(area, then, now, after, _cause(then, now)))
        found.extend(_revision(area, then, now, results))
    found.extend(_change(area, then, None, None, ChangeCause.DROPPED) for then in before.values())
    return tuple(found)


def printed(value: float | None) -> Decimal | None:
    """The value as a reader saw it: to one decimal."""
    return None if value is None else round_half_away(value, 1)


def _cause(then: Headline, now: Headline) -> ChangeCause:
    if then.definition != now.definition:
        return ChangeCause.DEFINITION
    if then.value is None and now.value is not None:
        return ChangeCause.RETURNED
    if then.period != now.period:
        return ChangeCause.NEW_PERIOD
    return ChangeCause.REVISED if printed(then.value) != printed(now.value) else ChangeCause.UNEXPLAINED


def _revision(area: Area, then: Headline, now: Headline, results: Results) -> list[Change]:
    if (
        then.period is None
        or then.period == now.period
        or then.value is None
        or then.definition != now.definition
    ):
        return []
    as_known_now = results.get(then.indicator, area.code, then.period)
    if as_known_now is None or printed(as_known_now.value) == printed(then.value):
        return []
    return [_change(area, then, then, as_known_now, ChangeCause.REVISED)]


def _change(
    area: Area,
    then: Headline | None,
    now: Headline | None,
    after: ReleasedObservation | None,
    cause: ChangeCause,
) -> Change:
    either = now or then
    assert either is not None
    return Change(
        indicator=either.indicator,
        title=either.title,
        area_code=area.code,
        area_name=area.name,
        unit=either.unit,
        period_before=then.period.key if then and then.period else "",
        period_after=after.period.key if after else (now.period.key if now and now.period else ""),
        value_before=then.value if then else None,
        after=after,
        verdict_before=then.verdict if then else None,
        verdict_after=now.verdict if now else None,
        cause=cause,
    )
