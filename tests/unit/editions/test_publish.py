"""Publishing: the old edition or the new one, never a mixture, whatever happens in between."""

from pathlib import Path

import pytest

from pipeline.editions import publish
from pipeline.editions.publish import published


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_first_edition_is_the_only_folder(tmp_path: Path) -> None:
    target = tmp_path / "editions" / "2026-annual"
    with published(target) as new:
        (new / "results.csv").write_text("one")
    assert names(target.parent) == ["2026-annual"]
    assert (target / "results.csv").read_text() == "one"


@pytest.mark.parametrize("swaps", [True, False], ids=["one rename", "two renames"])
def test_a_draft_is_replaced_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, swaps: bool) -> None:
    if not swaps:
        monkeypatch.setattr(publish, "_exchange", lambda one, other: False)
    target = tmp_path / "2026-annual"
    for text in ("one", "two"):
        with published(target) as new:
            (new / f"{text}.csv").write_text(text)
    assert names(target) == ["two.csv"]
    assert names(tmp_path) == ["2026-annual"]


def test_a_failed_build_leaves_the_last_good_edition(tmp_path: Path) -> None:
    target = tmp_path / "2026-annual"
    with published(target) as new:
        (new / "results.csv").write_text("good")
    with pytest.raises(FileNotFoundError), published(target) as new:
        (new / "results.csv").write_text((new / "missing.csv").read_text() or "half")
    assert (target / "results.csv").read_text() == "good"
    assert names(tmp_path) == ["2026-annual"]


def test_where_the_second_rename_fails_the_last_good_edition_stands_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publish, "_exchange", lambda one, other: False)
    target = tmp_path / "2026-annual"
    with published(target) as new:
        (new / "results.csv").write_text("good")
    rename = Path.rename

    def refuse_new(path: Path, to: Path) -> Path:
        if path.name.endswith(".new"):
            raise FileExistsError(path)
        return rename(path, to)

    monkeypatch.setattr(Path, "rename", refuse_new)
    with pytest.raises(FileExistsError), published(target):
        pass
    assert (target / "results.csv").read_text() == "good"
    assert names(tmp_path) == ["2026-annual"]


def test_what_a_killed_run_left_is_mended(tmp_path: Path) -> None:
    """A kill between the two renames of a system that cannot swap leaves only the old edition, aside."""
    (tmp_path / ".2026-annual.old").mkdir()
    (tmp_path / ".2026-annual.old" / "results.csv").write_text("good")
    (tmp_path / ".2026-annual.new").mkdir()
    target = tmp_path / "2026-annual"
    with pytest.raises(RuntimeError), published(target):
        raise RuntimeError
    assert (target / "results.csv").read_text() == "good"
    assert names(tmp_path) == ["2026-annual"]
