"""From delivered files to the warehouse: receive, read, map, check, quarantine, load, revise.

`run` does all of it. What it leaves in `data/curated/` can be made again from `data/raw/`.
"""

from pipeline.ingest.run import acceptances_of, deliveries_of, lacking, run
from pipeline.ingest.vintage import deliveries_as_at, known_at, warehouse

__all__ = ["acceptances_of", "deliveries_as_at", "deliveries_of", "known_at", "lacking", "run", "warehouse"]
