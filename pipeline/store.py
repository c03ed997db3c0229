"""The only owner of DuckDB: the warehouse is opened, read and written here.

The warehouse is a derived file. It is built beside the published one and renamed over it, so a reader
always sees one whole version, and losing it costs a rebuild.
"""

import errno
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import duckdb

from pipeline.errors import AssessmentError, ComputationError

if TYPE_CHECKING:
    import pyarrow as pa  # loads in a tenth of a second, which `check` can do without

# How DuckDB says so: of the database's file, and of what it would put aside for lack of memory.
_DISK_FULL = (os.strerror(errno.ENOSPC), "max_temp_directory_size")
_DAMAGED = ("not a valid DuckDB database file", "Corrupt database file", "Failed to load metadata pointer")


@dataclass(frozen=True)
class Rows:
    """A few rows as Python values, by column; a column that a row leaves out is null.

    `types` are DuckDB types; where one is empty it is whatever the values are.
    """

    types: Mapping[str, str]
    rows: Sequence[Mapping[str, object]]


class Store:
    """A connection to one DuckDB database. Use `reading`, `building` or `in_memory` to get one.

    Several threads may ask it; they are answered one after the other.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._turn = Lock()  # DuckDB refuses a second thread where it could wait
        self._columns: dict[str, dict[str, str]] = {}
        self._absent: set[str] = set()
        connection.execute("SET enable_progress_bar = false")
        connection.execute("SET preserve_insertion_order = true")
        connection.execute("SET TimeZone = 'UTC'")

    @classmethod
    @contextmanager
    def reading(cls, path: Path) -> Iterator["Store"]:
        """The published warehouse, read-only. Raises ComputationError where there is none."""
        if not path.is_file():
            raise ComputationError(f"{path}: there is no warehouse yet; run `assessment ingest` first")
        try:
            connection = duckdb.connect(str(path), read_only=True)
        except duckdb.Error as error:
            raise _refused(error, str(path)) from None
        try:
            yield cls(connection)
        finally:
            connection.close()

    @classmethod
    @contextmanager
    def building(cls, path: Path) -> Iterator["Store"]:
        """A new warehouse, which replaces the one at `path` by one rename when the block ends well.

        Where it ends badly nothing is left behind and the old warehouse stays. Raises OSError where the
        disk is full.
        """
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        new = path.with_name(f".{path.name}.{os.getpid()}.new")
        write_ahead = new.with_name(new.name + ".wal")
        try:
            connection = duckdb.connect(str(new))
            new.chmod(0o600)
            try:
                store = cls(connection)
                yield store
                store.execute("CHECKPOINT")
            finally:
                connection.close()
            with new.open("rb") as written:
                os.fsync(written.fileno())
            new.replace(path)
        except duckdb.Error as error:
            raise _refused(error, str(new)) from None
        finally:
            new.unlink(missing_ok=True)
            write_ahead.unlink(missing_ok=True)

    @classmethod
    @contextmanager
    def in_memory(cls, tables: Mapping[str, "pa.Table | Rows"] | None = None) -> Iterator["Store"]:
        """A database in memory with the given tables: for worked examples and for tests."""
        connection = duckdb.connect(":memory:")
        try:
            store = cls(connection)
            for name, table in (tables or {}).items():
                store.create(name, table)
            yield store
        finally:
            connection.close()

    def execute(self, sql: str, params: Sequence[object] = ()) -> None:
        """Run one statement for its effect."""
        try:
            with self._turn:
                self._columns.clear()
                self._connection.execute(sql, list(params))
        except duckdb.Error as error:
            raise _refused(error, sql) from None

    def fetch(self, sql: str, params: Sequence[object] = ()) -> "pa.Table":
        """The rows of one query. `$1`, `$2`, ... in the text stand for `params` in order."""
        try:
            with self._turn:
                return self._connection.sql(sql, params=list(params)).to_arrow_table()
        except duckdb.Error as error:
            raise _refused(error, sql) from None

    def rows(self, sql: str, params: Sequence[object] = ()) -> list[dict[str, Any]]:
        """The same as Python values: for some hundred rows, where Arrow costs more than it saves."""
        try:
            with self._turn:
                found = self._connection.execute(sql, list(params))
                names = [described[0] for described in found.description or ()]
                rows = found.fetchall()
        except duckdb.Error as error:
            raise _refused(error, sql) from None
        return [dict(zip(names, row, strict=True)) for row in rows]

    def create(self, name: str, table: "pa.Table | Rows", *, temporary: bool = False) -> None:
        """A new table with the given rows; a temporary one is gone with the connection."""
        kind = "TEMP TABLE" if temporary else "TABLE"
        if isinstance(table, Rows):
            columns = (
                f'CAST(unnest(${n}) AS {type_}) AS "{column}"' if type_ else f'unnest(${n}) AS "{column}"'
                for n, (column, type_) in enumerate(table.types.items(), 1)
            )
            values = [[row.get(column) for row in table.rows] for column in table.types]
            self.execute(f'CREATE {kind} "{name}" AS SELECT {", ".join(columns)}', values)
            return
        self._connection.register("_arrow", table)
        try:
            self.execute(f'CREATE {kind} "{name}" AS SELECT * FROM _arrow')
        finally:
            self._connection.unregister("_arrow")

    def create_as(self, name: str, select: str, uncompressed: Collection[str] = ()) -> None:
        """A table of what a query selects, in place of one of that name, with some columns uncompressed.

        Texts of which no two are alike take a fifth of the time so, and twice the room.
        """
        if not uncompressed:
            self.execute(f'CREATE OR REPLACE TABLE "{name}" AS {select}')
            return
        self.execute(f'CREATE OR REPLACE TABLE "{name}" AS {select} WITH NO DATA')
        columns = ", ".join(
            f'"{column}" {type_}{" USING COMPRESSION uncompressed" if column in uncompressed else ""}'
            for column, type_ in self.columns(name).items()
        )
        self.execute(f'CREATE OR REPLACE TABLE "{name}" ({columns})')
        self.execute(f'INSERT INTO "{name}" {select}')

    def count(self, table: str) -> int:
        """The rows of a table."""
        return int(self.fetch(f'SELECT count(*) AS rows FROM "{table}"')["rows"][0].as_py())

    @contextmanager
    def holding(self, tables: Mapping[str, "pa.Table | Rows"]) -> Iterator[None]:
        """Temporary tables for as long as the block lasts; a read-only database may hold them too."""
        held: list[str] = []
        try:
            for name, table in tables.items():
                self.create(name, table, temporary=True)
                held.append(name)
            yield
        finally:
            for name in held:
                self.execute(f'DROP TABLE "{name}"')

    def tables(self) -> list[str]:
        """The names of the tables of the database, in order."""
        return [row["name"] for row in self.rows("SELECT table_name AS name FROM duckdb_tables() ORDER BY 1")]

    def stored(self, table: str) -> str:
        """The SQL that names a table as it is stored, whatever it reads as."""
        database = self.rows("SELECT current_database() AS name")[0]["name"]
        return f'"{database}".main."{table}"'

    def read_as(self, queries: Mapping[str, str | None]) -> None:
        """Have tables read as queries say, or as not there, for as long as the connection lasts."""
        for table, query in queries.items():
            if query is None:
                self._absent.add(table)
            else:
                self.execute(f'CREATE OR REPLACE TEMP VIEW "{table}" AS {query}')

    def columns(self, table: str) -> dict[str, str]:
        """The columns of a table with their DuckDB types, in order; empty where there is no such table."""
        if table in self._absent:
            return {}
        known = self._columns.get(table)
        if known is None:
            try:
                with self._turn:
                    described = self._connection.execute(f'DESCRIBE "{table}"').fetchall()
            except duckdb.CatalogException:
                described = []
            known = self._columns[table] = {name: type_ for name, type_, *_ in described}
        return dict(known)


class QueryError(AssessmentError):
    """A query failed. The message names no data; `detail` may, and is for a debugger only."""

    exit_code = 12

    def __init__(self, message: str, sql: str, detail: str) -> None:
        super().__init__(message)
        self.sql = sql
        self.detail = detail


def _refused(error: duckdb.Error, sql: str) -> QueryError | OSError:
    if any(sign in str(error) for sign in _DISK_FULL):
        return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    if any(sign in str(error) for sign in _DAMAGED):
        return QueryError(
            "the warehouse is damaged. Delete warehouse.duckdb in data/curated and run `assessment ingest`, "
            "which makes it anew from what was received",
            sql,
            str(error),
        )
    # DuckDB quotes rows in its messages, and rows may hold personal data: keep the kind of error only.
    return QueryError(f"the database refused a query ({type(error).__name__})", sql, str(error))
