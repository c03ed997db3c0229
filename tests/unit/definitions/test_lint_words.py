"""Doubts about words: pasted reasons, directions that nobody wants, names that say the same."""

import pytest

from pipeline.definitions.load import load
from tests.unit.definitions.conftest import Config

MEASURED = "measure: {type: count, unit: crimes, where: {offence: {in_codelist: burglary}}}"


def warnings(config: Config) -> list[str]:
    found = (str(warning) for warning in load(config.folder).warnings)
    return [text.removeprefix("config/indicators.yaml:") for text in found]


def second_priority(config: Config, *lines: str) -> None:
    block = "".join(f"    {line}\n" for line in lines)
    config.change(
        "indicators.yaml",
        "priorities:\n",
        f"priorities:\n  streets:\n    title: Streets\n{block}    measures: {{}}\n",
    )


LONG = "Alcohol is behind one in three violent offences in the city centre"


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        (LONG, "also stands under Streets"),
        (LONG.upper() + ".", "also stands under Streets"),
        (LONG.replace("three", "four"), "stands in almost the same words under Streets"),
        ("Alcohol hides in many of the offences of the night", ""),
    ],
)
def test_a_reason_pasted_from_one_priority_to_another(config: Config, reason: str, told: str) -> None:
    second_priority(config, f"why: ['{LONG}']")
    config.change("indicators.yaml", "why: [Homes matter.]", f"why: ['{reason}']")
    found = warnings(config)
    assert bool(found) == bool(told)
    assert all(f"homes: this reason {told}; was it pasted?" in text for text in found)


def test_short_sentences_are_alike_by_chance(config: Config) -> None:
    second_priority(config, "why: [Homes matters.]")
    assert warnings(config) == []


def test_an_aim_may_be_pasted_too(config: Config) -> None:
    second_priority(config, "aims: [Fewer victims.]")
    config.change("indicators.yaml", "why: [Homes matter.]", "aims: [Fewer victims.]")
    (told,) = warnings(config)
    assert "homes: this aim also stands under Streets" in told


@pytest.mark.parametrize(
    ("sentence", "word"),
    [
        ("Reduction in burglary", "Reduction"),
        ("Burglary will be reduced", "reduced"),
        ("Increased reporting", "Increased"),
        ("Fewer burglaries", "Fewer"),
        ("Burglary of homes", ""),
        ("Shelters for the increasingly few", ""),
    ],
)
def test_a_sentence_naming_a_direction_where_none_is_wanted(config: Config, sentence: str, word: str) -> None:
    config.change("indicators.yaml", "title: Less burglary", f"title: {sentence}")
    assert warnings(config) == []  # down is wanted
    config.change("indicators.yaml", "want: down", "want: neither")
    expected = (
        f"16:16: warning: less_burglary: the sentence says '{word}', but every headline wants neither "
        "direction; say which way is wanted in `want`, or why neither is in `because`"
    )
    assert warnings(config) == ([expected] if word else [])
    config.change("indicators.yaml", "want: neither", "want: neither, because: 'more trust, or more harm'")
    assert warnings(config) == []


@pytest.mark.parametrize("key", ["title", "said_as"])
def test_an_indicator_that_names_a_direction(config: Config, key: str) -> None:
    name = (
        "title: Fall in burglary" if key == "title" else "title: Burglary\n    said_as: the fall in burglary"
    )
    config.change("indicators.yaml", "    title: Burglary\n", f"    {name}\n")
    (told,) = warnings(config)
    assert "says 'fall'" in told.lower()
    assert "which way is wanted belongs to its use" in told


@pytest.mark.parametrize(
    "same",
    [
        MEASURED,
        MEASURED.replace("unit: crimes", "unit: burglaries"),
        "measure: {type: count, unit: crimes, where: {offence: {in: [28F, 28E]}}}",
    ],
)
def test_two_names_for_one_measure_however_written(config: Config, same: str) -> None:
    config.change(
        "indicators.yaml", "priorities:\n", f"  other:\n    title: Other\n    {same}\npriorities:\n"
    )
    (told,) = warnings(config)
    assert "other: measures the same as burglary; use one name for it" in told


@pytest.mark.parametrize(
    "other",
    [
        "measure: {type: count, unit: crimes, where: {offence: {in: [28F]}}}",
        f"{MEASURED}\n    window: {{months: 24}}",
    ],
)
def test_different_measures_may_have_different_names(config: Config, other: str) -> None:
    config.change(
        "indicators.yaml", "priorities:\n", f"  other:\n    title: Other\n    {other}\npriorities:\n"
    )
    assert warnings(config) == []


def test_one_title_for_two_indicators(config: Config) -> None:
    other = "  other:\n    title: burglary\n    measure: {type: count, unit: crimes}\n"
    config.change("indicators.yaml", "priorities:\n", f"{other}priorities:\n")
    (told,) = warnings(config)
    assert "other: has the same title as burglary; a reader could not tell them apart" in told


@pytest.mark.parametrize(
    ("sentence", "use", "told"),
    [
        ("Reduction in burglary", "want: up", True),
        ("Fewer burglaries, falling further", "want: up", True),
        ("Reduction in burglary", "want: up, because: It counts homes made safe.", False),
        ("Reduction in fear and increase in trust", "want: up", False),
        ("Increase in safety", "want: down", False),
    ],
)
def test_a_headline_wanted_against_its_sentence(config: Config, sentence: str, use: str, told: bool) -> None:
    config.change("indicators.yaml", "title: Less burglary", f"title: {sentence}")
    config.change("indicators.yaml", "want: down", use)
    found = [text for text in warnings(config) if "but its headline burglary is wanted up" in text]
    assert bool(found) is told


@pytest.mark.parametrize(("areas", "told"), [("[partnership, two]", True), ("[two]", False)])
def test_one_measure_for_areas_apart_may_have_two_names(config: Config, areas: str, told: bool) -> None:
    other = f"  other:\n    title: Other\n    areas: {areas}\n    {MEASURED}\npriorities:\n"
    config.change("indicators.yaml", "priorities:\n", other)
    assert any("measures the same as burglary" in text for text in warnings(config)) is told
