"""What differs from the last edition: as a reader saw it, and why as far as it can be told."""

from dataclasses import replace
from datetime import date

import pytest

from pipeline.definitions.load import load
from pipeline.definitions.resolved import Definitions
from pipeline.editions.differences import changes
from pipeline.editions.record import EditionRecord, Headline, headlines
from pipeline.model.assessment import Assessment, ByChance, MeasureResult, UseResult
from pipeline.model.comparison import Comparison, Judgement, Verdict, Want
from pipeline.model.edition import Change, ChangeCause, EditionStatus
from pipeline.model.observation import ReleasedObservation, Results, State
from pipeline.model.period import Period
from tests.conftest import REPOSITORY

INDICATOR = "public_place_violence"
JUNE = Period.ending(date(2023, 6, 1), 12, "rolling_12")
SEPTEMBER = JUNE.shifted(3)


@pytest.fixture(scope="module")
def definitions() -> Definitions:
    return load(REPOSITORY / "config")


def observed(definitions: Definitions, value: float | None, period: Period = JUNE) -> ReleasedObservation:
    return ReleasedObservation(
        indicator=INDICATOR,
        area=definitions.partnership.own_area,
        period=period,
        value=value,
        numerator=value,
        unit="crimes",
        state=State.NOT_SUPPLIED if value is None else State.VALUE,
    )


def assessed(observation: ReleasedObservation, verdict: Verdict) -> Assessment:
    comparison = Comparison(
        observation=observation,
        reference=None,
        comparator="previous_year",
        reference_label="year to June 2022",
    )
    judgement = Judgement(comparison=comparison, want=Want.DOWN, verdict=verdict, rule="test")
    use = UseResult(
        indicator=INDICATOR,
        title="Public place violence",
        want=Want.DOWN,
        headline=True,
        observation=observation,
        judgement=judgement,
    )
    measure = MeasureResult(group="violence", measure="fewer", title="Fewer", verdict=verdict, uses=(use,))
    return Assessment(
        measures=(measure,),
        judgements=(judgement,),
        findings=(),
        reconciliations=(),
        by_chance=ByChance(tested=0, clear=0, expected=0, probability_of_any=0),
    )


def differing(
    definitions: Definitions,
    then: tuple[float | None, Verdict, Period],
    now: tuple[float | None, Verdict, Period],
    known_now_of_then: float | None = None,
    **changed: object,
) -> tuple[Change, ...]:
    value, verdict, period = then
    before = headlines(assessed(observed(definitions, value, period), verdict), definitions)
    record = EditionRecord(
        name="2023-annual",
        as_at=date(2023, 6, 30),
        status=EditionStatus.DRAFT,
        inputs_digest="",
        headlines=tuple(replace(headline, **changed) for headline in before),  # type: ignore[arg-type]
    )
    after = observed(definitions, now[0], now[2])
    seen = [after]
    if known_now_of_then is not None:
        seen.append(observed(definitions, known_now_of_then, period))
    return changes(record, assessed(after, now[1]), Results(tuple(seen)), definitions)


FLAT, BETTER = Verdict.NO_CLEAR_CHANGE, Verdict.IMPROVED


def test_the_first_edition_differs_from_nothing(definitions: Definitions) -> None:
    only = observed(definitions, 100)
    assert changes(None, assessed(only, FLAT), Results((only,)), definitions) == ()


def test_what_reads_the_same_is_not_told(definitions: Definitions) -> None:
    """15.52 and 15.48 are both printed as 15.5."""
    assert (
        differing(definitions, (15.52, FLAT, JUNE), (15.48, FLAT, SEPTEMBER), known_now_of_then=15.52) == ()
    )


@pytest.mark.parametrize(
    ("then", "now", "cause"),
    [
        ((100, FLAT, JUNE), (90, FLAT, SEPTEMBER), ChangeCause.NEW_PERIOD),
        ((100, FLAT, JUNE), (99, FLAT, JUNE), ChangeCause.REVISED),
        ((None, Verdict.AWAITING_RETURN, JUNE), (99, FLAT, JUNE), ChangeCause.RETURNED),
        ((100, FLAT, JUNE), (100, BETTER, JUNE), ChangeCause.UNEXPLAINED),
    ],
)
def test_causes(
    definitions: Definitions,
    then: tuple[float | None, Verdict, Period],
    now: tuple[float | None, Verdict, Period],
    cause: ChangeCause,
) -> None:
    (change,) = differing(definitions, then, now)
    assert change.cause is cause
    assert (change.value_before, change.after and change.after.value) == (then[0], now[0])
    assert change.verdict_changed is (then[1] is not now[1])


def test_an_edited_definition_is_the_cause_whatever_else_moved(definitions: Definitions) -> None:
    (change,) = differing(definitions, (100, FLAT, JUNE), (90, FLAT, SEPTEMBER), definition="edited since")
    assert change.cause is ChangeCause.DEFINITION


def test_a_revision_of_the_period_that_was_printed_is_told_apart(definitions: Definitions) -> None:
    moved, revised = differing(definitions, (100, FLAT, JUNE), (90, FLAT, SEPTEMBER), known_now_of_then=97)
    assert (moved.cause, revised.cause) == (ChangeCause.NEW_PERIOD, ChangeCause.REVISED)
    assert (revised.period_before, revised.period_after) == (JUNE.key, JUNE.key)
    assert (revised.value_before, revised.after and revised.after.value) == (100, 97)


def test_indicators_that_came_and_went(definitions: Definitions) -> None:
    other = Headline(
        indicator="gone",
        title="Gone",
        unit="crimes",
        period=JUNE,
        value=1,
        verdict=FLAT,
        definition="",
    )
    record = EditionRecord(
        name="2023-annual",
        as_at=date(2023, 6, 30),
        status=EditionStatus.DRAFT,
        inputs_digest="",
        headlines=(other,),
    )
    after = observed(definitions, 90)
    came, went = changes(record, assessed(after, FLAT), Results((after,)), definitions)
    assert (came.indicator, came.cause) == (INDICATOR, ChangeCause.NEW_INDICATOR)
    assert (went.indicator, went.cause) == ("gone", ChangeCause.DROPPED)
