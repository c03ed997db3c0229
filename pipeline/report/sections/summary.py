"""The one-page summary: how many measures moved, what the board should know, what cannot be said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pipeline.assess.findings import owed
from pipeline.model.assessment import Finding, FindingKind, MeasureResult
from pipeline.model.comparison import Judgement, Verdict
from pipeline.model.observation import Mark
from pipeline.report import figures, illustration, monthly, numbers, wording
from pipeline.report.document import Block, Columns, Heading, Listing, Paragraph, Section, Tile, Tiles
from pipeline.report.evidence import Evidence
from pipeline.report.sections import priority, wards
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

MOST_FINDINGS = 5
MOVED = priority.MOVED


def section(evidence: Evidence) -> Section:
    """The summary page."""
    measures = evidence.success_measures
    return Section(
        id="summary",
        eyebrow=("Summary",),
        title=title(evidence),
        blocks=(
            Heading(text(sentence_case(_measures(measures)), " of success")),
            tiles(measures),
            Heading(("What the board should know",)),
            Listing(findings(evidence), numbered=True),
            *_by_chance(evidence),
            *_pictures(evidence),
            Columns(
                (
                    (Heading(("What we cannot say",)), Paragraph(cannot_say(evidence))),
                    (Heading(("What changed since the last edition",)), Paragraph(changed(evidence))),
                )
            ),
        ),
        contents=("Summary",),
    )


def _measures(measures: Sequence[MeasureResult]) -> Text:
    return text(
        figures.in_words(len(measures), "measures"), " measures" if len(measures) != 1 else " measure"
    )


KINDS = (
    ("✓ improved", (Verdict.IMPROVED,)),
    ("! worsened", (Verdict.WORSENED,)),
    ("◊ no clear change", (Verdict.NO_CLEAR_CHANGE,)),
    (
        "– no judgement: mixed, first or not comparable",
        (
            Verdict.MIXED, Verdict.UP, Verdict.DOWN, Verdict.FIRST_MEASURE,
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
    """The summary in a sentence: how many measures improved, worsened and wait."""
    measures = evidence.success_measures
    counts = Counter(measure.verdict for measure in measures)
    improved, worsened = counts[Verdict.IMPROVED], counts[Verdict.WORSENED]
    waiting = counts[Verdict.AWAITING_RETURN]
    judged = improved + worsened + counts[Verdict.NO_CLEAR_CHANGE]
    if judged * 2 < len(measures):
        return _unjudged(evidence, waiting)
    of = text(" of ", figures.in_words(len(measures), "measures"), " measures") if len(measures) > 1 else ()
    clauses: list[Text] = [
        text(figures.in_words(improved, "measures improved"), of, " improved"),
        text(figures.in_words(worsened, "measures worsened"), " worsened"),
    ]
    if waiting:
        clauses.append(
            text(
                figures.in_words(waiting, "measures awaiting_return"),
                " await data" if waiting > 1 else " awaits data",
            )
        )
    else:
        unclear = counts[Verdict.NO_CLEAR_CHANGE]
        clauses.append(text(figures.in_words(unclear, "measures no_clear_change"), " did not clearly change"))
    return sentence_case(listed(clauses))


def _unjudged(evidence: Evidence, waiting: int) -> Text:
    """The title where no measure could be judged: the most telling finding, with what is in the way."""
    found = next((f for f in evidence.assessment.findings if f.evidence), None)
    if found is None:
        return ("Nothing can be said yet: every measure awaits data",)
    clauses = [_lead(evidence, found)]
    if waiting:
        clauses.append(
            text(
                figures.in_words(waiting, "measures awaiting_return"),
                " measures await data" if waiting > 1 else " measure awaits data",
            )
        )
    return wording.headline(clauses)


def findings(evidence: Evidence, most: int = MOST_FINDINGS) -> tuple[Text, ...]:
    """The findings worth telling first, one a measure, a rank among them where there is one."""
    chosen: list[Finding] = []
    seen: set[tuple[str, str]] = set()
    told: set[str] = set()
    able = [f for f in evidence.assessment.findings if f.evidence and f.kind is not FindingKind.GAP]
    positions = [
        f for f in able if f.kind is FindingKind.POSITION and _main(f).comparison.comparator == "rank"
    ]
    room = most - (1 if positions else 0)
    for finding in able:
        key = (finding.group, finding.measure)
        indicator = _main(finding).comparison.observation.indicator
        if finding in positions or key in seen or indicator in told or len(chosen) == room:
            continue
        chosen.append(finding)
        seen.add(key)
        told.add(indicator)
    chosen += positions[:1]
    return tuple(_told(evidence, finding) for finding in chosen)


def _main(finding: Finding) -> Judgement:
    """The judgement that a finding is told by: the first that moved, else the first."""
    return next((j for j in finding.evidence if j.verdict in MOVED), finding.evidence[0])


def _name(evidence: Evidence, judgement: Judgement) -> Text:
    observation = judgement.comparison.observation
    name = wording.in_sentence(evidence.indicator(observation.indicator).title)
    return text(name, ", ", wording.category(observation)) if observation.breakdown else name


def _lead(evidence: Evidence, finding: Finding) -> Text:
    judgement = _main(finding)
    comparison = judgement.comparison
    if comparison.comparator == "rank" and comparison.reference_value is not None:
        of = len(evidence.peers(comparison.observation.indicator))
        lowest = illustration.lowest_is_first(evidence.indicator(comparison.observation.indicator))
        stands = wording.position(round(comparison.reference_value), of, lowest)
        made = figures.figure(stands, figures.comparison_id(comparison, "reference_value"))
        return text(_name(evidence, judgement), " was ", made)
    return wording.clause(_name(evidence, judgement), judgement)


def _told(evidence: Evidence, finding: Finding) -> Text:
    """A finding as a sentence with its figures and the page that holds the rest."""
    judgement = _main(finding)
    comparison = judgement.comparison
    lead = Strong(sentence_case(_lead(evidence, finding)))
    page = PageReference(_page(evidence, finding.group))
    if comparison.comparator == "rank":
        of = len(evidence.peers(comparison.observation.indicator))
        lowest = illustration.lowest_is_first(evidence.indicator(comparison.observation.indicator))
        said = wording.ranked(comparison, of, lowest)
        return text(lead, ": ", *said[1:][1:] if said[1:2] == (", ",) else said[1:], ". ", page)
    return text(lead, ": ", _detail(judgement), ". ", page)


def _detail(judgement: Judgement) -> Text:
    comparison = judgement.comparison
    value = text(figures.observed(comparison.observation, marks=False), wording.unit(comparison.observation))
    if comparison.reference is None or comparison.reference.value is None:
        return text(value, " in ", wording.period(comparison.observation.period))
    said = text(
        value,
        " in ",
        wording.period(comparison.observation.period),
        ", against ",
        figures.reference(comparison),
    )
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
    words = text(
        "Of ", figures.counted(chance.tested, "headline tests"), " headline tests ",
        figures.counted(chance.clear, "clear headline changes"), " show a change; chance alone would be "
        "expected to make ",
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
        count = sum(1 for measure in measures if measure.awaiting)
        owners = [
            text(wording.owner(owner), " (", figures.counted(n, f"owed by {owner}"), ")")
            for owner, n in debts[:4]
        ]
        verb = "measures and duties wait" if count > 1 else "measure waits"
        said.append(
            text(sentence_case(figures.in_words(count, "measures that wait for returns")), f" {verb} for "
            f"returns not yet received: ",
                 listed([*owners, ("others",)] if len(debts) > len(owners) else owners), ". Nothing is "
                 "assumed in their place.")
        )  # fmt: skip
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
    said = text(
        sentence_case(count),
        f" {noun} from the last edition; ",
        turned,
        " changed its verdict" if verdicts < 2 else " changed their verdicts",
    )
    return text(said, ". ", PageReference("changes"))
