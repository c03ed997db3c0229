"""Case 3: the disk fills up while extracts are taken in. What was published stays, and opens."""

import re
from pathlib import Path

import pytest

from tests.integration.killed import run, state
from tests.integration.small_disk import needs_small_disk, on_small_disk
from tests.three_areas import deliver, three_areas

pytestmark = needs_small_disk
YEARS = range(24, 24 + 12 * 60)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A workspace with a warehouse."""
    root = three_areas(tmp_path / "workspace", is_judged=False)
    assert run(root, "ingest") == 0
    return root


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """An extract on another disk."""
    return deliver(tmp_path / "elsewhere", "crimes_large.csv", YEARS, "2024-02-01")


def test_no_room_for_the_extract(workspace: Path, large: Path, tmp_path: Path) -> None:
    before = state(workspace)
    ended, kept = on_small_disk(tmp_path, workspace, 200_000, "ingest", "--from", large)
    assert ended.returncode == 2
    size = large.stat().st_size
    last = ended.stderr.splitlines()[-1]
    assert re.fullmatch(
        rf"assessment: the disk is full: crimes_large\.csv needs {size:,} bytes in .*/data/raw, and "
        r"[12]\d\d,\d{3} are free\. Nothing was published and what was there is as it was\. "
        r"Make room, then run it again\.",
        last,
    )
    assert state(kept) == before


def test_no_room_for_the_warehouse(workspace: Path, large: Path, tmp_path: Path) -> None:
    before = state(workspace)
    free = large.stat().st_size + 100_000
    ended, kept = on_small_disk(tmp_path, workspace, free, "ingest", "--from", large)
    assert ended.returncode == 2, ended.stderr
    last = ended.stderr.splitlines()[-1]
    assert re.match(
        r"assessment: the disk is full: what was delivered needs more than [\d,]+ bytes in ", last
    )
    assert state(kept) == before
