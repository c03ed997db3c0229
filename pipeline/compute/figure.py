"""What one row of a query amounts to: a figure with its limits, or the reason why there is none to show."""

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.compute.limits import NO_LIMITS, limits, percent
from pipeline.compute.plan import Plan
from pipeline.compute.standing import Standing
from pipeline.definitions.indicator import Mean, Rate, Ratio, Repeat, Survey
from pipeline.statistics import (
    Interval,
    crimes_effective_base,
    deviation_from_sums,
    survey_estimate,
    wilson_interval,
)

Row = Mapping[str, object]

NO_ROWS = "no rows to take a percentage of"
"""Why a percentage is withheld whose base is known to be 0."""

NOTABLE_DESIGN_EFFECT = 0.05
"""A design effect that differs from 1 by less is not worth a reader's time."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A value with what it was made of, its limits, whether its base is low, and what to know beside it."""

    numerator: float
    denominator: float | None
    value: float
    limits: Interval = NO_LIMITS
    effective_base: float | None = None
    deviation: float | None = None
    low: bool = False
    note: str = ""


def withheld(planned: Plan, standing: Standing, row: Row) -> str:
    """Why the row gives no figure that could be shown; empty where it gives one."""
    measure = planned.indicator.measure
    match measure:
        case Repeat():
            reason = _unidentified(planned, measure, row)
        case Survey():
            reason = _unanswered(measure, row)
        case Mean():
            base = whole(row["denominator"])
            reason = f"{base} have a recorded {measure.column}; at least {measure.min_base} must"
            reason = reason if base < measure.min_base else ""
        case _:
            reason = ""
    if reason or row["value"] is not None:
        return reason
    match measure:
        case Ratio():
            return f"nothing to divide by: no such rows in {' and '.join(_below(planned, measure))}"
        case Rate():
            what = f"{measure.over.column} for {standing.area.name} in {measure.over.table}"
            return f"no {what}" if row["denominator"] is None else f"the {what} are 0"
        case _:
            return NO_ROWS


def figure(planned: Plan, row: Row) -> Figure:
    """The figure of a row that is not withheld."""
    measure = planned.indicator.measure
    match measure:
        case Survey():
            return _surveyed(planned, measure, row)
        case Repeat(report="crimes"):
            return _repeat_crimes(planned, row)
    numerator, value = number(row["numerator"]), number(row["value"])
    denominator = None if row["denominator"] is None else number(row["denominator"])
    deviation, note = None, ""
    if isinstance(measure, Mean):
        sums = ("numerator", "squares", "denominator")
        deviation = deviation_from_sums(*(number(row[name]) for name in sums))
        if row["rows_without"]:
            named = measure.column.replace("_", " ")
            note = f"{whole(row['rows_without'])} without a recorded {named} are left out"
    interval = NO_LIMITS
    if planned.with_limits:
        interval = limits(measure, numerator, denominator, deviation)
    return Figure(numerator, denominator, value, interval, deviation=deviation, note=note)


def number(found: object) -> float:
    """A number of the query as a float. Raises TypeError for anything else."""
    if not isinstance(found, int | float):
        raise TypeError(f"a number was expected, not {found!r}")
    return float(found)


def whole(found: object) -> int:
    """A number of the query as a whole one."""
    return int(number(found))


def _unidentified(planned: Plan, measure: Repeat, row: Row) -> str:
    """Too many rows that name nobody would make repeats look rarer than they are."""
    rows, without = number(row["rows_in_all"]), number(row["rows_without_entity"])
    allowed = planned.indicator.complete.entity_missing_max_pct
    if not rows or 100 * without / rows <= allowed:
        return ""
    named = " or ".join(measure.entities)
    return f"{100 * without / rows:.1f} % of rows have no {named}; at most {allowed:g} % may"


def _unanswered(measure: Survey, row: Row) -> str:
    """Too few answers, or answers whose weight cannot be used."""
    answers, bad = whole(row["answers"]), whole(row["bad_weights"])
    if bad and measure.bad_weights == "refuse":
        return f"{bad} of {answers + bad} answers have a weight that is missing, 0 or negative"
    if answers < measure.min_base:
        return f"{answers} answered; at least {measure.min_base} are needed"
    return ""


def _surveyed(planned: Plan, measure: Survey, row: Row) -> Figure:
    """The weighted share of those who answered, with limits that know how they were drawn.

    `denominator` is how many answered, and `numerator` the weighted share of them.
    """
    answers, bad, weight = whole(row["answers"]), whole(row["bad_weights"]), number(row["denominator"])
    part, value = number(row["numerator"]), number(row["value"])
    notes = []
    if answers < measure.low_base:
        notes.append(f"{answers} answered, fewer than {measure.low_base}")
    if bad:
        notes.append(f"{bad} answers left out whose weight is missing, 0 or negative")
    interval, base = NO_LIMITS, None
    if planned.sampled and planned.with_limits:
        found = survey_estimate(
            min(1.0, part / weight),
            answers,
            effective_n=weight**2 / number(row["weight_squares"]),
            variance=max(0.0, number(row["variance"])),
            clusters=whole(row["clusters"]),
            strata=whole(row["strata"]),
        )
        interval, base = Interval(percent(found.lower), percent(found.upper)), found.design_n
        effect = found.design_effect
        if effect is not None and base is not None and abs(effect - 1) >= NOTABLE_DESIGN_EFFECT:
            notes.append(f"{answers} answered, worth {base:.0f} of a simple random sample")
    low = answers < measure.low_base or bad > 0
    return Figure(
        part * (answers / weight), float(answers), value, interval, base, low=low, note="; ".join(notes)
    )


def _repeat_crimes(planned: Plan, row: Row) -> Figure:
    """The share of crimes beyond the first of each person; the crimes of one person are no free draws."""
    numerator, denominator, value = (number(row[name]) for name in ("numerator", "denominator", "value"))
    base = crimes_effective_base(whole(row["people"]), whole(denominator), number(row["times_squared"]))
    interval = NO_LIMITS
    if planned.with_limits and base is not None:
        found = wilson_interval(numerator / denominator * base, base)
        interval = Interval(percent(found.lower), percent(found.upper))
    return Figure(numerator, denominator, value, interval, base)


def _below(planned: Plan, measure: Ratio) -> tuple[str, ...]:
    """The tables below the line of a ratio, as the definitions name them."""
    part = measure.over.table
    return tuple(f"{source} ({part})" if part else source for source in planned.indicator.over_sources)
