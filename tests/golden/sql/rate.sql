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
    UNNEST($1) AS place,
    UNNEST($2) AS member
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
    UNNEST($5) AS place,
    UNNEST($6) AS detail
), periods AS (
  SELECT
    UNNEST($7) AS period,
    UNNEST($8) AS detail,
    UNNEST($9) AS first_month,
    UNNEST($10) AS next_month,
    UNNEST($11) AS base_year
), cells AS (
  SELECT
    UNNEST($12) AS breakdown,
    UNNEST($13) AS category,
    UNNEST($14) AS detail
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
    UNNEST($15) AS place,
    UNNEST($16) AS area_code
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
    $17 * numerator
  ) / NULLIF(denominator, 0) AS value
FROM tallies

-- $1 = ['A']
-- $2 = ['A']
-- $3 = 'F'
-- $4 = 'F:not recorded'
-- $5 = ['A', 'F', 'F:not recorded']
-- $6 = [2, 1, 0]
-- $7 = ['rolling_12:2022-01/2022-12', 'month:2022-12/2022-12']
-- $8 = [0, 1]
-- $9 = [datetime.date(2022, 1, 1), datetime.date(2022, 12, 1)]
-- $10 = [datetime.date(2023, 1, 1), datetime.date(2023, 1, 1)]
-- $11 = [2021, 2021]
-- $12 = ['']
-- $13 = ['']
-- $14 = [0]
-- $15 = ['A', 'F', 'F', 'F']
-- $16 = ['A', 'A', 'B', 'C']
-- $17 = 1000
