"""Code lists: comments, includes, negation, validity, and what is wrong with one."""

from datetime import date

import pytest

from pipeline.definitions.load import load
from tests.unit.definitions.conftest import Config


def test_a_list_includes_another_less_some_codes(config: Config) -> None:
    config.write("codelists/acquisitive.txt", "@include burglary\n!28F   # attempts apart\n34B\n")
    assert load(config.folder).codelists["acquisitive"] == ("28E", "34B")


def test_codes_are_text_and_may_hold_spaces(config: Config) -> None:
    config.write("codelists/publisher.txt", "4.10\n007\nViolence and sexual offences # as published\n")
    assert load(config.folder).codelists["publisher"] == ("4.10", "007", "Violence and sexual offences")


def test_validity_is_from_a_month_until_the_end_of_a_month(config: Config) -> None:
    config.write(
        "codelists/dated.txt", "28E until 2023-03\n28I from 2023-04\n30C from 2017-04 until 2023-12\n45\n"
    )
    definitions = load(config.folder)
    assert definitions.codelists["dated"] == ("28E", "28I", "30C", "45")
    assert definitions.codelist_validity["dated"] == {
        "28E": (None, date(2023, 4, 1)),
        "28I": (date(2023, 4, 1), None),
        "30C": (date(2017, 4, 1), date(2024, 1, 1)),
    }


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("28E\n45\n28E\n", "3:1: '28E' stands here twice; first in line 1"),
        (
            "28E\n!28G\n",
            "2:1: '!28G' takes out a code that is not in the list above it",
        ),
        (
            "@include burglry\n",
            "1:1: unknown code list 'burglry' (did you mean 'burglary'?); allowed: burglary, x",
        ),
        ("@inclde burglary\n", "1:1: found '@inclde burglary'; allowed: @include <list>"),
        ("@include\n", "1:1: found '@include'; allowed: @include <list>"),
        ("@include x\n", "1:1: code lists include each other in a circle: x -> x"),
        ("28E from 2023\n", "1:1: found the month '2023'; allowed: YYYY-MM"),
        ("28E from 2023-13\n", "1:1: found the month '2023-13'; allowed: YYYY-MM"),
        ("28E from 2023-05 until 2023-04\n", "1:1: '28E' ends before it begins"),
        ("!\n", "1:1: found ''; allowed: <code> [from YYYY-MM] [until YYYY-MM]"),
        ("@include burglary\n!28E\n!28F\n", "1:1: the code list 'x' holds no code"),
    ],
)
def test_what_is_wrong_with_a_list_is_told(config: Config, text: str, told: str) -> None:
    config.write("codelists/x.txt", text)
    assert any(error.startswith(f"config/codelists/x.txt:{told}") for error in config.errors())


def test_a_circle_through_two_lists_is_told(config: Config) -> None:
    config.write("codelists/a.txt", "@include b\n")
    config.write("codelists/b.txt", "@include a\n")
    assert any("in a circle: a -> b -> a" in error for error in config.errors())


def test_a_code_of_its_own_that_is_included_too_is_a_warning(config: Config) -> None:
    config.write("codelists/x.txt", "@include burglary\n28E\n")
    (warning,) = load(config.folder).warnings
    assert str(warning) == (
        "config/codelists/x.txt:2:1: warning: '28E' is already included from config/codelists/burglary.txt"
    )


def test_the_name_of_a_list_is_an_id(config: Config) -> None:
    config.write("codelists/My list.txt", "28E\n")
    assert config.errors() == [
        "config/codelists/My list.txt:1:1: the name of a code list is small letters, digits and _"
    ]


def test_a_list_that_is_not_utf_8_is_told(config: Config) -> None:
    (config.folder / "codelists" / "x.txt").write_bytes("28E # caf\xe9\n".encode("latin-1"))
    assert config.errors() == [
        "config/codelists/x.txt:1:1: the file is not UTF-8 text; save it again as UTF-8"
    ]
