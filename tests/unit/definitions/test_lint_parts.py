"""Rules over ratios, means and derived measures: one test for each."""

import pytest

from pipeline.definitions.load import load
from pipeline.definitions.parts import parts_behind
from tests.unit.definitions.conftest import Config

BURGLARY = "    measure: {type: count, unit: crimes, where: {offence: {in_codelist: burglary}}}\n"
DERIVED = """\
  houses:
    title: Homes and cars
    measure: {type: derived, sum: [burglary], unit: crimes}
priorities:
"""


@pytest.fixture
def derived(config: Config) -> Config:
    config.change("indicators.yaml", "priorities:\n", DERIVED)
    return config


@pytest.mark.parametrize(
    ("measure", "told"),
    [
        (
            "{type: ratio, over: {}, unit: crimes per crime}",
            "9:34: burglary: these rows are divided by rows they are a part of; use `share`",
        ),
        (
            "{type: ratio, over: {table: victims}, unit: '%'}",
            "burglary: found '%' for a ratio; allowed: what is counted for what, e.g. victims per crime",
        ),
        (
            "{type: ratio, over: {source: crime}, unit: a per b}",
            "burglary: unknown source 'crime' (did you mean 'crimes'?)",
        ),
        (
            "{type: ratio, over: {source: population}, unit: a per b}",
            "9:43: burglary: a measure of type ratio is made of crimes, incidents, "
            "outcomes, stops, case_reviews, actions; the source population holds population",
        ),
        (
            "{type: ratio, over: {table: suspects}, unit: a per b}",
            "burglary: unknown part of crimes: 'suspects'; allowed: victims",
        ),
        (
            "{type: ratio, over: {table: victims, where: {victm_kind: {in: [person]}}}, unit: a per b}",
            "burglary: unknown column of crimes (part victims): 'victm_kind' (did you mean 'victim_kind'?)",
        ),
        (
            "{type: mean, column: offence, unit: years}",
            "burglary: unknown column of crimes: 'offence'; allowed: victim_age_years, quantity",
        ),
        ("{type: mean, column: victim_age_years, min_base: 1, unit: years}", "allowed: "),
    ],
)
def test_ratios_and_means_that_cannot_be_meant(config: Config, measure: str, told: str) -> None:
    config.change("indicators.yaml", BURGLARY, f"    measure: {measure}\n")
    (error,) = config.errors()
    assert told in error


def test_a_ratio_and_a_mean_that_can(config: Config) -> None:
    ratio = "{type: ratio, over: {table: victims, where: {victim_kind: {in: [person]}}}, unit: a per b}"
    config.change("indicators.yaml", BURGLARY, f"    measure: {ratio}\n")
    found = load(config.folder).indicators["burglary"]
    assert found.all_sources == ("crimes",)
    mean = "{type: mean, column: victim_age_years, unit: years}"
    config.change("indicators.yaml", f"    measure: {ratio}\n", f"    measure: {mean}\n")
    assert load(config.folder).indicators["burglary"].over_sources == ()


def another(config: Config, name: str, parts: str) -> None:
    """Declare a further derived indicator."""
    measure = f"    measure: {{type: derived, sum: [{parts}], unit: crimes}}\n"
    config.change("indicators.yaml", "priorities:\n", f"  {name}:\n    title: {name}\n{measure}priorities:\n")


def test_a_derived_indicator_has_the_sources_of_its_parts(derived: Config) -> None:
    another(derived, "twice", "houses, burglary")
    found = load(derived.folder).indicators
    assert found["houses"].source == found["twice"].source == ("crimes",)
    assert parts_behind("twice", found) == ("houses", "burglary")
    assert parts_behind("burglary", found) == ()


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("sum: [burglry]", "12:36: houses: unknown indicator 'burglry' (did you mean 'burglary'?)"),
        ("sum: [houses]", "12:36: houses: 'houses' is made of houses itself"),
        ("sum: [burglary], less: [burglary]", "12:14: houses: burglary is added and taken away"),
        (
            "sum: [burglary], over: [burglary], independent: true",
            "houses: burglary stands above and below the line, so the parts are not independent",
        ),
        ("sum: [burglary], per: 100", "houses: `per` belongs to `over`; a sum is not multiplied"),
        ("sum: []", "houses.measure.sum"),
    ],
)
def test_parts_that_cannot_be_added(derived: Config, written: str, told: str) -> None:
    derived.change("indicators.yaml", "sum: [burglary]", written)
    (error,) = derived.errors()
    assert told in error


def test_a_circle_of_parts_is_told_at_each(derived: Config) -> None:
    another(derived, "other", "houses")
    derived.change("indicators.yaml", "sum: [burglary]", "sum: [other]")
    assert ["itself" in error for error in derived.errors()] == [True, True]


