"""`like`: a source that begins with a built-in mapping, and what it says otherwise."""

import json
from typing import Any

import pytest

from pipeline.definitions import built_in
from pipeline.definitions.load import load
from pipeline.definitions.source import Derived, Source
from pipeline.definitions.written import merged_source
from pipeline.model.contract import CONTRACTS
from tests.unit.definitions.conftest import Config

STREET = """
  street:
    like: police_uk_street
    supplier: The police of Borsetshire
"""


def begun(like: str, **own: Any) -> dict[str, Any]:
    merged, _ = built_in.over(built_in.written(like), {}, own, ("sources", "mine"))
    return merged


@pytest.mark.parametrize("name", built_in.names())
def test_each_is_a_whole_source_once_its_supplier_and_files_are_named(name: str) -> None:
    written = {"supplier": "someone", "files": ["*.csv"], **built_in.written(name), "id": "mine"}
    source = Source.model_validate_json(json.dumps(written), strict=True, by_alias=True, by_name=False)
    contract = CONTRACTS[source.contract]
    named = [*source.columns, *(column for sheet in source.sheets for column in sheet.constants)]
    assert [column for column in named if contract.column(column) is None and not contract.open_columns] == []
    filled = {*named, "quantity", *(("item", "value") if source.unpivot else ()), "wave"}
    assert [c.name for c in contract.columns if c.required and c.name not in filled] == []


def test_a_source_takes_over_what_it_does_not_say(config: Config) -> None:
    config.write("sources.yaml", (config.folder / "sources.yaml").read_text() + STREET)
    source = load(config.folder).sources["street"]
    assert (source.supplier, source.contract, source.key) == (
        "The police of Borsetshire", "crimes", ("crime_ref",)
    )  # fmt: skip
    assert source.parts["incidents"].contract == "incidents"
    shown = merged_source(config.folder, "street") or ""
    assert shown.startswith("# begins with the built-in mapping police_uk_street\ntitle: ")
    assert "  crime_ref: Crime ID\n" in shown


def test_another_header_keeps_the_rest_of_its_column() -> None:
    columns = begun("police_crimes", columns={"alcohol": "Alcohol Marker"})["columns"]
    assert columns["alcohol"] == {"from": "Alcohol Marker", "values": {"Y": True, "N": False}}


def test_further_words_keep_the_header_of_the_column() -> None:
    columns = begun("police_crimes", columns={"committed_on": {"date_format": "%d/%m/%Y"}})["columns"]
    assert columns["committed_on"] == {"from": "Date Committed", "date_format": "%d/%m/%Y"}


def test_another_origin_replaces_the_column() -> None:
    columns = begun("police_crimes", columns={"month": {"from": "Month", "date_format": "%Y-%m"}})["columns"]
    assert columns["month"] == {"from": "Month", "date_format": "%Y-%m"}
    assert Derived.model_validate(columns["month"]).month_of is None


def test_null_takes_a_column_or_a_part_out() -> None:
    merged = begun("police_crimes", columns={"knife": None}, parts={"suspects": None})
    assert "knife" not in merged["columns"]
    assert list(merged["parts"]) == ["victims"]


def test_null_in_a_list_of_values_is_a_value() -> None:
    own = {"values": {"Unknown": None}}
    columns = begun("police_crimes", columns={"place": own})["columns"]
    assert columns["place"]["values"] == {"Unknown": None}


def test_lists_are_replaced_whole() -> None:
    assert begun("police_crimes", key=["crime_ref"])["key"] == ["crime_ref"]


def test_the_mapping_goes_over_the_defaults_of_the_file() -> None:
    defaults = {"every_month": False, "licence": "none"}
    merged, places = built_in.over(built_in.written("police_crimes"), defaults, {}, ("sources", "mine"))
    assert (merged["every_month"], merged["licence"]) == (True, "none")
    assert places[("every_month",)] == ("sources", "mine", "like")
    assert places[("licence",)] == ("defaults", "licence")


def test_an_unknown_mapping_is_told_with_what_there_is(config: Config) -> None:
    config.write(
        "sources.yaml",
        (config.folder / "sources.yaml").read_text()
        + STREET.replace("police_uk_street", "police_uk_streets"),
    )
    first = next(one for one in config.errors() if "built-in" in one)
    assert first.startswith(
        "config/sources.yaml:24:11: street: unknown built-in mapping 'police_uk_streets' (did you mean "
        "'police_uk_street'?); allowed: asb_case_reviews, "
    )


def test_the_mapping_is_part_of_the_digest_of_the_definitions(
    config: Config, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    config.write("sources.yaml", (config.folder / "sources.yaml").read_text() + STREET)
    before = load(config.folder).digest
    other = tmp_path_factory.mktemp("mappings")
    for name in built_in.names():
        text = built_in.file_of(name).read_text(encoding="utf-8")
        (other / f"{name}.yaml").write_text(text + "# one more line\n", encoding="utf-8")
    monkeypatch.setattr(built_in, "FOLDER", other)
    assert load(config.folder).digest != before
