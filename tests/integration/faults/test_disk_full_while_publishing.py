"""Case 4: the disk fills up while an edition is written. Nothing of it is published; the old one stays."""

import re
from pathlib import Path

import pytest

from tests.integration.killed import run, state
from tests.integration.small_disk import needs_small_disk, on_small_disk
from tests.three_areas import deliver_quarter, three_areas

pytestmark = needs_small_disk
EDITION = ("--edition", "board")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace whose edition is out of date."""
    root = three_areas(tmp_path_factory.mktemp("full") / "workspace", is_judged=False)
    assert run(root, "build", *EDITION) == 0
    deliver_quarter(root)
    assert run(root, "ingest") == 0
    return root


@pytest.mark.parametrize("name", ["results.csv", "assessment.html", "assessment.pdf", "board-paper.pdf"])
def test_no_room_for(workspace: Path, tmp_path: Path, name: str) -> None:
    before = state(workspace)
    written = ["results.csv", "comparisons.csv", "assessment.html", "quality.html", "assessment.pdf"]
    folder = workspace / "reports" / "editions" / "board"
    earlier = written[: written.index(name)] if name in written else written
    free = 4096 + sum((folder / one).stat().st_size + 8192 for one in earlier)
    ended, kept = on_small_disk(tmp_path, workspace, free, "report", *EDITION)
    assert ended.returncode == 2, ended.stderr
    assert re.fullmatch(
        r"assessment: the disk is full: edition board needs more than [\d,]+ bytes in .*, "
        r"and [\d,]+ are free\. Nothing was published and what was there is as it was\. "
        r"Make room, then run it again\.",
        ended.stderr.splitlines()[-1],
    )
    assert state(kept) == before
