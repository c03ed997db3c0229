"""Which files make up the first delivery, and which arrive in the quarter after it."""

from pathlib import Path

import numpy as np

from pipeline.demo.action_plan import write_action_plan
from pipeline.demo.case_reviews import write_case_reviews
from pipeline.demo.consultation import write_consultation
from pipeline.demo.crimes import crimes
from pipeline.demo.force_counts import write_force
from pipeline.demo.geography import wards, write_geography, write_population
from pipeline.demo.incidents import write_incidents, write_peer_incidents
from pipeline.demo.outcomes import outcomes
from pipeline.demo.police_file import write_police
from pipeline.demo.returns import write_late_returns, write_returns
from pipeline.demo.revision import FIRST_MONTH, revision
from pipeline.demo.surveys import write_residents, write_women_and_girls
from pipeline.demo.timeline import (
    END_OF_MAIN,
    END_OF_QUARTER,
    FIRST_DAY,
    MAIN_MONTHS,
    MONTHS,
    day_number,
    month_label,
)


def _span(first_month: int, last_month: int) -> str:
    """``2018-04_2019-03``; ``last_month`` is not part of it."""
    return f"{month_label(first_month)}_{month_label(last_month - 1)}"


def first_delivery(folder: Path) -> dict[str, int]:
    """April 2018 to June 2023, as known on 30 June 2023; rows by file name."""
    written: dict[str, int] = {}
    found = crimes()
    known = outcomes().as_at(day_number(END_OF_MAIN))
    for first in range(0, MAIN_MONTHS, 12):
        last = min(first + 12, MAIN_MONTHS)
        chosen = np.flatnonzero((found.recorded >= FIRST_DAY[first]) & (found.recorded < FIRST_DAY[last]))
        if first == FIRST_MONTH:
            chosen = revision().first
        name = f"demo_police_crimes_{_span(first, last)}.csv"
        written[name] = write_police(folder / name, chosen, revision().first_offence, known)
    written |= _counts(folder, 0, MAIN_MONTHS)
    written |= write_women_and_girls(folder)
    written |= write_residents(folder)
    written |= write_consultation(folder)
    written |= write_returns(folder)
    name = "demo_asb_case_reviews.csv"
    written[name] = write_case_reviews(folder / name, by_september=False)
    name = "demo_action_plan_2023-06.csv"
    written[name] = write_action_plan(folder / name, by_september=False)
    written["demo_population.csv"] = write_population(folder / "demo_population.csv")
    written["demo_geography.csv"] = write_geography(folder)
    written["demo_ward_boundaries.geojson"] = len(wards())
    return written


def next_quarter(folder: Path) -> dict[str, int]:
    """July to September 2023, and what that brings for earlier periods; rows by file name."""
    written: dict[str, int] = {}
    found = crimes()
    known = outcomes().as_at(day_number(END_OF_QUARTER))
    name = f"demo_police_crimes_{_span(FIRST_MONTH, MAIN_MONTHS)}_revised.csv"
    written[name] = write_police(folder / name, revision().second, revision().second_offence, known)
    name = f"demo_police_crimes_{_span(MAIN_MONTHS, MONTHS)}.csv"
    chosen = np.flatnonzero(found.recorded >= FIRST_DAY[MAIN_MONTHS])
    written[name] = write_police(folder / name, chosen, found.offence, known)
    written |= _counts(folder, MAIN_MONTHS, MONTHS)
    written |= write_late_returns(folder)
    name = "demo_asb_case_reviews_2023-09.csv"
    written[name] = write_case_reviews(folder / name, by_september=True)
    name = "demo_action_plan_2023-09.csv"
    written[name] = write_action_plan(folder / name, by_september=True)
    return written


def _counts(folder: Path, first_month: int, last_month: int) -> dict[str, int]:
    """Reports of anti-social behaviour and the counts of the rest of the force."""
    span = _span(first_month, last_month)
    return {
        f"demo_{stem}_{span}.csv": write(folder / f"demo_{stem}_{span}.csv", first_month, last_month)
        for stem, write in (
            ("asb_incidents", write_incidents),
            ("force_counts", write_force),
            ("force_asb_counts", write_peer_incidents),
        )
    }
