"""One byte of a stored extract changes: `verify` names file and hashes, and nothing is published."""

import json
from pathlib import Path

from tests.conftest import Run
from tests.three_areas import three_areas


def test_raw_altered_by_one_byte(tmp_path: Path, assessment: Run) -> None:
    root = three_areas(tmp_path, is_judged=False)
    assert assessment("ingest", "--workspace", root).returncode == 0
    delivered = root / "data" / "incoming" / "crimes_2022_2023.csv"
    content = delivered.read_bytes()
    delivered.unlink()
    (stored,) = (root / "data" / "raw").glob("*/crimes_2022_2023.csv")
    stored.write_bytes(content.replace(b"Burglary", b"Burglarz", 1))

    run = assessment("verify", "--json", "--workspace", root)
    assert run.returncode == 18
    (difference,) = json.loads(run.stdout)["differences"]
    assert difference["what"] == str(stored)
    assert difference["expected"] == f"sha256 {stored.parent.name}"
    assert difference["found"].startswith("sha256 ")
    assert difference["found"] != difference["expected"]

    for command in ("report", "build"):  # the warehouse is up to date, so neither reads the extract
        run = assessment(command, "--workspace", root)
        assert run.returncode == 11, run.stderr
        assert f"{stored}: expected sha256 {stored.parent.name}, found sha256 " in run.stderr
        assert "Nothing was published" in run.stderr
        assert not (root / "reports" / "editions").exists()

    delivered.write_bytes(content)  # as the message says
    assert assessment("ingest", "--workspace", root).returncode == 0
    assert stored.read_bytes() == content
    assert assessment("verify", "--workspace", root).returncode == 0
