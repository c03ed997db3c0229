"""A purge that is killed at any of its steps is finished by the same command; nobody comes back meanwhile."""

import os
import shutil
from pathlib import Path

import pytest

from tests.conftest import run_assessment
from tests.integration.faults.searched import files_with
from tests.integration.killed import KILLED, Step, run, state
from tests.three_areas import three_areas

pytestmark = pytest.mark.skipif(os.name != "posix", reason="processes are forked and killed as POSIX has it")
PERSON = "VIC-d9aa8eab"
PURGE = ("purge", "--by", "A. Analyst", "--reason", "request 14 of the register")
STEPS = (
    Step("store the successor", "open", r"^data/raw/\w{64}/\.crimes_2022_2023\.csv\.\d+\.part$"),
    Step("put the successor in its place", "os.rename", r"\.part data/raw/\w{64}/crimes_2022_2023\.csv$"),
    Step("enter the tombstone in the ledger", "open", r"^data/raw/ledger\.jsonl$"),
    Step("remove the extract", "os.remove", r"^data/raw/\w{64}/crimes_2022_2023\.csv "),
    Step("remove its folder", "shutil.rmtree", r"^data/raw/\w{64} "),
    Step("write the receipt", "open", r"^data/raw/\w{64}/\.\.receipt\.json\.\d+\.part$"),
    Step("remove the copy in the drop folder", "os.remove", r"^data/incoming/crimes_2022_2023\.csv "),
    Step("remove the warehouse", "os.remove", r"^data/curated/warehouse\.duckdb "),
    Step("put the new warehouse in its place", "os.rename", r"\.new data/curated/warehouse\.duckdb$"),
    Step("seal the new warehouse", "os.rename", r"\.part data/receipts/warehouse\.sha256$"),
)


@pytest.fixture(scope="module")
def received(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace of three areas whose crimes have victims, taken in."""
    root = three_areas(tmp_path_factory.mktemp("killed") / "workspace", is_judged=False)
    sources = root / "config" / "sources.yaml"
    more = "      victim_ref: {from: Victim, hashed: true}\n      district_code: District\n"
    sources.write_text(sources.read_text().replace("      district_code: District\n", more))
    path = root / "data" / "incoming" / "crimes_2022_2023.csv"
    header, *rows = path.read_text().splitlines()
    made = [f"{row},{PERSON if n % 50 == 0 else f'VIC-{n:08x}'}" for n, row in enumerate(rows)]
    path.write_text("\n".join([f"{header},Victim", *made]) + "\n")
    secret = root / "data" / "secret"
    secret.write_text("0123456789abcdef" * 2)
    secret.chmod(0o600)
    assert run(root, "ingest") == 0
    return root


@pytest.mark.parametrize("step", STEPS, ids=str)
def test_purge_killed(received: Path, tmp_path: Path, step: Step) -> None:
    root, whole = tmp_path / "workspace", tmp_path / "unstopped"
    shutil.copytree(received, root)
    shutil.copytree(received, whole)
    assert run(root, *PURGE, before=step, given=PERSON) == KILLED
    purged = '"purged"' in (root / "data" / "raw" / "ledger.jsonl").read_text()

    # Whatever runs next, the person does not come back once the purge is on record.
    between = tmp_path / "between"
    shutil.copytree(root, between)
    assert run(between, "ingest") == 0
    loaded = run_assessment("verify", "--json", "--workspace", between)
    assert loaded.returncode in (0, 18)
    if purged:
        tables = files_with(between / "data" / "curated", PERSON)
        assert tables == []

    assert run(root, *PURGE, given=PERSON) == 0
    assert run(whole, *PURGE, given=PERSON) == 0
    assert files_with(root, PERSON) == []
    assert state(root) == state(whole)


def test_every_change_of_a_file_is_a_step(received: Path, tmp_path: Path) -> None:
    root, events = tmp_path / "workspace", tmp_path / "events"
    shutil.copytree(received, root)
    assert run(root, *PURGE, events=events, given=PERSON) == 0
    known = [*STEPS, *PASSING]
    lines = [line.partition(" ")[::2] for line in events.read_text().splitlines()]
    unknown = [what for event, what in lines if not any(one.announced(event, what) for one in known)]
    assert unknown == []


PASSING = (  # what is swept away by the next run, and the steps of an ingest, which are tested with it
    Step("the lock", "open", r"^data/\.lock$"),
    Step("a file of the run's own", "open", r"\.part$|\.new(\.wal)?$"),
    Step("a folder that is there already", "os.mkdir", r"^data(/\w+)? "),
    Step("a file on its way", "open", r"^data/curated/\.warehouse\.duckdb\.purge/"),
    Step("made or removed beside the warehouse", "os.mkdir", r"^data/curated/\.warehouse\.duckdb\."),
    Step("removed beside the warehouse", "shutil.rmtree", r"^data/curated/\.warehouse\.duckdb\."),
    Step("removed beside the warehouse", "os.rmdir", r"^data/curated/\.warehouse\.duckdb\."),
    Step("removed beside the warehouse", "os.remove", r"^data/curated/\.warehouse\.duckdb\."),
    Step("a folder for the successor", "os.mkdir", r"^data/raw/\w{64} "),
    Step("the receipt in its place", "os.rename", r"\.part data/raw/\w{64}/\.receipt\.json$"),
    Step("what was written is in its place", "os.remove", r"\.part "),
    Step("the folder of the extract", "os.rmdir", r"^data/raw/\w{64} "),
    Step("the receipt of the extract", "os.remove", r"\.receipt\.json "),
)
