"""An installed copy works outside the checkout: its wheel carries templates, fonts, starter and geography."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of a copy of the project, unpacked as an installer would."""
    folder = tmp_path_factory.mktemp("wheel")
    project = folder / "project"
    for name in ("pipeline", "config", "reports/templates"):
        shutil.copytree(REPOSITORY / name, project / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE"):
        shutil.copy(REPOSITORY / name, project / name)
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "wheel",
            "--quiet",
            "--no-deps",
            "--no-build-isolation",
            "-w",
            folder,
            project,
        ],
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "installed")
    return folder / "installed"


def run(installed: Path, cwd: Path, *arguments: str) -> str:
    """A command of the installed copy, run elsewhere."""
    code = f"import pipeline.cli as c; assert c.__file__.startswith({str(installed)!r}); c.main()"
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_workspace_is_made_filled_and_built(installed: Path, tmp_path: Path) -> None:
    run(installed, tmp_path, "init", "ours")
    run(installed, tmp_path, "demo", "-w", "ours")
    assert "25 success measures" in run(installed, tmp_path, "check", "-w", "ours")
    assert "PDF: " in run(installed, tmp_path, "build", "-w", "ours")
