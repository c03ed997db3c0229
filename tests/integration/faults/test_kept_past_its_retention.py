"""An extract that may not be kept any longer: every ingest says so, with the command that takes it out."""

import shlex
from pathlib import Path

from tests.conftest import Run
from tests.three_areas import deliver_quarter, three_areas


def test_kept_past_its_retention(tmp_path: Path, assessment: Run) -> None:
    root = three_areas(tmp_path, is_judged=False)
    deliver_quarter(root)
    assert "was to be kept" not in assessment("ingest", "--workspace", root).stderr
    sources = root / "config" / "sources.yaml"
    sources.write_text(sources.read_text() + "    retain_months: 12\n")
    # Received in January and April 2024: both years are over, as is the next run of the one that is left.
    run = assessment("ingest", "--workspace", root)
    assert run.returncode == 0, run.stderr
    told = [line for line in run.stderr.splitlines() if "was to be kept" in line]
    assert "crimes_2022_2023.csv was to be kept until 2025-01-31" in told[0]
    assert "crimes_2024_q1.csv was to be kept until 2025-04-30" in told[1]
    command = shlex.split(told[0].partition("Take it out: ")[2])
    assert command[:4] == ["assessment", "purge", "--delivery", "crimes-0001"]
    done = assessment(*command[1:], "--workspace", root)
    assert done.returncode == 0, done.stderr
    run = assessment("ingest", "--workspace", root)
    assert [line.partition(" ")[0] for line in run.stderr.splitlines() if "was to be kept" in line] == [
        "crimes_2024_q1.csv"
    ]
