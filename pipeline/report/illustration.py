"""Released figures -> exhibits: a chart's values, its finding as title, its caption and its alt text."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.assess.verdict import UNKNOWN_RULES
from pipeline.definitions.indicator import Indicator
from pipeline.model.comparison import Judgement, Verdict
from pipeline.model.observation import UNKNOWN, ReleasedObservation
from pipeline.model.period import add_months
from pipeline.report import figures, numbers, ranks, wording
from pipeline.report.chartvalues import (
    BarChart,
    BarRow,
    ChangeChart,
    ChangeRow,
    RankChart,
    RankRow,
)
from pipeline.report.document import Exhibit
from pipeline.report.evidence import Evidence
from pipeline.report.text import Origin, Quoted, Text, joined, listed, quoted, sentence_case, text

WHOLE: Text = ("All",)
"""The label of a total beside its parts."""


def source_line(evidence: Evidence, indicator: Indicator, every: bool = False) -> Text:
    """Where figures come from: `Police recorded crime.`; of several sources the first, or `every` one."""
    named = indicator.sources if every else indicator.sources[:1]
    named = tuple(dict.fromkeys((*named, *indicator.over_sources)))
    known = evidence.definitions.sources
    return text(quoted("; ".join(known[name].title if name in known else name for name in named)), ".")


def changes(rows: Sequence[tuple[Text, Judgement]], sources: Text, subject: Text = ()) -> Exhibit | None:
    """Changes side by side with their intervals, or None where fewer than two can be drawn on one scale.

    `subject` is what the rows are parts of, for the title.
    """
    drawn: list[ChangeRow] = []
    told: list[tuple[Text, Judgement]] = []
    unit = ""
    bounded = False
    for label, judgement in rows:
        comparison = judgement.comparison
        measured = figures.size(comparison)
        if measured is None or not measured[1] or judgement.verdict in (Verdict.NOT_COMPARABLE, None):
            continue
        if comparison.observation.category == UNKNOWN or (unit and measured[1] != unit):
            continue
        unit = measured[1]
        bounded = bounded or comparison.bound_lower is not None
        printed = figures.figure(
            numbers.signed(measured[0]) + unit, figures.comparison_id(comparison, measured[2])
        )
        drawn.append(
            ChangeRow(
                label,
                measured[0],
                comparison.lower,
                comparison.upper,
                comparison.bound_lower,
                comparison.bound_upper,
                (printed,),
            )
        )
        told.append((label, judgement))
    if len(drawn) < 2:
        return None
    title = (
        text(sentence_case(subject), ": ", changes_title(told, bool(subject)))
        if subject
        else changes_title(told)
    )
    reference = told[0][1].comparison
    caption = text(
        "Change on ", wording.against(reference), " and ", Quoted("95%", Origin.METHOD), " interval. ",
        "Shaded: where it could lie if the unknowns were known. " if bounded else "",
        sources,
    )  # fmt: skip
    return Exhibit(
        title=title,
        chart=ChangeChart(rows=tuple(drawn), unit="percentage points" if unit == " pp" else unit.strip()),
        caption=caption,
        alt=text(
            "Dot chart of changes. ", joined("; ", [text(row.label, " ", row.printed) for row in drawn]), "."
        ),
    )


def changes_title(told: Sequence[tuple[Text, Judgement]], inside: bool = False) -> Text:
    """The finding of several changes: which fell, which rose, which only seems to, or that none did.

    `inside`: it goes on after a colon, without a capital.
    """
    moved = [
        (label, j)
        for label, j in told
        if j.verdict in (Verdict.IMPROVED, Verdict.WORSENED, Verdict.UP, Verdict.DOWN)
    ]
    parts = [(label, j) for label, j in moved if label != WHOLE] or moved
    doubtful = [
        (label, j)
        for label, j in told
        if j.verdict is Verdict.NO_CLEAR_CHANGE and j.rule in UNKNOWN_RULES and label != WHOLE
    ]
    if not parts and not doubtful:
        return ("none of the parts changed clearly" if inside else "None of these changed clearly",)
    clauses: list[Text] = []
    for verb in dict.fromkeys(wording.went(judgement) for _, judgement in parts):
        names = [label for label, judgement in parts if wording.went(judgement) == verb]
        shown: list[Text] = names[:2]
        if len(names) > len(shown):
            shown = [*shown, text(figures.in_words(len(names) - len(shown), "further changes"), " more")]
        clauses.append(text(listed(shown), f" {verb}"))
    for label, judgement in doubtful[:1]:
        measured = figures.size(judgement.comparison)
        noun = "rise" if measured and measured[0] > 0 else "fall"
        clauses.append(text(f"some of the {noun} of ", label, " may be better recording"))
    return joined("; ", clauses) if inside else wording.headline(clauses)


def ranking(evidence: Evidence, name: str, wide: bool = False) -> Exhibit | None:
    """The areas in order of an indicator, the partnership's own in orange; None with fewer than three."""
    peers = [o for o in evidence.peers(name) if o.value is not None]
    comparable = all(o.denominator for o in peers)  # counts of places of different size say nothing
    if len(peers) < 3 or not comparable or not any(o.area == evidence.own for o in peers):
        return None
    indicator = evidence.indicator(name)
    ordered = sorted(peers, key=lambda o: (o.value or 0.0, o.area.name))
    rank = evidence.rank(name)
    lowest_first = lowest_is_first(indicator)
    name_words = evidence.said(name)
    if rank is not None and rank.comparison.reference_value is not None:
        said = ranks.standing(rank.comparison, len(peers), lowest_first)
        title = text(quoted(evidence.place), " was ", said, " for ", name_words)
    else:
        title = text(sentence_case(name_words), " in ", quoted(evidence.place), " beside other areas")
    rows = tuple(
        RankRow(
            o.area.name,
            o.value or 0.0,
            o.lower,
            o.upper,
            figures.observed(o, marks=False),
            o.area == evidence.own,
        )
        for o in ordered
    )
    caption = text(
        sentence_case(quoted(ordered[0].unit)), " and ", Quoted("95%", Origin.METHOD), " interval, ",
        wording.period(ordered[0].period), ". ",
        population(indicator, ordered[0]),
        source_line(evidence, indicator, every=True),
    )  # fmt: skip
    alt = text(
        "Dot chart. ", title, ". ", joined("; ", [text(quoted(r.label), " ", r.printed) for r in rows]), "."
    )
    return Exhibit(
        title=title, chart=RankChart(rows=rows, unit=ordered[0].unit), caption=caption, alt=alt, wide=wide
    )


