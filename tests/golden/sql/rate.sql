WITH rows AS (
  SELECT
    month,
    district_code,
    quantity
  FROM "crimes"
), counted AS (
  SELECT
    district_code,
    month,
    quantity
  FROM rows
), monthly AS (
  SELECT
    district_code,
    month,
    '' AS breakdown,
    '' AS category,
    SUM(quantity) AS numerator
  FROM counted
  GROUP BY
    district_code,
    month
), members AS (
  SELECT
    *
  FROM (VALUES
    ($1, $2)) AS listed(place, member)
), placed AS (
  SELECT
    place,
    month,
    breakdown,
    category,
    numerator
  FROM monthly
  JOIN members
    ON district_code = member
  UNION ALL
  SELECT
    $3 AS place,
    month,
    breakdown,
    category,
    numerator
  FROM monthly
  UNION ALL
  SELECT
    $4 AS place,
    month,
    breakdown,
    category,
    numerator
  FROM monthly
  WHERE
    district_code IS NULL
), places AS (
  SELECT
    *
  FROM (VALUES
    ($5, $6),
    ($7, $8),
    ($9, $10)) AS listed(place, detail)
), periods AS (
  SELECT
    *
  FROM (VALUES
    ($11, $12, $13, $14, $15),
    ($16, $17, $18, $19, $20)) AS listed(period, detail, first_month, next_month, base_year)
), cells AS (
  SELECT
    *
  FROM (VALUES
    ($21, $22, $23)) AS listed(breakdown, category, detail)
), spine AS (
  SELECT
    places.place,
    periods.period,
    periods.first_month,
    periods.next_month,
    periods.base_year,
    breakdown,
    category
  FROM places
  CROSS JOIN periods
  CROSS JOIN cells
  WHERE
    places.detail >= periods.detail + cells.detail
), bases AS (
  SELECT
    *
  FROM (VALUES
    ($24, $25),
    ($26, $27),
    ($28, $29),
    ($30, $31)) AS listed(place, area_code)
), denominators AS (
  SELECT
    bases.place,
    population.year,
    SUM(population.residents) AS residents
  FROM bases
  JOIN "population" AS population
    ON population.area_code = bases.area_code
  GROUP BY
    bases.place,
    population.year
), tallies AS (
  SELECT
    spine.place,
    spine.period,
    spine.breakdown,
    spine.category,
    CAST(COALESCE(SUM(placed.numerator), 0) AS DOUBLE) AS numerator,
    CAST(MAX(denominators.residents) AS DOUBLE) AS denominator
  FROM spine
  LEFT JOIN placed
    ON placed.place = spine.place
    AND placed.breakdown = spine.breakdown
    AND placed.category = spine.category
    AND placed.month >= spine.first_month
    AND placed.month < spine.next_month
  LEFT JOIN denominators
    ON denominators.place = spine.place AND denominators.year = spine.base_year
  GROUP BY
    spine.place,
    spine.period,
    spine.breakdown,
    spine.category
)
SELECT
  *,
  (
    $32 * numerator
  ) / NULLIF(denominator, 0) AS value
FROM tallies

-- $1 = 'A'
-- $2 = 'A'
-- $3 = 'F'
-- $4 = 'F:not recorded'
-- $5 = 'A'
-- $6 = 2
-- $7 = 'F'
-- $8 = 1
-- $9 = 'F:not recorded'
-- $10 = 0
-- $11 = 'rolling_12:2022-01/2022-12'
-- $12 = 0
-- $13 = datetime.date(2022, 1, 1)
-- $14 = datetime.date(2023, 1, 1)
-- $15 = 2021
-- $16 = 'month:2022-12/2022-12'
-- $17 = 1
-- $18 = datetime.date(2022, 12, 1)
-- $19 = datetime.date(2023, 1, 1)
-- $20 = 2021
-- $21 = ''
-- $22 = ''
-- $23 = 0
-- $24 = 'A'
-- $25 = 'A'
-- $26 = 'F'
-- $27 = 'A'
-- $28 = 'F'
-- $29 = 'B'
-- $30 = 'F'
-- $31 = 'C'
-- $32 = 1000
