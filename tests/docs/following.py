"""Following a page of the documentation: its blocks run, written and added as a reader would."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.docs.prose import Fence, fences


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


def change(fence: Fence, file: Path) -> None:
    """Replace each run of `-` lines, which the file must hold once, by the `+` lines after it."""
    text = file.read_text(encoding="utf-8")
    old: list[str] = []
    new: list[str] = []
    for line in [*fence.text.splitlines(), "-"]:
        if line.startswith("-") and new:
            assert text.count("\n".join(old) + "\n") == 1, f"{file.name} must hold these lines once: {old}"
            text = text.replace("\n".join(old) + "\n", "".join(f"{one}\n" for one in new))
            old, new = [], []
        (old if line.startswith("-") else new).append(line[1:])
    file.write_text(text, encoding="utf-8")


def follow(page: Path, folder: Path) -> list[str]:
    """Do what a page says, block by block; what each shell block printed."""
    printed: list[str] = []
    for fence in fences(page):
        if "write" in fence.instructions:
            (folder / fence.instructions["write"]).write_text(fence.text, encoding="utf-8")
        elif "add-to" in fence.instructions:
            add(fence, folder / fence.instructions["add-to"])
        elif "copy" in fence.instructions:
            shutil.copy(page.parent / fence.instructions["copy"], folder / fence.instructions["to"])
        elif "change" in fence.instructions:
            change(fence, folder / fence.instructions["change"])
        elif "printed" in fence.instructions:
            assert fence.text.rstrip("\n") in printed[-1], f"{page.name} shows what is not printed"
        elif "run" in fence.instructions:
            text, folder = run(fence.text, folder)
            printed.append(text)
    return printed
