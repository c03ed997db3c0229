"""The extent of a file: which curated columns it has, as a source reads it, or as a draft of one would."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline.definitions.columns import supplied_columns
from pipeline.definitions.needs import PARTS, ROW, Need
from pipeline.definitions.resolved import Definitions
from pipeline.definitions.source import Derived, Source
from pipeline.errors import ExtractError
from pipeline.ingest.drop_folder import is_for
from pipeline.ingest.mapping import Mapping as SourceMapping
from pipeline.ingest.proposing.looking import Look, look
from pipeline.ingest.proposing.propose import draft_source
from pipeline.ingest.text import clean_header

ENOUGH = 0.5  # of a source's headings, for a file to be one of its own


@dataclass(frozen=True, slots=True)
class Extent:
    """What a file has. `by` says how its source is known; `headings` is what each column is read from.

    `there` are the columns that it has, `empty` those whose heading is there without a value in any of
    its `records`.
    """

    source: str
    by: str
    contracts: frozenset[str]
    records: int
    there: frozenset[Need]
    empty: frozenset[Need]
    headings: Mapping[Need, str] = field(default_factory=dict)


def extent_of(path: Path, definitions: Definitions, received: datetime, passing: Path) -> Extent:
    """What the file has. `passing` is for files made on the way.

    Raises ExtractError where no table is found in it.
    """
    with TemporaryDirectory(dir=passing) as made:
        seen = look(path, Path(made))
    source, by = _source_of(seen, path, definitions)
    expected: dict[Need, str] = {}
    if source is None:
        source, by = draft_source(path, definitions, received, passing), "a draft of it (`ingest --propose`)"
        expected = _expected(source, definitions)
    columns = {clean_header(name).casefold(): place for place, name in enumerate(seen.found.header) if name}
    filled = {
        name: any(place < len(row) and row[place].strip() for row in seen.found.rows)
        for name, place in columns.items()
    }
    there, empty, headings = set(), set(), {}
    for need, wanted in _wanted(source):
        names = [clean_header(name).casefold() for name in wanted]
        headings[need] = " and ".join(wanted)
        if not all(name in columns for name in names):
            continue
        if seen.found.rows and names and not any(filled[name] for name in names):
            empty.add(need)
        else:
            there.add(need)
    if source.geography and Need(source.contract, "lsoa_code") in there:
        there |= {Need(source.contract, name) for name in ("ward_code", "district_code")}
    return Extent(
        source=source.id,
        by=by,
        contracts=frozenset((source.contract, *_possible_parts(source.contract))),
        records=len(seen.found.rows),
        there=frozenset(there),
        empty=frozenset(empty),
        headings=headings | expected,
    )


def _possible_parts(contract: str) -> list[str]:
    return [part for part, whole in PARTS.items() if whole == contract]


def _source_of(seen: Look, path: Path, definitions: Definitions) -> tuple[Source | None, str]:
    """The workspace's source of the file: by its name, else by most of its headings."""
    named = [one for one in definitions.sources.values() if is_for(one, path) or is_for(one, Path(seen.name))]
    if named:
        return named[0], "its name"
    have = {clean_header(name).casefold() for name in seen.found.header}
    best: tuple[float, Source] | None = None
    for source in definitions.sources.values():
        wanted = {clean_header(h).casefold() for h in SourceMapping(source).headers if not h.startswith("=")}
        share = len(wanted & have) / max(1, len(wanted))
        if len(wanted & have) > 2 and (best is None or share > best[0]):
            best = (share, source)
    if best and best[0] >= ENOUGH:
        return best[1], "its headings"
    return None, ""


def _wanted(source: Source) -> Iterator[tuple[Need, tuple[str, ...]]]:
    """Every column that a source supplies, with the headings it is made of."""
    fixed = {name for sheet in source.sheets for name in sheet.constants}
    for name in supplied_columns(source) or {}:
        declared = source.columns.get(name)
        if declared is not None or name in fixed or (name == "quantity"):
            yield Need(source.contract, name), _headings(declared, source)
    for part in source.parts.values():
        yield Need(part.contract, ROW), tuple(part.key)
        for name, declared in part.columns.items():
            yield Need(part.contract, name), _headings(declared, source)


def _headings(declared: Derived | str | None, source: Source) -> tuple[str, ...]:
    if isinstance(declared, str):
        return (declared,)
    if declared is None or declared.constant is not None:
        return ()
    if declared.month_of:
        return _headings(source.columns.get(declared.month_of), source)
    return declared.headers


def _expected(draft: Source, definitions: Definitions) -> dict[Need, str]:
    """What the workspace's own sources of its kind read the columns from that a draft does not name.

    Raises ExtractError where the workspace has no such source.
    """
    others = [one for one in definitions.sources.values() if one.contract == draft.contract]
    if not others:
        raise ExtractError(
            f"it looks like a table of {draft.contract}, and no source of config/sources.yaml is one; "
            "`assessment ingest --propose FILE` drafts its source"
        )
    own = {need for need, _ in _wanted(draft)}
    found: dict[Need, str] = {}
    for other in others:
        for need, names in _wanted(other):
            if need not in own and names:
                found.setdefault(need, " and ".join(names))
    return found
