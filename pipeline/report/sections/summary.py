"""The one-page summary: how many measures moved, what the board should know, what cannot be said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pipeline.assess.findings import owed
from pipeline.model.assessment import ByChance, MeasureResult
from pipeline.model.comparison import Verdict
from pipeline.report import figures, illustration, monthly, numbers, wording
from pipeline.report.document import (
    Block,
    Columns,
    Exhibit,
    Heading,
    Listing,
    Paragraph,
    Section,
    Tile,
    Tiles,
)
from pipeline.report.evidence import Evidence
from pipeline.report.fit import PAGE_MM, page_height
from pipeline.report.sections import findings, telling, wards
from pipeline.report.text import (
    PageReference,
    Text,
    joined,
    listed,
    quoted,
    sentence_case,
    text,
)

MOVED = telling.MOVED


def section(evidence: Evidence) -> Section:
    """The summary page: its pictures only where the findings leave room for them."""
    said = title(evidence)
    map_made = wards.small_map(evidence)
    for pictures in (_pictures(evidence, map_made), _pictures(evidence, None), _lines(evidence), ()):
        blocks = _blocks(evidence, pictures)
        if page_height(said, blocks) <= PAGE_MM:
            break
    return Section(id="summary", eyebrow=("Summary",), title=said, blocks=blocks, contents=("Summary",))


def _blocks(evidence: Evidence, pictures: tuple[Block, ...]) -> tuple[Block, ...]:
    measures = evidence.success_measures
    return (
        Heading(text(sentence_case(_measures(measures)), " of success")),
        tiles(measures),
        Heading(("What the board should know",)),
        Listing(findings.findings(evidence), numbered=True),
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
    beside = findings.adverse(evidence)
    if beside:
        return sentence_case(text(said, ", ", worse, " worsened, but ", beside))
    return sentence_case(text(said, " and ", worse, " worsened", *_waiting(counts)))


def _waiting(counts: Counter[Verdict]) -> Text:
    waiting = counts[Verdict.AWAITING_RETURN]
    if not waiting:
        return ()
    verb = " await data" if waiting > 1 else " awaits data"
    return text("; ", figures.in_words(waiting, "measures awaiting_return"), verb)


def _unjudged(evidence: Evidence, counts: Counter[Verdict]) -> Text:
    """The title where few measures could be judged: the whole picture or the most telling finding first."""
    clauses = [
        wording.clause(evidence.said(n), j) for n, j in findings.whole(evidence) if j.verdict in MOVED
    ][:1]
    if not clauses:
        clauses = [findings.clause(evidence, f) for f in evidence.assessment.findings if f.evidence][:1]
    if not clauses:
        return ("Nothing can be said yet: every measure awaits data",)
    for verdict, verb in ((Verdict.WORSENED, "worsened"), (Verdict.IMPROVED, "improved")):
        if counts[verdict]:
            of = text(" of ", figures.in_words(counts.total(), "measures"), f" measures {verb}")
            clauses.append(text(figures.in_words(counts[verdict], f"measures {verb}"), of))
    waiting = _waiting(counts)
    if waiting and len(clauses) == 1:
        of = text(" of ", figures.in_words(counts.total(), "measures"), " measures")
        waiting = (*waiting[:2], *of, *waiting[2:])
    return text(wording.headline(clauses), *waiting)


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
        expected, " of them look like one.", _tests_beside(chance),
    )  # fmt: skip
    return (Paragraph(words, quiet=True),)


def _tests_beside(chance: ByChance) -> Text:
    """How many tests the findings are drawn from beside those of the headlines."""
    if not chance.beside:
        return ()
    expected = figures.figure(
        numbers.number(chance.expected_beside, 1), "count:other changes expected by chance"
    )
    return text(
        " The list above draws also on ", figures.counted(chance.beside, "tests beside the headlines"),
        " tests of other indicators and of categories; there chance alone would be expected to make ",
        expected, ".",
    )  # fmt: skip


def _pictures(evidence: Evidence, map_made: Exhibit | None) -> tuple[Block, ...]:
    """Two pictures side by side: the map where there is one, a rank, lines."""
    ranked = [illustration.ranking(evidence, name) for name in evidence.ranked_indicators[:1]]
    drawn = [exhibit for exhibit in (map_made, *ranked) if exhibit is not None]
    if len(drawn) < 2:
        names = list(evidence.definitions.indicators)
        charts = [e for e in (monthly.line(evidence, name) for name in names) if e is not None]
        drawn += charts[: 2 - len(drawn)]
    return (Columns(tuple((exhibit,) for exhibit in drawn)),) if drawn else ()


def _lines(evidence: Evidence) -> tuple[Block, ...]:
    """The months of total crime and of anti-social behaviour side by side: the lowest pictures there are."""
    drawn = [monthly.line(evidence, name) for name, _ in findings.whole(evidence)]
    known = [exhibit for exhibit in drawn if exhibit is not None][:2]
    return (Columns(tuple((exhibit,) for exhibit in known)),) if known else ()


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
        if not clauses:
            return sentence_case(text(more, " wait" if duties > 1 else " waits", " for returns"))
        return text(lead, ", and so ", "do " if duties > 1 else "does ", more)
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
