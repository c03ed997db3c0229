"""What `assessment quality --coverage` prints: which months, areas and columns each source has delivered."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from pipeline.model.delivery import Coverage, FieldCoverage, MonthCoverage, MonthState
from pipeline.model.period import format_month, format_months
from pipeline.store import Store


def coverage_json(coverage: Coverage, store: Store) -> dict[str, Any]:
    """Every month of every source and area, and how many rows of it have a value in each column."""
    from pipeline.ingest import fields

    return {
        "months": [
            {
                "source": one.source,
                "area_code": one.area_code,
                "month": format_month(one.month),
                "rows": one.rows,
                "state": one.state.value,
                "note": one.note or None,
            }
            for one in coverage.months
        ],
        "fields": [
            row | {"month": format_month(row["month"])}
            for row in store.rows(f"SELECT * FROM {fields.TABLE} ORDER BY ALL")
        ],
        "empty": [_doubtful_json(one, place) for one in coverage.fields for place in one.empty],
        "low": [_doubtful_json(one, place) for one in coverage.fields for place in one.low],
    }


def _doubtful_json(one: FieldCoverage, place: tuple[str, date]) -> dict[str, str]:
    area, month = place
    return {"source": one.source, "field": one.field, "area_code": area, "month": format_month(month)}


def coverage_text(coverage: Coverage, names: Mapping[str, str]) -> str:
    """A line for each source and area with the months it lacks, then a line for each column.

    `names` are those of the areas, by code.
    """
    if not coverage.months:
        return "no source delivers every month, so there are no months to lack"
    lines: list[str] = []
    for source, of_source in groupby(coverage.months, key=lambda one: one.source):
        months = list(of_source)
        lines += ["", *_months(source, months, names)]
        lines += _fields([one for one in coverage.fields if one.source == source])
    return "\n".join(lines[1:])


def _months(source: str, months: Sequence[MonthCoverage], names: Mapping[str, str]) -> Iterator[str]:
    """The areas with the months that each has and lacks; those that are alike in one line."""
    from pipeline.cli.words import wrapped

    yield source
    alike: dict[str, list[str]] = {}
    for area, of_area in groupby(months, key=lambda one: one.area_code):
        own = list(of_area)
        there = [one.month for one in own if one.rows]
        span = f"{format_month(min(there))} to {format_month(max(there))}" if there else "nothing"
        told = [
            f"{state.words}: {format_months(one.month for one in own if one.state is state)}"
            for state in (MonthState.NOT_DELIVERED, MonthState.INCOMPLETE)
            if any(one.state is state for one in own)
        ]
        alike.setdefault(f"{span}: {'; '.join(told) or 'every month is whole'}", []).append(
            names.get(area, area)
        )
    for told_of, areas in alike.items():
        yield wrapped(f"{', '.join(areas)}, {told_of}", 2, 4)


def _fields(found: Sequence[FieldCoverage]) -> Iterator[str]:
    """The share of rows with a value in each column; the columns that always have one in one line."""
    from pipeline.cli.words import wrapped

    always = [one.field for one in found if one.filled == one.rows]
    if always:
        yield wrapped(f"always filled: {', '.join(always)}", 2, 4)
    for one in found:
        if one.filled < one.rows:
            share = 100 * one.filled / one.rows
            yield wrapped("; ".join((f"{one.field:<24}{share:>6.1f} % filled", *_doubtful(one))), 2, 4)


def _doubtful(one: FieldCoverage) -> Iterator[str]:
    for word, places in (("empty", one.empty), ("low", one.low)):
        if places:
            yield f"{word} in {_places(places)}"


def field_lines(coverage: Coverage) -> Iterator[str]:
    """The columns that came empty, or far emptier than otherwise, in some months: a line for each source."""
    for one in coverage.fields:
        if one.empty:
            yield (
                f"{one.source}: {one.field} is empty in {_places(one.empty)}; figures that ask for it do "
                "not have these months"
            )
        if one.low:
            yield f"{one.source}: {one.field} has far fewer values than otherwise in {_places(one.low)}"


def _places(places: Iterable[tuple[str, date]]) -> str:
    """`2024-03 (E08000031), 2023-01 to 2023-04 (E08000025)`: the months by area."""
    return ", ".join(
        f"{format_months(month for _, month in own)} ({area})"
        for area, own in groupby(places, key=lambda place: place[0])
    )
