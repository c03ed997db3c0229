"""The proof of a purge: every file of config, data and reports is gone over, inside compressed ones too."""

import io
import os
import re
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO
from zipfile import BadZipFile, ZipFile

from pipeline.errors import AssessmentError
from pipeline.ingest import spss
from pipeline.ingest.purging import cells
from pipeline.ingest.purging.reference import WIDEST_BYTES, Reference
from pipeline.store import Store
from pipeline.workspace import Workspace, sha256_of

BLOCK_BYTES = 1 << 22
DEEPEST = 3  # archives in archives
PDF_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
PARQUET, SPSS = b"PAR1", (b"$FL2", b"$FL3")
WORKBOOK = frozenset({"[Content_Types].xml", "mimetype"})  # one of them is in every workbook
WIDEST_CHARACTER_BYTES = 8  # of those that may not stand beside a reference: one, and what joins it
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


def scan(
    search: "Search",
    workspace: Workspace,
    left_out: frozenset[Path] = frozenset(),
    staying_in: frozenset[Path] = frozenset(),
) -> Scan:
    """Go over every file of a workspace's config, data and reports, but those left out.

    Files of the raw store in `staying_in`, and copies of them in the drop folder, hold it in nothing but
    values that stay.
    """
    known = {path.parent.name for path in staying_in}
    files = inside = size_bytes = 0
    found, unread = [], []
    for path in _files(workspace):
        if path in left_out:
            continue
        files += 1
        size_bytes += path.stat().st_size
        try:
            within, is_there = search.file(path)
        except (AssessmentError, OSError, BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError):
            unread.append(path)
            continue
        inside += within
        is_copy = is_there and path.is_relative_to(workspace.incoming) and sha256_of(path) in known
        if is_there and path not in staying_in and not is_copy:
            found.append(path)
    return Scan(files, inside, size_bytes, tuple(found), tuple(unread))


def _files(workspace: Workspace) -> Iterator[Path]:
    for name in FOLDERS:
        for folder, folders, names in os.walk(workspace.root / name):
            folders.sort()
            yield from (Path(folder, one) for one in sorted(names) if Path(folder, one).is_file())


@dataclass(frozen=True, slots=True)
class Search:
    """A search for one reference, in whatever it may be packed.

    What is packed in archives and can only be read as a file is put into the folder `passing` for that time.
    """

    reference: Reference
    passing: Path
    only_hashes: bool = False  # in databases: values that hold the text are known to stay

    @property
    def loosely(self) -> "Search":
        """The same, of longer references too that begin or end with it."""
        return replace(self, reference=self.reference.loosely)

    def holds(self, content: bytes) -> bool:
        """Whether the bytes of a file hold the reference."""
        return self._stream(io.BytesIO(content), content[:8], DEEPEST)[1]

    def file(self, path: Path) -> tuple[int, bool]:
        """How many things inside a file were looked into, and whether the reference is in any of them."""
        if path.suffix in DATABASES:
            return _database(path, self.reference, self.only_hashes)
        with path.open("rb") as file:
            start = file.read(8)
            file.seek(0)
            return self._stream(file, start, DEEPEST)

    def _stream(self, file: IO[bytes], start: bytes, deeper: int) -> tuple[int, bool]:
        """The same of bytes, unpacked where they are packed."""
        if start.startswith(b"PK\x03\x04") and deeper:
            return self._archive(file, deeper)
        if start.startswith(b"\x1f\x8b"):
            return 1, _any(_inflated(file), self.reference)
        if start.startswith(b"%PDF"):
            content = file.read()
            streams = PDF_STREAM.findall(content)
            texts = (_deflated(stream) for stream in streams)
            is_there = _any(iter([content]), self.reference) or any(
                _any(iter([t]), self.reference) for t in texts
            )
            return len(streams), is_there
        if start.startswith(PARQUET):
            return _parquet(file.read(), self.reference)
        if start.startswith(SPSS):
            return self._spss(file.read())
        return 0, _any(iter(lambda: file.read(BLOCK_BYTES), b""), self.reference)

    def _archive(self, file: IO[bytes], deeper: int) -> tuple[int, bool]:
        """A zip, and so a workbook or a document: its members, their names, and the bytes around them."""
        inside, is_there = 0, False
        with ZipFile(file) as archive:
            is_workbook = not WORKBOOK.isdisjoint(archive.namelist())
            for entry in archive.infolist():
                with archive.open(entry) as member:
                    start = member.read(8)
                with archive.open(entry) as member:
                    packed = io.BytesIO(member.read()) if start.startswith(b"PK\x03\x04") else member
                    if is_workbook and cells.has_places(entry.filename):
                        packed = io.BytesIO(cells.without_places(member.read()))
                    within, hit = self._stream(packed, start, deeper - 1)
                inside += 1 + within
                is_there = is_there or hit
            names = archive.namelist()
            if not is_there and is_workbook:
                is_there = cells.hold({name: archive.read(name) for name in names}, self.reference)
        file.seek(0)
        return inside, is_there or _any(iter(lambda: file.read(BLOCK_BYTES), b""), self.reference)

    def _spss(self, content: bytes) -> tuple[int, bool]:
        with tempfile.NamedTemporaryFile(dir=self.passing, suffix=".sav") as file:
            file.write(content)
            file.flush()
            names, rows = spss.answers_of(Path(file.name))
        in_answers = any(self.reference.is_in(cell) for row in rows for cell in row)
        return len(names), in_answers or _any(iter([content]), self.reference)


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


