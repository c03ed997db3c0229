"""Reading: every file of a source into its *mapped* rows.

Plain text files go to the database many at a time; a file that it refuses, or that is not plain,
is parsed record by record, so that one bad record never costs its neighbours.
"""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Mapping as Mapping_
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.errors import ExtractError
from pipeline.ingest import headers, parquet
from pipeline.ingest.casting import literal, quoted
from pipeline.ingest.days import Days, days_of, unnamed
from pipeline.ingest.kinds import kind_of
from pipeline.ingest.mapping import Mapping
from pipeline.ingest.preparing import prepare
from pipeline.ingest.tables import (
    Staged,
    is_plain_source,
    stage_map,
    stage_nothing,
    stage_spss,
    stage_text,
    stage_workbook,
)
from pipeline.ingest.text import (
    Head,
    Lines,
    Refusal,
    Scan,
    check_ratio,
    head,
    physical_lines_of,
    scan,
    unpacked,
    without_blank_lines,
)
from pipeline.model.delivery import Extract
from pipeline.store import QueryError, Store

MOST_SCANNING_THREADS = 4
MAPPED = "mapped"

STAGES = {"workbook": stage_workbook, "map": stage_map, "spss": stage_spss, "text": stage_text}
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
    """One delivery to read: its number among the source's deliveries, its extract, the stored file.

    `hashed`: this run stored it, and hashed the bytes on their way; they are not hashed again.
    """

    number: int
    extract: Extract
    path: Path
    hashed: bool = False


@dataclass(frozen=True, eq=False)
class Prepared:
    """A delivery as it can be read: at `path`, whose content has that sha256, by its format's mapping."""

    number: int
    extract: Extract
    path: Path
    sha256: str
    mapping: Mapping
    kind: str
    hashed: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of one file. `records` counts those in the mapped rows; refused ones stand apart.

    `locate` gives the physical line, or row, of records counted from 0. `notes` are sentences about
    what the file hides.
    """

    file: Prepared
    records: int
    refusals: tuple[Refusal, ...]
    lines: Lines | None
    extra_columns: tuple[str, ...]
    locate: Locate
    notes: tuple[str, ...] = ()


def read(store: Store, mapping: Mapping, files: Sequence[File], folder: Path) -> list[Reading]:
    """Make the temporary table of mapped rows from all files of one source, in order of receipt.

    `folder` is for what is made of files that cannot be read as they are stored; it must stay while the
    readings are used. Every header is checked before a row is read. Raises RefusedError for the first
    file that cannot be taken. While the database reads, the files are counted beside it; where the two
    disagree about a file it is read again record by record.
    """
    given = [_prepared(mapping, file, folder) for file in files]
    heads = {file: found for file in given if (found := _head(file))}
    mapped = _Mapped(store, {file.number: days_of(file.extract, mapping.source) for file in files})
    readings: dict[Prepared, Reading] = {}
    with ThreadPoolExecutor(_threads()) as pool:
        scans = {
            file: pool.submit(
                scan, file.path, None if file.hashed else file.sha256, file.mapping.source.delimiter, found
            )
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
                        readings[file] = _plain_reading(file, heads[file], lines)
                    else:
                        mapped.forget(file)
    for file in given:
        if file not in readings:
            with refusing(file.extract):
                readings[file] = _read_alone(mapped, file)
    return [_told(readings[file]) for file in given]


def _told(reading: Reading) -> Reading:
    """The reading with what its file's name leaves unsaid."""
    file = reading.file
    return replace(reading, notes=(*reading.notes, *unnamed(file.extract, file.mapping.source)))


def _prepared(mapping: Mapping, file: File, folder: Path) -> "Prepared":
    """The delivery as it can be read, with the mapping of its format."""
    extract = file.extract
    own = mapping.of(extract.file_name, extract.received)
    with refusing(extract):
        path, sha256 = prepare(extract, file.path, own.source.encoding, folder)
        return Prepared(file.number, extract, path, sha256, own, kind_of(path), file.hashed)


def _head(file: "Prepared") -> Head | None:
    """The head of a file that the database may be able to read; None where it is to be read alone."""
    source = file.mapping.source
    with refusing(file.extract):
        if not is_plain_source(source) or file.kind != "text":
            return None
        if source.allow_empty and file.path.stat().st_size == 0:
            return None
        check_ratio(file.path, file.sha256)
        found = head(file.path, source.delimiter)
        file.mapping.find(found.header, found.first_rows, file.extract.file_name)
        headers.check_named(found.header, file.extract.file_name, source)
        return found


def _threads() -> int:
    """As many as leave a core to the database."""
    return max(1, min(MOST_SCANNING_THREADS, (os.cpu_count() or 2) - 1))


