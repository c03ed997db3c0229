"""The statutory duties: what is known of each, and what is awaited."""

from __future__ import annotations

from collections import Counter

from pipeline.model.assessment import MeasureResult
from pipeline.model.comparison import Verdict
from pipeline.report import figures, wording
from pipeline.report.document import Block, Heading, Paragraph, Section
from pipeline.report.evidence import Evidence
from pipeline.report.scorecard import Depth, scorecard
from pipeline.report.sections import priority
from pipeline.report.text import Text, quoted, sentence_case, text


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
        blocks.append(
            scorecard(
                evidence, measures, f"{duty.title}: what is known", Depth.INDICATORS, hidden_caption=True
            )
        )
        said = priority.what_it_says(evidence, measures, most=1)
        blocks += [Paragraph(sentence) for sentence in said]
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
    moved = [
        use for use in uses.values() if use.judgement is not None and use.judgement.verdict in priority.MOVED
    ]
    waiting = counts[Verdict.AWAITING_RETURN]
    clauses = [wording.clause(wording.in_sentence(u.title), u.judgement) for u in moved[:2] if u.judgement]
    if waiting:
        noun = "parts of a duty await" if waiting > 1 else "part of a duty awaits"
        clauses.append(text(figures.in_words(waiting, "duty measures awaiting_return"), f" {noun} data"))
    if clauses:
        return wording.headline(clauses)
    count = figures.in_words(len(evidence.definitions.duties), "duties")
    return sentence_case(text(count, " duties, none with a clear change"))
