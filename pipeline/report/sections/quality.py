"""Data quality: every row accounted for, and which months are missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from pipeline.model.delivery import Accounting
from pipeline.report import figures
from pipeline.report.chartvalues import BarChart, BarRow
from pipeline.report.document import (
    Block,
    Cell,
    CellKind,
    Exhibit,
    Heading,
    Listing,
    Row,
    RowKind,
    Section,
    Table,
    TableColumn,
)
from pipeline.report.evidence import Evidence
from pipeline.report.sections import acceptance, codes, refusals, revisions
from pipeline.report.text import Origin, Text, joined, quoted, text

MOST_FILES = 60


def accounting(evidence: Evidence, letter: str, *, with_acceptance: bool = True) -> Section:
    """Where every record of every file went, and how the suites judged the deliveries."""
    found = evidence.deliveries.accounting
    records = sum(a.read for a in found)
    blocks: list[Block] = [_fates(found), _files(evidence, found)]
    places = _without_place(evidence, found)
    if places:
        blocks += [Heading(("Records without a place, and outside the area",)), Listing(places)]
    blocks += refusals.blocks(evidence)
    blocks += revisions.blocks(evidence)
    blocks += codes.blocks(evidence)
    if with_acceptance:
        blocks += acceptance.blocks(evidence)
    return Section(
        id="accounting",
        eyebrow=text(f"Annex {letter} · Data quality"),
        title=text(
            "Every record is accounted for: ", figures.counted(records, "records read"), " read, none lost"
        ),
        blocks=tuple(blocks),
        contents=text(f"Annex {letter}: Data quality, every row accounted for"),
    )


_FATES = (
    ("loaded", "Loaded"),
    ("unchanged", "Unchanged since an earlier delivery"),
    ("identical", "Identical duplicates"),
    ("conflicting", "Conflicting duplicates, left out"),
    ("quarantined", "Quarantined"),
)


def _fates(found: tuple[Accounting, ...]) -> Exhibit:
    totals = {label: sum(getattr(a, name) for a in found) for name, label in _FATES}
    shown = {label: count for label, count in totals.items() if count}
    rows = tuple(
        BarRow((label,), float(count), figures.counted(count, f"records: {label}"))
        for label, count in shown.items()
    )
    loaded = totals["Loaded"]
    other = sum(totals.values()) - loaded
    said = figures.counted(loaded, "records: Loaded")
    title = text("All ", said, " records were loaded")
    if other:
        rest = figures.counted(other, "records not loaded")
        title = text(said, " records were loaded and ", rest, " were not, each with its reason")
    return Exhibit(
        title=title,
        chart=BarChart(rows=rows, unit="records"),
        caption=text(
            "All files together. Read = loaded + unchanged + duplicates + quarantined, for every file."
        ),
        alt=text(
            "Bar chart of what became of the records. ",
            joined("; ", [text(r.label, " ", r.printed) for r in rows]),
            ".",
        ),
        wide=True,
    )


def _files(evidence: Evidence, found: tuple[Accounting, ...]) -> Table:
    """One line a file under its source; beyond sixty files, one line a source."""
    by_source: dict[str, list[Accounting]] = defaultdict(list)
    for a in found:
        by_source[a.source].append(a)
    rows: list[Row] = []
    for name, files in by_source.items():
        source = evidence.definitions.sources.get(name)
        title = quoted(source.title if source else name)
        if len(found) <= MOST_FILES and len(files) > 1:
            rows += [_file(a, quoted(a.file_name, Origin.FILE)) for a in files]
            rows.append(_total(name, files, title))
        elif len(found) <= MOST_FILES:
            rows.append(_file(files[0], quoted(files[0].file_name, Origin.FILE)))
        else:
            rows.append(
                _total(
                    name,
                    files,
                    text(title, ", ", figures.counted(len(files), f"files of {name}"), " files"),
                    RowKind.ROW,
                )
            )
    columns = (
        TableColumn(("File",), CellKind.WORDS, 40),
        TableColumn(("Read",), CellKind.NUMBER, 9),
        TableColumn(("Loaded",), CellKind.NUMBER, 9),
        TableColumn(("of these, replaced",), CellKind.NUMBER, 8),
        TableColumn(("Un-changed",), CellKind.NUMBER, 8),
        TableColumn(("Dupli-cates",), CellKind.NUMBER, 7),
        TableColumn(("Quaran-tined",), CellKind.NUMBER, 7),
        TableColumn(("Adds up",), CellKind.NUMBER, 6),
        TableColumn(("Set aside",), CellKind.NUMBER, 6),
    )
    note = (
        "Set aside: further rows, not among those read, that the source's own rules say are no records of "
        "it (subtotals, notes, other kinds). Replaced: loaded, but revised or withdrawn by a later "
        "delivery, so they count in no figure. Unchanged: the same record came before. Duplicates: "
        "identical, and conflicting ones left out by the rule that the source declares. Quarantined rows "
        "are kept with their file, line, column, rule and reason.",
    )
    return Table(caption=("File by file",), columns=columns, rows=tuple(rows), note=note)


def _file(a: Accounting, name: Text) -> Row:
    return _line(a.delivery, [a], name, RowKind.ROW)


def _fates_of(files: Sequence[Accounting]) -> dict[str, int]:
    """What became of the records of some files, in the order of the columns."""
    return {
        "read": sum(a.read for a in files),
        "loaded": sum(a.loaded for a in files),
        "replaced": sum(a.superseded for a in files),
        "unchanged": sum(a.unchanged for a in files),
        "duplicates": sum(a.identical + a.conflicting for a in files),
        "quarantined": sum(a.quarantined for a in files),
    }


def _total(name: str, files: list[Accounting], label: Text, kind: RowKind = RowKind.TOTAL) -> Row:
    return _line(name, files, label, kind)


def _line(name: str, files: Sequence[Accounting], label: Text, kind: RowKind) -> Row:
    cells = (Cell(figures.counted(n, f"{name}:{what}")) for what, n in _fates_of(files).items())
    adds_up = Cell(("✓" if all(a.closes for a in files) else "no",))
    aside = Cell(figures.counted(sum(a.set_aside for a in files), f"{name}:set aside"))
    return Row((Cell(label), *cells, adds_up, aside), kind)


def _without_place(evidence: Evidence, found: tuple[Accounting, ...]) -> tuple[Text, ...]:
    items: list[Text] = []
    by_source: dict[str, list[Accounting]] = defaultdict(list)
    for a in found:
        by_source[a.source].append(a)
    for name, files in by_source.items():
        source = evidence.definitions.sources.get(name)
        missing = sum(a.without_place for a in files)
        outside: dict[str, int] = defaultdict(int)
        for a in files:
            for place, count in a.outside:
                outside[place] += count
        title = quoted(source.title if source else name)
        if missing:
            items.append(
                text(title, ": ", figures.counted(missing, f"{name}:without place"),
                     " loaded records have no recorded place. They belong to the force and to no district, "
                     "so they are not in the rest of the force either.")
            )  # fmt: skip
        if outside:
            named = [
                text(quoted(place), " ", figures.counted(count, f"{name}:outside:{place}"))
                for place, count in sorted(outside.items(), key=lambda pair: -pair[1])[:8]
            ]
            rest = len(outside) - len(named)
            more = (
                text(" and ", figures.counted(rest, f"{name}:other places outside"), " more places")
                if rest > 0
                else ()
            )
            items.append(
                text(
                    title, ": loaded records outside the force's districts: ", joined(", ", named), more, "."
                )
            )
    return tuple(items)
