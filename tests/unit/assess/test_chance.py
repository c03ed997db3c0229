"""How many headlines would look like a change by chance alone."""

import pytest

from pipeline.assess.chance import by_chance
from pipeline.assess.measures import judge_measures
from pipeline.model.assessment import ByChance
from pipeline.model.observation import Results
from tests.unit.assess.builders import comparison, counts, definitions, indicator, priority


def test_each_tested_headline_counts_once_and_context_not_at_all() -> None:
    names = ("fell", "rose", "flat", "context", "first")
    uses = [{"use": name, "want": "down", "headline": name != "context"} for name in names]
    given = definitions(
        *(indicator(name) for name in (*names, "missing")),
        priorities={
            "one": priority(a={"uses": uses}, again={"uses": [uses[0], uses[0] | {"use": "missing"}]})
        },
    )
    comparisons = [
        counts(1000, 800, indicator="fell"),
        counts(1000, 1200, indicator="rose"),
        counts(1000, 1001, indicator="flat"),
        counts(1000, 800, indicator="context"),
        comparison(None, None, observation=counts(0, 9, indicator="first").observation),
    ]
    chance = by_chance(judge_measures(comparisons, Results(()), given))
    assert (chance.tested, chance.clear) == (3, 2)
    assert chance.expected == pytest.approx(0.15)
    assert chance.probability_of_any == pytest.approx(1 - 0.95**3)
    assert chance.beside == 1  # the one that is no headline
    assert chance.expected_beside == pytest.approx(0.05)


def test_nothing_tested_is_nothing_expected() -> None:
    assert by_chance([]) == ByChance()
