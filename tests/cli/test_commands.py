"""The command line as a person meets it: help, exit codes, plain errors without a traceback."""

from pathlib import Path

import pytest

from tests.conftest import REPOSITORY, Run

COMMANDS = (
    *("init", "demo", "ingest", "check", "compute", "preview", "request"),
    *("explain", "quality", "returns", "report", "build", "refresh", "purge", "verify", "schema"),
)


def test_help_names_every_command_and_fits_a_terminal(assessment: Run) -> None:
    run = assessment("--help", COLUMNS="80")
    assert run.returncode == 0
    assert all(f"  {command} " in run.stdout for command in COMMANDS)
    assert max(map(len, run.stdout.splitlines())) <= 80


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(assessment: Run, command: str) -> None:
    run = assessment(command, "--help", COLUMNS="80")
    assert run.returncode == 0
    assert len(run.stdout.splitlines()) > 4
    assert "--json" in run.stdout


def test_outside_a_workspace_the_next_step_is_named(assessment: Run, tmp_path: Path) -> None:
    run = assessment("build", "--workspace", tmp_path)
    assert run.returncode == 2
    assert run.stdout == ""
    assert run.stderr == (
        f"assessment: {tmp_path}: not a workspace (there is no config/partnership.yaml in it). "
        "Name one with --workspace DIR, or make one with `assessment init DIR`.\n"
    )


def test_an_unknown_flag_is_a_matter_of_usage(assessment: Run) -> None:
    assert assessment("build", "--nonsense").returncode == 2


@pytest.mark.parametrize("flag", ["--as-at=2023-13-01", "--as-at=yesterday"])
def test_what_is_not_a_date_is_a_matter_of_usage(assessment: Run, flag: str) -> None:
    run = assessment("compute", flag, "--workspace", REPOSITORY)
    assert run.returncode == 2
    assert "YYYY-MM-DD" in run.stderr


def test_check_names_every_measure_and_duty(assessment: Run) -> None:
    run = assessment("check", "--workspace", REPOSITORY)
    assert run.returncode == 0, run.stderr
    summary = " ".join(run.stdout.splitlines()[-4:])
    assert "25 success measures in 5 priorities, 4 statutory duties" in summary
    assert "Of 124 indicators 57 have a worked example, 57 say why they matter, 0 name who" in summary
    assert max(map(len, run.stdout.splitlines())) <= 80


def test_a_new_workspace_checks_and_holds_its_own_secret(assessment: Run, tmp_path: Path) -> None:
    root = tmp_path / "new"
    assert assessment("init", root).returncode == 0
    assert assessment("check", "--workspace", root).returncode == 0
    assert (root / "data" / "secret").stat().st_mode & 0o077 == 0
    again = assessment("init", root)
    assert again.returncode == 2
    assert "not empty" in again.stderr
