"""Retention: which extracts are kept longer than their source says they may be."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pipeline.definitions.source import Source
from pipeline.ingest import ledger
from pipeline.ingest.receive import LEDGER
from pipeline.model.period import add_months
from pipeline.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Overstaying:
    """A delivery whose extract was to be kept until a day that has passed."""

    delivery: str
    file_name: str
    until: date


def overstaying(workspace: Workspace, sources: Mapping[str, Source], today: date) -> tuple[Overstaying, ...]:
    """The deliveries past the end of the month in which their source's `retain_months` are over."""
    found = []
    for line in ledger.current(ledger.read(workspace.raw / LEDGER)):
        months = sources[line.source].retain_months if line.source in sources else None
        if months is not None:
            received = datetime.fromisoformat(line.received).date()
            until = add_months(received.replace(day=1), months + 1) - timedelta(days=1)
            if until < today:
                found.append(Overstaying(line.delivery, line.file, until))
    return tuple(found)
