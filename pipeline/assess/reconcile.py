"""Figures published before, beside the figures computed now, and why they differ.

The comparison is made at the decimals that were printed. Causes are tried from the harmless to the
serious, and the last, `unexplained`, is what an analyst must look into.
"""

from collections.abc import Iterator, Sequence
from decimal import ROUND_DOWN, Decimal

from pipeline.assess.measures import basis_of
from pipeline.assess.verdict import states_change
from pipeline.definitions.indicator import Indicator, Published
from pipeline.definitions.resolved import Definitions
from pipeline.model.assessment import Reconciliation
from pipeline.model.comparison import Comparison
from pipeline.model.observation import UNKNOWN, Mark, ReleasedObservation, Results
from pipeline.model.period import format_month
from pipeline.model.rounding import round_half_away

TOTAL = "all"
"""The key of a published total; any other key is a category."""

_ENOUGH_DIGITS = 3  # figures of fewer digits meet another window's too often by accident


def reconcile(
    comparisons: Sequence[Comparison], results: Results, definitions: Definitions
) -> tuple[Reconciliation, ...]:
    """One row for every published figure, in the order of the definitions.

    Where the published parts of a total do not add up to it and the computed unknowns are exactly
    what is missing, a further row for the category `not recorded` says so, with nothing published.
    """
    own = definitions.partnership.area.code
    rows: list[Reconciliation] = []
    for indicator in definitions.indicators.values():
        for published in indicator.published:
            ledger = _Ledger(indicator, published, own, comparisons, results)
            rows += (*ledger.values(), *ledger.left_out(), *ledger.changes(), *ledger.standings())
    return tuple(rows)


