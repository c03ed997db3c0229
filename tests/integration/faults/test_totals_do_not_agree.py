"""A totals line that says other than the rows: the file was cut or changed."""

import pytest

from tests.integration.faults.told import GOOD, OTHER, stopped
from tests.unit.ingest.drop import CRIMES, HEADER, Drop


@pytest.mark.parametrize(
    ("footer", "line", "sentence"),
    [
        (
            {"starts_with": ["Total"], "sums": ["Crimes"]},
            "Total,,,,4",
            "crimes.csv: its totals line says that the sum of Crimes is 4, and 3 was read.",
        ),
        (
            {"starts_with": ["Records"], "records": "Month"},
            "Records,3,,,",
            "crimes.csv: its totals line says that the number of records is 3, and 2 was read.",
        ),
    ],
)
def test_totals_do_not_agree(drop: Drop, footer: dict[str, object], line: str, sentence: str) -> None:
    columns = {**CRIMES["columns"], "quantity": "Crimes"}
    drop.sources = {"crimes": {**CRIMES, "columns": columns, "footer": footer | {"required": False}}}
    drop.put("crimes_0_before.csv", f"{HEADER},Crimes\n{GOOD},1\n")
    drop.ingest()
    told = stopped(drop, "crimes.csv", f"{HEADER},Crimes\n{GOOD},1\n{OTHER},2\n{line}\n")
    assert told == f"{sentence} The file is cut short or was changed. Nothing was loaded: ask for it again."
