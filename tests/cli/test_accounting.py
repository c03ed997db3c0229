"""`assessment ingest --json` lets a machine close the accounting, and says what came of every row."""

import json
from pathlib import Path

from tests.conftest import Run
from tests.three_areas import SOURCES, three_areas

FILE = """\
Reference,Month,Category,District
r1,2024-01,Burglary,A
r1,2024-01,Burglary,A
r2,2024-01,Burglary,A
r2,2024-01,Robbery,A
r3,2024-13,Burglary,A

r4,2024-01,burglary,A
"""


def test_every_term_of_the_identity_is_there(tmp_path: Path, assessment: Run) -> None:
    root = three_areas(tmp_path / "workspace", is_judged=False)
    asked = SOURCES.replace(
        "    columns:\n", "    rows: {Category: [Burglary, Robbery, Theft]}\n    columns:\n", 1
    )
    (root / "config" / "sources.yaml").write_text(asked, encoding="utf-8")
    (root / "data" / "incoming" / "crimes_2024.csv").write_text(FILE, encoding="utf-8")
    run = assessment("ingest", "--json", "--workspace", root)
    assert run.returncode == 0, run.stderr
    whole = json.loads(run.stdout)
    assert whole["quarantined"]["records"] == 1
    assert [(one["file"], one["line"]) for one in whole["quarantined"]["first"]] == [("crimes_2024.csv", 6)]
    told = whole["deliveries"]
    for one in told:
        terms = ("loaded", "unchanged", "quarantined", "identical", "conflicting")
        assert one["read"] == sum(one[term] for term in terms)
        lines = dict(one["lines"])
        assert lines.pop("physical") == sum(lines.values())
    (one,) = [one for one in told if one["file"] == "crimes_2024.csv"]
    assert [
        one[term] for term in ("read", "loaded", "identical", "conflicting", "quarantined", "set_aside")
    ] == [
        5,
        2,
        1,
        1,
        1,
        1,
    ]
    assert one["lines"] == {"physical": 8, "preamble": 0, "header": 1, "blank": 1, "footer": 0, "record": 6}
    shown = " ".join(assessment("ingest", "--workspace", root).stdout.split())
    assert "crimes: 1 row set aside: not among those that its `rows:` or `present:` asks for" in shown
    assert "crimes_2024.csv: 1 row has the key (Reference) of another row and other values" in shown
