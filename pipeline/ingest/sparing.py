"""Sparing: a record that a delivery has and that is refused in it keeps its earlier version.

Nobody took it back: it came, and could not be read. So that delivery neither revises nor lacks it.
"""

from pipeline.ingest.casting import quoted, text_of
from pipeline.ingest.holding import COVERED
from pipeline.ingest.mapping import Mapping
from pipeline.ingest.reading import MAPPED
from pipeline.store import Store

SPARING = "LEFT JOIN (SELECT row AS spared, list(delivery) AS by FROM spared GROUP BY row) s ON s.spared"
"""Joins to a row (`= ROW` follows) the deliveries that refuse its record. LACKS: `d` is none of them."""

LACKS = "NOT coalesce(list_contains(s.by, d), false)"


def make(store: Store) -> None:
    """Make `spared`, empty: rows, and the numbers of later deliveries that refuse the same record."""
    store.execute(
        "CREATE OR REPLACE TEMP TABLE spared AS SELECT NULL::BIGINT AS row, NULL::INTEGER AS delivery "
        "WHERE false"
    )


def spare(store: Store, mapping: Mapping, good: str) -> None:
    """Fill `spared`.

    A refused row may lack part of its key, as where that is what is wrong with it. It is then the one
    known record of the periods it should be in that has the rest of the key and that the delivery lacks;
    where there are several it may be any of them, and spares none.
    """
    key = [quoted(name) for name in mapping.source.key]
    grain = [text_of(header) for header in mapping.source.grain]
    names = ", ".join(f"m.{name}" for name in (*key, *grain))
    store.execute(
        f"CREATE OR REPLACE TEMP TABLE refused AS SELECT DISTINCT m._delivery AS delivery, {names} "
        f"FROM {MAPPED} m JOIN dropped d ON d.row = m.rowid "
        "WHERE d.reason IN ('quarantined', 'conflict') AND m._delivery > 0"
    )
    missing = ", ".join(f"{name} IS NULL AS {quoted(f'n{place}')}" for place, name in enumerate(key))
    for pattern in store.rows(f"SELECT DISTINCT {missing} FROM refused"):
        absent = [name for name, is_missing in zip(key, pattern.values(), strict=True) if is_missing]
        if len(absent) < len(key):
            store.execute(f"INSERT INTO spared {_known(store, key, grain, absent, good)}")
    store.execute("DROP TABLE refused")


def _known(store: Store, key: list[str], grain: list[str], absent: list[str], good: str) -> str:
    """The SELECT of the earlier rows of the records whose refused rows lack just these parts of the key."""
    given = [name for name in key if name not in absent]
    same = [f"r.{name} = m.{name}" for name in given] + [f"r.{name} IS NULL" for name in absent]
    same += [f"r.{name} IS NOT DISTINCT FROM m.{name}" for name in grain]
    known = [good, "m._delivery < r.delivery", *(f"m.{name} IS NOT NULL" for name in key)]
    select = f"SELECT m.rowid, r.delivery FROM refused r JOIN {MAPPED} m ON {' AND '.join(same)}"
    if not absent:
        return f"{select} WHERE {' AND '.join(known)}"
    if store.columns("covered"):
        select += f" JOIN placed p ON p.row = m.rowid {COVERED}"
        known.append("list_contains(c.deliveries, r.delivery)")
    there = " AND ".join(f"o.{name} = m.{name}" for name in key)
    lacked = f"NOT EXISTS (SELECT 1 FROM {MAPPED} o WHERE {good} AND o._delivery = r.delivery AND {there})"
    record = f"hash({', '.join(f'm.{name}' for name in key)})"
    alike = f"(PARTITION BY r.delivery, {', '.join(f'r.{name}' for name in (*given, *grain))})"
    return (
        f"{select} WHERE {' AND '.join((*known, lacked))} "
        f"QUALIFY min({record}) OVER {alike} = max({record}) OVER {alike}"
    )


def counted(store: Store) -> dict[int, int]:
    """How many records that were current until then each delivery refuses, by its number."""
    found = store.rows(
        "SELECT s.delivery, count(DISTINCT s.row) AS n FROM spared s LEFT JOIN dropped d ON d.row = s.row "
        "WHERE d.row IS NULL OR d.known_to > s.delivery GROUP BY s.delivery"
    )
    return {row["delivery"]: row["n"] for row in found}


def lacked(store: Store) -> dict[int, int]:
    """How many rows each delivery lacks although it covers them, by its number."""
    found = store.rows(
        "SELECT d.known_to AS delivery, count(*) AS n FROM dropped d LEFT JOIN versions v ON v.row = d.row "
        "WHERE d.known_to IS NOT NULL AND v.next IS DISTINCT FROM d.known_to GROUP BY d.known_to"
    )
    return {row["delivery"]: row["n"] for row in found}
