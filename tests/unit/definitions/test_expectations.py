"""Suites as written: what is wrong is told with its place and what is allowed."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from pipeline.definitions.expectations import Suite, period_column, read_suites
from pipeline.definitions.source import Source
from tests.small_partnership import source

CRIMES = source(
    columns={
        "crime_ref": "Reference",
        "offence": "Offence",
        "place": "Place",
        "victim_ref": {"from": "Victim", "hashed": True},
    },
    key=["crime_ref"],
)
SURVEY = source("survey", "responses", columns={"respondent": "No", "answer": "Q1"})
SOURCES: Mapping[str, Source] = {"crimes": CRIMES, "survey": SURVEY}


def written(folder: Path, text: str, name: str = "crimes.yaml") -> tuple[dict[str, Suite], list[str]]:
    (folder / name).write_text(text, encoding="utf-8")
    taken: list[str] = []
    suites, issues = read_suites(
        folder,
        "config/expectations",
        SOURCES,
        [*SOURCES, "misread"],
        {"offences": ()},
        lambda file, shown: taken.append(shown),
    )
    assert taken == [f"config/expectations/{name}"]
    return suites, [str(issue) for issue in issues]


def test_a_suite_may_say_nothing_and_holds_what_halves_or_doubles(tmp_path: Path) -> None:
    suites, issues = written(tmp_path, "version: 1\n")
    assert issues == []
    assert (suites["crimes"].rows.above, suites["crimes"].rows.below) == (0.5, 2)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("rows: {per: period}\n", ":1:1: version: found nothing; allowed: 1"),
        ("version: 1\nrows: {under: 2}\n", ":2:8: unknown key in rows: 'under'"),
        (
            "version: 1\nshares:\n  plaice: {change: 5}\n",
            ":3:3: unknown column of crimes 'plaice' (did you mean",
        ),
        ("version: 1\nshares:\n  crime_ref: {change: 5}\n", ":3:3: crime_ref tells people or records apart"),
        (
            "version: 1\nshares:\n  victim_ref: {change: 5}\n",
            ":3:3: victim_ref tells people or records apart",
        ),
        ("version: 1\nshares:\n  place: {change: 500}\n", ":3:19: shares.place.change: found the number 500"),
        ("version: 1\ncodes:\n  offence: {lists: [offence]}\n", ":3:21: unknown code list 'offence'"),
        ("version: 1\nrows: {above: 0.5, above: 0.4}\n", ":2:"),
    ],
)
def test_what_is_wrong_is_told_at_its_place(tmp_path: Path, text: str, told: str) -> None:
    _, issues = written(tmp_path, text)
    assert len(issues) == 1
    assert issues[0].startswith(f"config/expectations/crimes.yaml{told}"), issues[0]


def test_a_file_is_named_after_its_source(tmp_path: Path) -> None:
    suites, issues = written(tmp_path, "version: 1\n", "crime.yaml")
    assert suites == {}
    assert issues == [
        "config/expectations/crime.yaml:1:1: unknown source 'crime' (did you mean 'crimes'?); "
        "allowed: crimes, survey, misread; the file is named <source>.yaml"
    ]


def test_the_suite_of_a_source_that_could_not_be_read_is_no_second_mistake(tmp_path: Path) -> None:
    assert written(tmp_path, "version: 1\nshares: {x: {change: 1}}\n", "misread.yaml") == ({}, [])


def test_months_are_asked_of_sources_that_deliver_them(tmp_path: Path) -> None:
    _, issues = written(tmp_path, "version: 1\nmonths: {every: true}\n", "survey.yaml")
    assert issues == [
        "config/expectations/survey.yaml:2:1: survey delivers no months (its contract is responses)"
    ]


def test_periods_are_months_waves_or_those_of_returns() -> None:
    found = [period_column(source("x", kind)) for kind in ("crimes", "responses", "returns", "population")]
    assert found == ["month", "wave", "period_start", None]
