"""The drop folder: which of its files, and of the files in its archives, each source asks for."""

import csv
import io
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from fnmatch import fnmatchcase
from pathlib import Path

from pipeline.definitions.source import Source
from pipeline.errors import ExtractError
from pipeline.ingest import archives

RECEIVED_LIST = "received.csv"
EXCEL_LOCK = "~$"  # what Excel puts beside a workbook while it is open begins so


@dataclass(frozen=True, slots=True)
class Listed:
    """What a `received.csv` says of one file; nothing where a cell of it is empty."""

    received: datetime | None = None
    supplier: str = ""
    records: int | None = None  # how many the supplier says there are


ReceivedList = dict[str, Listed]  # by file name


@dataclass(frozen=True, slots=True)
class Found:
    """A file that a source asks for, where it lies, and when and from whom it was received.

    Of a file in an archive, `path` is the archive's and `member` the file's own path in it.
    """

    path: Path
    source: str
    received: datetime
    supplier: str
    records: int | None = None
    member: str = ""
    is_dated: bool = False  # a received.csv says when it was received

    @property
    def name(self) -> str:
        """The delivery's file name: `archive.zip/2021-01/street.csv` of a file in an archive."""
        return f"{self.path.name}/{self.member}" if self.member else self.path.name


@dataclass(frozen=True, slots=True)
class Search:
    """What the drop folders held.

    `others` are names of files that no source asks for, those first of which more is to be said.
    `links` lead out of the folder and are not followed.
    """

    found: tuple[Found, ...]
    others: tuple[str, ...] = ()
    links: tuple[Path, ...] = ()


def search(places: Sequence[Path], sources: Mapping[str, Source], received: datetime, today: date) -> Search:
    """Every file in or below `places` that a source's pattern matches, in order of receipt.

    A `received.csv` beside the files says when each was received and from whom; `received`
    and the source's own supplier hold for the rest. One file may serve several sources. A folder
    that is not there holds nothing: a workspace may have no drop folder yet. Raises ExtractError for
    an archive that passes a bound and that a source asks for, and for a `received.csv` that dates a
    file after `today`.
    """
    found: list[Found] = []
    others: list[str] = []
    links: list[Path] = []
    lists: dict[Path, ReceivedList] = {}
    for path in _files(places, links):
        if path.parent not in lists:
            lists[path.parent] = received_list(path.parent, today)
        try:
            members = _members(path)
        except ExtractError as error:
            _require_unwanted(path, sources, error)
            others.insert(0, f"{_shown(path)}, which cannot be opened ({error})")
            continue
        wanted = {source.id: _wanted(source, path, members) for source in sources.values()}
        for name in members or [""]:
            if not any(name in asked for asked in wanted.values()):
                _pass_over(path / name, path, sources, others)
        found += [
            describe(path, source, received, lists[path.parent], name)
            for source in sources.values()
            for name in wanted[source.id]
        ]
    return Search(tuple(sorted(found, key=_in_order_of_receipt)), tuple(others), tuple(links))


def _pass_over(file: Path, path: Path, sources: Mapping[str, Source], others: list[str]) -> None:
    """Add a file that no source asks for to `others`, by name, the first where something may be meant."""
    shown = _shown(path) if file == path else f"{_shown(path)}/{_shown(file.relative_to(path))}"
    if file == path and path.is_file() and archives.is_damaged(path):
        others.insert(0, f"{shown}, a damaged archive; ask the supplier for it again")
        return
    if file.name.lower() == RECEIVED_LIST:
        others.insert(0, f"{shown}, which would be read as {RECEIVED_LIST}, written so")
        return
    for source in sources.values():
        if meant := _match(source, file, _in_any_case):
            others.insert(0, f"{shown}, which differs in capitals from {meant}, which {source.id} asks for")
            return
    others.append(shown)


def _require_unwanted(path: Path, sources: Mapping[str, Source], error: ExtractError) -> None:
    """Raise the error with which an archive cannot be opened, where a source asks for what it holds."""
    names = ["", *archives.names(path)]
    if any(is_for(source, path / name) for source in sources.values() for name in names):
        raise error


def chosen(path: Path, source: Source, received: datetime, today: date) -> Search:
    """One file, whatever it is called, as a delivery of `source`; of an archive, the files it is for."""
    listed = received_list(path.parent, today)
    members = _members(path)
    wanted = [name for name in members if is_for(source, path / name)] or members or [""]
    return Search(tuple(describe(path, source, received, listed, name) for name in wanted))


