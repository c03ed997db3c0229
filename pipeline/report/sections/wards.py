"""Wards: a map of the indicator that differs most between them, and tables by category."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipeline.model.area import Area
from pipeline.model.comparison import Judgement, Verdict
from pipeline.model.observation import ReleasedObservation
from pipeline.model.period import Period
from pipeline.report import figures, numbers, wording
from pipeline.report.chartvalues import AreaMap, MapArea
from pipeline.report.document import (
    Block,
    Cell,
    CellKind,
    Exhibit,
    Paragraph,
    Row,
    RowKind,
    Section,
    Table,
    TableColumn,
)
from pipeline.report.evidence import Evidence
from pipeline.report.illustration import source_line
from pipeline.report.text import Text, listed, quoted, sentence_case, text

TOP = 3
MOST_INDICATORS = 8


def section(evidence: Evidence) -> Section | None:
    """The wards, or None where nothing is known by ward."""
    names = shown(evidence)
    if not names:
        return None
    blocks: list[Block] = []
    drawn = ward_map(evidence, names[0], wide=True)
    if drawn is not None:
        blocks.append(drawn)
    blocks.append(
        Paragraph(
            (
                "Rates use residents. They overstate the risk where many people come to work, shop or go "
                "out, as in the centre, because visitors are not counted.",
            ),
            quiet=True,
        )
    )
    tables = [_table(evidence, names[at : at + 2]) for at in range(0, len(names), 2)]
    blocks += [replace(table, note=()) for table in tables[:-1]] + tables[-1:]
    return Section(
        id="wards",
        eyebrow=("Ward by ward",),
        title=title(evidence, names[0]),
        blocks=tuple(blocks),
        contents=("Ward by ward",),
    )


def shown(evidence: Evidence) -> tuple[str, ...]:
    """The indicators shown by ward: rates, whose numerators are counts; without any, whatever there is."""
    names = evidence.ward_indicators
    rates = tuple(name for name in names if evidence.indicator(name).measure.type == "rate")
    return (rates or names)[:MOST_INDICATORS]


def title(evidence: Evidence, name: str) -> Text:
    """Where an indicator is highest, and what share of it lies there."""
    rows = [o for o in evidence.wards(name) if o.value is not None]
    top = sorted(rows, key=lambda o: -(o.value or 0.0))[:TOP]
    places = listed([quoted(o.area.name) for o in top])
    subject = evidence.said(name)
    counts = evidence.indicator(name).measure.type in ("count", "rate")
    total = sum(o.numerator or 0.0 for o in rows) if counts else 0.0
    if not total or len(rows) <= TOP:
        return text(sentence_case(subject), " was highest in ", places)
    share = 100.0 * sum(o.numerator or 0.0 for o in top) / total
    made = figures.figure(numbers.percent(share, 0), f"{name}:share of the {TOP} highest wards")
    return text(
        sentence_case(subject), " was highest in ", places, ", with ", made, " of what was located in a ward"
    )


def small_map(evidence: Evidence) -> Exhibit | None:
    """The map of the first indicator by ward, half a page wide."""
    names = shown(evidence)
    return ward_map(evidence, names[0]) if names else None


def ward_map(evidence: Evidence, name: str, wide: bool = False) -> Exhibit | None:
    """An indicator by ward on the outlines that were delivered; None without outlines."""
    outlines = evidence.boundaries
    rows = [o for o in evidence.wards(name) if o.area.code in outlines]
    if not any(o.value is not None for o in rows):
        return None
    indicator = evidence.indicator(name)
    areas = tuple(MapArea(o.area.code, o.area.name, outlines[o.area.code], o.value) for o in rows)
    chart = AreaMap(areas=areas, unit=rows[0].unit, named=wide)
    top = [o for o in sorted(rows, key=lambda o: -(o.value or 0.0)) if o.value is not None][:TOP]
    subject = evidence.said(name)
    finding = text(sentence_case(subject), " was highest in ", listed([quoted(o.area.name) for o in top[:2]]))
    caption = text(
        sentence_case(quoted(rows[0].unit)), ", ", wording.period(rows[0].period),
        ". ", source_line(evidence, indicator),
    )  # fmt: skip
    high = [text(quoted(o.area.name), " ", figures.observed(o, marks=False)) for o in top]
    low = [text(quoted(o.area.name), " ", figures.observed(o, marks=False)) for o in _lowest(rows)]
    alt = text(
        "Map of wards. ",
        finding,
        ". Highest: ",
        listed(high),
        ". Lowest: ",
        listed(low),
        ". The tables give every ward.",
    )
    return Exhibit(title=finding, chart=chart, caption=caption, alt=alt, wide=wide)


def _lowest(rows: Sequence[ReleasedObservation]) -> list[ReleasedObservation]:
    return sorted((o for o in rows if o.value is not None), key=lambda o: o.value or 0.0)[:2]


def _table(evidence: Evidence, names: Sequence[str]) -> Table:
    """Wards down, two indicators across: count, rate and change of each."""
    kept = [{o.area: o for o in evidence.wards(name)} for name in names]
    places = sorted({area for found in kept for area in found}, key=lambda area: area.name)
    columns = [TableColumn(("Ward",), CellKind.WORDS, 26 if len(names) > 1 else 40)]
    widths = (14, 11, 12) if len(names) > 1 else (20, 20, 20)
    for name in names:
        title_words = quoted(_subject(evidence, name))
        rated = evidence.wards(name)[0].denominator is not None
        columns += [
            TableColumn(text(title_words, ": count"), CellKind.NUMBER, widths[0]),
            TableColumn(("rate",) if rated else ("share",), CellKind.NUMBER, widths[1]),
            TableColumn(("change",), CellKind.NUMBER, widths[2]),
        ]
    rows = [
        Row((Cell(quoted(area.name)), *_of_all(evidence, names, [found.get(area) for found in kept])))
        for area in places
    ]
    whole = [_whole(evidence, name) for name in names]
    if all(whole):
        rows.append(Row((Cell(("No ward recorded",)), *_nowhere(kept, whole))))
        rows.append(
            Row(
                (Cell(quoted(evidence.place)), *_of_all(evidence, [o.indicator for o in whole if o], whole)),
                RowKind.TOTAL,
            )
        )
    caption = text(listed([wording.in_sentence(_subject(evidence, name)) for name in names]), " by ward")
    return Table(
        caption=sentence_case(caption),
        columns=tuple(columns),
        rows=tuple(rows),
        note=_note(evidence, names),
        whole=True,
    )


def _subject(evidence: Evidence, name: str) -> str:
    """What an indicator is about, without the base that the columns state."""
    title = evidence.indicator(name).title
    for base in (" for every ", " per ", " by ward"):
        title = title.split(base)[0]
    return title


def _whole(evidence: Evidence, name: str) -> ReleasedObservation | None:
    """The area's own figure: the indicator's, else that of a count of the same rows; None without either."""
    by_ward = evidence.indicator(name)
    alike = [
        other
        for other, indicator in evidence.definitions.indicators.items()
        if indicator.measure.type == "count"
        and by_ward.measure.type in ("count", "rate")
        and (indicator.source, indicator.measure.table, indicator.measure.where)
        == (by_ward.source, by_ward.measure.table, by_ward.measure.where)
    ]
    period = _period(evidence, name)
    found = (evidence.results.get(n, evidence.own.code, period) for n in (name, *alike))
    return next((o for o in found if o is not None and o.numerator is not None), None)


def _period(evidence: Evidence, name: str) -> Period:
    return evidence.wards(name)[0].period


def _note(evidence: Evidence, names: Sequence[str]) -> Text:
    """Which period against which, what the columns hold, and how many changes chance alone would make."""
    changes = [
        j for name in shown(evidence) for o in evidence.wards(name)
        if (j := evidence.change(name, o.area.code)) is not None
    ]  # fmt: skip
    tested = [j for j in changes if j.verdict in (*wording.MOVES, Verdict.NO_CLEAR_CHANGE)]
    clear = sum(j.verdict in wording.MOVES for j in tested)
    units = list(dict.fromkeys(evidence.wards(name)[0].unit for name in shown(evidence)))
    said = sentence_case(wording.period(_period(evidence, names[0])))
    if tested:
        said = text(said, " against ", wording.against(tested[0].comparison))
    said = text(
        said, ". Rate: ", listed([quoted(u) for u in units]),
        ". Change: per cent, or the number itself where either count is small; with a sign only where it is "
        "clear (✓ improved, ! worsened, – up or down). ",
    )  # fmt: skip
    if tested:
        expected = numbers.number(sum(1 - j.comparison.level for j in tested))
        said = text(
            said, "Of the ", figures.counted(len(tested), "changes by ward"), " changes in these tables ",
            figures.counted(clear, "clear changes by ward"), " are clear; chance alone would make about ",
            figures.figure(expected, "count:changes by ward expected by chance"), " look so. ",
        )  # fmt: skip
    return text(said, source_line(evidence, evidence.indicator(names[0])))


def _of_all(
    evidence: Evidence, names: Sequence[str], observations: Sequence[ReleasedObservation | None]
) -> list[Cell]:
    pairs = zip(names, observations, strict=True)
    return [cell for name, observation in pairs for cell in _cells(evidence, name, observation)]


def _nowhere(
    kept: Sequence[Mapping[Area, ReleasedObservation]], whole: Sequence[ReleasedObservation | None]
) -> list[Cell]:
    """What the area has more than its wards together: records with no ward."""
    cells: list[Cell] = []
    for found, total in zip(kept, whole, strict=True):
        located = sum(o.numerator or 0.0 for o in found.values())
        assert total is not None
        left = (total.numerator or 0.0) - located
        made = figures.figure(numbers.number(left), f"{total.key.result_id}|no ward recorded")
        cells += [Cell((made,)), Cell(()), Cell(())]
    return cells


def _cells(evidence: Evidence, name: str, observation: ReleasedObservation | None) -> tuple[Cell, Cell, Cell]:
    if observation is None:
        return Cell(("[x]",)), Cell(("[x]",)), Cell(())
    judgement = evidence.change(name, observation.area.code)
    moved = _moved(judgement) if judgement else Cell(())
    if observation.denominator is None:
        return Cell(figures.observed(observation)), Cell(("[z]",)), moved
    return Cell(figures.numerator(observation)), Cell(figures.observed(observation)), moved


def _moved(judgement: Judgement) -> Cell:
    """A change with the sign of its verdict where it is clear; else grey and without one."""
    if judgement.verdict is Verdict.NOT_COMPARABLE:
        return Cell(("[x]",))
    made = figures.change(judgement.comparison)
    if judgement.verdict not in wording.MOVES:
        return Cell(made, Verdict.NO_CLEAR_CHANGE.value)
    return Cell(text(made, f" {wording.SYMBOLS[judgement.verdict]}"), judgement.verdict.value)
