"""A workspace whose data others can read, whose secret is missing or short, or whose outputs are links."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.integration.killed import State, state
from tests.three_areas import three_areas

pytestmark = pytest.mark.skipif(os.name != "posix", reason="file modes are a matter of POSIX systems")


@pytest.fixture
def workspace(tmp_path: Path, assessment: Run) -> Path:
    """The workspace of three areas, whose crimes have victims, taken in."""
    root = three_areas(tmp_path / "workspace", is_judged=False)
    sources = root / "config" / "sources.yaml"
    more = "      victim_ref: {from: Category, hashed: true}\n      district_code: District\n"
    sources.write_text(sources.read_text().replace("      district_code: District\n", more))
    secret = root / "data" / "secret"
    secret.write_text("0123456789abcdef" * 2)
    secret.chmod(0o600)
    run = assessment("ingest", "--workspace", root)
    assert run.returncode == 0, run.stderr
    return root


def refused(assessment: Run, root: Path) -> str:
    """What is said of it; nothing is written."""
    before: State = state(root)
    run = assessment("ingest", "--workspace", root)
    assert run.returncode == 2, run.stderr
    assert "Traceback" not in run.stderr
    assert state(root) == before
    return run.stderr


@pytest.mark.parametrize("name", ["data", "data/raw", "data/curated"])
def test_data_that_others_can_read(workspace: Path, assessment: Run, name: str) -> None:
    (workspace / name).chmod(0o755)
    said = refused(assessment, workspace)
    assert f"{workspace / name}: others on this computer can read it (mode 755)" in said
    assert f"chmod -R go-rwx {workspace / 'data'}" in said
    subprocess.run(["chmod", "-R", "go-rwx", workspace / "data"], check=True)
    assert assessment("ingest", "--workspace", workspace).returncode == 0


def no_secret(root: Path) -> None:
    (root / "data" / "secret").unlink()


def short_secret(root: Path) -> None:
    (root / "data" / "secret").write_text("short")


def open_secret(root: Path) -> None:
    (root / "data" / "secret").chmod(0o644)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (no_secret, "`assessment init` makes one"),
        (short_secret, "the secret has 5 bytes; at least 32 are needed"),
        (open_secret, "chmod 600"),
    ],
)
def test_secret_missing_short_or_open(
    workspace: Path, assessment: Run, fault: Callable[[Path], None], said: str
) -> None:
    fault(workspace)
    assert said in refused(assessment, workspace)


@pytest.mark.parametrize(
    "name",
    ["data/raw", "data/curated", "data/curated/warehouse.duckdb", "reports/editions", "reports/editions/x"],
)
def test_output_that_is_a_link(workspace: Path, tmp_path: Path, assessment: Run, name: str) -> None:
    path, elsewhere = workspace / name, tmp_path / "elsewhere"
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        path.rename(elsewhere)
    else:
        elsewhere.mkdir()
    path.symlink_to(elsewhere)
    files = sorted(str(one) for one in elsewhere.rglob("*"))
    for command in ("ingest", "build"):
        run = assessment(command, "--workspace", workspace)
        assert run.returncode == 2, run.stderr
        assert f"{path}: it is a link to {elsewhere}" in run.stderr
    assert sorted(str(one) for one in elsewhere.rglob("*")) == files


def test_what_is_received_is_private(workspace: Path) -> None:
    received = [path for path in (workspace / "data").rglob("*") if "incoming" not in path.parts]
    assert len(received) > 6
    for path in received:
        assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600), path
