"""Coverage: which months each source delivered, for each area, all categories together."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from pipeline.definitions.resolved import Definitions
from pipeline.definitions.source import Source
from pipeline.ingest import whole_months
from pipeline.ingest.casting import quoted
from pipeline.ingest.fields import count_fields, cover_fields
from pipeline.ingest.fields import write as write_fields
from pipeline.model.acceptance import Decision, MonthDecision
from pipeline.model.delivery import Coverage, Extract, FieldCoverage, MonthCoverage, MonthState
from pipeline.model.period import Period, add_months
from pipeline.statistics.neighbours import LOW_BELOW, usual
from pipeline.store import Rows, Store

COVERAGE_TABLE = "month_coverage"


def cover(
    store: Store,
    definitions: Definitions,
    extracts: Sequence[Extract],
    decided: Sequence[MonthDecision] = (),
    accepted: Mapping[str, Decision] | None = None,
    *,
    write: bool = False,
) -> Coverage:
    """The coverage of every source that delivers every month; the others have no gaps.

    `decided` are months that persons took as whole, `accepted` the decisions, by delivery, on those that
    they took as they are. With `write` it is put into the database as two tables,
    by month and by field.
    """
    months: list[MonthCoverage] = []
    fields: list[FieldCoverage] = []
    counted: list[dict[str, Any]] = []
    undated = set()
    force = definitions.partnership.force.code
    for source in definitions.sources.values():
        if source.every_month and store.columns(source.id):
            taken = _taken([e for e in extracts if e.source == source.id], accepted or {})
            counts = _counts(store, source, definitions)
            months += _months_of(counts, force, source, taken, whole_months.notes(source, decided))
            by_field = count_fields(store, source)
            fields += cover_fields(by_field, frozenset(counts) - {force})
            counted += by_field
        elif not source.every_month:
            undated.add(source.id)
    coverage = Coverage(tuple(sorted(months)), frozenset(undated), tuple(fields))
    if write:
        _write(store, coverage)
        write_fields(store, counted)
    return coverage


def _write(store: Store, coverage: Coverage) -> None:
    types = {
        "source": "VARCHAR",
        "area_code": "VARCHAR",
        "month": "DATE",
        "rows": "BIGINT",
        "state": "VARCHAR",
        "note": "VARCHAR",
    }
    rows = [{name: getattr(month, name) for name in types} for month in coverage.months]
    table = Rows(types, [{**row, "state": row["state"].value} for row in rows])
    store.create(COVERAGE_TABLE, table)


def _counts(store: Store, source: Source, definitions: Definitions) -> dict[str, dict[date, int]]:
    """Crimes and incidents by area and month: the districts that are watched, and the force."""
    tables = [source.id] + [f"{source.id}_{name}" for name, part in source.parts.items() if part.rows]
    rows = " UNION ALL ".join(
        f"SELECT district_code, month, quantity FROM {quoted(table)}" for table in tables
    )
    found = store.fetch(
        f"SELECT district_code, month, sum(quantity)::BIGINT AS n FROM ({rows}) GROUP BY ALL"
    ).to_pylist()
    partnership = definitions.partnership
    if source.areas == "partnership":
        watched = {partnership.area.code}
    else:
        inside = {district.code for district in partnership.force.districts}
        delivered = {row["district_code"] for row in found if row["district_code"]}
        watched = delivered & inside if inside else delivered
    counts: dict[str, dict[date, int]] = {code: {} for code in sorted(watched)}
    force = counts[partnership.force.code] = {}
    for row in found:
        force[row["month"]] = force.get(row["month"], 0) + row["n"]
        if row["district_code"] in watched:
            counts[row["district_code"]][row["month"]] = row["n"]
    return counts


def _months_of(
    counts: Mapping[str, Mapping[date, int]],
    force: str,
    source: Source,
    accepted: Mapping[date, str],
    whole: Mapping[tuple[str, date], str],
) -> Iterator[MonthCoverage]:
    """Every month from the source's first to its last, for every area; the force comes last.

    A month of the force is whole only where it is whole in each of its districts.
    """
    delivered = counts[force]
    if not delivered:
        return
    short: dict[date, list[str]] = {}
    for month in Period(min(delivered), add_months(max(delivered), 1), "month").months:
        for area_code, by_month in counts.items():
            state = month_state(by_month, month)
            known = [
                f"known to be incomplete, {one.by} on {one.on}: {one.reason}"
                for one in whole_months.known_incomplete(source, area_code, month)
                if area_code != force
            ]
            taken = whole.get((area_code, month)) or whole.get(("", month))
            notes = [*known, taken] if taken and state is not MonthState.DELIVERED else known
            if taken:
                state = MonthState.DELIVERED
            if known and state is MonthState.DELIVERED:
                state = MonthState.INCOMPLETE
            if area_code == force and month in short:
                notes.append(f"not whole in {', '.join(short[month])}")
                if state is MonthState.DELIVERED:
                    state = MonthState.INCOMPLETE
            elif state is not MonthState.DELIVERED:
                short.setdefault(month, []).append(area_code)
            if state is not MonthState.DELIVERED and month in accepted:
                notes.append(accepted[month])
            rows = by_month.get(month, 0)
            yield MonthCoverage(source.id, area_code, month, rows, state, "; ".join(notes))


def month_state(rows: Mapping[date, int], month: date) -> MonthState:
    """How whole a month is, judged by the median of the area's twelve nearest months with rows."""
    if not rows.get(month):
        return MonthState.NOT_DELIVERED
    known = usual(rows, month)
    is_low = known is not None and rows[month] < LOW_BELOW * known
    return MonthState.INCOMPLETE if is_low else MonthState.DELIVERED


def _taken(extracts: Sequence[Extract], accepted: Mapping[str, Decision]) -> dict[date, str]:
    """Who took the deliveries of one source as they are, and why, by the months of each."""
    notes = {}
    for extract in extracts:
        decision = accepted.get(extract.delivery)
        if decision and extract.first_month and extract.last_month:
            note = f"accepted by {decision.by} on {decision.on}: {decision.reason}"
            for month in Period(extract.first_month, add_months(extract.last_month, 1), "month").months:
                notes[month] = note
    return notes
