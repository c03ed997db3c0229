"""Row rules: what every record must be, from the contract of its table and the mapping of its source.

Each rule is SQL over the mapped rows, true where a record breaks it. A record that breaks one is
quarantined where nobody can say how it counts, and flagged (loaded, counted and told) where it counts and
one thing about it is doubtful. What the contract does not decide, a source may: `invalid: not_recorded`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.definitions.source import Source
from pipeline.ingest import naming
from pipeline.ingest.casting import (
    EARLIEST_YEAR,
    LATEST_YEAR,
    TEXT,
    MappedColumn,
    expected,
    literal,
    quoted,
    recorded,
    span,
)
from pipeline.ingest.days import FIRST_MONTH, LAST_MONTH, LATEST_DAY
from pipeline.model.contract import Breach, Contract
from pipeline.model.rule import RuleName

ONS_CODE_LENGTH = 9
WEIGHT = "weight"


@dataclass(frozen=True, slots=True)
class Rule:
    """A row rule: the header and the mapped column it is about, its name, what the analyst is told.

    `broken` is the SQL that is true of a record that breaks it.
    """

    header: str
    column: str
    name: RuleName
    reason: str
    broken: str
    breach: Breach = Breach.QUARANTINED

    @property
    def of_text(self) -> bool:
        """Whether it is about the text that was delivered, which the mapped rows do not keep."""
        return TEXT in self.broken


def rules_of(source: Source, contract: Contract, columns: Sequence[MappedColumn]) -> tuple[Rule, ...]:
    """The rules for the mapped rows of a source, column by column, then those across columns."""
    found = [rule for column in columns for rule in _rules_of_column(source, column)]
    by_name = {column.name: column for column in columns}
    for order in contract.orders:
        first, second = by_name.get(order.first), by_name.get(order.second)
        if first and second:
            found.append(_in_order(first, second, order.apart, order.breach))
    if naming.is_checked(source, by_name):
        reason = f"its code and its name are not those of one area in {source.geography}"
        header = by_name["area_code"].header
        found.append(Rule(header, "area_code", RuleName.AREA, reason, naming.at_odds(source, by_name)))
    found += _months_of_file(source, by_name)
    return (*found, *_whole_key(source, by_name), *_usable_weight(by_name))


def is_wave(source: Source, column: MappedColumn) -> bool:
    """Whether it is the wave in which a respondent's day falls, and not one that is declared."""
    return column.name == "wave" and bool(source.waves) and "wave" not in source.columns


def _rules_of_column(source: Source, column: MappedColumn) -> Iterator[Rule]:
    derived, name = column.derived, quoted(column.name)
    text = recorded(derived) if derived.from_ else ""
    if text and derived.invalid == "not_recorded" and not is_wave(source, column):
        reason = f"{_wanted(column)}; read as not recorded"
        broken = f"{text} IS NOT NULL AND {name} IS NULL"
        yield Rule(column.header, column.name, RuleName.VALUE, reason, broken, Breach.FLAGGED)
    elif text:
        yield from _rules_of_text(column, text)
    elif derived.sum_of:
        reason = "one of the numbers added up is not there, or is no number"
        yield Rule(column.header, column.name, RuleName.TYPE, reason, f"{name} IS NULL")
    if column.values and not derived.values:
        reason = f"not one of: {', '.join(column.values)}"
        broken = f"{name} NOT IN ({', '.join(map(literal, column.values))})"
        yield Rule(column.header, column.name, RuleName.VALUES, reason, broken)
    if column.type == "DATE" and not derived.month_of:
        reason = f"before {EARLIEST_YEAR} or after {LATEST_YEAR}"
        broken = f"NOT ({span(column, name)})"
        yield Rule(column.header, column.name, RuleName.RANGE, reason, broken)
    if column.past and text and not is_wave(source, column):
        reason = "later than the day on which the file was received"
        broken = f"{name} > {LATEST_DAY} AND year({name}) <= {LATEST_YEAR}"
        yield Rule(column.header, column.name, RuleName.PERIOD, reason, broken, column.past)
    if derived.by_name:
        reason = f"not the name of one {derived.by_name} of its district in {source.geography}"
        broken = f"{text} IS NOT NULL AND {name} IS NULL"
        yield Rule(column.header, column.name, RuleName.AREA, reason, broken)
    elif column.area and text:
        yield _area_code(column)
    yield from _wave(source, column)
    if column.required or derived.required:
        reason = "empty, and every record must have it"
        unless = f" AND {text} IS NULL" if text and derived.invalid == "quarantined" else ""
        yield Rule(column.header, column.name, RuleName.REQUIRED, reason, f"{name} IS NULL{unless}")


