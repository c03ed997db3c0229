"""The finished PDF is read back: every numeral in it must be one that the document holds.

What may be printed is the record of figures, the words fixed elsewhere (periods, definitions, codes),
the axis ticks that we computed, and the numbers of pages, exhibits and list items. A
numeral that is in none of them is reported, and so is a figure of the record that the PDF lacks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO

from pipeline.report import charts
from pipeline.report.document import Document, Listing, exhibits, flat, quotations, record
from pipeline.report.text import Figure, leaves

NUMERAL = re.compile(r"\d[\d,.]*\d|\d")


@dataclass(frozen=True, slots=True)
class ReadBack:
    """`unaccounted`: numerals printed without a source, with their page; `missing`: result ids not found."""

    unaccounted: tuple[tuple[int, str], ...]
    missing: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        """Whether the PDF holds what the record says, and no numeral more."""
        return not self.unaccounted and not self.missing


def read_back(pdf: bytes, document: Document) -> ReadBack:
    """Compare the numerals of a finished PDF with what its document may print."""
    from pypdf import PdfReader

    reader = PdfReader(BytesIO(pdf))
    pages = [page.extract_text() for page in reader.pages]
    allowed = _allowed(document, len(pages))
    unaccounted = [
        (number, found)
        for number, words in enumerate(pages, 1)
        for found in _numerals(words)
        if found not in allowed
    ]
    printed = {found for words in pages for found in _numerals(words)}
    alone = _alternatives(document)
    missing = [
        entry.result_id
        for entry in record(document)
        if not printed.issuperset(_numerals(entry.printed)) and entry.result_id not in alone
    ]
    return ReadBack(tuple(unaccounted), tuple(dict.fromkeys(missing)))


def _numerals(words: str) -> list[str]:
    """The numerals of a text, in order, without what only punctuates them."""
    return [match.strip(".,") for match in NUMERAL.findall(words)]


def _allowed(document: Document, pages: int) -> frozenset[str]:
    """Every numeral that the document may print."""
    found: set[str] = set()
    for entry in record(document):
        found.update(_numerals(entry.printed))
    for quotation in quotations(document):
        found.update(_numerals(quotation.text))
    shown = list(exhibits(document))
    counted = max(pages, len(shown), *(len(listing.items) for listing in _listings(document)), 0)
    found.update(str(number) for number in range(1, counted + 1))
    for exhibit in shown:
        found.update(_chart_numerals(charts.specification(exhibit.chart, exhibit.wide)))
    return frozenset(found)


def _listings(document: Document) -> Iterable[Listing]:
    for section in document.sections:
        yield from (block for block in flat(section.blocks) if isinstance(block, Listing) and block.numbered)


def _chart_numerals(specification: object) -> Iterable[str]:
    """The numerals of a drawing's own words: tick labels, classes of a map, units and dates on an axis."""
    match specification:
        case dict():
            for key, value in specification.items():
                if key in ("labelExpr", "title", "class", "name", "domain"):
                    yield from _strings(value)
                elif isinstance(value, dict | list):
                    yield from _chart_numerals(value)
        case list():
            for value in specification:
                yield from _chart_numerals(value)


def _strings(value: object) -> Iterable[str]:
    match value:
        case str():
            yield from _numerals(value)
        case dict():
            yield from _chart_numerals(value)
        case list():
            for inner in value:
                yield from _strings(inner)


def _alternatives(document: Document) -> frozenset[str]:
    """Results that stand only in the words for screen readers, which a page does not show."""
    return frozenset(
        run.result_id
        for exhibit in exhibits(document)
        for run in leaves(exhibit.alt)
        if isinstance(run, Figure)
    )
