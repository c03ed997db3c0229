"""Redacting files that are stored column by column: Parquet and SPSS. They are written anew, whole."""

import io
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.ingest import spss as spss_files
from pipeline.ingest.purging.keeping import Redactor

if TYPE_CHECKING:
    import pyarrow as pa


def parquet(content: bytes, redactor: Redactor) -> bytes:
    """A Parquet file, of the same columns and types."""
    import pyarrow.parquet as pq

    table = pq.read_table(io.BytesIO(content))
    going = _going(table, redactor)
    redactor.left += table.num_rows - redactor.emptied
    if not going:
        return content
    new = io.BytesIO()
    pq.write_table(_emptied(table, going), new, compression="zstd")
    return new.getvalue()


def spss(content: bytes, redactor: Redactor, passing: Path) -> bytes:
    """An SPSS file, with its labels."""
    with tempfile.TemporaryDirectory(dir=passing) as folder:  # its reader and writer know paths only
        old, new = Path(folder, "old.sav"), Path(folder, "new.sav")
        old.write_bytes(content)
        names, rows = spss_files.answers_of(old)
        found = (
            (number, _columns_going(names, cells, redactor))
            for number, cells in enumerate(rows)
            if redactor.is_asked(cells)
        )
        going = {number: columns for number, columns in found if columns}
        redactor.left += len(rows) - redactor.emptied
        if not going:
            return content
        spss_files.write_without(old, new, going)
        return new.read_bytes()


def _going(table: "pa.Table", redactor: Redactor) -> dict[int, list[str]]:
    """By row that holds the reference: the columns whose value goes."""
    names = table.column_names
    hits: set[int] = set()
    for column in table.columns:
        values = column.to_pylist()
        hits |= {n for n, value in enumerate(values) if value is not None and redactor.is_asked([str(value)])}
    found = {}
    for number in sorted(hits):
        row = table.slice(number, 1).to_pylist()[0]
        cells = ["" if row[name] is None else str(row[name]) for name in names]
        found[number] = _columns_going(names, cells, redactor)
    return {number: columns for number, columns in found.items() if columns}


def _columns_going(names: list[str], cells: list[str], redactor: Redactor) -> list[str]:
    kept = redactor.kept(names, cells)
    return [name for name, stays in zip(names, kept, strict=True) if not stays]


def _emptied(table: "pa.Table", going: dict[int, list[str]]) -> "pa.Table":
    import pyarrow as pa

    for position, name in enumerate(table.column_names):
        rows = {number for number, names in going.items() if name in names}
        if rows:
            kind = table.schema.field(position).type
            values = [None if n in rows else v for n, v in enumerate(table.column(position).to_pylist())]
            table = table.set_column(position, pa.field(name, kind), pa.array(values, kind))
    return table