def _members(path: Path) -> list[str]:
    """The files in an archive; none where it is no archive. Raises ExtractError for a damaged one."""
    if not path.is_file() or not archives.holds_files(path):
        return []
    return [member.name for member in archives.members(path)]


def _shown(path: Path) -> str:
    """A file's name as it can be printed: bytes that are no UTF-8 are escaped."""
    name = path.name if path.is_absolute() else str(path)
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def describe(path: Path, source: Source, received: datetime, listed: ReceivedList, member: str) -> Found:
    """The file as a delivery of `source`, with what a `received.csv` beside it says."""
    try:
        path.name.encode()
    except UnicodeEncodeError:
        raise ExtractError(
            f"{_shown(path)}: the file's name is not in UTF-8, as old archives leave them; give it a name of "
            "plain letters"
        ) from None
    said = listed.get(path.name, Listed())
    when = said.received or _aware(received)
    supplier = said.supplier or source.supplier
    return Found(path, source.id, when, supplier, said.records, member, said.received is not None)


def _wanted(source: Source, path: Path, members: Sequence[str]) -> list[str]:
    """What a source asks for of a file: the file (""), or files in it where it is an archive.

    A pattern that matches the archive and none of its files asks for all of them.
    """
    inside = [name for name in members if is_for(source, path / name)]
    return inside or (list(members or [""]) if is_for(source, path) else [])


def is_for(source: Source, path: Path) -> bool:
    """Whether the end of `path` matches one of the source's patterns, part by part."""
    return _match(source, path, fnmatchcase) is not None


def _match(source: Source, path: Path, matches: Callable[[str, str], bool]) -> str | None:
    """The first of the source's patterns that the end of `path` matches, part by part."""
    for pattern in source.files:
        wanted = Path(pattern).parts
        have = path.parts[-len(wanted) :]
        if len(have) == len(wanted) and all(map(matches, have, wanted)):
            return pattern
    return None


def _in_any_case(name: str, pattern: str) -> bool:
    return fnmatchcase(name.lower(), pattern.lower())


def _in_order_of_receipt(found: Found) -> tuple[datetime, str, str]:
    return found.received, found.source, found.name


def _files(places: Sequence[Path], links: list[Path]) -> Iterator[Path]:
    """The files in or below `places`; what is a link that leads out of its place is added to `links`."""
    for place in places:
        if place.is_file():
            yield place.resolve()
        elif place.is_dir():
            root = place.resolve()
            for folder, folders, names in os.walk(root):
                folders[:] = sorted(name for name in folders if not name.startswith("."))
                names = [n for n in names if n != RECEIVED_LIST and not n.startswith((".", EXCEL_LOCK))]
                for path in (Path(folder, name) for name in (*folders, *sorted(names))):
                    leads_nowhere = path.is_symlink() and not path.exists()
                    if path.is_symlink() and not leads_nowhere and not path.resolve().is_relative_to(root):
                        links.append(path)
                    elif path.is_file() or leads_nowhere:  # and no folder, pipe or device
                        yield path


def received_list(folder: Path, today: date) -> ReceivedList:
    """When each file was received and from whom, by a folder's `received.csv`; empty where it has none.

    Raises ExtractError where it is not readable, or dates a file after `today`.
    """
    path = folder / RECEIVED_LIST
    if not path.is_file():
        return {}
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ExtractError(f"{path}: it is not in UTF-8; save it as `CSV UTF-8`") from None
    rows: ReceivedList = {}
    with io.StringIO(text, newline="") as file:
        reader = csv.DictReader(file)
        if not {"file", "received"} <= set(reader.fieldnames or ()):
            raise ExtractError(
                f"{path}: its first line must name the columns file,received,supplier[,records]"
            )
        for row in reader:
            try:
                when = _aware(datetime.fromisoformat(row["received"])) if row["received"] else None
            except ValueError:
                raise ExtractError(
                    f"{path}:{reader.line_num}: received is not a date and time "
                    "written like 2023-06-30T18:00:00"
                ) from None
            if when and when.date() > today:
                raise ExtractError(
                    f"{path}:{reader.line_num}: received is in the future ({when:%Y-%m-%d}), so that what "
                    "comes until then would count as older; correct it"
                )
            records = (row.get("records") or "").strip()
            if records and not records.isdecimal():
                raise ExtractError(f"{path}:{reader.line_num}: records is not a whole number")
            supplier = row.get("supplier") or ""
            rows[row["file"]] = Listed(when, supplier, int(records) if records else None)
    return rows


def _aware(moment: datetime) -> datetime:
    """UTC, also where no zone is written: deliveries are put in order by these."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
