"""Reading: every file of a source into its *mapped* rows.

Plain text files go to the database many at a time; a file that it refuses, or that is not plain,
is parsed line by line, so that one bad record never costs its neighbours.
"""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Mapping as Mapping_
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
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
from pipeline.ingest.text import (
    AGAIN,
    Head,
    Lines,
    Refusal,
    Scan,
    head,
    physical_lines_of,
    scan,
    without_blank_lines,
)
from pipeline.model.delivery import Extract
from pipeline.store import QueryError, Store

MOST_SCANNING_THREADS = 4
MAPPED = "mapped"

Locate = Callable[[set[int]], dict[int, int]]


class RefusedError(ExtractError):
    """Deliveries that cannot be taken as they are; `reasons` says why, by delivery id."""

    def __init__(self, reasons: Mapping_[str, str]) -> None:
        super().__init__("\n".join(reasons.values()))
        self.reasons = reasons


@contextmanager
def refusing(extract: Extract) -> Iterator[None]:
    """Have an ExtractError of the block say which delivery it is about."""
    try:
        yield
    except ExtractError as error:
        raise RefusedError({extract.delivery: str(error)}) from None


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
    """Make the temporary table of mapped rows from all files of one source, in order of receipt.

    Every header is checked before a row is read. Raises RefusedError for the first file that cannot be
    taken. While the database reads, the files are counted
    beside it; where the two disagree about a file it is read again line by line.
    """
    heads = {file: found for file in files if (found := _head(mapping, file))}
    mapped = _Mapped(store, mapping)
    readings: dict[File, Reading] = {}
    delimiter = mapping.source.delimiter
    with ThreadPoolExecutor(_threads()) as pool:
        scans = {
            file: pool.submit(scan, file.path, file.extract.sha256, delimiter, found)
            for file, found in heads.items()
        }
        for group in _groups(heads):
            loaded = mapped.load(group, heads)
            for file in group:
                with refusing(file.extract):
                    scanned = scans[file].result()
                    there = loaded or (scanned.plain and mapped.load([file], heads))
                    lines = _lines(file, scanned, mapped.rows(file))
                    if there and scanned.plain and mapped.rows(file) == lines.records:
                        readings[file] = _plain_reading(mapping, file, heads[file], lines)
                    else:
                        mapped.forget(file)
    for file in files:
        if file not in readings:
            with refusing(file.extract):
                readings[file] = _read_alone(mapped, mapping, file)
    return [readings[file] for file in files]


def _head(mapping: Mapping, file: File) -> Head | None:
    """The head of a file that the database may be able to read; None where it is to be read alone."""
    source = mapping.source
    with refusing(file.extract):
        if not file.path.is_file():
            raise ExtractError(f"{file.path}: the stored file is gone. {AGAIN}")
        if not is_plain_source(source) or source.encoding != "utf-8" or kind_of(file.path) != "text":
            return None
        found = head(file.path, source.delimiter)
        mapping.positions(found.header, file.extract.file_name)
        return found


def _threads() -> int:
    """As many as leave a core to the database."""
    return max(1, min(MOST_SCANNING_THREADS, (os.cpu_count() or 2) - 1))


class _Mapped:
    """The temporary table of mapped rows, made by the first addition. Its rows keep the files' order."""

    def __init__(self, store: Store, mapping: Mapping) -> None:
        self._store = store
        self._mapping = mapping
        self._made = False
        self._rows: dict[int, int] = {}
        store.execute(f"DROP TABLE IF EXISTS {MAPPED}")

    def add(self, relation: str) -> None:
        verb = f"INSERT INTO {MAPPED}" if self._made else f"CREATE TEMP TABLE {MAPPED} AS"
        self._store.execute(f"{verb} {self._mapping.select(relation)}")
        self._made = True
        counted = self._store.fetch(f"SELECT _delivery AS d, count(*) AS n FROM {MAPPED} GROUP BY d")
        self._rows = dict(zip(counted["d"].to_pylist(), counted["n"].to_pylist(), strict=True))

    def load(self, group: Sequence[File], heads: Mapping_[File, Head]) -> bool:
        """Have the database read files of one form; whether it could."""
        try:
            self.add(_read_csv(self._mapping, group, heads[group[0]]))
        except QueryError:  # a record with too few or too many values, which it does not point out
            return False
        return True

    def add_staged(self, staged: Staged) -> None:
        self._store.create("staged", staged.table, temporary=True)
        self.add("staged")
        self._store.execute("DROP TABLE staged")

    def rows(self, file: File) -> int:
        """How many mapped rows came from a file."""
        return self._rows.get(file.number, 0)

    def forget(self, file: File) -> None:
        """Take a file's rows out again."""
        if self.rows(file):
            self._store.execute(f"DELETE FROM {MAPPED} WHERE _delivery = {file.number}")


