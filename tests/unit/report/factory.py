"""A small partnership with real statistics: enough evidence to render every kind of page."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from pipeline.assess import assess
from pipeline.definitions.indicator import Indicator
from pipeline.definitions.resolved import Definitions, Partnership, Policies
from pipeline.definitions.source import Source
from pipeline.definitions.strategy import Priority
from pipeline.model.area import Area, AreaKind
from pipeline.model.assessment import Assessment
from pipeline.model.comparison import Comparison, Verdict
from pipeline.model.delivery import Accounting, Coverage, Deliveries, Extract, MonthCoverage, MonthState
from pipeline.model.edition import Change, ChangeCause, EditionInfo
from pipeline.model.observation import UNKNOWN, Mark, ReleasedObservation, Results, State
from pipeline.model.period import Period, add_months
from pipeline.statistics import compare_counts, poisson_interval, rank_intervals, unknown_bounds

OWN = Area("E08000031", "Wolverhampton", AreaKind.DISTRICT)
PEERS = tuple(
    Area(f"E080000{n}", name, AreaKind.DISTRICT)
    for n, name in enumerate(("Birmingham", "Coventry", "Dudley", "Sandwell", "Solihull", "Walsall"), 25)
)
WARDS = tuple(
    Area(f"E0501483{n}", name, AreaKind.WARD)
    for n, name in enumerate(("Bilston North", "Blakenhall", "East Park", "Heath Town", "Oxley", "Penn"))
)
LATER = Period(date(2022, 4, 1), date(2023, 4, 1), "financial_year")
EARLIER = LATER.shifted(-12)
ROLLING = Period(date(2022, 4, 1), date(2023, 4, 1), "rolling_12")
FIRST_MONTH = date(2020, 4, 1)
AGES = {"U25": [0, 24], "25+": [25, None]}


def observed(indicator: str, value: float | None, period: Period, **fields: Any) -> ReleasedObservation:
    """A released observation; without a value its state says why."""
    given: dict[str, Any] = {
        "indicator": indicator,
        "area": OWN,
        "period": period,
        "numerator": value,
        "value": value,
        "unit": "crimes",
        "state": State.NOT_SUPPLIED if value is None else State.VALUE,
    }
    return ReleasedObservation(**(given | fields))


def months(indicator: str, mean: float, swing: float = 0.0) -> list[ReleasedObservation]:
    """Thirty-six months about a mean, with a summer `swing` and a fixed unevenness."""
    made = []
    for n in range(36):
        uneven = 14 * math.sin(n * 2.3) + 9 * math.cos(n * 5.1)
        value = round(mean + uneven + swing * math.sin((n - 1) * math.pi / 6))
        made.append(observed(indicator, value, Period.month(add_months(FIRST_MONTH, n))))
    return made


def compared(
    before: ReleasedObservation, after: ReleasedObservation, unknown: tuple[float, ...] = (), **fields: Any
) -> Comparison:
    """Two counts against each other by the real statistics; `unknown`: totals known and unknown."""
    assert before.value is not None
    assert after.value is not None
    change = compare_counts(before.value, after.value)
    more: dict[str, Any] = {}
    if unknown:
        bounds = unknown_bounds(before.value, after.value, *unknown)
        shared = bounds.pro_rata.change
        assert shared is not None
        more = {
            "pro_rata": shared.change_percent,
            "pro_rata_lower": shared.lower,
            "pro_rata_upper": shared.upper,
            "bound_lower": bounds.lower_percent,
            "bound_upper": bounds.upper_percent,
        }
    given: dict[str, Any] = {
        "observation": after,
        "reference": before,
        "comparator": "previous_year",
        "reference_label": before.period.label,
        "reference_value": before.value,
        "change": change.change,
        "change_percent": change.change_percent,
        "lower": change.lower,
        "upper": change.upper,
        "p_value": change.p_value,
        "dispersion": change.dispersion,
        "detectable_percent": change.detectable_percent,
        "detectable_rise_percent": change.detectable_rise_percent,
    }
    return Comparison(**(given | more | fields))


def violence() -> tuple[list[ReleasedObservation], list[Comparison]]:
    """The strategy's own table: violence with injury, by age of the victim."""
    cells = {"": (3964, 3950), "U25": (1119, 1011), "25+": (2690, 2882), UNKNOWN: (155, 57)}
    observations: list[ReleasedObservation] = months("violence_with_injury", 329)
    comparisons = []
    for category, (before, after) in cells.items():
        cell: dict[str, Any] = {"breakdown": "victim_age", "category": category} if category else {}
        pair = [
            observed("violence_with_injury", n, p, **cell) for n, p in ((before, EARLIER), (after, LATER))
        ]
        observations += pair
        unknown = (3809, 3893, 155, 57) if category in ("U25", "25+") else ()
        comparisons.append(compared(pair[0], pair[1], unknown))
    return observations, comparisons


