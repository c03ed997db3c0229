"""`purge` as an analyst runs it: the reference comes on standard input, and editions are marked."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.integration.faults.searched import files_with
from tests.three_areas import three_areas

BY = ("--by", "A. Analyst", "--reason", "request 14 of the register")
PERSON, NAME = "VIC-d9aa8eab", "Jane Doe"
ANSWERS = """  answers:
    title: Answers
    supplier: Council
    files: ["answers_*.csv"]
    contract: responses
    key: [wave, respondent]
    columns: {respondent: Id, wave: Wave, worry: Worry}
"""


@pytest.fixture(scope="module")
def built(assessment: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace of three areas with a victim in every crime; one person is that of twelve."""
    root = three_areas(tmp_path_factory.mktemp("purge") / "workspace", is_judged=False)
    sources = root / "config" / "sources.yaml"
    more = "      victim_ref: {from: Victim, hashed: true}\n      district_code: District\n"
    sources.write_text(sources.read_text().replace("      district_code: District\n", more))
    path = root / "data" / "incoming" / "crimes_2022_2023.csv"
    header, *rows = path.read_text().splitlines()
    made = [f"{row},{PERSON if n % 66 == 0 else f'VIC-{n:08x}'},{NAME}" for n, row in enumerate(rows)]
    path.write_text("\n".join([f"{header},Victim,Victim Name", *made]) + "\n")
    secret = root / "data" / "secret"
    secret.write_text("0123456789abcdef" * 2)
    secret.chmod(0o600)
    run = assessment("build", "--edition", "before", "--workspace", root)
    assert run.returncode == 0, run.stderr
    return root


@pytest.fixture
def workspace(built: Path, tmp_path: Path) -> Path:
    root = tmp_path / "workspace"
    shutil.copytree(built, root)
    return root


def purged(root: Path, reference: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("assessment")), "purge", "--workspace", str(root)]
    return subprocess.run(
        [*command, *arguments], input=reference, capture_output=True, text=True, check=False
    )


def test_a_person_leaves_a_published_workspace(workspace: Path, assessment: Run) -> None:
    before = files_with(workspace, PERSON)
    assert len(before) == 2
    edition = workspace / "reports" / "editions" / "before"
    outputs = {path: path.read_bytes() for path in edition.iterdir()}

    shown = purged(workspace, PERSON, "--dry-run")
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout == "crimes-0001: would be redacted, 12 records\n"
    assert files_with(workspace, PERSON) == before

    run = purged(workspace, f"{PERSON}\n", *BY, "--json")
    assert run.returncode == 0, run.stderr
    told = json.loads(run.stdout)
    assert told["redacted_records"] == {"crimes-0001": 12}
    assert told["removed_from_drop_folder"] == ["crimes_2022_2023.csv"]
    assert told["scan"]["found_in"] == told["scan"]["not_read"] == []
    assert told["scan"]["files"] > 10
    assert PERSON not in run.stdout + run.stderr + shown.stdout + shown.stderr
    assert files_with(workspace, PERSON) == []

    # What was published stays as it is, and is marked; an edition built now says the same and has no mark.
    assert {path: path.read_bytes() for path in edition.iterdir()} == outputs
    mark = edition.with_name("before.inputs-purged.json")
    assert [one["delivery"] for one in json.loads(mark.read_text())["inputs"]] == ["crimes-0001"]
    assert [one["edition"] for one in told["marked_editions"]] == ["before"]
    verified = assessment("verify", "--workspace", workspace)
    assert verified.returncode == 0, verified.stdout
    assert "edition before: in order" in verified.stdout
    assert "marked: inputs purged" in " ".join(verified.stdout.split())
    built = assessment("report", "--edition", "after", "--workspace", workspace)
    assert built.returncode == 0, built.stderr
    results = edition.with_name("after") / "results.csv"
    assert results.read_bytes() == outputs[edition / "results.csv"]

    again = purged(workspace, PERSON, *BY)
    assert again.returncode == 0, again.stderr
    assert again.stdout.startswith("no delivery holds the reference\n")
    assert max(map(len, again.stdout.splitlines())) <= 80
    assert not edition.with_name("after.inputs-purged.json").exists()
    assert mark.exists()


def test_where_the_reference_is_left_the_command_fails(workspace: Path) -> None:
    note = workspace / "config" / "commentary" / "note.md"
    note.parent.mkdir()
    note.write_text(f"Rang about {PERSON}.\n")
    run = purged(workspace, PERSON, *BY)
    assert run.returncode == 18
    assert f"STILL IN: {note}" in run.stdout
    assert PERSON not in run.stdout + run.stderr
    assert files_with(workspace, PERSON) == ["config/commentary/note.md"]


def test_free_text_that_is_stored_is_told_and_the_command_fails(workspace: Path, assessment: Run) -> None:
    sources = workspace / "config" / "sources.yaml"
    sources.write_text(f"{sources.read_text()}{ANSWERS}")
    answers = f"Id,Wave,Worry\nR-1,2023,the son of {PERSON}\nR-2,2023,nothing\n"
    (workspace / "data" / "incoming" / "answers_2023.csv").write_text(answers)
    assert assessment("ingest", "--workspace", workspace).returncode == 0
    run = purged(workspace, PERSON, *BY)
    assert run.returncode == 18
    told = " ".join(run.stdout.split())
    assert "crimes-0001: redacted, 12 records" in told
    assert "answers-0001: 1 value under 'Worry' with the same text, or in a longer one, stays" in told
    assert "answers-0001: 1 of them in free text under 'Worry', which stays" in told
    assert "free text that is stored" in run.stderr
    assert PERSON not in run.stdout + run.stderr
    assert max(map(len, run.stdout.splitlines())) <= 80


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), 'purge --by "NAME" --reason "TEXT"'),
        (("--by", "A. Analyst"), 'purge --by "NAME" --reason "TEXT"'),
        ((*BY, "--delivery", "crimes-0001", "--dry-run"), "neither --source nor --dry-run"),
        ((*BY, "--source", "nothing"), "there is no such source"),
        ((*BY, "--delivery", "crimes-9999"), "there is no such delivery"),
        (("--by", "A. Analyst", "--reason", f"{PERSON} asked"), "leave the reference out"),
    ],
)
def test_what_is_asked_wrongly_changes_nothing(built: Path, arguments: tuple[str, ...], said: str) -> None:
    before = (built / "data" / "raw" / "ledger.jsonl").read_bytes()
    run = purged(built, PERSON, *arguments)
    assert run.returncode == 2
    assert said in run.stderr
    assert PERSON not in run.stdout + run.stderr
    assert (built / "data" / "raw" / "ledger.jsonl").read_bytes() == before


def test_a_short_reference_is_refused_without_being_repeated(built: Path) -> None:
    run = purged(built, "q7\n", *BY)
    assert run.returncode == 2
    assert "at least 4" in run.stderr
    assert "q7" not in run.stderr
