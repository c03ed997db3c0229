"""Verdicts worth telling, in the order in which a board should hear them."""

from collections import Counter
from collections.abc import Sequence

from pipeline.model.assessment import Finding, FindingKind, MeasureResult, UseResult
from pipeline.model.comparison import Judgement, Verdict
from pipeline.model.observation import UNKNOWN

CHANGES = frozenset({Verdict.IMPROVED, Verdict.WORSENED, Verdict.UP, Verdict.DOWN, Verdict.MIXED})

_KINDS = {
    Verdict.NO_CLEAR_CHANGE: FindingKind.NO_CHANGE,
    Verdict.FIRST_MEASURE: FindingKind.POSITION,
} | dict.fromkeys(CHANGES, FindingKind.CHANGE)

# Whole numbers, so that `strength`, which is at most 1, orders only within a rank. What got worse is
# told before what got better, also where it stands beside a headline: a board must not find it later.
_HEADLINE = {Verdict.WORSENED: 14, Verdict.IMPROVED: 10, Verdict.MIXED: 9, Verdict.UP: 8, Verdict.DOWN: 8}
_WORSE_BESIDE, _NO_CHANGE, _BESIDE, _CATEGORY, _POSITION, _GAP = 12, 6, 5, 4, 2, 0


def find(measures: Sequence[MeasureResult]) -> tuple[Finding, ...]:
    """The findings of all measures, greatest weight first; ties keep the order of the strategy.

    Told are: the verdict of every measure on its headlines, clear changes in what stands beside
    them and in single categories, ranks, and what cannot be said yet.
    """
    findings = [finding for measure in measures for finding in _of_measure(measure)]
    return tuple(sorted(findings, key=lambda finding: -finding.weight))


def owed(measures: Sequence[MeasureResult]) -> tuple[tuple[str, int], ...]:
    """For how many measures each owner's return is awaited; most first, then by name."""
    counts = Counter(
        owner
        for measure in measures
        for owner in dict.fromkeys(awaiting.owner for awaiting in measure.awaiting)
    )
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def strength(judgement: Judgement) -> float:
    """How far the interval stays from no change, from 0 (touches it) to 1.

    It is the limit nearer to zero over the change itself; a change from nothing, which has no
    percentage, counts as 1.
    """
    c = judgement.comparison
    ends = [abs(end) for end in (c.lower, c.upper) if end is not None]
    change = c.change_percent if c.change_percent is not None else c.change
    if judgement.verdict not in CHANGES or not ends or not change:
        return 0.0
    return min(1.0, min(ends) / abs(change))


def _of_measure(measure: MeasureResult) -> list[Finding]:
    headlines = [use for use in measure.uses if use.headline] or list(measure.uses)
    findings = [_headline(measure, headlines)]
    for use in measure.uses:
        if use not in headlines and use.judgement and use.judgement.verdict in CHANGES:
            worse = use.judgement.verdict is Verdict.WORSENED
            findings.append(_change(measure, use.judgement, _WORSE_BESIDE if worse else _BESIDE))
        for child in use.children:
            known = child.comparison.observation.category != UNKNOWN
            if known and child.verdict in CHANGES:
                findings.append(_change(measure, child, _CATEGORY))
        findings += _ranks(measure, use)
    return findings


def _headline(measure: MeasureResult, headlines: Sequence[UseResult]) -> Finding:
    """The verdict of the measure itself; a gap where there is none, with what evidence there is."""
    evidence = tuple(use.judgement for use in headlines if use.judgement)
    kind = _KINDS.get(measure.verdict, FindingKind.GAP)
    if kind is not FindingKind.GAP and not evidence:
        # A first figure with no comparator has no judgement to show: its page tells it.
        kind = FindingKind.GAP
    others = {
        FindingKind.NO_CHANGE: _NO_CHANGE,
        FindingKind.POSITION: _POSITION,
        FindingKind.GAP: _GAP,
    }
    rank = _HEADLINE[measure.verdict] if kind is FindingKind.CHANGE else others[kind]
    return Finding(
        kind=kind,
        group=measure.group,
        measure=measure.measure,
        verdict=measure.verdict,
        weight=rank + max((strength(judgement) for judgement in evidence), default=0.0),
        evidence=evidence,
    )


def _change(measure: MeasureResult, judgement: Judgement, rank: int) -> Finding:
    return Finding(
        kind=FindingKind.CHANGE,
        group=measure.group,
        measure=measure.measure,
        verdict=judgement.verdict or measure.verdict,
        weight=rank + strength(judgement),
        evidence=(judgement,),
    )


def _ranks(measure: MeasureResult, use: UseResult) -> list[Finding]:
    """Where the area stands among others, under the verdict of the measure it belongs to."""
    return [
        Finding(
            kind=FindingKind.POSITION,
            group=measure.group,
            measure=measure.measure,
            verdict=measure.verdict,
            weight=_POSITION,
            evidence=(judgement,),
        )
        for judgement in (use.judgement, *use.others)
        if judgement is not None
        and judgement.comparison.comparator == "rank"
        and judgement.comparison.reference_value is not None
    ]
