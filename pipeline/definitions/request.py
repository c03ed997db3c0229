"""The data request to a supplier: the fields wanted, in tiers, and which success measures each tier unlocks.

Fields are those of built-in mappings, and what a tier unlocks is worked out from the workspace's own
indicators; only the law and the manners of delivery are written down, in `requests/<kind>.yaml`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pipeline.definitions import built_in
from pipeline.definitions.needs import PARTS, ROW, Need, Standing, Support, supports
from pipeline.definitions.resolved import Definitions
from pipeline.definitions.yaml_nodes import read_yaml
from pipeline.model.contract import CONTRACTS, Column

FOLDER = Path(__file__).parent / "requests"
_WRITTEN = {"INTEGER": "a whole number", "DOUBLE": "a number", "DATE": "YYYY-MM-DD", "VARCHAR": "text"}
_FILES = {"crimes": "Recorded crimes", "incidents": "Incidents of anti-social behaviour"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """One field: the file it belongs to, its heading there, what it means and how it is written.

    `allowed` are the only values it may have, where there are such.
    """

    file: str
    header: str
    meaning: str
    written: str
    allowed: tuple[str, ...] = ()
    is_reference: bool = False
    is_date: bool = False


@dataclass(frozen=True, slots=True)
class Tier:
    """One tier: its fields, the legal gateway, and the success measures that it and those below it carry.

    `whole` are measures all of whose headlines can be counted with it and could not before; `in_part`
    those of which something can.
    """

    title: str
    gateway: str
    fields: tuple[Wanted, ...]
    whole: tuple[str, ...]
    in_part: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Request:
    """A whole request. `elsewhere` are the success measures that no tier of it carries."""

    title: str
    purpose: str
    supplier: str
    delivery: tuple[str, ...]
    tiers: tuple[Tier, ...]
    handling: tuple[str, ...]
    retention: str
    elsewhere: tuple[str, ...]
    measures: int

    def headers(self, file: str) -> tuple[Wanted, ...]:
        """The fields of one file, in the order of the tiers."""
        return tuple(field for tier in self.tiers for field in tier.fields if field.file == file)

    @property
    def files(self) -> dict[str, str]:
        """The files that are asked for, with the title of each."""
        return dict(_FILES)


def kinds() -> tuple[str, ...]:
    """The requests there are."""
    return tuple(sorted(file.stem for file in FOLDER.glob("*.yaml")))


def request_of(kind: str, definitions: Definitions) -> Request:
    """The request of that kind for a workspace. Raises KeyError where there is none of that kind."""
    written = _read(kind)
    contracts = frozenset((*_FILES, *PARTS))
    there: frozenset[Need] = frozenset(need for need in (Need("crimes", "month"), Need("incidents", "month")))
    before: dict[str, Standing] = {}
    tiers: list[Tier] = []
    found: tuple[Support, ...] = ()
    for tier in written["tiers"]:
        there |= frozenset(_needs(tier))
        found = supports(definitions, there, contracts)
        tiers.append(
            Tier(
                title=tier["title"],
                gateway=tier["gateway"],
                fields=tuple(_fields(tier, written["files"])),
                whole=_newly(found, Standing.WHOLE, before),
                in_part=_newly(found, Standing.IN_PART, before),
            )
        )
        before |= {one.measure: one.standing for one in found}
    main = definitions.sources.get(definitions.partnership.main_source)
    return Request(
        title=written["title"],
        purpose=written["purpose"],
        supplier=main.supplier if main else "the police",
        delivery=tuple(written["delivery"]),
        tiers=tuple(tiers),
        handling=tuple(written["handling"]),
        retention=_retention(main),
        elsewhere=tuple(one.title for one in found if one.standing in (Standing.ELSEWHERE, Standing.LACKING)),
        measures=len(found),
    )


@cache
def _read(kind: str) -> dict[str, Any]:
    if kind not in kinds():
        raise KeyError(kind)
    document, issues = read_yaml(FOLDER / f"{kind}.yaml", f"requests/{kind}.yaml")
    assert not issues, issues
    plain: dict[str, Any] = document.plain
    return plain


def _newly(found: tuple[Support, ...], standing: Standing, before: dict[str, Standing]) -> tuple[str, ...]:
    return tuple(
        one.title for one in found if one.standing is standing and before.get(one.measure) is not standing
    )


def _needs(tier: dict[str, Any]) -> Iterator[Need]:
    for table in ("crimes", "suspects", "incidents"):
        for name in tier.get(table, ()):
            yield Need(table, name)
    for part in tier.get("rows", ()):
        yield Need(part, ROW)


def _fields(tier: dict[str, Any], files: dict[str, str]) -> Iterator[Wanted]:
    for file in _FILES:
        mapping = built_in.written(files[file])
        tables = [(file, mapping["columns"])]
        for part, declared in mapping.get("parts", {}).items():
            tables.append((part, declared.get("columns", {})))
            if part in tier.get("rows", ()):
                person = part.removesuffix("s")
                for header in declared["key"]:
                    yield Wanted(file, header, f"number of the {person} within the crime", "1, 2, 3")
        for table, columns in tables:
            for name in tier.get(table, ()):
                if name in columns:
                    column = CONTRACTS[table].column(name)
                    assert column is not None
                    yield _field(file, column, columns[name])


def _field(file: str, column: Column, read: Any) -> Wanted:
    how = {"from": read} if isinstance(read, str) else read
    allowed = tuple(how.get("values") or how.get("allowed") or ())
    written = _WRITTEN.get(column.type, "text")
    if how.get("time_format"):
        written = "HH:MM"
    elif allowed:
        written = ", ".join(allowed)
    elif how.get("hashed"):
        written = "the same text for the same one"
    elif column.name.endswith("_code") and "ONS" not in column.meaning and column.name[0] in "dwl":
        written = "ONS code"
    meaning = re.sub(r" \(keyed hash\)|; null.*|, e\.g\. .*|, of 2021 where .*", "", column.meaning)
    return Wanted(
        file, how["from"], meaning, written, allowed,
        is_reference=bool(how.get("hashed")) or column.name.endswith("_ref"),
        is_date=column.type == "DATE",
    )  # fmt: skip


def _retention(main: Any) -> str:
    months = getattr(main, "retain_months", None)
    if months:
        return f"The files are deleted {months} months after they were received."
    return "The files are deleted after the time that the agreement sets; it is to be agreed: ____ months."
