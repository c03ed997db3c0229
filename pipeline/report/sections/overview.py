"""Total crime and anti-social behaviour: month by month, against the year before, beside other areas."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.model.comparison import Verdict
from pipeline.report import illustration, monthly, wording
from pipeline.report.cells import WOULD_SHOW, judgement_cells, kept_cells
from pipeline.report.document import (
    Block,
    Callout,
    Cell,
    CellKind,
    Columns,
    Row,
    Section,
    Table,
    TableColumn,
)
from pipeline.report.evidence import Evidence
from pipeline.report.sections import telling, wards
from pipeline.report.text import Origin, Quoted, Text, quoted, text

WHOLE = ("total_recorded_crime", "antisocial_behaviour")
TAG = "overview"
MOST_INDICATORS = 30  # beyond, the page lists those that no measure uses: the others have pages of their own
PRIORITY_MOVES = (Verdict.WORSENED, Verdict.IMPROVED, Verdict.UP, Verdict.DOWN)


def whole(evidence: Evidence) -> tuple[str, ...]:
    """The indicators of the whole picture: those tagged `overview`, else total crime and ASB by their ids."""
    indicators = evidence.definitions.indicators
    tagged = tuple(name for name, indicator in indicators.items() if TAG in indicator.tags)
    return tagged or tuple(name for name in WHOLE if name in indicators)


def section(evidence: Evidence) -> Section | None:
    """The overview, or None where neither total crime nor ASB is measured."""
    names = [name for name in whole(evidence) if evidence.latest(name, evidence.own.code) is not None]
    if not names:
        return None
    told = [name for name in names if evidence.change(name, evidence.own.code) is not None]
    judged = [(evidence.said(n), evidence.change(n, evidence.own.code)) for n in told]
    known = [(name, judgement) for name, judgement in judged if judgement is not None]
    blocks: list[Block] = []
    for name in names:
        drawn = monthly.line(evidence, name, wide=True)
        if drawn is not None:
            blocks.append(drawn)
    said = [_in_full(evidence, name) for name in told]
    said = [
        text(words, " ", other) if (other := telling.elsewhere(evidence, name)) else words
        for words, name in zip(said, told, strict=True)
    ]
    if said:
        blocks.append(Callout(tuple(said)))
    pair = [
        e for e in (illustration.ranking(evidence, name) for name in _rated(evidence, names)) if e is not None
    ][:2]
    if pair:
        blocks.append(Columns(tuple((exhibit,) for exhibit in pair)))
    return Section(
        id="overview",
        eyebrow=("Total crime and anti-social behaviour",),
        title=wording.headline([wording.clause(name, j) for name, j in known])
        if known
        else ("Total crime and anti-social behaviour, first figures",),
        blocks=tuple(blocks),
        contents=("Total crime and anti-social behaviour",),
    )


def _rated(evidence: Evidence, names: Sequence[str]) -> list[str]:
    """Indicators to rank areas by: rates among the whole picture, then others with a rank."""
    return list(dict.fromkeys([*names, *evidence.ranked_indicators]))


def _in_full(evidence: Evidence, name: str) -> Text:
    """An indicator's judgement in sentences, with why an earlier declared comparison cannot be used."""
    found = [j for j in evidence.judgements(name, evidence.own.code) if j.verdict is not None]
    able = next((j for j in found if j.verdict is not Verdict.NOT_COMPARABLE), found[0])
    return text(wording.sentences(evidence.said(name), able), wording.unusable(able, found))


def categories(evidence: Evidence) -> Section | None:
    """The indicators of the whole area against the period before, on one page."""
    rows: list[Row] = []
    now = before = ""
    defined = evidence.definitions.indicators
    names = (
        defined
        if len(defined) <= MOST_INDICATORS
        else [name for name in defined if name not in evidence.uses]
    )
    for name in names:
        judgement = evidence.change(name, evidence.own.code)
        shown_by_ward = len(defined) > MOST_INDICATORS and name in wards.shown(evidence)
        if shown_by_ward or judgement is None or judgement.comparison.observation.value is None:
            continue
        comparison = judgement.comparison
        cells = judgement_cells(judgement)
        period = comparison.observation.period.label
        now = now or period
        before = before or (comparison.reference.period.label if comparison.reference else "")
        label = quoted(evidence.indicator(name).title)
        named = label if period == now else text(label, " (", Quoted(period, Origin.PERIOD), ")")
        rows.append(kept_cells(Row((Cell(named), *cells)), sought=True, bounded=False))
    if len(rows) < 4:
        return None
    moved = sum(1 for row in rows if row.cells[-1].tone in {verdict.value for verdict in PRIORITY_MOVES})
    title = telling.changed_clearly(
        moved, len(rows), "further indicators" if len(names) < len(defined) else "indicators"
    )
    columns = (
        TableColumn(("Indicator",), CellKind.WORDS, 34),
        TableColumn(quoted(now, Origin.PERIOD) or ("Latest",), CellKind.NUMBER, 9),
        TableColumn(quoted(before, Origin.PERIOD) or ("Before",), CellKind.NUMBER, 9),
        TableColumn(("Change",), CellKind.NUMBER, 9),
        TableColumn(text(Quoted("95%", Origin.METHOD), " interval of change"), CellKind.RANGE, 14),
        TableColumn(("Would show",), CellKind.RANGE, 7),
        TableColumn(("Verdict",), CellKind.VERDICT, 18),
    )
    note = text(
        WOULD_SHOW,
        "Change in per cent for counts and rates, in percentage points (pp) for shares, in numbers where "
        "a count is small. Verdicts follow the direction that the strategy wants; where it wants neither "
        "they say only up or down.",
    )
    return Section(
        id="indicators",
        eyebrow=("Other indicators",) if len(names) < len(defined) else ("Every indicator",),
        title=title,
        blocks=(Table(caption=("Against the period before",), columns=columns, rows=tuple(rows), note=note),),
        contents=("Other indicators at a glance",)
        if len(names) < len(defined)
        else ("Every indicator at a glance",),
    )
