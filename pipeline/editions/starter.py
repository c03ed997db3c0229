"""A new workspace from the packaged configuration."""

import shutil
from importlib.resources import files
from pathlib import Path

from pipeline.errors import UsageError
from pipeline.workspace import Workspace

_IGNORED = "# received, secret or derived: never under version control\n/data/\n/reports/editions/\n"


def start_workspace(folder: Path) -> Workspace:
    """Make `folder` a workspace with the demonstration's configuration and a secret of its own.

    Raises UsageError where the folder already holds anything.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder}: not empty; name a new or empty folder")
    folder.mkdir(parents=True, exist_ok=True)
    packaged = Path(str(files("pipeline.starter").joinpath("partnership.yaml"))).parent
    shutil.copytree(packaged, folder / "config", ignore=shutil.ignore_patterns("__*__*"))
    (folder / ".gitignore").write_text(_IGNORED, encoding="utf-8")
    workspace = Workspace.at(folder)
    workspace.private_folder(workspace.incoming)
    workspace.make_secret()
    return workspace
