"""Preparing: a stored file as one that can be read, out of its archive and in UTF-8.

What is made for that stands in a folder of the run and goes with it; the stored file stays as it is.
"""

import codecs
import hashlib
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from pipeline.errors import ExtractError
from pipeline.ingest import archives
from pipeline.ingest.kinds import kind_of
from pipeline.ingest.text import AGAIN, UTF_16, unpacked
from pipeline.model.delivery import Extract

BLOCK_BYTES = 1 << 20
_CONTROLS = re.compile(rb"[\x80-\x9f]")
LONGEST_NAME_BYTES = 255  # that file systems take; a character has up to four


def prepare(extract: Extract, stored: Path, encoding: str, folder: Path) -> tuple[Path, str]:
    """Where the delivery can be read, and the sha256 of what is there.

    Raises ExtractError where the stored file is gone or altered, its archive passes a bound, or its
    bytes are not in the declared encoding.
    """
    path, sha256 = stored, extract.sha256
    if not stored.is_file():
        raise ExtractError(f"{stored}: the stored file is gone. {AGAIN}")
    if extract.archive:
        path = _place(folder, extract)
        sha256 = _write(path, archives.blocks_of(stored, extract.member))
        if sha256 != extract.sha256:
            raise ExtractError(
                f"{stored}: the stored archive is not the one that was received: expected sha256 "
                f"{extract.sha256} of {extract.member}, found {sha256}. {AGAIN}"
            )
    if encoding != "utf-8" and kind_of(path) == "text":
        recoded = _place(folder / "utf-8", extract)
        sha256 = _write(recoded, _recoded(unpacked(path, sha256), encoding, path.name))
        path = recoded
    return path, sha256


def _place(folder: Path, extract: Extract) -> Path:
    """A path of our own making: no part of a name in an archive leads anywhere."""
    name = re.sub(r"[^\w.() -]", "_", (extract.member or extract.file_name).rpartition("/")[2])
    if len(name.encode()) > LONGEST_NAME_BYTES:
        name = name[-LONGEST_NAME_BYTES // 4 :]  # its end says of what kind it is
    place = folder / extract.delivery
    place.mkdir(parents=True, exist_ok=True)
    return place / name


def _write(path: Path, blocks: Iterator[bytes]) -> str:
    digest = hashlib.sha256()
    with path.open("wb") as file:
        for block in blocks:
            digest.update(block)
            file.write(block)
    return digest.hexdigest()


def _recoded(blocks: Iterator[bytes], encoding: str, name: str) -> Iterator[bytes]:
    """The bytes in UTF-8. Raises ExtractError at the first byte that the encoding does not have.

    Text beyond ASCII that is whole UTF-8 was declared wrongly: read as anything else it is garbled.
    """
    first = next(blocks, b"")
    blocks = chain((first,), blocks)
    decoder = codecs.getincrementaldecoder(_with_order(encoding, first, name))()
    as_utf8 = codecs.getincrementaldecoder("utf-8")()
    position = 0
    beyond_ascii, is_utf8 = False, encoding != "utf-16"
    for block in blocks:
        if encoding == "latin-1" and (control := _CONTROLS.search(block)):
            raise _not_latin_1(name, position + control.start())
        pending = len(decoder.getstate()[0])
        try:
            text = decoder.decode(block)
        except UnicodeDecodeError as error:
            raise _not_in(encoding, name, position - pending + error.start) from None
        position += len(block)
        beyond_ascii = beyond_ascii or not block.isascii()
        if is_utf8:
            try:
                as_utf8.decode(block)
            except UnicodeDecodeError:
                is_utf8 = False
        yield text.encode()
    if decoder.getstate()[0]:
        raise _not_in(encoding, name, position - len(decoder.getstate()[0]))
    if beyond_ascii and is_utf8:
        raise ExtractError(
            f"{name}: it is UTF-8, and config/sources.yaml declares {encoding}, which would garble it. "
            "Take `encoding:` out of its source, or give this file a format of its own under `formats:`."
        )


def _with_order(encoding: str, first: bytes, name: str) -> str:
    """The encoding with the order of its bytes, where no mark at the start of a UTF-16 file says it."""
    if encoding != "utf-16" or not first or first.startswith(UTF_16):
        return encoding
    if b"\0" not in first[:2]:
        raise _not_in(encoding, name, 0)
    return "utf-16-le" if first[1:2] == b"\0" else "utf-16-be"


def _not_latin_1(name: str, byte: int) -> ExtractError:
    return ExtractError(
        f"{name}: byte {byte} is a control character in latin-1, and a quotation mark, a dash or the like in "
        "cp1252: declare `encoding: cp1252` for its source in config/sources.yaml"
    )


def _not_in(encoding: str, name: str, byte: int) -> ExtractError:
    return ExtractError(f"{name}: byte {byte} is not {encoding}, which config/sources.yaml declares")
