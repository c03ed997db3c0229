"""Headers: where the columns that a source wants stand in a file."""

import difflib
from collections.abc import Sequence

from pipeline.definitions.source import Source
from pipeline.errors import ExtractError
from pipeline.ingest.text import clean_header


def positions(wanted: Sequence[str], header: Sequence[str], file_name: str, source: str) -> dict[str, int]:
    """The position of each wanted header, whatever its case. Raises ExtractError for a missing one."""
    folded: dict[str, list[int]] = {}
    for position, name in enumerate(header):
        folded.setdefault(clean_header(name).casefold(), []).append(position)
    places = {}
    for name in wanted:
        at = folded.get(clean_header(name).casefold(), [])
        if len(at) > 1:
            raise ExtractError(
                f"{file_name}: the header {name!r} stands there {len(at)} times; "
                "ask the supplier which column is meant, and have the other renamed"
            )
        if at:
            places[name] = at[0]
    missing = [name for name in wanted if name not in places]
    if missing:
        raise ExtractError(_missing(missing, len(wanted), header, file_name, source))
    return places


def _missing(missing: Sequence[str], wanted: int, header: Sequence[str], file_name: str, source: str) -> str:
    lines = [f"{file_name}: source {source} expects columns that the file does not have."]
    found = wanted - len(missing)
    if 2 * found < wanted:  # the first line may be a person's record, which no message holds
        lines += [f"  expected: {name}" for name in missing]
        lines.append(
            f"  found: {len(header)} columns, {found} of them expected. "
            "Is the line of headers missing, or is it another file?"
        )
    else:
        for name in missing:
            near = difflib.get_close_matches(name, header, n=1, cutoff=0.6)
            lines.append(f"  expected: {name}" + (f"   did you mean: {near[0]}?" if near else ""))
        lines.append(f"  found: {', '.join(header)}")
    lines.append(
        "  Next: if the supplier renamed a column from this file on, say so under "
        f'`{source}: formats:` in config/sources.yaml (`- {{file: "{file_name}", columns: ...}}`); earlier '
        f"files keep what `{source}: columns:` says. If no file ever had it, correct it there. Otherwise ask "
        "for the file again."
    )
    return "\n".join(lines)


def check_named(header: Sequence[str], file_name: str, source: Source) -> None:
    """Refuse a header with an empty cell: names that moved by one column would not be noticed."""
    if "" in header and "" not in source.ignored:
        raise ExtractError(
            f"{file_name}: column {header.index('') + 1} of its header has no name. Ask which column it is; "
            f'if it is not wanted, add "" under `{source.id}: ignored:` in config/sources.yaml.'
        )
