"""What the board should know: the unwelcome first, the whole picture always, each fact once."""

from dataclasses import replace

from pipeline.assess import assess
from pipeline.model.comparison import Verdict
from pipeline.model.observation import MILESTONE
from pipeline.report import figures, wording
from pipeline.report.evidence import Evidence
from pipeline.report.scorecard import measure_cell, milestone_cell
from pipeline.report.sections import findings, summary
from pipeline.report.text import plain
from tests.unit.report import factory


def judged(want: str) -> Evidence:
    """The evidence of the tests where vehicle crime is wanted to go that way, and is the whole picture."""
    definitions, results, assessment, *rest = factory.evidence()
    written = definitions.model_dump(by_alias=True)
    measure = written["priorities"]["neighbourhood"]["measures"]["nc_reduction"]
    measure["uses"][0]["want"] = want
    written["indicators"]["robbery"]["tags"] = ["overview"]
    changed = type(definitions).model_validate(written)
    comparisons = tuple(judgement.comparison for judgement in assessment.judgements)
    return Evidence(changed, results, assess(comparisons, results, changed), *rest)


def test_what_worsened_comes_first_and_in_the_title() -> None:
    evidence = judged("up")
    told = [plain(words) for words in findings.findings(evidence)]
    assert told[0].startswith("Vehicle crime fell: 8.0 crimes per 1,000 residents")
    assert any(words.startswith("Robbery fell: 585 crimes") for words in told)  # tagged as the whole picture
    assert len(told) == len(set(told))
    assert "one of four measures worsened" in plain(summary.title(evidence)).lower()


def test_what_improved_is_named() -> None:
    told = [plain(words) for words in findings.findings(judged("down"))]
    assert any(words.startswith("Vehicle crime fell") for words in told)


def test_half_a_measure_is_told_as_a_part() -> None:
    evidence = judged("down")
    measure = next(m for m in evidence.assessment.measures if m.measure == "nc_reduction")
    waiting = next(m for m in evidence.assessment.measures if m.awaiting).awaiting
    half = replace(measure, verdict=Verdict.MIXED, awaiting=waiting)
    assert plain(measure_cell(half).text) == "◊ Improved in part"
    both = replace(half, awaiting=(), uses=(half.uses[0], replace(half.uses[1], headline=True)))
    assert plain(measure_cell(both).text) == "◊ Mixed: one of two improved"


def test_a_milestone_is_in_place_or_not_and_never_a_one_or_a_zero() -> None:
    done, missed = (factory.observed("plan", n, factory.LATER, unit=MILESTONE) for n in (1.0, 0.0))
    assert [plain(figures.observed(o)) for o in (done, missed)] == ["in place", "not in place"]
    assert [plain(milestone_cell(o).text) for o in (done, missed)] == ["✓ In place", "! Not in place"]
    assert plain(milestone_cell(None).text) == "… Awaiting data"


def test_a_comparison_that_cannot_be_used_says_why() -> None:
    evidence = judged("down")
    unlike = evidence.change("burglary", factory.OWN.code)
    usable = evidence.change("robbery", factory.OWN.code)
    assert unlike is not None
    assert usable is not None
    assert plain(wording.unusable(usable, [unlike])) == (
        " The year before cannot be used: 2021-09 not delivered, 2021-10 incomplete."
    )
    assert wording.unusable(unlike, [unlike]) == ()
