"""The shipped definitions hold the strategy whole: every success measure in its own words, every duty."""

from pathlib import Path

import pytest

from pipeline.definitions.indicator import Reported
from pipeline.definitions.load import load, merged
from pipeline.definitions.resolved import Definitions
from pipeline.model.comparison import Want

CONFIG = Path(__file__).parents[2] / "config"

# The success measures as the strategy consultation prints them, five a priority. One of its misprints is
# put right: "Increase in though actively engaging" is "those actively engaging".
STRATEGY = {
    "Anti-social behaviour": [
        "Increased community confidence to report incidents of ASB and increased appropriate reporting",
        "Decrease in repeat reports of anti-social behaviour",
        "Increase in positive outcomes relating to cases of ASB, including the use of tools and powers and "
        "restorative justice",
        "Increase in those engaging with diversionary and prevention activity",
        "Increase in numbers of residents who report to feel safe within their neighbourhoods",
    ],
    "Public place violence": [
        "Reduction in incidents of PPV",
        "Increased reporting of PPV from marginalised groups",
        "Reduction in repeat victims and offenders of PPV",
        "Increase in perceptions of safety in public places amongst residents in Wolverhampton",
        "Increase in those who are at risk of becoming a victim or perpetrator of PPV accessing support",
    ],
    "Safety of women and girls": [
        "Increased reporting of underreported crimes which disproportionately affect women and girls",
        "Increase in perceptions of safety amongst women and girls",
        "Increase in confidence to report incidents",
        "Decrease in repeat victimisation of vulnerable women and girls",
        "Increase in those engaging with preventative and educational activity",
    ],
    "Neighbourhood crime": [
        "Reduction in neighbourhood crime",
        "Reduction in repeat victims of neighbourhood crime",
        "Reduction in repeat offenders of neighbourhood crime",
        "Increased positive outcomes for neighbourhood crime offences",
        "Increase in those actively engaging in crime prevention activity within their local areas",
    ],
    "Alcohol and substance related crime": [
        "Increased numbers of people at risk of exploitation and/or criminality linked to alcohol or drugs "
        "identified and engaging with support",
        "Decrease in alcohol and substance related crime",
        "Decreased repeat offending and victimisation by those misusing alcohol or drugs",
        "Increased use of arrest referral scheme, alcohol monitoring requirements, drug rehabilitation "
        "requirements and alcohol treatment requirements",
        "Increase in adults with a substance misuse need who successfully engage in community based "
        "structured treatment",
    ],
}
DUTIES = [
    "Serious Violence Duty",
    "Domestic Abuse Duty",
    "Domestic homicide reviews",
    "ASB case reviews",
]
# Figures that the consultation prints, by indicator.
PRINTED = {
    "violence_with_injury": [
        {"all": 3964, "U25": 1119, "25+": 2690},
        {"all": 3950, "U25": 1011, "25+": 2882},
    ],
    "violence_against_the_person_share": [{"all": 45}],
    "women_unsafe_at_night": [{"all": 48}],
    "alcohol_share": [{"all": 11.6}],
    "drugs_share": [{"all": 3.3}],
}
RANKS = {"vehicle_crime": 2, "robbery": 5, "burglary": 5, "serious_acquisitive_crime": 2}
# The files of partners that have never come in when the demonstration begins.
OWED = {
    "asb_reporting": "Council insight team",
    "asb_feel_safe": "Council insight team",
    "ppv_reporting": "Hate crime reporting centres",
    "ppv_perceptions": "Council insight team",
    "ppv_support": "Youth justice service",
    "swg_prevention": "Education and VAWG providers",
    "nc_prevention": "Neighbourhood watch",
}


@pytest.fixture(scope="module")
def shipped() -> Definitions:
    return load(CONFIG)


def test_all_25_success_measures_stand_in_their_own_words(shipped: Definitions) -> None:
    found = {
        priority.title: [measure.title for measure in priority.measures.values()]
        for priority in shipped.priorities.values()
    }
    assert found == STRATEGY
    assert [len(measures) for measures in found.values()] == [5] * 5


def test_all_4_statutory_duties_stand(shipped: Definitions) -> None:
    assert [duty.title for duty in shipped.duties.values()] == DUTIES


def test_there_is_no_doubt_about_them(shipped: Definitions) -> None:
    assert shipped.warnings == ()


def test_every_measure_has_a_headline_or_names_who_owes_it(shipped: Definitions) -> None:
    for priority in [*shipped.priorities.values(), *shipped.duties.values()]:
        for name, measure in priority.measures.items():
            assert any(use.headline for use in measure.uses) or measure.awaited, name


def test_the_returns_that_are_owed_name_who_and_since_or_until_when(shipped: Definitions) -> None:
    found = {
        name: awaited
        for priority in shipped.priorities.values()
        for name, measure in priority.measures.items()
        for awaited in measure.awaited
    }
    assert {name: awaited.owner for name, awaited in found.items()} == OWED
    assert all(awaited.reason and awaited.item for awaited in found.values())
    assert all(awaited.since or awaited.due for awaited in found.values())


