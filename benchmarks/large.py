"""`python -m benchmarks.large [--rows N]`: an ingest of far more rows than its database may hold in memory.

Its totals are compared with a count of the lines of the files, made without a database. The files of
20 million rows take 4 GB, and the run another 10 GB while it lasts.
"""

import argparse
import resource
from collections import Counter
from pathlib import Path

from benchmarks.measuring import seconds
from benchmarks.streets import ANTISOCIAL, CATEGORIES, street_files
from benchmarks.workspaces import CONFIG, fresh_workspace, run_ingest
from pipeline.definitions.load import load
from pipeline.ingest.run import MEMORY
from pipeline.store import Store

Totals = Counter[tuple[str, str]]  # by month and category


def counted(files: Path) -> Totals:
    """The rows that count, by month and category: known categories, a repeated crime once."""
    totals: Totals = Counter()
    for path in sorted(files.glob("police_street/*.csv")):
        with path.open() as lines:
            before = next(lines)
            for line in lines:
                values = line.split(",")
                if values[9] in CATEGORIES and (line != before or values[9] == ANTISOCIAL):
                    totals[values[1], values[9]] += 1
                before = line
    return totals


def stored(store: Store) -> Totals:
    """The same of the warehouse."""
    rows = store.rows(
        "SELECT strftime(month, '%Y-%m') AS month, category, count(*) AS n FROM (SELECT month, category "
        "FROM police_street UNION ALL SELECT month, category FROM police_street_incidents) GROUP BY ALL"
    )
    return Counter({(row["month"], row["category"]): row["n"] for row in rows})


def main() -> None:
    """Ingest, compare, print what it took."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.large", description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000_000, help="rows of the street files (20000000)")
    files = street_files(Path(__file__).parent / "data", parser.parse_args().rows)
    with fresh_workspace() as workspace:
        taken = seconds(lambda: run_ingest(workspace, load(CONFIG), files))
        peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10
        with Store.reading(workspace.warehouse) as store:
            loaded = stored(store)
    expected = counted(files)
    if loaded != expected:
        raise SystemExit(f"{loaded.total():,} rows were loaded and {expected.total():,} should have been")
    print(f"{expected.total():,} rows loaded, as many as counted, in {len(expected):,} months and categories")
    print(f"database limit {MEMORY}, peak of the process {peak_mib:,.0f} MiB")
    print(f"{taken:.0f} s, {taken.processor:.0f} s of a processor")


if __name__ == "__main__":
    main()
