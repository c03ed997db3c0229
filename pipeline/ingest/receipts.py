"""Receipts: what lies beside each stored file and says for whom, from whom and when it was received."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from pipeline.workspace import Workspace, write_whole

RECEIPT = ".receipt.json"  # no file that is searched for starts with a point


def write_receipt(workspace: Workspace, sha256: str, deliveries: Sequence[Mapping[str, object]]) -> None:
    """Write the sidecar of a stored file: the deliveries that it is, as the ledger has them."""
    text = json.dumps({"deliveries": deliveries}, indent=1) + "\n"
    write_whole(workspace.raw / sha256 / RECEIPT, text)


def is_untouched(path: Path, size_bytes: int) -> bool:
    """Whether a stored file has its size and was not written to since its receipt was written."""
    receipt = path.with_name(RECEIPT)
    if not path.is_file() or not receipt.is_file():
        return False
    now = path.stat()
    return now.st_size == size_bytes and now.st_mtime_ns <= receipt.stat().st_mtime_ns
