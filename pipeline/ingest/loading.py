"""Loading: settled rows into the curated tables of a source, with the accounting of every file."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from pipeline.definitions.resolved import Partnership
from pipeline.definitions.source import Source
from pipeline.ingest import breaches, formulas, history, sparing, totals, unplaced
from pipeline.ingest.breaches import Broken
from pipeline.ingest.casting import literal
from pipeline.ingest.filling import Filling
from pipeline.ingest.history import CLOSED, EVER
from pipeline.ingest.mapping import Mapping
from pipeline.ingest.periods import periods_of, said
from pipeline.ingest.reading import MAPPED, Reading, RefusedError
from pipeline.ingest.redelivery import Left, Partial
from pipeline.ingest.references import hash_references
from pipeline.ingest.revising import settle, unrecognised
from pipeline.ingest.rules import ONS_CODE_LENGTH
from pipeline.model.delivery import Accounting
from pipeline.model.rule import RuleName
from pipeline.store import Store

FEW = 3  # places that are named
FEWEST_TO_REFUSE = 10  # records of a file; of fewer, a share says nothing


@dataclass(frozen=True, slots=True)
class Loading:
    """What came of the deliveries of one source: their accounting, and every rule that a record broke."""

    accounting: tuple[Accounting, ...]
    refused: tuple[Broken, ...]
    flagged: tuple[Broken, ...]


class Loader:
    """Loads one source, whose mapped rows are in the store."""

    def __init__(
        self,
        store: Store,
        mapping: Mapping,
        partnership: Partnership,
        readings: Sequence[Reading],
        accepted: Collection[str] = (),
        is_open: bool = False,
    ) -> None:
        self._store = store
        self._mapping = mapping
        self._source = mapping.source
        self._partnership = partnership
        self._readings = readings
        self._accepted = [r.file.number for r in readings if r.file.extract.delivery in accepted]
        self._ids = [reading.file.extract.delivery for reading in readings]
        self._filling = Filling(store, mapping, self._ids, is_open)

    def load(self, secret: bytes | None) -> Loading:
        """Settle the rows, fill the tables. Raises ExtractError where the accounting does not close."""
        if self._source.roll_up and not self._filling.geography_columns:
            name = self._source.geography
            reason = (
                f"{self._source.id} is summed to {self._source.roll_up}s by {name}, which has no delivery yet"
            )
            raise RefusedError(dict.fromkeys(self._ids, f"{reason}; receive {name} first"))
        if again := unrecognised(self._mapping, self._readings):
            raise RefusedError(again)
        self._formulas = formulas.told(self._store, self._mapping, MAPPED)
        self._totals = totals.taken_for_records(self._store, self._mapping, MAPPED)
        self._unplaced = unplaced.told(self._store, self._mapping)
        districts = self._known_districts()
        self._settled = settle(self._store, self._mapping, districts, self._accepted)
        self._lacked = sparing.lacked(self._store) if any(r.refusals for r in self._readings) else {}
        if secret is not None:
            hash_references(self._store, self._mapping, secret)
        refused = breaches.refused(self._store, self._mapping, self._readings)
        self._undeclared = breaches.undeclared(self._store, self._mapping) if refused else {}
        self._flagged = breaches.flagged(self._store, self._mapping, self._readings)
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
        listed = tuple(one for flagged in self._flagged for one in flagged.listed)
        return Loading(tuple(accounting), tuple(refused), listed)

    def _known_districts(self) -> str:
        """The SELECT of `row, district` of every mapped row, null where the text is no district's code.

        So that a month is the same month where its districts are coded in another way.
        """
        own = ", ".join(literal(district.code) for district in self._partnership.force.districts)
        known = f"length(district) = {ONS_CODE_LENGTH} OR district IN ({own or 'NULL'})"
        every = self._filling.districts()
        return f"SELECT row, CASE WHEN {known} THEN district END AS district FROM ({every})"

    # -- accounting -----------------------------------------------------------------------------

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
        refused: list[Broken],
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
                    quarantined=count("quarantined", "conflict", "partial") + len(reading.refusals),
                    identical=count("identical"),
                    conflicting=count("conflicting"),
                    superseded=superseded,
                    superseded_by=later,
                    set_aside=count("aside"),
                    extra_columns=reading.extra_columns,
                    partial=tuple(
                        (said(one.period), one.rows, one.known)
                        for one in self._settled.held.partial
                        if one.delivery == number
                    ),
                    refusals=_counted(refused, reading.file.extract.delivery),
                    flags=tuple(
                        (one.rule.header, one.rule.name, one.rule.reason, one.rows)
                        for one in self._flagged
                        if one.number == number
                    ),
                    notes=(
                        *reading.notes,
                        *self._undeclared.get(number, ()),
                        *_added_up(self._source, count("conflicting", "identical")),
                        *_differing(self._mapping, count("conflicting")),
                        *self._formulas.get(number, ()),
                        *self._totals.get(number, ()),
                        *self._unplaced.get(number, ()),
                        *self._told_of_periods(reading),
                    ),
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
            _check(accounting, self._source, refused)
        return made

    def _told_of_periods(self, reading: Reading) -> Iterator[str]:
        """What a delivery does not hold whole, and what became of the earlier rows."""
        number, held = reading.file.number, self._settled.held
        yield from (self._told(one) for one in held.partial if one.delivery == number)
        yield from (_left(one) for one in held.left if one.delivery == number)
        if refused := self._settled.refused_again.get(number):
            records = "1 record is refused that" if refused == 1 else f"{refused:,} records are refused that"
            yield f"{records} came in an earlier delivery, and what that one says of it still counts"
        if (lacked := self._lacked.get(number)) and reading.refusals:
            gone = "1 is not among the others and no longer counts; look whether that is it"
            if lacked > 1:
                gone = f"{lacked:,} are not among the others and no longer count; look whether they are those"
            unread = len(reading.refusals)
            yield f"{unread:,} of its records could not be read, and of the rows known before {gone}"

    def _told(self, partial: Partial) -> str:
        """A period of which a delivery has too few rows, and what became of them."""
        rows = "1 row" if partial.rows == 1 else f"{partial.rows:,} rows"
        periods = periods_of(self._mapping)
        word = periods.word if periods else "period"
        return (
            f"{said(partial.period)}: {rows} where {partial.known:,} are known, so the {word} is not taken "
            "as delivered again: rows with a key are taken one by one, others are refused, and no earlier "
            f"row goes. If the {word} is right as it is here, name the file under `accepted:` of its source"
        )

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


def _left(left: Left) -> str:
    """Places of which a delivery says nothing, where it has others of the same period."""
    named = "; ".join(place or "no district" for place in left.places[:FEW])
    more = f" and {len(left.places) - FEW:,} more" if len(left.places) > FEW else ""
    return (
        f"{said(left.period)}: it has nothing of {named}{more}, which an earlier delivery has; those rows "
        "stay. If they are withdrawn, name the file under `accepted:` of its source"
    )


def _counted(refused: Sequence[Broken], delivery: str) -> tuple[tuple[str, str, str, int], ...]:
    """How many records of a delivery broke each rule."""
    broken = Counter((one.column, one.rule, one.reason) for one in refused if one.delivery == delivery)
    return tuple((*rule, rows) for rule, rows in broken.items())


def _added_up(source: Source, rows: int) -> Iterator[str]:
    if rows and source.conflicts == "add_up":
        yield f"{rows:,} rows have the key of another row; their figures are added up in it"


def _differing(mapping: Mapping, rows: int) -> Iterator[str]:
    source = mapping.source
    if rows and source.conflicts in ("keep_first", "keep_last"):
        kept = source.conflicts.removeprefix("keep_")
        headers = ", ".join(dict.fromkeys(c.header for c in mapping.main if c.name in source.key))
        yield (
            f"{rows:,} {'row has' if rows == 1 else 'rows have'} the key ({headers}) of another row and "
            f"other values; the {kept} one counts. A key that stands for `not known` belongs under `empty:` "
            "of its column"
        )


def require_most_rows(accounting: Sequence[Accounting], deliveries: Collection[str]) -> None:
    """Raise RefusedError where one rule refuses more than half of the records of one of the deliveries.

    What is left would pass for the whole. Rows that stand in two deliveries are another matter.
    """
    refused = {}
    for one in accounting:
        for column, rule, reason, rows in one.refusals:
            of_rows = rule not in (RuleName.PARTIAL, RuleName.CONFLICT)
            if of_rows and 2 * rows > one.read >= FEWEST_TO_REFUSE and one.delivery in deliveries:
                refused[one.delivery] = (
                    f"{one.file_name}: {rows:,} of its {one.read:,} records are refused, more than half of "
                    f"them{f', column {column}' if column else ''}: {reason}. Compare the file with its "
                    "source in config/sources.yaml. If the rest of it is right and may stand for the whole, "
                    "name the file under `accepted:` there, with who says so and why."
                )
    if refused:
        raise RefusedError(refused)


def _check(accounting: Accounting, source: Source, refused: list[Broken]) -> None:
    if not accounting.closes:
        reason = f"{accounting.file_name}: its records do not add up, so nothing was loaded: {accounting}"
        raise RefusedError({accounting.delivery: reason})
    if accounting.set_aside and not accounting.read and not source.allow_empty:
        asked = " and ".join(f"`{name}:`" for name in ("rows", "present") if getattr(source, name))
        reason = (
            f"{accounting.file_name}: all of its {accounting.set_aside:,} rows are set aside, because none "
            f"is what {asked} of {source.id} asks for. Compare it with the file, also in upper and lower "
            "case; if there was nothing to deliver, say `allow_empty: true` for the source in "
            "config/sources.yaml."
        )
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