def vehicle_crime() -> tuple[list[ReleasedObservation], list[Comparison]]:
    """A rate with a rank among seven, and figures by ward."""
    counts = {OWN: (2104, 263.73)} | {
        area: (round(base * rate), base)
        for area, base, rate in zip(
            PEERS, (1144.9, 345.3, 323.5, 341.9, 216.2, 284.1), (11.9, 9.4, 7.1, 10.2, 9.9, 10.6), strict=True
        )
    }
    counts |= {ward: (60 + 41 * n, 11.2 + n) for n, ward in enumerate(WARDS)}
    observations = months("vehicle_crime", 175, swing=30)
    comparisons: list[Comparison] = []
    latest: dict[Area, ReleasedObservation] = {}
    for area, (count, base) in counts.items():
        for factor, period in ((1.17, ROLLING.shifted(-12)), (1.0, ROLLING)):
            number = round(count * factor)
            limits = poisson_interval(number)
            assert limits.lower is not None
            assert limits.upper is not None
            latest[area] = observed(
                "vehicle_crime", number / base, period, area=area, numerator=number, denominator=base * 1000,
                lower=limits.lower / base, upper=limits.upper / base, unit="crimes per 1,000 residents",
            )  # fmt: skip
            observations.append(latest[area])
        pair = observations[-2:]
        change = compare_counts(pair[0].numerator or 0, pair[1].numerator or 0)
        comparisons.append(
            Comparison(
                observation=pair[1],
                reference=pair[0],
                comparator="previous_year",
                reference_label=pair[0].period.label,
                reference_value=pair[0].value,
                change=(pair[1].value or 0) - (pair[0].value or 0),
                change_percent=change.change_percent,
                lower=change.lower,
                upper=change.upper,
                p_value=change.p_value,
                dispersion=1.0,
                detectable_percent=change.detectable_percent,
                detectable_rise_percent=change.detectable_rise_percent,
            )
        )
    seven = (*PEERS, OWN)
    ranks = rank_intervals([latest[a].numerator for a in seven], [latest[a].denominator for a in seven])
    for area, rank in zip(seven, ranks, strict=True):
        comparisons.append(
            Comparison(
                observation=latest[area],
                reference=None,
                comparator="rank",
                reference_label="the seven West Midlands districts",
                reference_value=rank.rank,
                lower=rank.best,
                upper=rank.worst,
            )
        )
    return observations, comparisons


def returns() -> tuple[list[ReleasedObservation], list[Comparison]]:
    """What partners report: one small count, one that has not come."""
    before = observed("asb_restorative_justice", 44, EARLIER, unit="cases")
    after = observed("asb_restorative_justice", 31, LATER, unit="cases")
    late = observed("ppv_support", None, LATER, unit="people", reason="due 14 July 2023, not received")
    missing = Comparison(
        observation=late, reference=None, comparator="previous_year", reference_label="2021-22"
    )
    return [before, after, late], [compared(before, after), missing]


def unlike() -> tuple[list[ReleasedObservation], list[Comparison]]:
    """A figure whose year before was not delivered whole, and one across a declared break."""
    before = observed(
        "burglary",
        None,
        EARLIER,
        state=State.NOT_COMPARABLE,
        reason="2021-09 not delivered, 2021-10 incomplete",
    )
    after = observed("burglary", 1204, LATER)
    broken = [observed("robbery", n, p) for n, p in ((683, EARLIER), (585, LATER))]
    return [before, after, *broken], [
        Comparison(
            observation=after,
            reference=before,
            comparator="previous_year",
            reference_label="2021-22",
            comparable=False,
            reason=before.reason,
        ),
        compared(broken[0], broken[1], marks=frozenset({Mark.BREAK})),
    ]


