WITH rows AS (
  SELECT
    month,
    offence,
    alcohol,
    drugs,
    district_code,
    quantity
  FROM "crimes"
  UNION ALL BY NAME
  SELECT
    month,
    offence,
    alcohol,
    drugs,
    district_code,
    1 AS quantity
  FROM "others"
), counted AS (
  SELECT
    district_code,
    month,
    quantity,
    (
      alcohol IS TRUE OR drugs IS TRUE
    ) AS in_numerator
  FROM rows
  WHERE
    NOT (
      NOT offence IS NULL AND offence IN ($1)
    )
), monthly AS (
  SELECT
    district_code,
    month,
    '' AS breakdown,
    '' AS category,
    SUM(CASE WHEN in_numerator THEN quantity ELSE 0 END) AS numerator,
    SUM(quantity) AS denominator
  FROM counted
  GROUP BY
    district_code,
    month
), members AS (
  SELECT
    UNNEST($2) AS place,
    UNNEST($3) AS member
), placed AS (
  SELECT
    place,
    month,
    breakdown,
    category,
    numerator,
    denominator
  FROM monthly
  JOIN members
    ON district_code = member
  UNION ALL
  SELECT
    $4 AS place,
    month,
    breakdown,
    category,
    numerator,
    denominator
  FROM monthly
  UNION ALL
  SELECT
    $5 AS place,
    month,
    breakdown,
    category,
    numerator,
    denominator
  FROM monthly
  WHERE
    district_code IS NULL
), places AS (
  SELECT
    UNNEST($6) AS place,
    UNNEST($7) AS detail
), periods AS (
  SELECT
    UNNEST($8) AS period,
    UNNEST($9) AS detail,
    UNNEST($10) AS first_month,
    UNNEST($11) AS next_month
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
    CAST(COALESCE(SUM(placed.denominator), 0) AS DOUBLE) AS denominator
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
  (
    $15 * numerator
  ) / NULLIF(denominator, 0) AS value
FROM tallies

-- $1 = '99'
-- $2 = ['A']
-- $3 = ['A']
-- $4 = 'F'
-- $5 = 'F:not recorded'
-- $6 = ['A', 'F', 'F:not recorded']
-- $7 = [2, 1, 0]
-- $8 = ['rolling_12:2022-01/2022-12']
-- $9 = [0]
-- $10 = [datetime.date(2022, 1, 1)]
-- $11 = [datetime.date(2023, 1, 1)]
-- $12 = ['']
-- $13 = ['']
-- $14 = [0]
-- $15 = 100
