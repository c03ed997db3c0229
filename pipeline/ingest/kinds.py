"""Kinds of files, told by their first bytes and never by their names alone."""

import zlib
from pathlib import Path

from pipeline.errors import ExtractError
from pipeline.ingest import archives
from pipeline.ingest.text import GZIP

ZIP = b"PK\x03\x04"
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Excel before 2007, and any workbook with a password
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
FIRST_BYTES = 4096
MOST_SEARCHED_BYTES = 1 << 26


def kind_of(path: Path) -> str:
    """`workbook`, `parquet`, `spss`, `map` or `text`. Raises ExtractError for what is read by nobody."""
    with path.open("rb") as file:
        first = file.read(FIRST_BYTES)
    if first.startswith(GZIP):
        _refuse_packed_twice(path, first)
    if first.startswith(ZIP):
        if archives.holds_files(path):
            raise ExtractError(
                f"{path.name}: it is an archive inside an archive; unpack it and drop the files it holds"
            )
        return "workbook"
    if first.startswith(b"PAR1"):
        return "parquet"
    if first.startswith((b"$FL2", b"$FL3")):
        return "spss"
    _refuse_others(path, first)
    return "map" if path.name.removesuffix(".gz").endswith(("json", "geojson")) else "text"


def _refuse_packed_twice(path: Path, first: bytes) -> None:
    try:
        inner = zlib.decompressobj(31).decompress(first, FIRST_BYTES)
    except zlib.error:
        return  # told when it is read
    kinds = {
        ZIP: "a zip archive or a workbook",
        GZIP: "a gzip file",
        COMPOUND: "a workbook",
        b"PAR1": "Parquet",
    }
    for mark, kind in kinds.items():
        if inner.startswith(mark):
            raise ExtractError(f"{path.name}: it is {kind} packed once more as gzip; unpack it and drop that")


def _refuse_others(path: Path, first: bytes) -> None:
    if first.startswith(COMPOUND):
        with path.open("rb") as file:
            has_password = ENCRYPTED in file.read(MOST_SEARCHED_BYTES)
        if has_password:
            raise ExtractError(
                f"{path.name}: the workbook has a password; save it without one, or ask for it so"
            )
        raise ExtractError(
            f"{path.name}: it is a workbook of Excel before 2007 (.xls); open it and save it as .xlsx"
        )
    if first.startswith(b"PARE"):
        raise ExtractError(f"{path.name}: the Parquet file is encrypted; ask for it without encryption")
    if first.startswith(b"%PDF"):
        raise ExtractError(f"{path.name}: it is a PDF; ask for the table as a CSV file or a workbook")
    if first.lstrip().lower().startswith((b"<!doctype html", b"<html", b"<table")):
        raise ExtractError(
            f"{path.name}: it is a web page, whatever its name says; open it in a spreadsheet and save it "
            "as .xlsx or CSV"
        )
