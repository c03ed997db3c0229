"""Codes that an SPSS file itself declares missing, days with a time, and scales labelled at their ends."""

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat

from tests.unit.ingest.drop import CRIMES, Drop, crimes

SURVEY: dict[str, Any] = {
    "title": "Survey",
    "supplier": "Partnership",
    "files": ["survey*"],
    "contract": "responses",
    "key": ["respondent"],
    "columns": {
        "respondent": "id",
        "wave": {"constant": "2024"},
        "completed_on": "day",
        "age": {"from": "age", "type": "INTEGER"},
        "scale": {"from": "scale", "type": "DOUBLE"},
        "sex": "sex",
    },
}
ANSWERS = pd.DataFrame(
    {
        "id": [1.0, 2, 3, 4],
        "day": pd.to_datetime(["2024-01-05 10:00"] * 4),
        "age": [34.0, 99, -9, float("nan")],
        "scale": [1.0, 2, 8, 9],
        "sex": [1.0, 2, 8, 9],
    }
)


def test_what_the_file_declares_missing_is_not_recorded(tmp_path: Path) -> None:
    made = tmp_path / "made.sav"
    pyreadstat.write_sav(
        ANSWERS,
        str(made),
        missing_ranges={"age": [99, -9], "scale": [{"lo": 8, "hi": 9}], "sex": [8, 9]},
        variable_value_labels={
            "sex": {1: "Male", 2: "Female", 9: "Refusal"},
            "scale": {1: "Not at all", 9: "Completely"},
        },
    )
    drop = Drop(tmp_path / "workspace", sources={"crimes": CRIMES, "survey": SURVEY})
    drop.put("crimes.csv", crimes("a,2024-01,Burglary,D1"))
    drop.put("survey.sav", made.read_bytes())
    accounts = {account.source: account for account in drop.ingest().accounting}
    rows = drop.rows("SELECT completed_on, age, scale, sex FROM survey ORDER BY respondent")
    assert [tuple(row.values()) for row in rows] == [
        (date(2024, 1, 5), 34, 1.0, "Male"),
        (date(2024, 1, 5), None, 2.0, "Female"),
        (date(2024, 1, 5), None, None, None),
        (date(2024, 1, 5), None, None, "Refusal"),
    ]
    assert accounts["survey"].notes[:3] == (
        "age: 2 answers that the file declares missing, not recorded",
        "scale: 2 answers that the file declares missing, not recorded",
        "sex: 1 answer that the file declares missing, not recorded",
    )