class _Mapped:
    """The temporary table of mapped rows, made by the first addition. Its rows keep the files' order."""

    def __init__(self, store: Store, days: Mapping_[int, Days]) -> None:
        self.store = store
        self._days = days
        self._made = False
        self._rows: dict[int, int] | None = {}
        store.execute(f"DROP TABLE IF EXISTS {MAPPED}")

    def add(self, relation: str, mapping: Mapping) -> None:
        verb = f"INSERT INTO {MAPPED}" if self._made else f"CREATE TEMP TABLE {MAPPED} AS"
        self.store.execute(f"{verb} {mapping.select(relation, self._days)}")
        self._made = True
        self._rows = None

    def load(self, group: Sequence[Prepared], heads: Mapping_[Prepared, Head]) -> bool:
        """Have the database read files of one form; whether it could."""
        try:
            self.add(_read_csv(group, heads[group[0]]), group[0].mapping)
        except QueryError:  # a record with too few or too many values, which it does not point out
            return False
        return True

    def add_staged(self, staged: Staged, mapping: Mapping) -> None:
        """Add the records of a file, a batch after the other."""
        for batch in staged.batches:
            self.store.create("staged", batch, temporary=True)
            self.add("staged", mapping)
            self.store.execute("DROP TABLE staged")

    def rows(self, file: Prepared) -> int:
        """How many mapped rows came from a file."""
        if self._rows is None:
            counted = self.store.fetch(f"SELECT _delivery AS d, count(*) AS n FROM {MAPPED} GROUP BY d")
            self._rows = dict(zip(counted["d"].to_pylist(), counted["n"].to_pylist(), strict=True))
        return self._rows.get(file.number, 0)

    def forget(self, file: Prepared) -> None:
        """Take a file's rows out again."""
        if self.rows(file):
            self.store.execute(f"DELETE FROM {MAPPED} WHERE _delivery = {file.number}")
            self._rows = None


def _groups(heads: Mapping_[Prepared, Head]) -> list[list[Prepared]]:
    """Files that one call of the database can read."""
    groups: dict[tuple[object, ...], list[Prepared]] = {}
    for file, found in heads.items():
        form = (found.header, found.newline, found.compressed, id(file.mapping))
        groups.setdefault(form, []).append(file)
    return list(groups.values())


def _read_csv(group: Sequence[Prepared], found: Head) -> str:
    """A relation over the files' rows: `_delivery` and the wanted columns under their headers.

    Every column is read as text under its position: the database matches names to nothing.
    """
    mapping = group[0].mapping
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


def _lines(file: Prepared, scanned: Scan, rows: int) -> Lines:
    """The lines of a file; blank ones are looked for where more lines were counted than rows read."""
    if scanned.plain and rows < scanned.lines.records:
        return without_blank_lines(file.path, file.sha256, scanned.lines)
    return scanned.lines


def _plain_reading(file: Prepared, found: Head, lines: Lines) -> Reading:
    if lines.records == 0 and not file.mapping.source.allow_empty:
        raise _no_rows(file)

    def locate(wanted: set[int]) -> dict[int, int]:
        if lines.blank == 0:
            return {record: lines.header + record + 1 for record in wanted}
        return physical_lines_of(file.path, file.sha256, lines.header, wanted)

    return Reading(file, lines.records, (), lines, file.mapping.extra_columns(found.header), locate)


def _no_rows(file: Prepared) -> ExtractError:
    return ExtractError(
        f"{file.extract.file_name}: it has a header and no rows; ask the supplier for it again, or, if there "
        "was nothing to deliver, say `allow_empty: true` for its source in config/sources.yaml"
    )


def _read_alone(mapped: _Mapped, file: Prepared) -> Reading:
    if file.kind == "parquet":
        return _read_parquet(mapped, file)
    allow_empty = file.mapping.source.allow_empty
    if file.kind == "text" and allow_empty and file.path.stat().st_size == 0:
        staged = stage_nothing(file.mapping, file.number)
    else:
        staged = STAGES[file.kind](file.mapping, file.path, file.sha256, file.number)
    mapped.add_staged(staged, file.mapping)
    starts = staged.starts
    if not starts and not staged.refusals and not allow_empty:
        raise _no_rows(file)
    if mapped.rows(file) != len(starts):
        raise ExtractError(
            f"{file.extract.file_name}: it holds {len(starts):,} records and "
            f"{mapped.rows(file):,} were read; nothing was loaded"
        )

    def locate(wanted: set[int]) -> dict[int, int]:
        return {record: starts[record] for record in wanted}

    refusals, extra = tuple(staged.refusals), tuple(staged.extra_columns)
    return Reading(file, len(starts), refusals, staged.lines, extra, locate, tuple(staged.notes))


def _read_parquet(mapped: _Mapped, file: Prepared) -> Reading:
    """The rows of a Parquet file, which the database reads itself; each counts from 1."""
    for _ in unpacked(file.path, file.sha256):  # only to compare the hash
        pass
    table = parquet.Table(mapped.store, file.path, file.mapping)
    mapped.add(table.relation(file.number), file.mapping)
    if mapped.rows(file) != table.rows:
        raise ExtractError(
            f"{file.extract.file_name}: it holds {table.rows:,} records and {mapped.rows(file):,} were read; "
            "nothing was loaded"
        )
    if table.rows == 0 and not file.mapping.source.allow_empty:
        raise _no_rows(file)
    extra = file.mapping.extra_columns(table.header)
    return Reading(
        file, table.rows, (), None, extra, lambda wanted: {record: record + 1 for record in wanted}
    )
