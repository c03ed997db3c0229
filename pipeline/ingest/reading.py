"""Reading: every file of a source into its *mapped* rows.

Plain text files go to the database many at a time; a file that it refuses, or that is not plain,
is parsed line by line, so that one bad record never costs its neighbours.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import ExtractError
from pipeline.ingest.mapping import Mapping, literal, quoted
from pipeline.ingest.tables import (
    Staged,
    is_plain_source,
    kind_of,
    stage_map,
    stage_text,
    stage_workbook,
)
from pipeline.ingest.text import Lines, Refusal, Scan, physical_lines_of, scan
from pipeline.model.delivery import Extract
from pipeline.store import QueryError, Store

SCANNING_THREADS = 2
MAPPED = "mapped"

Locate = Callable[[set[int]], dict[int, int]]


@dataclass(frozen=True, slots=True)
class File:
    """One delivery to read: its number among the source's deliveries, its extract, its bytes."""

    number: int
    extract: Extract
    path: Path


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of one file. `records` counts those in the mapped rows; refused ones stand apart.

    `locate` gives the physical line, or row, of records counted from 0.
    """

    file: File
    records: int
    refusals: tuple[Refusal, ...]
    lines: Lines | None
    extra_columns: tuple[str, ...]
    locate: Locate


def read(store: Store, mapping: Mapping, files: Sequence[File]) -> list[Reading]:
    """Make the temporary table of mapped rows from all files of one source, in order of receipt."""
    scans = dict(_scanned(mapping, files))
    readings: list[Reading] = []
    tables = _Mapped(store, mapping)
    for group in _groups(mapping, scans):
        try:
            tables.add(_read_csv(mapping, group, scans))
        except QueryError:  # some record has too few or too many values: find it line by line
            for file in group:
                readings.append(_read_alone(tables, mapping, file))
        else:
            readings += [_reading_of_scan(mapping, file, scans[file]) for file in group]
    for file in files:
        if file not in scans:
            readings.append(_read_alone(tables, mapping, file))
    _check_counts(store, readings)
    return sorted(readings, key=lambda reading: reading.file.number)


class _Mapped:
    """The temporary table of mapped rows, made by the first addition. Its rows keep the files' order."""

    def __init__(self, store: Store, mapping: Mapping) -> None:
        self._store = store
        self._mapping = mapping
        self._made = False
        store.execute(f"DROP TABLE IF EXISTS {MAPPED}")

    def add(self, relation: str) -> None:
        verb = f"INSERT INTO {MAPPED}" if self._made else f"CREATE TEMP TABLE {MAPPED} AS"
        self._store.execute(f"{verb} {self._mapping.select(relation)}")
        self._made = True

    def add_staged(self, staged: Staged) -> None:
        self._store.create("staged", staged.table, temporary=True)
        self.add("staged")
        self._store.execute("DROP TABLE staged")


def _scanned(mapping: Mapping, files: Sequence[File]) -> Iterator[tuple[File, Scan]]:
    """The plain files with their scans. Every header is checked before any row is read."""
    source = mapping.source
    if not is_plain_source(source) or source.encoding != "utf-8":
        return
    texts = [file for file in files if kind_of(file.path) == "text"]

    def of(file: File) -> Scan:
        return scan(file.path, file.extract.sha256, source.delimiter)

    with ThreadPoolExecutor(SCANNING_THREADS) as pool:
        for file, found in zip(texts, pool.map(of, texts), strict=True):
            mapping.positions(found.header, file.extract.file_name)
            if found.records == 0:
                raise ExtractError(
                    f"{file.extract.file_name}: it has a header and no rows; "
                    "ask the supplier for it again"
                )
            if found.plain:
                yield file, found


def _groups(mapping: Mapping, scans: dict[File, Scan]) -> list[list[File]]:
    """Files that one call of the database can read."""
    groups: dict[tuple[object, ...], list[File]] = {}
    for file, found in scans.items():
        groups.setdefault((found.header, found.newline, found.compressed), []).append(file)
    return list(groups.values())


def _read_csv(mapping: Mapping, group: list[File], scans: dict[File, Scan]) -> str:
    """A relation over the files' rows: `_delivery` and the wanted columns under their headers.

    Every column is read as text under its position: the database matches names to nothing.
    """
    found = scans[group[0]]
    paths = ", ".join(literal(str(file.path)) for file in group)
    numbers = ", ".join(str(file.number) for file in group)
    columns = ", ".join(f"c{n}: 'VARCHAR'" for n in range(len(found.header)))
    places = mapping.positions(found.header, group[0].extract.file_name)
    wanted = "".join(f", c{place} AS {quoted(name)}" for name, place in places.items())
    return (
        f"(SELECT CAST([{numbers}][list_position([{paths}], filename)] AS INTEGER) AS _delivery"
        f"{wanted} FROM read_csv([{paths}], columns = {{{columns}}}, auto_detect = false, "
        f"header = true, delim = {literal(mapping.source.delimiter)}, quote = '\"', escape = '\"', "
        f"compression = '{'gzip' if found.compressed else 'none'}', filename = true))"
    )


def _reading_of_scan(mapping: Mapping, file: File, found: Scan) -> Reading:
    def locate(wanted: set[int]) -> dict[int, int]:
        return physical_lines_of(file.path, file.extract.sha256, found.lines.header, wanted)

    extra = mapping.extra_columns(found.header)
    return Reading(file, found.records, (), found.lines, extra, locate)


def _read_alone(tables: _Mapped, mapping: Mapping, file: File) -> Reading:
    stage = {"workbook": stage_workbook, "map": stage_map, "text": stage_text}[kind_of(file.path)]
    staged = stage(mapping, file.path, file.extract.sha256, file.number)
    if not staged.starts and not staged.refusals:
        raise ExtractError(
            f"{file.extract.file_name}: it has a header and no rows; ask the supplier for it again"
        )
    tables.add_staged(staged)

    def locate(wanted: set[int]) -> dict[int, int]:
        return {record: staged.starts[record] for record in wanted}

    return Reading(
        file, len(staged.starts), staged.refusals, staged.lines, staged.extra_columns, locate
    )


def _check_counts(store: Store, readings: Sequence[Reading]) -> None:
    """Two witnesses: what was counted in the file against what the database loaded of it."""
    rows = store.fetch(f"SELECT _delivery, count(*) AS n FROM {MAPPED} GROUP BY _delivery")
    loaded = dict(zip(rows["_delivery"].to_pylist(), rows["n"].to_pylist(), strict=True))
    for reading in readings:
        found = loaded.get(reading.file.number, 0)
        if found != reading.records:
            raise ExtractError(
                f"{reading.file.extract.file_name}: it holds {reading.records:,} records and "
                f"{found:,} were read; nothing was loaded"
            )
