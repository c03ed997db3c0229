"""Figures published before, beside the figures computed now, and why they differ.

The comparison is made at the decimals that were printed. Causes are tried from the harmless to the
serious, and the last, `unexplained`, is what an analyst must look into.
"""

from collections.abc import Iterator, Sequence
from decimal import ROUND_DOWN, Decimal

from pipeline.assess.verdict import states_change
from pipeline.definitions.indicator import Indicator, Published
from pipeline.definitions.resolved import Definitions
from pipeline.model.assessment import Reconciliation
from pipeline.model.comparison import Comparison
from pipeline.model.observation import UNKNOWN, Mark, ReleasedObservation, Results
from pipeline.model.period import Period, format_month
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
        basis = indicator.window.basis
        self._cells = _cells(
            [o for o in self._observations if o.period.basis == basis and _is_period(o, published.period)],
            {*published.values, *published.changes} - {TOTAL},
        )
        here = {o.key for o in self._cells.values()}
        self._elsewhere = [
            c
            for c in comparisons
            if (c.observation.indicator, c.observation.area.code) == (indicator.id, area_code)
            and c.observation.key not in here
        ]
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
            found = (c for c in self._comparisons if states_change(c.comparator))
            comparison = next((c for c in found if cell and c.observation.key == cell.key), None)
            change = comparison.change_percent if comparison else None
            before = comparison.reference if comparison else None
            yield self._row(category, "change", printed, change, cell, before)

    def standings(self) -> Iterator[Reconciliation]:
        """The published average of others and the published rank."""
        total = self._cells.get(TOTAL)
        for comparator, printed in (("average", self._published.average), ("rank", self._published.rank)):
            if printed is None:
                continue
            found = (c for c in self._comparisons if c.comparator == comparator)
            values = (c.reference_value for c in found if total and c.observation.key == total.key)
            yield self._row(TOTAL, comparator, printed, next(values, None), total)

    def _row(
        self,
        category: str,
        quantity: str,
        printed: float | int,
        computed: float | None,
        cell: ReleasedObservation | None,
        before: ReleasedObservation | None = None,
    ) -> Reconciliation:
        published = _exact(printed)
        sign = "+" if quantity == "change" else ""
        shown = f"{published:{sign}f}"
        if computed is None:
            return self._reconciliation(category, quantity, shown, "", "not_computed")
        cause = self._cause(category, quantity, published, computed, cell, before)
        rounded = round_half_away(computed, _decimals(published))
        other = self._other_window(category, quantity, published) if cause == "other_window" else ""
        return self._reconciliation(category, quantity, shown, f"{rounded:{sign}f}", cause, other)

    def _cause(
        self,
        category: str,
        quantity: str,
        published: Decimal,
        computed: float,
        cell: ReleasedObservation | None,
        before: ReleasedObservation | None,
    ) -> str:
        """The first cause that explains the difference, from the harmless to the serious."""
        if _prints_as(computed, published):
            return "agrees"
        if quantity != "rank" and _cut_off_as(computed, published):
            return "truncation"
        known = self._of_the_known(category, quantity, cell, before)
        if known is not None and (_prints_as(known, published) or _cut_off_as(known, published)):
            return "unknowns_left_out"
        if self._other_window(category, quantity, published):
            return "other_window"
        if any(side is not None and Mark.REVISED in side.marks for side in (cell, before)):
            return "other_vintage"
        return "unexplained"

    def _other_window(self, category: str, quantity: str, published: Decimal) -> str:
        """The first other window whose figure reads as the published one; empty where none does."""
        if len(published.as_tuple().digits) < _ENOUGH_DIGITS:
            return ""
        alike = self._of_other_windows(category, quantity)
        return next((period.label for value, period in alike if _prints_as(value, published)), "")

    def _of_the_known(
        self,
        category: str,
        quantity: str,
        cell: ReleasedObservation | None,
        before: ReleasedObservation | None,
    ) -> float | None:
        """The total, or its change, of what was recorded only: without the unknowns of the breakdown."""
        if category != TOTAL or quantity not in ("value", "change"):
            return None
        now = self._known(cell)
        if quantity == "value":
            return now
        then = self._known(before)
        return 100 * (now / then - 1) if now is not None and then else None

    def _known(self, total: ReleasedObservation | None) -> float | None:
        """A total without the unknowns of its period; None where there are none or they are not known."""
        unknown = self._cells.get(UNKNOWN)
        if total is None or total.value is None or unknown is None:
            return None
        place = (total.period, unknown.breakdown, UNKNOWN)
        left_out = next((o for o in self._observations if (o.period, o.breakdown, o.category) == place), None)
        if left_out is None or left_out.value is None:
            return None
        return float(_exact(total.value) - _exact(left_out.value))

    def _of_other_windows(self, category: str, quantity: str) -> Iterator[tuple[float, Period]]:
        """The same quantity of the same cell in every other window as long; its own does not agree."""
        cell = self._cells[category]
        place, length = (cell.breakdown, cell.category), len(cell.period.months)

        def is_alike(o: ReleasedObservation) -> bool:
            return (o.breakdown, o.category) == place and len(o.period.months) == length

        if quantity == "value":
            yield from (
                (o.value, o.period) for o in filter(is_alike, self._observations) if o.value is not None
            )
            return
        for c in self._elsewhere:
            if not is_alike(c.observation):
                continue
            if quantity == "change" and states_change(c.comparator) and c.change_percent is not None:
                yield c.change_percent, c.observation.period
            elif quantity == c.comparator and c.reference_value is not None:
                yield c.reference_value, c.observation.period

    def _reconciliation(
        self, category: str, quantity: str, published: str, computed: str, cause: str, other_period: str = ""
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
            other_period=other_period,
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


def _prints_as(value: float, published: Decimal) -> bool:
    """Whether a figure, rounded as the publication is, reads as it does."""
    return round_half_away(value, _decimals(published)) == published


def _cut_off_as(value: float, published: Decimal) -> bool:
    """Whether a figure, cut off where the publication ends, reads as it does."""
    return _truncated(value, _decimals(published)) == published


def _truncated(value: float, places: int) -> Decimal:
    """`value` cut off after so many decimals, towards zero."""
    return _exact(value).quantize(Decimal(1).scaleb(-places), rounding=ROUND_DOWN)