class _Ledger:
    """What one publication printed about one indicator, and what this edition knows of it."""

    def __init__(
        self,
        indicator: Indicator,
        published: Published,
        area_code: str,
        comparisons: Sequence[Comparison],
        results: Results,
    ) -> None:
        self._published = published
        self._observations = [o for o in results if o.indicator == indicator.id and o.area.code == area_code]
        basis = basis_of(indicator.window)
        self._cells = _cells(
            [o for o in self._observations if o.period.basis == basis and _is_period(o, published.period)],
            {*published.values, *published.changes} - {TOTAL},
        )
        here = {o.key for o in self._cells.values()}
        self._comparisons = [c for c in comparisons if c.observation.key in here]
        self._indicator = indicator.id

    def values(self) -> Iterator[Reconciliation]:
        """The published values of the period itself."""
        for category, printed in self._published.values.items():
            cell = self._cells.get(category)
            computed = cell.value if cell else None
            yield self._row(category, "value", printed, computed, cell)

    def left_out(self) -> Iterator[Reconciliation]:
        """The unknowns, where leaving them out is why the published parts miss the total."""
        values = self._published.values
        parts = [_exact(value) for category, value in values.items() if category != TOTAL]
        unknown = self._cells.get(UNKNOWN)
        if TOTAL not in values or not parts or UNKNOWN in values:
            return
        if unknown is None or not unknown.value:
            return
        if _exact(values[TOTAL]) - sum(parts) == _exact(unknown.value):
            computed = str(round_half_away(unknown.value, 0))
            yield self._reconciliation(UNKNOWN, "value", "", computed, "unknowns_left_out")

    def changes(self) -> Iterator[Reconciliation]:
        """The published changes from the period before, in per cent."""
        for category, printed in self._published.changes.items():
            cell = self._cells.get(category)
            comparison = next(
                (
                    c
                    for c in self._comparisons
                    if states_change(c.comparator) and cell is not None and c.observation.key == cell.key
                ),
                None,
            )
            change = comparison.change_percent if comparison else None
            yield self._row(category, "change", printed, change, cell)

    def standings(self) -> Iterator[Reconciliation]:
        """The published average of others and the published rank."""
        standings = (
            ("average", self._published.average),
            ("rank", self._published.rank),
        )
        for comparator, printed in standings:
            if printed is None:
                continue
            total = self._cells.get(TOTAL)
            found = (
                c.reference_value
                for c in self._comparisons
                if c.comparator == comparator and total is not None and c.observation.key == total.key
            )
            yield self._row(TOTAL, comparator, printed, next(found, None), total)

    def _row(
        self,
        category: str,
        quantity: str,
        printed: float | int,
        computed: float | None,
        cell: ReleasedObservation | None,
    ) -> Reconciliation:
        published = _exact(printed)
        sign = "+" if quantity == "change" else ""
        shown = f"{published:{sign}f}"
        if computed is None:
            return self._reconciliation(category, quantity, shown, "", "not_computed")
        cause = self._cause(category, quantity, published, computed, cell)
        rounded = round_half_away(computed, _decimals(published))
        return self._reconciliation(category, quantity, shown, f"{rounded:{sign}f}", cause)

    def _cause(
        self,
        category: str,
        quantity: str,
        published: Decimal,
        computed: float,
        cell: ReleasedObservation | None,
    ) -> str:
        places = _decimals(published)
        if round_half_away(computed, places) == published:
            return "agrees"
        if quantity != "rank" and _truncated(computed, places) == published:
            return "truncation"
        if quantity == "value":
            unknown = self._cells.get(UNKNOWN)
            if category == TOTAL and unknown is not None and unknown.value is not None:
                known = _exact(computed) - _exact(unknown.value)
                if round_half_away(known, places) == published:
                    return "unknowns_left_out"
            if self._is_of_another_window(category, published):
                return "other_window"
        if cell is not None and Mark.REVISED in cell.marks:
            return "other_vintage"
        return "unexplained"

    def _is_of_another_window(self, category: str, published: Decimal) -> bool:
        """Whether a computed figure of another period would print as the published one."""
        if len(published.as_tuple().digits) < _ENOUGH_DIGITS:
            return False
        places = _decimals(published)
        return any(
            o.value is not None
            and (o.category or TOTAL) == category
            and o is not self._cells.get(category)
            and round_half_away(o.value, places) == published
            for o in self._observations
        )

    def _reconciliation(
        self, category: str, quantity: str, published: str, computed: str, cause: str
    ) -> Reconciliation:
        cell = next(iter(self._cells.values()), None)
        return Reconciliation(
            indicator=self._indicator,
            period_label=cell.period.label if cell else self._published.period,
            category="" if category == TOTAL else category,
            quantity=quantity,
            published=published,
            computed=computed,
            cause=cause,
            published_in=self._published.in_,
            assumption=self._published.assumption,
        )


def _cells(observations: Sequence[ReleasedObservation], parts: set[str]) -> dict[str, ReleasedObservation]:
    """The total and the categories of one breakdown, that of the published parts, by category.

    Only one, because each breakdown has unknowns of its own. Parts that no single breakdown holds are
    looked for in all of them.
    """
    breakdowns: dict[str, dict[str, ReleasedObservation]] = {}
    for o in observations:
        breakdowns.setdefault(o.breakdown, {})[o.category or TOTAL] = o
    total = breakdowns.pop("", {})
    for cells in breakdowns.values():
        if parts <= cells.keys():
            return total | cells
    return total | {category: cell for cells in breakdowns.values() for category, cell in cells.items()}


def _is_period(observation: ReleasedObservation, written: str) -> bool:
    """Whether `2021-22`, `2022-09` (the month that ends it) or a period's key names its period."""
    period = observation.period
    return written in (period.label, format_month(period.last_month), period.key)


def _exact(number: float | int) -> Decimal:
    """A number as it was written, with the decimals it was written with."""
    return Decimal(str(number))


def _decimals(number: Decimal) -> int:
    """How many decimals a number was written with."""
    return max(0, -int(number.as_tuple().exponent))


def _truncated(value: float, places: int) -> Decimal:
    """`value` cut off after so many decimals, towards zero."""
    cut = _exact(value).quantize(Decimal(1).scaleb(-places), rounding=ROUND_DOWN)
    return abs(cut) if cut == 0 else cut
