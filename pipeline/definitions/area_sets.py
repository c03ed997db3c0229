"""Area sets from a file: a most-similar group as the police supply it, with the dates of its members.

    code,name,from,until
    E08000029,Solihull,,2022-09-30
    E06000015,Derby,2022-10-01,

`from` and `until` are the first and the last day of a membership; an empty one is open. An area that
left and came back has a line for each time.
"""

import csv
from datetime import date
from pathlib import Path

from pipeline.definitions.resolved import Member
from pipeline.definitions.yaml_nodes import MAX_BYTES
from pipeline.model.issue import Issue

COLUMNS = ("code", "name", "from", "until")


def read_members(file: Path, shown_as: str) -> tuple[tuple[Member, ...], list[Issue]]:
    """The members that a file lists, in its order, and everything that is wrong with it."""
    if file.stat().st_size > MAX_BYTES:
        return (), [Issue(shown_as, 1, 1, f"the file has more than {MAX_BYTES:,} bytes")]
    try:
        lines = file.read_bytes().decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        return (), [Issue(shown_as, 1, 1, "the file is not UTF-8 text; save it again as UTF-8")]
    rows = list(csv.reader(lines))
    header = tuple(cell.strip().lower() for cell in rows[0]) if rows else ()
    if header != COLUMNS:
        found = ", ".join(header) or "nothing"
        return (), [Issue(shown_as, 1, 1, f"found the columns {found}; allowed: {', '.join(COLUMNS)}")]
    members: list[Member] = []
    issues: list[Issue] = []
    for line, row in enumerate(rows[1:], start=2):
        if any(cell.strip() for cell in row):
            member = _member(row, shown_as, line, issues)
            members += [member] if member is not None else []
    if not members and not issues:
        issues.append(Issue(shown_as, 1, 1, "the file lists no area"))
    return tuple(members), issues


def _member(row: list[str], file: str, line: int, issues: list[Issue]) -> Member | None:
    cells = [cell.strip() for cell in row]
    if len(cells) != len(COLUMNS) or not cells[0] or not cells[1]:
        message = f"found {len(cells)} cells; allowed: {', '.join(COLUMNS)}, with a code and a name"
        issues.append(Issue(file, line, 1, message))
        return None
    days: list[date | None] = []
    for column, cell in zip(COLUMNS[2:], cells[2:], strict=True):
        try:
            days.append(date.fromisoformat(cell) if cell else None)
        except ValueError:
            issues.append(Issue(file, line, 1, f"{column}: found '{cell}'; allowed: a day YYYY-MM-DD"))
            return None
    since, until = days
    if since and until and until < since:
        issues.append(Issue(file, line, 1, f"{cells[1]} leaves on {until} before it joins on {since}"))
        return None
    return Member(code=cells[0], name=cells[1], from_=since, until=until)
