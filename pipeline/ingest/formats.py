"""Formats: a source as it maps files of another time or name, by its `formats:`."""

from datetime import datetime
from fnmatch import fnmatchcase

from pipeline.definitions.source import Derived, Format, Source
from pipeline.errors import ExtractError


def fits(form: Format, file_name: str, received: datetime) -> bool:
    """Whether a delivery is in this format, by its name and the day of its receipt."""
    day = received.date()
    return (
        (fnmatchcase(file_name, form.file) or fnmatchcase(file_name.rpartition("/")[2], form.file))
        and (form.valid_from is None or form.valid_from <= day)
        and (form.valid_until is None or day <= form.valid_until)
    )


def as_mapped(source: Source, form: Format) -> Source:
    """The source with what the format has otherwise; a plain header keeps the rest of its column.

    Raises ExtractError where the format names a column that the source does not have.
    """
    columns = dict(source.columns)
    for name, other in form.columns.items():
        if name not in columns:
            raise ExtractError(
                f"source {source.id}: `formats:` names {name}, which is not among its columns: "
                f"{', '.join(columns)}"
            )
        usual = columns[name]
        if isinstance(other, str) and isinstance(usual, Derived):
            other = usual.model_copy(update={"from_": other})
        columns[name] = other
    return source.model_copy(
        update={
            "columns": columns,
            "encoding": form.encoding or source.encoding,
            "delimiter": form.delimiter or source.delimiter,
            "formats": (),
        }
    )
