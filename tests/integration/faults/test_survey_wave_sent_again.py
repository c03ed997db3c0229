"""A wave of a survey sent again: it replaces the first, with a number for each respondent or without."""

from datetime import UTC, datetime
from typing import Any

import pytest

from pipeline.errors import ExtractError
from tests.unit.ingest.drop import Drop, crimes

KEY = ["wave", "respondent"]
SURVEY: dict[str, Any] = {
    "title": "Survey",
    "supplier": "Council",
    "files": ["survey*"],
    "contract": "responses",
    "columns": {
        "respondent": "Id",
        "completed_on": "Day",
        "safe": "Safe",
        "district_code": {"constant": "D1"},
    },
    "waves": {
        "2021": {"start": "2021-01-01", "end": "2021-12-31"},
        "2023": {"start": "2023-01-01", "end": "2023-12-31"},
    },
}


def wave(respondents: range, month: str = "2023-03", answer: str = "Yes") -> str:
    lines = (f"{number},{month}-{number % 9 + 1:02},{answer}" for number in respondents)
    return "\n".join(("Id,Day,Safe", *lines, ""))


def deliver(drop: Drop, key: list[str], *files: str) -> list[tuple[str, int]]:
    """Take in the files, a day after each other; how often each answer counts then."""
    drop.sources["survey"] = SURVEY | {"key": key}
    drop.put("crimes.csv", crimes("a,2023-01,Burglary,D1"))
    for number, content in enumerate(files, 1):
        drop.put(f"survey_{number}.csv", content)
        drop.ingest(datetime(2024, 5, number, tzinfo=UTC))
    found = drop.rows("SELECT safe, count(*) AS n FROM survey GROUP BY safe ORDER BY safe")
    return [(row["safe"], row["n"]) for row in found]


@pytest.mark.parametrize("key", [KEY, []])
def test_respondents_that_are_in_it_no_more_are_gone(drop: Drop, key: list[str]) -> None:
    assert deliver(drop, key, wave(range(40)), wave(range(9, 40), answer="No")) == [("No", 31)]


def test_a_respondent_who_withdrew_is_told_as_removed(drop: Drop) -> None:
    deliver(drop, KEY, wave(range(40)), wave(range(1, 40)))
    told = drop.rows("SELECT delivery, kind, record FROM revisions")
    assert told == [{"delivery": "survey-0002", "kind": "removed", "record": "2023 0"}]


@pytest.mark.parametrize("key", [KEY, []])
def test_another_wave_stays(drop: Drop, key: list[str]) -> None:
    assert deliver(drop, key, wave(range(40), "2021-03"), wave(range(20))) == [("Yes", 60)]


def test_answers_of_later_days_are_further_answers(drop: Drop) -> None:
    assert deliver(drop, KEY, wave(range(40)), wave(range(40, 80), "2023-04")) == [("Yes", 80)]


def test_further_answers_without_a_number_are_refused_with_what_to_declare(drop: Drop) -> None:
    with pytest.raises(ExtractError) as error:
        deliver(drop, [], wave(range(40)), wave(range(40), "2023-04"))
    assert "say `key:` for its source, or `redelivers: single_rows`" in str(error.value)
