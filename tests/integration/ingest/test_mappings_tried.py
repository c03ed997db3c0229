"""`check` tries every mapping without a file: those that are shipped can be used, broken ones are told."""

import json
import shutil
from pathlib import Path

import pytest

from pipeline.definitions import built_in
from pipeline.definitions.load import load
from pipeline.ingest import unusable_mappings
from tests.conftest import REPOSITORY, Run
from tests.unit.ingest.drop import CRIMES, Drop

WORKSPACES = [REPOSITORY, *sorted((REPOSITORY / "examples").iterdir())]


@pytest.mark.parametrize("workspace", WORKSPACES, ids=lambda path: path.name)
def test_shipped_mappings_can_be_used(workspace: Path) -> None:
    assert unusable_mappings(load(workspace / "config")) == ()


@pytest.mark.parametrize("name", built_in.names())
def test_built_in_mappings_can_be_used(tmp_path: Path, name: str) -> None:
    written = built_in.written(name)
    drop = Drop(tmp_path / "w", sources={"crimes": {"supplier": "x", "files": ["x"], **written}})
    told = unusable_mappings(drop.definitions)
    if name == "survey_responses":  # only a source can say which waves its survey has
        assert told == ("source crimes: `columns` lacks wave, which every row of responses must have",)
    else:
        assert told == ()


def test_a_mapping_without_a_month(tmp_path: Path) -> None:
    columns = {name: how for name, how in CRIMES["columns"].items() if name != "month"}
    drop = Drop(tmp_path / "w", sources={"crimes": {**CRIMES, "columns": columns}})
    assert unusable_mappings(drop.definitions) == (
        "source crimes: `columns` lacks month, which every row of crimes must have",
    )


def test_a_format_that_the_database_cannot_read_by(tmp_path: Path) -> None:
    columns = {**CRIMES["columns"], "month": {"from": "Month", "date_format": "%Y-%e"}}
    drop = Drop(tmp_path / "w", sources={"crimes": {**CRIMES, "columns": columns}})
    assert unusable_mappings(drop.definitions) == (
        "source crimes: the database cannot read by this mapping; is a format mistyped?",
    )


def test_check_refuses_it(tmp_path: Path, assessment: Run) -> None:
    shutil.copytree(REPOSITORY / "config", tmp_path / "w" / "config")
    sources = tmp_path / "w" / "config" / "sources.yaml"
    bare = '  bare:\n    title: T\n    supplier: S\n    files: ["bare*"]\n    contract: incidents\n'
    sources.write_text(f"{sources.read_text(encoding='utf-8')}{bare}    columns: {{category: Kind}}\n")
    done = assessment("check", "-w", tmp_path / "w", "--json")
    assert done.returncode == 10
    assert json.loads(done.stdout)["error"]["message"] == (
        "no file can be taken in as declared:\n"
        "source bare: `columns` lacks month, which every row of incidents must have"
    )
