"""Reading a whole `config/`: every error, its text, its place; defaults; what is missing."""

from pathlib import Path

import pytest

from pipeline.definitions.indicator import Indicator
from pipeline.definitions.load import load, read
from pipeline.definitions.merge import deep_merge
from pipeline.definitions.source import Derived
from pipeline.definitions.written import merged
from pipeline.errors import DefinitionError, UsageError
from tests.unit.definitions.conftest import Config


def test_a_sound_config_loads(config: Config) -> None:
    definitions = load(config.folder)
    assert list(definitions.indicators) == ["burglary"]
    assert definitions.indicators["burglary"].id == "burglary"
    assert definitions.indicators["burglary"].source == "crimes"
    assert definitions.codelists == {"burglary": ("28E", "28F")}
    assert definitions.codelist_meanings == {"burglary": "Burglary of homes."}
    assert definitions.warnings == ()


# The five mistakes that are made most, to the letter.


def test_an_unknown_key(config: Config) -> None:
    config.change("indicators.yaml", "    title: Burglary\n", "    titel: Burglary\n")
    assert config.errors() == [
        "config/indicators.yaml:7:3: indicators.burglary: 'title' is missing "
        "(plain English, as printed in tables)",
        "config/indicators.yaml:8:5: unknown key in indicators.burglary: 'titel' (did you mean "
        f"'title'?); allowed: {', '.join(name for name in Indicator.model_fields if name != 'id')}",
    ]


def test_an_unknown_column(config: Config) -> None:
    config.change(
        "indicators.yaml", "{offence: {in_codelist: burglary}}", "{ofence: {in_codelist: burglary}}"
    )
    assert config.errors() == [
        "config/indicators.yaml:9:50: burglary: unknown column of crimes: 'ofence' (did you mean "
        "'offence'?); allowed: offence, month, place, alcohol, victim_age_years, quantity, any, "
        "not"
    ]


def test_an_unknown_code_list(config: Config) -> None:
    config.change("indicators.yaml", "in_codelist: burglary", "in_codelist: burglry")
    assert config.errors() == [
        "config/indicators.yaml:9:73: burglary: unknown code list 'burglry' (did you mean "
        "'burglary'?); allowed: burglary"
    ]


def test_an_unknown_indicator_in_a_use(config: Config) -> None:
    config.change("indicators.yaml", "use: burglary, want", "use: burglery, want")
    assert config.errors() == [
        "config/indicators.yaml:17:22: less_burglary: unknown indicator 'burglery' (did you mean 'burglary'?)"
    ]


def test_a_value_outside_its_closed_list(config: Config) -> None:
    config.change("indicators.yaml", "want: down", "want: dwon")
    assert config.errors() == [
        "config/indicators.yaml:17:38: priorities.homes.measures.less_burglary.uses[1].want: "
        "found 'dwon' (did you mean 'down'?); allowed: up, down, neither"
    ]


# The rest.


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "months: 12",
            "months: '12'",
            "yaml:4:35: defaults.window.months: found '12'; allowed: a whole number",
        ),
        (
            "months: 12",
            "months: 12.5",
            "defaults.window.months: found the number 12.5; allowed: a whole number",
        ),
        ("months: 12", "months: true", "defaults.window.months: found true; allowed: a whole number"),
        (
            "months: 12",
            "months: 0",
            "defaults.window.months: found the number 0; allowed: at least 1 (length of a rolling",
        ),
        (
            "kind: rolling",
            "kind: year",
            "defaults.window.kind: found 'year'; allowed: rolling, financial_year",
        ),
        ("type: count", "type: cont", "type: found 'cont' (did you mean 'count'?); allowed: count, rate,"),
        ("{type: count, unit", "{unit", "indicators.burglary.measure: 'type' is missing"),
        ("unit: crimes, ", "", "indicators.burglary.measure: 'unit' is missing (what is counted, as printed"),
        ("source: crimes", "source: 5", "defaults.source: found the number 5; allowed: a text or a list"),
        ("headline: true", "headline: 'yes'", "headline: found 'yes'; allowed: true or false"),
        ("{in_codelist: burglary}", "{in_list: burglary}", "did you mean 'in_codelist'?"),
        ("{in_codelist: burglary}", "28E", "found '28E'; allowed: a mapping (key: value) with in, not_in,"),
        ("{in_codelist: burglary}", "{in: 28E}", "where.offence.in: found '28E'; allowed: a list"),
        (
            "why: [Homes matter.]",
            "why: Homes matter.",
            "priorities.homes.why: found 'Homes matter.'; allowed: a list",
        ),
        ("title: Less burglary", "id: x", "'title' is missing"),
        (
            "priorities:",
            "priority:",
            "unknown key in the file: 'priority' (did you mean 'priorities'?); allowed: version,",
        ),
        ("  burglary:\n", "  Burglary:\n", "'Burglary' is not an id; allowed: small letters, digits and _"),
        (
            "    title: Burglary\n",
            "    title: Burglary\n    id: other\n",
            "the id is 'burglary', the key above it",
        ),
        ("version: 1", "version: 2", "version: found the number 2; allowed: 1"),
        ("version: 1\n", "", "'version' is missing; write `version: 1` at the top"),
    ],
)
def test_what_is_wrong_is_told(config: Config, old: str, new: str, told: str) -> None:
    config.change("indicators.yaml", old, new)
    assert any(told in line for line in config.errors()), config.errors()


