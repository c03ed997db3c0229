"""The workspace that is measured."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline import ingest
from pipeline.definitions.resolved import Definitions
from pipeline.model.delivery import Deliveries
from pipeline.workspace import Workspace, now

CONFIG = Path(__file__).parent / "config"


@contextmanager
def fresh_workspace() -> Iterator[Workspace]:
    """A workspace with the benchmark's definitions and no data."""
    with TemporaryDirectory() as folder:
        shutil.copytree(CONFIG, Path(folder) / "config")
        yield Workspace.at(Path(folder))


def run_ingest(workspace: Workspace, definitions: Definitions, files: Path) -> Deliveries:
    """Everything from the files to the warehouse."""
    return ingest.run(workspace, definitions, [files], now())
