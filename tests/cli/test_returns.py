"""`assessment returns`: who owes what, at 80 columns, as JSON, and as messages to send."""

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from tests.conftest import BuiltWorkspace, Run

HEADER = "supplier                         on time   late  overdue  not yet due  revised"


def test_the_demonstration_owes_three_and_had_two_late(
    demonstration: BuiltWorkspace, assessment: Run
) -> None:
    run = assessment("returns", "--workspace", demonstration.root)
    assert run.returncode == 0, run.stderr
    lines = run.stdout.splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[:2] == ["as at 2023-06-30, for periods that were over", HEADER]
    assert "Probation Service                      3      1        0            1        0" in lines
    told = " ".join(line.strip() for line in lines)
    assert (
        "Neighbourhood watch (coordinator), People who take part in crime prevention in their area: "
        "2022-04 to 2023-03, due 2023-05-31, 30 days ago"
    ) in told
    assert "2022-07 to 2022-09: due 2022-10-30, came 81 days later" in told
    assert "2022-10 to 2022-12: on 2023-04-20" in told


def test_json(demonstration: BuiltWorkspace, assessment: Run) -> None:
    run = assessment("returns", "--json", "--workspace", demonstration.root)
    told = json.loads(run.stdout)
    assert told["as_at"] == "2023-06-30"
    states = [one["state"] for one in told["returns"]]
    assert {state: states.count(state) for state in states} == {
        "received": 19,
        "late": 2,
        "overdue": 3,
        "not_yet_due": 14,
    }
    late = next(o for o in told["returns"] if o["supplier"] == "Probation Service" and o["state"] == "late")
    assert (late["due"], late["received"], late["days_late"]) == ("2022-10-30", "2023-01-19", 81)


def test_as_at_an_earlier_day_what_came_later_is_owed(demonstration: BuiltWorkspace, assessment: Run) -> None:
    run = assessment("returns", "--as-at", "2022-12-31", "--json", "--workspace", demonstration.root)
    found = [o for o in json.loads(run.stdout)["returns"] if o["state"] == "overdue"]
    assert [(o["supplier"], o["period"], o["days_late"]) for o in found] == [
        ("Probation Service", "2022-07/2022-09", 62)
    ]


def test_as_at_a_delivery_before_the_police_delivered(demonstration: BuiltWorkspace, assessment: Run) -> None:
    run = assessment(
        "returns", "--as-at", "partner_returns-0016", "--json", "--workspace", demonstration.root
    )
    told = json.loads(run.stdout)
    assert told["as_at"] == "2023-01-30"
    states = {(o["supplier"], o["period"]): o["state"] for o in told["returns"]}
    assert states["Probation Service", "2022-07/2022-09"] == "late"


def test_letters_name_what_is_missing_and_hold_no_figure(
    demonstration: BuiltWorkspace, assessment: Run
) -> None:
    run = assessment("returns", "--letters", "--workspace", demonstration.root)
    letters = run.stdout.split("\n" + "-" * 80 + "\n")
    assert [letter.strip().splitlines()[0] for letter in letters] == [
        "To: Education and VAWG providers, commissioning lead",
        "To: Hate crime reporting centres, coordinator",
        "To: Neighbourhood watch, coordinator",
    ]
    assert "and not as zero" in " ".join(letters[0].split())


@pytest.fixture
def undated(demonstration: BuiltWorkspace, tmp_path: Path) -> Path:
    """The demonstration with no date of its own."""
    root = tmp_path / "workspace"
    shutil.copytree(demonstration.root, root)
    file = root / "config" / "partnership.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("as_at: 2023-06-30\n", ""), encoding="utf-8")
    return root


def test_without_a_date_it_is_today_that_counts(undated: Path, assessment: Run) -> None:
    before = date.today()  # noqa: DTZ011 - the edge, which the test is about
    told = json.loads(assessment("returns", "--json", "--workspace", undated).stdout)
    assert date.fromisoformat(told["as_at"]) >= before.replace(day=1)
    assert all(one["state"] != "not_yet_due" for one in told["returns"] if one["due"] < before.isoformat())