def test_a_fault_in_the_defaults_is_told_once_and_there(config: Config) -> None:
    config.change(
        "indicators.yaml",
        "priorities:",
        "  theft:\n    title: Theft\n    measure: {type: count, unit: crimes}\npriorities:",
    )
    config.change("indicators.yaml", "months: 12", "moths: 12")
    assert config.errors() == [
        "config/indicators.yaml:4:27: unknown key in defaults.window: 'moths' (did you mean "
        "'months'?); allowed: kind, months, ending, also"
    ]


def test_errors_of_all_files_come_together_grouped_by_file(config: Config) -> None:
    config.change("partnership.yaml", "as_at: 2023-06-30", "as_at: 30/06/2023")
    config.change("sources.yaml", "    supplier: police\n", "    suplier: police\n")
    config.change("indicators.yaml", "kind: rolling", "kind: NO")
    config.write("codelists/burglary.txt", "28E\n28E\n")
    with pytest.raises(DefinitionError) as caught:
        load(config.folder)
    text = str(caught.value)
    assert text.splitlines()[0] == (
        "5 errors in config/codelists/burglary.txt, config/indicators.yaml, config/partnership.yaml, "
        "config/sources.yaml"
    )
    assert [block.split(":")[0] for block in text.split("\n\n")[1:]] == [
        "config/codelists/burglary.txt",
        "config/indicators.yaml",
        "config/partnership.yaml",
        "config/sources.yaml",
    ]
    assert "as_at: found '30/06/2023'; allowed: a date written YYYY-MM-DD" in text
    assert "did you mean 'supplier'?" in text


def test_a_trap_is_not_told_a_second_time_as_a_wrong_type(config: Config) -> None:
    config.change("indicators.yaml", "months: 12", "months: 012")
    assert len(config.errors()) == 1


@pytest.mark.parametrize("name", ["partnership.yaml", "sources.yaml", "indicators.yaml"])
def test_a_missing_file_is_named(config: Config, name: str) -> None:
    (config.folder / name).unlink()
    assert config.errors() == [
        f"config/{name}:1:1: the file is missing; `assessment init` writes one to start from"
    ]


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "- a\n", "version\n"])
def test_a_file_that_is_no_mapping_is_told(config: Config, text: str) -> None:
    config.write("indicators.yaml", text)
    assert "allowed: keys and values, `version: 1` first" in config.errors()[0]


