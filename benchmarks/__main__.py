"""`python -m benchmarks [--rows N]`: measure everything in one run and print it beside its budget."""

import argparse
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measuring import Line
from benchmarks.reporting import measure_report
from benchmarks.rules import measure_rules
from benchmarks.steps import measure_commands, measure_compute, measure_ingest, measure_memory
from benchmarks.streets import street_files


def measure(files: Path, rows: int, times: int, indicators: int) -> Iterator[Line]:
    """Every line, as soon as it is measured."""
    yield from measure_commands(files, times + 2)
    yield from measure_ingest(files, times)
    yield from measure_rules(rows, times)
    yield from measure_compute(files, times, indicators)
    yield from measure_memory(files, indicators)
    try:
        yield from measure_report(files, times)
    except ImportError as error:
        yield Line("report", None, note=str(error))


def main() -> None:
    """Read the options, make the files where they are not there yet, print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--rows",
        type=int,
        default=2_000_000,
        help="rows of the street files (2000000, the size that budgets are stated for)",
    )
    parser.add_argument("--indicators", type=int, default=100, help="indicators computed (100, at most 117)")
    parser.add_argument("--times", type=int, default=3, help="each is measured so often (3)")
    options = parser.parse_args()
    print(f"{options.rows:,} rows, each measured {options.times} times", flush=True)
    files = street_files(Path(__file__).parent / "data", options.rows)
    for line in measure(files, options.rows, options.times, options.indicators):
        print(line, flush=True)


if __name__ == "__main__":
    main()
