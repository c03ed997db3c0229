"""Rules over what a measure says of itself: units, pairs, answers, outcomes, numbers out of range."""

import pytest

from pipeline.definitions.load import load
from tests.unit.definitions.conftest import Config

MEASURE = "    measure: {type: count, unit: crimes, where: {offence: {in_codelist: burglary}}}\n"
RETURNS = """\
  returns:
    title: Returns
    supplier: council
    files: [returns.csv]
    contract: returns
    columns: {item: Item, value: Value}
  population:
"""
ANSWERS = """\
  answers:
    title: Answers
    supplier: council
    files: [answers.csv]
    contract: responses
    waves: {first: {start: 2022-01-01, end: 2022-01-31}}
    columns: {safe: Safe}
  population:
"""


def warnings(config: Config) -> list[str]:
    return [warning.message for warning in load(config.folder).warnings]


@pytest.mark.parametrize(
    ("measure", "told"),
    [
        ("{type: count, unit: '%'}", "found '%' for a count; allowed: what is counted or measured"),
        ("{type: rate, unit: '%', per: 100, over: {column: residents}}", "found '%' for a rate"),
        ("{type: mean, unit: '%', column: victim_age_years}", "found '%' for a mean"),
        ("{type: share, unit: per cent, where: {alcohol: {is: true}}}", "found 'per cent'; allowed: %"),
    ],
)
def test_units_that_would_print_a_change_wrongly(config: Config, measure: str, told: str) -> None:
    config.change("indicators.yaml", MEASURE, f"    measure: {measure}\n")
    (error,) = config.errors()
    assert told in error


@pytest.mark.parametrize(
    ("measure", "told"),
    [
        (
            "{type: reported, item: a, of: b, unit: people}",
            "found 'people' for a percentage of b; allowed: '%'",
        ),
        ("{type: reported, item: a, of: a}", "a is a percentage of itself"),
    ],
)
def test_percentages_of_returns(config: Config, measure: str, told: str) -> None:
    config.change("sources.yaml", "  population:\n", RETURNS)
    config.change("indicators.yaml", MEASURE, f"    source: returns\n    measure: {measure}\n")
    (error,) = config.errors()
    assert told in error


@pytest.mark.parametrize(
    ("of", "told"),
    [
        (", of: robery", "unknown indicator 'robery'; allowed: burglary"),
        (", of: burglary", "is paired with itself; name the other indicator"),
        ("", "`paired` needs `of`, the other indicator"),
    ],
)
def test_pairs_that_are_none(config: Config, of: str, told: str) -> None:
    config.change("indicators.yaml", MEASURE, f"{MEASURE}    compare: [{{to: paired{of}}}]\n")
    (error,) = config.errors()
    assert f"burglary: {told}" in error


def test_a_range_that_runs_backwards(config: Config) -> None:
    backwards = "{type: count, unit: crimes, where: {victim_age_years: {between: [24, 0]}}}"
    config.change("indicators.yaml", MEASURE, f"    measure: {backwards}\n")
    (error,) = config.errors()
    assert "victim_age_years: from 24 to 0 runs backwards, and no row has such a value" in error


@pytest.mark.parametrize("among", ["", ", among: {safe: {answered: true}}"])
def test_a_survey_with_those_who_did_not_answer_in_its_base(config: Config, among: str) -> None:
    config.change("sources.yaml", "  population:\n", ANSWERS)
    measure = f"{{type: survey, where: {{safe: {{in: [yes!]}}}}{among}}}"
    written = f"    source: answers\n    window: {{kind: wave, ending: latest}}\n    measure: {measure}\n"
    config.change("indicators.yaml", MEASURE, written)
    told = "burglary: those who did not answer safe are in the base; if they should not be, write"
    assert [text.startswith(told) for text in warnings(config)] == ([] if among else [True])


@pytest.mark.parametrize("within", ["", ", within_days: 180"])
def test_outcomes_that_had_less_time(config: Config, within: str) -> None:
    names = {"offence": "Offence", "outcome": "Outcome", "outcome_on": "Settled", "recorded_on": "Day"}
    columns = "".join(f"      {name}: {column}\n" for name, column in names.items())
    config.change("sources.yaml", "      offence: Offence\n", columns)
    measure = f"{{type: proportion, where: {{outcome: {{in: ['1']}}}}{within}}}"
    config.change("indicators.yaml", MEASURE, f"    measure: {measure}\n")
    told = "burglary: outcomes without `within_days`"
    assert [text.startswith(told) for text in warnings(config)] == ([] if within else [True])


@pytest.mark.parametrize(
    ("line", "found", "allowed"),
    [
        ("test: {dispersion: 0.5}", "0.5", "at least 1"),
        ("test: {level: 95}", "95", "less than 1 (confidence level of the limits of a change)"),
        ("test: {level: 0.5}", "0.5", "more than 0.5"),
        ("unknown_shift_pp: -1", "-1", "at least 0"),
        ("unknown_shift_pp: 101", "101", "at most 100"),
        ("complete: {entity_missing_max_pct: 101}", "101", "at most 100"),
        ("measure: {type: rate, per: 0, unit: a, over: {column: residents}}", "0", "more than 0"),
        ("measure: {type: proportion, where: {}, within_days: -1}", "-1", "at least 0"),
    ],
)
def test_a_number_out_of_range_is_told_its_range(config: Config, line: str, found: str, allowed: str) -> None:
    replaced = MEASURE if line.startswith("measure") else ""
    config.change("indicators.yaml", MEASURE, f"{MEASURE.removesuffix(replaced)}    {line}\n")
    assert any(f"found the number {found}; allowed: {allowed}" in error for error in config.errors())


@pytest.mark.parametrize(
    ("window", "compare", "told"),
    [
        ("{kind: rolling, months: 36}", "{to: previous_year}", "36 months a year apart share 24, whose"),
        ("{kind: rolling, months: 18}", "{to: change_of, of: rest_of_force}", "a year apart share 6, whose"),
        (
            "{kind: financial_year, ending: 2021-03}",
            "{to: period, ending: 2022-03}",
            "found 2022-03, which is not before the window ends, 2021-03; allowed: an earlier",
        ),
        ("{kind: month, ending: 2021-03}", "{to: baseline, ending: 2021-03}", "found 2021-03, which is not"),
        (
            "{kind: month, ending: 2021-03}",
            "{to: average, of: force}",
            "and the force is one area; use a rate",
        ),
    ],
)
def test_comparisons_that_say_nothing(config: Config, window: str, compare: str, told: str) -> None:
    config.change("indicators.yaml", "{kind: rolling, months: 12}", window)
    config.change("indicators.yaml", "  source: crimes", f"  source: crimes\n  compare: [{compare}]")
    (error,) = config.errors()
    assert told in error


def test_a_rank_of_counts_is_doubtful(config: Config) -> None:
    two = "    members: [{code: E07000001, name: Ambridge}, {code: E07000002, name: Felpersham}]\n"
    config.change("partnership.yaml", two, two.replace("]", ", {code: E07000003, name: Penny Hassett}]"))
    config.change(
        "indicators.yaml",
        "  source: crimes",
        "  source: crimes\n  compare: [{to: rank, of: two}, {to: average, of: two}]",
    )
    (warning,) = warnings(config)
    assert "burglary: a rank of counts is mostly one of the areas' sizes; use a rate" in warning
