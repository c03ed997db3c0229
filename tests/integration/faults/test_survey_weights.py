"""Weights of a survey that cannot be used: loaded and told; each measure refuses or leaves them out."""

from typing import Any

from tests.integration.faults.told import quarantined
from tests.unit.ingest.drop import CRIMES, Drop, crimes

SURVEY: dict[str, Any] = {
    "title": "Survey",
    "supplier": "Council",
    "files": ["survey*"],
    "contract": "responses",
    "columns": {
        "respondent": "Respondent",
        "wave": {"constant": "2024"},
        "weight": "Weight",
        "safe": {"from": "Safe", "allowed": ["Yes", "No"]},
        "trust": {"from": "Trust", "type": "INTEGER", "least": 0, "most": 10},
    },
    "key": ["wave", "respondent"],
}


def test_survey_weights(drop: Drop) -> None:
    drop.sources = {"crimes": CRIMES, "survey": SURVEY}
    drop.put("crimes.csv", crimes("a,2024-01,Burglary,D1"))
    rows = ("1,1.2,Yes,0", "2,0,Yes,10", "3,-1.5,No,", "4,,No,5", "5,heavy,No,5", "6,inf,No,5", "7,nan,No,5")
    drop.put("survey.csv", "\n".join(("Respondent,Weight,Safe,Trust", *rows)) + "\n")
    (account,) = (one for one in drop.ingest().accounting if one.source == "survey")
    assert (account.read, account.loaded, account.quarantined) == (7, 4, 3)
    assert quarantined(drop) == [f"{line}: Weight: not a number" for line in (6, 7, 8)]
    (flag,) = account.flags
    assert (flag[0], flag[1], flag[3]) == ("Weight", "weight", 3)
    assert flag[2].startswith("missing, 0 or negative")
    lines = drop.rows("SELECT line FROM flagged WHERE source = 'survey' ORDER BY line")
    assert [row["line"] for row in lines] == [3, 4, 5]


def test_an_answer_outside_its_scale(drop: Drop) -> None:
    drop.sources = {"crimes": CRIMES, "survey": SURVEY}
    drop.put("crimes.csv", crimes("a,2024-01,Burglary,D1"))
    drop.put("survey.csv", "Respondent,Weight,Safe,Trust\n1,1,Yes,11\n2,1,No,10\n")
    drop.ingest()
    assert quarantined(drop) == ["2: Trust: not between 0 and 10"]
