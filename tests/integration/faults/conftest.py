"""A fresh workspace for each fault."""

from pathlib import Path

import pytest

from tests.unit.ingest.drop import Drop


@pytest.fixture
def drop(tmp_path: Path) -> Drop:
    return Drop(tmp_path / "workspace")
