"""The store: what it says of its tables is true at once, and what it holds for a while goes."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from pipeline.store import QueryError, Rows, Store


def test_columns_follow_every_change() -> None:
    with Store.in_memory() as store:
        assert store.columns("t") == {}
        store.create("t", pa.table({"a": [1]}))
        assert store.columns("t") == {"a": "BIGINT"}
        store.execute("ALTER TABLE t ADD COLUMN b VARCHAR")
        assert store.columns("t") == {"a": "BIGINT", "b": "VARCHAR"}
        store.execute("DROP TABLE t")
        assert store.columns("t") == {}


def test_a_caller_cannot_change_what_the_store_remembers() -> None:
    with Store.in_memory({"t": pa.table({"a": [1]})}) as store:
        store.columns("t").clear()
        assert store.columns("t") == {"a": "BIGINT"}


def test_rows_of_python_values() -> None:
    wanted = Rows(
        {"a": "VARCHAR", "b": "DATE", "c": "DOUBLE", "d": ""},
        [{"a": "x", "b": date(2022, 1, 1), "d": True}, {"c": 1, "d": None}],
    )
    with Store.in_memory({"t": wanted}) as store:
        assert store.columns("t") == {"a": "VARCHAR", "b": "DATE", "c": "DOUBLE", "d": "BOOLEAN"}
        assert store.rows("SELECT * FROM t WHERE c IS NULL OR c = $1", (1,)) == [
            {"a": "x", "b": date(2022, 1, 1), "c": None, "d": True},
            {"a": None, "b": None, "c": 1.0, "d": None},
        ]


def test_no_rows_still_have_columns() -> None:
    with Store.in_memory({"t": Rows({"a": "VARCHAR"}, [])}) as store:
        assert (store.columns("t"), store.count("t")) == ({"a": "VARCHAR"}, 0)


def test_held_tables_go_also_where_the_block_fails(tmp_path: Path) -> None:
    with Store.building(tmp_path / "w.duckdb") as store:
        store.create("t", pa.table({"a": [1]}))
    with Store.reading(tmp_path / "w.duckdb") as store:
        with store.holding({"held": pa.table({"a": [1, 2]})}):
            assert store.count("held") == 2
        with pytest.raises(QueryError), store.holding({"held": pa.table({"a": [1, 2]})}):
            store.fetch("SELECT nothing FROM held")
        assert store.columns("held") == {}
        assert store.columns("t") == {"a": "BIGINT"}


def test_a_refused_query_names_no_data() -> None:
    with Store.in_memory({"t": pa.table({"a": ["secret"]})}) as store:
        for ask in (store.rows, store.fetch, store.execute):
            with pytest.raises(QueryError) as refused:
                ask("SELECT CAST(a AS INTEGER) FROM t")
            assert "secret" not in str(refused.value)


def test_threads_are_answered_in_turn() -> None:
    with Store.in_memory({"t": pa.table({"a": list(range(1000))})}) as store, ThreadPoolExecutor(4) as pool:

        def ask(n: int) -> tuple[int, int, dict[str, str]]:
            below = store.rows("SELECT count(*) AS n FROM t WHERE a < $1", (n,))[0]["n"]
            return below, store.fetch("SELECT a FROM t WHERE a >= $1", (n,)).num_rows, store.columns("t")

        answers = list(pool.map(ask, range(200)))
    assert answers == [(n, 1000 - n, {"a": "BIGINT"}) for n in range(200)]


def test_a_table_with_columns_that_are_not_compressed_holds_the_same(tmp_path: Path) -> None:
    select = "SELECT i, md5(i::VARCHAR) AS reference, 'same' AS word FROM range(200000) AS numbers (i)"
    with Store.building(tmp_path / "w.duckdb") as store:
        for _ in range(2):  # the second takes the place of the first
            store.create_as("plain", select, uncompressed=("reference", "not a column"))
        store.create_as("packed", select)
        assert store.columns("plain") == store.columns("packed")
        assert store.rows("FROM plain EXCEPT FROM packed") == []
        assert store.count("plain") == store.count("packed") == 200_000
        store.execute("CHECKPOINT")
        kinds = store.rows(
            "SELECT DISTINCT column_name AS name, compression FROM pragma_storage_info('plain') "
            "WHERE segment_type = 'VARCHAR'"
        )
    assert {row["compression"] for row in kinds if row["name"] == "reference"} == {"Uncompressed"}
    assert "Uncompressed" not in {row["compression"] for row in kinds if row["name"] == "word"}
