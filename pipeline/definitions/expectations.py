"""Suites: what a delivery of a source must be like to be taken without a person's decision.

`config/expectations/<source>.yaml` is the suite of that source. A source without one is not judged.
"""

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from pipeline.definitions.faults import build
from pipeline.definitions.measure import Model
from pipeline.definitions.source import Derived, Source
from pipeline.definitions.words import describe, unknown
from pipeline.definitions.yaml_nodes import Document, Path_, read_yaml
from pipeline.model.contract import CONTRACTS
from pipeline.model.issue import Issue

FOLDER = "expectations"
VERSION = 1
PERIODS = {"responses": "wave", "returns": "period_start"}  # other contracts have months, or no periods

Percent = Annotated[float, Field(ge=0, le=100)]
Times = Annotated[float, Field(gt=0)]


class Band(Model):
    """How many times as many there may be; the ends themselves are outside."""

    above: Times = Field(0.5, description="more than so many times as many; 0.5 holds what has halved")
    below: Times = Field(2.0, description="fewer than so many times as many; 2 holds what has doubled")


class Rows(Band):
    """The number of records, of a period against the median of the last five deliveries."""

    per: Literal["period", "delivery"] = Field(
        "period",
        description="compare records per period (month, wave or period of a return), "
        "or those of the whole delivery, where each has everything so far",
    )


class Months(Model):
    """Which months and areas a delivery must have, and how many rows in each."""

    every: bool = Field(True, description="no month is missing between its first and its last")
    areas: tuple[str, ...] = Field((), description="codes of districts that have rows in each of its months")
    band: Band | None = Field(
        None,
        description="rows of each month in the areas named, else in each area, against the median of the "
        "twelve nearest other months that are known; fewer than three are nothing to compare with",
    )


class Completeness(Model):
    """How many rows must have a value in a column."""

    at_least: Percent = Field(0, description="per cent of the rows that have a value")
    change: Percent | None = Field(
        None, description="largest change against the last delivery, either way, in percentage points"
    )


class Shares(Model):
    """How far the shares of a column's values may move."""

    change: Percent = Field(
        description="largest change of the share of any value, and of 'not recorded', against the last "
        "delivery, either way, in percentage points"
    )


class Codes(Model):
    """Which codes a column may hold."""

    lists: tuple[str, ...] = Field(description="the code lists that hold them")
    at_most: Percent = Field(0, description="per cent of the rows that may have another code")


class Suite(Model):
    """The expectations of one source."""

    compared_with: Literal["last_delivery", "last_of_supplier"] = Field(
        "last_delivery",
        description="which earlier delivery is the last: of the source, or of the same supplier",
    )
    rows: Rows = Field(Rows(), description="the number of records")
    quarantined_at_most: Percent = Field(5, description="per cent of the records that may break a row rule")
    control_totals: Literal["required", "where_given"] = Field(
        "where_given",
        description="whether the supplier must say, in received.csv, how many records there are; "
        "where it is said it must be so",
    )
    months: Months | None = Field(None, description="the months and areas")
    complete: dict[str, Completeness] = Field({}, description="key columns, and how complete they must be")
    shares: dict[str, Shares] = Field({}, description="columns of few values, and how far shares may move")
    codes: dict[str, Codes] = Field({}, description="columns of codes, and the codes they may hold")
    fewest_rows: int = Field(
        100,
        ge=1,
        description="with fewer rows, in this or the last delivery or usually in a month and area, "
        "shares and months are not compared",
    )


def period_column(source: Source) -> str | None:
    """The curated column that tells the periods of a source apart; None where it has none."""
    contract = CONTRACTS.get(source.contract)
    if contract and contract.column("month"):
        return "month"
    return PERIODS.get(source.contract)


def read_suites(
    folder: Path,
    shown_as: str,
    sources: Mapping[str, Source],
    declared: Collection[str],
    codelists: Mapping[str, object],
    take: Callable[[Path, str], None],
) -> tuple[dict[str, Suite], list[Issue]]:
    """Every suite of the folder by source, and everything that is wrong with them.

    A source that is `declared`, and could not be read, has its suite judged for its form only. `take` is
    told of every file that was read.
    """
    suites: dict[str, Suite] = {}
    issues: list[Issue] = []
    for file in sorted(folder.glob("*.y*ml")):
        name = f"{shown_as}/{file.name}"
        take(file, name)
        document, found = read_yaml(file, name)
        issues += found
        if found:
            continue
        if file.suffix != ".yaml" or file.stem not in declared:
            message = unknown("source", file.stem, declared) + "; the file is named <source>.yaml"
            issues.append(Issue(name, 1, 1, message))
            continue
        suite, found = _suite(document)
        issues += found
        if suite is not None and file.stem in sources:
            wrong = _against_source(suite, sources[file.stem], codelists)
            issues += [_at(document, path, message) for path, message in wrong]
            suites[file.stem] = suite
    return suites, issues


def _suite(document: Document) -> tuple[Suite | None, list[Issue]]:
    plain = document.plain
    if not isinstance(plain, dict):
        message = f"found {describe(plain)}; allowed: keys and values, `version: {VERSION}` first"
        return None, [Issue(document.file, 1, 1, message)]
    if plain.get("version") != VERSION or isinstance(plain.get("version"), bool):
        message = f"version: found {describe(plain.get('version'))}; allowed: {VERSION}"
        return None, [_at(document, ("version",) if "version" in plain else (), message)]
    own = {key: value for key, value in plain.items() if key != "version"}
    return build(Suite, own, document, ())


def _against_source(suite: Suite, source: Source, codelists: Mapping[str, object]) -> list[tuple[Path_, str]]:
    """Where a suite asks of a source what the source does not have."""
    wrong: list[tuple[Path_, str]] = []
    columns = source.columns
    for section in ("complete", "shares", "codes"):
        for column in getattr(suite, section):
            derived = columns.get(column)
            if derived is None:
                wrong.append(((section, column), unknown(f"column of {source.id}", column, columns)))
            elif section == "shares" and (
                column in source.key or (isinstance(derived, Derived) and derived.hashed)
            ):
                message = f"{column} tells people or records apart; its values are never listed"
                wrong.append(((section, column), message))
    for column, codes in suite.codes.items():
        for number, name in enumerate(codes.lists):
            if name not in codelists:
                wrong.append((("codes", column, "lists", number), unknown("code list", name, codelists)))
    if suite.months and period_column(source) != "month":
        wrong.append((("months",), f"{source.id} delivers no months (its contract is {source.contract})"))
    return wrong


def _at(document: Document, path: Path_, message: str) -> Issue:
    position = document.key_at(path) if path else document.value_at(path)
    return Issue(document.file, position.line, position.column, message)
