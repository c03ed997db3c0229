"""The populations that rates are divided by: one base year for all areas of a period."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.definitions.indicator import Denominator, Rate
from pipeline.errors import ComputationError
from pipeline.model.period import Period, add_months
from pipeline.query import Place, compile_bases
from pipeline.store import Store


@dataclass(frozen=True)
class BaseYear:
    """The year whose population a period is divided by, and the one that was wanted.

    `used` is None where no year has a population for the areas.
    """

    wanted: int
    used: int | None

    @property
    def note(self) -> str:
        """What a reader must know of it: empty where the wanted year was there."""
        if self.used is None or self.used == self.wanted:
            return ""
        return f"population of {self.used}, the nearest year to {self.wanted}"


@dataclass(frozen=True)
class Bases:
    """The years in which each area has a population, in every column that the measure needs."""

    denominator: Denominator
    years: Mapping[str, frozenset[int]]  # by area code

    def year(self, period: Period, places: Iterable[Place]) -> BaseYear:
        """The base year of a period: the nearest to the one wanted that all places have.

        Of two years equally near, the later. Places with no population at all do not count; where the
        places have no year in common, those of the partnership's kind (districts) decide.
        """
        groups = [place.base_codes for place in places if place.base_codes]
        known = [group for group in groups if all(self.years.get(code) for code in group)]
        common = self._shared_years(known) or self._shared_years(known[:1])
        wanted = self._wanted(period, common)
        return BaseYear(wanted, min(common, key=lambda year: (abs(year - wanted), -year), default=None))

    def _shared_years(self, groups: Sequence[Sequence[str]]) -> frozenset[int]:
        sets = [self.years[code] for group in groups for code in group]
        return frozenset.intersection(*sets) if sets else frozenset()

    def _wanted(self, period: Period, years: Iterable[int]) -> int:
        wanted = self.denominator.year
        if isinstance(wanted, int):
            return wanted
        middle = add_months(period.start, period.length_months // 2).year
        return middle if wanted == "mid_window" else max(years, default=middle)


def read_bases(store: Store, measure: Rate, columns: Sequence[str], places: Iterable[Place]) -> Bases:
    """Which populations there are. Raises ComputationError where the table or a column is missing."""
    table = measure.over.table
    types = store.columns(table)
    missing = [column for column in columns if column not in types]
    if not types or missing:
        lacking = f"it has no column {', '.join(missing)}" if types else "nothing was delivered"
        raise ComputationError(f"rates need {', '.join(columns)} from the source {table}: {lacking}")
    codes = sorted({code for place in places for code in place.base_codes})
    query = compile_bases(table, columns, codes)
    years: dict[str, set[int]] = {}
    for row in store.rows(query.sql, query.params):
        if all(row[column] is not None for column in columns):
            years.setdefault(row["area_code"], set()).add(row["year"])
    return Bases(measure.over, {code: frozenset(found) for code, found in years.items()})
