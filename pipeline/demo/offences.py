"""The offences of the Home Office counting rules, with the published volumes that weight them.

Codes, descriptions and West Midlands Police's counts for 2021/22 are from the Home Office's police
recorded crime open data tables (Open Government Licence v3). Fraud, and assaults on emergency
workers other than constables (8T), are left out.
"""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from pipeline.demo.draws import Ints

VIOLENCE_AGAINST_THE_PERSON = (
    "homicide",
    "driving",
    "violence_with_injury",
    "violence_without_injury",
    "stalking_harassment",
)


@dataclass(frozen=True)
class Offence:
    """One offence code."""

    code: str
    name: str
    family: str
    weight: int
    """Crimes recorded by West Midlands Police in 2021/22."""


@cache
def offences() -> tuple[Offence, ...]:
    """All offences, in the order of their codes."""
    text = (files("pipeline.demo") / "tables" / "offences.csv").read_text(encoding="utf-8")
    return tuple(
        Offence(row["code"], row["offence"], row["family"], int(row["force_2021_22"]))
        for row in csv.DictReader(text.splitlines())
    )


@cache
def position() -> dict[str, int]:
    """Offence code to its place in ``offences()``."""
    return {offence.code: place for place, offence in enumerate(offences())}


@cache
def families() -> tuple[str, ...]:
    """Families of offences in the order they first appear."""
    return tuple(dict.fromkeys(offence.family for offence in offences()))


@cache
def family_of() -> Ints:
    """Family number of each offence."""
    return np.array([families().index(offence.family) for offence in offences()], dtype=np.int64)


def in_families(*names: str) -> Ints:
    """Offence numbers of the named families."""
    return np.array([i for i, o in enumerate(offences()) if o.family in names], dtype=np.int64)


def with_codes(*codes: str) -> Ints:
    """Offence numbers of the named codes."""
    return np.array([position()[code] for code in codes], dtype=np.int64)
