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
    *
  FROM (VALUES
    ($11, $12)) AS listed(place, member)
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
    *
  FROM (VALUES
    ($15, $16),
    ($17, $18),
    ($19, $20)) AS listed(place, detail)
), periods AS (
  SELECT
    *
  FROM (VALUES
    ($21, $22, $23, $24),
    ($25, $26, $27, $28)) AS listed(period, detail, first_month, next_month)
), cells AS (
  SELECT
    *
  FROM (VALUES
    ($29, $30, $31),
    ($32, $33, $34),
    ($35, $36, $37),
    ($38, $39, $40)) AS listed(breakdown, category, detail)
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
-- $11 = 'A'
-- $12 = 'A'
-- $13 = 'F'
-- $14 = 'F:not recorded'
-- $15 = 'A'
-- $16 = 2
-- $17 = 'F'
-- $18 = 1
-- $19 = 'F:not recorded'
-- $20 = 0
-- $21 = 'rolling_12:2022-01/2022-12'
-- $22 = 0
-- $23 = datetime.date(2022, 1, 1)
-- $24 = datetime.date(2023, 1, 1)
-- $25 = 'month:2022-12/2022-12'
-- $26 = 1
-- $27 = datetime.date(2022, 12, 1)
-- $28 = datetime.date(2023, 1, 1)
-- $29 = ''
-- $30 = ''
-- $31 = 0
-- $32 = 'age'
-- $33 = 'U25'
-- $34 = 1
-- $35 = 'age'
-- $36 = '25+'
-- $37 = 1
-- $38 = 'age'
-- $39 = 'not recorded'
-- $40 = 1
