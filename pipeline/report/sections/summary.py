"""The one-page summary: how many measures moved, what the board should know, what cannot be said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pipeline.assess.findings import owed
from pipeline.model.assessment import Finding, FindingKind, MeasureResult, UseResult
from pipeline.model.comparison import Judgement, Verdict
from pipeline.model.observation import Mark
from pipeline.report import figures, illustration, monthly, numbers, wording
from pipeline.report.document import Block, Columns, Heading, Listing, Paragraph, Section, Tile, Tiles
from pipeline.report.evidence import Evidence
from pipeline.report.fit import PAGE_MM, page_height
from pipeline.report.scorecard import is_milestone
from pipeline.report.sections import overview, priority, wards
from pipeline.report.text import (
    PageReference,
    Strong,
    Text,
    joined,
    listed,
    quoted,
    sentence_case,
    text,
)

MOST_FINDINGS = 8
MOVED = priority.MOVED


def section(evidence: Evidence) -> Section:
    """The summary page: its pictures only where the findings leave room for them."""
    said = title(evidence)
    pictures = _pictures(evidence)
    blocks = _blocks(evidence, pictures)
    if page_height(said, blocks) > PAGE_MM:
        blocks = _blocks(evidence, ())
    return Section(id="summary", eyebrow=("Summary",), title=said, blocks=blocks, contents=("Summary",))


def _blocks(evidence: Evidence, pictures: tuple[Block, ...]) -> tuple[Block, ...]:
    measures = evidence.success_measures
    return (
        Heading(text(sentence_case(_measures(measures)), " of success")),
        tiles(measures),
        Heading(("What the board should know",)),
        Listing(findings(evidence), numbered=True),
        *_by_chance(evidence),
        *pictures,
        Columns(
            (
                (Heading(("What we cannot say",)), Paragraph(cannot_say(evidence))),
                (Heading(("What changed since the last edition",)), Paragraph(changed(evidence))),
            )
        ),
    )


def _measures(measures: Sequence[MeasureResult]) -> Text:
    return text(
        figures.in_words(len(measures), "measures"), " measures" if len(measures) != 1 else " measure"
    )


KINDS = (
    ("✓ improved", (Verdict.IMPROVED,)),
    ("! worsened", (Verdict.WORSENED,)),
    ("◊ no clear change", (Verdict.NO_CLEAR_CHANGE,)),
    ("◊ in part, or halves differ", (Verdict.MIXED,)),
    (
        "– no judgement: first, or not comparable",
        (
            Verdict.UP, Verdict.DOWN, Verdict.FIRST_MEASURE,
            Verdict.NOT_COMPARABLE, Verdict.IMMATURE, Verdict.WITHHELD,
        ),
    ),
    ("… awaiting data", (Verdict.AWAITING_RETURN,)),
)  # fmt: skip


def tiles(measures: Sequence[MeasureResult]) -> Tiles:
    """How many measures have each kind of verdict; together they are all measures."""
    counts = Counter(measure.verdict for measure in measures)
    return Tiles(
        tuple(
            Tile(
                figures.counted(
                    sum(counts[verdict] for verdict in verdicts), f"measures {verdicts[0].value}"
                ),
                (label,),
            )
            for label, verdicts in KINDS
        )
    )


def title(evidence: Evidence) -> Text:
    """The summary in a sentence: what worsened before what improved, and what rose or fell beside them."""
    measures = evidence.success_measures
    counts = Counter(measure.verdict for measure in measures)
    improved, worsened = counts[Verdict.IMPROVED], counts[Verdict.WORSENED]
    judged = improved + worsened + counts[Verdict.NO_CLEAR_CHANGE] + counts[Verdict.MIXED]
    if judged * 2 < len(measures):
        return _unjudged(evidence, counts)
    of = text(" of ", figures.in_words(len(measures), "measures"), " measures") if len(measures) > 1 else ()
    better = figures.in_words(improved, "measures improved")
    worse = figures.in_words(worsened, "measures worsened")
    if worsened:
        return sentence_case(text(worse, of, " worsened and ", better, " improved", *_waiting(counts)))
    said = text(better, of, " improved")
    beside = adverse(evidence)
    if beside:
        return sentence_case(text(said, ", ", worse, " worsened, but ", beside))
    return sentence_case(text(said, " and ", worse, " worsened", *_waiting(counts)))


def adverse(evidence: Evidence) -> Text:
    """The first thing that clearly worsened and is no measure's verdict, as a clause; nothing where none did."""
    verdicts = {(m.group, m.measure): m.verdict for m in evidence.assessment.measures}
    return next(
        (
            _clause(evidence, finding)
            for finding in _of(evidence, Verdict.WORSENED)
            if verdicts[finding.group, finding.measure] is not Verdict.WORSENED
        ),
        (),
    )


def _waiting(counts: Counter[Verdict]) -> Text:
    waiting = counts[Verdict.AWAITING_RETURN]
    if not waiting:
        return ()
    verb = " await data" if waiting > 1 else " awaits data"
    return text("; ", figures.in_words(waiting, "measures awaiting_return"), verb)


