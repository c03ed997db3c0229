"""A missing or renamed extract: which, what was expected, what was found; nothing half-written."""

import shutil
from pathlib import Path

import pytest

from tests.conftest import BuiltWorkspace, Run


@pytest.fixture
def workspace(demonstration: BuiltWorkspace, tmp_path: Path) -> Path:
    """A workspace that has received nothing yet, but has a published edition."""
    root = tmp_path / "workspace"
    for part in ("config", "data/incoming", "reports"):
        shutil.copytree(demonstration.root / part, root / part)
    shutil.copy(demonstration.root / "data" / "secret", root / "data" / "secret")
    return root


def refused(assessment: Run, root: Path) -> str:
    """What `build` says on exit 11; the published edition is untouched and nothing stands beside it."""
    before = {p: p.read_bytes() for p in sorted((root / "reports").rglob("*")) if p.is_file()}
    run = assessment("build", "--workspace", root)
    assert run.returncode == 11, run.stderr
    assert "Traceback" not in run.stderr
    assert {p: p.read_bytes() for p in sorted((root / "reports").rglob("*")) if p.is_file()} == before
    assert not (root / "data" / "curated" / "warehouse.duckdb").exists()
    return run.stderr


def test_a_missing_extract(workspace: Path, assessment: Run) -> None:
    (workspace / "data/incoming/demo_population.csv").unlink()
    said = refused(assessment, workspace)
    assert "source population has no delivery" in said
    assert "expected: files whose path ends in demo_population.csv" in said
    assert f"searched: {workspace / 'data' / 'incoming'}" in said


def test_a_renamed_column_and_then_the_corrected_file(workspace: Path, assessment: Run) -> None:
    extract = workspace / "data/incoming/demo_population.csv"
    good = extract.read_text()
    extract.write_text(good.replace("Residents", "Resident", 1))
    said = refused(assessment, workspace)
    assert "demo_population.csv: source population expects columns that the file does not have" in said
    assert "expected: Residents   did you mean: Resident?" in said
    extract.write_text(good)
    run = assessment("build", "--workspace", workspace)
    assert run.returncode == 0, run.stderr
