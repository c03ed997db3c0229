"""The shipped definitions hold the strategy whole: every success measure in its own words, every duty."""

from pathlib import Path

import pytest

from pipeline.definitions.indicator import Indicator, Proportion, Repeat, Reported
from pipeline.definitions.load import load
from pipeline.definitions.readings import conditions_of, filters_of
from pipeline.definitions.resolved import Definitions
from pipeline.definitions.written import merged
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
    told_apart = {name for name, i in shipped.indicators.items() if {"plan", "residents"} & set(i.tags)}
    assert set(shipped.indicators) - used - told_apart == {
        "total_recorded_crime",
        "total_crime_rate",
        "antisocial_behaviour_rate",
        "neighbourhood_crime_by_ward",
    }


def test_every_headline_says_why_and_has_a_worked_example(shipped: Definitions) -> None:
    headlines = {
        use.use
        for priority in [*shipped.priorities.values(), *shipped.duties.values()]
        for measure in priority.measures.values()
        for use in measure.uses
        if use.headline
    }
    assert {name for name in headlines if not shipped.indicators[name].why} == set()
    assert {name for name in headlines if not shipped.indicators[name].examples} == set()


def test_what_residents_told_is_never_a_measure_of_success(shipped: Definitions) -> None:
    told = {name for name, i in shipped.indicators.items() if "residents" in i.tags}
    assert {shipped.indicators[name].sources for name in told} == {
        ("strategy_consultation",),
        ("residents_survey",),
    }
    for priority in [*shipped.priorities.values(), *shipped.duties.values()]:
        for measure in priority.measures.values():
            assert not told & {use.use for use in measure.uses}


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
        "vawg_underreported_rate",
        "ppv_minority_victims",
        "violence_rate",
        "weapons_possession",
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


FORCE = {"police_crimes": "force_counts", "asb_incidents": "force_asb_counts"}


def columns_read(indicator: Indicator) -> set[str]:
    """Columns that the measure itself stands on; a breakdown may be the partnership's alone."""
    measure = indicator.measure
    read = {name for place in filters_of(indicator) for _, name, _ in conditions_of(place.where)}
    read |= set(measure.entities) if isinstance(measure, Repeat) else set()
    return read | ({"outcome_on"} if isinstance(measure, Proportion) and measure.within_days else set())


def test_every_police_change_stands_beside_the_rest_of_the_force(shipped: Definitions) -> None:
    """But for those that need what counts cannot hold: people, addresses, ages, hours, outcomes."""
    alone = set()
    for indicator in shipped.indicators.values():
        own = next((source for source in indicator.sources if source in FORCE), None)
        if own is None or indicator.only_multi_year or "partnership" not in indicator.areas:
            continue  # figures of wards alone stand under one of the city, which has the force beside it
        beside = [c.of for c in indicator.compare if c.to == "change_of"]
        lacking = columns_read(indicator) - set(shipped.sources[FORCE[own]].columns)
        if lacking or getattr(indicator.measure, "table", None):
            assert not beside, indicator.id
            alone |= lacking
        else:
            assert beside == ["rest_of_force"], indicator.id
            assert FORCE[own] in indicator.sources, indicator.id
    assert alone == {
        "caller_ref", "victim_ref", "victim_address_ref", "suspect_ref", "victim_kind", "victim_ethnicity",
        "victim_age_years", "suspect_age_years", "committed_hour", "outcome", "outcome_on", "opening_code",
        "closing_code",
    }  # fmt: skip


def test_repeat_victims_are_people(shipped: Definitions) -> None:
    victims = [
        i
        for i in shipped.indicators.values()
        if isinstance(i.measure, Repeat) and i.measure.table == "victims"
    ]
    assert len(victims) == 7
    for indicator in victims:
        kinds = [
            c.in_
            for place in filters_of(indicator)
            for _, n, c in conditions_of(place.where)
            if n == "victim_kind"
        ]
        assert kinds == [("person",)], indicator.id


def test_burglary_and_vehicle_crime_repeat_by_address_and_type(shipped: Definitions) -> None:
    headlines = {
        use.use
        for use in shipped.priorities["neighbourhood_crime"].measures["nc_repeat_victims"].uses
        if use.headline
    }
    assert headlines == {"repeat_burglary_addresses", "repeat_vehicle_addresses"}
    for name in headlines:
        measure = shipped.indicators[name].measure
        assert isinstance(measure, Repeat)
        assert measure.entities == ("victim_address_ref",)


def test_deaths_are_told_for_several_years_together(shipped: Definitions) -> None:
    rare = {name: i for name, i in shipped.indicators.items() if i.only_multi_year}
    assert set(rare) == {"homicide", "dhr_notified", "dhr_commissioned", "dhr_published"}
    assert all(i.window.months >= 36 and not i.by and not i.compare for i in rare.values())


def test_headlines_of_women_and_girls_are_of_women_and_girls(shipped: Definitions) -> None:
    measures = shipped.priorities["women_and_girls"].measures
    headlines = [u.use for m in measures.values() for u in m.uses if u.headline]
    asked = [n for n in headlines if shipped.indicators[n].sources == ("women_and_girls_survey",)]
    assert asked == ["women_and_girls_unsafe_at_night", "women_confident_to_report"]
    for name in asked:
        among = next(p.where for p in filters_of(shipped.indicators[name]) if p.path[-1] == "among")
        assert among.columns["gender"].in_ == ("Woman",), name
    others = [p for key, p in shipped.priorities.items() if key != "women_and_girls"]
    used = {u.use for p in others for m in p.measures.values() for u in m.uses}
    assert not any("women_and_girls_survey" in shipped.indicators[n].sources for n in used)


@pytest.mark.parametrize(
    ("group", "measure", "stages"),
    [
        ("public_place_violence", "ppv_support", "ppv_support"),
        ("alcohol_and_drugs", "as_support", "exploitation"),
        ("alcohol_and_drugs", "as_orders", "arrest_referrals"),
    ],
)
def test_funnels_go_from_referral_to_engagement(
    shipped: Definitions, group: str, measure: str, stages: str
) -> None:
    used = {use.use for use in shipped.priorities[group].measures[measure].uses}
    first = stages if stages == "arrest_referrals" else f"{stages}_referred"
    wanted = {first, *(f"{stages}_{s}" for s in ("assessed", "engaged", "assessed_share", "engaged_share"))}
    assert wanted <= used
    shares = [shipped.indicators[f"{stages}_{s}_share"].measure for s in ("assessed", "engaged")]
    steps = [(s.item, s.of) for s in shares if isinstance(s, Reported)]
    assert steps == [(f"{stages}_assessed", first), (f"{stages}_engaged", f"{stages}_assessed")]


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