def _any(blocks: Iterator[bytes], reference: Reference) -> bool:
    """Whether the reference is in bytes that come in blocks, or across two of them."""
    rest = b""
    for block in blocks:
        content = rest + block
        # What ends where the block does may go on in the next, and be another reference; and what begins
        # where the rest does was judged with what stands before it.
        found = reference.found_in(content, WIDEST_CHARACTER_BYTES if len(rest) == WIDEST_BYTES else 0)
        if found and found.end() + WIDEST_CHARACTER_BYTES <= len(content):
            return True
        rest = content[-WIDEST_BYTES:]
    return reference.found_in(rest, WIDEST_CHARACTER_BYTES if len(rest) == WIDEST_BYTES else 0) is not None


def _database(path: Path, reference: Reference, only_hashes: bool) -> tuple[int, bool]:
    """The values of every table, and the bytes of the file: what was deleted may still be in those.

    In the bytes it may be part of a longer value, which another person is known by: then a value has it.
    """
    if only_hashes and not reference.hashes:
        return 0, False
    if only_hashes:
        reference = Reference("", reference.hashes)
    tables, in_values, in_longer = 0, False, False
    if path.suffix == ".duckdb":
        with Store.reading(path) as store:
            for table in store.tables():
                tables += 1
                for column, kind in store.columns(table).items():
                    if kind == "VARCHAR":
                        whole = f'SELECT 1 FROM "{table}" WHERE regexp_matches("{column}", $1) LIMIT 1'
                        in_values = in_values or bool(store.rows(whole, [reference.sql_pattern]))
                        part = f'SELECT 1 FROM "{table}" WHERE regexp_matches("{column}", $1) LIMIT 1'
                        in_longer = in_longer or bool(store.rows(part, [reference.sql_anywhere]))
    in_bytes = reference.anywhere_in_bytes.search(path.read_bytes()) is not None
    return tables, in_values or (in_bytes and not in_longer)


def _parquet(content: bytes, reference: Reference) -> tuple[int, bool]:
    import pyarrow.parquet as pq

    table = pq.read_table(io.BytesIO(content))
    for column in table.columns:
        if any(value is not None and reference.is_in(str(value)) for value in column.to_pylist()):
            return table.num_columns, True
    return table.num_columns, _any(iter([content]), reference)
