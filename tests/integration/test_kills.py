"""A build that is killed leaves the last good edition; the next build comes to the same figures."""

import hashlib
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import BuiltWorkspace, Run

ROUNDS = 10


def figures(edition: Path) -> str:
    return hashlib.sha256((edition / "results.csv").read_bytes()).hexdigest()


@pytest.mark.long
def test_killed_at_random(demonstration: BuiltWorkspace, tmp_path: Path, assessment: Run) -> None:
    root = tmp_path / "workspace"
    shutil.copytree(demonstration.root, root)
    edition = root / "reports" / "editions" / demonstration.edition.name
    expected = figures(edition)
    names = sorted(path.name for path in edition.iterdir())
    command = [str(Path(sys.executable).with_name("assessment")), "build", "--workspace", str(root)]
    chance = random.Random(20230630)
    for _ in range(ROUNDS):
        shutil.rmtree(root / "data" / "curated")  # so that every build also makes the warehouse
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(0.2, 20))
        process.kill()
        process.wait()
        assert sorted(path.name for path in edition.iterdir()) == names
        assert figures(edition) == expected
    run = assessment("build", "--workspace", root)
    assert run.returncode == 0, run.stderr
    assert figures(edition) == expected
    assert [path.name for path in edition.parent.iterdir()] == [edition.name]
    assert [path.name for path in (root / "data" / "curated").iterdir()] == ["warehouse.duckdb"]
