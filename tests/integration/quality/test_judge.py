"""Great Expectations in its own process: what it finds, and what happens where it finds nothing."""

import sys
from datetime import date
from pathlib import Path

import pytest

from pipeline.definitions.expectations import Suite
from pipeline.errors import ExtractError
from pipeline.quality.judging import Judged, Judging
from pipeline.quality.profile import Profile

MONTHS = [date(2023, month, 1) for month in range(1, 13)]


def profile(delivery: str, rows: int = 1000, **more: object) -> Profile:
    """A delivery of one month of one area, alike from one to the next."""
    number = int(delivery[-2:])
    given: dict[str, object] = {
        "delivery": delivery,
        "supplier": "police",
        "records": rows,
        "faulty": 0,
        "rows": rows,
        "periods": 1,
        "months": ((MONTHS[number - 1], "D1", rows),),
        "recorded": {"ward_code": round(0.95 * rows)},
        "values": {"place": {"public": rows // 2, "not recorded": rows // 2}},
        "unlisted": {"offence": 0},
    }
    return Profile(**(given | more))  # type: ignore[arg-type]


STRICT = Suite.model_validate(
    {
        "months": {"areas": ["D1"], "band": {}},
        "complete": {"ward_code": {"at_least": 90, "change": 4}},
        "shares": {"place": {"change": 5}},
        "codes": {"offence": {"lists": ["offences"], "at_most": 1}},
        "quarantined_at_most": 2,
    }
)
FAULTS = {
    "faulty-02": profile("faulty-02", faulty=30),
    "stated-03": profile("stated-03", stated=1001),
    "area-04": profile("area-04", months=((MONTHS[3], "D2", 1000),)),
    "gap-05": profile(
        "gap-05", periods=2, rows=2000, months=((MONTHS[4], "D1", 1000), (MONTHS[6], "D1", 1000))
    ),
    "low-06": profile("low-06", months=((MONTHS[5], "D1", 480), (MONTHS[5], "D2", 520))),
    "empty-07": profile("empty-07", recorded={"ward_code": 890}),
    "moved-08": profile("moved-08", values={"place": {"public": 440, "private": 60, "not recorded": 500}}),
    "codes-09": profile("codes-09", unlisted={"offence": 11}),
    "half-10": profile("half-10", 500),
}
WANTED = {
    "faulty-02": "30 of 1,000 records break a row rule",
    "stated-03": "1,000 records were read and the supplier says 1,001",
    "area-04": "2023-04 has no row of D1",
    "gap-05": "2023-06 is missing",
    "low-06": "2023-06, D1: 480 rows against a median of 1,000 in the nearest months",
    "empty-07": "ward code: 110 of 1,000 rows have no value",
    "moved-08": "place, private: 6.0 % of the rows, and 0.0 % of good-01",
    "codes-09": "offence: 11 of 1,000 rows have a code that is in none of its lists",
    "half-10": "500 records against 1,000 of good-01, the last delivery",
}


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Judged]]:
    """One process, one source of good deliveries, and one source for each fault."""
    result = tmp_path_factory.mktemp("judged") / "result.json"
    good = [profile(f"good-{n:02d}") for n in range(1, 13)]
    with Judging.started(result) as judging:
        judging.ask("good", STRICT, good, [one.delivery for one in good], [])
        for name, faulty in FAULTS.items():
            known = good[: 1 if name == "half-10" else 4]
            if name in ("area-04", "gap-05", "low-06"):
                known = [good[0], good[1], good[2], good[8]]
            if name in ("moved-08", "codes-09"):
                known = good[:1]
            after = profile("after-12")
            judging.ask(name, STRICT, [*known, faulty, after], [name, "after-12"], [])
            judging.ask(f"accepted {name}", STRICT, [*known, faulty, after], [name, "after-12"], [name])
        found = judging.results()
    assert not result.exists()
    by_source: dict[str, dict[str, Judged]] = {}
    for one in found:
        by_source.setdefault(one.source, {})[one.delivery] = one
    return by_source


def test_deliveries_alike_pass(judged: dict[str, dict[str, Judged]]) -> None:
    assert [one.reasons for one in judged["good"].values()] == [()] * 12
    first, last = judged["good"]["good-01"], judged["good"]["good-12"]
    assert (first.compared_with, last.compared_with) == ("", "good-11")
    assert [result.judged for result in first.results] == [0, 1, 0, 2, 0, 1, 0, 0, 1]
    assert [result.judged for result in last.results] == [1, 1, 0, 2, 1, 1, 1, 2, 1]


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_told_in_a_sentence(judged: dict[str, dict[str, Judged]], name: str) -> None:
    assert any(reason.startswith(WANTED[name]) for reason in judged[name][name].reasons), judged[name][name]


@pytest.mark.parametrize("name", FAULTS)
def test_what_follows_is_compared_with_the_last_one_that_counts(
    judged: dict[str, dict[str, Judged]], name: str
) -> None:
    assert judged[name]["after-12"].compared_with.startswith("good-")
    assert judged[f"accepted {name}"]["after-12"].compared_with == name


SILENT = (
    "pass",
    "import sys; sys.stdin.read()",
    "import json, sys\n"
    "for line in sys.stdin:\n"
    "    asked = json.loads(line)\n"
    "    if 'result' in asked:\n"
    "        open(asked['result'], 'w').write(json.dumps({'sources': {}, 'raised': []}))",
)


@pytest.mark.parametrize("program", SILENT)
def test_an_exit_status_of_zero_proves_nothing(tmp_path: Path, program: str) -> None:
    one = profile("good-01")
    with Judging.started(tmp_path / "result.json", (sys.executable, "-c", program)) as judging:
        judging.ask("good", STRICT, [one], ["good-01"], [])
        with pytest.raises(ExtractError, match="could not be judged, so nothing was loaded"):
            judging.results()


@pytest.fixture(scope="module")
def raised(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A judge whose frame lacks every column that the expectations are about."""
    program = (
        "import sys\n"
        "from pipeline.quality import judge\n"
        "class Wrong(judge.Judge):\n"
        "    def __init__(self):\n"
        "        super().__init__()\n"
        "        self._whole, self._batches = self._batches, self\n"
        "    def get_batch(self, given):\n"
        "        return self._whole.get_batch({'dataframe': given['dataframe'][['line']]})\n"
        "judge.Judge = Wrong\n"
        "raise SystemExit(judge.answer(sys.stdin))\n"
    )
    result = tmp_path_factory.mktemp("raised") / "result.json"
    with Judging.started(result, (sys.executable, "-c", program)) as judging:
        judging.ask("good", STRICT, [profile("good-01")], ["good-01"], [])
        with pytest.raises(ExtractError) as error:
            judging.results()
    return str(error.value)


def test_an_expectation_that_raises_is_no_verdict(raised: str) -> None:
    assert "good: rows against the last deliveries: the expectation raised" in raised
    assert "nothing was loaded" in raised


def test_modules_of_the_folder_one_stands_in_are_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "random.py").write_text("raise SystemExit('not this one')\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with Judging.started(tmp_path / "result.json") as judging:
        judging.ask("good", STRICT, [profile("good-01")], ["good-01"], [])
        assert [one.delivery for one in judging.results()] == ["good-01"]
