"""What measures need of an extract, against the rules that refuse a definition whose column is not there."""

import re
import shutil
from pathlib import Path
from textwrap import indent

import pytest

from pipeline.definitions.load import load, read
from pipeline.definitions.needs import ROW, Need, Standing, needs_of, supports
from pipeline.definitions.resolved import Definitions
from pipeline.definitions.written import written_out
from pipeline.model.contract import CONTRACTS
from tests.conftest import REPOSITORY

REFUSED = re.compile(r": (\w+): unknown column of [\w ]+.*?: '(\w+)'")
POLICE = ("crimes", "victims", "suspects", "incidents")


@pytest.fixture(scope="module")
def definitions() -> Definitions:
    return load(REPOSITORY / "config")


@pytest.mark.parametrize(
    ("table", "column"),
    [
        *(("crimes", name) for name in ("place", "domestic_abuse", "alcohol", "drugs", "hate", "outcome_on")),
        *(
            ("crimes", name)
            for name in ("victim_ref", "victim_address_ref", "victim_sex", "victim_ethnicity")
        ),
        *(("incidents", name) for name in ("opening_code", "closing_code", "caller_ref")),
    ],
)
def test_what_lacks_a_column_is_what_the_rules_refuse_without_it(
    definitions: Definitions, tmp_path: Path, table: str, column: str
) -> None:
    needing = {
        indicator.id
        for indicator in definitions.indicators.values()
        if Need(table, column) in needs_of(definitions, indicator).counted
        and indicator.measure.type != "derived"
    }
    config = tmp_path / "config"
    shutil.copytree(REPOSITORY / "config", config)
    without = [
        source.model_copy(
            update={"like": None, "columns": {n: how for n, how in source.columns.items() if n != column}}
        )
        for source in definitions.sources.values()
    ]
    written = "".join(f"  {one.id}:\n{indent(written_out(one), '    ')}" for one in without)
    (config / "sources.yaml").write_text(f"version: 1\nsources:\n{written}", encoding="utf-8")
    _, issues = read(config)
    refused = {match[1] for issue in issues if (match := REFUSED.search(str(issue))) and match[2] == column}
    by = {
        indicator.id
        for indicator in definitions.indicators.values()
        if any(breakdown.column == column for breakdown in indicator.by)
    }
    assert needing, "no indicator reads it: the test shows nothing"
    assert needing <= refused <= needing | by


def test_with_every_column_all_police_measures_are_carried(definitions: Definitions) -> None:
    everything = {Need(name, column.name) for name in POLICE for column in CONTRACTS[name].columns}
    everything |= {Need("victims", ROW), Need("suspects", ROW)}
    found = supports(definitions, frozenset(everything), frozenset(POLICE))
    assert len(found) == 25
    count = {standing: sum(one.standing is standing for one in found) for standing in Standing}
    assert count == {
        Standing.WHOLE: 12,
        Standing.IN_PART: 1,
        Standing.LACKING: 0,
        Standing.ELSEWHERE: 12,
    }
    without = supports(definitions, frozenset(), frozenset(POLICE))
    assert {one.standing for one in without} == {Standing.LACKING, Standing.ELSEWHERE}
    assert sum(one.standing is Standing.LACKING for one in without) == 13


def test_repeat_victims_need_a_row_for_each_victim(definitions: Definitions) -> None:
    needs = needs_of(definitions, definitions.indicators["repeat_victims_vawg"])
    assert needs.counted == {
        Need("crimes", "month"),
        Need("crimes", "district_code"),
        Need("crimes", "offence"),
        Need("crimes", "victim_sex"),
        Need("crimes", "victim_kind"),
        Need("crimes", "victim_ref"),
        Need("victims", ROW),
    }


def test_a_breakdown_lost_is_told_and_the_figure_stays(definitions: Definitions) -> None:
    there = {Need("crimes", column.name) for column in CONTRACTS["crimes"].columns} - {
        Need("crimes", "location_type")
    }
    found = supports(definitions, frozenset(there), frozenset({"crimes", "victims", "suspects"}))
    (violence,) = [one for one in found if one.measure == "ppv_incidents"]
    assert violence.standing is Standing.WHOLE
    assert violence.cuts == {"public_place_violence kind_of_place": (Need("crimes", "location_type"),)}
