"""What the board should know: the findings of the assessment as sentences, the unwelcome first."""

from __future__ import annotations

from pipeline.assess.verdict import UNKNOWN_RULES
from pipeline.model.assessment import Finding, FindingKind, UseResult
from pipeline.model.comparison import Judgement, Verdict
from pipeline.model.observation import Mark
from pipeline.report import figures, illustration, ranks, wording
from pipeline.report.evidence import Evidence
from pipeline.report.scorecard import is_milestone
from pipeline.report.sections import overview, priority, telling
from pipeline.report.text import PageReference, Strong, Text, listed, quoted, sentence_case, text

MOST_FINDINGS = 9
MOVED = telling.MOVED


def findings(evidence: Evidence, most: int = MOST_FINDINGS) -> tuple[Text, ...]:
    """What the board should know, the unwelcome first: milestones missed, what worsened, the whole picture,
    every measure that improved, halves that did, then a rank. The same fact is told once.
    """
    items: list[Text] = [*_missed(evidence)]
    told: set[tuple[object, ...]] = set()

    def add(judgement: Judgement, words: Text) -> None:
        fact = _fact(judgement)
        if fact not in told:
            told.add(fact)
            items.append(words)

    for finding in _of(evidence, Verdict.WORSENED):
        add(_main(finding), _told(evidence, finding))
    for name, judgement in whole(evidence):
        said = Strong(sentence_case(wording.clause(evidence.said(name), judgement)))
        add(judgement, text(said, ": ", _detail(judgement), ". ", PageReference("overview")))
    better = {(f.group, f.measure): f for f in reversed(_of(evidence, Verdict.IMPROVED))}
    for finding in reversed(better.values()):
        add(_main(finding), _told(evidence, finding))
    for finding in _halves(evidence):
        lead, *detail = _told(evidence, finding)
        add(_main(finding), text(lead, ", half of its measure: the other half is awaited", *detail))
    able = [f for f in evidence.assessment.findings if f.evidence]
    rest = [f for f in able if f.kind is FindingKind.CHANGE and not _main(f).comparison.observation.breakdown]
    positions = [
        f for f in able if f.kind is FindingKind.POSITION and _main(f).comparison.comparator == "rank"
    ]
    parts = [f for f in able if f.kind is FindingKind.CHANGE and figures.bounds(_main(f).comparison)]
    for finding in [*parts[:1], *positions[:1], *rest]:
        if len(items) < most:
            add(_main(finding), _told(evidence, finding))
    return tuple(items)


def _of(evidence: Evidence, verdict: Verdict) -> list[Finding]:
    """Findings told by a total of that verdict; what improved only where it is its measure's verdict."""
    found = []
    for finding in evidence.assessment.findings:
        if not finding.evidence or _main(finding).verdict is not verdict:
            continue
        part = bool(_main(finding).comparison.observation.breakdown)
        if (
            verdict is Verdict.IMPROVED
            and finding.verdict is verdict
            and not part
            and _decides(evidence, finding)
        ):
            found.append(finding)
        if verdict is Verdict.WORSENED and not part:
            found.append(finding)
    return found


def _decides(evidence: Evidence, finding: Finding) -> bool:
    """Whether a finding is the verdict of its measure, and not of something beside it."""
    measures = evidence.measures_of.get(finding.group, ())
    return any(m.measure == finding.measure and m.verdict is finding.verdict for m in measures)


def _halves(evidence: Evidence) -> list[Finding]:
    """Success measures of which one half moved and the other is awaited."""
    measures = {(m.group, m.measure): m for m in evidence.success_measures}
    able = [f for f in evidence.assessment.findings if f.evidence and f.verdict is Verdict.MIXED]
    return [
        finding
        for finding in able
        if (measure := measures.get((finding.group, finding.measure)))
        and wording.half_verdict(measure) is not None
        and _main(finding).verdict in MOVED
    ]


def _missed(evidence: Evidence) -> list[Text]:
    """Milestones of the duties that are not in place, in one sentence."""
    missed = not_in_place(evidence)
    if not missed:
        return []
    names = listed([evidence.said(use.indicator) for use in missed])
    verb = "are" if len(missed) > 1 else "is"
    words = [figures.observed(use.observation, marks=False) for use in missed[:1]]
    lead = Strong(text(sentence_case(names), f" {verb} ", words[0]))
    period = missed[0].observation.period if missed[0].observation else None
    when = text(" (", wording.period(period), ")") if period else ()
    return [text(lead, when, ": the law asks for it. ", PageReference("duties"))]


