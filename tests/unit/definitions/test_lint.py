"""What definitions say about each other: one test for each rule."""

from datetime import date

import pytest

from pipeline.definitions.load import check, load
from tests.unit.definitions.conftest import Config

BURGLARY = "    measure: {type: count, unit: crimes, where: {offence: {in_codelist: burglary}}}\n"


@pytest.mark.parametrize(
    ("where", "told"),
    [
        ("{alcohol: {in: [true]}}", "9:65: burglary: alcohol: found true for a flag; write `is: true`"),
        ("{offence: {is: true}}", "9:64: burglary: offence is no flag; use `in` or `answered`"),
        ("{offence: {between: [1, 2]}}", "9:69: burglary: offence is no number; use `in`"),
        (
            "{offence: {in: ['28E', 45]}}",
            "9:72: burglary: offence: found the number 45; allowed: a text, so write '45'",
        ),
        ("{victim_age_years: {in: ['9']}}", "burglary: victim_age_years: found '9'; allowed: a number"),
        (
            "{place: {in: [publik]}}",
            "burglary: place: found 'publik' (did you mean 'public'?); allowed: public, private",
        ),
        ("{place: {}}", "9:57: burglary: place: the condition is empty; allowed: in, not_in, in_codelist"),
        ("{not: {any: [{plcae: {is: true}}]}}", "9:63: burglary: unknown column of crimes: 'plcae'"),
    ],
)
def test_conditions_that_can_never_hold(config: Config, where: str, told: str) -> None:
    config.change("indicators.yaml", "{offence: {in_codelist: burglary}}", where)
    (error,) = config.errors()
    assert told in error


def test_a_part_that_the_source_does_not_fill(config: Config) -> None:
    config.change("indicators.yaml", "unit: crimes, ", "unit: crimes, table: suspects, ")
    assert config.errors() == [
        "config/indicators.yaml:9:49: burglary: unknown part of crimes: 'suspects'; allowed: victims"
    ]


def test_a_part_has_its_own_columns_and_those_of_its_crime(config: Config) -> None:
    config.change(
        "indicators.yaml", BURGLARY, BURGLARY.replace("unit: crimes, ", "unit: victims, table: victims, ")
    )
    config.change(
        "indicators.yaml", "{in_codelist: burglary}", "{in_codelist: burglary}, victim_ref: {answered: true}"
    )
    assert load(config.folder).indicators


def test_an_entity_that_is_no_column(config: Config) -> None:
    config.change(
        "indicators.yaml", BURGLARY, "    measure: {type: repeat, table: victims, entity: victim}\n"
    )
    (error,) = config.errors()
    assert "9:53: burglary: unknown column of crimes (part victims): 'victim'" in error
    assert "(did you mean 'victim_ref'?)" in error


def test_an_unknown_source(config: Config) -> None:
    config.change("indicators.yaml", "source: crimes", "source: [crimes, crime]")
    config.change("partnership.yaml", "main_source: crimes", "main_source: crims")
    assert config.errors() == [
        "config/indicators.yaml:3:20: burglary: unknown source 'crime' (did you mean 'crimes'?); "
        "allowed: crimes, population",
        "config/partnership.yaml:9:14: main_source: unknown source 'crims' (did you mean "
        "'crimes'?); allowed: crimes, population",
    ]


def test_an_unknown_denominator(config: Config) -> None:
    rate = "    measure: {type: rate, unit: per 1000, over: {table: population, column: resident}}\n"
    config.change("indicators.yaml", BURGLARY, rate)
    assert config.errors() == [
        "config/indicators.yaml:9:77: burglary: unknown column of population: 'resident' (did "
        "you mean 'residents'?); allowed: residents, households"
    ]
    config.change("indicators.yaml", "table: population", "table: populace")
    assert "unknown source 'populace'" in config.errors()[0]


def test_an_unknown_contract(config: Config) -> None:
    config.change("sources.yaml", "contract: victims", "contract: victim")
    assert "unknown contract 'victim' (did you mean 'victims'?)" in config.errors()[0]


