"""The curated contract: which columns a curated table may have, with type, unit and meaning.

A source fills one main table, named after the source, and may fill parts (`<source>_victims`, ...).
A table holds the columns that its mapping supplies, plus the required ones; nothing else.
"""

from dataclasses import dataclass
from enum import StrEnum


class Breach(StrEnum):
    """What becomes of a row that breaks a rule.

    Quarantined where nobody can say how it counts; flagged, which is loaded, counted and told, where it
    counts and one thing about it is doubtful.
    """

    QUARANTINED = "quarantined"
    FLAGGED = "flagged"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: DuckDB type, meaning with unit, whether every row must have it, its allowed values.

    `least` and `most` bound a number, both included. `past` says of a date that it has come when the row is
    delivered, and what becomes of a row where it has not. `area` is how its codes begin, of an area's code.
    """

    name: str
    type: str
    meaning: str
    required: bool = False
    values: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    past: Breach | None = None
    area: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Order:
    """Two dates of a row of which the second does not come before the first.

    With `apart` they are not the same day either.
    """

    first: str
    second: str
    breach: Breach
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Contract:
    """One kind of curated table. With `open_columns` a mapping may declare more (survey questions)."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    open_columns: bool = False
    orders: tuple[Order, ...] = ()

    def column(self, name: str) -> Column | None:
        """The column of that name, or None."""
        return next((column for column in self.columns if column.name == name), None)


OLDEST_YEARS = 120
DISTRICTS = ("E06", "E07", "E08", "E09", "W06", "S12", "N09")
WARDS = ("E05", "W05", "S13", "N08")
SMALL_AREAS = ("E01", "W01", "S01")

_PLACE = (
    Column(
        "district_code",
        "VARCHAR",
        "local authority district of the offence; null: location not recorded",
        area=DISTRICTS,
    ),
    Column("ward_code", "VARCHAR", "electoral ward of the offence; null: not recorded", area=WARDS),
    Column(
        "lsoa_code",
        "VARCHAR",
        "lower layer super output area of the offence, of 2021 where the geography leads there; "
        "null: not recorded, or divided since",
        area=SMALL_AREAS,
    ),
)
_MONTH = Column(
    "month",
    "DATE",
    "first day of the month the row belongs to (date recorded)",
    required=True,
    past=Breach.QUARANTINED,
)
_QUANTITY = Column(
    "quantity", "INTEGER", "how many crimes or incidents the row stands for", required=True, least=0
)
_RECORDED_AFTER_COMMITTED = Order("committed_on", "recorded_on", Breach.FLAGGED)
_RECORDED_BEFORE_OUTCOME = Order("recorded_on", "outcome_on", Breach.FLAGGED)
_CRIME = (
    Column("crime_ref", "VARCHAR", "the force's reference of the crime; null where the publisher gives none"),
    Column("offence", "VARCHAR", "Home Office offence code, e.g. 8N"),
    Column("category", "VARCHAR", "the publisher's category"),
    Column("recorded_on", "DATE", "day the crime was recorded", past=Breach.QUARANTINED),
    Column("committed_on", "DATE", "day, or first possible day, it was committed", past=Breach.FLAGGED),
    Column("committed_hour", "INTEGER", "hour of the day it was committed", least=0, most=23),
    _MONTH,
    *_PLACE,
    Column("location_type", "VARCHAR", "kind of premises or place"),
    Column("place", "VARCHAR", "public or private place", values=("public", "private")),
    Column("domestic_abuse", "BOOLEAN", "flagged as domestic abuse"),
    Column("alcohol", "BOOLEAN", "alcohol keyword or marker"),
    Column("drugs", "BOOLEAN", "drugs keyword or marker"),
    Column("knife", "BOOLEAN", "knife marker"),
    Column("hate", "VARCHAR", "hate crime strand; null: not flagged"),
    Column("outcome", "VARCHAR", "outcome, as the supplier codes it; null: none yet"),
    Column("outcome_on", "DATE", "day the outcome was assigned", past=Breach.FLAGGED),
)
_VICTIM = (
    Column("victim_ref", "VARCHAR", "pseudonymous reference of the victim (keyed hash)"),
    Column("victim_address_ref", "VARCHAR", "pseudonymous reference of the victim's address (keyed hash)"),
    Column(
        "victim_kind",
        "VARCHAR",
        "person, organisation or officer",
        values=("person", "organisation", "officer"),
    ),
    Column(
        "victim_age_years",
        "INTEGER",
        "age of the victim in whole years; null: not recorded",
        least=0,
        most=OLDEST_YEARS,
    ),
    Column("victim_sex", "VARCHAR", "sex of the victim; null: not recorded"),
    Column("victim_ethnicity", "VARCHAR", "ethnicity of the victim; null: not recorded"),
)
_SUSPECT = (
    Column("suspect_ref", "VARCHAR", "pseudonymous reference of the suspect (keyed hash)"),
    Column(
        "suspect_age_years",
        "INTEGER",
        "age of the suspect in whole years; null: not recorded",
        least=0,
        most=OLDEST_YEARS,
    ),
    Column("suspect_sex", "VARCHAR", "sex of the suspect; null: not recorded"),
    Column("suspect_ethnicity", "VARCHAR", "ethnicity of the suspect; null: not recorded"),
)
_INCIDENT = (
    Column("incident_ref", "VARCHAR", "the force's reference of the incident"),
    Column("category", "VARCHAR", "the supplier's category"),
    Column("recorded_on", "DATE", "day the incident was reported", past=Breach.QUARANTINED),
    _MONTH,
    *_PLACE,
    Column("opening_code", "VARCHAR", "what the call was opened as"),
    Column("closing_code", "VARCHAR", "what the call was closed as"),
    Column("channel", "VARCHAR", "how it was reported"),
    Column("caller_ref", "VARCHAR", "pseudonymous reference of the caller (keyed hash); null: anonymous"),
    _QUANTITY,
)

