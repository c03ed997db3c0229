"""The frame that figures are put into: every place x period x category wanted, and its population."""

from collections.abc import Iterable, Sequence

from sqlglot import exp

from pipeline.definitions.indicator import Rate
from pipeline.query.conditions import Bindings
from pipeline.query.measures import PLACED_BY, declared_categories, denominator_columns
from pipeline.query.request import Request
from pipeline.query.selects import column, crossed, curated, grouped, joined, listed, named, select_from

CELL = ("breakdown", "category")
"""The columns that tell the cells of one place and period apart; both empty for the total."""


class Spine:
    """The steps of a query that do not depend on rows, apart from the categories that occur in them."""

    def __init__(self, request: Request, bindings: Bindings) -> None:
        self._request = request
        self._indicator = request.indicator
        self._bind = bindings.bind

    def members(self) -> exp.Expr | None:
        """The districts or wards of each place: `place`, `member`; None where no place has any."""
        pairs = [
            (place.key, member)
            for place in self._request.places
            if place.level in PLACED_BY
            for member in place.members
        ]
        return self._values(("place", "member"), pairs) if pairs else None

    def places(self) -> exp.Expr:
        """`place` and how fine its figures are wanted (`detail`)."""
        return self._values(
            ("place", "detail"), [(place.key, place.detail) for place in self._request.places]
        )

    def periods(self) -> exp.Expr:
        """`period`, its `detail`, and its wave, or its first month and the month after its last."""
        spans = self._request.spans
        if self._request.by_wave:
            return self._values(("period", "detail", "wave"), [(s.key, s.detail, s.wave) for s in spans])
        names: tuple[str, ...] = ("period", "detail", "first_month", "next_month")
        rows: list[tuple[object, ...]] = [(s.key, s.detail, s.start, s.end) for s in spans]
        if isinstance(self._indicator.measure, Rate):
            names = (*names, "base_year")
            rows = [(*row, span.base_year) for row, span in zip(rows, spans, strict=True)]
        return self._values(names, rows)

    def cells(self) -> exp.Query:
        """The categories, declared or found in `monthly`: `breakdown`, `category`, `detail`."""
        declared: list[tuple[object, ...]] = [("", "", 0)]
        declared += [
            (b.name, label, 1)
            for b in self._indicator.by
            for label in declared_categories(self._indicator, b)
        ]
        listed = self._values((*CELL, "detail"), declared)
        if not self._indicator.by:
            return listed
        found = select_from("monthly", *map(column, CELL), named(exp.Literal.number(1), "detail"))
        cut = exp.NEQ(this=column("breakdown"), expression=exp.Literal.string(""))
        return exp.union(listed, found.distinct(copy=False).where(cut, copy=False), copy=False)

    def spine(self) -> exp.Select:
        """Every place x period x category whose details add up to no more than the place asks for."""
        detail = exp.GTE(
            this=column("detail", "places"),
            expression=column("detail", "periods") + column("detail", "cells"),
        )
        periods = ["period", "wave"] if self._request.by_wave else ["period", "first_month", "next_month"]
        if isinstance(self._indicator.measure, Rate):
            periods.append("base_year")
        columns = (column("place", "places"), *(column(name, "periods") for name in periods))
        select = select_from("places", *columns, *map(column, CELL))
        return crossed(crossed(select, "periods"), "cells").where(detail, copy=False)

    def bases(self) -> exp.Expr:
        """The areas whose population is a place's own: `place`, `area_code`."""
        pairs = [(place.key, code) for place in self._request.places for code in place.base_codes]
        return self._values(("place", "area_code"), pairs or [("", "")])

    def denominators(self) -> exp.Select:
        """The population of each place in every year, a column for each that the rate needs."""
        columns = denominator_columns(self._indicator)
        assert isinstance(self._indicator.measure, Rate)
        keys = [column("place", "bases"), column("year", "population")]
        sums = (named(exp.Sum(this=column(name, "population")), name) for name in columns)
        table = curated(self._indicator.measure.over.table)
        table.set("alias", exp.TableAlias(this=exp.to_identifier("population")))
        on = exp.EQ(this=column("area_code", "population"), expression=column("area_code", "bases"))
        return grouped(joined(select_from("bases", *keys, *sums), table, on), keys)

    def _overrides(self) -> dict[tuple[str, str], str]:
        return {
            (breakdown.name, label): over.column
            for breakdown in self._indicator.by
            for label, over in breakdown.over.items()
        }

    def denominator(self) -> exp.Expr:
        """The population of a spine cell: the measure's own, or that of its category."""
        assert isinstance(self._indicator.measure, Rate)
        usual = column(self._indicator.measure.over.column, "denominators")
        overrides = self._overrides()
        if not overrides:
            return usual
        cases = exp.Case()
        for (breakdown, label), name in overrides.items():
            cell = exp.and_(
                exp.EQ(this=column("breakdown", "spine"), expression=self._bind(breakdown)),
                exp.EQ(this=column("category", "spine"), expression=self._bind(label)),
            )
            cases = cases.when(cell, column(name, "denominators"))
        return cases.else_(usual)

    def _values(self, names: Sequence[str], rows: Iterable[Sequence[object]]) -> exp.Select:
        # A list for each column: one bound value in place of hundreds, which cost more than the query.
        lists = zip(*rows, strict=True)
        return listed({name: self._bind(list(each)) for name, each in zip(names, lists, strict=True)})