def _unjudged(evidence: Evidence, counts: Counter[Verdict]) -> Text:
    """The title where few measures could be judged: the whole picture or the most telling finding first."""
    clauses = [wording.clause(evidence.said(n), j) for n, j in _whole(evidence) if j.verdict in MOVED][:1]
    if not clauses:
        clauses = [_clause(evidence, f) for f in evidence.assessment.findings if f.evidence][:1]
    if not clauses:
        return ("Nothing can be said yet: every measure awaits data",)
    for verdict, verb in ((Verdict.WORSENED, "worsened"), (Verdict.IMPROVED, "improved")):
        if counts[verdict]:
            of = text(" of ", figures.in_words(counts.total(), "measures"), f" measures {verb}")
            clauses.append(text(figures.in_words(counts[verdict], f"measures {verb}"), of))
    return text(wording.headline(clauses), *_waiting(counts))


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
    for name, judgement in _whole(evidence):
        lead = Strong(sentence_case(wording.clause(evidence.said(name), judgement)))
        add(judgement, text(lead, ": ", _detail(judgement), ". ", PageReference("overview")))
    for finding in _of(evidence, Verdict.IMPROVED):
        add(_main(finding), _told(evidence, finding))
    for finding, half in _halves(evidence):
        lead = _told(evidence, finding)
        add(_main(finding), text(lead[0], " (half of its measure: the other half is awaited)", *lead[1:]) if half else lead)
    able = [f for f in evidence.assessment.findings if f.evidence]
    rest = [f for f in able if f.kind is FindingKind.CHANGE and not _main(f).comparison.observation.breakdown]
    positions = [
        f for f in able if f.kind is FindingKind.POSITION and _main(f).comparison.comparator == "rank"
    ]
    for finding in [*positions[:1], *rest]:
        if len(items) < most:
            add(_main(finding), _told(evidence, finding))
    return tuple(items)


def _of(evidence: Evidence, verdict: Verdict) -> list[Finding]:
    """Findings whose telling judgement is that verdict: headlines that improved decide alone, all else counts."""
    found = []
    for finding in evidence.assessment.findings:
        if not finding.evidence or _main(finding).verdict is not verdict:
            continue
        part = bool(_main(finding).comparison.observation.breakdown)
        if verdict is Verdict.IMPROVED and finding.verdict is verdict and not part and _decides(evidence, finding):
            found.append(finding)
        if verdict is Verdict.WORSENED and not part:
            found.append(finding)
    return found


def _decides(evidence: Evidence, finding: Finding) -> bool:
    """Whether a finding is the verdict of its measure, and not of something beside it."""
    measures = evidence.measures_of.get(finding.group, ())
    return any(m.measure == finding.measure and m.verdict is finding.verdict for m in measures)


def _halves(evidence: Evidence) -> list[tuple[Finding, bool]]:
    """Measures that moved in part: with whether the other half is awaited."""
    measures = {(m.group, m.measure): m for m in evidence.success_measures}
    found = []
    for finding in evidence.assessment.findings:
        measure = measures.get((finding.group, finding.measure))
        if measure and finding.verdict is Verdict.MIXED and _main(finding).verdict in MOVED:
            half = wording.half_verdict(measure) is not None
            if half:
                found.append((finding, half))
    return found


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


def _whole(evidence: Evidence) -> list[tuple[str, Judgement]]:
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


def _clause(evidence: Evidence, finding: Finding) -> Text:
    judgement = _main(finding)
    comparison = judgement.comparison
    if comparison.comparator == "rank" and comparison.reference_value is not None:
        of = len(evidence.peers(comparison.observation.indicator))
        lowest = illustration.lowest_is_first(evidence.indicator(comparison.observation.indicator))
        stands = wording.standing(comparison, of, lowest)
        return text(quoted(evidence.place), " was ", stands, " for ", _name(evidence, judgement))
    return wording.clause(_name(evidence, judgement), judgement)


def _told(evidence: Evidence, finding: Finding) -> Text:
    """A finding as a sentence with its figures and the page that holds the rest."""
    judgement = _main(finding)
    comparison = judgement.comparison
    lead = Strong(sentence_case(_clause(evidence, finding)))
    page = PageReference(_page(evidence, finding.group))
    if comparison.comparator == "rank":
        own = comparison.observation
        value = text(figures.observed(own, marks=False), wording.unit(own), " in ", wording.period(own.period))
        return text(lead, ": ", value, ". ", page)
    return text(lead, ": ", _detail(judgement), ". ", page)


