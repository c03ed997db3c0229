"""A geography must be one, lead somewhere, and have what names are looked up by."""

import pytest

from pipeline.definitions.load import load
from tests.unit.definitions.conftest import Config

LOOKUP = """
  lookup:
    title: Lookup
    supplier: ONS
    files: [lookup.csv]
    contract: geography
    columns: {lsoa_code: LSOA, ward_code: Ward, ward_name: Ward Name, district_code: District}
"""
WARDS = """
  wards:
    title: Residents of wards
    supplier: ONS
    files: [wards.csv]
    contract: population
    columns: {area_code: {from: Ward, by_name: ward}, year: {constant: 2020}, residents: Residents}
"""
PLACED = WARDS.replace("year:", "district_code: District, year:")


@pytest.mark.parametrize(
    ("further", "told"),
    [
        (
            LOOKUP + PLACED + "    geography: lokup\n",
            "wards: unknown source of contract geography 'lokup' (did you mean 'lookup'?); allowed: lookup",
        ),
        (
            LOOKUP + PLACED + "    geography: crimes\n",
            "wards: unknown source of contract geography 'crimes'; allowed: lookup",
        ),
        (
            LOOKUP + WARDS + "    geography: lookup\n",
            "wards: area_code is found by the name of a ward, and wards of several districts share "
            "names; add `district_code` to its columns",
        ),
        (LOOKUP + WARDS, "wards: area_code is found by name; add the `geography` that has the names"),
        (
            LOOKUP + LOOKUP.replace("lookup:", "older:") + "    geography: lookup\n",
            "older: a geography leads on to another by lsoa_2021_code, which is not among its "
            "columns; add the column, or take `geography` out",
        ),
    ],
    ids=["unknown", "no geography", "no district", "no geography named", "leads nowhere"],
)
def test_geographies_that_cannot_place(config: Config, further: str, told: str) -> None:
    sources = (config.folder / "sources.yaml").read_text(encoding="utf-8").rstrip("\n")
    config.write("sources.yaml", sources + further.replace("\n\n", "\n"))
    (error,) = config.errors()
    assert error.endswith(f": {told}")


def test_a_chain_of_geographies_is_sound(config: Config) -> None:
    chained = LOOKUP.replace("lookup:", "older:").replace("ward_code: Ward, ", "lsoa_2021_code: New, ")
    sources = (config.folder / "sources.yaml").read_text(encoding="utf-8").rstrip("\n")
    config.write("sources.yaml", sources + LOOKUP + chained + "    geography: lookup\n")
    assert load(config.folder).sources["older"].geography == "lookup"


def test_a_geography_leads_on_once(config: Config) -> None:
    chained = LOOKUP.replace("ward_code: Ward, ", "lsoa_2021_code: New, ")
    older, oldest = (chained.replace("lookup:", f"{name}:") for name in ("older", "oldest"))
    sources = (config.folder / "sources.yaml").read_text(encoding="utf-8").rstrip("\n")
    sources += LOOKUP + older + "    geography: lookup\n" + oldest + "    geography: older\n"
    config.write("sources.yaml", sources)
    (error,) = config.errors()
    assert "oldest: it leads on to older, which leads on to lookup; a geography leads on once" in error
