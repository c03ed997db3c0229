"""Loading: settled rows into the curated tables of a source, with the accounting of every file."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.definitions.resolved import Partnership
from pipeline.ingest import formulas, history
from pipeline.ingest.filling import Filling
from pipeline.ingest.history import CLOSED, EVER
from pipeline.ingest.mapping import BITS, Mapping
from pipeline.ingest.reading import MAPPED, Reading, RefusedError
from pipeline.ingest.references import hash_references
from pipeline.ingest.revising import settle
from pipeline.model.delivery import Accounting
from pipeline.store import Store


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
        self._ids = [reading.file.extract.delivery for reading in readings]
        self._filling = Filling(store, mapping, self._ids)

    def load(self, secret: bytes | None) -> tuple[list[Accounting], list[Refused]]:
        """Settle the rows, fill the tables. Raises ExtractError where the accounting does not close."""
        if self._source.roll_up and not self._filling.geography_columns:
            name = self._source.geography
            reason = (
                f"{self._source.id} is summed to {self._source.roll_up}s by {name}, which has no delivery yet"
            )
            raise RefusedError(dict.fromkeys(self._ids, f"{reason}; receive {name} first"))
        self._formulas = formulas.told(self._store, self._mapping, MAPPED)
        settle(self._store, self._mapping, self._filling.districts())
        if secret is not None:
            hash_references(self._store, self._mapping, secret)
        refused = self._refused()
        history.Revisions(self._store, self._mapping, self._filling.districts(), self._ids).write()
        self._filling.any_closed = history.keep_closed(self._store)
        dropped = self._take_out_dropped()
        self._superseded_by = self._counts_by_delivery()
        by_table: dict[int, list[tuple[str, int]]] = {}
        for route in self._filling.routes():
            for number, rows in self._filling.fill(route):
                by_table.setdefault(number, []).append((route.table, rows))
        accounting = self._accounting(refused, dropped, by_table)
        history.forget(self._store)
        return accounting, refused

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
        rules = {reading.file.number: reading.file.mapping.rules for reading in self._readings}
        wanted: dict[int, dict[int, list[tuple[str, str, str]]]] = {}
        for row in rows:
            broken = [
                (rule.header, rule.name, rule.reason)
                for bit, (rule, _) in enumerate(rules[row["d"]])
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

    def _counts_by_delivery(self) -> dict[int, tuple[tuple[str, int], ...]]:
        """By delivery number: how many of its rows each later delivery revised or lacked."""
        if not self._filling.any_closed:
            return {}
        found: dict[int, tuple[tuple[str, int], ...]] = {}
        for row in self._store.rows(
            f"SELECT _delivery AS d, _known_to AS later, count(*) AS n FROM {CLOSED} "
            "GROUP BY ALL ORDER BY ALL"
        ):
            found[row["d"]] = (*found.get(row["d"], ()), (self._ids[row["later"]], row["n"]))
        return found

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

            later = self._superseded_by.get(number, ())
            superseded = sum(rows for _, rows in later)
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
                    superseded_by=later,
                    set_aside=count("aside"),
                    extra_columns=reading.extra_columns,
                    notes=reading.notes + self._formulas.get(number, ()),
                    physical_lines=lines.physical if lines else None,
                    preamble_lines=lines.preamble if lines else None,
                    header_lines=lines.header if lines else None,
                    blank_lines=lines.blank if lines else None,
                    footer_lines=lines.footer if lines else None,
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
        district = self._filling.district()
        name = "g.district_name" if "district_name" in self._filling.geography_columns else district
        without: dict[int, int] = {}
        outside: dict[int, dict[str, int]] = {}
        loaded = f"{MAPPED} m"
        if self._filling.any_closed:
            history.unite(self._store, closed=True)
            loaded = f"{EVER} m"
        for row in self._store.fetch(
            f"SELECT m._delivery AS d, {district} AS district, any_value({name}) AS name, "
            f"count(*) AS n FROM {loaded}{self._filling.geography_join()} GROUP BY d, district"
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
