"""Archives: zip files, held to bounds before anything in them is opened.

No name in an archive is ever used as a path: members are read as streams of bytes.
"""

import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from zipfile import BadZipFile, ZipFile, ZipInfo

from pipeline.errors import ExtractError

ZIP = b"PK\x03\x04"
MOST_ENTRIES = 20_000  # every force's files of three years are some 5,000
MOST_UNPACKED_BYTES = 32 << 30
MOST_RATIO = 250  # a table of repeated words packs to a fiftieth; a thousandth is an attack
RATIO_FROM_BYTES = 16 << 20  # what unpacks to less can do no harm
BLOCK_BYTES = 1 << 20
SYSTEM_FILES = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive: its path there, with `/` between the parts, and its unpacked size."""

    name: str
    size_bytes: int


@contextmanager
def opened(path: Path) -> Iterator[ZipFile]:
    """The zip file at `path`. Raises ExtractError where it is damaged or passes a bound."""
    try:
        with ZipFile(path) as archive:
            _check_bounds(path.name, archive.infolist())
            yield archive
    except (BadZipFile, zlib.error, EOFError):
        raise ExtractError(f"{path.name}: the archive is damaged; ask the supplier for it again") from None
    except NotImplementedError:
        raise ExtractError(
            f"{path.name}: it is packed in a way that is not read here; unpack it and drop its files"
        ) from None


def holds_files(path: Path) -> bool:
    """Whether a file is a zip of files, by what it holds; a workbook is none, though it is a zip."""
    with path.open("rb") as file:
        if file.read(len(ZIP)) != ZIP:
            return False
    try:
        with ZipFile(path) as archive:
            return not {"[Content_Types].xml", "mimetype"}.intersection(archive.namelist())
    except (BadZipFile, NotImplementedError):
        return False  # read as any other file it is refused where a source asks for it, with the reason


def is_damaged(path: Path) -> bool:
    """Whether a file begins as a zip and is none that can be read."""
    with path.open("rb") as file:
        return file.read(len(ZIP)) == ZIP and not names(path)


def names(path: Path) -> list[str]:
    """The names of what an archive holds, whatever they are; none where that cannot be read."""
    try:
        with ZipFile(path) as archive:
            return [entry.filename.replace("\\", "/") for entry in archive.infolist()]
    except (BadZipFile, NotImplementedError, OSError):
        return []


def members(path: Path) -> list[Member]:
    """The files in an archive, in its order, without what operating systems add."""
    with opened(path) as archive:
        found = [
            Member(name_of(path.name, entry), entry.file_size)
            for entry in archive.infolist()
            if not entry.is_dir()
        ]
    names = [member.name for member in found]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise ExtractError(f"{path.name}: the archive holds two files called {twice}; ask which one is meant")
    return [member for member in found if not _is_system_file(member.name)]


def blocks_of(path: Path, member: str) -> Iterator[bytes]:
    """The bytes of one member. Raises ExtractError where they are not what the archive says they are."""
    with opened(path) as archive:
        entry = next((e for e in archive.infolist() if name_of(path.name, e) == member), None)
        if entry is None:
            raise ExtractError(f"{path.name}: the archive has no file {member}")
        with archive.open(entry) as packed:
            while block := packed.read(BLOCK_BYTES):
                yield block


def _check_bounds(name: str, entries: list[ZipInfo]) -> None:
    if len(entries) > MOST_ENTRIES:
        raise ExtractError(
            f"{name}: the archive holds {len(entries):,} files; at most {MOST_ENTRIES:,} are read. "
            "Unpack it and drop the files that are wanted."
        )
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MOST_UNPACKED_BYTES:
        raise ExtractError(
            f"{name}: the archive would unpack to {unpacked:,} bytes; "
            f"at most {MOST_UNPACKED_BYTES:,} are read"
        )
    for entry in entries:
        if entry.flag_bits & 1:
            raise ExtractError(f"{name}: {entry.filename} in it has a password; ask for it without one")
        if entry.file_size > RATIO_FROM_BYTES and entry.file_size > MOST_RATIO * entry.compress_size:
            raise ExtractError(
                f"{name}: {entry.filename} in it would unpack to {entry.file_size:,} bytes, "
                f"{entry.file_size // max(1, entry.compress_size):,} times its size in the archive; "
                f"at most {MOST_RATIO} times is read. It is not opened: ask the supplier what it is."
            )


def name_of(archive: str, entry: ZipInfo) -> str:
    """The name of a member, as deliveries have it. Raises ExtractError for one that points elsewhere."""
    path = PurePosixPath(entry.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or (path.parts and ":" in path.parts[0]):
        raise ExtractError(
            f"{archive}: {entry.filename} in it is a path out of the archive; it is not opened. "
            "Ask the supplier what it is."
        )
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise ExtractError(f"{archive}: {entry.filename} in it is a link to another file; it is not followed")
    return str(path)


def _is_system_file(name: str) -> bool:
    return name.startswith(SYSTEM_FILES) or name.rpartition("/")[2].startswith((".", *SYSTEM_FILES))
