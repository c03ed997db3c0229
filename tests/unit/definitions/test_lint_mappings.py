"""Mappings that no file could be read by, or that would fill columns with what they cannot hold."""

from datetime import date

import pytest

from pipeline.definitions.load import check
from tests.unit.definitions.conftest import Config

TODAY = date(2023, 6, 30)
AGE = "      victim_age_years: Age\n"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            AGE,
            f"{AGE}      victim_agee_years: Age\n",
            "crimes: unknown column of crimes tables: 'victim_agee_years' (did you mean 'victim_age_years'?)",
        ),
        (
            "victim_ref: Victim",
            "victim_reff: Victim",
            "crimes: unknown column of victims tables: 'victim_reff' (did you mean 'victim_ref'?)",
        ),
        (
            AGE,
            f'{AGE}      recorded_on: {{from: Recorded, date_format: "%d/%m/%e"}}\n',
            "crimes: recorded_on: %e is no part of a date or time",
        ),
        (
            AGE,
            f'{AGE}      recorded_on: {{from: Recorded, date_format: "dd/mm/yyyy"}}\n',
            "crimes: recorded_on: found 'dd/mm/yyyy'; allowed: a format with a year and a month, e.g. %d/%m",
        ),
        (
            AGE,
            f'{AGE}      committed_hour: {{from: Time, time_format: "%M"}}\n',
            "crimes: committed_hour: found '%M'; allowed: a format with an hour, e.g. %H:%M",
        ),
        (
            AGE,
            f"{AGE}      recorded_on: Recorded\n      month: {{month_of: record_on}}\n",
            "crimes: unknown date of the source: 'record_on' (did you mean 'recorded_on'?)",
        ),
        (
            "      alcohol: Alcohol\n",
            '      alcohol: {from: Alcohol, values: {"Y": 1}}\n',
            "crimes: alcohol: found the number 1; allowed: true or false",
        ),
        (
            "Outdoors: public",
            "Outdoors: outside",
            "crimes: place: found 'outside'; allowed: public, private",
        ),
        (
            AGE,
            f"{AGE}      month: {{constant: May}}\n",
            "crimes: month: found 'May'; allowed: a date written YYYY-MM-DD",
        ),
        (
            AGE,
            f"{AGE}      month: {{constant: 2024-13-01}}\n",
            "crimes: month: found '2024-13-01'; allowed: a date written YYYY-MM-DD",
        ),
        (
            "    parts:\n",
            "    key: [crime_ref]\n    parts:\n",
            "crimes: unknown column of the source: 'crime_ref'",
        ),
        (
            "    parts:\n",
            "    grain: [Victim Number]\n    parts:\n",
            "crimes: `grain` tells records of one key apart, and the source has no `key`",
        ),
        (
            "    parts:\n",
            '    delimiter: "||"\n    parts:\n',
            "sources.crimes.delimiter: found '||'; allowed: the one character that separates the columns",
        ),
        (
            "    parts:\n",
            "    delimiter: ''\n    parts:\n",
            "sources.crimes.delimiter: found ''; allowed: the one character that separates the columns",
        ),
        (
            "    parts:\n",
            "    formats: [{delimiter: '\"'}]\n    parts:\n",
            "allowed: the one character that separates their columns",
        ),
        (
            "    parts:\n",
            "    sheets: [{last_row: 60}]\n    parts:\n",
            "crimes: last_row: a text file is read to its end; declare `footer:` instead",
        ),
        (
            "    parts:\n",
            "    sheets: [{sheet: One}, {sheet: Two}]\n    parts:\n",
            "crimes: a text file has one table; found a second sheet for *",
        ),
        (
            "    parts:\n",
            "    formats: [{file: old, columns: {offense: Code}}]\n    parts:\n",
            "crimes: unknown column of the source: 'offense' (did you mean 'offence'?)",
        ),
    ],
)
def test_what_a_mapping_cannot_do(config: Config, old: str, new: str, told: str) -> None:
    config.change("sources.yaml", old, new)
    errors = config.errors()
    assert any(told in error for error in errors), errors
    assert all(error.startswith("config/sources.yaml:") for error in errors)


OTHER = """\
  other:
    title: Crimes again
    supplier: police
    files: ["*.csv"]
    contract: crimes
    columns: {offence: Offence}
"""


def test_files_that_two_sources_both_take(config: Config) -> None:
    config.change("sources.yaml", "  population:\n", f"{OTHER}  population:\n")
    doubts = [str(one) for one in check(config.folder, TODAY)[1] if one.rule == "same_files"]
    assert doubts == [
        "config/sources.yaml:18:13: warning: other: '*.csv' fits files of crimes ('crimes.csv') too; both "
        "are crimes, and a row that both take is counted in each"
    ]
    config.change("sources.yaml", 'files: ["*.csv"]', 'files: ["*.xlsx"]')
    assert not [one for one in check(config.folder, TODAY)[1] if one.rule == "same_files"]


def test_residents_without_a_key(config: Config) -> None:
    config.change("sources.yaml", "    key: [area_code, year]\n", "")
    (doubt,) = [one for one in check(config.folder, TODAY)[1] if one.rule == "keyless"]
    assert doubt.message == (
        "population: it has no `key`, so a row that stands twice in a file counts twice; usual for "
        "population: [area_code, year]"
    )


def test_a_heading_that_is_stored_and_ignored(config: Config) -> None:
    config.change("sources.yaml", "    parts:\n", "    ignored: [place]\n    parts:\n")
    (doubt,) = [one for one in check(config.folder, TODAY)[1] if one.rule == "headers_twice"]
    assert doubt.message == "crimes: 'place' is under `columns` too, and is stored"
