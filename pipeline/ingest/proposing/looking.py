"""Looking at a file of unknown shape: what it is, how its text is written, where its table stands."""

import codecs
import csv
import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from io import StringIO
from itertools import islice
from pathlib import Path

from pipeline.errors import ExtractError
from pipeline.ingest import archives, spss
from pipeline.ingest.kinds import kind_of
from pipeline.ingest.proposing import table
from pipeline.ingest.proposing.known import fit_of
from pipeline.ingest.spreadsheet import Workbook, texts_of
from pipeline.ingest.text import UTF_16, clean_header, empty, unpacked

MOST_ROWS = 200_000
MOST_BYTES = 64 << 20
SAMPLED_LINES = 200
NOT_READ = "sheets not read"
DELIMITERS = (",", ";", "\t", "|")
SPOKEN = {",": "a comma", ";": ";", "\t": "a tab", "|": "|"}


@dataclass(frozen=True, slots=True)
class Look:
    """What a file was found to be. `found.rows` are the texts of its records, at most `MOST_ROWS`.

    `name` is the file's own, also where it lies in an archive. `dated` are the places of columns whose
    cells are dates as such, `epoch` the year from which a workbook counts its days.
    """

    name: str
    kind: str
    found: table.Found
    encoding: str = "utf-8"
    delimiter: str = ","
    sheet: str | None = None
    epoch: int = 1900
    dated: frozenset[int] = frozenset()
    is_whole: bool = True
    notes: tuple[str, ...] = field(default=())


def look(path: Path, folder: Path) -> Look:
    """What the file is. `folder` is for a file of an archive. Raises ExtractError where it cannot be read."""
    if not path.is_file():
        raise ExtractError(f"{path}: there is no such file")
    if path.stat().st_size == 0:
        raise empty(path)
    notes: list[str] = []
    if archives.holds_files(path):
        path = _largest_member(path, folder, notes)
    kind = kind_of(path)
    seen = _LOOKS[kind](path)
    return replace(seen, notes=(*notes, *seen.notes))


def _largest_member(path: Path, folder: Path, notes: list[str]) -> Path:
    members = archives.members(path)
    if not members:
        raise ExtractError(f"{path.name}: the archive is empty")
    largest = max(members, key=lambda member: member.size_bytes)
    if len(members) > 1:
        notes.append(f"the archive holds {len(members):,} files; looked at the largest, {largest.name}")
    out = folder / largest.name.rpartition("/")[2]
    with out.open("wb") as file:
        for block in archives.blocks_of(path, largest.name):
            file.write(block)
    return out


def _text(path: Path) -> Look:
    raw = b"".join(_first_bytes(path))
    is_whole = len(raw) < MOST_BYTES
    raw = raw if is_whole else raw[: raw.rfind(b"\n") + 1]
    encoding, text, note = _decoded(raw)
    delimiter = _delimiter(text)
    notes = [note] if note else []
    try:
        grid = list(islice(csv.reader(StringIO(text, newline=""), delimiter=delimiter), MOST_ROWS))
    except csv.Error:
        grid = [line.split(delimiter) for line in islice(text.splitlines(), MOST_ROWS)]
        notes.append("a quotation mark is out of place or is never closed")
    found = table.find(grid)
    if found is None:
        raise _no_header(path.name, "lines")
    notes.append(f"separated by {SPOKEN[delimiter]}: {len(found.header)} columns")
    return Look(
        path.name, "text", found, encoding, delimiter, is_whole=is_whole and len(grid) < MOST_ROWS,
        notes=tuple(notes),
    )  # fmt: skip