def not_in_place(evidence: Evidence) -> list[UseResult]:
    """The milestones that were reported as not in place."""
    uses = {u.indicator: u for m in evidence.assessment.measures for u in m.uses if is_milestone(u)}
    return [use for use in uses.values() if use.observation and use.observation.value == 0]


def whole(evidence: Evidence) -> list[tuple[str, Judgement]]:
    """Total recorded crime and anti-social behaviour with their judgements, where they are measured."""
    found = [(name, evidence.change(name, evidence.own.code)) for name in overview.whole(evidence)]
    return [(name, judgement) for name, judgement in found if judgement is not None]


def _fact(judgement: Judgement) -> tuple[object, ...]:
    """What makes two judgements one fact: a count and its rate rest on the same rows."""
    comparison = judgement.comparison
    own, other = comparison.observation, comparison.reference
    if comparison.comparator == "rank":
        return ("rank", own.indicator)
    return (own.period, own.numerator, other.numerator if other else None)


def _main(finding: Finding) -> Judgement:
    """The judgement that a finding is told by: what worsened, then what moved, else the first."""
    worse = next((j for j in finding.evidence if j.verdict is Verdict.WORSENED), None)
    return worse or next((j for j in finding.evidence if j.verdict in MOVED), finding.evidence[0])


def _name(evidence: Evidence, judgement: Judgement) -> Text:
    observation = judgement.comparison.observation
    name = evidence.said(observation.indicator)
    return text(name, ", ", evidence.category(observation)) if observation.breakdown else name


def clause(evidence: Evidence, finding: Finding) -> Text:
    judgement = _main(finding)
    comparison = judgement.comparison
    if comparison.comparator == "rank" and comparison.reference_value is not None:
        of = len(evidence.peers(comparison.observation.indicator))
        lowest = illustration.lowest_is_first(evidence.indicator(comparison.observation.indicator))
        stands = ranks.standing(comparison, of, lowest)
        return text(quoted(evidence.place), " was ", stands, " for ", _name(evidence, judgement))
    return wording.clause(_name(evidence, judgement), judgement)


def _told(evidence: Evidence, finding: Finding) -> Text:
    """A finding as a sentence with its figures and the page that holds the rest."""
    judgement = _main(finding)
    comparison = judgement.comparison
    lead = Strong(sentence_case(clause(evidence, finding)))
    page = PageReference(_page(evidence, finding.group))
    if comparison.comparator == "rank":
        own = comparison.observation
        value = text(
            figures.observed(own, marks=False), wording.unit(own), " in ", wording.period(own.period)
        )
        return text(lead, ": ", value, ". ", page)
    return text(lead, ": ", _detail(judgement), ". ", page)


def _detail(judgement: Judgement) -> Text:
    comparison = judgement.comparison
    own = comparison.observation
    value = text(figures.observed(own, marks=False), wording.unit(own))
    if comparison.reference is None or comparison.reference.value is None:
        return text(value, " in ", wording.period(own.period))
    before = figures.reference(comparison, told=judgement.marks & {Mark.BREAK})
    said = text(value, " in ", wording.period(own.period), ", against ", before)
    if comparison.comparator not in ("previous_year", "previous_wave"):
        said = text(said, " in ", wording.against(comparison))
    amount = figures.change(comparison)
    interval = figures.interval(comparison)
    if amount:
        said = text(said, " (", amount, text("; interval ", interval) if interval else (), ")")
    if judgement.rule in UNKNOWN_RULES:
        said = text(said, "; it may be better recording [u]")
    if Mark.BREAK in judgement.marks:
        said = text(said, "; a break in the series lies between [b]")
    return said


def _page(evidence: Evidence, group: str) -> str:
    return priority.anchor(group) if group in evidence.definitions.priorities else "duties"


def adverse(evidence: Evidence) -> Text:
    """The first thing that clearly worsened and is no measure's verdict, as a clause."""
    verdicts = {(m.group, m.measure): m.verdict for m in evidence.assessment.measures}
    return next(
        (
            clause(evidence, finding)
            for finding in _of(evidence, Verdict.WORSENED)
            if verdicts[finding.group, finding.measure] is not Verdict.WORSENED
        ),
        (),
    )
