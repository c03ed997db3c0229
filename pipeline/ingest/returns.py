"""Returns: what the suppliers of each source have agreed to deliver, and which of it has come.

The items of a source of the contract `returns` are looked up in its rows, the closed ones included, so that
the day on which one first came survives a revision. Of any other source a return is a file. Where the source
delivers every month it is one that reaches the last month of the period, and a month without rows is owed
still. Else a file is the return for one period at most, that was over when it came: the one that its name or
its rows reach, where that is still owed, else the last that was over, else the oldest that is owed. The same
name again is that return, revised.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from pipeline.definitions.resolved import Definitions
from pipeline.definitions.source import Expected, Source
from pipeline.ingest.casting import literal
from pipeline.ingest.days import days_of
from pipeline.ingest.history import closed_table
from pipeline.model.delivery import Coverage, Deliveries, Extract
from pipeline.model.period import Period, add_months, month_of, parse_month
from pipeline.model.returns import Content, Return, ReturnedItem
from pipeline.store import Store

_LENGTHS = {"month": 1, "quarter": 3, "calendar_year": 12, "financial_year": 12}
_BASES = {"quarter": "calendar_quarter"}


@dataclass(frozen=True, slots=True)
class _Row:
    """A reported row and the days from which, and until which, it was the current one."""

    start: date
    end: date
    content: Content
    came: date
    went: date | None


_Rows = Mapping[tuple[str, str], Sequence[_Row]]  # by item and area code


def expected_returns(
    store: Store, definitions: Definitions, deliveries: Deliveries, day: date
) -> tuple[Return, ...]:
    """Every return for a period that was over on a day, in the order of the sources and of what each owes.

    What has come is judged by `deliveries`: those known at the moment that is asked for.
    """
    found: list[Return] = []
    for source in definitions.sources.values():
        own = [extract for extract in deliveries.extracts if extract.source == source.id]
        items = [item for expected in source.expected for item in expected.items]
        holes = _holes(deliveries.coverage, source.id)
        rows = _reported(store, source.id, items, own) if items else {}
        for expected in source.expected:
            areas = expected.areas or (definitions.partnership.area.code,)
            owed = tuple(periods(expected, day))
            files = {} if expected.items else _by_period(owed, source, _from(expected, source, own), holes)
            for period in owed:
                due = period.end + timedelta(days=expected.due_days - 1)
                told = [_in_rows(item, area, period, rows) for item in expected.items for area in areas]
                one = Return(
                    source=source.id,
                    supplier=expected.supplier,
                    contact=expected.contact,
                    period=period,
                    due=max(due, expected.first_due or due),
                    items=tuple(told) or (files.get(period, ReturnedItem(item="", area_code="")),),
                )
                found.append(one)
    return tuple(found)


def periods(expected: Expected, day: date) -> Iterator[Period]:
    """The periods that something is owed for and that were over on a day, oldest first."""
    length = _LENGTHS[expected.every]
    until = parse_month(expected.until) if expected.until else date.max.replace(day=1)
    start = parse_month(expected.since)
    while (end := add_months(start, length)) <= day + timedelta(days=1) and add_months(end, -1) <= until:
        yield Period(start, end, _BASES.get(expected.every, expected.every))
        start = end


def _reported(store: Store, table: str, items: Sequence[str], extracts: Sequence[Extract]) -> _Rows:
    """The rows of some items that were known, those since revised among them."""
    came = {extract.delivery: extract.received.date() for extract in extracts}
    found: dict[tuple[str, str], list[_Row]] = {}
    for name in (table, closed_table(table)):
        stored = store.columns(name)
        if not stored:
            continue
        until = "known_to" if "known_to" in stored else "NULL"
        status = "status" if "status" in stored else "NULL"
        named = ", ".join(map(literal, items))
        for row in store.rows(
            f"SELECT item, area_code, period_start, period_end, value, {status} AS status, known_from, "
            f"{until} AS known_to FROM {store.stored(name)} WHERE item IN ({named}) ORDER BY ALL"
        ):
            if row["known_from"] in came:
                told = _Row(
                    row["period_start"],
                    row["period_end"],
                    _content(row["value"], row["status"]),
                    came[row["known_from"]],
                    came.get(row["known_to"]),
                )
                found.setdefault((row["item"], row["area_code"]), []).append(told)
    return found


def _content(value: float | None, status: str | None) -> Content:
    if status == "suppressed":
        return Content.SUPPRESSED
    return Content.NO_FIGURE if value is None else Content.FIGURE


def _in_rows(item: str, area_code: str, period: Period, rows: _Rows) -> ReturnedItem:
    """An item as the rows have it: it is there once every month of the period has been told of."""
    told = ReturnedItem(item=item, area_code=area_code)
    within = [
        row for row in rows.get((item, area_code), ()) if period.start <= row.start and row.end <= period.end
    ]
    first: dict[date, date] = {}
    for row in within:
        for month in _months(row):
            first[month] = min(row.came, first.get(month, row.came))
    current = [row for row in within if row.went is None]
    there = {month for row in current for month in _months(row)}
    missing = tuple(month for month in period.months if month not in there)
    if missing:
        return replace(told, missing=missing if there else ())
    received = max(first.values())
    content = next(kind for kind in reversed(Content) if kind in {row.content for row in current})
    revised = max((row.came for row in within if row.came > received), default=None)
    return replace(told, received=received, content=content, revised=revised)


def _months(row: _Row) -> Iterator[date]:
    month = month_of(row.start)
    while month < row.end:
        yield month
        month = add_months(month, 1)


def _from(expected: Expected, source: Source, extracts: Sequence[Extract]) -> Sequence[Extract]:
    """The files of one supplier; where a source expects files of one only, all are that one's."""
    if len({one.supplier for one in source.expected}) == 1:
        return extracts
    return [extract for extract in extracts if extract.supplier == expected.supplier]


