"""A workspace of one force with three districts, small enough to be killed at every step of a run.

One source with a key and a suite. It starts with two years of months; the second delivery brings the next
quarter and revises the one before.
"""

from collections.abc import Iterable
from pathlib import Path

from pipeline.model.period import add_months, parse_month

PARTNERSHIP = """\
version: 1
name: Safer Ambridge Partnership
area: {code: A, name: Ambridge}
force:
  code: F
  name: Borsetshire
  districts: [{code: A, name: Ambridge}, {code: B, name: Borchester}, {code: C, name: Tŷ Gwyn}]
main_source: crimes
"""
SOURCES = """\
version: 1
sources:
  crimes:
    title: Crimes
    supplier: Borsetshire Police
    files: ["crimes_*.csv"]
    contract: crimes
    columns:
      crime_ref: Reference
      month: {from: Month, date_format: "%Y-%m"}
      category: {from: Category, allowed: [Burglary, Robbery]}
      district_code: District
    key: [crime_ref]
    every_month: true
"""
SUITE = """\
version: 1
complete:
  crime_ref: {at_least: 100}
"""
POLICIES = """\
version: 1
sources: {crimes: open}
"""
INDICATORS = """\
version: 1
defaults:
  source: crimes
  window: {kind: rolling, months: 12, ending: latest_complete}
  compare: [{to: previous_year}]
  govern: {owner: analyst}
indicators:
  burglary:
    title: Burglary
    measure: {type: count, unit: crimes, where: {category: {in: [Burglary]}}}
priorities:
  homes:
    title: Homes
    why: [Homes matter.]
    measures:
      less_burglary:
        title: Less burglary
        uses: [{use: burglary, want: down, headline: true}]
"""
CONFIG = {
    "partnership.yaml": PARTNERSHIP,
    "sources.yaml": SOURCES,
    "policies.yaml": POLICIES,
    "indicators.yaml": INDICATORS,
    "expectations/crimes.yaml": SUITE,
}
DISTRICTS = "ABC"
EACH_MONTH = 10  # crimes of a district


def three_areas(root: Path, *, is_judged: bool = True) -> Path:
    """A new workspace in `root`, with the extract of its first two years in the drop folder.

    Where deliveries are not judged it has no suite, and a run takes a fraction of the time.
    """
    for name, text in CONFIG.items():
        if name.startswith("expectations/") and not is_judged:
            continue
        path = root / "config" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    deliver(root, "crimes_2022_2023.csv", range(24), "2024-01-20")
    return root


def deliver_quarter(root: Path) -> None:
    """Drop the next quarter, with that before it as it is known now: one crime of it in six is no crime."""
    deliver(root, "crimes_2024_q1.csv", range(21, 27), "2024-04-20", left_out=6)


def deliver(root: Path, name: str, months: Iterable[int], received: str, left_out: int = 0) -> Path:
    """Drop an extract of the months with those numbers, counted from January 2022."""
    incoming = root / "data" / "incoming"
    incoming.mkdir(parents=True, exist_ok=True)
    rows = [
        f"{district}-{month}-{n},{add_months(parse_month('2022-01'), month):%Y-%m},{category(n)},{district}"
        for month in months
        for district in DISTRICTS
        for n in range(EACH_MONTH + month % 3)
        if not left_out or n % left_out
    ]
    path = incoming / name
    path.write_text("\n".join(["Reference,Month,Category,District", *rows]) + "\n")
    listed = incoming / "received.csv"
    if not listed.exists():
        listed.write_text("file,received,supplier\n")
    listed.write_text(f"{listed.read_text()}{name},{received},\n")
    return path


def category(number: int) -> str:
    """Two of three are burglaries."""
    return "Robbery" if number % 3 == 0 else "Burglary"
