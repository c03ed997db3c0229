"""Loading: settled rows into the curated tables of a source, with the accounting of every file."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.definitions.resolved import Partnership
from pipeline.errors import ExtractError
from pipeline.ingest.mapping import BITS, Mapping, quoted, text_of
from pipeline.ingest.reading import MAPPED, Reading, RefusedError
from pipeline.ingest.references import HASHES, hash_references
from pipeline.ingest.revising import settle
from pipeline.model.contract import CONTRACTS, Contract
from pipeline.model.delivery import Accounting
from pipeline.store import Store

PLACES = ("district_code", "ward_code")


@dataclass(frozen=True, slots=True)
class Refused:
    """One broken rule of one record: a row of the `quarantine` table. It never holds the value."""

    delivery: str
    source: str
    file: str
    line: int
    column: str
    rule: str
    reason: str


@dataclass(frozen=True, slots=True)
class Route:
    """Which mapped rows (`m`) go to which table."""

    table: str
    part: str | None
    where: str


class Loader:
    """Loads one source, whose mapped rows are in the store."""

    def __init__(
        self, store: Store, mapping: Mapping, partnership: Partnership, readings: Sequence[Reading]
    ) -> None:
        self._store = store
        self._mapping = mapping
        self._source = mapping.source
        self._partnership = partnership
        self._readings = readings
        geography = self._source.geography
        self._geography_columns = store.columns(geography) if geography else {}

    def load(self, secret: bytes | None) -> tuple[list[Accounting], list[Refused]]:
        """Settle the rows, fill the tables. Raises ExtractError where the accounting does not close."""
        settle(self._store, self._mapping, self._districts())
        if secret is not None:
            hash_references(self._store, self._mapping, secret)
        refused = self._refused()
        dropped = self._take_out_dropped()
        by_table: dict[int, list[tuple[str, int]]] = {}
        for route in self._routes():
            for number, rows in self._fill(route):
                by_table.setdefault(number, []).append((route.table, rows))
        return self._accounting(refused, dropped, by_table), refused

    # -- places ---------------------------------------------------------------------------------

    def _place(self, column: str, mapped: str | None) -> str | None:
        """The SQL of a place column: the supplier's own field first, then the small area's."""
        own = f"m.{quoted(mapped)}" if mapped else None
        joined = f"g.{column}" if column in self._geography_columns else None
        if own and joined:
            return f"coalesce({own}, {joined})"
        return own or joined

    def _geography_join(self) -> str:
        if not self._source.geography:
            return ""
        small_area = "area_code" if self._source.roll_up else "lsoa_code"
        return f" LEFT JOIN {quoted(self._source.geography)} g ON g.lsoa_code = m.{small_area}"

    def _district(self) -> str:
        mapped = "district_code" if self._mapping_has("district_code") else None
        return self._place("district_code", mapped) or "NULL"

    def _mapping_has(self, column: str) -> bool:
        return any(c.name == column for c in self._mapping.main)

    def _districts(self) -> str:
        return (
            f"SELECT m.rowid AS row, {self._district()} AS district FROM {MAPPED} m{self._geography_join()}"
        )

    # -- tables ---------------------------------------------------------------------------------

    def _routes(self) -> list[Route]:
        source = self._source
        diverted = [name for name, part in source.parts.items() if part.rows]
        rest = "".join(f" AND NOT m.{quoted(f'_to:{name}')}" for name in diverted)
        key = [quoted(name) for name in source.key]
        main = self._first_of(key, ()) if source.grain else "true"
        routes = [Route(source.id, None, main + rest)]
        for name, part in source.parts.items():
            where = f"m.{quoted(f'_to:{name}')}" if part.rows else self._first_of(key, part.key)
            routes.append(Route(f"{source.id}_{name}", name, where))
        return routes

    def _first_of(self, key: list[str], headers: tuple[str, ...]) -> str:
        """One record for each key and part of it: the first in the order of the grain."""
        grain = [f"try_cast(m.{text_of(header)} AS BIGINT) NULLS LAST" for header in self._source.grain]
        texts = [text_of(header) for header in headers]
        present = " OR ".join(f"m.{text} IS NOT NULL" for text in texts) or "true"
        by = ", ".join(f"m.{column}" for column in (*key, *texts))
        keyed = " AND ".join(f"m.{column} IS NOT NULL" for column in key)
        order = ", ".join((*grain, "m.rowid"))
        return (
            f"m.rowid IN (SELECT m.rowid FROM {MAPPED} m WHERE {present} "
            f"QUALIFY NOT ({keyed}) OR row_number() OVER (PARTITION BY {by} ORDER BY {order}) = 1)"
        )

    def _fill(self, route: Route) -> list[tuple[int, int]]:
        """Make one table; rows loaded by delivery number. No row may be lost or doubled on the way."""
        contract = (
            CONTRACTS[self._source.parts[route.part].contract] if route.part else (self._mapping.contract)
        )
        counted = self._store.fetch(
            f"SELECT m._delivery AS d, count(*) AS n FROM {MAPPED} m WHERE {route.where} GROUP BY d"
        )
        pairs = list(zip(counted["d"].to_pylist(), counted["n"].to_pylist(), strict=True))
        if self._source.roll_up:
            self._fill_rolled_up(route)
            return pairs
        columns, joins = self._columns(contract, route.part)
        self._store.execute(
            f"CREATE OR REPLACE TABLE {quoted(route.table)} AS SELECT {columns} FROM {MAPPED} m"
            f"{self._geography_join()}{joins} WHERE {route.where}"
        )
        rows = self._store.fetch(f"SELECT count(*) AS n FROM {quoted(route.table)}")["n"][0].as_py()
        if rows != sum(n for _, n in pairs):
            raise ExtractError(
                f"source {self._source.id}: {sum(n for _, n in pairs):,} rows became {rows:,} in "
                f"{route.table}"
                + (f"; declare a key for {self._source.geography}" if self._source.geography else "")
            )
        return pairs

    def _columns(self, contract: Contract, part: str | None) -> tuple[str, str]:
        stored = self._mapping.stored(part)
        places = [name for name in PLACES if contract.column(name) and self._place(name, None)]
        if contract.column("district_code") and "district_code" not in places:
            places.append("district_code")
        names = [c.name for c in contract.columns if c.name in stored or c.name in places]
        names += [name for name in stored if name not in names]
        selected, joins = [], ""
        for name in names:
            mapped = stored.get(name)
            if mapped in self._mapping.hashed:
                alias = f"h{joins.count(' JOIN ')}"
                joins += f" LEFT JOIN {HASHES} {alias} ON {alias}.raw = m.{quoted(mapped)}"
                value = f"{alias}.hashed"
            elif name in places:
                value = self._place(name, mapped) or "CAST(NULL AS VARCHAR)"
            else:
                value = f"m.{quoted(mapped or name)}"
            selected.append(f"{value} AS {quoted(name)}")
        return ", ".join(selected), joins

    def _fill_rolled_up(self, route: Route) -> None:
        level = self._source.roll_up
        numbers = [c.name for c in self._mapping.main if c.type == "DOUBLE"]
        sums = ", ".join(f"sum(m.{name}) AS {name}" for name in numbers)
        self._store.execute(
            f"CREATE OR REPLACE TABLE {quoted(route.table)} AS SELECT g.{level}_code AS area_code, "
            f"any_value(g.{level}_name) AS area_name, m.year, {sums} FROM {MAPPED} m"
            f"{self._geography_join()} WHERE {route.where} AND g.{level}_code IS NOT NULL "
            f"GROUP BY g.{level}_code, m.year ORDER BY g.{level}_code, m.year"
        )

    # -- accounting -----------------------------------------------------------------------------

    def _refused(self) -> list[Refused]:
        """Every broken rule of every quarantined record, with its place in its file."""
        first = self._counts(f"SELECT _delivery AS d, min(rowid) AS n FROM {MAPPED} GROUP BY d")
        columns = self._mapping.fault_columns
        bits = ", ".join(f"m.{column}" for column in columns)
        rows = self._store.fetch(
            f"SELECT m._delivery AS d, m.rowid AS row, {bits}, d.reason FROM {MAPPED} m "
            "JOIN dropped d ON d.row = m.rowid WHERE d.reason IN ('quarantined', 'conflict') ORDER BY row"
        ).to_pylist()
        wanted: dict[int, dict[int, list[tuple[str, str, str]]]] = {}
        for row in rows:
            broken = [
                (rule.header, rule.name, rule.reason)
                for bit, (rule, _) in enumerate(self._mapping.rules)
                if row[columns[bit // BITS]] >> bit % BITS & 1
            ] or [(", ".join(self._source.key), "conflict", "the same record stands there with other values")]
            wanted.setdefault(row["d"], {})[row["row"] - first[row["d"]]] = broken
        refused: list[Refused] = []
        for reading in self._readings:
            extract = reading.file.extract
            named = (extract.delivery, extract.source, extract.file_name)
            for r in reading.refusals:
                refused.append(Refused(*named, r.line, r.column, r.rule, r.reason))
            faults = wanted.get(reading.file.number, {})
            if faults:
                lines = reading.locate(set(faults))
                for record, broken in faults.items():
                    refused += [Refused(*named, lines[record], *rule) for rule in broken]
        return refused

    def _take_out_dropped(self) -> dict[tuple[int, str], int]:
        """Leave only current rows in the mapped ones; how many went, by delivery number and reason."""
        dropped = {
            (row["d"], row["reason"]): row["n"]
            for row in self._store.fetch(
                f"SELECT m._delivery AS d, d.reason, count(*) AS n FROM {MAPPED} m "
                "JOIN dropped d ON d.row = m.rowid GROUP BY ALL"
            ).to_pylist()
        }
        if dropped:
            self._store.execute(f"DELETE FROM {MAPPED} WHERE rowid IN (SELECT row FROM dropped)")
        return dropped

    def _counts(self, sql: str) -> dict[int, int]:
        table = self._store.fetch(sql)
        return dict(zip(table["d"].to_pylist(), table["n"].to_pylist(), strict=True))

    def _accounting(
        self,
        refused: list[Refused],
        dropped: dict[tuple[int, str], int],
        by_table: dict[int, list[tuple[str, int]]],
    ) -> list[Accounting]:
        current = self._counts(f"SELECT _delivery AS d, count(*) AS n FROM {MAPPED} GROUP BY d")
        without_place, outside = self._places()
        made = []
        for reading in self._readings:
            number, lines = reading.file.number, reading.lines

            def count(*reasons: str, number: int = number) -> int:
                return sum(dropped.get((number, reason), 0) for reason in reasons)

            superseded = count("superseded")
            made.append(
                Accounting(
                    delivery=reading.file.extract.delivery,
                    source=self._source.id,
                    file_name=reading.file.extract.file_name,
                    read=reading.records + len(reading.refusals) - count("aside"),
                    loaded=current.get(number, 0) + superseded,
                    unchanged=count("unchanged"),
                    quarantined=count("quarantined", "conflict") + len(reading.refusals),
                    identical=count("identical"),
                    conflicting=count("conflicting"),
                    superseded=superseded,
                    set_aside=count("aside"),
                    extra_columns=reading.extra_columns,
                    physical_lines=lines.physical if lines else None,
                    preamble_lines=lines.preamble if lines else None,
                    header_lines=lines.header if lines else None,
                    blank_lines=lines.blank if lines else None,
                    footer_lines=0 if lines else None,
                    record_lines=lines.records if lines else None,
                    without_place=without_place.get(number, 0),
                    outside=tuple(sorted(outside.get(number, {}).items())),
                    rows_by_table=tuple(by_table.get(number, ())),
                )
            )
        for accounting in made:
            _check(accounting, refused)
        return made

    def _places(self) -> tuple[dict[int, int], dict[int, dict[str, int]]]:
        """Loaded rows with no district, and those of districts outside the force, by delivery."""
        if not self._mapping.contract.column("month"):
            return {}, {}
        inside = {district.code for district in self._partnership.force.districts}
        name = "g.district_name" if "district_name" in self._geography_columns else self._district()
        without: dict[int, int] = {}
        outside: dict[int, dict[str, int]] = {}
        for row in self._store.fetch(
            f"SELECT m._delivery AS d, {self._district()} AS district, any_value({name}) AS name, "
            f"count(*) AS n FROM {MAPPED} m{self._geography_join()} GROUP BY d, district"
        ).to_pylist():
            if row["district"] is None:
                without[row["d"]] = row["n"]
            elif inside and row["district"] not in inside:
                outside.setdefault(row["d"], {})[row["name"] or row["district"]] = row["n"]
        return without, outside


def _check(accounting: Accounting, refused: list[Refused]) -> None:
    if not accounting.closes:
        reason = f"{accounting.file_name}: its records do not add up, so nothing was loaded: {accounting}"
        raise RefusedError({accounting.delivery: reason})
    if accounting.read and accounting.quarantined == accounting.read:
        first = next(r for r in refused if r.delivery == accounting.delivery)
        column = f", column {first.column}" if first.column else ""
        reason = (
            f"{accounting.file_name}: every one of its {accounting.read:,} records was refused, the first "
            f"on line {first.line}{column}: {first.reason}. Compare the file with its source in "
            "config/sources.yaml."
        )
        raise RefusedError({accounting.delivery: reason})
