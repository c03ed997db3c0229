"""Case 2: a run that is stopped undoes what is under way, says so, and lets go of the workspace."""

import os
import re
import shutil
import signal
from pathlib import Path

import pytest

from tests.integration.killed import State, Step, output, run, state
from tests.three_areas import deliver_quarter, three_areas

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals are those of POSIX")
BUILD = ("build", "--edition", "board")
COPY = Step("copy the file", "open", r"^data/raw/\.[^/]*\.part$")
READ = Step("read", "shutil.rmtree", r"^data/curated/\.warehouse\.duckdb\.")
WRITE = Step("write the page", "open", r"^reports/editions/\.board\.new/assessment\.html$")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with an edition, and the next quarter in its drop folder."""
    root = three_areas(tmp_path_factory.mktemp("stopped") / "workspace", is_judged=False)
    run(root, *BUILD, pdfs=False)
    deliver_quarter(root)
    return root


@pytest.fixture(scope="module")
def finished(workspace: Path) -> State:
    """What the workspace holds when nothing stops the run."""
    root = Path(shutil.copytree(workspace, workspace.with_name("finished")))
    run(root, *BUILD, pdfs=False)
    return state(root)


@pytest.mark.parametrize(
    ("step", "by", "status"),
    [
        (COPY, signal.SIGINT, 130),
        (READ, signal.SIGTERM, 143),
        (READ, signal.SIGHUP, 129),
        (WRITE, signal.SIGTERM, 143),
    ],
    ids=str,
)
def test_it_stops_cleanly(
    workspace: Path, finished: State, tmp_path: Path, step: Step, by: signal.Signals, status: int
) -> None:
    root = Path(shutil.copytree(workspace, tmp_path / "workspace"))
    before = state(root)
    assert run(root, *BUILD, before=step, by=by, pdfs=False) == status
    told = output(root).read_text().splitlines()
    assert told[-1] == (
        f"assessment: stopped ({by.name}); nothing half-written was left. Run it again to finish."
    )
    assert not any("Traceback" in line for line in told)
    found = state(root)
    assert not [path for path in found.files if re.search(r"\.part$|\.new\b|\.tmp$|\.judged|\.old/", path)]
    assert found.editions == before.editions
    assert found.files == before.files or step is WRITE  # what was ingested by then is acknowledged
    run(root, *BUILD, pdfs=False)
    assert state(root) == finished
