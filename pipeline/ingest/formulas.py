"""Formulas in texts: values that a spreadsheet would run, told when they come in."""

from pipeline.ingest.casting import quoted
from pipeline.ingest.mapping import Mapping
from pipeline.store import Store

STARTS = r"^[=+@\t\r-]"
# Ranges that hold every start, and few other texts: comparing is far cheaper than matching.
RANGES = "({0} < '.' OR {0} >= '=' AND {0} < '>' OR {0} >= '@' AND {0} < 'A')"


def told(store: Store, mapping: Mapping, table: str) -> dict[int, tuple[str, ...]]:
    """By delivery number, a sentence for each column of texts with such values; numbers are none.

    Columns whose values are declared, or hashed, hold none that could be passed on.
    """
    columns = [
        column
        for column in mapping.columns
        if column.type == "VARCHAR"
        and column.derived.from_
        and not (column.values or column.derived.values or column.derived.allowed or column.derived.hashed)
    ]
    if not columns:
        return {}
    names = [quoted(column.name) for column in columns]
    counts = ", ".join(
        f"count(*) FILTER (WHERE regexp_matches({name}, '{STARTS}') AND try_cast({name} AS DOUBLE) IS NULL) "
        f"AS n{number}"
        for number, name in enumerate(names)
    )
    few = " OR ".join(RANGES.format(name) for name in names)
    found = store.fetch(f"SELECT _delivery AS d, {counts} FROM {table} WHERE {few} GROUP BY d").to_pylist()
    return {
        row["d"]: tuple(
            f"{count:,} {'value' if count == 1 else 'values'} of {column.header} could be run by a "
            "spreadsheet as a formula; stored as text, and written so that it stays text"
            for number, column in enumerate(columns)
            if (count := row[f"n{number}"])
        )
        for row in found
    }
