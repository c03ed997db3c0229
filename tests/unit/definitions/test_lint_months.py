"""A month is not both taken as whole and known to be incomplete: one of the decisions would do nothing."""

import pytest

from pipeline.definitions.load import load
from pipeline.errors import DefinitionError
from tests.unit.definitions.conftest import Config

POPULATION = "  population:\n"
SIGNED = 'by: A, on: "2024-01-02", reason: x'


def source(known: str, taken: str) -> str:
    return (
        "  asb:\n    title: ASB\n    supplier: council\n    files: [asb.csv]\n    contract: incidents\n"
        "    every_month: true\n    columns: {month: Month, category: Kind, district_code: District}\n"
        f"    incomplete: [{{{known}, {SIGNED}}}]\n"
        f"    accepted_months:\n      - {{{taken}, {SIGNED}}}\n"
    )


def test_both_of_one_month_are_told_at_their_place(config: Config) -> None:
    both = source('months: ["2023-05"], areas: [E08000031]', 'months: ["2023-04", "2023-05"]')
    config.change("sources.yaml", POPULATION, both + POPULATION)
    with pytest.raises(DefinitionError) as told:
        load(config.folder)
    assert "asb: 2023-05 is known to be incomplete, by A on 2024-01-02, under `incomplete`" in str(told.value)


def test_of_two_districts_they_may_stand_beside_each_other(config: Config) -> None:
    known = 'months: ["2023-05"], areas: [E08000031]'
    config.change("sources.yaml", POPULATION, source(known, known.replace("31", "30")) + POPULATION)
    assert load(config.folder).sources["asb"].accepted_months
