"""The statutory duties: what is known of each, and what is awaited."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from pipeline.model.assessment import MeasureResult
from pipeline.model.comparison import Verdict
from pipeline.report import figures, wording
from pipeline.report.document import Block, Heading, Listing, Paragraph, Section
from pipeline.report.evidence import Evidence
from pipeline.report.scorecard import Depth, awaited, scorecard
from pipeline.report.sections import findings, telling
from pipeline.report.text import Strong, Text, joined, listed, quoted, sentence_case, text

NOTE = (
    "Arrow: direction of the number; word: our judgement. [x] not supplied, or not comparable. "
    "In place or not: as the owner reported it."
)


def section(evidence: Evidence) -> Section | None:
    """All duties, or None where the workspace declares none."""
    duties = evidence.definitions.duties
    if not duties:
        return None
    blocks: list[Block] = []
    for name, duty in duties.items():
        measures = evidence.measures_of.get(name, ())
        blocks.append(Heading(quoted(duty.title)))
        if duty.why:
            blocks.append(Paragraph(quoted(" ".join(duty.why))))
        if not any(use.observation for measure in measures for use in measure.uses):
            blocks.append(Listing(tuple(_owed(m) for m in measures)))
            continue
        card = scorecard(
            evidence, measures, f"{duty.title}: what is known", Depth.INDICATORS, hidden_caption=True
        )
        blocks.append(replace(card, note=()))
        said = telling.what_it_says(evidence, measures, most=1)
        blocks += [Paragraph(sentence) for sentence in said]
    blocks.append(Paragraph((NOTE,), quiet=True))
    return Section(
        id="duties",
        eyebrow=("Statutory duties",),
        title=_title(evidence),
        blocks=tuple(blocks),
        contents=("Statutory duties",),
    )


def _title(evidence: Evidence) -> Text:
    measures: list[MeasureResult] = [
        m for m in evidence.assessment.measures if m.group in evidence.definitions.duties
    ]
    counts = Counter(m.verdict for m in measures)
    uses = {use.indicator: use for measure in measures for use in measure.uses}
    missed = findings.not_in_place(evidence)
    clauses: list[Text] = []
    if missed:
        verb = " are " if len(missed) > 1 else " is "
        names = listed([evidence.said(use.indicator) for use in missed[:2]])
        clauses.append(text(names, verb, figures.observed(missed[0].observation, marks=False)))
    for verdict in telling.MOVED:
        found = (u for u in uses.values() if u.judgement and u.judgement.verdict is verdict)
        clauses += [wording.clause(evidence.said(u.indicator), u.judgement) for u in found if u.judgement]
    waiting = counts[Verdict.AWAITING_RETURN]
    shown = clauses[:2]
    if waiting:
        noun = "parts of a duty await" if waiting > 1 else "part of a duty awaits"
        shown.append(text(figures.in_words(waiting, "duty measures awaiting_return"), f" {noun} data"))
    if shown:
        return wording.headline(shown)
    count = figures.in_words(len(evidence.definitions.duties), "duties")
    return sentence_case(text(count, " duties, none with a clear change"))


def _owed(measure: MeasureResult) -> Text:
    """A part of a duty of which nothing has come: its name and who owes it."""
    waits = joined(" ", [awaited(item) for item in measure.awaiting])
    return text(Strong(quoted(measure.title)), ". ", waits or ("Nothing has been delivered.",))
