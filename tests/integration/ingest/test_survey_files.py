"""SPSS files: a survey from the file as it is delivered to the weighted figure."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat
import pytest

from pipeline import ingest
from pipeline.compute import observe
from pipeline.definitions.indicator import Indicator
from pipeline.definitions.parts import resolved_from_parts
from pipeline.errors import ExtractError
from pipeline.model.observation import Observation
from pipeline.store import Store
from tests.unit.ingest.drop import CRIMES, Drop, crimes

RECEIVED = datetime(2024, 5, 1, tzinfo=UTC)
UNSAFE = ["A bit unsafe", "Very unsafe"]
SURVEY: dict[str, Any] = {
    "title": "Crime survey", "supplier": "ONS", "files": ["*.sav"], "contract": "responses",
    "columns": {
        "respondent": "rowlabel",
        "wave": {"constant": "2013/14"},
        "weight": "IndivWgtx",
        "district_code": {"constant": "D1"},
        "walk_dark": {
            "from": "walkdark",
            "allowed": ["Very safe", "Fairly safe", *UNSAFE],
            "empty": ["Refusal", "Don't know"],
        },
    },
    "key": ["wave", "respondent"],
    "sample_design": "probability",
    "waves": {"2013/14": {"start": "2013-04-01", "end": "2014-03-31"}},
}  # fmt: skip
INDICATOR = {
    "id": "unsafe_after_dark",
    "title": "Feels unsafe walking alone after dark",
    "source": "survey",
    "measure": {
        "type": "survey",
        "among": {"walk_dark": {"answered": True}},
        "where": {"walk_dark": {"in": UNSAFE}},
        "min_base": 1,
    },
    "window": {"kind": "wave", "ending": "latest"},
    "govern": {"owner": "analyst"},
}


def observed(drop: Drop, survey: Path) -> tuple[Drop, Observation]:
    """The indicator in a workspace that received the survey's file."""
    drop.sources = {"crimes": CRIMES, "survey": SURVEY}
    drop.put("crimes.csv", crimes("a,2024-01,Burglary,D1"))
    drop.put("survey.sav", survey.read_bytes())
    asked = Indicator.model_validate(INDICATOR)
    definitions = drop.definitions.model_copy(update={"indicators": resolved_from_parts({asked.id: asked})})
    deliveries = ingest.run(drop.workspace, definitions, [drop.incoming], RECEIVED)
    with Store.reading(drop.workspace.warehouse) as store:
        found = observe(store, definitions, deliveries, date(2024, 5, 1))
    (only,) = [one for one in found if not one.breakdown]
    return drop, only


def test_crime_survey_of_england_and_wales(tmp_path: Path, open_data: Path) -> None:
    drop, found = observed(Drop(tmp_path / "workspace"), open_data / "survey" / "csew1314teachingopen.sav")
    answered = drop.rows("SELECT count(*) AS n, count(walk_dark) AS answered FROM survey")
    assert answered == [{"n": 8_843, "answered": 2_057}]
    assert found.denominator == 2_057
    assert found.value == pytest.approx(28.7, abs=0.05)


ANSWERS = pd.DataFrame(
    {
        "rowlabel": [1.0, 2.0, 3.0, 4.0, 5.0],
        "IndivWgtx": [0.5, 1.5, 1.0, 1.0, 2.0],
        "walkdark": [1.0, 4.0, 9.0, None, 3.0],
        "notes": ["", "", "", "", "a name"],
    }
)
LABELS: dict[int | float, str] = {
    1: "Very safe",
    2: "Fairly safe",
    3: "A bit unsafe",
    4: "Very unsafe",
    8: "Refusal",
    9: "Don't know",
}


def written(path: Path, answers: pd.DataFrame) -> Path:
    pyreadstat.write_sav(
        answers, str(path), variable_value_labels={"walkdark": LABELS}, missing_ranges={"walkdark": [8, 9]}
    )
    return path


def test_answers_are_their_labels_and_user_missing_ones_are_not_recorded(tmp_path: Path) -> None:
    drop, found = observed(Drop(tmp_path / "workspace"), written(tmp_path / "made.sav", ANSWERS))
    rows = drop.rows("SELECT respondent, weight, walk_dark FROM survey ORDER BY respondent")
    assert [tuple(row.values()) for row in rows] == [
        ("1", 0.5, "Very safe"), ("2", 1.5, "Very unsafe"), ("3", 1.0, None), ("4", 1.0, None),
        ("5", 2.0, "A bit unsafe"),
    ]  # fmt: skip
    assert found.value == pytest.approx(100 * 3.5 / 4)
    accounting = {a.source: a for a in drop.ingest().accounting}["survey"]
    assert accounting.extra_columns == ("notes",)
    assert b"a name" not in drop.workspace.warehouse.read_bytes()


def test_code_that_nobody_declared_is_refused_by_its_row(tmp_path: Path) -> None:
    answers = ANSWERS.assign(walkdark=[1.0, 4.0, 7.0, float("nan"), 3.0])
    drop, _ = observed(Drop(tmp_path / "workspace"), written(tmp_path / "made.sav", answers))
    assert drop.rows('SELECT line, "column", reason FROM quarantine') == [
        {"line": 3, "column": "walkdark", "reason": "not one of the 4 values declared for it"}
    ]


def test_damaged_spss_file(tmp_path: Path) -> None:
    made = written(tmp_path / "made.sav", ANSWERS)
    made.write_bytes(made.read_bytes()[:200])
    with pytest.raises(ExtractError) as error:
        observed(Drop(tmp_path / "workspace"), made)
    assert str(error.value) == "survey.sav: the SPSS file is damaged; ask the supplier for it again"
