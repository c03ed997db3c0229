"""Every byte of a workspace, unpacked: the tests' own witness of what is still there."""

import gzip
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pandas as pd
import pyarrow.parquet as pq
import pyreadstat

from pipeline.store import Store


def files_with(root: Path, *texts: str) -> list[str]:
    """The files that hold one of the texts, in any encoding that is read, in whatever they are packed."""
    wanted = [text.encode(encoding) for text in texts for encoding in ("utf-8", "utf-16-le")]
    wanted += [text.encode("cp1252", errors="backslashreplace") for text in texts]
    paths = [path for path in sorted(root.rglob("*")) if path.is_file()]
    return [
        path.relative_to(root).as_posix()
        for path in paths
        if any(text in content for content in _contents(path) for text in wanted)
    ]


def _contents(path: Path) -> Iterator[bytes]:
    content = path.read_bytes()
    yield from _unpacked(content)
    if content[:4] == b"PAR1":
        yield str(pq.read_table(path).to_pylist()).encode()
    if content[:3] == b"$FL":
        answers, _ = pyreadstat.read_sav(str(path))
        assert isinstance(answers, pd.DataFrame)
        yield answers.to_csv().encode()
    if path.suffix == ".duckdb":
        with Store.reading(path) as store:
            for table in store.tables():
                yield str(store.rows(f'SELECT * FROM "{table}"')).encode()


def _unpacked(content: bytes) -> Iterator[bytes]:
    yield content
    if content[:2] == b"\x1f\x8b":
        yield gzip.decompress(content)
    if content[:4] == b"PK\x03\x04":
        with ZipFile(BytesIO(content)) as archive:
            for name in archive.namelist():
                yield name.encode()
                yield from _unpacked(archive.read(name))
