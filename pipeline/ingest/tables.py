"""Small tables that need a person's eye: workbooks, maps, and text files with titles above the header.

They become Arrow tables of text, one column for each header that the mapping wants.
"""

import json
import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from fnmatch import fnmatchcase
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.definitions.source import Sheet, Source
from pipeline.errors import ExtractError
from pipeline.ingest import headers, spss, totals
from pipeline.ingest.mapping import Mapping
from pipeline.ingest.records import Records
from pipeline.ingest.spreadsheet import Workbook
from pipeline.ingest.text import Lines, Refusal, clean_header, unpacked
from pipeline.ingest.worksheet import Table

if TYPE_CHECKING:
    import pyarrow as pa  # loads in a tenth of a second, which reading what was stored can do without

THOUSANDS = re.compile(r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?")
ROWS_OF_A_BATCH = 50_000

Row = tuple[list[str], int]  # the texts of a record, and the line or row on which it starts


@dataclass(slots=True)
class Staged:
    """The records of one file as texts, a batch after the other; at least one batch, if an empty one.

    The rest is whole when the last batch was taken: `starts` has the line or row on which each record
    starts, `notes` are sentences about what the file hides.
    """

    batches: Iterator["pa.Table"] = field(default_factory=lambda: iter(()))
    starts: "array[int]" = field(default_factory=lambda: array("q"))
    refusals: list[Refusal] = field(default_factory=list)
    extra_columns: dict[str, None] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    lines: Lines | None = None


def is_plain_source(source: Source) -> bool:
    """Whether files of the source have one table each, with its header on the first line and no footer."""
    return source.sheets == (Sheet(),) and source.unpivot is None and source.footer is None


def opened_text(mapping: Mapping, path: Path, sha256: str | None) -> tuple[Sheet, Records]:
    """The table that a source declares in a text file, its header checked. Without `sha256` it is not hashed.

    Raises ExtractError where the file is not as it is declared.
    """
    source = mapping.source
    sheet, *others = _sheets(source, path.name)
    if others or sheet.last_row:
        key = "several `sheets:`" if others else "`last_row:`"
        raise ExtractError(
            f"{path.name}: it is a text file, which has one table to its end, and {key} of source "
            f"{source.id} in config/sources.yaml is for workbooks. Lines after the table can be declared as "
            "`footer:`; a text file with several tables has to be parted into files."
        )
    records = Records(path, sha256, source.delimiter, sheet.header_row, source.footer)
    headers.check_named(records.header, path.name, source)
    places = mapping.find(records.header, (), path.name)
    records.coded = {place for name, place in places.items() if name not in mapping.free_texts}
    return sheet, records


def stage_text(mapping: Mapping, path: Path, sha256: str, delivery: int) -> Staged:
    """A text file parsed record by record."""
    source, staged = mapping.source, Staged()
    sheet, records = opened_text(mapping, path, sha256)
    control = totals.Control(source.footer, records.header, path.name)
    staged.refusals = records.refusals

    def rows() -> Iterator[Row]:
        for number, record in enumerate(control.watched(records)):
            yield record, records.starts[number]
        control.check(records.footers, len(records.refusals))
        staged.lines = records.lines
        staged.notes += records.notes

    return _staged(staged, mapping, [(sheet, records.header, rows())], path.name, delivery)


def stage_workbook(mapping: Mapping, path: Path, sha256: str, delivery: int) -> Staged:
    """The declared sheets of a workbook."""
    for _ in unpacked(path, sha256):  # only to compare the hash
        pass
    staged = Staged()
    workbook = Workbook(path)
    declared = {column.derived.serial for column in mapping.columns if column.derived.serial}
    if declared - {workbook.epoch}:
        raise ExtractError(
            f"{path.name}: the workbook counts its days from {workbook.epoch}, and "
            f"`serial: {declared.pop()}` is declared for its source in config/sources.yaml; every date would "
            "be four years out"
        )
    tables = []
    for sheet in _sheets(mapping.source, path.name):
        table = Table(mapping, sheet, workbook.grid(sheet.sheet), path.name)
        staged.notes += table.notes
        staged.refusals += table.refusals
        tables.append((sheet, table.header, _without_footer(mapping.source, table, path.name)))
    used = {sheet.sheet or "" for sheet in _sheets(mapping.source, path.name)}
    if used != {""}:
        for name in workbook.filled_sheets:
            if name.strip() not in used and name not in workbook.hidden_sheets:
                staged.notes.append(
                    f"sheet {name} has cells and was not read: no entry of `sheets:` names it"
                )
    unread = [name for name in workbook.hidden_sheets if name.strip() not in used]
    if unread:
        staged.notes.append(
            f"hidden and not read: {'sheet' if len(unread) == 1 else 'sheets'} {', '.join(unread)}"
        )
    return _staged(staged, mapping, tables, path.name, delivery)


def _without_footer(source: Source, table: Table, file_name: str) -> list[Row]:
    """A sheet's rows without the totals at their end, once these agree with them."""
    if source.footer is None:
        return table.rows
    rows, footers = list(table.rows), []
    while rows and source.footer.begins(rows[-1][0]):
        footers.append(rows.pop()[0])
    control = totals.Control(source.footer, table.header, file_name)
    for _ in control.watched(record for record, _ in rows):
        pass
    control.check(footers, len(table.refusals))
    return rows


def stage_spss(mapping: Mapping, path: Path, sha256: str, delivery: int) -> Staged:
    """The respondents of an SPSS file; each counts as a row, from 1."""
    for _ in unpacked(path, sha256):  # only to compare the hash
        pass
    names = spss.variables_of(path)
    places = mapping.positions(names, path.name)
    wanted = list(dict.fromkeys(names[place] for place in places.values()))
    staged = Staged()
    formats = {names[place]: form for header, place in places.items() if (form := mapping.format_of(header))}
    numbers = {names[place] for header, place in places.items() if header in mapping.numbers}
    answers = spss.read_answers(path, wanted, numbers, formats)
    rows = ((row, number) for number, row in enumerate(answers.rows, 1))
    sheet = _sheets(mapping.source, path.name)[0]
    staged = _staged(staged, mapping, [(sheet, tuple(wanted), rows)], path.name, delivery)
    staged.extra_columns = dict.fromkeys(mapping.extra_columns(names))
    staged.notes += (
        f"{name}: {count:,} {'answer' if count == 1 else 'answers'} that the file declares missing, not "
        "recorded"
        for name, count in answers.missing.items()
    )
    return staged


def stage_nothing(mapping: Mapping, delivery: int) -> Staged:
    """A file of no bytes, of a source that may deliver nothing."""
    staged = Staged(lines=Lines(0, 0, 0, 0, 0))
    staged.batches = _batches(staged, mapping, iter(()), delivery)
    return staged


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
    return _staged(Staged(), mapping, [(sheet, (*names, "geometry"), rows)], path.name, delivery)


def _sheets(source: Source, file_name: str) -> list[Sheet]:
    sheets = [sheet for sheet in source.sheets if fnmatchcase(file_name, sheet.file)]
    if not sheets:
        raise ExtractError(
            f"{file_name}: source {source.id} declares no sheet for this file; its `sheets:` name "
            + ", ".join(sheet.file for sheet in source.sheets)
        )
    return sheets


def _staged(
    staged: Staged,
    mapping: Mapping,
    tables: Sequence[tuple[Sheet, tuple[str, ...], Iterable[Row]]],
    file_name: str,
    delivery: int,
) -> Staged:
    for _, header, _ in tables:  # each is checked before a row of any is read
        mapping.positions(header, file_name)
        staged.extra_columns.update(dict.fromkeys(mapping.extra_columns([name for name in header if name])))

    def records() -> Iterator[Row]:
        for sheet, header, rows in tables:
            yield from _records(mapping, sheet, header, rows, file_name)

    staged.batches = _batches(staged, mapping, records(), delivery)
    return staged


def _batches(staged: Staged, mapping: Mapping, records: Iterator[Row], delivery: int) -> Iterator["pa.Table"]:
    import pyarrow as pa

    names = ["_delivery", *mapping.headers]
    types = [pa.int32(), *(pa.string() for _ in mapping.headers)]
    while True:
        batch = list(islice(records, ROWS_OF_A_BATCH))
        columns: list[Sequence[object]] = [[delivery] * len(batch)]
        columns += zip(*(texts for texts, _ in batch), strict=True) if batch else [()] * len(mapping.headers)
        staged.starts.extend(start for _, start in batch)
        if batch or not staged.starts:
            arrays = [pa.array(column, type_) for column, type_ in zip(columns, types, strict=True)]
            yield pa.table(arrays, names=names)
        if len(batch) < ROWS_OF_A_BATCH:
            return


def _records(
    mapping: Mapping, sheet: Sheet, header: tuple[str, ...], rows: Iterable[Row], file_name: str
) -> Iterator[Row]:
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
