"""Deliveries: extracts as received, the accounting of their rows, and what they cover."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property

from pipeline.model.acceptance import Acceptance
from pipeline.model.correction import CorrectionResult
from pipeline.model.period import Period, add_months, format_month
from pipeline.model.revision import RevisedMonth, RevisionCount

AsAt = date | datetime | str
"""What figures are as at: a whole day, a moment, or a delivery by its id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """One delivered file, immutable once received, known by its sha256."""

    delivery: str  # the delivery id, e.g. `police_street-0007`
    source: str
    file_name: str
    sha256: str
    size_bytes: int
    received: datetime
    supplier: str
    encoding: str
    archive: str = ""  # sha256 of the archive that holds it; its file name is then `archive.zip/x.csv`
    stated_records: int | None = None  # how many the supplier says it holds; None where nothing is said
    first_month: date | None = None  # months covered by its rows; None where it has no months
    last_month: date | None = None
    accepted: datetime | None = None  # when a person took it, where it was held until then

    @property
    def known(self) -> datetime:
        """Since when it counts: its receipt, or the decision of who took it."""
        return max(self.received, self.accepted or self.received)

    @property
    def stored_in(self) -> str:
        """`<sha256>/<name>` of the file in the raw store that holds its bytes."""
        name = self.file_name.partition("/")[0] if self.archive else self.file_name
        return f"{self.archive or self.sha256}/{name}"

    @property
    def member(self) -> str:
        """Its path in the archive that holds it; empty where it came by itself."""
        return self.file_name.partition("/")[2] if self.archive else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounting:
    """Where every record of one extract went. `closes` must hold, or the ingest stops.

    `rows_by_table` counts rows loaded per curated table; a file of one row per crime x victim x suspect
    loads fewer crimes than records, so `loaded` counts records that reached at least one table.
    The line counts are None for formats without lines.
    """

    delivery: str
    source: str
    file_name: str
    read: int
    loaded: int
    unchanged: int = 0  # the same record in an earlier delivery
    quarantined: int = 0
    identical: int = 0
    conflicting: int = 0
    superseded: int = 0  # of `loaded`: no longer current, a later delivery revised or removed them
    superseded_by: tuple[tuple[str, int], ...] = ()  # the same by the delivery that did it
    set_aside: int = 0  # not records of the source: subtotals, notes, other kinds; not in `read`
    extra_columns: tuple[str, ...] = ()  # headers that the mapping does not name; not stored
    partial: tuple[tuple[str, int, int], ...] = ()  # periods not held whole: rows, and rows known before
    refusals: tuple[tuple[str, str, str, int], ...] = ()  # broken rules: header, rule, reason, rows
    flags: tuple[tuple[str, str, str, int], ...] = ()  # loaded and doubtful: header, rule, reason, rows
    notes: tuple[str, ...] = ()  # sentences about what the file hides, such as hidden rows
    physical_lines: int | None = None
    preamble_lines: int | None = None
    header_lines: int | None = None
    blank_lines: int | None = None
    footer_lines: int | None = None
    record_lines: int | None = None
    without_place: int = 0  # loaded, but no district: they belong to the force
    outside: tuple[tuple[str, int], ...] = ()  # loaded rows of districts outside the force, by name
    rows_by_table: tuple[tuple[str, int], ...] = ()

    @property
    def closes(self) -> bool:
        """Whether records, and lines where there are lines, add up to the last one."""
        records = self.loaded + self.unchanged + self.quarantined + self.identical + self.conflicting
        if self.read != records:
            return False
        if self.physical_lines is None:
            return True
        parts = (
            self.preamble_lines,
            self.header_lines,
            self.blank_lines,
            self.footer_lines,
            self.record_lines,
        )
        return self.physical_lines == sum(part or 0 for part in parts)


class MonthState(StrEnum):
    """What a source delivered for one area and month, all categories together."""

    DELIVERED = "delivered"
    INCOMPLETE = "incomplete"
    NOT_DELIVERED = "not_delivered"

    @property
    def words(self) -> str:
        """As it is printed: `not delivered`."""
        return self.value.replace("_", " ")


@dataclass(frozen=True, slots=True, order=True)
class MonthCoverage:
    """One month of one source and area: how many rows came and what that amounts to.

    `field` names a column that is asked for and that is empty in all of them.
    """

    source: str
    area_code: str
    month: date
    rows: int
    state: MonthState
    note: str = ""
    field: str = ""


@dataclass(frozen=True, slots=True, order=True)
class FieldCoverage:
    """One column of one source in the areas that are watched: how many rows came, how many have a value.

    `empty` are the (area, month) where none has one although in other months they do; in those of `low`
    far fewer have one than in the months about them.
    """

    source: str
    field: str
    rows: int
    filled: int
    empty: tuple[tuple[str, date], ...] = ()
    low: tuple[tuple[str, date], ...] = ()


