"""The tutorial is followed literally. It builds two editions, so it has a file, and a worker, of its own."""

from pathlib import Path

from tests.docs.following import follow
from tests.docs.prose import TUTORIAL


def test_the_tutorial_can_be_followed(tmp_path: Path) -> None:
    printed = follow(TUTORIAL, tmp_path)
    editions = sorted(path.name for path in (tmp_path / "my-partnership/reports/editions").iterdir())
    assert editions == ["2023-annual", "2023-q3"]
    assert "published" in printed[-2]
    assert "nothing new" in printed[-1]
