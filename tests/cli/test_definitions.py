"""What an analyst meets who makes a mistake in a definition: every one at once, in place, in plain words."""

import json
import os
import pty
import re
import select
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY, Run

ADDED = """\
  added:
    title: Added
    source: police_crimes
    measure: {type: count, unit: crimes, where: {location_type: {in: [Dwelling]}}}
"""
PLACE = re.compile(r"config/[a-z/_]+\.(yaml|txt):\d+:\d+: ")


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A workspace with the shipped definitions and one more, in lines 6 to 9 below `indicators:`."""
    root = tmp_path / "w"
    shutil.copytree(REPOSITORY / "config", root / "config")
    change(root, "\nindicators:\n", f"\nindicators:\n{ADDED}")
    return root


def change(workspace: Path, old: str, new: str) -> None:
    file = workspace / "config" / "indicators.yaml"
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")


def place_of(workspace: Path, text: str) -> str:
    """`line:column` of a text that stands once in the indicators."""
    before, _, _ = (workspace / "config/indicators.yaml").read_text(encoding="utf-8").partition(text)
    return f"{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"


@pytest.mark.parametrize(
    ("old", "new", "marked", "told"),
    [
        (
            "[Dwelling]",
            "[NO]",
            "NO]",
            "found NO, which could be a flag or a text; write true or false, or quote",
        ),
        ("[Dwelling]", "[010]", "010]", "found 010, which could be a number or a code; write the number the"),
        (
            "[Dwelling]",
            "[12:30]",
            "12:30]",
            "found 12:30, which could be a time or a number; quote it: '12:30'",
        ),
        ("[Dwelling]", "&a [Dwelling]", "&a [", "found the anchor &a; write the value out instead"),
        ("[Dwelling]", "*a", "*a}", "found the alias *a; write the value out instead"),
        (
            "    title: Added\n",
            "    title: Added\n    title: Added again\n",
            "title: Added again",
            "the key 'title' stands here twice; first in line",
        ),
    ],
)
def test_a_trap_is_refused_where_it_stands(
    assessment: Run, workspace: Path, old: str, new: str, marked: str, told: str
) -> None:
    change(workspace, old, new) if old != "[Dwelling]" else change(
        workspace, "in: [Dwelling]}}}\n", f"in: {new}}}}}}}\n"
    )
    run = assessment("check", "--workspace", workspace)
    assert run.returncode == 10
    assert f"config/indicators.yaml:{place_of(workspace, marked)}: {told}" in run.stderr
    assert "Traceback" not in run.stderr


def test_a_file_of_ten_megabytes_is_refused_unread(assessment: Run, workspace: Path) -> None:
    file = workspace / "config" / "indicators.yaml"
    with file.open("a", encoding="utf-8") as written:
        written.write("# a line of a comment that goes on and on\n" * 250_000)
    run = assessment("check", "--workspace", workspace)
    assert run.returncode == 10
    size = file.stat().st_size
    assert size > 10_000_000
    assert (
        f"config/indicators.yaml:1:1: the file has {size:,} bytes; at most 1,000,000 are read" in run.stderr
    )


def test_an_alias_bomb_does_not_grow(assessment: Run, workspace: Path) -> None:
    lines = ["a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    for before, name in zip("abcdefghijk", "bcdefghijkl", strict=True):
        lines.append(f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]")
    (workspace / "config" / "policies.yaml").write_text("\n".join(lines), encoding="utf-8")
    run = assessment("check", "--workspace", workspace)
    assert run.returncode == 10
    assert "config/policies.yaml:1:4: found the anchor &a" in run.stderr


def test_all_mistakes_come_in_one_run_by_file(assessment: Run, workspace: Path) -> None:
    change(workspace, "in: [Dwelling]", "on: [Dwelling]")
    change(workspace, "    title: Added\n", "    titel: Added\n")
    for name, old, new in (
        ("sources.yaml", "contract: crimes\n", "contract: crime\n"),
        ("partnership.yaml", "main_source:", "main_sauce:"),
        ("codelists/robbery.txt", "@include", "@inclued"),
    ):
        file = workspace / "config" / name
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace(old, new, 1) if old in text else f"{text}{new} x\n", encoding="utf-8")
    run = assessment("check", "--workspace", workspace)
    assert run.returncode == 10
    head, *blocks = run.stderr.rstrip("\n").split("\n\n")
    assert re.match(r"assessment: \d+ errors in config/", head)
    files = [{line.split(":")[0] for line in block.splitlines()} for block in blocks]
    assert all(len(named) == 1 for named in files)  # one block, one file
    told = [line for block in blocks for line in block.splitlines()]
    assert all(PLACE.match(line) for line in told)
    assert any(
        "unknown key in indicators.added: 'titel' (did you mean 'title'?); allowed: " in t for t in told
    )
    assert any("unknown contract" in line or "'crime'" in line for line in told)
    assert {name for named in files for name in named} >= {
        "config/indicators.yaml",
        "config/partnership.yaml",
        "config/codelists/robbery.txt",
    }


def test_with_json_the_same_errors_are_values(assessment: Run, workspace: Path) -> None:
    change(workspace, "    title: Added\n", "    titel: Added\n")
    run = assessment("check", "--json", "--workspace", workspace)
    assert run.returncode == 10
    error = json.loads(run.stdout)["error"]
    assert error["exit_code"] == 10
    (missing, unknown) = error["issues"]
    assert missing["message"].startswith("indicators.added: 'title' is missing")
    line, column = map(int, place_of(workspace, "titel").split(":"))
    assert (unknown["file"], unknown["line"], unknown["column"]) == ("config/indicators.yaml", line, column)


def test_a_worked_example_that_fails_is_told_in_place(assessment: Run, workspace: Path) -> None:
    examples = "    examples: [{rows: [{location_type: Dwelling}], expect: 2}]\n"
    change(workspace, "in: [Dwelling]}}}\n", f"in: [Dwelling]}}}}}}\n{examples}")
    run = assessment("check", "--workspace", workspace)
    assert run.returncode == 10
    place = place_of(workspace, "2}]\n")
    assert f"config/indicators.yaml:{place}: added, example 1: the rows give 1, expected 2" in run.stderr


def test_warnings_stop_nothing_and_are_values_too(assessment: Run, workspace: Path) -> None:
    change(workspace, "    title: Added\n", "    title: Fall in burglary\n")
    run = assessment("check", "--json", "--workspace", workspace)
    assert run.returncode == 0, run.stderr
    (warning,) = json.loads(run.stdout)["warnings"]
    assert warning["severity"] == "warning"
    assert warning["message"].startswith("added: its title says 'Fall'")
    assert f"config/indicators.yaml:{warning['line']}:12: warning: added" in run.stderr


def test_on_a_terminal_long_messages_fit_its_width(workspace: Path) -> None:
    change(workspace, "in: [Dwelling]", "on: [Dwelling]")
    shown = _on_a_terminal("check", "--workspace", str(workspace), columns=80)
    assert "assessment: 1 error in config/indicators.yaml" in shown
    assert len(shown) > 3
    assert max(map(len, shown)) <= 80
    place = place_of(workspace, "on: [Dwelling]")
    assert any(line.startswith(f"config/indicators.yaml:{place}: unknown key") for line in shown)


def _on_a_terminal(*arguments: str, columns: int) -> list[str]:
    """The lines that a command shows on a terminal of that width."""
    main, terminal = pty.openpty()
    process = subprocess.Popen(
        [str(Path(sys.executable).with_name("assessment")), *arguments],
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        env={**os.environ, "COLUMNS": str(columns)},
    )
    os.close(terminal)
    shown = b""
    while select.select([main], [], [], 30)[0]:
        try:
            read = os.read(main, 65_536)
        except OSError:  # the other end is closed
            break
        if not read:
            break
        shown += read
    os.close(main)
    process.wait(timeout=30)
    return shown.decode().replace("\r\n", "\n").splitlines()


def test_a_source_is_explained_with_its_built_in_mapping(assessment: Run) -> None:
    run = assessment("explain", "police_crimes", "--workspace", REPOSITORY)
    assert run.returncode == 0, run.stderr
    lines = run.stdout.splitlines()
    assert lines[0] == "# begins with the built-in mapping police_crimes"
    assert "  crime_ref: Crime Reference" in lines
    told = json.loads(assessment("explain", "police_crimes", "--json", "--workspace", REPOSITORY).stdout)
    assert told == {"source": "police_crimes", "definition": run.stdout}
