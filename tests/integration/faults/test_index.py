"""README.md lists every case of what must be survived with its tests, and every test of this folder."""

import re
from pathlib import Path

FOLDER = Path(__file__).parent
CASES = {*range(1, 38), *range(41, 46)}  # 38 to 40 are of disclosure control
ROW = re.compile(r"\| (\d*) ?\| [^|]+ \| (.+) \|")


def rows() -> list[tuple[str, list[str]]]:
    """Each row of the list: its case, and the files that test it."""
    found = ROW.findall((FOLDER / "README.md").read_text(encoding="utf-8"))
    return [(case, re.findall(r"\]\(([^)]+)\)", links)) for case, links in found]


def test_every_case_has_a_test() -> None:
    assert {int(case) for case, files in rows() if case and files} == CASES
    missing = [file for _, files in rows() for file in files if not (FOLDER / file).is_file()]
    assert missing == []


def test_every_test_is_listed() -> None:
    listed = {file for _, files in rows() for file in files} | {Path(__file__).name}
    assert sorted({path.name for path in FOLDER.glob("test_*.py")} - listed) == []
