"""Every workspace that is shipped reads without an error or a doubt, and its worked examples hold."""

from pathlib import Path

import pytest

from pipeline.compute.examples import run_examples
from pipeline.definitions.load import load

ROOT = Path(__file__).parents[2]
WORKSPACES = [ROOT, *sorted(folder.parent for folder in ROOT.glob("examples/*/config"))]


def named(folder: Path) -> str:
    return folder.name if folder != ROOT else "root"


@pytest.mark.parametrize("workspace", WORKSPACES, ids=named)
def test_it_reads_without_a_doubt(workspace: Path) -> None:
    definitions = load(workspace / "config")
    assert [str(warning) for warning in definitions.warnings] == []
    assert definitions.partnership.main_source in definitions.sources


@pytest.mark.parametrize("workspace", WORKSPACES, ids=named)
def test_its_worked_examples_give_what_they_say(workspace: Path) -> None:
    definitions = load(workspace / "config")
    examples = [example for indicator in definitions.indicators.values() for example in indicator.examples]
    assert run_examples(definitions, workspace / "config") == len(examples)
