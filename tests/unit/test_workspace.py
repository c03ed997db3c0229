"""The workspace: found or refused with the next step, held by one run, its secret kept."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.errors import LockedError, UsageError
from pipeline.workspace import Workspace, write_whole


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "partnership.yaml").touch()
    return Workspace.at(tmp_path)


def test_a_folder_without_configuration_is_refused_with_the_next_step(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="assessment init"):
        Workspace.at(tmp_path)


def test_a_second_run_is_told_who_holds_the_workspace(workspace: Workspace) -> None:
    second = (
        "from pathlib import Path\n"
        "from pipeline.workspace import Workspace\n"
        f"with Workspace(Path({str(workspace.root)!r})).locked(): pass\n"
    )
    with workspace.locked():
        run = subprocess.run([sys.executable, "-c", second], capture_output=True, text=True, check=False)
    assert run.returncode != 0
    assert f"process {os.getpid()}, started 20" in run.stderr


def test_a_run_that_died_does_not_hold_the_workspace(workspace: Workspace) -> None:
    killed = (
        "import os\n"
        "from pathlib import Path\n"
        "from pipeline.workspace import Workspace\n"
        f"with Workspace(Path({str(workspace.root)!r})).locked(): os._exit(9)\n"
    )
    assert subprocess.run([sys.executable, "-c", killed], check=False).returncode == 9
    with workspace.locked(), pytest.raises(LockedError), workspace.locked():
        pass


def test_the_secret_is_made_once_and_private(workspace: Workspace) -> None:
    with pytest.raises(UsageError, match="assessment init"):
        workspace.secret()
    assert workspace.make_secret()
    first = workspace.secret()
    assert not workspace.make_secret()
    assert workspace.secret() == first
    assert len(first) >= 32


@pytest.mark.skipif(os.name != "posix", reason="file modes are a matter of POSIX systems")
def test_a_secret_that_others_can_read_or_that_is_short_is_refused(workspace: Workspace) -> None:
    workspace.make_secret()
    workspace.secret_file.chmod(0o644)
    with pytest.raises(UsageError, match="chmod 600"):
        workspace.secret()
    workspace.secret_file.chmod(0o600)
    workspace.secret_file.write_text("short")
    with pytest.raises(UsageError, match="at least 32"):
        workspace.secret()


@pytest.mark.skipif(os.name != "posix", reason="file modes are a matter of POSIX systems")
def test_a_file_is_written_whole_and_private(tmp_path: Path) -> None:
    path = tmp_path / "receipt.json"
    for text in ("one", "two"):
        write_whole(path, text)
        assert path.read_text() == text
    assert path.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["receipt.json"]
