"""`assessment quality --coverage`: every month, area and column of each source, at 80 columns and as JSON."""

import json

from tests.conftest import BuiltWorkspace, Run


def test_the_demonstration_is_whole(demonstration: BuiltWorkspace, assessment: Run) -> None:
    run = assessment("quality", "--coverage", "--workspace", demonstration.root)
    assert run.returncode == 0, run.stderr
    lines = run.stdout.splitlines()
    assert max(map(len, lines)) <= 80
    assert "  Wolverhampton, West Midlands (force), 2018-04 to 2023-06: every month is whole" in lines
    assert "  ward_code                 97.7 % filled" in lines
    assert not [line for line in lines if "empty in" in line or "low in" in line]


def test_holes_are_named_with_their_areas(wolverhampton: BuiltWorkspace, assessment: Run) -> None:
    run = assessment("quality", "--coverage", "--workspace", wolverhampton.root)
    lines = run.stdout.splitlines()
    assert max(map(len, lines)) <= 80
    told = " ".join(" ".join(lines).split())
    lacks = "Wolverhampton, 2023-05 to 2026-03: not delivered: 2023-06, 2024-09; incomplete: 2023-05, "
    assert lacks in told


def test_json_has_every_month_area_and_column(demonstration: BuiltWorkspace, assessment: Run) -> None:
    run = assessment("quality", "--coverage", "--json", "--workspace", demonstration.root)
    told = json.loads(run.stdout)
    own = [m for m in told["months"] if (m["source"], m["area_code"]) == ("police_crimes", "E08000031")]
    assert len(own) == 63
    assert {m["state"] for m in own} == {"delivered"}
    place = {"source": "police_crimes", "field": "ward_code", "area_code": "E08000031", "month": "2023-06"}
    (ward,) = (row for row in told["fields"] if place.items() <= row.items())
    assert 0 < ward["filled"] <= ward["rows"]
    assert told["empty"] == told["low"] == []
