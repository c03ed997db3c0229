"""`Total,,,1` at the end of a file is no crime, whether or not it was declared."""

from tests.integration.faults.told import GOOD, OTHER, quarantined
from tests.unit.ingest.drop import CRIMES, HEADER, Drop, crimes


def test_declared_totals_line_is_a_footer(drop: Drop) -> None:
    columns = {**CRIMES["columns"], "quantity": "Crimes"}
    footer = {"starts_with": ["Total"], "sums": ["Crimes"]}
    drop.sources = {"crimes": {**CRIMES, "columns": columns, "footer": footer}}
    drop.put("crimes.csv", f"{HEADER},Crimes\n{GOOD},1\n{OTHER},2\nTotal,,,,3\n")
    accounting = drop.account()
    assert (accounting.read, accounting.loaded, accounting.footer_lines) == (2, 2, 1)
    assert accounting.closes


def test_undeclared_totals_line_is_refused_with_its_line(drop: Drop) -> None:
    drop.put("crimes.csv", crimes(GOOD, "Total,,,1"))
    drop.ingest()
    assert quarantined(drop) == ["3: Month: empty, and every record must have it"]
