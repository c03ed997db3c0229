"""The columns of a draft: how each curated column is read of the file, and what a person must decide."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pipeline.ingest.proposing import quarters
from pipeline.ingest.proposing.derivation import (
    ANY_CODE,
    DECIDE,
    Around,
    Columns,
    derived,
    name_places,
    used_by,
)
from pipeline.ingest.proposing.forms import Form, month_of
from pipeline.ingest.proposing.meanings import ENOUGH, GROUPED, Meaning, matches, words_of, year_and_month
from pipeline.ingest.proposing.personal import Suspicion
from pipeline.model.contract import CONTRACTS

_OPEN = ("population", "geography", "boundaries")  # of places only: nothing in them is about people
_EVENTS = ("crimes", "incidents", "responses", "case_reviews", "actions")  # each of some district


def columns_of(
    meaning: Meaning,
    forms: Mapping[str, Form],
    samples: Mapping[str, Sequence[str]],
    suspicions: Mapping[str, Suspicion],
    around: Around,
) -> Columns:
    """Every column of the draft. `samples` has some distinct values by header."""
    made = Columns()
    contract = CONTRACTS[meaning.contract]
    headers = dict(meaning.headers)
    for name, header in headers.items():
        column = contract.column(name)
        assert column is not None
        suspicion = suspicions.get(header)
        if column.name.endswith("_ref") and "keyed hash" in column.meaning:
            made.main[name] = {"from": header, "hashed": True}
            made.comments[name] = "a reference of people: stored only as a keyed hash"
        elif suspicion and suspicion.by == "shape" and meaning.contract not in _OPEN and name not in ANY_CODE:
            if name == "respondent":
                made.main[name] = {"from": header, "hashed": True}
                made.comments[name] = f"looks like {suspicion}: stored only as a keyed hash"
        else:
            made.main[name] = derived(made, column, header, forms[header], samples[header], around)
            if meaning.contract in _OPEN:
                made.main[name].pop("allowed", None)
                made.comments.pop(name, None)
    if meaning.contract == "crimes":
        _add_suspects(made, forms, samples, around, used=set(headers.values()))
    _complete(made, meaning, forms, samples, around)
    if contract.open_columns:
        _add_questions(made, forms, suspicions)
    _ignore_rest(made, forms, suspicions)
    order = {column.name: number for number, column in enumerate(contract.columns)}
    made.main = dict(sorted(made.main.items(), key=lambda item: order.get(item[0], len(order))))
    return made


def _add_suspects(
    made: Columns,
    forms: Mapping[str, Form],
    samples: Mapping[str, Sequence[str]],
    around: Around,
    used: set[str],
) -> None:
    free = {header: form for header, form in forms.items() if header not in used}
    for name, (header, _) in matches("suspects", free, samples).items():
        column = CONTRACTS["suspects"].column(name)
        assert column is not None
        if name == "suspect_ref":
            made.suspects[name] = {"from": header, "hashed": True}
        else:
            made.suspects[name] = derived(made, column, header, forms[header], samples[header], around)


def _complete(
    made: Columns,
    meaning: Meaning,
    forms: Mapping[str, Form],
    samples: Mapping[str, Sequence[str]],
    around: Around,
) -> None:
    """What every row must have, where no column of the file has it."""
    contract, main = CONTRACTS[meaning.contract], made.main
    if contract.column("recorded_on") and not {"recorded_on", "committed_on", "month"} & set(main):
        dates = [h for h, form in forms.items() if form.kind in ("date", "serial") and h not in used_by(made)]
        if dates:
            column = contract.column("recorded_on")
            assert column is not None
            header = dates[0]
            main["recorded_on"] = derived(made, column, header, forms[header], samples[header], around)
            made.comments["recorded_on"] = f"{DECIDE}is this the day it was reported?"
    if meaning.contract in GROUPED and not {"recorded_on", "committed_on", "month"} & set(main):
        _add_months_beside(made, forms)
    if contract.column("month") and "month" not in main and not made.unpivot:
        _add_month(made, forms, around)
    committed = main.get("committed_on", {})
    if "%H" in committed.get("date_format", "") and "committed_hour" not in main:
        main["committed_hour"] = {"from": committed["from"], "time_format": committed["date_format"]}
    if meaning.contract in _EVENTS and "district_code" not in main:
        _add_named_district(made, forms, samples, around)
    if meaning.contract in GROUPED and "category" not in main:
        few = [one for one, form in forms.items() if form.kind == "codes" and one not in used_by(made)]
        if few:
            made.comments["category"] = (
                f"{DECIDE}no column is named as a category; is it {' or '.join(few)}? Each has few values"
            )
    if meaning.contract in _EVENTS and "district_code" not in main:
        area = around.partnership.area
        if "lsoa_code" in main and around.geography:
            made.geography = around.geography
        else:
            main["district_code"] = {"constant": area.code}
            made.comments["district_code"] = (
                f"{DECIDE}no column names a district; are all rows of {area.name}?"
            )
    if meaning.contract == "responses" and "wave" not in main:
        _add_wave(made, samples)
    if meaning.contract == "returns":
        _add_quarters(made, samples)
        for name in ("item", "area_code"):
            if name not in main:
                main[name] = {
                    "constant": around.partnership.area.code if name == "area_code" else "to_be_named"
                }
                made.comments[name] = f"{DECIDE}no column has it"


def _add_quarters(made: Columns, samples: Mapping[str, Sequence[str]]) -> None:
    found = quarters.column_of(samples)
    if found is None or {"period_start", "period_end"} & set(made.main):
        return
    header, days = found
    for at, name in enumerate(("period_start", "period_end")):
        values = {value: both[at].isoformat() for value, both in days.items()}
        made.main[name] = {"from": header, "values": values}
    made.comments["period_start"] = f"{DECIDE}financial quarters, from April; add those that are to come"


def _add_named_district(
    made: Columns, forms: Mapping[str, Form], samples: Mapping[str, Sequence[str]], around: Around
) -> None:
    """A column whose values are names of the force's districts, whatever it is called."""
    partnership = around.partnership
    named = {area.name.casefold() for area in (partnership.area, *partnership.force.districts)}
    for header, form in forms.items():
        values = samples[header]
        known = [value for value in values if value.casefold() in named]
        if header not in used_by(made) and values and len(known) >= ENOUGH * len(values):
            made.main["district_code"] = {"from": header}
            name_places(made, made.main["district_code"], "district_code", form, values, around)
            return