def _holes(coverage: Coverage, source: str) -> frozenset[date]:
    """The months, among those that the source has delivered, of which it has no row anywhere."""
    rows: dict[date, int] = {}
    for one in coverage.months:
        if one.source == source:
            rows[one.month] = rows.get(one.month, 0) + one.rows
    return frozenset(month for month, count in rows.items() if not count)


def _by_period(
    owed: Sequence[Period], source: Source, extracts: Sequence[Extract], holes: Collection[date]
) -> dict[Period, ReturnedItem]:
    """The files of a source as its returns. Where it does not deliver every month, each is one return."""
    if source.every_month:
        return _reaching(owed, extracts, holes)
    found: dict[Period, ReturnedItem] = {}
    names: dict[Period, str] = {}
    for extract in extracts:
        came = extract.received.date()
        over = [period for period in owed if period.end <= came]
        if days_of(extract, source).last_month:  # its name says it for certain
            over = [period for period in over if _is_of(extract, source, period)]
        still_owed = [period for period in over if period not in found]
        said = [period for period in still_owed if _is_of(extract, source, period)]
        if over and names.get(over[-1]) == extract.file_name:
            found[over[-1]] = replace(found[over[-1]], revised=came)
        elif still_owed:
            last = [period for period in over[-1:] if period in still_owed]
            period = (*said, *last, *still_owed)[0]
            found[period] = ReturnedItem(item="", area_code="", received=came)
            names[period] = extract.file_name
    return found


def _reaching(
    owed: Sequence[Period], extracts: Sequence[Extract], holes: Collection[date]
) -> dict[Period, ReturnedItem]:
    """For each period the first file that has rows of its last month, or later; months in `holes` lack."""
    found: dict[Period, ReturnedItem] = {}
    for period in owed:
        last = period.last_month
        days = [e.received.date() for e in extracts if e.last_month is not None and e.last_month >= last]
        missing = tuple(month for month in period.months if month in holes)
        if days and not missing:
            found[period] = ReturnedItem(item="", area_code="", received=min(days))
        elif days and len(missing) < len(period.months):
            found[period] = ReturnedItem(item="", area_code="", missing=missing)
    return found


def _is_of(extract: Extract, source: Source, period: Period) -> bool:
    """Whether the last month of its name, else of its rows, is one of the period."""
    last = days_of(extract, source).last_month or extract.last_month
    return last is not None and period.start <= last < period.end