def test_an_unknown_area_set(config: Config) -> None:
    config.change("indicators.yaml", "  source: crimes", "  source: crimes\n  areas: [tow]")
    assert config.errors() == [
        "config/indicators.yaml:4:11: burglary: unknown area set 'tow' (did you mean 'two'?); "
        "allowed: partnership, force, two"
    ]


@pytest.mark.parametrize(
    ("compare", "told"),
    [
        ("{to: rank, of: two}", "4:28: burglary: a rank among 2 says nothing; it needs at least 3 areas"),
        ("{to: rank, of: partnership}", "a rank among 1 says nothing"),
        (
            "{to: rank}",
            "4:13: burglary: `rank` needs `of`, an area set; allowed: partnership, force, two, rest_of_force",
        ),
        ("{to: average, of: tow}", "burglary: unknown area set 'tow'"),
        ("{to: period}", "burglary: a comparison with a period needs `ending: YYYY-MM`, its last month"),
        ("{to: baseline, ending: 2020}", "compare[1].ending: found the number 2020; allowed: a text"),
        (
            "{to: baseline, ending: 2020-13}",
            "compare[1].ending: found '2020-13'; allowed: last month YYYY-MM",
        ),
    ],
)
def test_comparators(config: Config, compare: str, told: str) -> None:
    config.change("indicators.yaml", "  source: crimes", f"  source: crimes\n  compare: [{compare}]")
    (error,) = config.errors()
    assert told in error


@pytest.mark.parametrize(
    ("bands", "told"),
    [
        ("{U25: [0, 25], 25+: [25, null]}", "the bands U25 and 25+ overlap: both hold 25"),
        ("{U25: [0, 23], 25+: [25, null]}", "between the bands U25 and 25+ nothing holds 24"),
        ("{U25: [24, 0], 25+: [25, null]}", "the band U25 runs backwards, from 24 to 0"),
        ("{all: [null, null], 25+: [25, null]}", "the bands all and 25+ overlap: both hold 25"),
    ],
)
def test_bands(config: Config, bands: str, told: str) -> None:
    by = f"    by: [{{name: age, column: victim_age_years, bands: {bands}}}]\n"
    config.change("indicators.yaml", BURGLARY, BURGLARY + by)
    assert any(error.endswith(f"burglary: {told}") for error in config.errors())


def test_bands_that_meet_are_sound(config: Config) -> None:
    by = "    by: [{name: age, column: victim_age_years, bands: {25+: [25, null], U25: [0, 24]}}]\n"
    config.change("indicators.yaml", BURGLARY, BURGLARY + by)
    assert load(config.folder).indicators["burglary"].by


@pytest.mark.parametrize(
    ("by", "told"),
    [
        ("{name: a, column: ofence}", "unknown column of crimes: 'ofence'"),
        ("{name: a}", "the breakdown 'a' needs `column`"),
        ("{name: a, groups: {Homes: burglry}}", "unknown code list 'burglry'"),
        ("{name: a, groups: {Homes: burglary, Tried: [28F]}}", "'28F' is in two categories, Homes and Tried"),
        (
            "{name: a, column: victim_age_years, bands: {a: [0, 1]}, groups: {b: burglary}}",
            "'a' has both bands and groups; choose one",
        ),
    ],
)
def test_breakdowns(config: Config, by: str, told: str) -> None:
    config.change("indicators.yaml", BURGLARY, f"{BURGLARY}    by: [{by}]\n")
    assert any(told in error for error in config.errors())


def test_a_breakdown_may_be_cut_by_what_one_of_several_sources_holds(config: Config) -> None:
    other = (
        "  other:\n    title: O\n    supplier: p\n    files: [o.csv]\n"
        "    contract: crimes\n    columns: {offence: O}\n"
    )
    config.change("sources.yaml", "  population:\n", other + "  population:\n")
    config.change("indicators.yaml", "source: crimes", "source: [crimes, other]")
    config.change("indicators.yaml", BURGLARY, f"{BURGLARY}    by: [{{name: place, column: place}}]\n")
    assert load(config.folder).indicators
    config.change("indicators.yaml", "{offence: {in_codelist: burglary}}", "{alcohol: {is: true}}")
    assert "unknown column of crimes and other: 'alcohol'" in config.errors()[0]


