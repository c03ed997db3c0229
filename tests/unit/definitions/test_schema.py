"""The JSON Schema: current, complete, and of one mind with the loader."""

from pathlib import Path

import jsonschema  # type: ignore[import-untyped]
import pytest

from pipeline.definitions.schema import FILE_NAME, indicators_schema, schema_text
from pipeline.definitions.yaml_nodes import parse_yaml, read_yaml
from tests.unit.definitions.conftest import INDICATORS

ROOT = Path(__file__).parents[3]
CONFIG = ROOT / "config"


def faults(text: str) -> list[str]:
    document, _ = parse_yaml(text, "indicators.yaml")
    validator = jsonschema.Draft202012Validator(indicators_schema())
    return ["/".join(map(str, error.path)) for error in validator.iter_errors(document.plain)]


def test_the_committed_schema_is_current() -> None:
    text = (CONFIG / FILE_NAME).read_text(encoding="utf-8")
    assert text == schema_text(), "run: assessment schema"


@pytest.mark.parametrize(
    "config", [CONFIG, *sorted(ROOT.glob("examples/*/config"))], ids=lambda c: c.parent.name
)
def test_the_first_line_of_the_indicators_names_it(config: Path) -> None:
    first = (config / "indicators.yaml").read_text(encoding="utf-8").splitlines()[0]
    named = first.removeprefix("# yaml-language-server: $schema=")
    assert (config / named).resolve() == CONFIG / FILE_NAME


def test_the_schema_is_a_schema() -> None:
    """`check_schema` raises where it is none."""
    jsonschema.Draft202012Validator.check_schema(indicators_schema())


def test_every_key_has_a_text_for_the_editor_to_show() -> None:
    silent = [
        f"{name}.{key}"
        for name, definition in indicators_schema()["$defs"].items()
        for key, value in definition.get("properties", {}).items()
        if not value.get("description")
    ]
    assert silent == []


def test_the_shipped_indicators_satisfy_it() -> None:
    document, _ = read_yaml(CONFIG / "indicators.yaml", "indicators.yaml")
    validator = jsonschema.Draft202012Validator(indicators_schema())
    assert [error.message for error in validator.iter_errors(document.plain)] == []


def test_a_part_of_an_indicator_may_stand_in_the_defaults() -> None:
    assert faults(INDICATORS) == []
    assert faults(INDICATORS.replace("window: {kind: rolling, months: 12}", "window: {months: 3}")) == []


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("    title: Burglary\n", "    titel: Burglary\n", "indicators/burglary"),
        ("type: count", "type: cont", "indicators/burglary/measure"),
        ("unit: crimes, ", "", "indicators/burglary/measure"),
        ("want: down", "want: dwon", "priorities/homes/measures/less_burglary/uses/0/want"),
        ("kind: rolling", "kind: year", "defaults/window/kind"),
        ("months: 12", "moths: 12", "defaults/window"),
        ("priorities:", "priority:", ""),
        ("version: 1", "version: 2", "version"),
    ],
)
def test_what_the_loader_refuses_the_editor_underlines(old: str, new: str, place: str) -> None:
    assert place in faults(INDICATORS.replace(old, new))


MEASURES = {
    "count": "{type: count, unit: crimes}",
    "rate": "{type: rate, unit: crimes per 1000, over: {column: residents}}",
    "proportion": "{type: proportion, where: {offence: {in: [28E]}}}",
    "share": "{type: share, where: {offence: {in: [28E]}}, of: {where: {}}}",
    "ratio": "{type: ratio, unit: victims per crime, over: {table: victims}}",
    "mean": "{type: mean, column: victim_age_years, unit: years}",
    "repeat": "{type: repeat, entity: victim_ref}",
    "survey": "{type: survey, where: {safe: {in: [Unsafe]}}}",
    "reported": "{type: reported, item: referrals}",
    "derived": "{type: derived, sum: [burglary], unit: crimes}",
}
BURGLARY = "{type: count, unit: crimes, where: {offence: {in_codelist: burglary}}}"


def test_every_type_of_measure_has_an_example_here() -> None:
    kinds = indicators_schema()["$defs"]["Indicator"]["properties"]["measure"]["discriminator"]["mapping"]
    assert set(kinds) == set(MEASURES)


@pytest.mark.parametrize("kind", MEASURES)
def test_every_type_of_measure_is_completed_and_its_mistakes_underlined(kind: str) -> None:
    written = INDICATORS.replace(BURGLARY, MEASURES[kind])
    assert faults(written) == []
    assert faults(written.replace(f"{{type: {kind}", f"{{type: {kind}, unti: x")) == [
        "indicators/burglary/measure"
    ]
