"""Case 6: who reads while a run writes sees what was published last, and waits for nothing."""

import os
from pathlib import Path

import pytest

from pipeline.store import Store
from pipeline.workspace import Workspace
from tests.conftest import Run
from tests.integration.killed import Step, halted, run, state
from tests.three_areas import deliver_quarter, three_areas

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the writing run is halted as POSIX has it")
WAREHOUSE = Step("put the warehouse in its place", "os.rename", r"\.new data/curated/warehouse\.duckdb$")
EDITION = Step("publish by swapping folders", "ctypes.dlsym", r"^rename(at2|x_np)$")
BUILD = ("build", "--edition", "board")


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A workspace with an edition and a new extract."""
    root = three_areas(tmp_path / "workspace", is_judged=False)
    run(root, *BUILD, pdfs=False)
    deliver_quarter(root)
    return root


def figures(assessment: Run, root: Path) -> str:
    """What a command that only reads prints."""
    ended = assessment("compute", "--workspace", root)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def test_the_last_published_warehouse_is_read(workspace: Path, assessment: Run) -> None:
    before = figures(assessment, workspace)
    with halted(workspace, *BUILD, before=WAREHOUSE):
        assert figures(assessment, workspace) == before
    assert figures(assessment, workspace) != before


def test_the_last_published_edition_is_there(workspace: Path) -> None:
    published = state(workspace).editions
    with halted(workspace, *BUILD, before=EDITION):
        assert state(workspace).editions == published
    assert state(workspace).editions != published


def test_a_reader_keeps_what_it_opened(workspace: Path) -> None:
    with Store.reading(Workspace(workspace).warehouse) as reader:
        before = reader.count("crimes")
        run(workspace, "ingest")
        assert reader.count("crimes") == before
    with Store.reading(Workspace(workspace).warehouse) as reader:
        assert reader.count("crimes") != before