def test_a_published_category_that_there_is_not(config: Config) -> None:
    published = "    published: [{period: 2021-22, in: A, all: 3, U25: 1, changes: {al: 2}}]\n"
    config.change("indicators.yaml", BURGLARY, BURGLARY + published)
    assert [error.split(": ", 1)[1] for error in config.errors()] == [
        "burglary: unknown category 'U25'; allowed: all, not recorded",
        "burglary: unknown category 'al' (did you mean 'all'?); allowed: all, not recorded",
    ]


def test_a_measure_with_nothing(config: Config) -> None:
    config.change("indicators.yaml", "\n        uses: [{use: burglary, want: down, headline: true}]", "")
    assert config.errors() == [
        "config/indicators.yaml:15:7: less_burglary: needs `uses`, its indicators, or `awaiting`, a return"
    ]


def test_uses_of_which_none_is_the_headline(config: Config) -> None:
    config.change("indicators.yaml", ", headline: true", "")
    assert config.errors() == [
        "config/indicators.yaml:17:9: less_burglary: none of its uses is the headline; "
        "add `headline: true` to one"
    ]


def test_a_measure_may_only_await_a_return(config: Config) -> None:
    config.change(
        "indicators.yaml",
        "uses: [{use: burglary, want: down, headline: true}]",
        "awaiting: {owner: Council, reason: not asked, since: 2022-10-31, due: 2023-07-14}",
    )
    (awaited,) = load(config.folder).priorities["homes"].measures["less_burglary"].awaited
    assert awaited.owner == "Council"
    assert str(awaited.due) == "2023-07-14"


def test_a_return_that_fills_an_unknown_indicator(config: Config) -> None:
    config.change(
        "indicators.yaml",
        "uses: [{use: burglary, want: down, headline: true}]",
        "awaiting: {owner: Council, reason: not asked, fills: burglry}",
    )
    assert config.errors()[0].endswith("unknown indicator 'burglry' (did you mean 'burglary'?)")


def test_a_chart_of_an_unknown_indicator(config: Config) -> None:
    config.change("indicators.yaml", "    why: [Homes matter.]", "    chart: [burglry]")
    assert config.errors() == [
        "config/indicators.yaml:13:13: unknown indicator 'burglry' (did you mean 'burglary'?)"
    ]


@pytest.mark.parametrize(
    "title", ["    title: Burglary\n", "    title: Homes\n", "        title: Less burglary\n"]
)
def test_a_title_that_says_nothing(config: Config, title: str) -> None:
    config.change("indicators.yaml", title, title.split(":")[0] + ": '  '\n")
    (error,) = config.errors()
    assert error.endswith("the title is empty")


def test_an_area_twice_in_a_set(config: Config) -> None:
    config.change(
        "partnership.yaml",
        "    members: [{code: E07000001, name: Ambridge}, {code: E07000002,",
        "    members: [{code: E07000001, name: Ambridge}, {code: E07000001,",
    )
    assert config.errors() == [
        "config/partnership.yaml:14:57: the code E07000001 stands twice in this set: Ambridge and Felpersham"
    ]


@pytest.mark.parametrize(
    ("measure", "told"),
    [
        (
            "{type: reported, item: x}",
            "a measure of type reported is made of returns; the source crimes holds crimes",
        ),
        (
            "{type: survey, where: {alcohol: {is: true}}}",
            "a measure of type survey is made of responses; the source crimes holds crimes",
        ),
        (
            "{type: survey, where: {alcohol: {is: true}}}",
            "the window `wave` belongs to surveys, and surveys have no other",
        ),
        (
            "{type: proportion, where: {alcohol: {is: true}}, within_days: 180}",
            "unknown column of crimes: 'outcome_on'; allowed: offence, month, place, alcohol, "
            "victim_age_years, quantity",
        ),
    ],
)
def test_a_source_that_does_not_fit_the_measure(config: Config, measure: str, told: str) -> None:
    config.change("indicators.yaml", BURGLARY, f"    measure: {measure}\n")
    assert any(error.endswith(f"burglary: {told}") for error in config.errors()), config.errors()


