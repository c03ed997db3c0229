"""A column that the supplier renamed."""

from tests.integration.faults.told import GOOD, stopped
from tests.unit.ingest.drop import Drop, crimes


def test_renamed_column(drop: Drop) -> None:
    assert stopped(drop, "crimes.csv", crimes(GOOD).replace("Category", "Categories")) == (
        "crimes.csv: source crimes expects columns that the file does not have.\n"
        "  expected: Category   did you mean: Categories?\n"
        "  found: Reference, Month, Categories, District\n"
        "  Next: if the supplier renamed a column from this file on, say so under `crimes: formats:` in "
        'config/sources.yaml (`- {file: "crimes.csv", columns: ...}`); earlier files keep what '
        "`crimes: columns:` says. If no file ever had it, correct it there. Otherwise ask for the file again."
    )
