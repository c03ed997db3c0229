"""Returns: what each supplier was to deliver, what came and when, and what is still owed."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.model.comparison import Verdict
from pipeline.model.returns import Return, ReturnedItem, ReturnState, overdue
from pipeline.report import figures, wording
from pipeline.report.document import (
    Block,
    Cell,
    CellKind,
    Heading,
    Listing,
    Paragraph,
    Row,
    RowKind,
    Section,
    Table,
    TableColumn,
)
from pipeline.report.evidence import Evidence
from pipeline.report.text import Origin, Quoted, Text, joined, listed, quoted, sentence_case, text

_COLUMNS = {
    ReturnState.RECEIVED: "On time",
    ReturnState.LATE: "Late",
    ReturnState.OVERDUE: "Overdue",
    ReturnState.NOT_YET_DUE: "Not yet due",
}


def section(evidence: Evidence) -> Section | None:
    """The page of the returns, or None where no source says what it expects."""
    found = evidence.returns
    if not found:
        return None
    blocks: list[Block] = [
        Paragraph(
            text(
                "What partners have agreed to deliver, for periods that were over on ",
                wording.day(evidence.edition.as_at),
                ". What has not come is missing and is printed as awaited; it is nowhere counted as zero. "
                "A return that says that there is no figure has come.",
            )
        ),
        _by_supplier(evidence),
    ]
    if overdue(evidence.returns, evidence.edition.as_at):
        blocks.append(_owed(evidence))
    told = [*_late(evidence), *_revised(evidence), *_without_figure(evidence)]
    if told:
        blocks += [Heading(("Came late, was revised, or came without a figure",)), Listing(tuple(told))]
    return Section(
        id="returns",
        eyebrow=("Returns of partners",),
        title=_title(evidence),
        blocks=tuple(blocks),
        contents=("Returns of partners: what came, and what is owed",),
    )


def owed_line(evidence: Evidence) -> Text:
    """How many returns are overdue, and of whom, in a sentence; nothing where none is."""
    found = overdue(evidence.returns, evidence.edition.as_at)
    if not found:
        return ()
    suppliers = [quoted(name) for name in dict.fromkeys(one.supplier for one in found)]
    return text(sentence_case(_count(found, "overdue")), ": from ", listed(suppliers), ".")


def _count(found: Sequence[Return], what: str) -> Text:
    noun = "return is" if len(found) == 1 else "returns are"
    return text(figures.in_words(len(found), f"returns {what}"), f" {noun} {what}")


def _title(evidence: Evidence) -> Text:
    late = overdue(evidence.returns, evidence.edition.as_at)
    if not late:
        return ("Every return that was due has come",)
    due = [
        one for one in evidence.returns if one.state(evidence.edition.as_at) is not ReturnState.NOT_YET_DUE
    ]
    of = figures.in_words(len(due), "returns that were due")
    verb = "is" if len(late) == 1 else "are"
    return sentence_case(
        text("of ", of, " returns that were due, ", figures.in_words(len(late), "returns overdue"),
             f" {verb} overdue")
    )  # fmt: skip


def _by_supplier(evidence: Evidence) -> Table:
    """A line for each supplier: how many returns it owed, and how they stand."""
    rows = [
        _counted(supplier, [one for one in evidence.returns if one.supplier == supplier], evidence)
        for supplier in dict.fromkeys(one.supplier for one in evidence.returns)
    ]
    if len(rows) > 1:
        rows.append(_counted("", evidence.returns, evidence))
    columns = [TableColumn((name,), CellKind.NUMBER, 12) for name in _COLUMNS.values()]
    return Table(
        caption=("Returns by supplier",),
        columns=(
            TableColumn(("Supplier",), CellKind.WORDS, 28),
            TableColumn(("Expected",), CellKind.NUMBER, 12),
            *columns,
            TableColumn(("of these, revised",), CellKind.NUMBER, 12),
        ),
        rows=tuple(rows),
        note=("A return is all that a supplier owes for one period. It has come once all of it has.",),
        whole=True,
    )


def _counted(supplier: str, own: Sequence[Return], evidence: Evidence) -> Row:
    name = supplier or "all suppliers"
    states = [one.state(evidence.edition.as_at) for one in own]
    counts = {"expected": len(own)} | {state.value: states.count(state) for state in _COLUMNS}
    counts["revised"] = sum(one.revised is not None for one in own)
    cells = [Cell(figures.counted(count, f"returns of {name}: {what}")) for what, count in counts.items()]
    label = quoted(supplier) if supplier else ("All suppliers",)
    return Row((Cell(label), *cells), RowKind.ROW if supplier else RowKind.TOTAL)


def _owed(evidence: Evidence) -> Table:
    """Every return that is overdue: of whom, for which period, since when, and what is missing of it."""
    rows = tuple(
        Row(
            (
                Cell(quoted(one.supplier)),
                Cell(wording.period(one.period)),
                Cell(
                    text("! ", wording.day(one.due), ", ", _days(one, evidence), " ago"),
                    Verdict.WORSENED.value,
                ),
                Cell(_lacking(evidence, one)),
            )
        )
        for one in overdue(evidence.returns, evidence.edition.as_at)
    )
    return Table(
        caption=("Still owed",),
        columns=(
            TableColumn(("Supplier",), CellKind.WORDS, 26),
            TableColumn(("For",), CellKind.WORDS, 14),
            TableColumn(("Due",), CellKind.VERDICT, 20),
            TableColumn(("What is missing",), CellKind.WORDS, 40),
        ),
        rows=rows,
    )


def _lacking(evidence: Evidence, one: Return) -> Text:
    """What has not come: the file, or the items by name, but for all of many."""
    if one.is_file:
        return quoted(evidence.definitions.sources[one.source].title)
    if one.lacks_all:
        place = f"figures of {one.source}, {one.supplier}, {one.period.key}, {one.due}"
        return text("all ", figures.counted(len(one.items), f"{place}: expected"), " figures")
    return _items(evidence, one.lacking)


def _items(evidence: Evidence, items: Sequence[ReturnedItem]) -> Text:
    """Items by name, with the months that are missing where others came."""
    told = []
    for name in dict.fromkeys(item.item for item in items):
        title = sentence_case(quoted(evidence.definitions.item_title(name)))
        months = dict.fromkeys(month for item in items if item.item == name for month in item.missing)
        named = [(Quoted(f"{month:%Y-%m}", Origin.PERIOD),) for month in months]
        told.append(text(title, " (", joined(", ", list(named)), ")") if months else title)
    return joined("; ", told)


def _of(one: Return) -> Text:
    return text(quoted(one.supplier), ", ", wording.period(one.period))


def _days(one: Return, evidence: Evidence) -> Text:
    days = one.days_late(evidence.edition.as_at)
    counted = figures.counted(days, f"days late: {one.source}, {one.supplier}, {one.period.key}, {one.due}")
    return text(counted, " day" if days == 1 else " days")


def _late(evidence: Evidence) -> list[Text]:
    return [
        text(_of(one), ": due on ", wording.day(one.due), ", came ", _days(one, evidence), " later.")
        for one in evidence.returns
        if one.state(evidence.edition.as_at) is ReturnState.LATE
    ]


def _revised(evidence: Evidence) -> list[Text]:
    said = []
    for one in evidence.returns:
        if one.revised is not None:
            place = f"figures of {one.source}, {one.supplier}, {one.period.key}, {one.due}"
            changed = sum(item.revised is not None for item in one.items)
            some = figures.counted(changed, f"{place}: revised")
            of = figures.counted(len(one.items), f"{place}: expected")
            said.append(
                text(_of(one), ": ", some, " of ", of, " figures revised on ", wording.day(one.revised), ".")
            )
    return said


def _without_figure(evidence: Evidence) -> list[Text]:
    return [
        text(_of(one), ": came without a figure for ", _items(evidence, one.without_figure), ".")
        for one in evidence.returns
        if one.without_figure
    ]
