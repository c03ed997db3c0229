"""Each success measure and each duty with its verdict: its headlines decide, all else is context."""

from collections.abc import Mapping, Sequence

from pipeline.assess.verdict import judge, states_change
from pipeline.definitions.indicator import Indicator, Reported
from pipeline.definitions.resolved import Definitions
from pipeline.definitions.strategy import SuccessMeasure, Use
from pipeline.model.assessment import Awaiting, MeasureResult, UseResult
from pipeline.model.comparison import Comparison, Judgement, Verdict, Want
from pipeline.model.observation import UNKNOWN, ReleasedObservation, Results, State
from pipeline.model.returns import Return

ByIndicator = Mapping[str, Sequence[Comparison]]


def judge_measures(
    comparisons: Sequence[Comparison],
    results: Results,
    definitions: Definitions,
    returns: Sequence[Return] = (),
) -> tuple[MeasureResult, ...]:
    """One result for every success measure of every priority, then of every duty, as written."""
    by_indicator: dict[str, list[Comparison]] = {}
    for comparison in comparisons:
        by_indicator.setdefault(comparison.observation.indicator, []).append(comparison)
    groups = (*definitions.priorities.items(), *definitions.duties.items())
    return tuple(
        _measure(group, name, measure, by_indicator, results, definitions, returns)
        for group, priority in groups
        for name, measure in priority.measures.items()
    )


def wants(definitions: Definitions) -> dict[str, Want]:
    """The wanted direction of each indicator: that of its uses, neither where they differ."""
    wanted: dict[str, set[Want]] = {}
    for priority in (*definitions.priorities.values(), *definitions.duties.values()):
        for measure in priority.measures.values():
            for use in measure.uses:
                wanted.setdefault(use.use, set()).add(use.want)
    return {
        name: directions.pop() if len(directions) == 1 else Want.NEITHER
        for name, directions in wanted.items()
    }


_JUDGED = frozenset({Verdict.IMPROVED, Verdict.WORSENED})


def join_verdicts(verdicts: Sequence[Verdict], half_awaited: bool = False) -> Verdict:
    """The verdict of a measure from those of its headlines; `half_awaited`: a declared return has not come.

    Halves that differ, in whatever way, are `mixed`: `improved` is never said of a measure that improved
    in one half and cannot be judged in the other, whether that half differs or is awaited. Beside a half
    without a clear change the awaited one changes nothing that could be claimed.
    """
    decided = set(verdicts) - {Verdict.AWAITING_RETURN}
    if not decided:
        return Verdict.AWAITING_RETURN
    awaited = half_awaited or Verdict.AWAITING_RETURN in verdicts
    if len(decided) > 1 or (awaited and decided <= _JUDGED):
        return Verdict.MIXED
    return decided.pop()


def _measure(
    group: str,
    name: str,
    measure: SuccessMeasure,
    comparisons: ByIndicator,
    results: Results,
    definitions: Definitions,
    returns: Sequence[Return],
) -> MeasureResult:
    uses = tuple(_use_result(use, definitions, comparisons.get(use.use, ()), results) for use in measure.uses)
    headlines = tuple(use for use in uses if use.headline)
    # Context never decides for a measure whose headline is still awaited.
    deciding = headlines if headlines or measure.awaited else uses
    verdicts = [_use_verdict(use) for use in deciding]
    verdicts += _opposed_pairs(deciding, comparisons, definitions)
    awaiting = _awaiting(measure, uses, definitions, returns)
    return MeasureResult(
        group=group,
        measure=name,
        title=measure.title,
        verdict=join_verdicts(verdicts, half_awaited=bool(awaiting)),
        uses=uses,
        awaiting=awaiting,
    )


def _use_result(
    use: Use, definitions: Definitions, comparisons: Sequence[Comparison], results: Results
) -> UseResult:
    """The latest value of an indicator in the partnership's area, judged under the use's want."""
    indicator = definitions.indicators[use.use]
    area = definitions.partnership.area.code
    observation = _latest(indicator, area, comparisons, results)
    of_latest = [
        comparison
        for comparison in comparisons
        if observation is not None
        and comparison.observation.area.code == area
        and comparison.observation.period == observation.period
        and _concerns(use, comparison)
    ]
    written: dict[str, int] = {compare.to: n for n, compare in reversed(list(enumerate(indicator.compare)))}
    totals = sorted(
        (judge(c, use.want) for c in of_latest if not c.observation.breakdown),
        key=lambda judgement: written.get(judgement.comparison.comparator, len(written)),
    )
    main = _main(totals)
    return UseResult(
        indicator=use.use,
        title=indicator.title,
        want=use.want,
        headline=use.headline,
        observation=observation,
        judgement=main,
        others=tuple(judgement for judgement in totals if judgement is not main),
        children=_children(of_latest, main, use.want),
    )


def _main(totals: Sequence[Judgement]) -> Judgement | None:
    """The judgement that speaks for an indicator: its first change that can be compared.

    Where the first declared comparison is impossible, the next one that is possible speaks.
    """
    changes = [j for j in totals if states_change(j.comparison.comparator)]
    able = [j for j in changes if j.verdict is not Verdict.NOT_COMPARABLE]
    return next(iter([*able, *changes, *totals]), None)


