WITH rows AS (
  SELECT
    month,
    offence,
    victim_age_years,
    district_code,
    quantity
  FROM "crimes"
), counted AS (
  SELECT
    district_code,
    month,
    quantity,
    CASE
      WHEN victim_age_years IS NULL
      THEN $1
      WHEN NOT victim_age_years IS NULL AND victim_age_years >= $2 AND victim_age_years <= $3
      THEN $4
      WHEN NOT victim_age_years IS NULL AND victim_age_years >= $5
      THEN $6
      ELSE $7
    END AS category_1
  FROM rows
  WHERE
    NOT offence IS NULL AND offence IN ($8, $9)
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
  UNION ALL
  SELECT
    district_code,
    month,
    $10 AS breakdown,
    category_1 AS category,
    SUM(quantity) AS numerator
  FROM counted
  GROUP BY
    district_code,
    month,
    category_1
), members AS (
  SELECT
    UNNEST($11) AS place,
    UNNEST($12) AS member
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
    $13 AS place,
    month,
    breakdown,
    category,
    numerator
  FROM monthly
  UNION ALL
  SELECT
    $14 AS place,
    month,
    breakdown,
    category,
    numerator
  FROM monthly
  WHERE
    district_code IS NULL
), places AS (
  SELECT
    UNNEST($15) AS place,
    UNNEST($16) AS detail
), periods AS (
  SELECT
    UNNEST($17) AS period,
    UNNEST($18) AS detail,
    UNNEST($19) AS first_month,
    UNNEST($20) AS next_month
), cells AS (
  SELECT
    UNNEST($21) AS breakdown,
    UNNEST($22) AS category,
    UNNEST($23) AS detail
  UNION
  SELECT DISTINCT
    breakdown,
    category,
    1 AS detail
  FROM monthly
  WHERE
    breakdown <> ''
), spine AS (
  SELECT
    places.place,
    periods.period,
    periods.first_month,
    periods.next_month,
    breakdown,
    category
  FROM places
  CROSS JOIN periods
  CROSS JOIN cells
  WHERE
    places.detail >= periods.detail + cells.detail
), tallies AS (
  SELECT
    spine.place,
    spine.period,
    spine.breakdown,
    spine.category,
    CAST(COALESCE(SUM(placed.numerator), 0) AS DOUBLE) AS numerator,
    CAST(NULL AS DOUBLE) AS denominator
  FROM spine
  LEFT JOIN placed
    ON placed.place = spine.place
    AND placed.breakdown = spine.breakdown
    AND placed.category = spine.category
    AND placed.month >= spine.first_month
    AND placed.month < spine.next_month
  GROUP BY
    spine.place,
    spine.period,
    spine.breakdown,
    spine.category
)
SELECT
  *,
  numerator AS value
FROM tallies

-- $1 = 'not recorded'
-- $2 = 0
-- $3 = 24
-- $4 = 'U25'
-- $5 = 25
-- $6 = '25+'
-- $7 = 'other'
-- $8 = '1'
-- $9 = '8N'
-- $10 = 'age'
-- $11 = ['A']
-- $12 = ['A']
-- $13 = 'F'
-- $14 = 'F:not recorded'
-- $15 = ['A', 'F', 'F:not recorded']
-- $16 = [2, 1, 0]
-- $17 = ['rolling_12:2022-01/2022-12', 'month:2022-12/2022-12']
-- $18 = [0, 1]
-- $19 = [datetime.date(2022, 1, 1), datetime.date(2022, 12, 1)]
-- $20 = [datetime.date(2023, 1, 1), datetime.date(2023, 1, 1)]
-- $21 = ['', 'age', 'age', 'age']
-- $22 = ['', 'U25', '25+', 'not recorded']
-- $23 = [0, 1, 1, 1]