CONTRACTS = {
    contract.name: contract
    for contract in (
        Contract(
            "crimes",
            "one row per crime, or per group of crimes; victim columns are those of the crime's first victim",
            (*_CRIME, *_VICTIM, _QUANTITY),
            orders=(_RECORDED_AFTER_COMMITTED, _RECORDED_BEFORE_OUTCOME),
        ),
        Contract("victims", "one row per crime and victim, with the crime's columns", (*_CRIME, *_VICTIM)),
        Contract("suspects", "one row per crime and suspect, with the crime's columns", (*_CRIME, *_SUSPECT)),
        Contract("incidents", "one row per incident of anti-social behaviour, or group of them", _INCIDENT),
        Contract(
            "outcomes",
            "one row per crime and outcome assigned to it, or per group of them",
            (
                _CRIME[0],
                Column("category", "VARCHAR", "the publisher's category of the crime"),
                Column("outcome", "VARCHAR", "outcome, as the supplier codes it"),
                Column("month", "DATE", "first day of the month in which it was assigned", required=True),
                *_PLACE,
                _QUANTITY,
            ),
        ),
        Contract(
            "stops",
            "one row per stop and search",
            (
                Column("searched_on", "DATE", "day of the search", past=Breach.QUARANTINED),
                _MONTH,
                *_PLACE,
                Column("category", "VARCHAR", "search of a person, a vehicle or both"),
                Column("legislation", "VARCHAR", "the power that was used"),
                Column("looked_for", "VARCHAR", "object of the search"),
                Column("outcome", "VARCHAR", "what followed from it"),
                Column("outcome_linked", "BOOLEAN", "whether that was linked to the object of the search"),
                Column("clothing_removed", "BOOLEAN", "whether more than outer clothing was removed"),
                Column("age_band", "VARCHAR", "age of the person, banded by the publisher"),
                Column("sex", "VARCHAR", "sex of the person, as recorded"),
                Column("ethnicity", "VARCHAR", "ethnicity as the person said it"),
                Column("officer_ethnicity", "VARCHAR", "ethnicity as the officer perceived it"),
                _QUANTITY,
            ),
        ),
        Contract(
            "responses",
            "one row per respondent of a survey; further columns are questions",
            (
                Column("respondent", "VARCHAR", "number of the respondent within the wave"),
                Column("completed_on", "DATE", "day the answers were given", past=Breach.QUARANTINED),
                Column("wave", "VARCHAR", "wave of the survey", required=True),
                Column("weight", "DOUBLE", "survey weight"),
                Column("stratum", "VARCHAR", "sampling stratum"),
                Column("cluster", "VARCHAR", "sampling cluster"),
                Column("district_code", "VARCHAR", "district of the respondent", area=DISTRICTS),
                Column("ward_code", "VARCHAR", "ward of the respondent; null: not given", area=WARDS),
            ),
            open_columns=True,
        ),
        Contract(
            "returns",
            "one row per reported figure: item, area and period",
            (
                Column("item", "VARCHAR", "what the figure counts", required=True),
                Column("area_code", "VARCHAR", "the area it is about", required=True),
                Column("period_start", "DATE", "first day", required=True),
                Column("period_end", "DATE", "the day after the last day", required=True),
                Column("value", "DOUBLE", "the figure; null: reported as not available"),
                Column(
                    "status",
                    "VARCHAR",
                    "final, provisional, revised, or suppressed: kept back by the supplier, and not zero",
                    values=("final", "provisional", "revised", "suppressed"),
                ),
                Column("supplier", "VARCHAR", "who reports it"),
            ),
            orders=(Order("period_start", "period_end", Breach.QUARANTINED, apart=True),),
        ),
        Contract(
            "case_reviews",
            "one row per application for an anti-social behaviour case review",
            (
                Column("application_ref", "VARCHAR", "the register's reference of the application"),
                Column("applied_on", "DATE", "day of the application", past=Breach.QUARANTINED),
                _MONTH,
                Column("district_code", "VARCHAR", "local authority district it was made in", area=DISTRICTS),
                Column("threshold_met", "BOOLEAN", "whether the threshold for a review was met"),
                Column("review_held", "BOOLEAN", "whether a review was carried out"),
                Column("reviewed_on", "DATE", "day of the review; null: none yet", past=Breach.FLAGGED),
                Column("recommendations_made", "BOOLEAN", "whether the review made recommendations"),
                Column("status", "VARCHAR", "closed, withdrawn or pending"),
                _QUANTITY,
            ),
            orders=(Order("applied_on", "reviewed_on", Breach.FLAGGED),),
        ),
        Contract(
            "actions",
            "one row per action of the partnership's plan",
            (
                Column("action_ref", "VARCHAR", "the plan's reference of the action", required=True),
                Column("serves", "VARCHAR", "id of the priority or duty it serves; null: all of them"),
                Column("action", "VARCHAR", "what is to be done, as printed", required=True),
                Column("owner", "VARCHAR", "who is to do it: a body or a role, never a person's name"),
                Column("due_on", "DATE", "day by which it is to be done", required=True),
                Column("month", "DATE", "first day of the month in which it is due", required=True),
                Column(
                    "status",
                    "VARCHAR",
                    "how far it is, as its owner reports it",
                    values=("not_started", "on_track", "delayed", "complete", "stopped"),
                ),
                Column(
                    "completed_on",
                    "DATE",
                    "day on which it was done; null: not done, or not known",
                    past=Breach.FLAGGED,
                ),
                Column("district_code", "VARCHAR", "district the plan is for", area=DISTRICTS),
                _QUANTITY,
            ),
        ),
        Contract(
            "population",
            "one row per area and year",
            (
                Column("area_code", "VARCHAR", "the area", required=True),
                Column("area_name", "VARCHAR", "its name"),
                Column("district_code", "VARCHAR", "the district that holds the area", area=DISTRICTS),
                Column("year", "INTEGER", "year of the estimate or census", required=True),
                Column("residents", "DOUBLE", "usual residents", least=0),
                Column("females", "DOUBLE", "female residents", least=0),
                Column("under_25", "DOUBLE", "residents aged 0 to 24", least=0),
                Column("households", "DOUBLE", "households", least=0),
            ),
        ),
        Contract(
            "geography",
            "one row per small area with the larger areas that hold it",
            (
                *(
                    Column(name, "VARCHAR", f"{name.replace('_', ' ')} of the small area")
                    for name in (
                        "lsoa_code", "lsoa_name", "lsoa_2021_code", "ward_code", "ward_name",
                        "district_code", "district_name", "force_code", "force_name",
                    )
                ),
                Column(
                    "change",
                    "VARCHAR",
                    "what became of an area of 2011 by 2021",
                    values=("unchanged", "split", "merged", "irregular"),
                ),
            ),
        ),
        Contract(
            "boundaries",
            "one row per area with its outline",
            (
                Column("area_code", "VARCHAR", "the area", required=True),
                Column("area_name", "VARCHAR", "its name"),
                Column("geometry", "VARCHAR", "GeoJSON geometry, WGS 84, simplified", required=True),
            ),
        ),
    )
}  # fmt: skip

UNRECORDED_WHEN_EMPTY = frozenset(
    {
        "place", "location_type", "committed_on", "committed_hour",
        "domestic_abuse", "alcohol", "drugs", "knife",
        "victim_kind", "victim_age_years", "victim_sex", "victim_ethnicity",
        "suspect_age_years", "suspect_sex", "suspect_ethnicity",
    }
)  # fmt: skip
"""Columns of which every row has a true value, so that an empty one is a gap in recording. Other columns may
be empty as a matter of fact: an outcome that has not come, a crime that was no hate crime."""
