"""Every trap of YAML, and where it is told."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline.definitions.yaml_nodes import (
    MAX_BYTES,
    MAX_DEPTH,
    Position,
    is_plain_text,
    parse_yaml,
    read_yaml,
)


def sound(text: str) -> Any:
    document, issues = parse_yaml(text, "f.yaml")
    assert issues == []
    return document.plain


def refused(text: str) -> list[str]:
    _, issues = parse_yaml(text, "f.yaml")
    assert all(issue.file == "f.yaml" for issue in issues)
    assert issues
    return [str(issue).removeprefix("f.yaml:") for issue in issues]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("'NO'", "NO"),
        ("Norway", "Norway"),
        ("None", "None"),
        ("'12:30'", "12:30"),
        ("12:30 to 14:00", "12:30 to 14:00"),
        ("2023-06-30", "2023-06-30"),
        ("2022-10", "2022-10"),
        ("1_000", "1_000"),
        ("8N", "8N"),
        ("5E", "5E"),
        ("25+", "25+"),
        ("=", "="),
        ("<<", "<<"),
        ("'010'", "010"),
        ('"true"', "true"),
        ("''", ""),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("0", 0),
        ("-3", -3),
        ("365", 365),
        ("0.5", 0.5),
        ("1.0", 1.0),
        ("-9.65", -9.65),
    ],
)
def test_scalars_are_those_of_yaml_1_2(written: str, meant: object) -> None:
    found = sound(f"key: {written}")["key"]
    assert found == meant
    assert type(found) is type(meant)


@pytest.mark.parametrize(
    "written",
    ["010", "4.10", "0.50", "1e3", "5E3", "+5", "-0", "0x1F", "0o17", ".5", "5.", ".inf", "-.INF", ".nan"],
)
def test_a_number_is_written_the_way_it_is_printed(written: str) -> None:
    assert refused(f"a: 1\nkey: {written}") == [
        f"2:6: found {written}, which could be a number or a code; write the number the way it is "
        f"printed (10, 0.5), or quote the text: '{written}'"
    ]


@pytest.mark.parametrize("written", ["NO", "No", "no", "n", "Y", "yes", "YES", "on", "Off"])
def test_what_an_older_yaml_reads_as_a_flag_is_quoted(written: str) -> None:
    assert refused(f"a: 1\nkey: [x, {written}]") == [
        f"2:10: found {written}, which could be a flag or a text; write true or false, or quote the text: "
        f"'{written}'"
    ]
    assert yaml.safe_load(f"- {written}") != [written] or written in "nY"  # PyYAML spares single letters


@pytest.mark.parametrize("written", ["12:30", "1:2:3", "190:20:30", "7:05.5"])
def test_what_an_older_yaml_reads_in_base_sixty_is_quoted(written: str) -> None:
    assert refused(f"a: 1\nkey: {written}") == [
        f"2:6: found {written}, which could be a time or a number; quote it: '{written}'"
    ]
    assert yaml.safe_load(f"- {written}") != [written]


def test_keys_are_text_as_written() -> None:
    assert sound("010: a\nNO: b\n12:30: c\n2022: d") == {"010": "a", "NO": "b", "12:30": "c", "2022": "d"}


def test_a_merge_key_is_a_key_like_any_other() -> None:
    assert sound("<<: {a: 1}") == {"<<": {"a": 1}}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: 1\nb: 2\na: 3", "3:1: the key 'a' stands here twice; first in line 1"),
        ("a:\n  x: 1\n  x: [1, 010]", "3:3: the key 'x' stands here twice; first in line 2"),
        ("a: &here 1", "1:4: found the anchor &here; write the value out instead"),
        ("a: 1\nb: *here", "2:4: found the alias *here; write the value out instead"),
        ("a: !!str 1", "1:4: found the tag tag:yaml.org,2002:str; tags are not allowed"),
        ("a: !local {b: 1}", "1:4: found the tag !local; tags are not allowed"),
        ("a:\n\tb: 1", '2:1: found a tab; use spaces (in a text, write "\\t")'),
        ("a: 1 \t# note", '1:6: found a tab; use spaces (in a text, write "\\t")'),
        ("a: 1\n---\nb: 2", "2:1: found a second document ('---'); a file holds one"),
        ("? [a, b]\n: 1", "1:3: found a key that is not plain text"),
        ("'': 1", "1:1: found an empty key"),
        ("a: 1\nb: \x07", "2:1: found a character that YAML does not allow; delete it"),
    ],
)
def test_traps_are_refused_with_their_place(text: str, told: str) -> None:
    assert refused(text)[0] == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "why: Rates: they compare",
            "1:11: not readable as YAML: mapping values are not allowed in this context "
            "(a text with ': ' in it needs quotes)",
        ),
        (
            "a: [1, 2\nb: 3",
            "2:2: not readable as YAML: did not find expected ',' or ']' "
            "(a bracket is not closed, or a comma is missing)",
        ),
    ],
)
def test_what_is_no_yaml_is_told_with_advice(text: str, told: str) -> None:
    assert refused(text) == [told]


def test_an_alias_bomb_is_refused_and_not_expanded() -> None:
    bomb = "a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True):
        bomb += f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"
    told = refused(bomb)
    assert len(told) == 9 + 8 * 9
    assert "found the anchor &a" in told[0]


def test_depth_is_bounded() -> None:
    assert refused("[" * 200 + "]" * 200) == [f"1:{MAX_DEPTH + 2}: nested more than {MAX_DEPTH} levels deep"]


def test_all_traps_of_a_file_are_told_at_once() -> None:
    told = refused("a: 010\nb: &x 1\na: 2")
    assert [line.split(": ")[0] for line in told] == ["1:4", "2:4", "3:1"]


def test_places_are_known_by_path() -> None:
    document, _ = parse_yaml("a:\n  - {b: 1}\n  - 2\n", "f.yaml")
    assert document.key_at(("a", 0, "b")) == Position(2, 6)
    assert document.value_at(("a", 0, "b")) == Position(2, 9)
    assert document.value_at(("a", 1)) == Position(3, 5)
    assert document.value_at(("a", 1, "not", "there")) == Position(3, 5)


def test_a_file_over_a_megabyte_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "big.yaml"
    file.write_text("# " + "x" * MAX_BYTES, encoding="utf-8")
    document, issues = read_yaml(file, "big.yaml")
    assert document.plain is None
    assert str(issues[0]) == (
        "big.yaml:1:1: the file has 1,000,002 bytes; at most 1,000,000 are read. Shorten it"
    )


def test_a_file_that_is_not_utf_8_is_told(tmp_path: Path) -> None:
    file = tmp_path / "old.yaml"
    file.write_bytes("a: 1\nname: Café".encode("cp1252"))
    _, issues = read_yaml(file, "old.yaml")
    assert str(issues[0]) == "old.yaml:2:1: the file is not UTF-8 text; save it again as UTF-8"


def test_a_byte_order_mark_and_windows_line_ends_are_no_fault(tmp_path: Path) -> None:
    file = tmp_path / "notepad.yaml"
    file.write_bytes(b"\xef\xbb\xbfa: 1\r\nb: two\r\n")
    document, issues = read_yaml(file, "notepad.yaml")
    assert issues == []
    assert document.plain == {"a": 1, "b": "two"}


def test_the_pure_parser_gives_the_same_as_the_fast_one(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "a: [1, {b: 'NO'}]\nc: 'x'\nNO: 12\n"
    fast = sound(text)
    monkeypatch.setattr("pipeline.definitions.yaml_nodes._LOADER", yaml.SafeLoader)
    assert sound(text) == fast


@pytest.mark.parametrize("text", ["None", "a b", "25+", "crimes per 1,000", "8N", "2023-06-30", "90%"])
def test_text_that_is_called_plain_is_read_back_as_it_is(text: str) -> None:
    if is_plain_text(text):
        assert sound(f"[{text}]") == [text]


@pytest.mark.parametrize(
    "text", ["true", "45", "4.10", "null", "", " a", "a: b", "#x", "[a", "x, y", "No", "12:30"]
)
def test_text_that_would_be_misread_is_not_called_plain(text: str) -> None:
    assert not is_plain_text(text)
