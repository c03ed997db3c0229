"""What the commands print of the accounting: where every record of every file went."""

from collections.abc import Iterable
from typing import Any

from pipeline.model.delivery import Accounting, Deliveries

RECORDS = (
    "read",
    "loaded",
    "unchanged",
    "quarantined",
    "identical",
    "conflicting",
    "superseded",
    "set_aside",
)
LINES = ("physical", "preamble", "header", "blank", "footer", "record")


def accounting_json(account: Accounting) -> dict[str, Any]:
    """One file for machines.

    `read` is the sum of `loaded`, `unchanged`, `quarantined`, `identical` and `conflicting`; `superseded` are
    some of the loaded, and `set_aside` are no records. Of `lines`, `physical` is the sum of the others; all
    are null in formats without lines.
    """
    return {
        "file": account.file_name,
        "delivery": account.delivery,
        "source": account.source,
        **{name: getattr(account, name) for name in RECORDS},
        "lines": {name: getattr(account, f"{name}_lines") for name in LINES},
        "flagged": [
            dict(zip(("column", "rule", "reason", "rows"), flag, strict=True)) for flag in account.flags
        ],
        "notes": list(account.notes),
    }


def flagged_lines(deliveries: Deliveries) -> Iterable[str]:
    """Rows that were loaded although something about them is doubtful, a line for each source and rule."""
    found: dict[tuple[str, str, str], list[int]] = {}
    for account in deliveries.accounting:
        for header, _, reason, rows in account.flags:
            found.setdefault((account.source, header, reason), []).append(rows)
    for (source, header, reason), counts in found.items():
        files = f", in {len(counts):,} files" if len(counts) > 1 else ""
        noun = "row" if sum(counts) == 1 else "rows"
        yield f"{source}: {sum(counts):,} {noun} loaded and flagged{files}: {header}: {reason}"


def set_aside_lines(deliveries: Deliveries) -> Iterable[str]:
    """Rows that are no records of their source, a line for each source."""
    for source in dict.fromkeys(account.source for account in deliveries.accounting):
        counts = [a.set_aside for a in deliveries.accounting if a.source == source and a.set_aside]
        if counts:
            files = f" of {len(counts):,} files" if len(counts) > 1 else ""
            rows = "row" if sum(counts) == 1 else "rows"
            yield (
                f"{source}: {sum(counts):,} {rows}{files} set aside: not among those that its `rows:` or "
                "`present:` asks for"
            )