def _add_months_beside(made: Columns, forms: Mapping[str, Form]) -> None:
    """Columns that are one month each, with its counts, become rows."""
    numbers = [name for name, form in forms.items() if form.kind in ("whole", "decimal", "flag", "codes")]
    months = {month.isoformat(): name for name in numbers if (month := month_of(name))}
    if len(months) > 1 and "quantity" not in made.main:
        made.unpivot = {"items": months, "name_to": "month", "value_to": "quantity"}


def _add_month(made: Columns, forms: Mapping[str, Form], around: Around) -> None:
    for name in ("recorded_on", "applied_on", "due_on", "committed_on"):
        if name in made.main:
            made.main["month"] = {"month_of": name}
            if name == "committed_on":
                made.comments["month"] = f"{DECIDE}the Home Office counts by the day a crime was recorded"
            return
    counted = year_and_month(forms)
    if counted:
        made.main["month"] = {"from": counted[1], "year_from": counted[0]}
    elif around.month:
        made.main["month"] = {"constant": around.month.isoformat()}
        made.comments["month"] = f"{DECIDE}no column has a date; the month is that of the file's name"
    else:
        made.comments["month"] = f"{DECIDE}no column has a date, and every row needs its month"


def _add_wave(made: Columns, samples: Mapping[str, Sequence[str]]) -> None:
    completed = made.main.get("completed_on")
    days = []
    for value in samples.get(completed["from"], ()) if completed else ():
        try:
            written = completed.get("date_format", "%Y-%m-%d") if completed else ""
            days.append(datetime.strptime(value, written).date())  # noqa: DTZ007 - a day, of no zone
        except ValueError:
            continue
    if days:
        first, last = min(days), max(days)
        made.waves[f"{last:%Y-%m}"] = {"start": first.isoformat(), "end": last.isoformat()}
    else:
        made.main["wave"] = {"constant": "1"}
        made.comments["wave"] = f"{DECIDE}no column has a date; name the wave"


def _add_questions(made: Columns, forms: Mapping[str, Form], suspicions: Mapping[str, Suspicion]) -> None:
    for header, form in forms.items():
        if header in used_by(made) or header in suspicions or form.kind in ("date", "time", "empty"):
            continue
        name = _slug(header)
        if not name or name in made.main:
            continue
        read: dict[str, Any] = {"from": header}
        if form.kind in ("codes", "flag"):
            read["allowed"] = list(form.codes)
        elif form.kind in ("whole", "decimal"):
            read["type"] = "INTEGER" if form.kind == "whole" else "DOUBLE"
        if form.unrecorded:
            read["empty"] = list(form.unrecorded)
        made.main[name] = read


def _slug(header: str) -> str:
    slug = "_".join(words_of(header))[:60].strip("_")
    return slug if re.fullmatch(r"[a-z][a-z0-9_]*", slug) else ""


def _ignore_rest(made: Columns, forms: Mapping[str, Form], suspicions: Mapping[str, Suspicion]) -> None:
    used = used_by(made)
    for header in forms:
        if header in used:
            continue
        made.ignored.append(header)
        if header in suspicions:
            made.comments[f"ignored {header}"] = f"looks like {suspicions[header]}: not stored"
