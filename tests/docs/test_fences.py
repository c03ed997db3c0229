"""The tutorial and the how-to guides are followed literally, in workspaces of their own."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.prose import GUIDES, TUTORIAL, Fence, fences

FOLLOWED = [page for page in GUIDES if any(fence.is_followed for fence in fences(page))]


def run(text: str, folder: Path) -> tuple[str, Path]:
    """Run a shell block as a reader would type it; what it printed and the folder it ends in.

    A reader stops at the first command that fails; so does this.
    """
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    environment.pop("ASSESSMENT_SECRET_FILE", None)
    done = subprocess.run(
        ["bash", "-e", "-c", f"{text}\npwd"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, f"{text}\n{done.stdout}\n{done.stderr}"
    *printed, folder_now = done.stdout.rstrip("\n").split("\n")
    return "\n".join(printed), Path(folder_now)


def add(fence: Fence, file: Path) -> None:
    """Put the block into the file after the line that it names."""
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    named = [n for n, line in enumerate(lines) if line.strip() == fence.instructions["after"]]
    assert len(named) == 1, f"{file.name} must hold the line {fence.instructions['after']!r} once"
    place = named[0] + 1 + int(fence.instructions.get("skip", 0))
    file.write_text("".join([*lines[:place], fence.text, *lines[place:]]), encoding="utf-8")


def follow(page: Path, folder: Path) -> list[str]:
    """Do what a page says, block by block; what each shell block printed."""
    printed = []
    for fence in fences(page):
        if "write" in fence.instructions:
            (folder / fence.instructions["write"]).write_text(fence.text, encoding="utf-8")
        elif "add-to" in fence.instructions:
            add(fence, folder / fence.instructions["add-to"])
        elif "run" in fence.instructions:
            text, folder = run(fence.text, folder)
            printed.append(text)
    return printed


@pytest.fixture(scope="module")
def received(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demonstration workspace whose extracts have been received."""
    folder = tmp_path_factory.mktemp("guides")
    run("assessment init w\nassessment demo -w w\nassessment ingest -w w", folder)
    return folder / "w"


@pytest.mark.parametrize("page", FOLLOWED, ids=lambda page: page.stem)
def test_a_guide_can_be_followed(page: Path, received: Path, tmp_path: Path) -> None:
    workspace = tmp_path / "workspace"
    shutil.copytree(received, workspace)
    printed = follow(page, workspace)
    if page.stem == "add-an-indicator":
        (previewed,) = [text for text in printed if "Comparisons" in text]
        assert "shop_crime: Crimes in shops" in previewed
        assert "previous_year: year to" in previewed
        assert "shop_crime" in printed[-1]
    if page.stem == "add-an-extract":
        (line,) = [line for line in printed[-1].splitlines() if line.startswith("noise_complaints")]
        assert line.split()[1:5] == ["1", "5", "4", "1"]


def test_an_indicator_takes_ten_lines_and_no_code() -> None:
    (page,) = [page for page in GUIDES if page.stem == "add-an-indicator"]
    written = [fence for fence in fences(page) if "add-to" in fence.instructions]
    assert {fence.language for fence in written} == {"yaml"}
    assert sum(len(fence.text.splitlines()) for fence in written) <= 10


def test_the_tutorial_can_be_followed(tmp_path: Path) -> None:
    printed = follow(TUTORIAL, tmp_path)
    editions = sorted(path.name for path in (tmp_path / "my-partnership/reports/editions").iterdir())
    assert editions == ["2023-annual", "2023-q3"]
    assert "published" in printed[-2]
    assert "nothing new" in printed[-1]