def population(indicator: Indicator, observation: ReleasedObservation) -> Text:
    """The year of the population that a rate is divided by, the same for all areas; nothing for the rest."""
    measure, period = indicator.measure, observation.period
    if measure.type != "rate":
        return ()
    noted = next((note for note in observation.reason.split("; ") if note.startswith("population of ")), "")
    middle = add_months(period.start, period.length_months // 2).year
    year = {"mid_window": f"population of {middle}", "latest": "latest population"}
    said = noted or year.get(str(measure.over.year), f"population of {measure.over.year}")
    return text("Rates of all areas: ", quoted(said, Origin.PERIOD), ". ")


def lowest_is_first(indicator: Indicator) -> bool:
    """Whether rank 1 is the lowest value."""
    ranks = [compare for compare in indicator.compare if compare.to == "rank"]
    return not ranks or ranks[0].best == "lowest"


def stages(evidence: Evidence, names: Sequence[str], wide: bool = False) -> Exhibit | None:
    """Counts that partners report, as bars from the most to the fewest; None with fewer than two."""
    found = [(name, evidence.latest(name, evidence.own.code)) for name in names]
    known = [(name, o) for name, o in found if o is not None and o.value is not None and o.unit != "%"]
    if len(known) < 2:
        return None
    known.sort(key=lambda pair: -(pair[1].value or 0.0))
    before = {name: _reference_value(evidence.change(name, evidence.own.code)) for name, _ in known}
    rows = tuple(
        BarRow(quoted(evidence.indicator(name).title), o.value or 0.0, figures.observed(o), before[name])
        for name, o in known
    )
    last = known[0][1]
    marked = any(value is not None for value in before.values())
    told = [(evidence.said(n), evidence.change(n, evidence.own.code)) for n, _ in known]
    title = changes_title([(label, j) for label, j in told if j is not None])
    caption = text(
        sentence_case(wording.period(last.period)), ". ", "Tick: the year before. " if marked else "",
        source_line(evidence, evidence.indicator(known[0][0])),
    )  # fmt: skip
    return Exhibit(
        title=title,
        chart=BarChart(rows=rows, unit=last.unit if len({o.unit for _, o in known}) == 1 else "number"),
        caption=caption,
        alt=text("Bar chart. ", joined("; ", [text(row.label, " ", row.printed) for row in rows]), "."),
        wide=wide,
    )


def _reference_value(judgement: Judgement | None) -> float | None:
    reference = judgement.comparison.reference if judgement else None
    return reference.value if reference else None
