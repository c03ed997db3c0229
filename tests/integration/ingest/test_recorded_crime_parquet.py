"""The Home Office's recorded crime by force, quarter and offence, as Parquet: counted again with pandas."""

from pathlib import Path
from typing import Any

import pandas as pd

from tests.unit.ingest.drop import CRIMES, Drop, crimes

RECORDED: dict[str, Any] = {
    "title": "Recorded crime by force area", "supplier": "Home Office", "files": ["prc_pfa_long.parquet"],
    "contract": "returns",
    "columns": {
        "item": "Offence Code",
        "area_code": "Force",
        "period_start": {
            "from": "FY",
            "values": {f"{year}/{(year + 1) % 100:02d}": f"{year}-04-01" for year in range(2012, 2026)},
        },
        "period_end": {
            "from": "FY",
            "values": {f"{year}/{(year + 1) % 100:02d}": f"{year + 1}-04-01" for year in range(2012, 2026)},
        },
        "value": "n",
    },
    "rows": {"territorial": ["true"]},
    "ignored": ["Financial Quarter", "Offence Description", "Group", "Offence Subgroup"],
}  # fmt: skip


def test_recorded_crime_by_force_equals_pandas(tmp_path: Path, open_data: Path) -> None:
    path = open_data / "home_office" / "prc_pfa_long.parquet"
    drop = Drop(tmp_path / "workspace", {"crimes": CRIMES, "recorded": RECORDED})
    drop.put("crimes.csv", crimes("a,2024-01,Burglary,D1"))
    drop.put(path.name, path.read_bytes())
    accounting = {a.source: a for a in drop.ingest().accounting}["recorded"]
    theirs = pd.read_parquet(path)
    assert accounting.read + accounting.set_aside == len(theirs) == 321_893
    assert (accounting.quarantined, accounting.extra_columns) == (0, ())
    theirs = theirs[theirs["territorial"]]
    counted = theirs.groupby(["Force", "FY"], as_index=False)["n"].sum()
    ours = drop.rows(
        "SELECT area_code, year(period_start) AS year, sum(value) AS n FROM recorded GROUP BY ALL"
    )
    assert {(row["area_code"], row["year"]): row["n"] for row in ours} == {
        (force, int(year[:4])): n
        for force, year, n in zip(counted["Force"], counted["FY"], counted["n"], strict=True)
    }