def indicator(name: str, title: str, **fields: Any) -> Indicator:
    """A definition with what every indicator needs."""
    given: dict[str, Any] = {
        "id": name,
        "title": title,
        "why": "It is what residents raise most.",
        "source": "police_crimes",
        "measure": {"type": "count", "unit": "crimes"},
        "window": {"kind": "financial_year"},
        "compare": [{"to": "previous_year"}],
        "govern": {"owner": "csp.analysis"},
    }
    return Indicator.model_validate(given | fields)


def definitions() -> Definitions:
    """Two priorities and a duty over six indicators."""
    rate = {
        "type": "rate",
        "per": 1000,
        "unit": "crimes per 1,000 residents",
        "over": {"column": "residents"},
    }
    reported = {"type": "reported", "item": "x", "unit": "cases"}
    indicators = [
        indicator(
            "violence_with_injury", "Violence with injury", stands_for="Public place violence",
            by=[{"name": "victim_age", "column": "victim_age_years", "bands": AGES,
                 "printed_as": {"U25": "under 25", "25+": "25 and over"}}],
            published=[{"period": "2022-23", "all": 3950, "changes": {"all": -0.3}, "in": "Strategy"}],
            caveats=["Recording of violence changed in May 2023."],
        ),
        indicator(
            "vehicle_crime", "Vehicle crime", measure=rate,
            window={"kind": "rolling"}, areas=["wm7", "wards"],
            compare=[{"to": "previous_year"}, {"to": "rank", "of": "wm7"}],
        ),
        indicator("asb_restorative_justice", "Restorative justice in cases of "
        "ASB", measure=reported, source="housing"),
        indicator("ppv_support", "People at risk engaged in "
        "support", measure=reported, source="youth_justice"),
        indicator("burglary", "Burglary"),
        indicator("robbery", "Robbery"),
    ]  # fmt: skip
    priorities = {
        "public_place_violence": {
            "title": "Public place violence",
            "why": ["Violence in public places makes people afraid to use their city."],
            "aims": [
                "Those at risk are found and helped early.",
                "Enforcement is coordinated, effective and timely.",
            ],
            "question": "Should the measure move to the agreed public-place definition from April?",
            "chart": ["violence_with_injury"],
            "measures": {
                "ppv_incidents": {
                    "title": "Reduction in incidents of public place violence",
                    "uses": [{"use": "violence_with_injury", "want": "down", "headline": True}],
                },
                "ppv_support": {
                    "title": "Increase in those at risk accessing support",
                    "uses": [{"use": "ppv_support", "want": "up", "headline": True}],
                },
                "ppv_safe": {
                    "title": "Residents feel safer in public places",
                    "awaiting": {
                        "owner": "Community Safety Team",
                        "reason": "Survey item to be added",
                        "item": "Survey item",
                    },
                },
            },
        },
        "neighbourhood": {
            "title": "Neighbourhood crime",
            "measures": {
                "nc_reduction": {
                    "title": "Reduction in neighbourhood crime",
                    "uses": [
                        {"use": "vehicle_crime", "want": "down", "headline": True},
                        {"use": "burglary", "want": "down"},
                        {"use": "robbery", "want": "down"},
                    ],
                },
            },
        },
    }
    duties = {
        "case_review": {
            "title": "ASB case review",
            "measures": {
                "reviews": {
                    "title": "Cases resolved by restorative justice",
                    "uses": [{"use": "asb_restorative_justice", "want": "up", "headline": True}],
                }
            },
        }
    }
    members = [{"code": a.code, "name": a.name} for a in (*PEERS, OWN)]
    partnership = Partnership.model_validate(
        {
            "name": "Safer Wolverhampton Partnership",
            "short_name": "SWP",
            "area": {"code": OWN.code, "name": OWN.name},
            "force": {"code": "E23000014", "name": "West Midlands", "districts": members},
            "main_source": "police_crimes",
            "demonstration": True,
            "author": "Community safety analyst",
            "area_sets": {
                "wm7": {"title": "the seven West Midlands districts", "kind": "district", "members": members},
                "wards": {
                    "title": "the wards of Wolverhampton",
                    "kind": "ward",
                    "members": [{"code": w.code, "name": w.name} for w in WARDS],
                },
            },
            "attribution": ["Contains OS data © Crown copyright and database right 2023."],
        }
    )
    titles = {
        "police_crimes": "Police recorded crime",
        "housing": "Housing return",
        "youth_justice": "Youth justice return",
    }
    return Definitions.model_validate(
        {
            "partnership": partnership,
            "sources": {
                name: Source.model_validate(
                    {"id": name, "title": title, "supplier": name, "files": ["*.csv"], "contract": "crimes"}
                )
                for name, title in titles.items()
            },
            "indicators": {i.id: i for i in indicators},
            "priorities": {k: Priority.model_validate(v) for k, v in priorities.items()},
            "duties": {k: Priority.model_validate(v) for k, v in duties.items()},
            "policies": Policies(),
            "codelists": {"violence_with_injury": ("8N", "5D")},
            "digest": "0" * 64,
        }
    )


