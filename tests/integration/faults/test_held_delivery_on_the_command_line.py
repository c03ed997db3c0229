"""Half a quarter arrives unattended: the run says why it waits, and the command it prints takes it."""

import json
import shlex
import shutil
from pathlib import Path

import pytest

from tests.conftest import BuiltWorkspace, Run

FILE = "demo_police_crimes_2023-07_2023-09.csv"


@pytest.fixture(scope="module")
def workspace(
    demonstration: BuiltWorkspace, assessment: Run, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The demonstration with its next quarter in the drop folder, every other crime left out of it."""
    root = tmp_path_factory.mktemp("held") / "workspace"
    shutil.copytree(demonstration.root, root)
    assert assessment("demo", "--quarter", "--workspace", root).returncode == 0
    path = root / "data" / "incoming" / FILE
    header, *rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join([header, *rows[::2]]), encoding="utf-8")
    return root


def test_an_unattended_run_exits_17_and_the_printed_command_takes_it(
    workspace: Path, assessment: Run
) -> None:
    before = sorted((workspace / "reports" / "editions").iterdir())
    run = assessment("refresh", "--workspace", workspace)
    assert run.returncode == 17, run.stderr
    assert f"{FILE} is held, as police_crimes-0007, and was not loaded:" in run.stderr
    assert " against a median of " in run.stderr
    assert "Traceback" not in run.stderr
    assert sorted((workspace / "reports" / "editions").iterdir()) == before

    shown = assessment("quality", "police_crimes-0007", "--json", "--workspace", workspace)
    (told,) = json.loads(shown.stdout)["deliveries"]
    assert (told["standing"], told["decision"]) == ("held", None)

    (printed,) = (line for line in run.stderr.splitlines() if "--accept" in line)
    command = shlex.split(printed.replace("NAME", "A. Analyst").replace("TEXT", "agreed with the force"))
    assert command[0] == "assessment"
    taken = assessment(*command[1:], "--workspace", workspace)
    assert taken.returncode == 0, taken.stderr
    assert "police_crimes-0007: accepted by A. Analyst" in taken.stderr
    shown = assessment("quality", "--json", "--workspace", workspace)
    by_id = {one["delivery"]: one for one in json.loads(shown.stdout)["deliveries"]}
    assert by_id["police_crimes-0007"]["standing"] == "accepted"
    assert by_id["police_crimes-0007"]["decision"]["reason"] == "agreed with the force"
    assert {one["standing"] for name, one in by_id.items() if name != "police_crimes-0007"} == {"passed"}


def test_a_decision_needs_a_name_and_a_reason(workspace: Path, assessment: Run) -> None:
    run = assessment(
        "ingest", "--accept", "police_crimes-0007", "--by", "A. Analyst", "--workspace", workspace
    )
    assert run.returncode == 2
    assert "--accept, --by and --reason go together" in run.stderr


def test_the_edition_has_a_page_on_its_deliveries(demonstration: BuiltWorkspace) -> None:
    page = (demonstration.edition / "quality.html").read_text(encoding="utf-8")
    assert "judged deliveries were as expected" in page
    assert "Crime ref: at least 100 % of the rows have a value" in page
    assert "http" not in page.partition("</style>")[2].partition("<svg")[0]
