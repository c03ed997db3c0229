"""Totals: what a file's last lines, or its supplier, say of its records, against the records themselves."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal, InvalidOperation

from pipeline.definitions.source import Footer
from pipeline.errors import ExtractError
from pipeline.ingest.casting import quoted
from pipeline.ingest.mapping import Mapping
from pipeline.ingest.text import clean_header
from pipeline.model.delivery import Extract
from pipeline.store import Store

LAST_ROWS = 5  # among which lines of totals and notes stand
NO_KEY = r"^\s*(grand |sub[ -]?)?(total|note|source|sum\b|average\b|end of)"


class Control:
    """Counts and sums the records of a file as they go by, and compares them with its footer."""

    def __init__(self, footer: Footer | None, header: Sequence[str], file_name: str) -> None:
        self._footer = footer
        self._file_name = file_name
        self._header = [name.casefold() for name in header]
        self._records = 0
        self._sums = {self._place(name): Decimal(0) for name in footer.sums} if footer else {}

    def watched(self, records: Iterable[list[str]]) -> Iterator[list[str]]:
        """The same records."""
        for record in records:
            self._records += 1
            for place in self._sums:
                self._sums[place] += _number(record[place]) or 0
            yield record

    def check(self, footers: Sequence[Sequence[str]], refused: int) -> None:
        """Raises ExtractError where a required footer is missing, or says other than the records.

        `refused` is how many records could not be read; they count, and have no values to sum.
        """
        footer = self._footer
        if footer is None:
            return
        if footer.required and not footers:
            raise ExtractError(
                f"{self._file_name}: its last line should begin with {' or '.join(footer.starts_with)}, "
                "and does not: the file is cut short. Nothing was loaded: ask for it again."
            )
        found = {
            self._place(name): (f"the sum of {name}", self._sums[self._place(name)]) for name in footer.sums
        }
        if footer.records:
            records = Decimal(self._records + refused)
            found[self._place(footer.records)] = ("the number of records", records)
        for line in footers:
            for place, (what, ours) in found.items():
                said = _number(line[place]) if place < len(line) else None
                if said is not None and said != ours:
                    raise ExtractError(
                        f"{self._file_name}: its totals line says that {what} is {said:,f}, and "
                        f"{ours:,f} was read. The file is cut short or was changed. Nothing was loaded: "
                        "ask for it again."
                    )

    def _place(self, name: str) -> int:
        wanted = clean_header(name).casefold()
        if wanted not in self._header:
            raise ExtractError(
                f"{self._file_name}: `footer:` of its source names the header {name}, "
                "which the file does not have"
            )
        return self._header.index(wanted)


def stated(extract: Extract, read: int, is_judged: bool) -> tuple[str, ...]:
    """What a file's records are beside those that its supplier says it holds; nothing where it says nothing.

    Where the source has no suite, which would hold the delivery, another number raises ExtractError.
    """
    said = extract.stated_records
    if said is None:
        return ()
    if said == read:
        return (f"it holds the {read:,} records that its supplier says",)
    if is_judged:
        return (f"its supplier says that it holds {said:,} records, and {read:,} were read",)
    raise ExtractError(
        f"{extract.file_name}: its supplier says that it holds {said:,} records, and {read:,} were read. "
        "Nothing was loaded: ask for it again, or, where `records` in received.csv is wrong, correct that."
    )


def taken_for_records(store: Store, mapping: Mapping, table: str) -> dict[int, tuple[str, ...]]:
    """By delivery number, a sentence where the key of one of its last rows reads like a total or a note.

    Of sources whose key is one column of texts, and that declare no footer.
    """
    keys = [column for column in mapping.main if column.name in mapping.source.key]
    if len(keys) != 1 or keys[0].type != "VARCHAR" or mapping.source.footer:
        return {}
    name = quoted(keys[0].name)
    rows = store.rows(
        f"SELECT m._delivery AS d, count(*) AS n FROM {table} m "
        f"JOIN (SELECT _delivery, max(rowid) AS last FROM {table} GROUP BY _delivery) e "
        f"ON e._delivery = m._delivery AND m.rowid > e.last - {LAST_ROWS} "
        f"WHERE {mapping.faultless} AND regexp_matches({name}, '{NO_KEY}', 'i') GROUP BY m._delivery"
    )
    return {
        row["d"]: (
            f"{row['n']:,} of its last rows {'has' if row['n'] == 1 else 'have'} a {keys[0].header} that "
            "begins as a line of totals or a note does; if it is one, declare `footer:` for its source",
        )
        for row in rows
    }


def _number(text: str) -> Decimal | None:
    """The number a cell holds, thousands separated or not; None where it holds none."""
    try:
        number = Decimal(text.strip().replace(",", ""))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
