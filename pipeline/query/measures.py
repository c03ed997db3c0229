"""What each measure type counts: which rows, what is summed of them, how the ratio is made."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from sqlglot import exp

from pipeline.definitions.indicator import (
    EVERYTHING,
    Breakdown,
    Count,
    DerivedMeasure,
    Filter,
    Indicator,
    Mean,
    Proportion,
    Rate,
    Ratio,
    Repeat,
    Reported,
    Share,
    Survey,
)
from pipeline.model.observation import CROSSED, OTHER, OWN_COMMA, UNKNOWN
from pipeline.query.conditions import Bindings, Conditions, all_of, columns_of
from pipeline.query.request import Level
from pipeline.query.selects import cast, column

DISTRICT, WARD = PLACE_COLUMNS = "district_code", "ward_code"
"""The columns that place a row in the areas that most indicators are about."""

PLACED_BY = {Level.DISTRICTS: DISTRICT, Level.WARDS: WARD, Level.LSOAS: "lsoa_code"}
"""The column that places a row in the members of a place."""

ABOVE, BELOW = "above", "below"
"""Whether a row counts in the numerator, or the denominator, of a ratio; it may count in both."""

QUANTITY = "quantity"
"""How many crimes a row stands for; 1 in tables without the column."""


@dataclass(frozen=True)
class Counting:
    """`base` chooses the rows that are read at all; `numerator` those of them that it counts.

    `numerator` is None where the measure has no denominator of its own rows (count, rate), counts entities
    instead of rows (repeat) or takes a mean of them. `over` chooses the other rows that a ratio divides
    by, from the tables of that side; `base` then chooses those of the numerator.
    """

    base: Filter
    numerator: Filter | None = None
    over: Filter | None = None


def counting(indicator: Indicator) -> Counting:
    """Which rows the measure counts. Raises TypeError for a reported or derived figure: it counts none."""
    measure = indicator.measure
    match measure:
        case Count() | Rate() | Repeat() | Mean():
            return Counting(measure.where)
        case Ratio():
            return Counting(measure.where, over=measure.over.where)
        case Proportion() | Survey():
            return Counting(measure.among, measure.where)
        case Share():
            return Counting(measure.of.where, measure.where)
        case Reported() | DerivedMeasure():
            raise TypeError(f"a {measure.type} figure counts no rows")


def columns_needed(indicator: Indicator) -> tuple[str, ...]:
    """The columns a source must have for the indicator to be computed from it, in a fixed order.

    Columns that only place a row (district, ward) are not among them: a table without them still has
    rows that belong to the partnership.
    """
    if isinstance(indicator.measure, Reported | DerivedMeasure):
        return ()
    return tuple(dict.fromkeys(_columns(indicator)))


def over_columns_needed(indicator: Indicator) -> tuple[str, ...]:
    """The same for the source of the rows that a ratio divides by; none for other measures."""
    if not isinstance(indicator.measure, Ratio):
        return ()
    return tuple(dict.fromkeys(("month", *columns_of(indicator.measure.over.where))))


def _columns(indicator: Indicator) -> Iterator[str]:
    yield "wave" if isinstance(indicator.measure, Survey) else "month"
    counted = counting(indicator)
    yield from columns_of(counted.base)
    yield from columns_of(counted.numerator or EVERYTHING)
    if isinstance(indicator.measure, Repeat):
        yield from indicator.measure.entities
        if indicator.measure.report == "lookback":
            yield "recorded_on"
    if isinstance(indicator.measure, Mean):
        yield indicator.measure.column
    if isinstance(indicator.measure, Proportion) and indicator.measure.within_days is not None:
        yield from ("recorded_on", "outcome_on")


def cut_columns(indicator: Indicator) -> dict[str, tuple[str, ...]]:
    """The columns that each breakdown cuts by, by the breakdown's name; several where it is crossed."""
    return {
        breakdown.name: tuple(dict.fromkeys(cut_column(part) for part in crossed(indicator, breakdown)))
        for breakdown in indicator.by
    }


