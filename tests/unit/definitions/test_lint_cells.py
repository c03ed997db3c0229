"""Repeats, crossed breakdowns, denominators of one category, surveys: what their keys may say together."""

import pytest

from pipeline.definitions.load import load
from tests.unit.definitions.conftest import Config

MEASURE = "{type: count, unit: crimes, where: {offence: {in_codelist: burglary}}}"
RATE = "{type: rate, unit: per 1000, over: {column: residents}}"
AGE = "{name: age, column: victim_age_years, bands: {U25: [0, 24], 25+: [25, null]}}"


def measure(config: Config, written: str, by: str = "") -> None:
    config.change("indicators.yaml", MEASURE, written + (f"\n    by: [{by}]" if by else ""))


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("entity: [victim_ref, victim]", "9:66: burglary: unknown column of crimes (part victims): 'victim'"),
        (
            "entity: victim_ref, report: crimes, at_least: 3",
            "burglary: `at_least` belongs to `report: people`; this one reports crimes",
        ),
        (
            "entity: victim_ref, lookback_months: 6",
            "burglary: `lookback_months` belongs to `report: lookback`; this one reports people",
        ),
        (
            "entity: victim_ref, report: lookback",
            "burglary: unknown column of crimes (part victims): 'recorded_on'",
        ),
        ("entity: victim_ref, report: [people, crimes]", "9:73:"),
    ],
)
def test_a_repeat_that_says_two_things(config: Config, written: str, told: str) -> None:
    measure(config, f"{{type: repeat, table: victims, {written}}}")
    (error, *_) = config.errors()
    assert told in error


def test_a_repeat_by_the_first_recorded_of_two_columns(config: Config) -> None:
    measure(config, "{type: repeat, table: victims, entity: [victim_ref, victim_kind], report: crimes}")
    assert load(config.folder).indicators


@pytest.mark.parametrize(
    ("by", "told"),
    [
        (
            f"{AGE}, {{name: both, cross: [age]}}",
            "burglary: 'both' needs two breakdowns or more to cross, each of them once",
        ),
        (
            f"{AGE}, {{name: both, cross: [age, age]}}",
            "burglary: 'both' needs two breakdowns or more to cross, each of them once",
        ),
        (
            f"{AGE}, {{name: both, cross: [age, plaec]}}, {{name: place, column: place}}",
            "burglary: unknown breakdown beside it: 'plaec' (did you mean 'place'?)",
        ),
        (
            f"{AGE}, {{name: place, column: place}}, {{name: both, cross: [age, place], column: place}}",
            "burglary: 'both' crosses other breakdowns; it has no column, bands or groups of its own",
        ),
        (
            "{name: age, column: victim_age_years, bands: {'0, all': [0, null]}}, "
            "{name: place, column: place}, {name: both, cross: [age, place]}",
            "burglary: '0, all' cannot be crossed: its name holds a comma",
        ),
    ],
)
def test_a_cross_of_what_cannot_be_crossed(config: Config, by: str, told: str) -> None:
    measure(config, MEASURE, by)
    (error,) = config.errors()
    assert told in error


def test_two_breakdowns_crossed(config: Config) -> None:
    measure(config, MEASURE, f"{AGE}, {{name: place, column: place}}, {{name: both, cross: [age, place]}}")
    assert load(config.folder).indicators["burglary"].by[2].parts("U25, public") == ("U25", "public")


@pytest.mark.parametrize(
    ("written", "over", "told"),
    [
        (MEASURE, "{U25: {column: residents}}", "only a rate divides by a population; this is a count"),
        (RATE, "{U25: {column: residents, year: 2011}}", "but not by another table or year"),
    ],
)
def test_a_denominator_that_cannot_be_one_category_s(
    config: Config, written: str, over: str, told: str
) -> None:
    measure(config, written, AGE[:-1] + f", over: {over}}}")
    (error,) = config.errors()
    assert told in error


def test_homes_for_one_category(config: Config) -> None:
    measure(config, RATE, AGE[:-1] + ", over: {U25: {column: households}}}")
    assert load(config.folder).indicators["burglary"].by[0].over["U25"].column == "households"


def test_answers_have_no_month_in_which_a_code_could_be_in_force(config: Config) -> None:
    config.write("codelists/burglary.txt", "# Burglary of homes.\n28E until 2023-03\n28F from 2023-04\n")
    survey = (
        "  survey:\n    title: Survey\n    supplier: council\n    files: [survey.csv]\n"
        "    contract: responses\n    columns: {wave: Wave, offence: Suffered}\n"
        "    waves: {'1': {start: 2023-01-01, end: 2023-01-31}}\n    sample_design: probability\n"
    )
    config.change("sources.yaml", "  population:\n", survey + "  population:\n")
    config.change(
        "indicators.yaml",
        MEASURE,
        "{type: survey, where: {offence: {in_codelist: burglary}}}\n    source: survey\n"
        "    window: {kind: wave, ending: latest}",
    )
    (error,) = config.errors()
    assert "'burglary' has codes that come or go by month, and the answers of a wave have no month" in error


@pytest.mark.parametrize("name", ["not recorded", "Not recorded", "other", "all"])
@pytest.mark.parametrize(
    "cut",
    ["column: victim_sex, groups: {{{0}: [Female]}}", "column: victim_age_years, bands: {{{0}: [0, 24]}}"],
)
def test_a_category_cannot_take_the_name_of_what_is_counted_beside_it(
    config: Config, name: str, cut: str
) -> None:
    measure(config, MEASURE, f"{{name: cut, {cut.format(name)}}}")
    assert any(f"a category cannot be called '{name}'" in error for error in config.errors())
