"""Acceptance: what each delivery was expected to be, what it was, and who took it where it was not."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.model.acceptance import Acceptance, Standing
from pipeline.report import figures
from pipeline.report.document import (
    Block,
    Cell,
    CellKind,
    Heading,
    Listing,
    Paragraph,
    Row,
    Section,
    Table,
    TableColumn,
)
from pipeline.report.evidence import Evidence
from pipeline.report.text import Origin, Quoted, Text, joined, quoted, sentence_case, text

_STANDINGS = {
    Standing.PASSED: "taken: it was as expected",
    Standing.HELD: "held: it was not loaded, and counts in no figure",
    Standing.ACCEPTED: "taken by decision, as it is",
    Standing.DECLINED: "left out by decision: it was not loaded, and counts in no figure",
}


def blocks(evidence: Evidence) -> list[Block]:
    """For the annex: the judged sources, a line each, and every delivery that was not as expected."""
    found = [one for one in evidence.acceptances if one.results]
    if not found:
        return _decided_on(evidence)
    by_source = _by_source(found)
    rows = []
    for source, own in by_source.items():
        counts = [len(own), *(sum(one.standing is standing for one in own) for standing in Standing)]
        names = ("judged", *(standing.value for standing in Standing))
        cells = [
            Cell(figures.counted(count, f"deliveries of {source}: {name}"))
            for count, name in zip(counts, names, strict=True)
        ]
        rows.append(Row((Cell(_title(evidence, source)), *cells)))
    numbers = ("Judged", "As expected", "Held", "Taken by decision", "Left out by decision")
    columns = [TableColumn((header,), CellKind.NUMBER, 12) for header in numbers]
    made: list[Block] = [
        Heading(("Deliveries against what was expected of them",)),
        Table(
            caption=("Deliveries of the sources that have a suite of expectations",),
            columns=(TableColumn(("Source",), CellKind.WORDS, 40), *columns),
            rows=tuple(rows),
            note=(
                "Each new delivery is judged before it is loaded: by its months and areas, its number of "
                "rows, how complete its key columns are, and how far the shares of values have moved since "
                "the last delivery. One that is not as expected waits until a person decides.",
            ),
        ),
    ]
    return made + _decided_on(evidence)


def section(evidence: Evidence) -> Section:
    """For the page on quality: every judged delivery, and every expectation in words."""
    found = [one for one in evidence.acceptances if one.results]
    made: list[Block] = [
        Paragraph(
            (
                "Before a delivery is loaded it is compared with what its source is known to deliver. One "
                "that is not as expected is held: it is kept, it counts in no figure, and it waits until a "
                "person takes it, with a reason, or the supplier sends another. This page holds counts only.",
            )
        )
    ]
    made += _decided_on(evidence)
    if found:
        for source, own in _by_source(found).items():
            made += [_expectations(evidence, source, own), _deliveries(evidence, source, own)]
    return Section(
        id="acceptance",
        eyebrow=("Quality of the deliveries",),
        title=_headline(found),
        blocks=tuple(made),
        contents=("Deliveries against what was expected of them",),
    )


def _headline(found: Sequence[Acceptance]) -> Text:
    if not found:
        return ("No source has a suite of expectations, so no delivery was judged",)
    judged = figures.counted(len(found), "deliveries judged")
    held = sum(one.standing is Standing.HELD for one in found)
    accepted = sum(one.standing is Standing.ACCEPTED for one in found)
    declined = sum(one.standing is Standing.DECLINED for one in found)
    if not held + accepted + declined:
        return text("All ", judged, " judged deliveries were as expected")
    parts = []
    if held:
        parts.append(text(figures.in_words(held, "deliveries held"), " held"))
    if accepted:
        parts.append(text(figures.in_words(accepted, "deliveries taken by decision"), " taken by decision"))
    if declined:
        parts.append(
            text(figures.in_words(declined, "deliveries left out by decision"), " left out by decision")
        )
    return sentence_case(text("Of ", judged, " judged deliveries, ", joined(" and ", parts)))


def _decided_on(evidence: Evidence) -> list[Block]:
    """Every delivery that was not as expected, or that somebody decided on: what became of it, and why."""
    made: list[Block] = []
    for one in evidence.acceptances:
        if one.standing is Standing.PASSED:
            continue
        made.append(Heading(quoted(one.file_name, Origin.FILE), 3))
        made.append(Paragraph(text(sentence_case((_STANDINGS[one.standing],)), ". ", _decision(one))))
        if one.reasons:
            made.append(Listing(_reasons(evidence, one)))
    return made


def _decision(one: Acceptance) -> Text:
    if one.decision is None:
        return ()
    return text(
        "Decided by ",
        quoted(one.decision.by),
        " on ",
        Quoted(one.decision.on.isoformat(), Origin.DATE),
        ": ",
        quoted(one.decision.reason),
    )


def _reasons(evidence: Evidence, one: Acceptance) -> tuple[Text, ...]:
    """Why; of sources that are not public, only what was expected and how much of it was not so."""
    if evidence.definitions.policies.is_public(one.source):
        return tuple(quoted(reason, Origin.DELIVERED) for reason in one.reasons)
    return tuple(
        text("not as expected: ", quoted(result.expected), " (", _outside(one, number), ")")
        for number, result in enumerate(one.results)
        if result.reasons
    )


def _outside(one: Acceptance, number: int) -> Text:
    result = one.results[number]
    name = f"{one.delivery}: expectation {number + 1}"
    return text(
        figures.counted(len(result.reasons), f"{name} not met"),
        " of ",
        figures.counted(result.judged, f"{name} judged"),
    )


def _deliveries(evidence: Evidence, source: str, found: Sequence[Acceptance]) -> Table:
    """The deliveries of a source, and whether each was taken."""
    rows = tuple(
        Row(
            (
                Cell(quoted(one.file_name, Origin.FILE)),
                Cell((Quoted(one.received[:10], Origin.DATE),)),
                Cell(figures.counted(one.records, f"{one.delivery}: records")),
                Cell((_STANDINGS[one.standing].partition(":")[0].partition(",")[0],)),
            )
        )
        for one in found
    )
    return Table(
        caption=text("Deliveries judged: ", _title(evidence, source)),
        columns=(
            TableColumn(("File",), CellKind.WORDS, 58),
            TableColumn(("Received",), CellKind.WORDS, 16),
            TableColumn(("Records",), CellKind.NUMBER, 12),
            TableColumn(("Decision",), CellKind.WORDS, 14),
        ),
        rows=rows,
    )


def _expectations(evidence: Evidence, source: str, found: Sequence[Acceptance]) -> Table:
    """The expectations of a source in words, and how many figures of its deliveries were not so."""
    judged: dict[str, int] = {}
    outside: dict[str, int] = {}
    for one in found:
        for result in one.results:
            judged[result.expected] = judged.get(result.expected, 0) + result.judged
            outside[result.expected] = outside.get(result.expected, 0) + len(result.reasons)
    rows = tuple(
        Row(
            (
                Cell(sentence_case(quoted(words))),
                Cell(figures.counted(judged[words], f"{source}: figures judged: {words}")),
                Cell(figures.counted(outside[words], f"{source}: figures outside: {words}")),
            )
        )
        for words in judged
    )
    return Table(
        caption=text("What is expected: ", _title(evidence, source)),
        columns=(
            TableColumn(("Expected",), CellKind.WORDS, 72),
            TableColumn(("Figures compared",), CellKind.NUMBER, 14),
            TableColumn(("Not as expected",), CellKind.NUMBER, 14),
        ),
        rows=rows,
        note=("No figures compared: there was nothing to compare with yet.",) if 0 in judged.values() else (),
    )


def _by_source(found: Sequence[Acceptance]) -> dict[str, list[Acceptance]]:
    by_source: dict[str, list[Acceptance]] = {}
    for one in found:
        by_source.setdefault(one.source, []).append(one)
    return by_source


def _title(evidence: Evidence, source: str) -> Text:
    declared = evidence.definitions.sources.get(source)
    return quoted(declared.title if declared else source)
