"""What the warehouse says of itself: the deliveries it was made of, and the digest that says so."""

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import asdict, astuple
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pipeline.definitions.resolved import Definitions
from pipeline.ingest.mapping import Mapping
from pipeline.model.acceptance import MonthDecision
from pipeline.model.contract import CONTRACTS
from pipeline.model.correction import CorrectionResult, CorrectionState
from pipeline.model.delivery import (
    Accounting,
    Coverage,
    Deliveries,
    Extract,
    FieldCoverage,
    MonthCoverage,
    MonthState,
)
from pipeline.model.revision import RevisedMonth, RevisionCount, RevisionKind
from pipeline.store import QueryError, Rows, Store
from pipeline.workspace import Workspace, sha256_of, write_whole

PACKAGE = Path(__file__).parents[1]
TABLE = "deliveries"
SEAL = "warehouse.sha256"
CODE = ("ingest/*.py", "model/contract.py", "definitions/source.py", "store.py")
WORDS = {
    "like",  # what it says is in the source
    "title",
    "publisher_page",
    "licence",
    "published_on",
    "caveats",
    "codes",
    "expected",
    "retain_months",
}  # of a source: no row depends on them


def digest_of(
    definitions: Definitions,
    extracts: Sequence[Extract],
    workspace: Workspace,
    in_force: Sequence[bool],
    decided: Sequence[MonthDecision],
) -> str:
    """sha256 over all that decides what the warehouse holds: extracts, mappings, contract, code.

    `in_force` says of each correction whether it holds on the day; `decided` are months taken as whole.

    Where references were hashed, so is the digest, with the same secret: another secret is another
    warehouse, and the digest tells nothing of it.
    """
    delivered = {extract.source for extract in extracts}
    hashed = any(Mapping(s).hashed for s in definitions.sources.values() if s.id in delivered)
    digest = hmac.new(workspace.secret(), digestmod="sha256") if hashed else hashlib.sha256()
    for extract in extracts:
        digest.update(f"{extract.delivery} {extract.sha256} {extract.received} {extract.accepted}\n".encode())
    for source in definitions.sources.values():
        digest.update(source.model_dump_json(exclude=WORDS).encode())
    for line, correction in zip(definitions.correction_lines, definitions.corrections, strict=True):
        digest.update(f"{line} {correction.model_dump_json()}".encode())
    digest.update(repr((tuple(in_force), *decided)).encode())
    digest.update(definitions.partnership.area.model_dump_json().encode())
    digest.update(definitions.partnership.force.model_dump_json().encode())
    digest.update(repr(CONTRACTS).encode())
    for pattern in CODE:
        for path in sorted(PACKAGE.glob(pattern)):
            digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


def seal(workspace: Workspace) -> None:
    """Note the hash of the warehouse as it was made, in `data/receipts/`. Nothing writes to it after that."""
    seal_file = workspace.private_folder(workspace.receipts) / SEAL
    write_whole(seal_file, f"{sha256_of(workspace.warehouse)}\n")


def is_sealed(workspace: Workspace) -> bool:
    """Whether the warehouse is, byte for byte, the one that was made last."""
    seal_file = workspace.receipts / SEAL
    return (
        seal_file.is_file()
        and workspace.warehouse.is_file()
        and seal_file.read_text(encoding="utf-8").strip() == sha256_of(workspace.warehouse)
    )


def load(warehouse: Path) -> Deliveries | None:
    """The deliveries that the warehouse was made of; None where there is none or it is of another shape."""
    if not warehouse.is_file():
        return None
    try:
        with Store.reading(warehouse) as store:
            stored = json.loads(store.rows(f"SELECT json FROM {TABLE}")[0]["json"])
        return Deliveries(
            extracts=tuple(Extract(**_dated(row)) for row in stored["extracts"]),
            accounting=tuple(
                Accounting(**{k: _frozen(v) for k, v in row.items()}) for row in stored["accounting"]
            ),
            coverage=Coverage(
                tuple(
                    MonthCoverage(source, area, date.fromisoformat(month), rows, MonthState(state), note)
                    for source, area, month, rows, state, note in stored["months"]
                ),
                frozenset(stored["undated"]),
                tuple(
                    FieldCoverage(source, field, rows, filled, _places(empty), _places(low))
                    for source, field, rows, filled, empty, low in stored["fields"]
                ),
            ),
            warehouse_digest=stored["warehouse_digest"],
            revisions=tuple(
                RevisionCount(delivery, source, RevisionKind(kind), records, rows)
                for delivery, source, kind, records, rows in stored["revisions"]
            ),
            revised_months=tuple(
                RevisedMonth(delivery, source, date.fromisoformat(month), district, column)
                for delivery, source, month, district, column in stored["revised_months"]
            ),
            corrections=tuple(_correction(row) for row in stored["corrections"]),
            made_on=date.fromisoformat(stored["made_on"]),
        )
    except (QueryError, ValueError, KeyError, TypeError):
        return None


def save(store: Store, deliveries: Deliveries) -> None:
    """Put the deliveries into the warehouse that is being built of them, so that the two cannot part."""
    coverage = deliveries.coverage
    stored = {
        "warehouse_digest": deliveries.warehouse_digest,
        "extracts": [asdict(extract) for extract in deliveries.extracts],
        "accounting": [asdict(accounting) for accounting in deliveries.accounting],
        "undated": sorted(coverage.undated),
        "fields": [astuple(field) for field in coverage.fields],
        "revisions": [astuple(count) for count in deliveries.revisions],
        "revised_months": [astuple(month) for month in deliveries.revised_months],
        "made_on": deliveries.made_on,
        "corrections": [asdict(result) for result in deliveries.corrections],
        "months": [[m.source, m.area_code, m.month, m.rows, m.state.value, m.note] for m in coverage.months],
    }
    store.create(TABLE, Rows({"json": "VARCHAR"}, [{"json": json.dumps(stored, default=_iso)}]))


def _places(written: list[list[str]]) -> tuple[tuple[str, date], ...]:
    return tuple((area, date.fromisoformat(month)) for area, month in written)


def _iso(value: object) -> str:
    assert isinstance(value, date | datetime)
    return value.isoformat()


def _dated(row: dict[str, Any]) -> dict[str, Any]:
    months = {
        name: date.fromisoformat(row[name]) if row[name] else None for name in ("first_month", "last_month")
    }
    moments = {
        name: datetime.fromisoformat(row[name]) if row[name] else None for name in ("received", "accepted")
    }
    return row | months | moments


def _correction(row: dict[str, Any]) -> CorrectionResult:
    days = {name: date.fromisoformat(row[name]) for name in ("on", "until")}
    return CorrectionResult(**row | days | {"state": CorrectionState(row["state"])})


def _frozen(value: Any) -> Any:
    """JSON has lists where the values have tuples."""
    return tuple(map(_frozen, value)) if isinstance(value, list) else value
