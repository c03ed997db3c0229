"""Methods, the rules of judgement and the glossary: the same in every edition of one version."""

from __future__ import annotations

from pipeline.assess import RULES
from pipeline.report.document import (
    Block,
    Cell,
    CellKind,
    Heading,
    Paragraph,
    Row,
    Section,
    Table,
    TableColumn,
)
from pipeline.report.text import Origin, Quoted, sentence_case, text

METHODS = (
    (
        "Rounding",
        "Figures are computed in full and rounded once, when they are printed, halves away from zero. A "
        "change is computed from the unrounded figures, so it may differ in the last digit from the "
        "printed ones.",
    ),
    (
        "Limits of a count or rate",
        "Poisson limits: exact below 10 events, Byar's approximation from 10 (as in the Office for "
        "Health Improvement and Disparities' methods). A percentage has Wilson's limits.",
    ),
    (
        "Change between two counts",
        "Below 100 events in all, the exact conditional test; otherwise the logarithm of the rate ratio, "
        "with the variance widened by the dispersion of the monthly series. Dispersion is measured from "
        "what is left after the effects of year and month of the year, over at least 36 months outside "
        "declared breaks, and is never less than 1. With fewer months a declared value is used.",
    ),
    (
        "Change between two percentages",
        "Newcombe's interval for the difference. A share against a whole that contains it takes account "
        "of the overlap.",
    ),
    (
        "Ratios, means and derived figures",
        "A ratio of two counts has the limits of both, and its change is a ratio of ratios, with exact "
        "limits for small counts. A mean has Student's limits, and its change Welch's. A figure derived "
        "from others has limits and a test only where its parts share no event; they are recovered from "
        "the limits of the parts.",
    ),
    (
        "Smallest change that would have shown",
        "The change that would have been seen with a probability of 80%, given the size of the figures "
        "and their dispersion.",
    ),
    (
        "Unknowns",
        "Where the share of records without a category moves by more than one percentage point, the "
        "change is also computed with those records shared out in proportion, and with all of them on "
        "one side and then on the other. A change is called one only if it holds in every case.",
    ),
    (
        "Records without a place",
        "They belong to the force and to no district. Where their share moves, the change of a district "
        "is also computed with them shared out in proportion.",
    ),
    (
        "Monthly charts",
        "Where the month of the year explains at least a quarter of the variation, a month is drawn "
        "beside the same month of the year before. Otherwise the usual range is that of an XmR chart "
        "(NHS Making Data Count): the average and 2.66 mean moving ranges either side, from 24 unbroken "
        "months on. A missing month is a gap in the line.",
    ),
    (
        "Ranks",
        "The range of a rank comes from testing every pair of areas against each other, not from "
        "overlapping intervals.",
    ),
    (
        "Many tests",
        "Each measure declared in the strategy is tested at 95% on its own. The summary says how many "
        "would look like a change by chance alone.",
    ),
    (
        "Surveys that anyone could answer",
        "They describe those who answered. No interval is printed, and two waves are not compared.",
    ),
    (
        "Missing months",
        "A month with fewer than 60% of the rows of the months around it is held as incomplete. A figure "
        "that needs a missing or incomplete month is not comparable.",
    ),
)  # fmt: skip


def section(letter: str) -> Section:
    """How figures are made and judged."""
    blocks: list[Block] = []
    for title, words in METHODS:
        blocks += [Heading((title,)), Paragraph((Quoted(words, Origin.METHOD),))]
    rows = tuple(
        Row((Cell(sentence_case((rule.name.replace("_", " "),))), Cell((Quoted(rule.says, Origin.METHOD),))))
        for rule in RULES
    )
    columns = (TableColumn(("Rule",), CellKind.WORDS, 26), TableColumn(("What it says",), CellKind.WORDS, 74))
    blocks.append(
        Table(
            caption=("The rules of judgement, in the order in which they are asked",),
            columns=columns,
            rows=rows,
        )
    )
    return Section(
        id="methods",
        eyebrow=text(f"Annex {letter} · Methods"),
        title=("The same rule gives every verdict, whoever reads it",),
        blocks=tuple(blocks),
        contents=text(f"Annex {letter}: Methods"),
    )


TERMS = (
    ("ASB", "Anti-social behaviour. It is not counted as crime."),
    (
        "ASB case review",
        "A victim's right to have agencies look again at how repeated reports were dealt with.",
    ),
    ("Baseline", "A fixed earlier period that later ones are compared with."),
    ("Break", "A date on which a series changed its meaning, by a counting rule or by events."),
    (
        "CSP",
        "Community Safety Partnership: police, council, health, probation and fire, acting together by law.",
    ),
    ("DHR", "Domestic homicide review."),
    ("Dispersion", "How much more a monthly count varies than independent events would."),
    ("Edition", "One published set of outputs, frozen with what it was made from."),
    ("Extract", "One file as a supplier delivered it."),
    ("Indicator", "What is measured: its counting rule, source, window and comparators."),
    ("LSOA", "Lower layer super output area: a small area for statistics."),
    ("MARAC", "Multi-agency risk assessment conference, on domestic abuse at high risk."),
    ("Neighbourhood crime", "Burglary, robbery, theft from the person and vehicle crime."),
    ("pp", "Percentage points: the difference between two percentages."),
    ("Quarantine", "Rows that could not be read as what they should be, kept aside with the reason."),
    (
        "Recorded crime",
        "Crime that came to the notice of the police and was recorded under the national rules.",
    ),
    ("Success measure", "A sentence of the strategy that says what success would look like."),
    ("Verdict", "What a change amounts to: one of a closed list, by rule."),
)


def glossary(letter: str) -> Section:
    """The terms that the report uses."""
    rows = tuple(Row((Cell((term,)), Cell((Quoted(meaning, Origin.METHOD),)))) for term, meaning in TERMS)
    columns = (TableColumn(("Term",), CellKind.WORDS, 24), TableColumn(("Meaning",), CellKind.WORDS, 76))
    return Section(
        id="glossary",
        eyebrow=text(f"Annex {letter} · Glossary"),
        title=("One word for one thing",),
        blocks=(
            Table(caption=("Terms used in this report",), columns=columns, rows=rows, hidden_caption=True),
        ),
        contents=text(f"Annex {letter}: Glossary"),
        new_page=False,
    )
