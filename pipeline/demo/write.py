"""The only place that makes CSV text, so that every run gives the same bytes."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from pipeline.demo.draws import Bools, Ints


def quoted(text: str) -> str:
    """A field as RFC 4180 wants it: in quotes only where it must be."""
    if any(mark in text for mark in ',"\n\r'):
        return '"' + text.replace('"', '""') + '"'
    return text


class Labels:
    """The texts behind a column of codes; code -1 is an empty field."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = np.array([*(quoted(text) for text in texts), ""], dtype=object)

    def __call__(self, codes: Ints) -> list[str]:
        found: list[str] = self._texts[codes].tolist()
        return found


YES_NO = Labels(["N", "Y"])


def flags(values: Bools) -> list[str]:
    """Y and N."""
    return YES_NO(values.astype(np.int64))


_NUMBERS = Labels([str(n) for n in range(100_000)])


def numbers(values: Ints) -> list[str]:
    """Whole numbers below 100,000; -1 is an empty field."""
    return _NUMBERS(values)


def write_columns(path: Path, columns: Mapping[str, Sequence[str]]) -> int:
    """One CSV from columns of ready fields (quoted where needed); returns its rows."""
    lengths = {len(values) for values in columns.values()}
    if len(lengths) != 1:
        raise ValueError(f"{path.name}: columns of different length: {sorted(lengths)}")
    lines = [",".join(quoted(name) for name in columns)]
    lines += map(",".join, zip(*columns.values(), strict=True))
    path.write_bytes(("\n".join(lines) + "\n").encode())
    return lengths.pop()


def write_rows(path: Path, header: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    """One small CSV from rows of plain texts; returns its rows."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    path.write_bytes(text.getvalue().encode())
    return len(rows)
