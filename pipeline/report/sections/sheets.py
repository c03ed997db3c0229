"""Indicator sheets: what each figure is, in words made from its definition."""

from __future__ import annotations

from pipeline.definitions.indicator import Compare, DerivedMeasure, Filter, Indicator, Repeat
from pipeline.definitions.resolved import Definitions
from pipeline.query.conditions import describe
from pipeline.report import figures, wording
from pipeline.report.document import Block, Heading, Paragraph, Section
from pipeline.report.evidence import Evidence
from pipeline.report.text import Origin, Quoted, Strong, Text, joined, plain, quoted, sentence_case, text

WINDOWS = {
    "financial_year": "financial year, April to March",
    "financial_quarter": "quarter of the financial year",
    "calendar_quarter": "quarter of the calendar year",
    "calendar_year": "calendar year",
    "year_ending": "12 months to the end of a quarter or month, as published",
    "ytd": "financial year to date",
    "wave": "wave of the survey",
    "month": "month",
}


def section(evidence: Evidence, letter: str) -> Section:
    """Every indicator that is used, in the order of the definitions."""
    blocks: list[Block] = []
    for name, indicator in evidence.definitions.indicators.items():
        blocks.append(Heading(text(quoted(indicator.title), " · ", Quoted(name, Origin.CODE))))
        blocks.append(Paragraph(sheet(indicator, evidence.definitions)))
    count = len(evidence.definitions.indicators)
    return Section(
        id="sheets",
        eyebrow=text(f"Annex {letter} · Definitions"),
        title=sentence_case(
            text(
                figures.counted(count, "indicators defined"),
                " indicators, each with its definition and an owner",
            )
        ),
        blocks=tuple(blocks),
        contents=text(f"Annex {letter}: Definitions of the indicators"),
        dense=True,
    )


def sheet(indicator: Indicator, definitions: Definitions) -> Text:
    """One definition as a run of short labelled statements."""
    known = definitions.sources
    parts: list[tuple[str, Text]] = [
        ("Counts", quoted(counted(indicator))),
        ("Source", quoted("; ".join(known[s].title if s in known else s for s in indicator.sources))),
        ("Window", quoted(window(indicator))),
        ("Compared with", joined("; ", [quoted(comparator(c, definitions)) for c in indicator.compare])),
        ("Broken down by", quoted(", ".join(b.name.replace("_", " ") for b in indicator.by))),
        ("Why", quoted(indicator.why)),
        ("Stands in for", quoted(indicator.stands_for or "")),
        ("Mind", quoted(" ".join(indicator.caveats))),
        ("Owner", text(quoted(indicator.govern.owner), _checked(indicator))),
    ]
    said = [
        text(Strong((f"{label}: ",)), words, "" if _ends(words) else ".") for label, words in parts if words
    ]
    return joined(" ", said)


def _ends(words: Text) -> bool:
    return plain(words).endswith((".", "?", "!"))


def _checked(indicator: Indicator) -> Text:
    govern = indicator.govern
    checked = (
        text(", checked by ", quoted(govern.checked_by))
        if govern.checked_by
        else (", not yet checked by a second person",)
    )
    review = text(", next review ", wording.day(govern.next_review)) if govern.next_review else ()
    return text(checked, review)


def counted(indicator: Indicator) -> str:
    """What is counted, of what, in words."""
    measure = indicator.measure
    match measure.type:
        case "count":
            return f"{measure.unit} where {_all(measure.where)}"
        case "rate":
            base = measure.over.column.replace("_", " ")
            return f"{measure.unit} where {_all(measure.where)}, for every {measure.per:,} of {base}"
        case "proportion":
            within = f", outcomes within {measure.within_days} days" if measure.within_days else ""
            return (
                f"per cent of rows where {_all(measure.among)}, that also have {_all(measure.where)}{within}"
            )
        case "survey":
            return f"per cent of answers where {_all(measure.among)}, that also have {_all(measure.where)}"
        case "share":
            whole = _all(measure.of.where)
            return f"rows where {_all(measure.where)}, as a percentage of rows where {whole}"
        case "ratio":
            per = f"every {measure.per:,} of " if measure.per != 1 else ""
            below = " and ".join(name.replace("_", " ") for name in indicator.over_sources)
            part = f" ({measure.over.table})" if measure.over.table else ""
            base = f"{per}the rows of {below}{part} where {_all(measure.over.where)}"
            return f"rows where {_all(measure.where)}, for {base}"
        case "mean":
            named = measure.column.replace("_", " ")
            return f"the mean of {named} over rows where {_all(measure.where)} and it is recorded"
        case "derived":
            return _arithmetic(measure)
        case "repeat":
            return f"per cent of {_repeats(measure)}, where {_all(measure.where)}"
        case _:
            of = f", as a percentage of {measure.of.replace('_', ' ')}" if measure.of else ""
            return f"{measure.item.replace('_', ' ')}, as reported{of}"


def _arithmetic(measure: DerivedMeasure) -> str:
    """How a derived figure is made, by the ids of its parts."""
    made = " plus ".join(measure.sum) + "".join(f" less {name}" for name in measure.less)
    if not measure.over:
        return made
    over = " plus ".join(measure.over)
    return f"{made}, divided by {over}" + (f", times {measure.per:,}" if measure.per != 1 else "")


def _repeats(measure: Repeat) -> str:
    """Which of the three definitions of a repeat, in words."""
    told = f"people or places (known by {' or '.join(n.replace('_', ' ') for n in measure.entities)})"
    match measure.report:
        case "people":
            return f"{told} with {measure.at_least} rows or more"
        case "crimes":
            return f"the rows of {told}, beyond the first of each"
        case "lookback":
            return f"{told} with an earlier row in the {measure.lookback_months} months before"


def _all(where: Filter) -> str:
    """The conditions of a filter in words."""
    return " and ".join(describe(where)) or "every row counts"


def window(indicator: Indicator) -> str:
    """The window in words."""
    chosen = indicator.window
    kind = f"{chosen.months} months, rolling" if chosen.kind == "rolling" else WINDOWS[chosen.kind]
    ending = {
        "latest_complete": "the latest delivered whole",
        "latest_ripe": "the latest whose outcomes are ripe",
        "latest": "the latest",
    }.get(chosen.ending, f"ending {chosen.ending}")
    return f"{kind}, {ending}"


def comparator(compare: Compare, definitions: Definitions) -> str:
    """A comparator in words."""
    sets = definitions.partnership.area_sets
    of = sets[compare.of].title if compare.of in sets else (compare.of or "").replace("_", " ")
    match compare.to:
        case "period" | "baseline":
            return f"{compare.to} ending {compare.ending}"
        case "rank":
            return f"rank among {of}, {compare.best} first"
        case "average":
            return f"{of} together"
        case "change_of":
            return f"the change of {of}"
        case "paired":
            known = definitions.indicators
            name = known[compare.of].title if compare.of in known else compare.of
            return f"paired with {name}, and judged together with it"
        case "target":
            return "the target of each success measure that has one"
        case _:
            return "the " + compare.to.replace("_", " ")
