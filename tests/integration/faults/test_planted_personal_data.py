"""A person is planted in every column: in values that are taken, that are refused, and that nobody asked for.

Nothing that comes out may hold them: no message, no page, no table but the columns that the contract allows.
"""

from pathlib import Path

import pytest

from tests.conftest import Run
from tests.integration.faults.searched import files_with
from tests.three_areas import three_areas

COLUMNS = """\
      victim_ref: {from: Victim, hashed: true}
      victim_address_ref: {from: Address, hashed: true}
      victim_age_years: Age
      victim_sex: {from: Sex, allowed: [Female, Male]}
      recorded_on: Recorded
      district_code: District
"""
HEADER = "Reference,Month,Category,District,Victim,Address,Age,Sex,Recorded,Victim Name,Postcode,MO"
ROW = (
    "x-{n},2023-06,Burglary,A,VIC-{n},12 Bridge Farm {n},34,Female,2023-06-11,"
    "Pip Archer {n},BX1 {n}AA,told PC Burns {n}"
)
# In each column in turn: what a clerk puts there who has lost the thread.
PLANTED = [f"ZZPERSON{number:02d}" for number in range(12)]
TAKEN = (0, 3)  # the reference of the crime and its district are texts, and are stored as they come
ALLOWED = ("data/incoming", "data/raw")


def planted_file(root: Path) -> Path:
    path = root / "data" / "incoming" / "crimes_2022_2023.csv"
    header, *rows = path.read_text().splitlines()
    assert header == "Reference,Month,Category,District"
    filler = ",,,,,,,,"
    lines = [row + filler for row in rows]
    for number, text in enumerate(PLANTED):
        cells = ROW.format(n=number).split(",")
        cells[number] = text
        if number not in TAKEN:
            lines.append(",".join(cells))
    path.write_text("\n".join([HEADER, *lines]) + "\n")
    return path


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    root = three_areas(tmp_path / "workspace", is_judged=False)
    sources = root / "config" / "sources.yaml"
    sources.write_text(sources.read_text().replace("      district_code: District\n", COLUMNS))
    secret = root / "data" / "secret"
    secret.write_text("0123456789abcdef" * 2)
    secret.chmod(0o600)
    return root


def test_planted_personal_data(workspace: Path, tmp_path: Path, assessment: Run) -> None:
    planted_file(workspace)
    passing = tmp_path / "tmp"
    passing.mkdir()
    ran = [
        assessment(command, *more, "--workspace", workspace, TMPDIR=str(passing), ASSESSMENT_DEBUG="")
        for command, *more in (
            ("ingest",),
            ("ingest", "--json"),
            ("build",),
            ("quality",),
            ("quarantine",),
            ("check",),
            ("compute", "--json"),
            ("explain", "burglary"),
            ("verify",),
        )
    ]
    assert [run.returncode for run in ran] == [0] * len(ran), [run.stderr for run in ran if run.returncode]
    said = "".join(run.stdout + run.stderr for run in ran)
    personal = [*PLANTED, "Bridge Farm", "Pip Archer", "BX1", "Burns"]
    assert [text for text in personal if text in said] == []
    assert "Month" in said  # the refused rows are told, by their columns
    left = files_with(workspace, *personal)
    assert {path for path in left if not path.startswith(ALLOWED)} == set()
    assert len(left) == 2
    assert list(passing.iterdir()) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"{HEADER}\n", ""),  # no header: the first line is somebody's
        ("Pip Archer 1,", 'Pip "Archer 1,'),
        ("Pip Archer 1,", '"Pip Archer 1,'),
        ("Pip Archer 1,", "Pip, Archer 1,"),
        ("Pip Archer 1,", "Pip Archer 1\0,"),
        ("Pip Archer 1,", "Pip Archer \x85,"),
        ("Victim Name", "Victim,Victim Name"),
        ("Category", "ZZPERSON02"),
        (",", ";"),
    ],
)
def test_a_file_that_is_at_fault_is_told_without_the_people_in_it(
    workspace: Path, assessment: Run, before: str, after: str
) -> None:
    path = planted_file(workspace)
    text = path.read_text()
    assert before in text
    path.write_bytes(text.replace(before, after).encode("latin-1"))
    run = assessment("ingest", "--workspace", workspace)
    said = run.stdout + run.stderr
    people = [
        *(one for one in PLANTED if one != "ZZPERSON02"),
        "Bridge Farm",
        "Pip",
        "Archer",
        "BX1",
        "Burns",
    ]
    assert run.returncode in (0, 11), said
    assert said
    assert [text for text in people if text in said] == []
    warehouse = workspace / "data" / "curated"
    assert files_with(warehouse, *people) == []
