"""Sets of areas with dates: in partnership.yaml, or in a file as the police supply it."""

from datetime import date

import pytest

from pipeline.definitions.load import load
from tests.unit.definitions.conftest import Config

HEADER = "code,name,from,until\n"
THREE = HEADER + "E07000001,Ambridge,,\nE07000002,Felpersham,,2022-09-30\nE07000009,Borchester,2022-10-01,\n"
MEMBERS = "    members: [{code: E07000001, name: Ambridge}, {code: E07000002, name: Felpersham}]\n"


def from_file(config: Config, text: str) -> None:
    """Let the set `two` stand in a file with that text."""
    config.write("similar.csv", text)
    config.change("partnership.yaml", MEMBERS, "    file: similar.csv\n")


def test_a_set_in_a_file_has_its_members_and_their_dates(config: Config) -> None:
    from_file(config, THREE)
    found = load(config.folder).partnership.area_sets["two"]
    assert found.on(date(2022, 9, 30)) == ("E07000001", "E07000002")
    assert found.on(date(2022, 10, 1)) == ("E07000001", "E07000009")
    assert [(m.since, m.until) for m in found.memberships] == [
        (None, date(2022, 9, 30)),
        (date(2022, 10, 1), None),
    ]


def test_the_file_is_part_of_what_was_defined(config: Config) -> None:
    from_file(config, THREE)
    before = load(config.folder).digest
    config.write("similar.csv", THREE.replace("Borchester", "Penny Hassett"))
    assert load(config.folder).digest != before


CELLS = "allowed: code, name, from, until, with a code and a name"
BACKWARDS = "E07000001,Ambridge,2022-04-01,2022-03-31"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "1:1: found the columns nothing; allowed: code, name, from, until"),
        ("code;name\n", "1:1: found the columns code;name; allowed: code, name, from, until"),
        (HEADER, "1:1: the file lists no area"),
        (HEADER + "E07000001,Ambridge\n", f"2:1: found 2 cells; {CELLS}"),
        (HEADER + "E07000001,,,\n", f"2:1: found 4 cells; {CELLS}"),
        (HEADER + "\nE1,Ambridge,1.4.2022,\n", "3:1: from: found '1.4.2022'; allowed: a day YYYY-MM-DD"),
        (HEADER + BACKWARDS, "2:1: Ambridge leaves on 2022-03-31 before it joins on 2022-04-01"),
    ],
)
def test_what_is_wrong_with_a_file_is_told_by_line(config: Config, text: str, message: str) -> None:
    from_file(config, text)
    assert f"config/similar.csv:{message}" in config.errors()


def test_a_file_that_is_not_text(config: Config) -> None:
    from_file(config, "")
    (config.folder / "similar.csv").write_bytes("code,name,from,until\nE1,Ynys Môn,,".encode("latin-1"))
    assert "config/similar.csv:1:1: the file is not UTF-8 text; save it again as UTF-8" in config.errors()


@pytest.mark.parametrize("name", ["nothing.csv", "../outside.csv"])
def test_a_file_that_is_not_there(config: Config, name: str) -> None:
    (config.folder.parent / "outside.csv").write_text(THREE, encoding="utf-8")
    config.change("partnership.yaml", MEMBERS, f"    file: {name}\n")
    (error,) = config.errors()
    assert error.endswith(f"two: found '{name}'; allowed: a CSV file inside config/")


@pytest.mark.parametrize("written", ["", MEMBERS + "    file: similar.csv\n"])
def test_a_set_has_members_or_a_file(config: Config, written: str) -> None:
    config.write("similar.csv", THREE)
    config.change("partnership.yaml", MEMBERS, written)
    (error,) = config.errors()
    assert "two: needs either `members` or `file`, a CSV file of config/ with them" in error


def test_a_member_may_come_back_but_not_twice_at_once(config: Config) -> None:
    again = "E07000002,Felpersham,2023-01-01,\n"
    from_file(config, THREE + again)
    assert load(config.folder).partnership.area_sets["two"].on(date(2023, 1, 1))[1:] == (
        "E07000009",
        "E07000002",
    )
    config.write("similar.csv", THREE + again.replace("2023-01-01", "2022-09-30"))
    (error,) = config.errors()
    assert "the code E07000002 stands twice in this set: Felpersham and Felpersham" in error