def test_wards_where_no_source_says_the_ward(config: Config) -> None:
    config.change("partnership.yaml", "    kind: district\n", "    kind: ward\n")
    config.change("indicators.yaml", "  source: crimes", "  source: crimes\n  areas: [two]")
    assert config.errors() == [
        "config/indicators.yaml:4:11: burglary: two needs the column ward_code, which crimes lacks"
    ]


# Warnings stop nothing.


def test_the_same_reason_under_two_priorities(config: Config) -> None:
    config.change(
        "indicators.yaml",
        "priorities:\n",
        "priorities:\n  streets:\n    title: Streets\n    why: ['homes  matter.']\n    measures: {}\n",
    )
    (warning,) = load(config.folder).warnings
    assert str(warning) == (
        "config/indicators.yaml:17:11: warning: homes: this reason also stands under Streets; was it pasted?"
    )


def test_two_names_for_one_measure(config: Config) -> None:
    config.change(
        "indicators.yaml",
        "priorities:\n",
        f"  housebreaking:\n    title: Housebreaking\n{BURGLARY}priorities:\n",
    )
    (warning,) = load(config.folder).warnings
    assert "housebreaking: measures the same as burglary; use one name for it" in str(warning)


@pytest.mark.parametrize(("due", "told"), [("2023-06-29", True), ("2023-06-30", False)])
def test_past_its_review_at_the_date_of_the_edition(config: Config, due: str, told: bool) -> None:
    config.change("indicators.yaml", "{owner: analyst}", f"{{owner: analyst, next_review: {due}}}")
    warnings = [str(warning) for warning in load(config.folder).warnings]
    expected = "config/indicators.yaml:5:41: warning: burglary: its review was due on 2023-06-29 (analyst)"
    assert warnings == ([expected] if told else [])


def test_without_a_date_of_the_edition_today_decides(config: Config) -> None:
    config.change("partnership.yaml", "as_at: 2023-06-30\n", "")
    config.change("indicators.yaml", "{owner: analyst}", "{owner: analyst, next_review: 2024-01-01}")
    assert load(config.folder).warnings == ()
    assert check(config.folder, date(2024, 1, 1))[1] == ()
    assert len(check(config.folder, date(2024, 1, 2))[1]) == 1


def test_keywords_are_flags(config: Config) -> None:
    config.change("indicators.yaml", "{offence: {in_codelist: burglary}}", "{keyword: {any_of: [alcohol]}}")
    assert load(config.folder).indicators
    config.change("indicators.yaml", "any_of: [alcohol]", "any_of: [alcohol, place, drugz]")
    place, drugs = config.errors()
    assert "burglary: unknown column of crimes: 'place'; allowed: alcohol" in place
    assert "burglary: unknown column of crimes: 'drugz'" in drugs


def test_a_wave_does_not_end_with_a_month(config: Config) -> None:
    config.change(
        "sources.yaml",
        "contract: crimes\n",
        "contract: responses\n    waves: {w: {start: 2022-01-01, end: 2022-01-09}}\n",
    )
    config.change(
        "sources.yaml",
        "    parts:\n      victims: {contract: victims, columns: {victim_ref: Victim, victim_kind: Kind}}\n",
        "",
    )
    config.change("indicators.yaml", "kind: rolling, months: 12", "kind: wave, ending: 2022-01")
    config.change("indicators.yaml", "{type: count, unit: crimes, where:", "{type: survey, where:")
    assert any("burglary: a wave ends when its survey says; allowed: latest" in e for e in config.errors())


def test_no_row_is_counted_for_another_force(config: Config) -> None:
    forces = (
        "  forces: {title: forces, kind: force, members: "
        "[{code: E23000001, name: Borsetshire}, {code: E23000002, name: Loamshire}]}\n"
    )
    config.change("partnership.yaml", "area_sets:\n", f"area_sets:\n{forces}")
    config.change("indicators.yaml", BURGLARY, f"{BURGLARY}    areas: [forces]\n")
    (error,) = config.errors()
    assert "burglary: forces holds Loamshire, whose rows are in no source of Borsetshire" in error
    config.change("partnership.yaml", ", {code: E23000002, name: Loamshire}", "")
    assert load(config.folder).indicators
