"""The stage as a whole."""

from pipeline.assess import assess
from pipeline.model.comparison import Verdict, Want
from pipeline.model.observation import Results
from tests.unit.assess.builders import counts, definitions, indicator, priority

FALL = counts(1000, 800)
OTHER = counts(1000, 800, indicator="other")


def test_one_judgement_for_each_comparison_in_order() -> None:
    given = definitions(
        indicator(),
        indicator("other"),
        priorities={"one": priority(a={"uses": [{"use": "violence", "want": "down", "headline": True}]})},
    )
    assessment = assess((OTHER, FALL), Results((FALL.observation, OTHER.observation)), given)
    assert [(j.comparison, j.want, j.verdict) for j in assessment.judgements] == [
        (OTHER, Want.NEITHER, Verdict.DOWN),
        (FALL, Want.DOWN, Verdict.IMPROVED),
    ]
    assert [measure.verdict for measure in assessment.measures] == [Verdict.IMPROVED]
    assert [finding.verdict for finding in assessment.findings] == [Verdict.IMPROVED]
    assert assessment.by_chance.tested == 1
    assert assessment.reconciliations == ()


def test_it_is_a_pure_function() -> None:
    given = definitions(indicator(published=[{"period": "2022-23", "all": 800, "in": "deck"}]))
    results = Results((FALL.observation,))
    assert assess((FALL,), results, given) == assess((FALL,), results, given)