def deliveries() -> Deliveries:
    """Two extracts, their accounting, and a month that was not delivered."""
    received = datetime(2023, 6, 30, 18, tzinfo=UTC)
    extract: dict[str, Any] = {
        "sha256": "a" * 64,
        "size_bytes": 10,
        "received": received,
        "supplier": "police",
        "encoding": "utf-8",
    }
    return Deliveries(
        extracts=tuple(
            Extract(delivery=f"police_crimes-{n}", source="police_crimes", file_name=f"crimes_{n}.csv",
                    first_month=FIRST_MONTH, last_month=date(2023, 3, 1), **extract)
            for n in (1, 2)
        ),
        accounting=tuple(
            Accounting(delivery=f"police_crimes-{n}", source="police_crimes", file_name=f"crimes_{n}.csv",
                       read=1000 + n, loaded=990, quarantined=4 + n, identical=6, without_place=20,
                       set_aside=7 - n, superseded=30 * (2 - n),
                       rows_by_table=(("police_crimes", 990),))
            for n in (1, 2)
        ),
        coverage=Coverage(
            (MonthCoverage("police_crimes", OWN.code, date(2021, 9, 1), 0, MonthState.NOT_DELIVERED),),
            frozenset({"housing"}),
        ),
        warehouse_digest="b" * 64,
    )  # fmt: skip


def edition(**fields: Any) -> EditionInfo:
    """The edition that the tests compose."""
    given: dict[str, Any] = {
        "name": "2023-annual",
        "title": "Strategic assessment 2023",
        "as_at": date(2023, 6, 30),
        "version": "0.1.0",
        "demonstration": True,
    }
    return EditionInfo(**(given | fields))


def changes(results: Results) -> tuple[Change, ...]:
    """One figure revised since the last edition."""
    after = results.get("violence_with_injury", OWN.code, LATER)
    return (
        Change(
            indicator="violence_with_injury", title="Violence with "
            "injury", area_code=OWN.code, area_name=OWN.name,
            unit="crimes", period_before=LATER.key, period_after=LATER.key, value_before=3961.0, after=after,
            verdict_before=Verdict.NO_CLEAR_CHANGE, verdict_after=Verdict.NO_CLEAR_CHANGE,
            cause=ChangeCause.REVISED,
        ),
    )  # fmt: skip


def squares() -> dict[str, Any]:
    """Six wards as squares in two rows."""
    made = {}
    for n, ward in enumerate(WARDS):
        x, y = -2.2 + 0.03 * (n % 3), 52.55 + 0.02 * (n // 3)
        ring = [[x, y], [x + 0.03, y], [x + 0.03, y + 0.02], [x, y + 0.02], [x, y]]
        made[ward.code] = {"type": "Polygon", "coordinates": [ring]}
    return made


@cache
def evidence() -> tuple[Definitions, Results, Assessment, Deliveries, EditionInfo, tuple[Change, ...], Any]:
    """Everything that `compose` is given."""
    parts = [violence(), vehicle_crime(), returns(), unlike()]
    results = Results(tuple(o for observations, _ in parts for o in observations))
    comparisons = tuple(c for _, found in parts for c in found)
    resolved = definitions()
    assessment = assess(comparisons, results, resolved)
    return resolved, results, assessment, deliveries(), edition(), changes(results), squares()