def crossed(indicator: Indicator, breakdown: Breakdown) -> tuple[Breakdown, ...]:
    """The breakdowns that a crossed one is made of, in the order written; itself where it is not crossed."""
    if not breakdown.cross:
        return (breakdown,)
    beside = {found.name: found for found in indicator.by}
    return tuple(beside[name] for name in breakdown.cross)


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


def category(
    indicator: Indicator, breakdown: Breakdown, conditions: Conditions, bindings: Bindings
) -> exp.Expr:
    """The category of a row: never null, `not recorded` where the column is empty."""
    parts = [_category(part, conditions, bindings) for part in crossed(indicator, breakdown)]
    if len(parts) == 1:
        return parts[0]
    commas = (exp.Literal.string(CROSSED), exp.Literal.string(OWN_COMMA))
    whole = (exp.func("REPLACE", part, *(comma.copy() for comma in commas)) for part in parts)
    return exp.func("CONCAT_WS", commas[0], *whole)


def _category(breakdown: Breakdown, conditions: Conditions, bindings: Bindings) -> exp.Expr:
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


def declared_categories(indicator: Indicator, breakdown: Breakdown) -> tuple[str, ...]:
    """The categories shown whatever the rows hold, `not recorded` last."""
    declared = (
        (*(part.bands or {}), *(part.groups or {}), UNKNOWN) for part in crossed(indicator, breakdown)
    )
    return tuple(CROSSED.join(parts) for parts in product(*declared))


def in_numerator(indicator: Indicator, conditions: Conditions, bindings: Bindings) -> exp.Expr:
    """Whether the numerator counts a row of the base; an outcome counts only within its days."""
    parts = [*conditions.steps(counting(indicator).numerator or EVERYTHING), *in_time(indicator, bindings)]
    return all_of(exp.paren(part) if isinstance(part, exp.Or) else part for part in parts)


def in_time(indicator: Indicator, bindings: Bindings) -> Iterator[exp.Expr]:
    """The conditions that an outcome came within the days of the measure; none where it sets no days."""
    measure = indicator.measure
    if isinstance(measure, Proportion) and measure.within_days is not None:
        for name in ("recorded_on", "outcome_on"):
            yield exp.not_(exp.Is(this=column(name), expression=exp.null()))
        waited = exp.paren(column("outcome_on") - column("recorded_on"))
        yield waited <= bindings.bind(measure.within_days)


def sums(indicator: Indicator, part: exp.Expr | None) -> dict[str, exp.Expr]:
    """What is summed over the counted rows, by name.

    `numerator` always; `denominator` where the measure has one of its own rows; for means also
    `squares`, from which the spread follows, and `rows_without` (rows whose column is not recorded).
    """
    if isinstance(indicator.measure, Mean):
        number = cast(column(indicator.measure.column), "DOUBLE")
        quantity, unknown = column(QUANTITY), exp.Is(this=number, expression=exp.null())
        return {
            "numerator": number * quantity,
            "denominator": _where(exp.not_(unknown), quantity),
            "squares": number * number * quantity,
            "rows_without": _where(unknown, quantity),
        }
    if isinstance(indicator.measure, Ratio):
        quantity = column(QUANTITY)
        return {
            "numerator": _where(column(ABOVE), quantity),
            "denominator": _where(column(BELOW), quantity),
        }
    if part is None:
        return {"numerator": column("quantity")}
    return {"numerator": _where(part, column("quantity")), "denominator": column("quantity")}


def ratio(indicator: Indicator, bindings: Bindings) -> exp.Expr:
    """The value from `numerator` and `denominator`: derived last, null over a denominator of nothing."""
    measure = indicator.measure
    if isinstance(measure, Count):
        return column("numerator")
    whole = exp.func("NULLIF", column("denominator"), exp.Literal.number(0))
    if isinstance(measure, Mean):
        return column("numerator") / whole
    scale = measure.per if isinstance(measure, Rate | Ratio) else 100
    return bindings.bind(scale) * column("numerator") / whole


def _where(part: exp.Expr, amount: exp.Expr) -> exp.Expr:
    return exp.Case().when(part, amount).else_(exp.Literal.number(0))
