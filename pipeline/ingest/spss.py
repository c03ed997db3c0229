"""The only owner of pyreadstat: the variables of an SPSS file as texts."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import ExtractError
from pipeline.ingest.spreadsheet import texts_of
from pipeline.ingest.text import clean_header


def variables_of(path: Path) -> tuple[str, ...]:
    """The names of a file's variables, in order. Raises ExtractError where it cannot be read."""
    _, meta = _read(path, metadataonly=True)
    return tuple(clean_header(name) for name in meta.column_names)


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers of each respondent as texts, and how many of each variable the file says are missing."""

    rows: list[list[str]]
    missing: Mapping[str, int]


def read_answers(
    path: Path,
    wanted: Sequence[str],
    numbers: Collection[str] = (),
    formats: Mapping[str, str] | None = None,
    *,
    keep_missing: bool = False,
) -> Answers:
    """Each respondent's answers to the wanted variables.

    A coded answer is its label as the file has it (`A bit unsafe`, also `Refusal`: what counts as
    not recorded is for the mapping to say), any other a number or text. Of `numbers` it is the number,
    labelled or not. No answer is an empty text, and so is one that the file declares missing and that has
    no label, or would be a number, unless they are kept. `formats` are how days and times are written, by
    variable; else as ISO.
    """
    table, meta = _read(path, usecols=list(wanted), user_missing=True)
    columns: list[list[str]] = []
    missing: dict[str, int] = {}
    for name in wanted:
        labels = {} if name in numbers else meta.variable_value_labels.get(name, {})
        declared = [] if keep_missing else meta.missing_ranges.get(name, [])
        values = table[name].tolist()
        texts = [_text(value, labels, (formats or {}).get(name, "")) for value in values]
        for place, value in enumerate(values):
            if texts[place] and value not in labels and _is_among(value, declared):
                texts[place] = ""
                missing[name] = missing.get(name, 0) + 1
        columns.append(texts)
    return Answers(list(map(list, zip(*columns, strict=True))), missing)


def answers_of(path: Path) -> tuple[list[str], list[list[str]]]:
    """The names of all variables and, for each respondent, all answers as texts, declared missing or not."""
    names = list(_read(path, metadataonly=True)[1].column_names)
    return names, read_answers(path, names, keep_missing=True).rows


def write_without(path: Path, new: Path, going: Mapping[int, Sequence[str]]) -> None:
    """Write the file anew without the answers that go: by respondent, counted from 0, their variables."""
    import pyreadstat

    table, meta = _read(path, user_missing=True)
    for number, names in going.items():
        for name in names:
            is_text = meta.original_variable_types[name].startswith("A")
            table.at[table.index[number], name] = "" if is_text else None
    pyreadstat.write_sav(
        table,
        str(new),
        file_label=meta.file_label or "",
        column_labels=meta.column_names_to_labels,
        variable_value_labels=meta.variable_value_labels,
        missing_ranges=meta.missing_ranges,
        variable_measure=meta.variable_measure,
        variable_format=meta.original_variable_types,
    )


def _read(path: Path, **how: Any) -> tuple[Any, Any]:
    import pyreadstat  # with pandas: loads in half a second

    try:
        return pyreadstat.read_sav(str(path), **how)
    except (pyreadstat.PyreadstatError, pyreadstat.ReadstatError):
        raise ExtractError(f"{path.name}: the SPSS file is damaged; ask the supplier for it again") from None


def _text(value: Any, labels: Mapping[Any, str], form: str) -> str:
    if value is None or value != value:
        return ""
    if value in labels:
        return labels[value]
    return texts_of([value], {0: form})[0]


def _is_among(value: Any, ranges: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a value is in one of the ranges, of numbers or of texts."""
    return any(
        isinstance(value, str) == isinstance(one["lo"], str) and one["lo"] <= value <= one["hi"]
        for one in ranges
    )