def _rules_of_text(column: MappedColumn, text: str) -> Iterator[Rule]:
    """What the text of a column must be, so that it is a value."""
    derived, name = column.derived, quoted(column.name)
    known = derived.values or dict.fromkeys(derived.allowed)
    if known:
        allowed = ", ".join(map(literal, known))
        reason = f"not one of the {len(known)} values declared for it"
        broken = f"{text} IS NOT NULL AND {text} NOT IN ({allowed})"
        yield Rule(column.header, column.name, RuleName.VALUES, reason, broken)
    elif column.type != "VARCHAR":
        broken = f"{text} IS NOT NULL AND {name} IS NULL"
        yield Rule(column.header, column.name, RuleName.TYPE, expected(column), broken)
    if column.least is not None or column.most is not None:
        broken = f"NOT ({span(column, name)})"
        yield Rule(column.header, column.name, RuleName.RANGE, _range(column), broken)


def _range(column: MappedColumn) -> str:
    if column.most is None:
        return f"less than {column.least:g}"
    if column.least is None:
        return f"more than {column.most:g}"
    return f"not between {column.least:g} and {column.most:g}"


def _wanted(column: MappedColumn) -> str:
    """What a value is not, of a column whose invalid values count as not recorded."""
    derived = column.derived
    known = derived.values or derived.allowed
    if known:
        return f"not one of the {len(known)} values declared for it"
    said = [] if column.type == "VARCHAR" else [expected(column)]
    if column.least is not None or column.most is not None:
        said.append(_range(column))
    return ", or ".join(said)


def _area_code(column: MappedColumn) -> Rule:
    """The shape of an ONS code: a row with another is placed nowhere.

    Compared as texts, which costs next to nothing where matching would cost as much as reading. A letter
    among the later digits passes, and is found in no lookup.
    """
    name = quoted(column.name)
    inside = " OR ".join(f"{name} BETWEEN '{start}000000' AND '{start}999999'" for start in column.area)
    reason = f"no code of that kind of area, such as {column.area[0]}000001: it is placed in none"
    broken = f"NOT (length({name}) = {ONS_CODE_LENGTH} AND ({inside}))"
    return Rule(column.header, column.name, RuleName.AREA, reason, broken, Breach.FLAGGED)


def _wave(source: Source, column: MappedColumn) -> Iterator[Rule]:
    name = quoted(column.name)
    if is_wave(source, column):
        reason = "in none of the waves declared for the survey"
        yield Rule(
            column.header, column.name, RuleName.WAVE, reason, f"completed_on IS NOT NULL AND {name} IS NULL"
        )
    elif column.name == "wave" and source.waves:
        reason = "none of the waves declared for the survey"
        broken = f"{name} NOT IN ({', '.join(map(literal, source.waves))})"
        yield Rule(column.header, column.name, RuleName.WAVE, reason, broken)


def _in_order(first: MappedColumn, second: MappedColumn, apart: bool, breach: Breach) -> Rule:
    broken = f"{quoted(second.name)} {'<=' if apart else '<'} {quoted(first.name)}"
    reason = f"{'not after' if apart else 'before'} {first.header}"
    return Rule(second.header, second.name, RuleName.ORDER, reason, broken, breach)


def _months_of_file(source: Source, columns: dict[str, MappedColumn]) -> Iterator[Rule]:
    """A row of another month would tell of a month that the file does not hold, and undo what did."""
    column = columns.get("month")
    if source.months_in_name and column:
        reason = "in none of the months that the file's name says it is of"
        broken = f"{quoted(column.name)} NOT BETWEEN {FIRST_MONTH} AND {LAST_MONTH}"
        yield Rule(column.header, column.name, RuleName.PERIOD, reason, broken)


def _whole_key(source: Source, columns: dict[str, MappedColumn]) -> Iterator[Rule]:
    """A row with part of its key is not recognised when it comes again; one with none is no one's again."""
    key = [columns[name] for name in source.key if name in columns]
    given = [column for column in key if column.derived.from_ and not column.required]
    if len(key) < 2 or not given:
        return
    empty = " OR ".join(f"{quoted(column.name)} IS NULL" for column in given)
    there = " OR ".join(f"{quoted(column.name)} IS NOT NULL" for column in given)
    always = len(given) < len(key)  # the rest of the key is never empty
    headers = ", ".join(column.header for column in given)
    reason = "part of its key is empty, so it is not recognised when it comes again"
    broken = empty if always else f"({empty}) AND ({there})"
    yield Rule(headers, given[0].name, RuleName.KEY, reason, broken, Breach.FLAGGED)


def _usable_weight(columns: dict[str, MappedColumn]) -> Iterator[Rule]:
    """Each measure of a survey decides what such answers do to it: `bad_weights`."""
    column = columns.get(WEIGHT)
    if column is None or not column.derived.from_:
        return
    reason = "missing, 0 or negative; the figures of the survey are refused, or leave the answers out"
    broken = f"coalesce({quoted(WEIGHT)} <= 0, true)"
    yield Rule(column.header, WEIGHT, RuleName.WEIGHT, reason, broken, Breach.FLAGGED)
