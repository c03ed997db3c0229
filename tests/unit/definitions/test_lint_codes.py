"""Doubts about codes: unknown ones, lists that hold the same, rows that a sum would count twice."""

import pytest

from pipeline.definitions.load import load
from tests.unit.definitions.conftest import Config

EVERY_CODE = "# Every code.\n@include burglary\n8N\n34B\n45\n"
DECLARED = "    contract: crimes\n    codes: {offence: [every_code]}\n"


def warnings(config: Config) -> list[str]:
    return [str(warning).removeprefix("config/") for warning in load(config.folder).warnings]


@pytest.fixture
def declared(config: Config) -> Config:
    """The small config with a list of every code that its offence column may have."""
    config.write("codelists/every_code.txt", EVERY_CODE)
    config.change("sources.yaml", "    contract: crimes\n", DECLARED)
    assert warnings(config) == []
    return config


def test_an_unknown_code_in_a_list_is_told_where_it_stands(declared: Config) -> None:
    declared.write("codelists/robbery.txt", "# Robbery.\n34B\n34C\n")
    where = "{any: [{offence: {in_codelist: robbery}}, {offence: {in_codelist: burglary}}]}"
    declared.change("indicators.yaml", "{offence: {in_codelist: burglary}}", where)
    assert warnings(declared) == [
        "codelists/robbery.txt:3:1: warning: unknown code '34C' (did you mean '34B'?)"
    ]


def test_an_unknown_code_written_out(declared: Config) -> None:
    declared.change(
        "indicators.yaml", "{offence: {in_codelist: burglary}}", "{not: {offence: {in: [8N, 8Q]}}}"
    )
    assert warnings(declared) == [
        "indicators.yaml:9:75: warning: burglary: unknown code '8Q' (of its class there are: 8N)"
    ]


def test_without_a_declaration_any_code_may_be(config: Config) -> None:
    config.change("indicators.yaml", "{offence: {in_codelist: burglary}}", "{offence: {in: [8Q]}}")
    assert warnings(config) == []


@pytest.mark.parametrize(
    ("codes", "told"),
    [
        (
            "{ofence: [every_code]}",
            "sources.yaml:8:13: crimes: unknown column 'ofence' (did you mean 'offence'?)",
        ),
        ("{offence: [all]}", "sources.yaml:8:23: crimes: unknown code list 'all'"),
    ],
)
def test_a_declaration_of_what_there_is_not(declared: Config, codes: str, told: str) -> None:
    declared.change("sources.yaml", "{offence: [every_code]}", codes)
    (error,) = declared.errors()
    assert error.removeprefix("config/").startswith(told)


def test_two_lists_with_the_same_codes(config: Config) -> None:
    config.write("codelists/housebreaking.txt", "# The same.\n28F\n28E\n")
    assert warnings(config) == [
        "codelists/housebreaking.txt:2:1: warning: housebreaking: holds the same codes as burglary; "
        "use one list, or include it"
    ]
    config.write("codelists/housebreaking.txt", "@include burglary\n")
    assert warnings(config) == []


SUM = """\
  acquisitive:
    title: Acquisitive crime
    measure: {type: derived, sum: [burglary, other], unit: crimes}
priorities:
"""


@pytest.mark.parametrize(
    ("where", "shared"),
    [
        ("{offence: {in: [28E, '45']}}", "rows with offence 28E"),
        ("{alcohol: {is: true}}", "rows with offence 28E, 28F and alcohol flagged"),
        (
            "{offence: {in_codelist: burglary}, alcohol: {is: true}}",
            "rows with offence 28E, 28F and alcohol flagged",
        ),
        ("{offence: {in: ['45']}}", ""),
        ("{offence: {not_in: ['45']}}", ""),
        ("{alcohol: {answered: true}}", ""),
        ("{any: [{alcohol: {is: true}}]}", ""),
        ("{not: {alcohol: {is: true}}}", ""),
    ],
)
def test_rows_that_a_sum_would_hold_twice(config: Config, where: str, shared: str) -> None:
    other = f"  other:\n    title: Other\n    measure: {{type: count, unit: crimes, where: {where}}}\n"
    config.change("indicators.yaml", "priorities:\n", other + SUM)
    found = [text.split(": ", 2)[2] for text in warnings(config)]
    told = f"acquisitive: adds burglary and other, which both count {shared}"
    assert found == ([told] if shared else [])


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ("{victim_age_years: {between: [0, 24]}}", "{victim_age_years: {between: [25, null]}}", ""),
        ("{victim_age_years: {between: [0, 24]}}", "{victim_age_years: {in: [30]}}", ""),
        ("{}", "{}", "every row"),
        (
            "{victim_age_years: {between: [null, 24]}}",
            "{victim_age_years: {between: [null, 30]}}",
            "rows with victim_age_years up to 24",
        ),
        (
            "{victim_age_years: {between: [10, 24]}}",
            "{victim_age_years: {between: [18, 30]}}",
            "rows with victim_age_years 18 to 24",
        ),
        (
            "{victim_age_years: {between: [10, null]}}",
            "{victim_age_years: {between: [18, null]}}",
            "rows with victim_age_years 18 and over",
        ),
    ],
)
def test_parts_that_are_not_independent(config: Config, one: str, other: str, shared: str) -> None:
    parts = "".join(
        f"  {name}:\n    title: {name}\n    measure: {{type: count, unit: crimes, where: {where}}}\n"
        for name, where in (("first", one), ("second", other))
    )
    share = "measure: {type: derived, sum: [first], over: [second], independent: true, unit: a for b}"
    whole = f"  both:\n    title: Both\n    {share}\npriorities:\n"
    config.change("indicators.yaml", "priorities:\n", parts + whole)
    if shared:
        (error, *_) = config.errors()
        assert f"both: first and second are not independent: both count {shared}" in error
    else:
        assert warnings(config) == []


@pytest.mark.parametrize("line", ["28E until=2022-03", "28E until 2022-03 from 2021-04", "28E since 2022"])
def test_a_validity_that_would_be_taken_for_a_code_is_refused(config: Config, line: str) -> None:
    config.write("codelists/dated.txt", f"# Dated.\n{line}\n")
    (error,) = config.errors()
    assert error == (
        f"config/codelists/dated.txt:2:1: found '{line}'; allowed: <code> [from YYYY-MM] [until YYYY-MM]"
    )


def test_a_list_with_a_value_that_its_column_cannot_have(config: Config) -> None:
    config.change("sources.yaml", "offence: Offence", "offence: {from: Offence, allowed: [28E, 8N]}")
    assert warnings(config) == [
        "codelists/burglary.txt:3:1: warning: unknown code '28F' (did you mean '28E'?)"
    ]
