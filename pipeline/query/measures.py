"""What each measure type counts: which rows, what is summed of them, how the ratio is made."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlglot import exp

from pipeline.definitions.indicator import (
    EVERYTHING,
    Breakdown,
    Count,
    Filter,
    Indicator,
    Proportion,
    Rate,
    Repeat,
    Reported,
    Share,
    Survey,
)
from pipeline.model.observation import UNKNOWN
from pipeline.query.conditions import Bindings, Conditions, all_of, columns_of
from pipeline.query.selects import cast, column

OTHER = "other"
"""The category of a recorded value that no declared band or group holds."""

WEIGHT = "weight"
DISTRICT, WARD = PLACE_COLUMNS = "district_code", "ward_code"
"""The columns that place a row."""

QUANTITY = "quantity"
"""How many crimes a row stands for; 1 in tables without the column."""


@dataclass(frozen=True)
class Counting:
    """`base` chooses the rows that are read at all; `part` those of them that the numerator counts.

    `part` is None where the measure has no denominator of its own rows (count, rate) or counts
    entities instead of rows (repeat).
    """

    base: Filter
    part: Filter | None = None


def counting(indicator: Indicator) -> Counting:
    """Which rows the measure counts. Raises TypeError for a reported figure, which counts none."""
    measure = indicator.measure
    match measure:
        case Count() | Rate() | Repeat():
            return Counting(measure.where)
        case Proportion() | Survey():
            return Counting(measure.among, measure.where)
        case Share():
            return Counting(measure.of.where, measure.where)
        case Reported():
            raise TypeError("a reported figure counts no rows")


def columns_needed(indicator: Indicator) -> tuple[str, ...]:
    """The columns a source must have for the indicator to be computed from it, in a fixed order.

    Columns that only place a row (district, ward) are not among them: a table without them still has
    rows that belong to the partnership.
    """
    if isinstance(indicator.measure, Reported):
        return ()
    return tuple(dict.fromkeys(_columns(indicator)))


def _columns(indicator: Indicator) -> Iterator[str]:
    yield "wave" if isinstance(indicator.measure, Survey) else "month"
    counted = counting(indicator)
    yield from columns_of(counted.base)
    yield from columns_of(counted.part or EVERYTHING)
    if isinstance(indicator.measure, Repeat):
        yield indicator.measure.entity
    if isinstance(indicator.measure, Proportion) and indicator.measure.within_days is not None:
        yield from ("recorded_on", "outcome_on")


def cut_columns(indicator: Indicator) -> dict[str, str]:
    """The column that each breakdown cuts by, by the breakdown's name."""
    return {breakdown.name: cut_column(breakdown) for breakdown in indicator.by}


def denominator_columns(indicator: Indicator) -> tuple[str, ...]:
    """The population columns a rate divides by: its own, then those of its categories.

    Raises TypeError for other measures and ValueError where a category divides by another table or year.
    """
    measure = indicator.measure
    if not isinstance(measure, Rate):
        raise TypeError(f"{indicator.id} is not a rate")
    overs = [over for breakdown in indicator.by for over in breakdown.over.values()]
    for over in overs:
        if (over.table, over.year) != (measure.over.table, measure.over.year):
            raise ValueError(
                f"{indicator.id}: a category may divide by another column of {measure.over.table}, "
                "but not by another table or year"
            )
    return tuple(dict.fromkeys((measure.over.column, *(over.column for over in overs))))


def cut_column(breakdown: Breakdown) -> str:
    """The column a breakdown cuts by; offence codes where none is named."""
    return breakdown.column or "offence"


def category(breakdown: Breakdown, conditions: Conditions, bindings: Bindings) -> exp.Expr:
    """The category of a row: never null, `not recorded` where the column is empty."""
    name = cut_column(breakdown)
    unknown = bindings.bind(UNKNOWN)
    if breakdown.bands is None and breakdown.groups is None:
        return exp.func("COALESCE", cast(column(name), "VARCHAR"), unknown)
    cases = exp.Case().when(exp.Is(this=column(name), expression=exp.null()), unknown)
    for label, (low, high) in (breakdown.bands or {}).items():
        cases = cases.when(conditions.between(name, low, high), bindings.bind(label))
    for label, members in (breakdown.groups or {}).items():
        if isinstance(members, str):
            inside = conditions.listed(name, members)
        else:
            inside = conditions.among(name, members)
        cases = cases.when(inside, bindings.bind(label))
    return cases.else_(bindings.bind(OTHER))


def declared_categories(breakdown: Breakdown) -> tuple[str, ...]:
    """The categories shown whatever the rows hold, `not recorded` last."""
    return (*(breakdown.bands or {}), *(breakdown.groups or {}), UNKNOWN)


def in_part(indicator: Indicator, conditions: Conditions, bindings: Bindings) -> exp.Expr:
    """Whether the numerator counts a row of the base; an outcome counts only within its days."""
    parts = [*conditions.steps(counting(indicator).part or EVERYTHING), *in_time(indicator, bindings)]
    return all_of(exp.paren(part) if isinstance(part, exp.Or) else part for part in parts)


def in_time(indicator: Indicator, bindings: Bindings) -> Iterator[exp.Expr]:
    """The conditions that an outcome came within the days of the measure; none where it sets no days."""
    measure = indicator.measure
    if isinstance(measure, Proportion) and measure.within_days is not None:
        for name in ("recorded_on", "outcome_on"):
            yield exp.not_(exp.Is(this=column(name), expression=exp.null()))
        waited = exp.paren(column("outcome_on") - column("recorded_on"))
        yield waited <= bindings.bind(measure.within_days)


def sums(indicator: Indicator, part: exp.Expr | None, weighted: bool) -> dict[str, exp.Expr]:
    """What is summed over the counted rows, by name.

    `numerator` always; `denominator` where the measure has one of its own rows; for surveys also
    `answers` (respondents) and `weight_squares`, from which the effective base follows.
    """
    if isinstance(indicator.measure, Survey):
        weight: exp.Expr = column(WEIGHT) if weighted else exp.Literal.number(1)
        return {
            "numerator": _where(part, weight),
            "denominator": weight,
            "answers": exp.Literal.number(1),
            "weight_squares": weight * weight if weighted else exp.Literal.number(1),
        }
    if part is None:
        return {"numerator": column("quantity")}
    return {"numerator": _where(part, column("quantity")), "denominator": column("quantity")}


def ratio(indicator: Indicator, bindings: Bindings) -> exp.Expr:
    """The value from `numerator` and `denominator`: derived last, null over a denominator of nothing."""
    measure = indicator.measure
    if isinstance(measure, Count):
        return column("numerator")
    scale = measure.per if isinstance(measure, Rate) else 100
    whole = exp.func("NULLIF", column("denominator"), exp.Literal.number(0))
    return bindings.bind(scale) * column("numerator") / whole


def _where(part: exp.Expr | None, amount: exp.Expr) -> exp.Expr:
    if part is None:
        return amount
    return exp.Case().when(part, amount).else_(exp.Literal.number(0))