def test_no_indicator_stands_outside_the_strategy_unless_it_is_context(shipped: Definitions) -> None:
    used = {
        use.use
        for priority in [*shipped.priorities.values(), *shipped.duties.values()]
        for measure in priority.measures.values()
        for use in measure.uses
    }
    assert set(shipped.indicators) - used == {
        "total_recorded_crime",
        "total_crime_rate",
        "antisocial_behaviour_rate",
    }


def test_every_figure_that_the_consultation_prints_is_there_to_reconcile(shipped: Definitions) -> None:
    found = {
        name: [published.values for published in indicator.published if published.values]
        for name, indicator in shipped.indicators.items()
        if any(published.values for published in indicator.published)
    }
    assert found == PRINTED
    injury = shipped.indicators["violence_with_injury"]
    assert injury.published[1].changes == {"all": -0.3, "U25": -9.6, "25+": 7.1}
    ranks = {
        name: published.rank
        for name, indicator in shipped.indicators.items()
        for published in indicator.published
        if published.rank is not None
    }
    assert ranks == RANKS
    assert shipped.indicators["alcohol_share"].published[0].average == 10.6
    assert shipped.indicators["drugs_share"].published[0].average == 5.7


def test_a_period_that_the_consultation_leaves_unsaid_is_an_assumption(shipped: Definitions) -> None:
    for name in [*RANKS, "violence_with_injury", "women_unsafe_at_night"]:
        assert all(published.assumption for published in shipped.indicators[name].published), name


def test_what_reporting_and_policing_move_is_wanted_neither_way(shipped: Definitions) -> None:
    context = {
        "antisocial_behaviour",
        "vawg_underreported",
        "ppv_minority_victims",
        "alcohol_share",
        "drugs_crime",
        "drugs_share",
        "drug_possession",
        "domestic_abuse_crimes",
        "hate_crime",
    }
    wanted = {
        use.use: use.want
        for priority in [*shipped.priorities.values(), *shipped.duties.values()]
        for measure in priority.measures.values()
        for use in measure.uses
        if use.use in context
    }
    assert wanted == dict.fromkeys(context, Want.NEITHER)


def test_every_kind_of_measure_has_a_worked_example(shipped: Definitions) -> None:
    kinds = {indicator.measure.type for indicator in shipped.indicators.values()}
    worked = {indicator.measure.type for indicator in shipped.indicators.values() if indicator.examples}
    assert worked == kinds


def test_every_police_count_stands_beside_the_rest_of_the_force(shipped: Definitions) -> None:
    for indicator in shipped.indicators.values():
        if indicator.measure.type == "count" and "force_counts" in indicator.sources:
            assert [c.of for c in indicator.compare if c.to == "change_of"] == ["rest_of_force"], indicator.id


def test_reported_figures_name_who_reports_them(shipped: Definitions) -> None:
    for indicator in shipped.indicators.values():
        if isinstance(indicator.measure, Reported):
            assert indicator.govern.owner != "Community safety analyst", indicator.id


def test_neighbourhood_and_serious_acquisitive_crime_are_two_sets(shipped: Definitions) -> None:
    neighbourhood = set(shipped.codelists["neighbourhood_crime"])
    acquisitive = set(shipped.codelists["serious_acquisitive_crime"])
    assert neighbourhood - acquisitive == {"39"}
    assert acquisitive - neighbourhood == {"34A"}


def test_violence_with_injury_is_the_home_office_sub_group(shipped: Definitions) -> None:
    codes = shipped.codelists["violence_with_injury"]
    assert codes == ("2", "4.3", "4.7", "5D", "5E", "8N", "8P", "8S")
    assert "1" not in codes


def test_every_code_list_says_what_it_is(shipped: Definitions) -> None:
    assert all(len(meaning) > 30 for meaning in shipped.codelist_meanings.values())


def test_the_area_sets_are_the_seven_districts_and_the_twenty_wards(shipped: Definitions) -> None:
    seven = shipped.partnership.area_set("wm7")
    assert len(seven) == 7
    assert {area.code for area in seven} == {d.code for d in shipped.partnership.force.districts}
    wards = shipped.partnership.area_set("wards")
    assert len({ward.code for ward in wards}) == 20
    assert len({ward.name for ward in wards}) == 20


def test_each_priority_has_reasons_of_its_own(shipped: Definitions) -> None:
    reasons = [why for priority in shipped.priorities.values() for why in priority.why]
    assert len(reasons) == len(set(reasons))
    drink = " ".join(shipped.priorities["alcohol_and_drugs"].why).lower()
    assert "alcohol" in drink
    assert "women" not in drink


@pytest.mark.parametrize("name", ["violence_with_injury", "neighbourhood_crime", "public_place_violence"])
def test_a_definition_can_be_written_out_merged(name: str) -> None:
    assert merged(CONFIG, name).startswith("title: ")
