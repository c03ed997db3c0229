"""Twenty-five row rules: by an ingest, and as SQL that a careful analyst would write.

Both read one CSV file into a new database, type its texts and keep every row that breaks a rule, with the
rules that it breaks; the ingest tells physical line and reason besides, keeps the file and accounts for
every record. They must find as many breaches of each rule.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from benchmarks.measuring import Line, ratios, rounds
from benchmarks.workspaces import CONFIG, fresh_workspace
from pipeline import ingest
from pipeline.definitions.load import load
from pipeline.definitions.resolved import Definitions
from pipeline.definitions.source import Source
from pipeline.ingest.casting import literal

LATEST = date(2026, 1, 1)
OFFENCES = tuple(f"{number}{letter}" for number in range(1, 41) for letter in "AB")
OUTCOMES = tuple(str(number) for number in range(1, 23))

SOURCE = Source.model_validate(
    {
        "id": "crimes",
        "title": "Crimes, made up",
        "supplier": "Benchmark force",
        "files": ["crimes.csv"],
        "contract": "crimes",
        "columns": {
            "crime_ref": {"from": "Crime", "required": True},
            "recorded_on": {"from": "Recorded", "required": True},
            "committed_on": "Committed",
            "committed_hour": "Hour",
            "month": {"month_of": "recorded_on"},
            "offence": {"from": "Offence", "allowed": OFFENCES},
            "lsoa_code": "LSOA",
            "domestic_abuse": "Domestic abuse",
            "outcome": {"from": "Outcome", "allowed": OUTCOMES},
            "outcome_on": "Outcome on",
            "victim_age_years": "Victim age",
            "quantity": "Crimes",
        },
    }
)

TEXTS = """
SELECT CASE WHEN r % 5003 = 0 THEN NULL ELSE 'C' || i END AS "Crime",
    CASE r % 4999 WHEN 0 THEN '31/02/2025' WHEN 1 THEN '1875-01-01' WHEN 2 THEN '2031-01-01' WHEN 3 THEN NULL
        ELSE strftime(DATE '2025-01-10' + (r % 300)::INTEGER, '%Y-%m-%d') END AS "Recorded",
    CASE r % 4993 WHEN 0 THEN 'May' WHEN 1 THEN '1066-10-14' WHEN 2 THEN '2031-01-01' WHEN 3 THEN '2025-12-30'
        ELSE strftime(DATE '2025-01-10' + (r % 300 - r % 9)::INTEGER, '%Y-%m-%d') END AS "Committed",
    CASE r % 4987 WHEN 0 THEN 'noon' WHEN 1 THEN '25' ELSE (r % 24)::VARCHAR END AS "Hour",
    CASE r % 4973 WHEN 0 THEN '8Z' ELSE (1 + r % 40) || ['A', 'B'][1 + r % 2] END AS "Offence",
    CASE r % 4969 WHEN 0 THEN 'WV1 1RR' ELSE 'E0101' || lpad((r % 9000)::VARCHAR, 4, '0') END AS "LSOA",
    CASE r % 4957 WHEN 0 THEN 'perhaps' ELSE ['true', 'false'][1 + r % 2] END AS "Domestic abuse",
    CASE r % 4951 WHEN 0 THEN '99' ELSE (1 + r % 22)::VARCHAR END AS "Outcome",
    CASE r % 4943 WHEN 0 THEN 'soon' WHEN 1 THEN '1799-01-01' WHEN 2 THEN '2031-01-01'
            WHEN 3 THEN '2025-01-01'
        ELSE strftime(DATE '2025-01-10' + (r % 300 + r % 40)::INTEGER, '%Y-%m-%d') END AS "Outcome on",
    CASE r % 4933 WHEN 0 THEN '17.5' WHEN 1 THEN '999' ELSE (r % 100)::VARCHAR END AS "Victim age",
    CASE r % 4931 WHEN 0 THEN 'one' WHEN 1 THEN '-1' WHEN 2 THEN NULL ELSE '1' END AS "Crimes"
FROM (SELECT i, (hash(i) % 100000007)::BIGINT AS r FROM range({rows}) AS numbers (i))
"""

# The rules in the words of SQL: the column and the rule as the ingest names them, and what breaks it.
REFUSING = (
    ("Crime", "required", "crime_ref IS NULL"),
    ("Recorded", "type", "recorded IS NOT NULL AND recorded_on IS NULL"),
    ("Recorded", "range", "year(recorded_on) NOT BETWEEN 1900 AND 2100"),
    ("Recorded", "period", "recorded_on > {latest} AND year(recorded_on) <= 2100"),
    ("Recorded", "required", "recorded IS NULL"),
    ("Committed", "type", "committed IS NOT NULL AND committed_on IS NULL"),
    ("Committed", "range", "year(committed_on) NOT BETWEEN 1900 AND 2100"),
    ("Hour", "type", "hour IS NOT NULL AND committed_hour IS NULL"),
    ("Hour", "range", "committed_hour NOT BETWEEN 0 AND 23"),
    ("recorded_on", "required", "month IS NULL"),
    ("Offence", "values", "offence NOT IN ({offences})"),
    ("Domestic abuse", "type", "flag IS NOT NULL AND domestic_abuse IS NULL"),
    ("Outcome", "values", "outcome NOT IN ({outcomes})"),
    ("Outcome on", "type", "decided IS NOT NULL AND outcome_on IS NULL"),
    ("Outcome on", "range", "year(outcome_on) NOT BETWEEN 1900 AND 2100"),
    ("Victim age", "type", "age IS NOT NULL AND victim_age_years IS NULL"),
    ("Victim age", "range", "victim_age_years NOT BETWEEN 0 AND 120"),
    ("Crimes", "type", "crimes IS NOT NULL AND quantity IS NULL"),
    ("Crimes", "range", "quantity < 0"),
    ("Crimes", "required", "crimes IS NULL"),
)
FLAGGING = (
    ("Committed", "period", "committed_on > {latest} AND year(committed_on) <= 2100"),
    (
        "LSOA",
        "area",
        "length(lsoa_code) <> 9 OR NOT (lsoa_code BETWEEN 'E01000000' AND 'E01999999' OR lsoa_code BETWEEN "
        "'W01000000' AND 'W01999999' OR lsoa_code BETWEEN 'S01000000' AND 'S01999999')",
    ),
    ("Outcome on", "period", "outcome_on > {latest} AND year(outcome_on) <= 2100"),
    ("Recorded", "order", "recorded_on < committed_on"),
    ("Outcome on", "order", "outcome_on < recorded_on"),
)
RULES = REFUSING + FLAGGING

CHECKED = """
CREATE TABLE checked AS SELECT
    crime_ref, recorded_on, committed_on, committed_hour, month, offence, lsoa_code, domestic_abuse, outcome,
    outcome_on, victim_age_years, quantity, CASE WHEN {any} THEN [{each}] END AS broken
