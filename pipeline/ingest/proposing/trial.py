"""A draft tried: the file is read by it, as `ingest` would, and nothing of it is kept."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipeline.definitions.source import Source
from pipeline.errors import ExtractError
from pipeline.ingest import naming
from pipeline.ingest.mapping import BITS, Mapping
from pipeline.ingest.reading import MAPPED, File, read
from pipeline.ingest.rules import Rule
from pipeline.model.delivery import Extract
from pipeline.store import QueryError, Store


@dataclass(frozen=True, slots=True)
class Trial:
    """What a file became: its records, those that break no rule, and by header and reason those that do.

    `aside` rows are none of the source's; `doubtful` records break a rule that only flags. `stopped` says
    why it could not be read at all.
    """

    records: int = 0
    sound: int = 0
    refused: tuple[tuple[str, str, int], ...] = ()
    doubtful: tuple[tuple[str, str, int], ...] = ()
    stopped: str = ""
    aside: int = 0


def attempt(source: Source, path: Path, folder: Path, received: datetime) -> Trial:
    """Read the file, as received then, by the source's mapping, in memory and in `folder`."""
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    extract = Extract(
        delivery=f"{source.id}-0001",
        source=source.id,
        file_name=path.name,
        sha256=sha256,
        size_bytes=path.stat().st_size,
        received=received,
        supplier=source.supplier,
        encoding=source.encoding,
    )
    with Store.in_memory() as store:
        try:
            mapping = Mapping(source)
            naming.make_none(store, source.geography or "")
            (reading,) = read(store, mapping, [File(0, extract, path)], folder)
        except ExtractError as error:
            return Trial(stopped=str(error))
        except QueryError:
            return Trial(stopped="the database cannot read the file by this mapping")
        aside = 0
        if source.rows or source.present:
            aside = store.rows(f"SELECT count(*) AS n FROM {MAPPED} WHERE _aside")[0]["n"]
            store.execute(f"DELETE FROM {MAPPED} WHERE _aside")
        broken = _broken(store, mapping.rules, mapping.fault_columns)
        doubtful = _broken(store, mapping.flags, mapping.flag_columns)
        sound = store.rows(f"SELECT count(*) AS n FROM {MAPPED} WHERE {mapping.faultless}")[0]["n"]
    for refusal in reading.refusals:
        broken[refusal.column, refusal.reason] += 1
    records = reading.records + len(reading.refusals) - aside
    if aside and not records:
        return Trial(stopped=f"all of its {aside:,} rows are set aside; none is as `rows` or `present` says")
    return Trial(records, sound, _told(broken), _told(doubtful), aside=aside)


def _broken(store: Store, rules: Sequence[Rule], columns: Sequence[str]) -> Counter[tuple[str, str]]:
    """How many records break each rule, whose bits stand in `columns`."""
    counts = [
        f"count(*) FILTER (WHERE {columns[n // BITS]} & CAST({1 << n % BITS} AS UBIGINT) <> 0) AS r{n}"
        for n in range(len(rules))
    ]
    row = store.rows(f"SELECT {', '.join(counts)} FROM {MAPPED}")[0] if counts else {}
    found: Counter[tuple[str, str]] = Counter()
    for number, rule in enumerate(rules):
        found[rule.header, rule.reason] += row[f"r{number}"]
    return found


def _told(broken: Counter[tuple[str, str]]) -> tuple[tuple[str, str, int], ...]:
    return tuple((header, reason, count) for (header, reason), count in broken.items() if count)
