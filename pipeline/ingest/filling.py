"""Filling: which rows of a source go to which curated table, the closed ones to a table beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.definitions.source import places_table
from pipeline.errors import ExtractError
from pipeline.ingest import history, places
from pipeline.ingest.casting import quoted, text_of
from pipeline.ingest.history import CLOSED, EVER, SPANS
from pipeline.ingest.mapping import Mapping
from pipeline.ingest.reading import MAPPED
from pipeline.ingest.references import HASHES
from pipeline.model.contract import CONTRACTS, Contract
from pipeline.store import Store

REFERENCE = "_ref"  # ends the names of columns whose values hardly repeat
PLACES = ("district_code", "ward_code")
NAMED_PLACES = (*PLACES, "ward_name")  # of a geography that leads on to another


@dataclass(frozen=True, slots=True)
class Route:
    """Which mapped rows (`m`) go to which table.

    With `order` a row of the table is the first in it of those that are alike in `by`; a row that lacks
    what `keyed` asks is alike to no other.
    """

    table: str
    part: str | None
    where: str
    keyed: str = ""
    by: str = ""
    order: str = ""


class Filling:
    """Fills the tables of one source. `ids` are its deliveries, in the order of their numbers.

    `is_open`: no source of the workspace names a person. `any_closed`: whether `_closed` holds rows that
    are no longer current.
    """

    def __init__(self, store: Store, mapping: Mapping, ids: Sequence[str], is_open: bool) -> None:
        self._store = store
        self._mapping = mapping
        self._source = mapping.source
        self._ids = ids
        self._is_open = is_open
        self.any_closed = False
        geography = self._source.geography
        self._places = places_table(geography) if geography else ""
        known = store.columns(self._places) if geography else {}
        self._knows_wards = "ward_code" in known
        self.geography_columns = known if self._mapping_has(self._small_area()) else {}

    def _place(self, column: str, mapped: str | None) -> str | None:
        """The SQL of a place column: the supplier's own field first, then the small area's."""
        own = f"m.{quoted(mapped)}" if mapped else None
        joined = f"g.{column}" if column in self.geography_columns else None
        if own and column == "ward_code" and self._knows_wards:  # one of another year is none of this one
            wards = f"SELECT ward_code FROM {quoted(self._places)} WHERE ward_code IS NOT NULL"
            return f"CASE WHEN {own} IN ({wards}) THEN {own} ELSE {joined or 'NULL'} END"
        if own and joined:
            return f"coalesce({own}, {joined})"
        return own or joined

    def geography_join(self) -> str:
        """The SQL that joins the geography (`g`) to the mapped rows (`m`), if there is one."""
        if not self._source.geography or not self.geography_columns:
            return ""
        return f" LEFT JOIN {quoted(self._places)} g ON g.lsoa_code = m.{self._small_area()}"

    def _small_area(self) -> str:
        """The mapped column with the code by which a row is placed."""
        if self._mapping.contract.name == "geography":
            return places.NEWEST
        return "area_code" if self._source.roll_up else "lsoa_code"

    def district(self) -> str:
        """The SQL of a mapped row's district."""
        mapped = "district_code" if self._mapping_has("district_code") else None
        return self._place("district_code", mapped) or "NULL"

    def _mapping_has(self, column: str) -> bool:
        return any(c.name == column for c in self._mapping.main)

    def districts(self) -> str:
        """The SELECT of `row, district` of every mapped row."""
        return f"SELECT m.rowid AS row, {self.district()} AS district FROM {MAPPED} m{self.geography_join()}"

    def routes(self) -> list[Route]:
        """The tables to fill: the main one, then the parts."""
        source = self._source
        diverted = [name for name, part in source.parts.items() if part.rows]
        rest = "".join(f" AND NOT m.{quoted(f'_to:{name}')}" for name in diverted)
        routes = [self._route(source.id, None, f"true{rest}", () if source.grain else None)]
        for name, part in source.parts.items():
            table = f"{source.id}_{name}"
            if part.rows:
                routes.append(self._route(table, name, f"m.{quoted(f'_to:{name}')}", None))
            else:
                routes.append(self._route(table, name, "true", part.key))
        return routes

    def _route(self, table: str, part: str | None, where: str, headers: tuple[str, ...] | None) -> Route:
        """A route of all rows; with `headers`, of one for each key and part of it: the first of the grain."""
        if headers is None:
            return Route(table, part, where)
        key = [quoted(name) for name in self._source.key]
        grain = [f"try_cast(m.{text_of(header)} AS BIGINT) NULLS LAST" for header in self._source.grain]
        texts = [text_of(header) for header in headers]
        present = " OR ".join(f"m.{text} IS NOT NULL" for text in texts) or "true"
        return Route(
            table,
            part,
            f"{where} AND ({present})",
            keyed=" AND ".join(f"m.{column} IS NOT NULL" for column in key),
            by=", ".join(f"m.{column}" for column in (*key, *texts)),
            order="".join(f"{number}, " for number in grain),
        )

    def fill(self, route: Route) -> list[tuple[int, int]]:
        """Make one table; rows loaded by delivery number. No row may be lost or doubled on the way."""
        if self._source.roll_up:
            return self._fill_rolled_up(route)
        current, closed = f"{MAPPED} m", f"{CLOSED} m" if self.any_closed else ""
        known_from, known_to = "m._delivery", "m._known_to"
        where = ended = route.where
        if route.by and len(self._ids) > 1:
            history.unite(self._store, self.any_closed)
            order = f"{route.order}m._row"
            history.first_over_time(self._store, route.where, route.keyed, route.by, order)
            current = closed = f"{EVER} m JOIN {SPANS} s ON s.row = m.rowid"
            known_from, known_to = "s.known_from", "s.known_to"
            where, ended = f"{known_to} IS NULL", f"{known_to} IS NOT NULL"
        elif route.by:
            where += (
                f" AND m.rowid IN (SELECT m.rowid FROM {MAPPED} m WHERE {route.where} QUALIFY NOT "
                f"({route.keyed}) OR row_number() OVER (PARTITION BY {route.by} "
                f"ORDER BY {route.order}m.rowid) = 1)"
            )
        began = f"{history.delivery_id(self._ids, known_from)} AS known_from"
        loaded = self._make(route, route.table, current, where, known_from, began)
        if closed:
            table = history.closed_table(route.table)
            over = f"{began}, {history.delivery_id(self._ids, known_to)} AS known_to"
            for number, rows in self._make(route, table, closed, ended, known_from, over).items():
                loaded[number] = loaded.get(number, 0) + rows
            if self._store.count(table) == 0:
                self._store.execute(f"DROP TABLE {quoted(table)}")
        return list(loaded.items())

    def _make(
        self, route: Route, table: str, rows: str, where: str, number: str, known: str
    ) -> dict[int, int]:
        """Make one table of some rows; how many there are of each delivery."""
        contract = (
            CONTRACTS[self._source.parts[route.part].contract] if route.part else (self._mapping.contract)
        )
        counted = self._counts(f"SELECT {number} AS d, count(*) AS n FROM {rows} WHERE {where} GROUP BY d")
        columns, joins = self._columns(contract, route.part)
        select = f"SELECT {columns}, {known} FROM {rows}{self.geography_join()}{joins} WHERE {where}"
        # What lies unused in a block that is not compressed is what the memory held before: never people.
        references = [c.name for c in contract.columns if self._is_open and c.name.endswith(REFERENCE)]
        self._store.create_as(table, select, uncompressed=references)
        made = self._store.count(table)
        if made != sum(counted.values()):
            raise ExtractError(
                f"source {self._source.id}: {sum(counted.values()):,} rows became {made:,} in {route.table}"
                + (f"; declare a key for {self._source.geography}" if self._source.geography else "")
            )
        return counted

    def _columns(self, contract: Contract, part: str | None) -> tuple[str, str]:
        stored = self._mapping.stored(part)
        of_place = NAMED_PLACES if contract.name == "geography" else PLACES
        placed = [n for n in of_place if contract.column(n) and self._place(n, stored.get(n))]
        if contract.column("district_code") and "district_code" not in placed:
            placed.append("district_code")
        names = [c.name for c in contract.columns if c.name in stored or c.name in placed]
        names += [name for name in stored if name not in names]
        selected, joins = [], ""
        for name in names:
            mapped = stored.get(name)
            if mapped in self._mapping.hashed:
                alias = f"h{joins.count(' JOIN ')}"
                joins += f" LEFT JOIN {HASHES} {alias} ON {alias}.raw = m.{quoted(mapped)}"
                value = f"{alias}.hashed"
            elif name == "lsoa_code" and places.NEWEST in self.geography_columns:
                value = f"g.{places.NEWEST}"
            elif name in placed:
                value = self._place(name, mapped) or "CAST(NULL AS VARCHAR)"
            else:
                value = f"m.{quoted(mapped or name)}"
            selected.append(f"{value} AS {quoted(name)}")
        return ", ".join(selected), joins

    def _fill_rolled_up(self, route: Route) -> list[tuple[int, int]]:
        """Make a table of sums, as they were from each delivery on that changed one.

        An area with a part of a small area that cannot be shared out has no sum: it would be short.
        """
        level = self._source.roll_up
        short = (
            f"SELECT b.{level}_code FROM {quoted(self._source.geography or '')} b "
            f"JOIN {quoted(self._places)} p ON p.lsoa_code = b.lsoa_code "
            f"WHERE p.{level}_code IS NULL AND b.{level}_code IS NOT NULL"
        )
        numbers = [c.name for c in self._mapping.main if c.type == "DOUBLE"]
        sums = ", ".join(f"sum(r.{name}) AS {name}" for name in numbers)
        history.unite(self._store, self.any_closed)
        self._store.execute(
            f"CREATE OR REPLACE TEMP TABLE {SPANS} AS WITH "
            f"r AS (SELECT g.{level}_code AS area_code, g.{level}_name AS area_name, m.year, "
            f"{', '.join(f'm.{name}' for name in numbers)}, m._delivery AS began, m._known_to AS ended "
            f"FROM {EVER} m{self.geography_join()} WHERE {route.where} AND g.{level}_code NOT IN ({short})), "
            "points AS (SELECT area_code, year, began AS point FROM r UNION "
            "SELECT area_code, year, ended FROM r WHERE ended IS NOT NULL), "
            "totals AS (SELECT p.area_code, any_value(r.area_name) AS area_name, p.year, p.point, "
            f"{sums}, count(r.began) AS areas FROM points p LEFT JOIN r ON r.area_code = p.area_code "
            "AND r.year = p.year AND r.began <= p.point AND coalesce(r.ended > p.point, true) "
            "GROUP BY p.area_code, p.year, p.point) "
            "SELECT *, lead(point) OVER (PARTITION BY area_code, year ORDER BY point) AS ended FROM totals"
        )
        columns = ", ".join(("area_code", "area_name", "year", *numbers))
        began = f"{history.delivery_id(self._ids, 'point')} AS known_from"
        over = f"{history.delivery_id(self._ids, 'ended')} AS known_to"
        made = f"SELECT {columns}, {began}"
        there = f"FROM {SPANS} WHERE areas > 0 AND ended IS"
        self._store.execute(
            f"CREATE OR REPLACE TABLE {quoted(route.table)} AS {made} {there} NULL ORDER BY area_code, year"
        )
        table = history.closed_table(route.table)
        self._store.execute(
            f"CREATE OR REPLACE TABLE {quoted(table)} AS {made}, {over} {there} NOT NULL "
            "ORDER BY area_code, year"
        )
        if self._store.count(table) == 0:
            self._store.execute(f"DROP TABLE {quoted(table)}")
        counted = self._counts(f"SELECT _delivery AS d, count(*) AS n FROM {EVER} GROUP BY d")
        return list(counted.items())

    def _counts(self, sql: str) -> dict[int, int]:
        return {row["d"]: row["n"] for row in self._store.rows(sql)}
