"""The quarterly refresh: unattended, one at a time; a second edition comes out and says what differs."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import BuiltWorkspace, Run


@pytest.fixture(scope="module")
def workspace(demonstration: BuiltWorkspace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration, copied elsewhere: a workspace can be moved."""
    root = tmp_path_factory.mktemp("moved") / "workspace"
    shutil.copytree(demonstration.root, root)
    return root


def everything(root: Path) -> dict[str, tuple[int, int]]:
    """Every file with its size and time of change, but for the lock."""
    return {
        str(path.relative_to(root)): (path.stat().st_size, path.stat().st_mtime_ns)
        for path in root.rglob("*")
        if path.is_file() and path.name != ".lock"
    }


def test_nothing_new_writes_nothing(workspace: Path, assessment: Run) -> None:
    before = everything(workspace)
    run = assessment("refresh", "--workspace", workspace)
    assert run.returncode == 0, run.stderr
    assert "nothing new" in run.stdout
    assert everything(workspace) == before


def test_a_second_run_exits_15_and_names_the_holder(workspace: Path, assessment: Run) -> None:
    holder = (
        "import sys\n"
        "from pathlib import Path\n"
        "from pipeline.workspace import Workspace\n"
        f"with Workspace(Path({str(workspace)!r})).locked():\n"
        "    print('held', flush=True)\n"
        "    sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        run = assessment("refresh", "--workspace", workspace)
        assert run.returncode == 15
        assert f"process {process.pid}, started 20" in run.stderr
        process.communicate("")


def test_one_more_quarter_publishes_a_second_edition_that_names_what_changed(
    workspace: Path, assessment: Run
) -> None:
    annual = {p.name: p.read_bytes() for p in (workspace / "reports/editions/2023-annual").iterdir()}
    assert assessment("demo", "--quarter", "--workspace", workspace).returncode == 0
    run = assessment("refresh", "--workspace", workspace)
    assert run.returncode == 0, run.stderr
    folders = sorted(path.name for path in (workspace / "reports/editions").iterdir())
    assert folders == ["2023-annual", "2023-q3"]
    assert {p.name: p.read_bytes() for p in (workspace / "reports/editions/2023-annual").iterdir()} == annual
    assert "differ from 2023-annual" in run.stdout

    manifests = {
        name: json.loads((workspace / "reports/editions" / name / "manifest.json").read_text())
        for name in folders
    }
    assert manifests["2023-q3"]["edition"]["previous"] == "2023-annual"
    printed = {
        name: {
            h["indicator"]: (h["value"] and round(h["value"], 1), h["verdict"]) for h in manifest["headlines"]
        }
        for name, manifest in manifests.items()
    }
    differing = {i for i in printed["2023-q3"] if printed["2023-q3"][i] != printed["2023-annual"].get(i)}
    assert differing
    titles = {h["indicator"]: h["title"] for h in manifests["2023-q3"]["headlines"]}
    said = " ".join(run.stdout.split())
    assert all(titles[indicator] in said for indicator in differing)
    report = (workspace / "reports/editions/2023-q3/assessment.html").read_text()
    assert all(titles[indicator] in report for indicator in differing)
    again = assessment("refresh", "--workspace", workspace)
    assert (again.returncode, "nothing new" in again.stdout) == (0, True)


def test_a_broken_definition_leaves_the_last_good_edition(
    demonstration: BuiltWorkspace, tmp_path: Path, assessment: Run
) -> None:
    root = tmp_path / "workspace"
    shutil.copytree(demonstration.root, root)
    indicators = root / "config" / "indicators.yaml"
    indicators.write_text(indicators.read_text().replace("\nindicators:\n", "\nindicatorz:\n", 1))
    before = {p.name: p.read_bytes() for p in (root / "reports/editions/2023-annual").iterdir()}
    run = assessment("build", "--workspace", root)
    assert run.returncode == 10
    assert "did you mean 'indicators'" in run.stderr
    assert "Traceback" not in run.stderr
    assert {p.name: p.read_bytes() for p in (root / "reports/editions/2023-annual").iterdir()} == before
    assert os.listdir(root / "reports" / "editions") == ["2023-annual"]
