"""From delivered files to the warehouse: receive, read, map, check, quarantine, load, revise.

`run` does all of it. What it leaves in `data/curated/` can be made again from `data/raw/`.
"""

from pipeline.ingest.run import run

__all__ = ["run"]
