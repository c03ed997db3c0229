"""From delivered files to the warehouse: receive, read, map, check, quarantine, load, revise.

`run` does all of it. What it leaves in `data/curated/` can be made again from `data/raw/`.
"""

from pipeline.ingest.corrections import stale_corrections
from pipeline.ingest.requiring import lacking
from pipeline.ingest.retention import Overstaying, overstaying
from pipeline.ingest.returns import expected_returns
from pipeline.ingest.run import acceptances_of, deliveries_of, run, undeclared_in
from pipeline.ingest.trying import unusable_mappings
from pipeline.ingest.verifying import require_unaltered
from pipeline.ingest.vintage import deliveries_as_at, known_at, warehouse

__all__ = [
    "Overstaying",
    "acceptances_of",
    "deliveries_as_at",
    "deliveries_of",
    "expected_returns",
    "known_at",
    "lacking",
    "overstaying",
    "require_unaltered",
    "run",
    "stale_corrections",
    "undeclared_in",
    "unusable_mappings",
    "warehouse",
]
