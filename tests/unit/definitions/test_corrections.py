"""config/corrections.yaml as it is read: what is wrong with an entry is told at its place."""

from datetime import date
from pathlib import Path

import pytest

from pipeline.definitions.load import load
from pipeline.errors import DefinitionError
from tests.three_areas import SOURCES, three_areas

GOOD = """\
version: 1
corrections:
  - source: crimes
    key: {crime_ref: q1}
    rule: range
    values: {victim_age_years: null}
    by: A. Analyst
    on: 2024-01-02
    until: 2024-12-31
    reason: asked the force
"""
COLUMNS = "      victim_age_years: Age\n      victim_ref: {from: Victim, hashed: true}\n      district_code"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    root = three_areas(tmp_path / "workspace", is_judged=False)
    sources = SOURCES.replace("      district_code", COLUMNS)
    (root / "config" / "sources.yaml").write_text(sources, encoding="utf-8")
    return root / "config"


def wrong(config: Path, before: str, after: str) -> str:
    assert before in GOOD
    (config / "corrections.yaml").write_text(GOOD.replace(before, after), encoding="utf-8")
    with pytest.raises(DefinitionError) as told:
        load(config)
    return str(told.value)


def test_an_entry_is_read_with_its_line(config: Path) -> None:
    (config / "corrections.yaml").write_text(GOOD, encoding="utf-8")
    found = load(config)
    (entry,) = found.corrections
    assert found.correction_lines == (3,)
    assert (entry.key, entry.values) == ({"crime_ref": "q1"}, {"victim_age_years": None})
    assert (entry.on, entry.until) == (date(2024, 1, 2), date(2024, 12, 31))


def test_without_the_file_there_is_nothing_to_correct(config: Path) -> None:
    assert load(config).corrections == ()


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("source: crimes", "source: crime", "yaml:3:13: unknown source 'crime' (did you mean 'crimes'?)"),
        ("key: {crime_ref: q1}", "key: {category: Fraud}", "yaml:4:10: found category; allowed: crime_ref"),
        ("key: {crime_ref: q1}", "line: 4", "yaml:4:11: a line is one of a file: say which under `file`"),
        ("key: {crime_ref: q1}", "file: a.csv", "names its record by `line`, with `file`, or by `key`"),
        ("rule: range", "rule: conflict", "yaml:5:11: found conflict, for which nothing can release a row"),
        ("rule: range", "rule: rage", "yaml:5:11: corrections[1].rule: found 'rage' (did you mean 'range'?)"),
        ("victim_age_years: null", "age: 4", "unknown column of crimes 'age'"),
        ("victim_age_years: null", "victim_ref: V1", "which is never written down"),
        ("until: 2024-12-31", "until: 2024-01-01", "allowed: a day not before 2024-01-02"),
        ("by: A. Analyst", 'by: ""', "yaml:7:9: "),
        ("    reason: asked the force\n", "", "reason"),
        ("by: A. Analyst", "who: A. Analyst", "who"),
    ],
)
def test_what_is_wrong_is_told_at_its_place(config: Path, before: str, after: str, told: str) -> None:
    assert told in wrong(config, before, after)
