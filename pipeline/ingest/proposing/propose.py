"""From a file to a draft: look, guess, count, write, try."""

import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pipeline.definitions import built_in
from pipeline.definitions.faults import build
from pipeline.definitions.resolved import Definitions
from pipeline.definitions.source import Source
from pipeline.definitions.yaml_nodes import parse_yaml
from pipeline.errors import ExtractError
from pipeline.ingest.drop_folder import is_for
from pipeline.ingest.mapping import Mapping as SourceMapping
from pipeline.ingest.proposing import draft, like, table
from pipeline.ingest.proposing.columns import columns_of
from pipeline.ingest.proposing.derivation import DECIDE, Around, Columns
from pipeline.ingest.proposing.forms import Form, form_of
from pipeline.ingest.proposing.grain import Grain, grain_of
from pipeline.ingest.proposing.known import Fit, fit_of, wanted_by
from pipeline.ingest.proposing.looking import Look, look
from pipeline.ingest.proposing.meanings import contract_of, words_of
from pipeline.ingest.proposing.personal import suspected
from pipeline.ingest.proposing.trial import Trial, attempt
from pipeline.ingest.text import clean_header
from pipeline.model.contract import CONTRACTS

MOST_SAMPLED = 5_000
_DAY = re.compile(
    r"\b(date|day|on|reported|recorded|received|opened|created|committed|logged|when|applied|due)\b"
)
_MONTH_IN_NAME = re.compile(r"(?<!\d)(20\d{2})[-_. ]?(0[1-9]|1[0-2])(?!\d)")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A draft mapping: the id of its source, its YAML, and what came of trying it on the file.

    `decisions` are the lines that a person must look at.
    """

    source_id: str
    contract: str
    text: str
    trial: Trial
    decisions: tuple[str, ...] = field(default=())


def propose(path: Path, definitions: Definitions, received: datetime, passing: Path) -> Proposal:
    """A draft mapping of the file, tried on it as received then. `passing` is for files made on the way.

    Raises ExtractError where no table is found in it.
    """
    with tempfile.TemporaryDirectory(dir=passing) as made:
        folder = Path(made)
        seen = look(path, folder)
        member = folder / seen.name
        return _proposal(seen, member if member.is_file() else path, folder, definitions, received)


def _proposal(seen: Look, path: Path, folder: Path, definitions: Definitions, received: datetime) -> Proposal:
    found = seen.found
    headers = dict(table.columns_of(found))
    if len(set(headers.values())) < len(headers):
        twice = next(name for name in headers.values() if list(headers.values()).count(name) > 1)
        raise ExtractError(
            f"{seen.name}: the header {twice!r} stands there twice; ask the supplier which column is meant, "
            "and have the other renamed"
        )
    fit = fit_of(seen.name, seen.sheet, found.header)
    if fit:
        seen = like.without_sheets(seen) if fit.is_said else seen
        return _like(fit, seen, path, folder, definitions, received)
    rows = [
        {name: (row[place].strip() if place < len(row) else "") for place, name in headers.items()}
        for row in found.rows
    ]
    forms, samples = _forms(seen, headers, rows)
    suspicions = {
        name: found_there
        for name, form in forms.items()
        if (found_there := suspected(name, samples[name], are_codes=form.kind in ("codes", "flag")))
    }
    meaning = contract_of(forms, samples, f"{seen.name} {seen.kind}")
    geographies = [one.id for one in definitions.sources.values() if one.contract == "geography"]
    around = Around(
        definitions.partnership, geographies[0] if len(geographies) == 1 else None, _month_of(seen.name),
        seen.epoch,
    )  # fmt: skip
    columns = columns_of(meaning, forms, samples, suspicions, around)
    mapped = {name: read["from"] for name, read in columns.main.items() if "from" in read}
    fixed = [name for name in columns.main if name not in mapped] + ["wave"] * bool(columns.waves)
    grain = grain_of(meaning.contract, mapped, fixed, rows)
    read_too = {*grain.further, *grain.parts.values()}
    columns.ignored = [name for name in columns.ignored if name not in read_too]
    source_id = draft.id_of(seen.name, list(definitions.sources))
    source = {
        "title": source_id.replace("_", " ").capitalize(),
        "supplier": draft.NOT_SAID,
        **draft.source_of(seen, meaning.contract, columns, grain, _footer(found)),
    }
    if any(
        name == "" and any(place < len(row) and row[place].strip() for row in found.rows)
        for place, name in enumerate(found.header)
    ):
        source["ignored"] = [*source.get("ignored", []), ""]
    notes = _notes(seen, source, grain, definitions)
    text = draft.text_of(source_id, source, columns, notes, [])
    absent = _absent(meaning.contract, columns)
    trial = Trial(stopped=absent) if absent else _tried(source_id, text, path, folder, received)
    head = _head(seen, source_id, text, trial)
    text = draft.text_of(source_id, source, columns, notes, head)
    return Proposal(source_id, meaning.contract, text, trial, _decisions(text))


def _like(
    fit: Fit, seen: Look, path: Path, folder: Path, definitions: Definitions, received: datetime
) -> Proposal:
    """A draft that is a built-in mapping, with what no mapping knows."""
    mapping = built_in.written(fit.mapping)
    source_id = draft.id_of(seen.name, list(definitions.sources))
    source, notes = like.source_of(fit, seen, definitions)
    source = {
        "like": fit.mapping,
        "title": source_id.replace("_", " ").capitalize(),
        "supplier": draft.NOT_SAID,
        **source,
    }
    notes = _notes(seen, source, Grain(), definitions) | notes
    text = draft.text_of(source_id, source, Columns(), notes, [])
    trial = _tried(source_id, text, path, folder, received)
    text = draft.text_of(source_id, source, Columns(), notes, _head(seen, source_id, text, trial))
    return Proposal(source_id, mapping["contract"], text, trial, _decisions(text))


def _decisions(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if DECIDE in line)


def _absent(contract: str, columns: Columns) -> str:
    """What every row of the contract must have and no column of the file gives; empty where there is all."""
    there = {*columns.main, "quantity", *(["wave"] if columns.waves else ())}
    there |= {"month"} if columns.unpivot else set()
    absent = [one.name for one in CONTRACTS[contract].columns if one.required and one.name not in there]
    if not absent:
        return ""
    return f"every row of {contract} needs {' and '.join(absent)}, and no column was found for it"


def _forms(
    seen: Look, headers: Mapping[int, str], rows: Sequence[Mapping[str, str]]
) -> tuple[dict[str, Form], dict[str, list[str]]]:
    """The form of each column, and some of its distinct values."""
    forms, samples = {}, {}
    for place, name in headers.items():
        values = [row[name] for row in rows]
        is_day = _DAY.search(" ".join(words_of(name))) is not None
        forms[name] = form_of(values, is_dated=place in seen.dated, may_be_serial=is_day)
        samples[name] = list(dict.fromkeys(value for value in values if value))[:MOST_SAMPLED]
    return forms, samples


def _month_of(name: str) -> date | None:
    match = _MONTH_IN_NAME.search(name)
    return date(int(match[1]), int(match[2]), 1) if match else None


def _footer(found: table.Found) -> dict[str, Any]:
    """The totals line, where it begins in the first column, and which of its numbers agree."""
    first = [row[0].strip() for row in found.footers if row and row[0].strip()]
    if len(first) < len(found.footers) or not first:
        return {}
    sums, records = table.sums(found)
    footer: dict[str, Any] = {"starts_with": list(dict.fromkeys(first))}
    footer |= {"sums": list(sums)} if sums else {}
    return footer | ({"records": records} if records else {})


def _notes(
    seen: Look,
    source: Mapping[str, Any],
    grain: Grain,
    definitions: Definitions,
) -> dict[str, str]:
    """Comments by key of the source."""
    notes = {
        "title": f"{DECIDE}as printed in the report",
        "supplier": f"{DECIDE}who delivers it",
        "key": grain.evidence,
        "contract": f"{DECIDE}is it this kind of table? docs/reference/curated-tables.md has them all",
    }
    pattern = source["files"][0]
    other = [one.id for one in definitions.sources.values() if is_for(one, Path(seen.name))]
    if other:
        notes["files"] = f"{DECIDE}{', '.join(other)} asks for this file too"
    elif pattern == seen.name:
        notes["files"] = f"{DECIDE}what will the next file be called? * stands for any text"
    else:
        notes["files"] = "* stands for any text"
    if "columns" in source and not grain.key:
        notes["columns"] = grain.evidence
    elif not grain.is_sure:
        notes["key"] = f"{DECIDE}{grain.evidence}; what tells the rest apart?"
    if grain.further and not grain.parts:
        notes["grain"] = f"{DECIDE}is each row of these one and the same thing? It is then counted once"
    if seen.found.last_row:
        notes["sheets"] = (
            f"{DECIDE}row {seen.found.second_row} begins another table; the next file may be longer"
        )
    if "unpivot" in source:
        notes["unpivot"] = f"{DECIDE}each of these columns is a month; add those that are to come"
    if "incidents" in source.get("parts", {}):
        notes["parts"] = "anti-social behaviour is no crime: its rows go to a table of their own"
    if "footer" in source:
        notes["footer"] = "left out of the records; its numbers are compared with them"
    if "ignored" in source:
        notes["ignored"] = "not stored"
    if "sample_design" in source:
        notes["sample_design"] = f"{DECIDE}probability, if people were drawn by chance and have weights"
        notes["waves"] = f"{DECIDE}first and last day of the fieldwork"
    return notes


def draft_source(path: Path, definitions: Definitions, received: datetime, passing: Path) -> Source:
    """The source that a draft of the file declares. Raises ExtractError where none can be read from it."""
    made = propose(path, definitions, received, passing)
    source, refused = _source(made.source_id, made.text)
    if source is None:
        raise ExtractError(f"{path.name}: no draft of it can be read: {refused}")
    return source


def _source(source_id: str, text: str) -> tuple[Source | None, str]:
    """A draft as `config/sources.yaml` would have it, or what is wrong with it."""
    document, issues = parse_yaml(f"version: 1\nsources:\n{text}", "draft")
    if issues:
        return None, "; ".join(map(str, issues))
    plain, place = document.plain["sources"][source_id], ("sources", source_id)
    if "like" in plain:
        plain, _ = built_in.over(built_in.written(plain["like"]), {}, plain, place)
    source, issues = build(Source, plain | {"id": source_id}, document, place)
    return source, "; ".join(map(str, issues))


def _tried(source_id: str, text: str, path: Path, folder: Path, received: datetime) -> Trial:
    """The draft tried on the file."""
    source, refused = _source(source_id, text)
    return attempt(source, path, folder, received) if source else Trial(stopped=refused)


def _head(seen: Look, source_id: str, text: str, trial: Trial) -> list[str]:
    lines = [f"Drafted from {seen.name}. Look at every line marked DECIDE; the rest was read off the file."]
    lines += [f"  {note}" for note in seen.notes]
    if not seen.is_whole:
        lines.append(f"  only its first {len(seen.found.rows):,} records were looked at")
    used = _used(seen, source_id, text)
    if trial.stopped:
        lines.append(f"{used}It cannot be read like this yet:")
        return [*lines, *(f"  {line}" for line in trial.stopped.splitlines())]
    tried = f"ried on the file: {trial.sound:,} of {trial.records:,} records break no rule."
    lines.append(f"{used}T{tried}" if not used else f"{used.rstrip('. ')}; t{tried}")
    lines += [f"  {trial.aside:,} rows of others are set aside"] if trial.aside else []
    lines += [f"  {count:,} refused: {header}: {reason}" for header, reason, count in trial.refused]
    return [
        *lines,
        *(f"  {count:,} doubtful: {header}: {reason}" for header, reason, count in trial.doubtful),
    ]


def _used(seen: Look, source_id: str, text: str) -> str:
    """How many of the file's columns the draft reads."""
    source, _ = _source(source_id, text)
    if source is None:
        return ""
    have = {name.casefold() for _, name in table.columns_of(seen.found)}
    wanted = {clean_header(name).casefold() for name in wanted_by(SourceMapping(source))}
    used = len(have & wanted)
    return f"{used:,} of {len(have):,} columns {'is' if used == 1 else 'are'} used. "
