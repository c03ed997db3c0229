"""Case 44: without a network, elsewhere and in another locale, time zone and hash order: the same bytes."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.killed import State, run, state
from tests.three_areas import three_areas

ELSEWHERE = {
    "LC_ALL": "C",
    "LANG": "C",
    "PYTHONUTF8": "0",
    "PYTHONCOERCECLOCALE": "0",
    "TZ": "Pacific/Auckland",
    "PYTHONHASHSEED": "20230630",
}
NO_NETWORK = ("unshare", "-rn")
BUILD = ("build", "--edition", "board")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> State:
    """What a build makes here."""
    root = three_areas(tmp_path_factory.mktemp("here") / "workspace")
    assert run(root, *BUILD) == 0
    return state(root)


def build(root: Path, *before: str, **settings: str) -> subprocess.CompletedProcess[str]:
    command = [*before, str(Path(sys.executable).with_name("assessment")), *BUILD, "--workspace", str(root)]
    return subprocess.run(
        command,
        capture_output=True,
        encoding="utf-8",
        check=False,
        env=os.environ | settings,
        cwd=root.parent,
    )


def test_another_folder_locale_time_zone_and_hash_seed(built: State, tmp_path: Path) -> None:
    root = three_areas(tmp_path / 'another\'s "folder" {of} [many] words')
    ended = build(root, **ELSEWHERE)
    assert ended.returncode == 0, ended.stderr
    assert state(root) == built


@pytest.mark.skipif(
    not shutil.which("unshare") or subprocess.run([*NO_NETWORK, "true"], check=False).returncode != 0,
    reason="needs `unshare -rn`: a network of its own, as any user of Linux may make",
)
def test_no_network(built: State, tmp_path: Path) -> None:
    root = three_areas(tmp_path / "Tŷ Gwyn")
    ended = build(root, *NO_NETWORK)
    assert ended.returncode == 0, ended.stderr
    assert state(root) == built