FROM (
    SELECT *, date_trunc('month', recorded_on)::DATE AS month FROM (
        SELECT *, try_strptime(recorded, '%Y-%m-%d')::DATE AS recorded_on,
            try_strptime(committed, '%Y-%m-%d')::DATE AS committed_on,
            try_strptime(decided, '%Y-%m-%d')::DATE AS outcome_on,
            try_cast(flag AS BOOLEAN) AS domestic_abuse,
            CASE WHEN regexp_full_match(hour, '[0-9]+') THEN try_cast(hour AS INTEGER) END AS committed_hour,
            CASE WHEN regexp_full_match(age, '[0-9]+') THEN try_cast(age AS INTEGER) END AS victim_age_years,
            CASE WHEN regexp_full_match(crimes, '-?[0-9]+') THEN try_cast(crimes AS INTEGER) END AS quantity
        FROM read_csv('{file}', header = true, auto_detect = false, columns = {{{columns}}})
    )
)
"""
COLUMNS = (
    "crime_ref", "recorded", "committed", "hour", "offence", "lsoa_code", "flag", "outcome", "decided", "age",
    "crimes",
)  # fmt: skip
FAILING = """
CREATE TABLE failing AS SELECT row, rule, len(list_filter(broken[:{refusing}], lambda b: b)) > 0 AS refused
FROM (SELECT rowid AS row, broken, unnest(broken) AS is_broken, generate_subscripts(broken, 1) - 1 AS rule
    FROM checked WHERE broken IS NOT NULL)
WHERE is_broken
"""

Breaches = Counter[tuple[str, str]]  # by column and rule


def measure_rules(rows: int, times: int) -> Iterator[Line]:
    """The ingest's rules against the same in SQL, with every failing row kept by both."""
    definitions = with_rules()
    with TemporaryDirectory() as folder:
        file = made(Path(folder), rows)
        ours, theirs = by_ingest(definitions, file), by_hand(file)
        if ours != theirs:
            raise SystemExit(f"breaches that only one found: {ours - theirs}, {theirs - ours}")
        taken = rounds(times, lambda: by_ingest(definitions, file), lambda: by_hand(file))
    yield from ratios(f"ingest with {len(RULES)} row rules / SQL by hand", taken, 2)


def made(folder: Path, rows: int) -> Path:
    """A file of so many crimes, in which every rule is broken."""
    file = folder / "crimes.csv"
    with duckdb.connect() as database:
        database.execute(f"COPY ({TEXTS.format(rows=rows)}) TO '{file}' (HEADER)")
    return file


def with_rules() -> Definitions:
    """The benchmark's definitions with the one source."""
    definitions = load(CONFIG)
    partnership = definitions.partnership.model_copy(update={"main_source": SOURCE.id})
    only = {"partnership": partnership, "sources": {SOURCE.id: SOURCE}, "indicators": {}, "priorities": {}}
    return definitions.model_copy(update=only)


def by_ingest(definitions: Definitions, file: Path) -> Breaches:
    """What the ingest of the file found, in rows refused and rows flagged."""
    with fresh_workspace() as workspace:
        received = datetime(LATEST.year, LATEST.month, LATEST.day, tzinfo=UTC)
        deliveries = ingest.run(workspace, definitions, [file.parent], received)
        found = Breaches()
        for accounting in deliveries.accounting:
            for column, rule, _, rows in (*accounting.refusals, *accounting.flags):
                found[column, rule] += rows
    return found


def by_hand(file: Path) -> Breaches:
    """The same by two statements."""
    words = {
        "latest": f"DATE '{LATEST + timedelta(days=1)}'",
        "offences": ", ".join(map(literal, OFFENCES)),
        "outcomes": ", ".join(map(literal, OUTCOMES)),
    }
    each = [f"coalesce({condition.format(**words)}, false)" for _, _, condition in RULES]
    columns = ", ".join(f"{name}: 'VARCHAR'" for name in COLUMNS)
    with TemporaryDirectory() as folder, duckdb.connect(f"{folder}/by_hand.duckdb") as database:
        database.execute("SET enable_progress_bar = false")
        database.execute(
            CHECKED.format(any=" OR ".join(each), each=", ".join(each), file=file, columns=columns)
        )
        database.execute(FAILING.format(refusing=len(REFUSING)))
        counted = database.execute(
            "SELECT rule, count(*) FROM failing WHERE NOT refused OR rule < ? GROUP BY rule", [len(REFUSING)]
        ).fetchall()
    return Breaches({RULES[rule][:2]: rows for rule, rows in counted})