def _groups(heads: Mapping_[File, Head]) -> list[list[File]]:
    """Files that one call of the database can read."""
    groups: dict[tuple[object, ...], list[File]] = {}
    for file, found in heads.items():
        groups.setdefault((found.header, found.newline, found.compressed), []).append(file)
    return list(groups.values())


def _read_csv(mapping: Mapping, group: Sequence[File], found: Head) -> str:
    """A relation over the files' rows: `_delivery` and the wanted columns under their headers.

    Every column is read as text under its position: the database matches names to nothing.
    """
    paths = ", ".join(literal(str(file.path)) for file in group)
    numbers = ", ".join(str(file.number) for file in group)
    columns = ", ".join(f"c{n}: 'VARCHAR'" for n in range(len(found.header)))
    places = mapping.positions(found.header, group[0].extract.file_name)
    wanted = "".join(f", c{place} AS {quoted(name)}" for name, place in places.items())
    patterns = re.sub(r"[\[*?]", r"[\g<0>]", paths)  # the database takes a path for a pattern
    return (
        f"(SELECT CAST([{numbers}][list_position([{paths}], filename)] AS INTEGER) AS _delivery"
        f"{wanted} FROM read_csv([{patterns}], columns = {{{columns}}}, auto_detect = false, "
        f"header = true, delim = {literal(mapping.source.delimiter)}, quote = '\"', escape = '\"', "
        f"compression = '{'gzip' if found.compressed else 'none'}', filename = true))"
    )


def _lines(file: File, scanned: Scan, rows: int) -> Lines:
    """The lines of a file; blank ones are looked for where more lines were counted than rows read."""
    if scanned.plain and rows < scanned.lines.records:
        return without_blank_lines(file.path, file.extract.sha256, scanned.lines)
    return scanned.lines


def _plain_reading(mapping: Mapping, file: File, found: Head, lines: Lines) -> Reading:
    if lines.records == 0:
        raise _no_rows(file)

    def locate(wanted: set[int]) -> dict[int, int]:
        if lines.blank == 0:
            return {record: lines.header + record + 1 for record in wanted}
        return physical_lines_of(file.path, file.extract.sha256, lines.header, wanted)

    return Reading(file, lines.records, (), lines, mapping.extra_columns(found.header), locate)


def _no_rows(file: File) -> ExtractError:
    return ExtractError(
        f"{file.extract.file_name}: it has a header and no rows; ask the supplier for it again"
    )


def _read_alone(mapped: _Mapped, mapping: Mapping, file: File) -> Reading:
    stage = {"workbook": stage_workbook, "map": stage_map, "text": stage_text}[kind_of(file.path)]
    staged = stage(mapping, file.path, file.extract.sha256, file.number)
    if not staged.starts and not staged.refusals:
        raise _no_rows(file)
    mapped.add_staged(staged)
    if mapped.rows(file) != len(staged.starts):
        raise ExtractError(
            f"{file.extract.file_name}: it holds {len(staged.starts):,} records and "
            f"{mapped.rows(file):,} were read; nothing was loaded"
        )

    def locate(wanted: set[int]) -> dict[int, int]:
        return {record: staged.starts[record] for record in wanted}

    return Reading(file, len(staged.starts), staged.refusals, staged.lines, staged.extra_columns, locate)