def _detail(judgement: Judgement) -> Text:
    comparison = judgement.comparison
    own = comparison.observation
    value = text(figures.observed(own, marks=False), wording.unit(own))
    if comparison.reference is None or comparison.reference.value is None:
        return text(value, " in ", wording.period(own.period))
    said = text(value, " in ", wording.period(own.period), ", against ", figures.reference(comparison))
    if comparison.comparator not in ("previous_year", "previous_wave"):
        said = text(said, " in ", wording.against(comparison))
    amount = figures.change(comparison)
    interval = figures.interval(comparison)
    if amount:
        said = text(said, " (", amount, text("; interval ", interval) if interval else (), ")")
    if Mark.LOW_RELIABILITY in judgement.marks:
        said = text(said, "; it may be better recording [u]")
    if Mark.BREAK in judgement.marks:
        said = text(said, "; a break in the series lies between [b]")
    return said


def _page(evidence: Evidence, group: str) -> str:
    return priority.anchor(group) if group in evidence.definitions.priorities else "duties"


def _by_chance(evidence: Evidence) -> tuple[Block, ...]:
    chance = evidence.assessment.by_chance
    if not chance.tested:
        return ()
    expected = figures.figure(numbers.number(chance.expected, 1), "count:changes expected by chance")
    if chance.tested == 1:
        return ()
    words = text(
        "Of ", figures.counted(chance.tested, "headline tests"), " headline tests, ",
        figures.counted(chance.clear, "clear headline changes"), " came out as a clear change. If nothing "
        "had changed, chance alone would be expected to make ",
        expected, " of them look like one.",
    )  # fmt: skip
    return (Paragraph(words, quiet=True),)


def _pictures(evidence: Evidence) -> tuple[Block, ...]:
    map_made = wards.small_map(evidence)
    ranked = [illustration.ranking(evidence, name) for name in evidence.ranked_indicators[:1]]
    drawn = [exhibit for exhibit in (map_made, *ranked) if exhibit is not None]
    if len(drawn) < 2:
        names = list(evidence.definitions.indicators)
        charts = [e for e in (monthly.line(evidence, name) for name in names) if e is not None]
        drawn += charts[: 2 - len(drawn)]
    return (Columns(tuple((exhibit,) for exhibit in drawn)),) if drawn else ()


def cannot_say(evidence: Evidence) -> Text:
    """Who owes what, and which comparisons the gaps forbid; nothing is assumed in their place."""
    measures = evidence.assessment.measures
    debts = owed(measures)
    said: list[Text] = []
    if debts:
        owners = [
            text(quoted(owner), " (", figures.counted(n, f"owed by {owner}"), ")") for owner, n in debts[:4]
        ]
        owing = listed([*owners, ("others",)] if len(debts) > len(owners) else owners)
        said.append(text(_waits(evidence), ": ", owing, ". Nothing is assumed in their place."))
    unlike = [m for m in measures if m.verdict is Verdict.NOT_COMPARABLE]
    if unlike:
        reasons = list(
            dict.fromkeys(
                u.judgement.reason for m in unlike for u in m.uses if u.judgement and u.judgement.reason
            )
        )
        because = text(": ", quoted(reasons[0])) if reasons else ()
        noun = "measures are" if len(unlike) > 1 else "measure is"
        said.append(
            text(
                sentence_case(figures.in_words(len(unlike), "measures not comparable")),
                f" {noun} not comparable",
                because,
                ".",
            )
        )
    return joined(" ", said) if said else ("Every measure has a figure that can be compared.",)


def _waits(evidence: Evidence) -> Text:
    """How many success measures wait wholly, how many in part, and how many parts of duties."""
    owed_for = [m for m in evidence.assessment.measures if m.awaiting]
    strategy = [m for m in owed_for if m.group in evidence.definitions.priorities]
    whole = sum(m.verdict is Verdict.AWAITING_RETURN for m in strategy)
    part, duties = len(strategy) - whole, len(owed_for) - len(strategy)
    clauses: list[Text] = []
    if whole:
        clauses.append(text(figures.in_words(whole, "measures awaiting_return"), " wholly"))
    if part:
        clauses.append(text(figures.in_words(part, "measures awaiting a part"), " in part"))
    lead = text("Success measures wait for returns, ", listed(clauses)) if clauses else ()
    if duties:
        noun = "parts of duties" if duties > 1 else "part of a duty"
        more = text(figures.in_words(duties, "parts of duties that wait"), f" {noun}")
        return text(lead, ", and so does ", more) if clauses else sentence_case(text(more, " waits for a return"))
    return lead


def changed(evidence: Evidence) -> Text:
    """What differs from the last edition, in two sentences."""
    edition = evidence.edition
    if not edition.previous:
        return ("This is the first edition, so there is nothing to compare it with.",)
    if not evidence.changes:
        return ("No headline figure or verdict differs from the last edition.",)
    verdicts = sum(change.verdict_changed for change in evidence.changes)
    count = figures.in_words(len(evidence.changes), "changes since the last edition")
    turned = figures.in_words(verdicts, "verdicts changed since the last edition")
    noun = "headline figures differ" if len(evidence.changes) > 1 else "headline figure differs"
    verb = " verdict changed" if verdicts == 1 else " verdicts changed"
    said = text(sentence_case(turned), verb, "; ", count, f" {noun} from the last edition")
    return text(said, ". ", PageReference("changes"))
