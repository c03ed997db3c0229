"""Hot paths of reading: blocks of lines, and spaces around values."""

import hashlib
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from pipeline.ingest.casting import trimmed
from pipeline.ingest.text import BLOCK_BYTES, head, scan
from pipeline.store import Rows, Store

LINE = b"aaaa,bbb\n"
SPACES = " \u00a0\u1680\u2003\u202f\u205f\u3000"  # those that Unicode calls space separators


def scanned_plain(path: Path, content: bytes) -> bool:
    path.write_bytes(content)
    return scan(path, hashlib.sha256(content).hexdigest(), ",", head(path, ",")).plain


def test_a_record_of_no_values_is_seen_wherever_a_block_begins(tmp_path: Path) -> None:
    """The first block ends with the last whole line in it, the second begins with the next line."""
    whole = LINE * (BLOCK_BYTES // len(LINE))
    assert scanned_plain(tmp_path / "a.csv", whole + LINE * 3)
    assert not scanned_plain(tmp_path / "b.csv", whole + b",\n" + LINE * 3)
    assert not scanned_plain(tmp_path / "c.csv", whole + LINE + b",\n" + LINE)


def test_lines_are_counted_across_blocks(tmp_path: Path) -> None:
    content = LINE * (2 * BLOCK_BYTES // len(LINE)) + b"last,line"
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    found = scan(path, hashlib.sha256(content).hexdigest(), ",", head(path, ","))
    assert found.lines.physical == len(content.splitlines())
    assert found.lines.records == found.lines.physical - 1


@given(st.lists(st.text(alphabet=f"{SPACES}\tabé", max_size=6), min_size=1, max_size=20))
def test_values_lose_outer_spaces_and_nothing_else(texts: list[str]) -> None:
    with Store.in_memory({"t": Rows({"text": "VARCHAR"}, [{"text": text} for text in texts])}) as store:
        found = [row["value"] for row in store.rows(f"SELECT {trimmed('text')} AS value FROM t")]
    assert found == [text.strip(SPACES) or None for text in texts]
