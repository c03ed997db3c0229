"""What one indicator asks of the warehouse: its periods, its places, its tables."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

from pipeline.compute.bases import Bases, BaseYear, read_bases
from pipeline.compute.periods import after, is_published, month_points, period_ending, wave_periods, windows
from pipeline.compute.shared import ROWS, Sums, table_needs
from pipeline.compute.standing import Standing, compared_areas, standings
from pipeline.definitions.indicator import Indicator, Proportion, Rate, Repeat, Survey
from pipeline.definitions.resolved import Definitions
from pipeline.model.area import AreaKind
from pipeline.model.delivery import Coverage, Deliveries, MonthState
from pipeline.model.period import Period, add_months, month_of, parse_month
from pipeline.query import (
    PLACED_BY,
    Level,
    Request,
    Side,
    Span,
    Table,
    columns_needed,
    compile_waves,
    cut_columns,
    denominator_columns,
    over_columns_needed,
)
from pipeline.store import Store


@dataclass(frozen=True)
class Plan:
    """What one indicator asks of the warehouse, and what stands in the way of its figures.

    `lacking` says by source why it cannot be computed from it; `uncut` by breakdown and source why that
    breakdown cannot. `waves` is empty unless the periods are waves. `with_limits`: whether the figures get
    limits, whose distributions take long to load.
    """

    indicator: Indicator
    definitions: Definitions
    coverage: Coverage
    as_at: date
    tables: tuple[Table, ...]
    lacking: Mapping[str, str]
    uncut: Mapping[str, Mapping[str, str]]
    standings: tuple[Standing, ...]
    current: Period
    periods: tuple[Period, ...]
    waves: Mapping[Period, str]
    base_years: Mapping[Period, BaseYear]
    with_limits: bool = True

    @cached_property
    def cuts(self) -> dict[str, tuple[str, ...]]:
        """The columns that each breakdown cuts by."""
        return cut_columns(self.indicator)

    @cached_property
    def sampled(self) -> bool:
        """Whether every source is a probability sample, or no sample at all."""
        sources = self.definitions.sources
        return all(sources[source].sample_design == "probability" for source in self.indicator.sources)

    @cached_property
    def ripe_on(self) -> dict[Period, date]:
        """By period: the day by whose end its outcomes are all as old as the measure asks."""
        return {period: _ripe_on(self.indicator, period) for period in self.periods}

    @property
    def request(self) -> Request:
        """The request to compile: every standing that has its figures, over every period."""
        return self.request_for(self.periods)

    def request_for(self, periods: tuple[Period, ...]) -> Request:
        """The same over some of the periods."""
        places = tuple(standing.place for standing in self.standings if not standing.blocked)
        spans = []
        for period in periods:
            year = self.base_years.get(period)
            detail = int(period.basis == "month" and period.basis != self.current.basis)
            spans.append(
                Span(
                    f"{period.basis}:{period.key}",
                    period.start,
                    period.end,
                    detail,
                    self.waves.get(period),
                    year.used if year else None,
                )
            )
        known = self.definitions
        return Request(
            self.indicator, self.tables, places, tuple(spans), known.codelists, known.codelist_validity
        )


def plan(
    store: Store,
    indicator: Indicator,
    definitions: Definitions,
    deliveries: Deliveries,
    as_at: date,
    sums: Sums = ROWS,
) -> Plan:
    """Decide periods, places and tables of one indicator. Reads only what the decision needs."""
    small = any(
        area.kind is AreaKind.LSOA for area in compared_areas(indicator, definitions.partnership)
    )  # sums are not made by small areas
    tables, lacking, uncut = _tables(store, indicator, definitions, ROWS if small else sums)
    asked = {*columns_needed(indicator), *over_columns_needed(indicator)}
    coverage = deliveries.coverage.asking(asked)
    unplaced = _unplaced(store, indicator)
    places = tuple(
        _placed(standing, unplaced) for standing in standings(indicator, definitions, coverage, lacking)
    )
    waves: dict[Period, str] = {}
    if isinstance(indicator.measure, Survey):
        current, periods, waves = _survey_periods(store, indicator, definitions, tables, as_at)
        if not any(waves.values()):
            places = tuple(s if s.blocked else replace(s, blocked="no wave is over yet") for s in places)
    else:
        last = last_month(indicator, places, coverage, as_at)
        current = current_window(indicator, last, as_at)
        periods = windows(indicator, current)
        if not isinstance(indicator.measure, Repeat) and not indicator.only_multi_year:
            periods += month_points(_first_month(places, coverage), last)
        periods = tuple(dict.fromkeys(periods))
    base_years: dict[Period, BaseYear] = {}
    if isinstance(indicator.measure, Rate):
        bases = _bases(store, indicator, places)
        allowed = tuple(standing.place for standing in places)
        base_years = {period: bases.year(period, allowed) for period in periods}
    return Plan(
        indicator,
        definitions,
        coverage,
        as_at,
        tables,
        lacking,
        uncut,
        places,
        current,
        periods,
        waves,
        base_years,
    )


def current_window(indicator: Indicator, last: date, as_at: date) -> Period:
    """The indicator's current window, given the last month there is.

    With `latest_ripe` it is the last one whose outcomes were all as old as the measure asks by the end of
    the day `as_at`.
    """
    window = indicator.window
    if window.named_month is not None:
        return period_ending(window, parse_month(window.named_month))
    found = period_ending(window, last)
    while window.ending == "latest_ripe" and _ripe_on(indicator, found) > as_at:
        found = period_ending(window, add_months(found.last_month, -1))
    return found


def last_month(indicator: Indicator, places: tuple[Standing, ...], coverage: Coverage, as_at: date) -> date:
    """The last month that is published and, for `latest_complete`, whole for every area compared.

    Where no month is whole for all of them, it is the last whole one of the partnership's own area; where
    nothing is known of any delivery, the last month over and published.
    """
    over = month_of(as_at + timedelta(days=1))
    while not is_published(add_months(over, -1), indicator.lag.publish, as_at):
        over = add_months(over, -1)
    published = add_months(over, -1)
    own = {pair for pair in places[0].supply if pair[0] not in coverage.undated}
    peers = [s for s in places if not s.blocked]
    months = sorted({m.month for m in coverage.months if (m.source, m.area_code) in own}, reverse=True)
    months = [month for month in months if month <= published]
    latest = indicator.window.ending == "latest"
    for everywhere in (False,) if latest else (True, False):
        for month in months:
            compared = [s for s in peers if s.wanted_in(Period.month(month))] if everywhere else []
            supply = {pair for standing in compared for pair in standing.supply}
            wanted = own | {pair for pair in supply if pair[0] not in coverage.undated}
            states = {coverage.state(source, code, month) for source, code in wanted}
            if states == {MonthState.DELIVERED} or (latest and states - {MonthState.NOT_DELIVERED}):
                return month
    return published


def _first_month(places: tuple[Standing, ...], coverage: Coverage) -> date | None:
    firsts = [coverage.first_month(source, code) for source, code in places[0].supply]
    return min((month for month in firsts if month is not None), default=None)


def _tables(
    store: Store, indicator: Indicator, definitions: Definitions, sums: Sums
) -> tuple[tuple[Table, ...], dict[str, str], dict[str, dict[str, str]]]:
    """The usable tables; why other sources are not; which breakdowns a source cannot give."""
    tables: dict[str, Table] = {}
    lacking: dict[str, str] = {}
    uncut: dict[str, dict[str, str]] = {}
    for side, source, part, needed in table_needs(indicator):
        name = f"{source}_{part}" if part else source
        types = store.columns(name)
        missing = [column for column in needed if column not in types]
        if not types:
            lacking[source] = f"{source}: nothing was delivered" + (f" with {part}" if part else "")
        elif missing:
            lacking[source] = f"{source} has no column {', '.join(missing)}"
        else:
            read = sums.get((indicator.id, name), name)
            both = Side.BOTH if name in tables else side
            tables[name] = Table(read, store.columns(read), definitions.partnership.area.code, both)
            for breakdown, columns in cut_columns(indicator).items():
                if wanting := [column for column in columns if column not in types]:
                    uncut.setdefault(breakdown, {})[source] = f"{source} has no column {', '.join(wanting)}"
    return tuple(tables.values()), lacking, uncut


def _unplaced(store: Store, indicator: Indicator) -> dict[Level, dict[str, str]]:
    """By kind of place and source: why its rows cannot be placed there (without districts they can)."""
    found: dict[Level, dict[str, str]] = {}
    for _, source, part, _ in table_needs(indicator):
        types = store.columns(f"{source}_{part}" if part else source)
        for level, column in PLACED_BY.items():
            if level is not Level.DISTRICTS and types and column not in types:
                found.setdefault(level, {})[source] = f"{source} has no column {column}"
    return found


def _placed(standing: Standing, unplaced: Mapping[Level, Mapping[str, str]]) -> Standing:
    """The standing, blocked where a source behind it does not say which of its areas a row is in."""
    reasons = unplaced.get(standing.place.level, {})
    sources = {source for source, _ in standing.supply} or set(reasons)
    found = [reason for source, reason in reasons.items() if source in sources]
    return replace(standing, blocked="; ".join(found)) if found and not standing.blocked else standing


def _survey_periods(
    store: Store, indicator: Indicator, definitions: Definitions, tables: tuple[Table, ...], as_at: date
) -> tuple[Period, tuple[Period, ...], dict[Period, str]]:
    """The waves with answers whose last day had come by `as_at`; the latest is the current one."""
    sources = [definitions.sources[source] for source in indicator.sources]
    declared = {name: period for source in sources for name, period in wave_periods(source).items()}
    ended = {name for source in sources for name, wave in source.waves.items() if wave.end <= as_at}
    delivered: set[str] = set()
    for table in tables:
        query = compile_waves(table.name)
        delivered |= {row["wave"] for row in store.rows(query.sql, query.params)}
    over = {name: period for name, period in declared.items() if name in ended}
    found = {name: period for name, period in over.items() if name in delivered} or over
    if not found:
        month = Period.ending(month_of(as_at), 1, "wave")
        return month, (month,), {month: ""}
    periods = tuple(sorted(found.values()))
    return periods[-1], periods, {period: name for name, period in found.items()}


def _ripe_on(indicator: Indicator, period: Period) -> date:
    ripe = after(period.end, indicator.lag.mature) - timedelta(days=1)
    if isinstance(indicator.measure, Proportion) and indicator.measure.within_days is not None:
        youngest = period.end - timedelta(days=1)
        ripe = max(ripe, youngest + timedelta(days=indicator.measure.within_days))
    return ripe


def _bases(store: Store, indicator: Indicator, places: tuple[Standing, ...]) -> Bases:
    assert isinstance(indicator.measure, Rate)
    columns = denominator_columns(indicator)
    return read_bases(store, indicator.measure, columns, [standing.place for standing in places])