def _concerns(use: Use, comparison: Comparison) -> bool:
    """Whether a comparison is one of this use: the target of another use of the indicator is not."""
    if comparison.comparator != "target":
        return True
    named = use.target.named(comparison.observation.unit) if use.target is not None else None
    return named is not None and comparison.reference_label.endswith(f" {named}")


def _children(comparisons: Sequence[Comparison], main: Judgement | None, want: Want) -> tuple[Judgement, ...]:
    """The categories of every breakdown against the reference of `main`, unknowns last."""
    if main is None:
        return ()
    of = (main.comparison.comparator, main.comparison.reference_label)
    children = [
        judge(comparison, want)
        for comparison in comparisons
        if comparison.observation.breakdown and (comparison.comparator, comparison.reference_label) == of
    ]
    breakdowns = list(dict.fromkeys(j.comparison.observation.breakdown for j in children))

    def place(child: Judgement) -> tuple[int, bool]:
        cell = child.comparison.observation
        return breakdowns.index(cell.breakdown), cell.category == UNKNOWN

    return tuple(sorted(children, key=place))


def _use_verdict(use: UseResult) -> Verdict:
    """What one use says: its judgement, or why it has none."""
    if use.observation is None or use.observation.state is State.NOT_SUPPLIED:
        return Verdict.AWAITING_RETURN
    if use.judgement is None or use.judgement.verdict is None:
        return _STANDING.get(use.observation.state, Verdict.FIRST_MEASURE)
    return use.judgement.verdict


_STANDING = {  # the verdict on a figure that nothing is compared with
    State.SUPPRESSED: Verdict.WITHHELD,
    State.WITHHELD: Verdict.WITHHELD,
    State.IMMATURE: Verdict.IMMATURE,
    State.NOT_COMPARABLE: Verdict.NOT_COMPARABLE,
    State.NOT_APPLICABLE: Verdict.NOT_COMPARABLE,
}


def _opposed_pairs(
    deciding: Sequence[UseResult], comparisons: ByIndicator, definitions: Definitions
) -> list[Verdict]:
    """Verdicts of the declared pairs that pull against a deciding use.

    More reports may be confidence and fewer repeats disengagement, so where one of a `paired`
    couple improved and the other worsened, the measure is mixed rather than either.
    """
    own, wanted = definitions.partnership.area.code, wants(definitions)
    opposed = []
    for use in deciding:
        for compare in definitions.indicators[use.indicator].compare:
            if compare.to != "paired" or compare.of not in wanted:
                continue
            totals = [
                judge(c, wanted[compare.of])
                for c in comparisons.get(compare.of, ())
                if c.observation.area.code == own and not c.observation.breakdown
            ]
            pair = _main(totals)
            if pair is not None and {_use_verdict(use), pair.verdict} == _JUDGED:
                opposed.append(Verdict.MIXED)
    return opposed


def _awaiting(
    measure: SuccessMeasure, uses: Sequence[UseResult], definitions: Definitions, returns: Sequence[Return]
) -> tuple[Awaiting, ...]:
    """The declared returns that have not come, then the late ones of owners that none is declared for.

    One return often fills several indicators: the declared one says what they all wait for.
    """
    late = [use for use in uses if _use_verdict(use) is Verdict.AWAITING_RETURN]
    come = {use.indicator for use in uses} - {use.indicator for use in late}
    declared = [awaited for awaited in measure.awaited if awaited.fills not in come]
    filled = {awaited.fills for awaited in declared}
    told = {awaited.owner for awaited in declared}
    awaiting = [
        Awaiting(
            owner=awaited.owner,
            reason=awaited.reason,
            item=awaited.item,
            since=awaited.since,
            due=awaited.due,
        )
        for awaited in declared
    ]
    indicators = [definitions.indicators[use.indicator] for use in late]
    awaiting += [
        _late(use, indicator, returns)
        for use, indicator in zip(late, indicators, strict=True)
        if use.indicator not in filled and indicator.govern.owner not in told
    ]
    return tuple(awaiting)


def _late(use: UseResult, indicator: Indicator, returns: Sequence[Return]) -> Awaiting:
    """The return behind an indicator that has no figure for its latest period: the first that is owed."""
    reason = use.observation.reason if use.observation else ""
    measure = indicator.measure
    items = {measure.item, measure.of} if isinstance(measure, Reported) else set()
    owed = [one for one in returns if any(item.item in items for item in one.lacking)]
    first = min(owed, key=lambda one: one.due, default=None)
    return Awaiting(
        owner=first.supplier if first else indicator.govern.owner,
        reason=reason or "nothing has been delivered",
        item=indicator.title,
        due=first.due if first else None,
    )


def _latest(
    indicator: Indicator, area: str, comparisons: Sequence[Comparison], results: Results
) -> ReleasedObservation | None:
    """The total of the current period, of those compared, else of those on the window's basis."""
    compared = [
        c.observation for c in comparisons if c.observation.area.code == area and not c.observation.breakdown
    ]
    found = compared or results.series(indicator.id, area, indicator.window.basis)
    current = indicator.window.current(observation.period for observation in found)
    return next((observation for observation in found if observation.period == current), None)
