"""From delivered files to the warehouse: receive, read, map, check, quarantine, load, revise.

`run` does all of it. What it leaves in `data/curated/` can be made again from `data/raw/`.
"""

from pipeline.ingest.run import deliveries_of, run

__all__ = ["deliveries_of", "run"]