@dataclass(frozen=True)
class Coverage:
    """Which months each source delivered for each area. A month that is not here was not delivered.

    `undated` names the sources that deliver no months (surveys, returns, populations): they have no gaps.
    """

    months: tuple[MonthCoverage, ...]
    undated: frozenset[str] = frozenset()
    fields: tuple[FieldCoverage, ...] = ()

    def asking(self, columns: Iterable[str]) -> "Coverage":
        """The same for a figure that asks for columns: where one of them is empty, the month is not whole."""
        wanted = self._emptied.intersection(columns)
        if not wanted:
            return self
        if wanted not in self._asking:
            empty = {
                (one.source, *place): one.field
                for one in self.fields
                for place in one.empty
                if one.field in wanted
            }
            months = (
                replace(m, state=MonthState.INCOMPLETE, field=empty[m.source, m.area_code, m.month])
                if m.state is MonthState.DELIVERED and (m.source, m.area_code, m.month) in empty
                else m
                for m in self.months
            )
            self._asking[wanted] = replace(self, months=tuple(months))
        return self._asking[wanted]

    @cached_property
    def _emptied(self) -> frozenset[str]:
        return frozenset(field.field for field in self.fields if field.empty)

    @cached_property
    def _asking(self) -> dict[frozenset[str], "Coverage"]:
        return {}

    @cached_property
    def _by_place(self) -> dict[tuple[str, str, date], MonthCoverage]:
        return {(m.source, m.area_code, m.month): m for m in self.months}

    def state(self, source: str, area_code: str, month: date) -> MonthState:
        """The state of that month; `not_delivered` where nothing is known of it."""
        found = self._by_place.get((source, area_code, month))
        return found.state if found else MonthState.NOT_DELIVERED

    def gaps_of_all(self, supply: tuple[tuple[str, str], ...], period: Period) -> tuple[MonthCoverage, ...]:
        """The gaps of all the (source, area) pairs: each month once, in the worst state of any pair."""
        # Every indicator asks for the same few hundred.
        known = self._gaps_of_all.setdefault(supply, {})
        if period not in known:
            worst: dict[date, MonthCoverage] = {}
            for gap in (gap for source, area in supply for gap in self.gaps(source, area, period)):
                kept = worst.setdefault(gap.month, gap)
                if kept.state is MonthState.INCOMPLETE and gap.state is MonthState.NOT_DELIVERED:
                    worst[gap.month] = gap
            known[period] = tuple(worst[month] for month in sorted(worst))
        return known[period]

    @cached_property
    def _gaps_of_all(self) -> dict[tuple[tuple[str, str], ...], dict[Period, tuple[MonthCoverage, ...]]]:
        return {}

    def gaps(self, source: str, area_code: str, period: Period) -> tuple[MonthCoverage, ...]:
        """The months of the period that were not delivered whole, oldest first."""
        if source in self.undated:
            return ()
        found = (
            self._by_place.get((source, area_code, month))
            or MonthCoverage(source, area_code, month, 0, MonthState.NOT_DELIVERED)
            for month in period.months
        )
        return tuple(m for m in found if m.state is not MonthState.DELIVERED)

    def last_complete_month(self, source: str, area_codes: tuple[str, ...], before: date) -> date | None:
        """The last month, ended by `before` (exclusive), that is whole for every one of the areas."""
        months = {m.month for m in self.months if m.source == source and add_months(m.month, 1) <= before}
        for month in sorted(months, reverse=True):
            if all(self.state(source, code, month) is MonthState.DELIVERED for code in area_codes):
                return month
        return None

    def first_month(self, source: str, area_code: str) -> date | None:
        """The first month with rows, or None."""
        months = [m.month for m in self.months if m.source == source and m.area_code == area_code and m.rows]
        return min(months, default=None)


def name_gaps(gaps: tuple[MonthCoverage, ...]) -> str:
    """`2024-09 not delivered, 2024-10 incomplete, 2024-11 no outcome recorded`."""
    return ", ".join(
        f"{format_month(gap.month)} "
        + (f"no {gap.field.replace('_', ' ')} recorded" if gap.field else gap.state.words)
        for gap in gaps
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliveries:
    """What ingest hands on: the extracts behind the warehouse, their accounting, their coverage."""

    extracts: tuple[Extract, ...]
    accounting: tuple[Accounting, ...]
    coverage: Coverage
    warehouse_digest: str  # of inputs, mappings and code that made the warehouse
    revisions: tuple[RevisionCount, ...] = ()
    revised_months: tuple[RevisedMonth, ...] = ()
    corrections: tuple[CorrectionResult, ...] = ()  # what came of every entry of corrections.yaml
    made_on: date | None = None  # the day that decided which corrections were in force
    later: tuple[Extract, ...] = ()  # left out: not known at the moment that figures are as at
    new: tuple[str, ...] = ()  # ids of the deliveries that this run received
    recognised_files: int = 0  # files found whose bytes had been received before
    others: tuple[str, ...] = ()  # files found that no source asks for, some with why that may be
    waiting: tuple[Acceptance, ...] = ()  # found by this run, and held until a person decides
    links: tuple[str, ...] = ()  # names of links that lead out of the drop folder, and are not followed
    kept_out: tuple[tuple[str, str], ...] = ()  # purged files that lie there again, with the delivery
    undeclared: tuple[tuple[str, int], ...] = ()  # sources no longer declared, with how many deliveries
    misdated: tuple[str, ...] = ()  # sentences on known files that received.csv dates otherwise
    rebuilt: bool = True  # whether this run had to make the warehouse anew

    @property
    def other_files(self) -> int:
        """How many files were found that no source asks for."""
        return len(self.others)

    def has_revised(self, same: Collection[str], by: datetime) -> bool:
        """Whether another delivery, received `by` then, has revised the last of the `same` ones.

        That is where it closed rows of it, or changed anything in a month that it holds.
        """
        received = [extract for extract in self.extracts if extract.received <= by]
        last = next((extract for extract in reversed(received) if extract.delivery in same), None)
        if last is None:
            return False
        later = {e.delivery for e in received[received.index(last) + 1 :] if e.source == last.source}
        closed = {d for a in self.accounting if a.delivery == last.delivery for d, _ in a.superseded_by}
        first, end = last.first_month, last.last_month
        return bool(later & closed) or any(
            month.delivery in later and first <= month.month <= end
            for month in self.revised_months
            if first and end
        )