def test_a_part_with_another_window(derived: Config) -> None:
    derived.change("indicators.yaml", "    title: Homes and cars\n",
                   "    title: Homes and cars\n    window: {kind: financial_year}\n")  # fmt: skip
    (error,) = derived.errors()
    assert (
        "houses: 'burglary' has the window rolling of 12 months, ending latest_complete, and the whole "
        "financial_year, ending latest_complete; give both the same"
    ) in error


def test_a_survey_is_not_added_to_anything(derived: Config) -> None:
    derived.change("sources.yaml", "  population:\n", """\
  answers:
    title: Answers
    supplier: council
    files: [answers.csv]
    contract: responses
    waves: {first: {start: 2022-01-01, end: 2022-01-31}}
    columns: {safe: Safe}
  population:
""")  # fmt: skip
    derived.change("indicators.yaml", "  houses:\n", """\
  safe:
    title: Safe
    source: answers
    window: {kind: wave}
    measure: {type: survey, where: {safe: {in: [yes!]}}}
  houses:
""".replace("yes!", "'yes'"))  # fmt: skip
    derived.change("indicators.yaml", "sum: [burglary]", "sum: [burglary, safe]")
    (error,) = derived.errors()
    assert "houses: 'safe' is a survey, whose figures are not added to others" in error


def test_a_derived_figure_has_no_breakdown(derived: Config) -> None:
    derived.change("indicators.yaml", "    title: Homes and cars\n",
                   "    title: Homes and cars\n    by: [{name: offence, column: offence}]\n")  # fmt: skip
    (error,) = derived.errors()
    assert "12:9: houses: a derived figure has no breakdown; declare it on its parts" in error


@pytest.mark.parametrize("measure", ["derived, sum: [burglary]", "mean, column: victim_age_years"])
def test_what_chance_does_to_a_place_is_not_known_of_every_measure(derived: Config, measure: str) -> None:
    derived.change("indicators.yaml", "derived, sum: [burglary]", measure)
    two = "    members: [{code: E07000001, name: Ambridge}, {code: E07000002, name: Felpersham}]\n"
    derived.change("partnership.yaml", two, two.replace("]", ", {code: E07000003, name: Penny Hassett}]"))
    derived.change("indicators.yaml", "    title: Homes and cars\n",
                   "    title: Homes and cars\n    compare: [{to: rank, of: two}]\n")  # fmt: skip
    (error,) = derived.errors()
    assert f"houses: a {measure.split(',')[0]} figure is not ranked" in error


def test_a_source_is_needed_where_there_are_no_parts(config: Config) -> None:
    config.change("indicators.yaml", "  source: crimes\n", "")
    assert config.errors() == [
        "config/indicators.yaml:6:3: burglary: 'source' is missing (the source, here or in the defaults)"
    ]


@pytest.mark.parametrize(
    ("measures", "derived", "told"),
    [
        (
            ("{type: count, unit: crimes}", "{type: share, where: {alcohol: {is: true}}}"),
            "sum: [one, two]",
            "`sum and less` adds numbers (one) and percentages (two); only figures of one kind add up",
        ),
        (
            ("{type: count, unit: crimes}", "{type: mean, column: victim_age_years, unit: years}"),
            "sum: [one], less: [two]",
            "adds numbers (one) and years (two)",
        ),
        (
            (
                "{type: share, where: {alcohol: {is: true}}}",
                "{type: share, where: {offence: {in_codelist: burglary}}}",
            ),
            "sum: [one, two]",
            "one is a share, and those have no sum; add what they divide",
        ),
        (
            (
                "{type: mean, column: victim_age_years, unit: years}",
                "{type: mean, column: victim_age_years, where: {alcohol: {is: true}}, unit: years}",
            ),
            "sum: [burglary], over: [one, two]",
            "one is a mean, and those have no sum",
        ),
    ],
)
def test_figures_that_do_not_add_up(
    config: Config, measures: tuple[str, str], derived: str, told: str
) -> None:
    parts = "".join(
        f"  {name}:\n    title: {name}\n    measure: {measure}\n"
        for name, measure in zip(("one", "two"), measures, strict=True)
    )
    whole = f"  whole:\n    title: whole\n    measure: {{type: derived, {derived}, unit: things}}\n"
    config.change("indicators.yaml", "priorities:\n", parts + whole + "priorities:\n")
    assert told in config.errors()[0]


def test_a_difference_of_percentages_is_allowed(config: Config) -> None:
    parts = "".join(
        f"  {name}:\n    title: {name}\n    measure: {{type: share, where: {{{where}}}}}\n"
        for name, where in (
            ("one", "alcohol: {is: true}"),
            ("two", "offence: {in_codelist: burglary}"),
        )
    )
    whole = "  gap:\n    title: gap\n    measure: {type: derived, sum: [one], less: [two], unit: points}\n"
    config.change("indicators.yaml", "priorities:\n", parts + whole + "priorities:\n")
    assert load(config.folder).warnings == ()
