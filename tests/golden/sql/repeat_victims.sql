WITH rows AS (
  SELECT
    month,
    victim_ref,
    district_code,
    crime_ref,
    offence,
    quantity
  FROM "crimes"
), counted AS (
  SELECT
    district_code,
    month,
    crime_ref,
    offence,
    quantity,
    victim_ref AS entity
  FROM rows
), monthly AS (
  SELECT
    district_code,
    month,
    entity,
    '' AS breakdown,
    '' AS category,
    COUNT(DISTINCT CASE WHEN NOT crime_ref IS NULL THEN (crime_ref, offence) END) + SUM(CASE WHEN NOT crime_ref IS NULL THEN 0 ELSE quantity END) AS numerator
  FROM counted
  GROUP BY
    district_code,
    month,
    entity
), members AS (
  SELECT
    UNNEST($1) AS place,
    UNNEST($2) AS member
), placed AS (
  SELECT
    place,
    month,
    entity,
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
    entity,
    breakdown,
    category,
    numerator
  FROM monthly
  UNION ALL
  SELECT
    $4 AS place,
    month,
    entity,
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
    UNNEST($10) AS next_month
), cells AS (
  SELECT
    UNNEST($11) AS breakdown,
    UNNEST($12) AS category,
    UNNEST($13) AS detail
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
), entities AS (
  SELECT
    spine.place,
    spine.period,
    spine.breakdown,
    spine.category,
    placed.entity,
    SUM(placed.numerator) AS times
  FROM spine
  JOIN placed
    ON placed.place = spine.place
    AND placed.breakdown = spine.breakdown
    AND placed.category = spine.category
    AND placed.month >= spine.first_month
    AND placed.month < spine.next_month
  GROUP BY
    spine.place,
    spine.period,
    spine.breakdown,
    spine.category,
    placed.entity
), tallies AS (
  SELECT
    spine.place,
    spine.period,
    spine.breakdown,
    spine.category,
    CAST(COALESCE(
      SUM(
        CASE WHEN NOT entities.entity IS NULL AND entities.times >= $14 THEN 1 ELSE 0 END
      ),
      0
    ) AS DOUBLE) AS numerator,
    CAST(COALESCE(SUM(CASE WHEN NOT entities.entity IS NULL THEN 1 ELSE 0 END), 0) AS DOUBLE) AS denominator,
    CAST(COALESCE(SUM(CASE WHEN NOT entities.entity IS NULL THEN 1 ELSE 0 END), 0) AS DOUBLE) AS people,
    CAST(COALESCE(
      SUM(
        CASE
          WHEN NOT entities.entity IS NULL
          THEN entities.times * entities.times
          ELSE 0
        END
      ),
      0
    ) AS DOUBLE) AS times_squared,
    CAST(COALESCE(SUM(entities.times), 0) AS DOUBLE) AS rows_in_all,
    CAST(COALESCE(SUM(CASE WHEN entities.entity IS NULL THEN entities.times ELSE 0 END), 0) AS DOUBLE) AS rows_without_entity
  FROM spine
  LEFT JOIN entities
    ON entities.place = spine.place
    AND entities.period = spine.period
    AND entities.breakdown = spine.breakdown
    AND entities.category = spine.category
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

-- $1 = ['A']
-- $2 = ['A']
-- $3 = 'F'
-- $4 = 'F:not recorded'
-- $5 = ['A', 'F', 'F:not recorded']
-- $6 = [2, 1, 0]
-- $7 = ['rolling_12:2022-01/2022-12']
-- $8 = [0]
-- $9 = [datetime.date(2022, 1, 1)]
-- $10 = [datetime.date(2023, 1, 1)]
-- $11 = ['']
-- $12 = ['']
-- $13 = [0]
-- $14 = 2
-- $15 = 100
