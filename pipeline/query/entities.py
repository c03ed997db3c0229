"""What a query does where people or places are counted instead of rows: who they are, how often, how soon.

The three definitions of a repeat are those of `pipeline.statistics.repeat_rates`.
"""

from collections.abc import Sequence

from sqlglot import exp

from pipeline.definitions.indicator import Repeat
from pipeline.query.conditions import Bindings
from pipeline.query.request import Table
from pipeline.query.selects import column, grouped, joined, named, select_from
from pipeline.query.spine import CELL

ENTITY = "entity"
DAY = "day"
REFERENCE = "crime_ref"
CRIME = (REFERENCE, "offence")
"""What tells crimes apart in a table that may have several rows of one; a reference alone may repeat."""

RECORDED = "recorded_on"
"""The day by which an earlier crime is told from a later one."""


class Entities:
    """The steps and columns that a repeat adds to its query."""

    def __init__(self, measure: Repeat, tables: Sequence[Table], bindings: Bindings) -> None:
        self._measure = measure
        self._bind = bindings.bind
        # One crime with two victims at an address happened there once: crimes are counted, not rows.
        known = [name for name in CRIME if all(name in table.types for table in tables)]
        self.event = known if known[:1] == [REFERENCE] else []
        self.looks_back = measure.report == "lookback"
        self.keys = (ENTITY, DAY) if self.looks_back else (ENTITY,)

    def of_row(self) -> list[exp.Expr]:
        """The entity of a row, the first of its columns that is recorded, and the day where it matters.

        A row without a day stands on the first of its month.
        """
        names = [column(name) for name in self._measure.entities]
        found = [named(exp.func("COALESCE", *names) if len(names) > 1 else names[0], ENTITY)]
        if self.looks_back:
            found.append(named(exp.func("COALESCE", column(RECORDED), column("month")), DAY))
        return found

    def events(self, quantity: str) -> exp.Expr:
        """How many crimes a group of rows is: distinct references; rows without one, each by itself."""
        referenced = exp.not_(exp.Is(this=column(REFERENCE), expression=exp.null()))
        crime = exp.Case().when(referenced, exp.Tuple(expressions=[column(name) for name in self.event]))
        single = exp.Case().when(referenced.copy(), exp.Literal.number(0)).else_(column(quantity))
        return exp.Count(this=exp.Distinct(expressions=[crime])) + exp.Sum(this=single)

    def chained(self, name: str) -> exp.Select:
        """The step with `again`: whether the entity has a row of the same cell on an earlier day in reach.

        The reach is calendar months, so that a year back from 29 February is 28 February.
        """
        window = exp.Window(
            this=exp.Count(this=exp.Star()),
            partition_by=[column(key) for key in ("place", ENTITY, *CELL)],
            order=exp.Order(expressions=[exp.Ordered(this=column(DAY))]),
            spec=exp.WindowSpec(
                kind="RANGE",
                start=exp.func("TO_MONTHS", self._bind(self._measure.lookback_months)),
                start_side="PRECEDING",
                end=exp.func("TO_DAYS", exp.Literal.number(1)),
                end_side="PRECEDING",
            ),
        )
        again = exp.GT(this=window, expression=exp.Literal.number(0))
        return select_from(name, exp.Star(), named(again, "again"))

    def counted(self, in_cell: exp.Expr) -> exp.Select:
        """How often each entity occurs in each cell; rows with no entity stay together under null."""
        keys = [*(column(name, "spine") for name in ("place", "period", *CELL)), column(ENTITY, "placed")]
        found = [named(exp.Sum(this=column("numerator", "placed")), "times")]
        if self.looks_back:
            found.append(named(exp.func("BOOL_OR", column("again", "placed")), "again"))
        return grouped(joined(select_from("spine", *keys, *found), "placed", in_cell), keys)

    def amounts(self) -> dict[str, exp.Expr]:
        """What is summed over the entities of a cell, by name.

        `numerator` and `denominator` by the definition asked for; `people`, and `times_squared`, from
        which the effective base of crimes follows; `rows_in_all` and `rows_without_entity`.
        """
        times, name = column("times", "entities"), column(ENTITY, "entities")
        known = exp.not_(exp.Is(this=name, expression=exp.null()))
        unknown = exp.Is(this=name.copy(), expression=exp.null())
        one = exp.Literal.number(1)
        match self._measure.report:
            case "people":
                often = exp.and_(known, times >= self._bind(self._measure.at_least))
                part, whole = _where(often, one), _where(known, one)
            case "crimes":
                part, whole = _where(known, exp.paren(times - one)), _where(known, times)
            case "lookback":
                part = _where(exp.and_(known, column("again", "entities")), one)
                whole = _where(known, one)
        return {
            "numerator": part,
            "denominator": whole,
            "people": _where(known.copy(), one.copy()),
            "times_squared": _where(known.copy(), times * times),
            "rows_in_all": times.copy(),
            "rows_without_entity": _where(unknown, times.copy()),
        }


def _where(condition: exp.Expr, amount: exp.Expr) -> exp.Expr:
    return exp.Case().when(condition.copy(), amount.copy()).else_(exp.Literal.number(0))
