"""The table of rules in docs/how-to/release-a-row.md has every rule, and says which no person can release."""

import re

from pipeline.model.rule import RuleName
from tests.conftest import REPOSITORY

ROW = re.compile(r"^\| (`[a-z`, ]+`) \|.*\| ([^|]+) \|$", re.MULTILINE)


def test_every_rule_has_its_row() -> None:
    table = (REPOSITORY / "docs" / "how-to" / "release-a-row.md").read_text(encoding="utf-8")
    rows = [(name, then) for names, then in ROW.findall(table) for name in re.findall(r"[a-z]+", names)]
    assert {name for name, _ in rows} == {rule.value for rule in RuleName}
    for name, then in rows:
        if then.startswith("quarantined"):
            assert then.endswith("*") is not RuleName(name).is_releasable, name
