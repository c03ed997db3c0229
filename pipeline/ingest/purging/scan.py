"""The proof of a purge: every file of the workspace is gone over, inside compressed ones too."""

import os
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO
from zipfile import BadZipFile, ZipFile

from pipeline.errors import AssessmentError
from pipeline.ingest import spss
from pipeline.ingest.purging.reference import WIDEST_BYTES, Reference
from pipeline.store import Store
from pipeline.workspace import Workspace

BLOCK_BYTES = 1 << 22
DEEPEST = 3  # archives in archives
PDF_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
DATABASES = (".duckdb", ".new", ".wal")
FOLDERS = ("config", "data", "reports")


@dataclass(frozen=True, slots=True)
class Scan:
    """What was gone over, where the reference still stands, and what could not be looked into."""

    files: int = 0
    inside: int = 0  # members of archives, tables of databases, streams of PDFs, columns of tables
    size_bytes: int = 0
    found: tuple[Path, ...] = ()
    unread: tuple[Path, ...] = ()


def scan(workspace: Workspace, reference: Reference, left_out: frozenset[Path] = frozenset()) -> Scan:
    """Go over every file of the workspace but those left out."""
    files = inside = size_bytes = 0
    found, unread = [], []
    for path in _files(workspace):
        if path in left_out:
            continue
        files += 1
        size_bytes += path.stat().st_size
        try:
            within, is_there = _file(path, reference)
        except (AssessmentError, OSError, BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError):
            unread.append(path)
            continue
        inside += within
        if is_there:
            found.append(path)
    return Scan(files, inside, size_bytes, tuple(found), tuple(unread))


def holds(path: Path, reference: Reference) -> bool:
    """Whether a file holds the reference, inside compressed members too."""
    return _file(path, reference)[1]


def _files(workspace: Workspace) -> Iterator[Path]:
    for name in FOLDERS:
        for folder, folders, names in os.walk(workspace.root / name):
            folders.sort()
            yield from (Path(folder, one) for one in sorted(names) if Path(folder, one).is_file())


def _file(path: Path, reference: Reference) -> tuple[int, bool]:
    """How many things inside a file were looked into, and whether the reference is in any of them."""
    if path.name.rpartition(".")[1] and path.suffix in DATABASES:
        return _database(path, reference)
    with path.open("rb") as file:
        start = file.read(8)
        file.seek(0)
        columns = _COLUMNS.get(start[:4])
        if columns:
            return columns(path, reference)
        return _stream(file, start, reference, DEEPEST)


def _stream(file: IO[bytes], start: bytes, reference: Reference, deeper: int) -> tuple[int, bool]:
    """The same of bytes, unpacked where they are packed."""
    if start.startswith(b"PK\x03\x04") and deeper:
        return _archive(file, reference, deeper)
    if start.startswith(b"\x1f\x8b"):
        return 1, _any(_inflated(file), reference)
    if start.startswith(b"%PDF"):
        content = file.read()
        streams = PDF_STREAM.findall(content)
        texts = (_deflated(stream) for stream in streams)
        return len(streams), _any(iter([content]), reference) or _any(texts, reference, apart=True)
    return 0, _any(iter(lambda: file.read(BLOCK_BYTES), b""), reference)


def _archive(file: IO[bytes], reference: Reference, deeper: int) -> tuple[int, bool]:
    """A zip, and so a workbook or a document: its members, their names, and the bytes around them."""
    inside, is_there = 0, False
    with ZipFile(file) as archive:
        for entry in archive.infolist():
            with archive.open(entry) as member:
                start = member.read(8)
            with archive.open(entry) as member:
                packed = BytesIO(member.read()) if start.startswith(b"PK\x03\x04") else member
                within, hit = _stream(packed, start, reference, deeper - 1)
            inside += 1 + within
            is_there = is_there or hit
    file.seek(0)
    return inside, is_there or _any(iter(lambda: file.read(BLOCK_BYTES), b""), reference)


def _inflated(file: IO[bytes]) -> Iterator[bytes]:
    inflate = zlib.decompressobj(31)
    while block := file.read(BLOCK_BYTES):
        while block:
            yield inflate.decompress(block, BLOCK_BYTES)
            block = inflate.unconsumed_tail
            if inflate.eof:
                block, inflate = inflate.unused_data, zlib.decompressobj(31)


def _deflated(stream: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(stream)
    except zlib.error:
        return stream


def _any(blocks: Iterator[bytes], reference: Reference, apart: bool = False) -> bool:
    """Whether the reference is in bytes that come in blocks, or across two of them; `apart`: in one."""
    rest = b""
    for block in blocks:
        content = block if apart else rest + block
        if reference.in_bytes.search(content):
            return True
        rest = content[-WIDEST_BYTES:]
    return False


def _database(path: Path, reference: Reference) -> tuple[int, bool]:
    """The values of every table, and the bytes of the file: what was deleted may still be in those.

    In the bytes it may be part of a longer value, which another person is known by: then a value has it.
    """
    tables, in_values, in_longer = 0, False, False
    if path.suffix == ".duckdb":
        with Store.reading(path) as store:
            for table in store.tables():
                tables += 1
                for column, kind in store.columns(table).items():
                    if kind == "VARCHAR":
                        whole = f'SELECT 1 FROM "{table}" WHERE regexp_matches("{column}", $1) LIMIT 1'
                        in_values = in_values or bool(store.rows(whole, [reference.sql_pattern]))
                        part = f'SELECT 1 FROM "{table}" WHERE contains(lower("{column}"), $1) LIMIT 1'
                        in_longer = in_longer or bool(store.rows(part, [reference.text.lower()]))
    in_bytes = reference.anywhere_in_bytes.search(path.read_bytes()) is not None
    return tables, in_values or (in_bytes and not in_longer)


def _parquet(path: Path, reference: Reference) -> tuple[int, bool]:
    import pyarrow.parquet as pq

    table = pq.read_table(path)
    for column in table.columns:
        if any(value is not None and reference.is_in(str(value)) for value in column.to_pylist()):
            return table.num_columns, True
    return table.num_columns, _any(iter([path.read_bytes()]), reference)


def _spss(path: Path, reference: Reference) -> tuple[int, bool]:
    names, rows = spss.answers_of(path)
    in_answers = any(reference.is_in(cell) for row in rows for cell in row)
    return len(names), in_answers or _any(iter([path.read_bytes()]), reference)


_COLUMNS: Mapping[bytes, Callable[[Path, Reference], tuple[int, bool]]] = {
    b"PAR1": _parquet,
    b"$FL2": _spss,
    b"$FL3": _spss,
}
