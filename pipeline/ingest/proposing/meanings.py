"""What columns are called: for each contract, which header probably means which curated column."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from pipeline.definitions.yaml_nodes import parse_yaml
from pipeline.ingest.proposing.forms import Form
from pipeline.model.contract import CONTRACTS, Column

NAMES_FILE = "names.yaml"
SHARED = {"month", "district_code", "ward_code", "lsoa_code", "quantity", "status", "category", "area_code"}
_CODES = {
    "ward_code": re.compile(r"[EW]05\d{6}"),
    "lsoa_code": re.compile(r"[EW]01\d{6}"),
    "district_code": re.compile(r"E0[6-9]\d{6}|W06\d{6}"),
}
_KINDS = {
    "DATE": ("date", "month", "serial"),
    "INTEGER": ("whole", "time", "date"),
    "DOUBLE": ("whole", "decimal"),
    "BOOLEAN": ("flag",),
}
ENOUGH = 0.8
GROUPED = ("crimes", "incidents")  # of which a row may stand for several
GROUPED_SCORE = 6.0
_COUNT = re.compile(
    r"(crime |offence |incident |call |case |complaint )?(counts?|totals?|quantity|n)|"
    r"(number|no|count) of \w+|number|crimes|offences|incidents|complaints|reports"
)


@dataclass(frozen=True, slots=True)
class Meaning:
    """The curated contract that a file seems to be of, and the header of each of its columns."""

    contract: str
    headers: Mapping[str, str]


@cache
def _called() -> Any:
    text = (files(__package__) / NAMES_FILE).read_text(encoding="utf-8")
    document, issues = parse_yaml(text, NAMES_FILE)
    assert not issues, issues
    return document.plain


def contract_of(forms: Mapping[str, Form], samples: Mapping[str, Sequence[str]], said: str) -> Meaning:
    """The contract whose columns are there, by the headers and what stands below them.

    `said` is the file's name and kind, and `samples` are some values of each column, for codes of areas.
    """
    words = set(words_of(" ".join((*forms, said))))
    any_kind = {name: header for name, (header, _) in matches("incidents", forms, samples).items()}
    best, most = Meaning("incidents", any_kind), 0.0
    counted = counted_in(forms)
    for contract, hints in _called()["hints"].items():
        matched = matches(contract, forms, samples)
        read = {header for header, _ in matched.values()}
        is_of_months = CONTRACTS[contract].column("month") is not None
        if counted and counted not in read and not is_of_months and contract != "returns":
            continue  # a table of places or people would drop what the file counts
        score = sum(score for column, (_, score) in matched.items() if column not in SHARED)
        score += sum(2 for word in hints if word in words)
        if any(column.required and column.name not in matched for column in CONTRACTS[contract].columns):
            score -= 3 * (contract in ("returns", "population", "boundaries", "actions"))
        if contract == "responses" and not {"respondent", "completed_on", "wave"} & set(matched):
            score -= 4 * (not set(hints) & words)
        if contract in GROUPED and counted and _is_of_months(matched, forms):
            score += GROUPED_SCORE
            matched["quantity"] = (counted, GROUPED_SCORE)
        if score > most:
            best, most = Meaning(contract, {c: header for c, (header, _) in matched.items()}), score
    return best


def counted_in(forms: Mapping[str, Form]) -> str | None:
    """The header of a column that says how many; None where there is none, or one with other numbers."""
    return next(
        (
            header
            for header, form in forms.items()
            if form.kind in ("whole", "decimal", "flag") and _COUNT.fullmatch(" ".join(words_of(header)))
        ),
        None,
    )


def year_and_month(forms: Mapping[str, Form]) -> tuple[str, str] | None:
    """The headers of a year and of the number of a month, where a file has both."""
    named = {" ".join(words_of(header)): header for header, form in forms.items() if form.kind != "text"}
    return (named["year"], named["month"]) if {"year", "month"} <= set(named) else None


def _is_of_months(matched: Mapping[str, object], forms: Mapping[str, Form]) -> bool:
    return bool({"month", "category"} & set(matched) or year_and_month(forms))


def matches(
    contract: str, forms: Mapping[str, Form], samples: Mapping[str, Sequence[str]]
) -> dict[str, tuple[str, float]]:
    """Each curated column with the header that fits it best, and how well; no header serves two."""
    found = []
    for column, called in _called()["names"][contract].items():
        declared = CONTRACTS[contract].column(column)
        for header, form in forms.items():
            fits = _by_name(called, header)
            if column in _CODES:
                fits = _by_codes(column, samples[header], fits)
            if fits > 0 and (declared is None or _is_fit(declared, form)):
                found.append((fits, column, header))
    taken: dict[str, tuple[str, float]] = {}
    used: set[str] = set()
    for fits, column, header in sorted(found, key=lambda one: -one[0]):
        if column not in taken and header not in used:
            taken[column] = (header, fits)
            used.add(header)
    return taken


def words_of(header: str) -> list[str]:
    """The words of a header, in small letters: `VictimRef_1` is victim, ref, 1."""
    split = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header)
    return re.sub(r"[\W_]+", " ", split).casefold().split()


def _by_name(called: Sequence[str], header: str) -> float:
    words = words_of(header)
    best = 0.0
    for name in called:
        wanted = name.split()
        if set(wanted) <= set(words):
            best = max(best, 2 * len(wanted) - 0.6 * (len(words) - len(wanted)) + 2 * (wanted == words))
    return best


def _by_codes(column: str, values: Sequence[str], by_name: float) -> float:
    """A code of an area is known by its shape; what is of another kind of area's shape is none."""
    if not values:
        return by_name
    for other, shape in _CODES.items():
        if sum(shape.fullmatch(value) is not None for value in values) >= ENOUGH * len(values):
            return by_name + 5 if other == column else 0
    return 0 if column == "lsoa_code" else by_name - 1


def _is_fit(column: Column, form: Form) -> bool:
    kinds = _KINDS.get(column.type)
    if column.name == "month":
        kinds = ("month", "date")
    return kinds is None or form.kind in kinds or (form.kind == "empty" and column.type != "DATE")
