"""`verify` finds what was altered in a published workspace, and knows a copy of what was published."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from tests.conftest import Run
from tests.three_areas import three_areas


@pytest.fixture(scope="module")
def built(assessment: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = three_areas(tmp_path_factory.mktemp("verify") / "workspace", is_judged=False)
    run = assessment("build", "--workspace", root)
    assert run.returncode == 0, run.stderr
    return root


@pytest.fixture
def workspace(built: Path, tmp_path: Path) -> Path:
    root = tmp_path / "workspace"
    shutil.copytree(built, root)
    return root


def flipped(path: Path, at: int = -100) -> None:
    """The file with one bit of one byte changed."""
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(bytes(content))


def edition_of(root: Path) -> Path:
    (edition,) = (root / "reports" / "editions").glob("[!.]*/")
    return edition


def test_a_workspace_as_it_was_built_is_in_order(built: Path, assessment: Run) -> None:
    run = assessment("verify", "--workspace", built)
    assert run.returncode == 0, run.stdout
    assert run.stderr == ""
    told = run.stdout.replace("\n  ", " ")
    assert "raw store: in order" in told
    assert "warehouse: in order" in told
    assert f"edition {edition_of(built).name}: in order" in told
    assert "config/ or the software has changed" not in told
    assert max(map(len, run.stdout.splitlines())) <= 80


@pytest.mark.parametrize("name", ["assessment.pdf", "results.csv", "quality.html", "manifest.json"])
def test_a_changed_byte_of_an_output_is_found(workspace: Path, assessment: Run, name: str) -> None:
    path = edition_of(workspace) / name
    before = path.read_bytes()
    flipped(path)
    for arguments in ((), (path,)):
        run = assessment("verify", *arguments, "--json", "--workspace", workspace)
        assert run.returncode == 18
        (difference,) = json.loads(run.stdout)["differences"]
        assert difference["what"] == str(path)
        assert difference["expected"] != difference["found"]
    path.write_bytes(before)
    assert assessment("verify", path, "--workspace", workspace).returncode == 0


def test_an_output_that_is_gone_and_one_too_many_are_found(workspace: Path, assessment: Run) -> None:
    edition = edition_of(workspace)
    (edition / "comparisons.csv").rename(edition / "notes.csv")
    told = json.loads(assessment("verify", "--json", "--workspace", workspace).stdout)
    found = {Path(one["what"]).name: one["found"] for one in told["differences"]}
    assert found == {
        "comparisons.csv": "no file",
        "notes.csv": "a file that the edition was not published with",
    }


def test_a_copy_from_elsewhere_is_known_or_not(workspace: Path, tmp_path: Path, assessment: Run) -> None:
    sent = tmp_path / "sent.pdf"
    shutil.copy(edition_of(workspace) / "assessment.pdf", sent)
    run = assessment("verify", sent, "--workspace", workspace)
    assert run.returncode == 0
    assert f"it is assessment.pdf of edition {edition_of(workspace).name}" in " ".join(run.stdout.split())
    flipped(sent)
    run = assessment("verify", sent, "--workspace", workspace)
    assert run.returncode == 18
    assert "Ask where the file comes from" in run.stdout
    assert assessment("verify", tmp_path / "none.pdf", "--workspace", workspace).returncode == 2


def remove_receipt(folder: Path) -> None:
    (folder / ".receipt.json").unlink()


def change_receipt(folder: Path) -> None:
    receipt = folder / ".receipt.json"
    receipt.write_text(receipt.read_text().replace('"supplier": "', '"supplier": "Not '))


def add_file(folder: Path) -> None:
    (folder / "added.csv").write_text("a,b\n")


@pytest.mark.parametrize("fault", [remove_receipt, change_receipt, add_file])
def test_what_is_wrong_beside_a_stored_extract_is_found(
    workspace: Path, assessment: Run, fault: Callable[[Path], None]
) -> None:
    (stored,) = (workspace / "data" / "raw").glob("*/crimes_*.csv")
    fault(stored.parent)
    run = assessment("verify", "--json", "--workspace", workspace)
    assert run.returncode == 18
    (difference,) = json.loads(run.stdout)["differences"]
    assert Path(difference["what"]).parent == stored.parent
    assert assessment("verify", stored, "--workspace", workspace).returncode == 0


def test_a_damaged_warehouse_is_found_and_made_again(workspace: Path, assessment: Run) -> None:
    warehouse = workspace / "data" / "curated" / "warehouse.duckdb"
    content = bytearray(warehouse.read_bytes())
    for at in range(len(content) // 4, len(content), len(content) // 16):  # in several blocks
        content[at] ^= 0xFF
    warehouse.write_bytes(bytes(content))
    run = assessment("verify", "--json", "--workspace", workspace)
    assert run.returncode == 18
    (difference,) = json.loads(run.stdout)["differences"]
    assert difference["what"] == str(warehouse)
    assert "makes it again" in difference["next_step"]
    assert assessment("ingest", "--workspace", workspace).returncode == 0
    assert assessment("verify", "--workspace", workspace).returncode == 0


def test_a_warehouse_that_somebody_altered_is_not_published(workspace: Path, assessment: Run) -> None:
    warehouse = workspace / "data" / "curated" / "warehouse.duckdb"
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("DELETE FROM crimes WHERE rowid = 0")
    run = assessment("report", "--workspace", workspace)
    assert run.returncode == 11
    assert "Nothing was published." in run.stderr
    run = assessment("verify", "--workspace", workspace)
    assert run.returncode == 18
    assert assessment("ingest", "--workspace", workspace).returncode == 0
    assert assessment("verify", "--workspace", workspace).returncode == 0


def test_an_edition_without_its_manifest_is_found(workspace: Path, assessment: Run) -> None:
    manifest = edition_of(workspace) / "manifest.json"
    manifest.unlink()
    run = assessment("verify", "--json", "--workspace", workspace)
    assert run.returncode == 18
    assert [one["what"] for one in json.loads(run.stdout)["differences"]] == [str(manifest)]
