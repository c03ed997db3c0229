"""Which judgements of a priority are told first, and in which sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.assess.verdict import UNKNOWN_RULES
from pipeline.model.assessment import MeasureResult, UseResult
from pipeline.model.comparison import Judgement, Verdict
from pipeline.model.observation import UNKNOWN
from pipeline.report import beside, figures, wording
from pipeline.report.evidence import Evidence
from pipeline.report.text import Text, sentence_case, text

MOVED = (Verdict.WORSENED, Verdict.IMPROVED, Verdict.UP, Verdict.DOWN)


def headlines(measures: Sequence[MeasureResult]) -> list[UseResult]:
    """The uses that decide, those that moved first, each indicator once."""
    found: dict[str, UseResult] = {}
    for measure in measures:
        for use in [u for u in measure.uses if u.headline] or list(measure.uses[:1]):
            if use.judgement is not None and use.judgement.verdict is not Verdict.AWAITING_RETURN:
                found.setdefault(use.indicator, use)
    return sorted(found.values(), key=lambda use: _order(use.judgement))


def _order(judgement: Judgement | None) -> int:
    if judgement is None or judgement.verdict is None:
        return 9
    if judgement.verdict in MOVED:
        return MOVED.index(judgement.verdict)
    return 5 if judgement.verdict is Verdict.NO_CLEAR_CHANGE else 7


def leading(measures: Sequence[MeasureResult]) -> list[UseResult]:
    """What worsened, also beside the headlines, then what improved; without either the first headline.

    A rise or fall that nobody can judge is not told first: the strategy's first measure is.
    """
    uses_of = {use.indicator: use for measure in measures for use in measure.uses}
    worse = [u for u in uses_of.values() if u.judgement and u.judgement.verdict is Verdict.WORSENED]
    uses = headlines(measures)
    better = [u for u in uses if u.judgement and u.judgement.verdict is Verdict.IMPROVED]
    if worse or better:
        return [*worse[:1], *better][:2]
    as_written = [u for m in measures for u in m.uses if u in uses and u.judgement]
    moved = [u for u in uses if u.judgement and u.judgement.verdict in MOVED]
    return list({u.indicator: u for u in [*as_written[:1], *moved]}.values())[:2]


def what_it_says(
    evidence: Evidence, measures: Sequence[MeasureResult], most: int = 3, charted: Sequence[str] = ()
) -> tuple[Text, ...]:
    """The headline judgements in sentences, those that moved first, and telling categories, also of what
    is charted beside them.
    """
    said: list[Text] = []
    uses = {use.indicator: use for measure in measures for use in measure.uses}
    cut = [uses[name] for name in charted if name in uses and uses[name].children]
    doubtful = [u for u in cut if any(figures.pro_rata(j.comparison) for j in u.children)]
    ordered = {use.indicator: use for use in [*_worse(uses), *doubtful, *headlines(measures)]}
    for use in ordered.values():
        if use.judgement is None or use.judgement.verdict is None:
            continue
        parts = [_part_in_full(evidence, use, child) for child in use.children if _telling(child)]
        doubts = [p for p, c in zip(parts, filter(_telling, use.children), strict=True) if _undone(c)]
        told = [told_in_full(evidence, use), *(part for part in parts if part not in doubts)]
        said += [*doubts, *told]
        if len(said) >= most:
            break
    return tuple(said[:most])


def _telling(child: Judgement) -> bool:
    """Whether a category is worth a sentence: it is judged to have moved, or unknowns come into it."""
    if child.comparison.observation.category == UNKNOWN:
        return False
    judged = child.verdict in (Verdict.WORSENED, Verdict.IMPROVED)
    return judged or bool(figures.pro_rata(child.comparison))


def _undone(child: Judgement) -> bool:
    return child.rule in UNKNOWN_RULES


def _part_in_full(evidence: Evidence, use: UseResult, child: Judgement) -> Text:
    cell = child.comparison.observation
    name = text(evidence.said(use.indicator), ", ", evidence.category(cell))
    return wording.sentences(name, child, cell.breakdown.replace("_", " "))


def _worse(uses: Mapping[str, UseResult]) -> list[UseResult]:
    return [u for u in uses.values() if u.judgement and u.judgement.verdict is Verdict.WORSENED][:1]


def told_in_full(evidence: Evidence, use: UseResult) -> Text:
    """A use's judgement in sentences, beside the rest of the force; why an earlier one cannot be used."""
    assert use.judgement is not None
    said = wording.sentences(evidence.said(use.indicator), use.judgement)
    other = elsewhere(evidence, use.indicator)
    return text(said, text(" ", other) if other else (), wording.unusable(use.judgement, use.others))


def elsewhere(evidence: Evidence, name: str) -> Text:
    """How the rest of the force moved, in a sentence, or nothing."""
    there = beside.elsewhere(evidence, name)
    return text("In the rest of the force the change was ", there, ".") if there else ()


def changed_clearly(some: int, of: int, things: str) -> Text:
    """`seven of 30 indicators changed clearly`, as a title."""
    if of == 1:
        return (
            f"The one {things.removesuffix('s')} {'changed clearly' if some else 'did not clearly change'}",
        )
    if some == of:
        return text("All ", figures.in_words(of, things), f" {things} changed clearly")
    if some == 0 and of == 2:
        return text("Neither of the ", figures.in_words(of, things), f" {things} changed clearly")
    if some == 0:
        return text("None of the ", figures.in_words(of, things), f" {things} changed clearly")
    return text(
        sentence_case(figures.in_words(some, f"{things} that changed")),
        " of ",
        figures.in_words(of, things),
        f" {things} changed clearly",
    )
