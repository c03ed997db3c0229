"""Judgements -> words, by a closed vocabulary that never claims a cause.

Verbs stand in the past tense, so that a title in the plural and one in the singular read alike.
An interval or a rank never stands without its value, a percentage never on counts under 50.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pipeline.assess.verdict import UNKNOWN_RULES
from pipeline.model.assessment import MeasureResult
from pipeline.model.comparison import Comparison, Judgement, Verdict, Want
from pipeline.model.observation import SHORTHAND, Mark, ReleasedObservation, State
from pipeline.model.period import MONTH_NAMES, Period
from pipeline.report import figures
from pipeline.report.text import Origin, Quoted, Text, joined, plain, quoted, sentence_case, text

SYMBOLS = {
    Verdict.IMPROVED: "✓",
    Verdict.WORSENED: "!",
    Verdict.NO_CLEAR_CHANGE: "◊",
    Verdict.MIXED: "◊",
    Verdict.UP: "–",
    Verdict.DOWN: "–",
    Verdict.FIRST_MEASURE: "–",
    Verdict.NOT_COMPARABLE: "–",
    Verdict.IMMATURE: "…",
    Verdict.WITHHELD: "–",
    Verdict.AWAITING_RETURN: "…",
}
WORDS = {
    Verdict.IMPROVED: "Improved",
    Verdict.WORSENED: "Worsened",
    Verdict.NO_CLEAR_CHANGE: "No clear change",
    Verdict.MIXED: "Mixed",
    Verdict.UP: "Up, no judgement",
    Verdict.DOWN: "Down, no judgement",
    Verdict.FIRST_MEASURE: "First measure",
    Verdict.NOT_COMPARABLE: "Not comparable",
    Verdict.IMMATURE: "Too early to say",
    Verdict.WITHHELD: "Withheld",
    Verdict.AWAITING_RETURN: "Awaiting data",
}
MEANINGS = {
    Verdict.IMPROVED: "it changed by more than chance would, in the direction the partnership wants",
    Verdict.WORSENED: "it changed by more than chance would, against the direction the partnership wants",
    Verdict.NO_CLEAR_CHANGE: "the difference is one that chance, or gaps in recording, could have made",
    Verdict.MIXED: "the halves of the measure read differently, so it has no single answer",
    Verdict.UP: "it rose by more than chance would, and no direction is wanted or none can be judged",
    Verdict.DOWN: "it fell by more than chance would, and no direction is wanted or none can be judged",
    Verdict.FIRST_MEASURE: "it is measured for the first time, so there is nothing to compare it with",
    Verdict.NOT_COMPARABLE: "the two figures do not measure the same thing in the same way",
    Verdict.IMMATURE: "outcomes are still being decided, and a figure now would mislead",
    Verdict.WITHHELD: "too few people are counted for a figure that may be published or relied on",
    Verdict.AWAITING_RETURN: "whoever holds the figure has not sent it",
}

ON_TARGET = {
    "target_met": (Verdict.IMPROVED, "On target", "On course"),
    "target_missed": (Verdict.WORSENED, "Short of target", "Off course"),
    "target_in_interval": (Verdict.NO_CLEAR_CHANGE, "Too close to tell", "Too close to tell"),
}
"""By rule: the shape it shares with a verdict, and what it is called at the target and on the way to it."""

MOVES = {Verdict.IMPROVED, Verdict.WORSENED, Verdict.UP, Verdict.DOWN}


def verdict(value: Verdict, marks: frozenset[Mark] = frozenset()) -> Text:
    """A shape and a word, with the shorthand that qualifies them: `◊ No clear change [u]`."""
    written = figures.shorthand(marks & {Mark.BREAK, Mark.LOW_RELIABILITY})
    return (f"{SYMBOLS[value]} {WORDS[value]}{' ' + written if written else ''}",)


def on_target(judgement: Judgement) -> Text:
    """Where a figure stands to its target, with a shape: `✓ On course`; across a break it is not judged."""
    if judgement.rule not in ON_TARGET:
        across = Mark.BREAK in judgement.marks
        return (f"{SYMBOLS[Verdict.NOT_COMPARABLE]} Not judged {SHORTHAND[Mark.BREAK]}",) if across else ()
    alike, at_the_end, on_the_way = ON_TARGET[judgement.rule]
    words = on_the_way if judgement.comparison.reference_label.startswith("path") else at_the_end
    return (f"{SYMBOLS[alike]} {words}",)


def measure_verdict(measure: MeasureResult) -> Text:
    """The verdict on a measure; `Improved in part` where one half moved and the other is awaited."""
    half = half_verdict(measure)
    if half is None and measure.verdict is Verdict.MIXED:
        return _halves(measure)
    if half is None:
        return verdict(measure.verdict)
    return (f"{SYMBOLS[Verdict.MIXED]} {WORDS[half]} in part",)


def _halves(measure: MeasureResult) -> Text:
    """How many of the headlines of a mixed measure improved and worsened."""
    headlines = [use.judgement.verdict for use in measure.uses if use.headline and use.judgement]
    said = verdict(Verdict.MIXED)
    for moved in (Verdict.WORSENED, Verdict.IMPROVED):
        count = headlines.count(moved)
        if count and len(headlines) > 1:
            some = figures.in_words(count, f"headlines of {measure.measure} {moved.value}")
            of = figures.in_words(len(headlines), f"headlines of {measure.measure}")
            said = text(said, ": " if len(said) == 1 else ", ", some, " of ", of, f" {moved.value}")
    return said


def half_verdict(measure: MeasureResult) -> Verdict | None:
    """What the half that has come says, where the other half is awaited; None for whole measures."""
    if measure.verdict is not Verdict.MIXED or not measure.awaiting:
        return None
    come = {u.judgement.verdict for u in measure.uses if u.headline and u.judgement} - {
        Verdict.AWAITING_RETURN
    }
    return come.pop() if come in ({Verdict.IMPROVED}, {Verdict.WORSENED}) else None


def unusable(chosen: Judgement, declared: Sequence[Judgement]) -> Text:
    """Why a comparison declared before the chosen one cannot be used; nothing where none was."""
    said: list[Text] = []
    if chosen.verdict is Verdict.NOT_COMPARABLE:
        return ()
    for judgement in declared:
        if judgement.verdict is Verdict.NOT_COMPARABLE and judgement.comparison.comparator != "rank":
            label = sentence_case(against(judgement.comparison))
            said.append(text(" ", label, " cannot be used", _because(judgement.reason), "."))
    return said[0] if said else ()


def period(value: Period) -> Text:
    """What a reader calls a period, inside a sentence: `the year to March 2023`, `2022-23`."""
    label = value.label
    if value.basis == "wave":
        return text("the survey of ", Quoted(label, Origin.PERIOD))
    return text("the " if label.startswith("year to") else "", Quoted(label, Origin.PERIOD))


def day(value: date) -> Text:
    """A date as a reader writes it: `30 June 2023`."""
    return (Quoted(f"{value.day} {MONTH_NAMES[value.month - 1]} {value.year}", Origin.DATE),)


def against(comparison: Comparison) -> Text:
    """What a figure is compared with, inside a sentence: `the year before`."""
    match comparison.comparator:
        case "previous_year":
            return ("the year before",)
        case "same_quarter_last_year":
            return ("the same quarter of the year before",)
        case "previous_wave":
            return ("the survey before",)
    own, other = comparison.observation, comparison.reference
    if other is not None and other.area == own.area and other.period != own.period:
        return period(other.period)
    return quoted(comparison.reference_label)


def in_sentence(title: str) -> Text:
    """A title as it stands inside a sentence: `Vehicle crime` -> `vehicle crime`, `ASB reports` as it is."""
    if len(title) > 1 and title[0].isupper() and title[1].islower():
        title = title[0].lower() + title[1:]
    return quoted(title)


def went(judgement: Judgement) -> str:
    """What a figure did, in a title: `fell`, `rose`, `did not clearly change`, ..."""
    measured = figures.size(judgement.comparison)
    if judgement.verdict in MOVES and measured is not None:
        return "rose" if measured[0] > 0 else "fell"
    match judgement.verdict:
        case Verdict.NO_CLEAR_CHANGE:
            return "did not clearly change"
        case Verdict.FIRST_MEASURE:
            return "was measured for the first time"
        case Verdict.IMMATURE:
            return "is too recent to judge"
        case Verdict.WITHHELD:
            return "is withheld"
        case Verdict.AWAITING_RETURN:
            return "awaits data"
        case _:
            return "could not be compared"


def clause(name: Text, judgement: Judgement) -> Text:
    """A finding in a title: `violence with injury did not clearly change`."""
    return text(name, " ", went(judgement))


def headline(clauses: list[Text]) -> Text:
    """Clauses as one title, the first with a capital: `Vehicle crime fell; robbery rose`."""
    return sentence_case(joined("; ", clauses))


def sentences(name: Text, judgement: Judgement, unknown: str = "") -> Text:
    """Everything to be said of one change, in two to four sentences.

    `unknown` names what was not recorded (`victim age`) where unknowns moved.
    """
    comparison = judgement.comparison
    own, other = comparison.observation, comparison.reference
    if judgement.verdict is Verdict.AWAITING_RETURN or own.state is State.NOT_SUPPLIED:
        return text(sentence_case(name), " awaits data", _because(own.reason), ".")
    if judgement.verdict in (
        Verdict.NOT_COMPARABLE,
        Verdict.IMMATURE,
        Verdict.WITHHELD,
        Verdict.FIRST_MEASURE,
    ):
        return _without_change(name, judgement)
    said = text(
        sentence_case(name), ": ", figures.observed(own, marks=False), unit(own), base(own), " in ",
        period(own.period),
    )  # fmt: skip
    if other is not None:
        # A break is told with the verdict.
        told = judgement.marks if judgement.verdict in (Verdict.UP, Verdict.DOWN) else frozenset()
        said = text(said, ", against ", figures.reference(comparison, told & {Mark.BREAK}), " ")
        said = text(said, _in_reference(comparison))
    return text(said, _verdict_words(judgement), ".", _uncertainty(judgement), _unknowns(judgement, unknown))


def _in_reference(comparison: Comparison) -> Text:
    words = against(comparison)
    return words if plain(words).startswith("the year before") else text("in ", words)


def unit(observation: ReleasedObservation) -> Text:
    """The unit after a value, nothing where it is a sign."""
    return () if observation.unit == "%" else text(" ", quoted(observation.unit))


def base(observation: ReleasedObservation) -> Text:
    """What a percentage is made of: ` (1,064 of 2,216)`; nothing for the rest."""
    if observation.unit != "%" or observation.numerator is None or observation.denominator is None:
        return ()
    return text(" (", figures.numerator(observation), " of ", figures.denominator(observation), ")")


def _because(reason: str) -> Text:
    return text(": ", quoted(reason)) if reason else ()


def _without_change(name: Text, judgement: Judgement) -> Text:
    comparison = judgement.comparison
    own = comparison.observation
    reason = judgement.reason or comparison.reason or own.reason
    lead = sentence_case(name)
    if judgement.verdict is Verdict.FIRST_MEASURE:
        value = text(figures.observed(own, marks=False), unit(own), base(own), " in ", period(own.period))
        return text(lead, ": ", value, ". Nothing earlier was measured in the same way.")
    if judgement.verdict is Verdict.IMMATURE:
        return text(lead, ": too early to say for ", period(own.period), _because(reason), ".")
    if judgement.verdict is Verdict.WITHHELD:
        return text(lead, ": withheld for ", period(own.period), _because(reason), ".")
    value = (
        ()
        if own.value is None
        else text(figures.observed(own, marks=False), unit(own), base(own), " in ", period(own.period), ", ")
    )
    return text(lead, ": ", value, "not comparable with ", against(comparison), _because(reason), ".")


def _verdict_words(judgement: Judgement) -> Text:
    """How far it moved and what that amounts to, after a comma or colon."""
    comparison = judgement.comparison
    amount, measured = figures.amount(comparison), figures.size(comparison)
    if measured is None or not amount:
        return ()
    if not comparison.observation.value and comparison.reference and not comparison.reference.value:
        return (": none in either period",)
    noun = "a rise of " if measured[0] > 0 else "a fall of " if measured[0] < 0 else "a change of "
    interval = figures.interval(comparison)
    limits = text(" (", Quoted("95%", Origin.METHOD), " interval ", interval, ")") if interval else ()
    match judgement.verdict:
        case Verdict.NO_CLEAR_CHANGE if judgement.rule in UNKNOWN_RULES or (
            figures.pro_rata(comparison) and _doubtful(judgement)
        ):
            return text(", ", noun, amount, " as recorded", limits)
        case Verdict.NO_CLEAR_CHANGE:
            return text(", ", noun, amount, limits, ": no more than chance could make")
        case Verdict.UP | Verdict.DOWN if Mark.BREAK in judgement.marks:
            return text(", ", noun, amount, limits, " across a break in the series [b], so it is not judged")
        case _:
            return text(", ", noun, amount, limits, ": more than chance would make")


def _doubtful(judgement: Judgement) -> bool:
    return Mark.LOW_RELIABILITY in judgement.marks


def by_chance(judgement: Judgement) -> bool:
    """Whether no clear change was found because chance, and no gap in recording, could explain it."""
    return judgement.verdict is Verdict.NO_CLEAR_CHANGE and judgement.rule not in UNKNOWN_RULES


def _uncertainty(judgement: Judgement) -> Text:
    """The smallest change that would have shown, beside a finding of no clear change."""
    if not by_chance(judgement):
        return ()
    least = figures.detectable(judgement)
    noun = {Want.DOWN: "fall", Want.UP: "rise", Want.NEITHER: "change"}[judgement.want]
    return text(f" A real {noun} of ", least, " or more would probably have shown.") if least else ()


def _unknowns(judgement: Judgement, unknown: str) -> Text:
    """What the records without a category, or without a place, could make of the change."""
    comparison = judgement.comparison
    shared = figures.pro_rata(comparison)
    what = comparison.unknown_of.removesuffix("_years").replace("_", " ") or unknown
    if not shared:
        unbounded = f" The records of no known {what} moved by more than is allowed, and"
        told = text(
            unbounded, " nothing bounds what they could change: part of it may be better recording [u]."
        )
        return told if judgement.rule == "unknowns_unbounded" else ()
    said = text(f" With records of no known {what} shared out in proportion the change is ", shared)
    interval = figures.pro_rata_interval(comparison)
    if interval:
        said = text(said, " (", Quoted("95%", Origin.METHOD), " interval ", interval, ")")
    where = figures.bounds(comparison)
    if where:
        said = text(said, ", and it could lie anywhere from ", where, unit_of_change(comparison))
    if Mark.LOW_RELIABILITY in judgement.marks and judgement.verdict is Verdict.NO_CLEAR_CHANGE:
        return text(said, ": part of it may be better recording [u].")
    return text(said, ".")


def unit_of_change(comparison: Comparison) -> str:
    """The unit of an interval of change, after its figures."""
    if figures.in_own_unit(comparison):
        return f" {comparison.observation.unit}"
    return " percentage points" if comparison.observation.unit == "%" else "%"