def test_no_folder_is_a_matter_of_set_up(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such folder"):
        load(tmp_path / "config")


def test_policies_may_be_absent_and_are_checked_where_they_are_not(config: Config) -> None:
    assert load(config.folder).policies.sources == {}
    config.write("policies.yaml", "version: 1\nsources: {crimes: opn}\n")
    assert config.errors() == [
        "config/policies.yaml:2:19: sources.crimes: found 'opn' (did you mean 'open'?); allowed: "
        "open, small_areas, partnership_wide"
    ]


def test_a_short_column_of_a_mapping_is_a_text_or_a_mapping(config: Config) -> None:
    keys = Derived.model_fields.items()
    config.change("sources.yaml", "offence: Offence", "offence: {form: Offence}")
    assert config.errors() == [
        "config/sources.yaml:9:17: unknown key in sources.crimes.columns.offence: 'form' (did "
        f"you mean 'from'?); allowed: {', '.join(f.alias or name for name, f in keys)}"
    ]


def test_the_digest_follows_every_file(config: Config) -> None:
    before = load(config.folder).digest
    assert load(config.folder).digest == before
    config.write("codelists/burglary.txt", "28E\n28F  # Attempted\n")
    assert load(config.folder).digest != before


def test_defaults_merge_key_by_key_and_anything_else_replaces() -> None:
    merged_value, places = deep_merge(
        {"window": {"kind": "rolling", "months": 12}, "compare": [1, 2], "lag": {"publish": "6w"}},
        {"window": {"months": 3}, "compare": []},
    )
    assert merged_value == {
        "window": {"kind": "rolling", "months": 3},
        "compare": [],
        "lag": {"publish": "6w"},
    }
    assert places == {("window", "kind"): ("defaults", "window", "kind"), ("lag",): ("defaults", "lag")}


def test_a_measure_of_another_type_takes_nothing_from_the_default_measure() -> None:
    merged_value, _ = deep_merge(
        {"measure": {"type": "count", "unit": "crimes"}}, {"measure": {"type": "survey", "min_base": 50}}
    )
    assert merged_value == {"measure": {"type": "survey", "min_base": 50}}


def test_the_merged_definition_reads_back_to_the_same_one(config: Config) -> None:
    text = merged(config.folder, "burglary")
    before = load(config.folder).indicators["burglary"]
    indented = "".join(f"    {line}\n" for line in text.splitlines())
    priorities = "priorities" + (config.folder / "indicators.yaml").read_text().split("priorities")[1]
    config.write("indicators.yaml", f"version: 1\nindicators:\n  burglary:\n{indented}{priorities}")
    assert load(config.folder).indicators["burglary"] == before


def test_an_unknown_indicator_cannot_be_written_out(config: Config) -> None:
    with pytest.raises(DefinitionError, match=r"'burglry' \(did you mean 'burglary'\?\)"):
        merged(config.folder, "burglry")


def test_what_is_well_formed_is_checked_beside_what_is_not(config: Config) -> None:
    config.change("indicators.yaml", "    title: Burglary\n", "    titel: Burglary\n")
    config.change("partnership.yaml", "main_source: crimes", "main_source: crims")
    errors = config.errors()
    assert len(errors) == 3
    assert "main_source: unknown source 'crims'" in errors[2]
    assert not any("unknown indicator" in error for error in errors)


def test_a_malformed_source_is_not_also_unknown(config: Config) -> None:
    config.change("sources.yaml", "    contract: crimes\n", "    contrct: crimes\n")
    assert [error.split(": ")[1] for error in config.errors()] == [
        "sources.crimes",
        "unknown key in sources.crimes",
    ]


def test_reading_does_not_raise(config: Config) -> None:
    config.change("indicators.yaml", "kind: rolling", "kind: year")
    definitions, issues = read(config.folder)
    assert definitions is None
    assert len(issues) == 1


def test_a_file_that_nothing_reads_is_told(config: Config) -> None:
    config.write("policies.yml", "version: 1\nsources: {crimes: small_areas}\n")
    (warning,) = load(config.folder).warnings
    assert str(warning) == (
        "config/policies.yml:1:1: warning: nothing reads this file (did you mean 'policies.yaml'?); "
        "what is read: partnership.yaml, sources.yaml, indicators.yaml, policies.yaml, "
        "corrections.yaml"
    )


def test_a_text_cut_by_its_comma_is_told_as_one(config: Config) -> None:
    config.change("indicators.yaml", "headline: true}", "headline: true, because: trust, or harm}")
    (error,) = config.errors()
    assert "unknown key in priorities.homes.measures.less_burglary.uses[1]: 'or harm'" in error
    assert error.endswith("If it is the rest of a text with a comma in it, put the text in quotes")


def test_a_wrong_partnership_does_not_hide_what_is_wrong_elsewhere(config: Config) -> None:
    config.change("partnership.yaml", "name: Safer", "nane: Safer")
    config.change("indicators.yaml", "in_codelist: burglary", "in_codelist: burglry")
    config.change("indicators.yaml", "  source: crimes\n", "  source: crimes\n  areas: [partnership, two]\n")
    found = config.errors()
    assert [line.split(":")[0] for line in found] == [
        "config/indicators.yaml",
        "config/partnership.yaml",
        "config/partnership.yaml",
    ]
    assert "unknown code list 'burglry'" in found[0]
