"""Case 5: the second of two runs ends at once and names the first; a run that died holds nothing."""

import os
import re
import shutil
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.integration.killed import Step, halted, run, state
from tests.three_areas import deliver_quarter, three_areas

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the first run is halted as POSIX has it")
MID_WAY = Step("read", "shutil.rmtree", r"^data/curated/\.warehouse\.duckdb\.")


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A workspace with a warehouse and a new extract."""
    root = three_areas(tmp_path / "workspace", is_judged=False)
    assert run(root, "ingest") == 0
    deliver_quarter(root)
    return root


def test_the_second_writes_nothing_and_names_the_first(workspace: Path, assessment: Run) -> None:
    with halted(workspace, "ingest", before=MID_WAY) as first:
        before = state(workspace)
        for command in ("ingest", "refresh", "report"):
            second = assessment(command, "--workspace", workspace)
            assert second.returncode == 15
            assert re.fullmatch(
                rf"assessment: {workspace}: another run holds the workspace "
                rf"\(process {first.pid}, started \d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00\)\n",
                second.stderr,
            )
            assert state(workspace) == before
    assert first.exitcode == 0


def test_a_lock_of_a_process_that_is_gone_is_no_lock(workspace: Path, tmp_path: Path) -> None:
    undisturbed = Path(shutil.copytree(workspace, tmp_path / "undisturbed"))
    assert run(undisturbed, "ingest") == 0
    with halted(workspace, "ingest", before=MID_WAY) as first:
        first.kill()
        first.join()
        assert str(first.pid) in (workspace / "data" / ".lock").read_text()
        assert run(workspace, "ingest") == 0
    assert state(workspace) == state(undisturbed)
