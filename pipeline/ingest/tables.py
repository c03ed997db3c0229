"""Small tables that need a person's eye: workbooks, maps, and text files with titles above the header.

They become Arrow tables of text, one column for each header that the mapping wants.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.definitions.source import Sheet, Source
from pipeline.errors import ExtractError
from pipeline.ingest import spreadsheet
from pipeline.ingest.mapping import Mapping
from pipeline.ingest.text import Lines, Parsed, Refusal, clean_header, parse, unpacked

if TYPE_CHECKING:
    import pyarrow as pa  # loads in a tenth of a second, which reading what was stored can do without

THOUSANDS = re.compile(r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?")
WORKBOOK = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Staged:
    """The records of one file as texts; `starts` is the line or row on which each starts."""

    table: "pa.Table"
    starts: tuple[int, ...]
    refusals: tuple[Refusal, ...]
    lines: Lines | None
    extra_columns: tuple[str, ...]


def kind_of(path: Path) -> str:
    """`workbook`, `map` or `text`, by what the file holds and not by its name."""
    with path.open("rb") as file:
        first = file.read(4)
    if first == WORKBOOK:
        return "workbook"
    if path.name.removesuffix(".gz").endswith(("json", "geojson")):
        return "map"
    return "text"


def is_plain_source(source: Source) -> bool:
    """Whether files of the source have one table each, with its header on the first line."""
    return source.sheets == (Sheet(),) and source.unpivot is None


def stage_text(mapping: Mapping, path: Path, sha256: str, delivery: int) -> Staged:
    """A text file parsed line by line."""
    source = mapping.source
    sheets = _sheets(source, path.name)
    parsed = parse(path, sha256, source.encoding, source.delimiter, sheets[0].header_row)
    rows = zip(parsed.records, parsed.starts, strict=True)
    width = len(parsed.header)
    full = [(row + [""] * (width - len(row)), start) for row, start in rows]
    return _staged(mapping, [(sheets[0], parsed.header, full)], path.name, delivery, parsed)


def stage_workbook(mapping: Mapping, path: Path, sha256: str, delivery: int) -> Staged:
    """The declared sheets of a workbook."""
    for _ in unpacked(path, sha256):  # only to compare the hash
        pass
    tables = []
    for sheet in _sheets(mapping.source, path.name):
        rows = spreadsheet.rows_of(path, sheet.sheet)
        if len(rows) < sheet.header_row:
            raise ExtractError(
                f"{path.name}: sheet {sheet.sheet or 'number 1'} has {len(rows)} rows, "
                f"so no header in row {sheet.header_row}"
            )
        header = tuple(clean_header(cell) for cell in rows[sheet.header_row - 1])
        numbered = enumerate(rows[sheet.header_row :], sheet.header_row + 1)
        tables.append((sheet, header, [(row, n) for n, row in numbered if any(map(str.strip, row))]))
    return _staged(mapping, tables, path.name, delivery, None)


def stage_map(mapping: Mapping, path: Path, sha256: str, delivery: int) -> Staged:
    """The features of a GeoJSON file: their properties, and `geometry` as JSON text."""
    try:
        features = json.loads(b"".join(unpacked(path, sha256)))["features"]
        properties = [feature["properties"] for feature in features]
        names = tuple(dict.fromkeys(name for values in properties for name in values))
        rows = [
            (
                ["" if values.get(name) is None else str(values[name]) for name in names]
                + [json.dumps(feature["geometry"], separators=(",", ":"))],
                number,
            )
            for number, (feature, values) in enumerate(zip(features, properties, strict=True), 1)
        ]
    except (ValueError, KeyError, TypeError):
        raise ExtractError(f"{path.name}: it is not a GeoJSON collection of features") from None
    sheet = _sheets(mapping.source, path.name)[0]
    return _staged(mapping, [(sheet, (*names, "geometry"), rows)], path.name, delivery, None)


def _sheets(source: Source, file_name: str) -> list[Sheet]:
    sheets = [sheet for sheet in source.sheets if fnmatchcase(file_name, sheet.file)]
    if not sheets:
        raise ExtractError(
            f"{file_name}: source {source.id} declares no sheet for this file; its `sheets:` name "
            + ", ".join(sheet.file for sheet in source.sheets)
        )
    return sheets


Row = tuple[list[str], int]


def _staged(
    mapping: Mapping,
    tables: Sequence[tuple[Sheet, tuple[str, ...], list[Row]]],
    file_name: str,
    delivery: int,
    parsed: Parsed | None,
) -> Staged:
    import pyarrow as pa

    columns: list[list[str]] = [[] for _ in mapping.headers]
    starts: list[int] = []
    extra: dict[str, None] = {}
    for sheet, header, rows in tables:
        extra.update(dict.fromkeys(mapping.extra_columns([name for name in header if name])))
        for values, start in _records(mapping, sheet, header, rows, file_name):
            for column, value in zip(columns, values, strict=True):
                column.append(value)
            starts.append(start)
    arrays = [pa.array([delivery] * len(starts), pa.int32())]
    arrays += [pa.array(column, pa.string()) for column in columns]
    return Staged(
        pa.table(arrays, names=["_delivery", *mapping.headers]),
        tuple(starts),
        tuple(parsed.refusals) if parsed else (),
        parsed.lines if parsed else None,
        tuple(extra),
    )


def _records(
    mapping: Mapping, sheet: Sheet, header: tuple[str, ...], rows: list[Row], file_name: str
) -> Iterator[tuple[list[str], int]]:
    """Each record's texts in the order of the mapping's headers."""
    source = mapping.source
    places = mapping.positions(header, file_name)
    unread = _unread_headers(mapping, sheet)
    fixed = {f"={name}": str(value) for name, value in sheet.constants.items()}
    unpivot = source.unpivot
    items = _item_places(source, header, file_name) if unpivot else {}
    for row, start in rows:
        texts = {name: row[place] for name, place in places.items() if name not in unread} | fixed
        if unpivot is None:
            yield [texts.get(name, "") for name in mapping.headers], start
            continue
        for item, place in items.items():
            value = row[place].strip()
            if THOUSANDS.fullmatch(value):
                value = value.replace(",", "")
            texts[f"={unpivot.name_to}"] = item
            texts[f"={unpivot.value_to}"] = "" if value in unpivot.missing else value
            yield [texts.get(name, "") for name in mapping.headers], start


def _unread_headers(mapping: Mapping, sheet: Sheet) -> set[str]:
    """Headers of curated columns that this sheet does not fill."""
    if not sheet.columns:
        return set()
    return {
        column.derived.from_
        for column in mapping.columns
        if column.derived.from_ and column.name not in sheet.columns
    }


def _item_places(source: Source, header: tuple[str, ...], file_name: str) -> dict[str, int]:
    assert source.unpivot is not None
    folded = [name.casefold() for name in header]
    places = {}
    for item, name in source.unpivot.items.items():
        wanted = clean_header(name).casefold()
        if wanted not in folded:
            raise ExtractError(
                f"{file_name}: source {source.id} expects a column {name!r} for {item}"
                + "".join(f"; did you mean {near!r}?" for near in get_close_matches(name, header, n=1))
            )
        places[item] = folded.index(wanted)
    return places
