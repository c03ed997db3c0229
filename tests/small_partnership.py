"""A small partnership for tests of the engine: one force of three districts, two wards, one source.

Rows are dicts; what a row leaves out is not recorded. The own district is A, its wards A1 and A2.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import pyarrow as pa

from pipeline.compute import compare, observe
from pipeline.definitions.indicator import Indicator
from pipeline.definitions.parts import resolved_from_parts
from pipeline.definitions.resolved import Definitions, Partnership, Policies
from pipeline.definitions.source import Source
from pipeline.definitions.strategy import Priority
from pipeline.disclosure import release
from pipeline.model.comparison import Comparison
from pipeline.model.delivery import Coverage, Deliveries, MonthCoverage, MonthState
from pipeline.model.observation import Observation
from pipeline.model.period import add_months, parse_month
from pipeline.store import Store

DISTRICTS = ("A", "B", "C")
FIRST, LAST = "2021-01", "2022-12"
AS_AT = date(2024, 1, 1)

TYPES = {
    "crime_ref": pa.string(),
    "month": pa.date32(),
    "district_code": pa.string(),
    "ward_code": pa.string(),
    "offence": pa.string(),
    "category": pa.string(),
    "victim_age_years": pa.int32(),
    "victim_ref": pa.string(),
    "alcohol": pa.bool_(),
    "drugs": pa.bool_(),
    "outcome": pa.string(),
    "recorded_on": pa.date32(),
    "outcome_on": pa.date32(),
    "quantity": pa.int32(),
}


def months(first: str = FIRST, last: str = LAST) -> list[date]:
    """Every month from the first to the last."""
    found = [parse_month(first)]
    while found[-1] < parse_month(last):
        found.append(add_months(found[-1], 1))
    return found


def indicator(measure: Mapping[str, Any], **more: Any) -> Indicator:
    """An indicator `crime` with that measure; a rolling year, the latest complete, unless said otherwise."""
    written = {
        "id": "crime",
        "title": "Crime",
        "source": "crimes",
        "measure": measure,
        "window": {"kind": "rolling", "months": 12, "ending": "latest_complete"},
        "govern": {"owner": "analyst"},
    }
    return Indicator.model_validate(written | more)


def source(name: str = "crimes", contract: str = "crimes", **more: Any) -> Source:
    """A source of the partnership."""
    written = {"id": name, "title": name, "supplier": "police", "files": ["*.csv"], "contract": contract}
    return Source.model_validate(written | more)


def definitions(
    *indicators: Indicator,
    sources: Sequence[Source] = (),
    policies: Mapping[str, str] | None = None,
    priorities: Mapping[str, Priority] | None = None,
    breaks: Iterable[Mapping[str, Any]] = (),
    area_sets: Mapping[str, Any] | None = None,
    codelists: Mapping[str, tuple[str, ...]] | None = None,
    validity: Mapping[str, Mapping[str, tuple[date | None, date | None]]] | None = None,
) -> Definitions:
    """The definitions of the small partnership; all its sources are open unless said otherwise."""
    known = {s.id: s for s in sources or (source(),)}
    partnership = Partnership.model_validate(
        {
            "name": "Small partnership",
            "area": {"code": "A", "name": "Alpha"},
            "force": {
                "code": "F",
                "name": "Force",
                "districts": [{"code": c, "name": n} for c, n in zip(DISTRICTS, NAMES, strict=True)],
            },
            "main_source": "crimes",
            "area_sets": {
                "all": {
                    "title": "all three",
                    "kind": "district",
                    "members": [{"code": c, "name": n} for c, n in zip(DISTRICTS, NAMES, strict=True)],
                },
                "wards": {
                    "title": "the wards",
                    "kind": "ward",
                    "members": [{"code": "A1", "name": "North"}, {"code": "A2", "name": "South"}],
                },
            }
            | dict(area_sets or {}),
            "breaks": list(breaks),
        }
    )
    return Definitions.model_validate(
        {
            "partnership": partnership,
            "sources": known,
            "indicators": resolved_from_parts({i.id: i for i in indicators}),
            "priorities": dict(priorities or {}),
            "duties": {},
            "policies": Policies.model_validate(
                {"sources": policies or dict.fromkeys([*known, "population"], "open")}
            ),
            "codelists": dict(codelists or {}),
            "codelist_validity": {name: dict(codes) for name, codes in (validity or {}).items()},
            "digest": "test",
        }
    )


NAMES = ("Alpha", "Beta", "Gamma")


def crimes(rows: Iterable[Mapping[str, Any]], types: Mapping[str, pa.DataType] = TYPES) -> pa.Table:
    """The rows as a curated table; a month may be written `2021-03`, and `quantity` is 1 by default."""
    filled = [{"quantity": 1, **row} for row in rows]
    return pa.table(
        {
            name: pa.array([_value(row.get(name), kind) for row in filled], kind)
            for name, kind in types.items()
        }
    )


def _value(value: Any, kind: pa.DataType) -> Any:
    if kind == pa.date32() and isinstance(value, str):
        return parse_month(value)
    return str(value) if kind == pa.string() and value is not None else value


def delivered(
    holes: Mapping[tuple[str, str], MonthState] | None = None,
    districts: Sequence[str] = DISTRICTS,
    source_id: str = "crimes",
    undated: Iterable[str] = (),
) -> Deliveries:
    """Deliveries in which every month came whole for every district, except the holes (district, month)."""
    found = []
    for district in districts:
        for month in months():
            state = (holes or {}).get((district, f"{month:%Y-%m}"), MonthState.DELIVERED)
            rows = 0 if state is MonthState.NOT_DELIVERED else 1
            found.append(MonthCoverage(source_id, district, month, rows, state))
    coverage = Coverage(tuple(found), frozenset(undated))
    return Deliveries(extracts=(), accounting=(), coverage=coverage, warehouse_digest="")


def observed(
    known: Definitions,
    tables: Mapping[str, pa.Table],
    deliveries: Deliveries | None = None,
    as_at: date = AS_AT,
) -> tuple[Observation, ...]:
    """What the engine observes in the tables."""
    with Store.in_memory(tables) as store:
        return observe(store, known, deliveries or delivered(), as_at)


def cell(
    observations: Iterable[Observation],
    area: str = "A",
    period: str = "2022-01/2022-12",
    breakdown: str = "",
    category: str = "",
) -> Observation:
    """The one observation of an area, period and category."""
    found = [
        o
        for o in observations
        if (o.area.code, o.period.key, o.breakdown, o.category) == (area, period, breakdown, category)
    ]
    assert len(found) == 1, f"{len(found)} observations of {area} {period} {breakdown} {category}"
    return found[0]


COUNT = {"type": "count", "unit": "crimes"}
YEAR_BEFORE = [{"to": "previous_year"}]


def rows(now: int, before: int, district: str | None = "A", **more: Any) -> list[dict[str, Any]]:
    """A number of crimes in the last year and in the year before."""
    return [
        {"month": "2022-06", "district_code": district, "quantity": now, **more},
        {"month": "2021-06", "district_code": district, "quantity": before, **more},
    ]


def compared(
    table: list[dict[str, Any]],
    measure: Mapping[str, Any] = COUNT,
    holes: Mapping[tuple[str, str], MonthState] | None = None,
    population: Mapping[str, float] | None = None,
    known: Mapping[str, Any] | None = None,
    **more: Any,
) -> list[Comparison]:
    """Every comparison of an indicator over the rows."""
    asked = indicator(measure, **{"compare": YEAR_BEFORE, **more})
    settings = definitions(asked, **(known or {}))
    codes = dict(population or {})
    tables = {
        "crimes": crimes(table),
        "population": pa.table(
            {"area_code": list(codes), "year": [2022] * len(codes), "residents": list(codes.values())}
        ),
    }
    deliveries = delivered(holes)
    results = release(observed(settings, tables, deliveries), settings)
    return list(compare(results, settings))
