"""References of people and addresses become keyed hashes on the way in."""

import hmac
from collections.abc import Iterable

from pipeline.ingest.casting import quoted
from pipeline.ingest.mapping import Mapping
from pipeline.ingest.reading import MAPPED
from pipeline.store import Store

HASHES = "hashes"
REFERENCES_OF_A_BATCH = 100_000


def hash_of(secret: bytes, reference: str) -> str:
    """What stands for a reference in the curated tables."""
    return _hashes(secret, [reference])[0]


def hash_references(store: Store, mapping: Mapping, secret: bytes) -> None:
    """Make the temporary table `hashes` (raw, hashed): HMAC-SHA-256 of every distinct reference.

    Distinct values are hashed once here and joined, which is many times faster than hashing rows. Few are
    Python's at a time: two million of them would take a gigabyte.
    """
    import pyarrow as pa

    distinct = " UNION ALL ".join(f"SELECT {quoted(name)} AS raw FROM {MAPPED}" for name in mapping.hashed)
    raw = store.fetch(f"SELECT DISTINCT raw FROM ({distinct}) WHERE raw IS NOT NULL")
    store.execute(f"CREATE OR REPLACE TEMP TABLE {HASHES} (raw VARCHAR, hashed VARCHAR)")
    for batch in raw.to_batches(max_chunksize=REFERENCES_OF_A_BATCH):
        hashed = pa.array(_hashes(secret, batch["raw"].to_pylist()), pa.string())
        store.create("batch", pa.table({"raw": batch["raw"], "hashed": hashed}), temporary=True)
        store.execute(f"INSERT INTO {HASHES} SELECT raw, hashed FROM batch")
        store.execute("DROP TABLE batch")


def _hashes(secret: bytes, references: Iterable[str]) -> list[str]:
    """The keyed hashes of some references; a copy of a keyed hash costs half of a new one."""
    keyed = hmac.new(secret, b"reference:", "sha256")
    found = []
    for reference in references:
        one = keyed.copy()
        one.update(reference.encode())
        found.append(one.hexdigest())
    return found
