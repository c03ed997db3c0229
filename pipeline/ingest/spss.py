"""The only owner of pyreadstat: the variables of an SPSS file as texts."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline.errors import ExtractError
from pipeline.ingest.text import clean_header


def variables_of(path: Path) -> tuple[str, ...]:
    """The names of a file's variables, in order. Raises ExtractError where it cannot be read."""
    _, meta = _read(path, metadataonly=True)
    return tuple(clean_header(name) for name in meta.column_names)


def rows_of(path: Path, wanted: Sequence[str]) -> Iterator[list[str]]:
    """Each respondent's answers to the wanted variables, as texts.

    A coded answer is its label as the file has it (`A bit unsafe`, also `Refusal`: what counts as
    not recorded is for the mapping to say), any other a number or text. No answer is an empty text.
    """
    table, meta = _read(path, usecols=list(wanted), user_missing=True)
    columns = []
    for name in wanted:
        labels = meta.variable_value_labels.get(name, {})
        columns.append([_text(value, labels) for value in table[name].tolist()])
    return map(list, zip(*columns, strict=True))


def answers_of(path: Path) -> tuple[list[str], list[list[str]]]:
    """The names of all variables and, for each respondent, all answers as texts."""
    names = list(_read(path, metadataonly=True)[1].column_names)
    return names, list(rows_of(path, names))


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


def _text(value: Any, labels: dict[Any, str]) -> str:
    if value is None or value != value:
        return ""
    if value in labels:
        return labels[value]
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
