"""One column of a draft: how it is read from a header, by the form of what stands below it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from typing import Any

from pipeline.definitions.resolved import Partnership
from pipeline.ingest.proposing.forms import Form, yes_of
from pipeline.ingest.proposing.personal import may_name_someone
from pipeline.model.area import AreaKind
from pipeline.model.contract import Column

DECIDE = "DECIDE: "
ANY_CODE = ("offence", "outcome", "district_code", "ward_code", "lsoa_code", "area_code", "action", "owner")


@dataclass(slots=True)
class Columns:
    """What the columns of a source become: its `columns:`, those of the part suspects, and the ignored.

    `comments` stand beside the curated column, or the ignored header, that they are about.
    """

    main: dict[str, Any] = field(default_factory=dict)
    suspects: dict[str, Any] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)
    unpivot: dict[str, Any] = field(default_factory=dict)
    waves: dict[str, Any] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)
    geography: str | None = None


@dataclass(frozen=True, slots=True)
class Around:
    """What is known beside the file: the partnership, its geography source, the month in the file's name."""

    partnership: Partnership
    geography: str | None = None
    month: date | None = None
    epoch: int = 1900


def derived(
    made: Columns, column: Column, header: str, form: Form, values: Sequence[str], around: Around
) -> dict[str, Any]:
    """How one column is read."""
    name = column.name
    read: dict[str, Any] = {"from": header}
    if form.unrecorded:
        read["empty"] = list(form.unrecorded)
    if form.kept_back and column.type in ("DOUBLE", "INTEGER"):
        read["empty"] = [*form.unrecorded, *form.kept_back]
        made.comments[name] = f"{DECIDE}{' and '.join(form.kept_back)} is read as no figure, which is no zero"
    if column.type == "DATE":
        if form.kind == "serial":
            read["serial"] = around.epoch
        elif form.written and form.written != "%Y-%m-%d":
            read["date_format"] = form.written
        made.comments[name] = form.evidence
        if form.is_ambiguous:
            other = "%m/%d" if form.written.startswith("%d") else "%d/%m"
            made.comments[name] = f"{DECIDE}{form.evidence}; every one could be {other} as well"
        if name == "period_end" and _last_days(values, form.written or "%Y-%m-%d"):
            read["plus_days"] = 1
            made.comments[name] = "the file gives the last day; the period ends with the day after"
    elif name == "committed_hour" and form.kind in ("time", "date"):
        read["time_format"] = form.written or "%H:%M"
        made.comments[name] = form.evidence
    elif column.type == "BOOLEAN" and form.codes:
        yes = yes_of(form.codes) if len(form.codes) > 1 or _is_yes(form.codes[0]) else ""
        read["values"] = {code: code == yes for code in form.codes}
        if len(form.codes) == 1:
            made.comments[name] = f"{DECIDE}only {form.codes[0]} or nothing: is nothing No, or not recorded?"
    elif name in ("district_code", "ward_code") and not _is_codes(values):
        name_places(made, read, name, form, values, around)
    elif column.values:
        read["values"] = {code: _closest(code, column.values) for code in form.codes}
        known = {code: value for code, value in read["values"].items() if value}
        read["values"] = known
        made.comments[name] = f"{DECIDE}allowed are {', '.join(column.values)}; other values are refused"
        if not known:
            del read["values"]
    elif column.type == "VARCHAR" and form.kind == "codes" and name not in ANY_CODE and "_ref" not in name:
        if any(map(may_name_someone, form.codes)):
            made.comments[name] = f"{DECIDE}some of its values may name people; list those `allowed`"
        else:
            read["allowed"] = list(form.codes)
            made.comments[name] = "other values are refused and told"
    return read


def _is_yes(code: str) -> bool:
    return code.casefold() in ("y", "yes", "true", "t", "1")


def _is_codes(values: Sequence[str]) -> bool:
    return bool(values) and sum(re.fullmatch(r"[EWK]\d{8}", value) is not None for value in values) * 2 > len(
        values
    )


def name_places(
    made: Columns, read: dict[str, Any], name: str, form: Form, values: Sequence[str], around: Around
) -> None:
    """Names of districts and wards become their codes, by the partnership's own lists."""
    partnership = around.partnership
    if name == "district_code":
        known = {area.name.casefold(): area.code for area in (partnership.area, *partnership.force.districts)}
    else:
        sets = (one for one in partnership.area_sets.values() if one.kind is AreaKind.WARD)
        known = {member.name.casefold(): member.code for one in sets for member in one.members}
    found = {value: known[value.casefold()] for value in values if value.casefold() in known}
    if not found:
        made.comments[name] = f"{DECIDE}these are no codes of the ONS; give their codes in `values:`"
        return
    read["values"] = dict(sorted(found.items()))
    missing = len([value for value in values if value.casefold() not in known])
    made.comments[name] = "names as in partnership.yaml"
    if missing:
        made.comments[name] = (
            f"{DECIDE}{missing} of {len(values)} names are not in partnership.yaml; their rows are refused"
        )


def _closest(code: str, allowed: Sequence[str]) -> str:
    plain = code.casefold().replace(" ", "_")
    inside = [value for value in allowed if value in plain or plain in value]
    return (inside or get_close_matches(plain, allowed, n=1, cutoff=0.5) or [""])[0]


def _last_days(values: Sequence[str], written: str) -> bool:
    """Whether the dates are last days of months."""
    days = []
    for value in values:
        try:
            days.append(datetime.strptime(value, written).date())  # noqa: DTZ007 - a day, of no zone
        except ValueError:
            continue
    return bool(days) and all((day + timedelta(days=1)).day == 1 for day in days)


def used_by(made: Columns) -> set[str]:
    unpivoted = made.unpivot.get("items", {}).values()
    return {*_headers_of((*made.main.values(), *made.suspects.values())), *unpivoted}


def _headers_of(columns: Sequence[Any]) -> Iterator[str]:
    for column in columns:
        if isinstance(column, dict) and "from" in column:
            yield column["from"]
        if isinstance(column, dict) and "year_from" in column:
            yield column["year_from"]