def _first_bytes(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    taken = 0
    for block in unpacked(path, sha256):
        taken += len(block)
        yield block
        if taken >= MOST_BYTES:
            return


def _decoded(raw: bytes) -> tuple[str, str, str]:
    """The encoding, the text, and how the encoding is known where it is not UTF-8."""
    if raw.startswith(UTF_16) or raw[:400].count(0) > 100:
        codec = "utf-16" if raw.startswith(UTF_16) else "utf-16-le"
        text = raw[: len(raw) // 2 * 2].decode(codec, errors="replace")
        return "utf-16", text, "UTF-16, as its first bytes say"
    try:
        return "utf-8", raw.decode("utf-8-sig"), ""
    except UnicodeDecodeError as error:
        if error.start >= len(raw) - 4 and error.reason == "unexpected end of data":
            return "utf-8", raw.decode("utf-8-sig", errors="ignore"), ""
        where = error.start
    for encoding in ("cp1252", "latin-1"):
        try:
            text = codecs.decode(raw, encoding)
        except UnicodeDecodeError:
            continue
        return encoding, text, f"byte {where:,} is not UTF-8; every byte is {encoding}"
    raise AssertionError("latin-1 has every byte")


def _delimiter(text: str) -> str:
    """What separates the columns: what gives most lines the same number of them, and more than one."""
    lines = text.splitlines()[:SAMPLED_LINES]
    best, most = ",", 0.0
    for delimiter in DELIMITERS:
        widths = Counter(len(next(csv.reader([line], delimiter=delimiter))) for line in lines if line)
        width, rows = max(widths.items(), key=lambda item: (item[0] > 1, item[1]), default=(1, 0))
        score = rows / max(1, widths.total()) * (width > 1) * (1 + width / 1000)
        if score > most:
            best, most = delimiter, score
    return best


def _workbook(path: Path) -> Look:
    workbook = Workbook(path)
    hidden = workbook.hidden_sheets
    seen: dict[str, tuple[table.Found, frozenset[int], tuple[str, ...]]] = {}
    without: list[str] = []
    for name in workbook.sheet_names:
        grid = workbook.grid(name)
        texts = [texts_of(cells, {}) for cells in grid.cells[:MOST_ROWS]]
        found = table.find(texts)
        if found is None:
            without += [name] if any(map(any, texts)) else []
            continue
        seen[name] = (found, _dated(grid.cells, found), _hidden_in(grid.findings.hidden_rows, found))
    if not seen:
        raise _no_header(path.name, "rows of any sheet")
    ranks = {name: _rank(path.name, name, one[0]) for name, one in seen.items()}
    chosen = max(seen, key=lambda name: (name not in hidden, ranks[name]))
    found, dated, notes = seen[chosen]
    told = list(notes)
    others = [name.strip() for name in (*seen, *without) if name != chosen]
    if others:
        told.append(f"{NOT_READ}: {', '.join(f'{n} (hidden)' if n in hidden else n for n in others)}")
    if chosen in hidden:
        told.append(f"sheet {chosen} is hidden, and no other has a table")
    whole = len(found.rows) < MOST_ROWS - SAMPLED_LINES
    sheet = chosen.strip() if len(workbook.sheet_names) > 1 else None
    return Look(
        path.name, "workbook", found, sheet=sheet, epoch=workbook.epoch, dated=dated, is_whole=whole,
        notes=tuple(told),
    )  # fmt: skip


def _rank(file: str, sheet: str, found: table.Found) -> tuple[bool, bool, int, int]:
    """How well a sheet fits a built-in mapping, and how large its table is."""
    fit = fit_of(file, sheet, found.header)
    known = (fit.is_named, fit.is_sheet, fit.headers) if fit else (False, False, 0)
    return (*known, _cells(found))


def _hidden_in(rows: Sequence[int], found: table.Found) -> tuple[str, ...]:
    last = found.last_row or found.header_row + len(found.rows) + len(found.footers)
    among = [row for row in rows if found.header_row < row <= last]
    return (f"{len(among):,} of its rows are hidden, and read like the others",) if among else ()


def _cells(found: table.Found) -> int:
    return len(found.rows) * len([name for name in found.header if name])


def _dated(cells: Sequence[Sequence[object]], found: table.Found) -> frozenset[int]:
    """The places of columns whose cells are mostly dates, as the spreadsheet knows them."""
    below = cells[found.header_row : found.last_row]
    places = range(len(found.header))
    filled = {
        place: [row[place] for row in below if place < len(row) and row[place] != ""] for place in places
    }
    return frozenset(
        place
        for place, values in filled.items()
        if values and 2 * sum(hasattr(value, "isoformat") for value in values) > len(values)
    )


def _parquet(path: Path) -> Look:
    import pyarrow as pa
    from pyarrow import parquet

    try:
        file = parquet.ParquetFile(path)
        batches = file.iter_batches(batch_size=MOST_ROWS)
        rows = next(batches, None)
    except (pa.ArrowInvalid, OSError):
        raise ExtractError(
            f"{path.name}: the Parquet file is damaged; ask the supplier for it again"
        ) from None
    header = tuple(map(clean_header, file.schema_arrow.names))
    dated = frozenset(n for n, kind in enumerate(file.schema_arrow.types) if pa.types.is_temporal(kind))
    columns = (
        [[_as_text(v) for v in column.to_pylist()] for column in rows.columns] if rows is not None else []
    )
    found = table.Found(1, header, tuple(zip(*columns, strict=True)))
    return Look(path.name, "parquet", found, dated=dated, is_whole=file.metadata.num_rows <= MOST_ROWS)


def _as_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _spss(path: Path) -> Look:
    header = spss.variables_of(path)
    rows = tuple(spss.read_answers(path, header).rows[:MOST_ROWS])
    return Look(path.name, "spss", table.Found(1, header, rows), is_whole=len(rows) < MOST_ROWS)


def _map(path: Path) -> Look:
    try:
        features = json.loads(b"".join(_first_bytes(path)))["features"]
        names = tuple(dict.fromkeys(name for one in features for name in one["properties"]))
        rows = tuple(
            (*(_as_text(one["properties"].get(name)) for name in names), one["geometry"]["type"])
            for one in features
        )
    except (ValueError, KeyError, TypeError):
        raise ExtractError(f"{path.name}: it is not a GeoJSON collection of features") from None
    return Look(path.name, "map", table.Found(1, (*names, "geometry"), rows))


def _no_header(name: str, where: str) -> ExtractError:
    return ExtractError(
        f"{name}: none of its first {where} looks like a line of headers with records below it. "
        "Ask the supplier for the file with one name above each column."
    )


_LOOKS = {"text": _text, "workbook": _workbook, "parquet": _parquet, "spss": _spss, "map": _map}
