"""A small, sound `config/` to break: one partnership, two sources, one indicator, one priority."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.definitions.load import load
from pipeline.errors import DefinitionError

PARTNERSHIP = """\
version: 1
name: Safer Ambridge Partnership
area: {code: E07000001, name: Ambridge}
force:
  code: E23000001
  name: Borsetshire
  districts: [{code: E07000001, name: Ambridge}, {code: E07000002, name: Felpersham}]
as_at: 2023-06-30
main_source: crimes
area_sets:
  two:
    title: the two districts
    kind: district
    members: [{code: E07000001, name: Ambridge}, {code: E07000002, name: Felpersham}]
"""
SOURCES = """\
version: 1
sources:
  crimes:
    title: Crimes
    supplier: police
    files: [crimes.csv]
    contract: crimes
    columns:
      offence: Offence
      alcohol: Alcohol
      victim_age_years: Age
      place: {from: Place, values: {Indoors: private, Outdoors: public}}
    parts:
      victims: {contract: victims, columns: {victim_ref: Victim, victim_kind: Kind}}
  population:
    title: Population
    supplier: ONS
    files: [population.csv]
    contract: population
    columns: {residents: Residents, households: Households}
    key: [area_code, year]
"""
INDICATORS = """\
version: 1
defaults:
  source: crimes
  window: {kind: rolling, months: 12}
  govern: {owner: analyst}
indicators:
  burglary:
    title: Burglary
    measure: {type: count, unit: crimes, where: {offence: {in_codelist: burglary}}}
priorities:
  homes:
    title: Homes
    why: [Homes matter.]
    measures:
      less_burglary:
        title: Less burglary
        uses: [{use: burglary, want: down, headline: true}]
"""
CODELIST = "# Burglary of homes.\n28E\n28F\n"

Break = Callable[[str, str, str], Path]


class Config:
    """The files of a `config/` folder, to be altered and then read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "codelists").mkdir(parents=True)
        self.write("partnership.yaml", PARTNERSHIP)
        self.write("sources.yaml", SOURCES)
        self.write("indicators.yaml", INDICATORS)
        self.write("codelists/burglary.txt", CODELIST)

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8", newline="\n")

    def change(self, name: str, old: str, new: str) -> None:
        """Replace a text that must occur, once."""
        text = (self.folder / name).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times"
        self.write(name, text.replace(old, new))

    def errors(self) -> list[str]:
        """The lines of the error that loading raises, without the count at the head."""
        with pytest.raises(DefinitionError) as caught:
            load(self.folder)
        assert caught.value.exit_code == 10
        return [line for line in str(caught.value).splitlines()[1:] if line]


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(tmp_path / "config")
