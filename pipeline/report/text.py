"""Words as runs, so that every numeral in a document can say where it comes from.

A text is a tuple of runs. A plain string may hold no digit. Digits come as a `Figure` (a number that
is a result) or as a `Quoted` (words that somebody fixed: a period, a date, a title in a definition, a
file name, a method's constant). Walking a document therefore yields the record of everything printed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Figure:
    """A printed number that is a result. Made by `pipeline.report.figures` and nowhere else."""

    text: str
    result_id: str


class Origin(StrEnum):
    """Where words with digits in them may come from, other than a result."""

    PERIOD = "period"
    DATE = "date"
    DEFINITION = "definition"  # a file of config/
    CODE = "code"
    FILE = "file"
    METHOD = "method"  # a constant of a method or of the law: 95 %, 1 in 20, SI 2007/1830
    PUBLISHED = "published"  # a figure printed elsewhere before, quoted
    EDITION = "edition"  # the name, title or version of the edition
    DELIVERED = "delivered"  # words of an extract that are printed as they came: an action of the plan


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words that were fixed elsewhere and are printed as they stand."""

    text: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Strong:
    """Words that matter more than those around them."""

    runs: Text


@dataclass(frozen=True, slots=True)
class PageReference:
    """A link to a section that prints, on paper, the page it starts on."""

    anchor: str


Run = str | Figure | Quoted | Strong | PageReference
Text = tuple[Run, ...]


def text(*parts: Run | Text) -> Text:
    """The parts, one after the other, as one text."""
    runs: list[Run] = []
    for part in parts:
        if isinstance(part, tuple):
            runs.extend(part)
        elif part != "":
            runs.append(part)
    return tuple(runs)


def joined(separator: str, parts: list[Text]) -> Text:
    """The parts with the separator between them."""
    runs: list[Run] = []
    for number, part in enumerate(parts):
        if number:
            runs.append(separator)
        runs.extend(part)
    return tuple(runs)


def listed(parts: list[Text]) -> Text:
    """The parts as a list in a sentence: `a, b and c`."""
    if len(parts) < 2:
        return joined("", parts)
    return text(joined(", ", parts[:-1]), " and ", parts[-1])


def plain(runs: Text) -> str:
    """The text as a reader sees it, without page references."""
    return "".join(_plain(run) for run in runs)


def _plain(run: Run) -> str:
    match run:
        case str():
            return run
        case Strong(runs):
            return plain(runs)
        case PageReference():
            return ""
        case Figure(words) | Quoted(words):
            return words


def leaves(runs: Text) -> Iterator[str | Figure | Quoted]:
    """The runs that hold letters, in reading order."""
    for run in runs:
        match run:
            case Strong(inner):
                yield from leaves(inner)
            case PageReference():
                pass
            case _:
                yield run


def sentence_case(runs: Text) -> Text:
    """The text with its first letter a capital."""
    if not runs:
        return runs
    first, rest = runs[0], runs[1:]
    match first:
        case str():
            return (first[:1].upper() + first[1:], *rest)
        case Quoted(words, origin):
            return (Quoted(words[:1].upper() + words[1:], origin), *rest)
        case Figure(words, result_id):
            return (Figure(words[:1].upper() + words[1:], result_id), *rest)
        case Strong(inner):
            return (Strong(sentence_case(inner)), *rest)
        case _:
            return runs


def quoted(words: str, origin: Origin = Origin.DEFINITION) -> Text:
    """Words fixed elsewhere, as a text."""
    return (Quoted(words, origin),) if words else ()
