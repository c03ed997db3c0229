WITH rows AS (
  SELECT
    wave,
    gender,
    safe,
    $1 AS district_code,
    weight
  FROM "survey"
), counted AS (
  SELECT
    district_code,
    wave,
    weight,
    NOT safe IS NULL AND safe IN ($2) AS in_part
  FROM rows
  WHERE
    (
      NOT gender IS NULL AND gender IN ($3)
    ) AND weight > 0
), monthly AS (
  SELECT
    district_code,
    wave,
    '' AS breakdown,
    '' AS category,
    SUM(CASE WHEN in_part THEN weight ELSE 0 END) AS numerator,
    SUM(weight) AS denominator,
    SUM(1) AS answers,
    SUM(weight * weight) AS weight_squares
  FROM counted
  GROUP BY
    district_code,
    wave
), members AS (
  SELECT
    UNNEST($4) AS place,
    UNNEST($5) AS member
), placed AS (
  SELECT
    place,
    wave,
    breakdown,
    category,
    numerator,
    denominator,
    answers,
    weight_squares
  FROM monthly
  JOIN members
    ON district_code = member
), places AS (
  SELECT
    UNNEST($6) AS place,
    UNNEST($7) AS detail
), periods AS (
  SELECT
    UNNEST($8) AS period,
    UNNEST($9) AS detail,
    UNNEST($10) AS wave
), cells AS (
  SELECT
    UNNEST($11) AS breakdown,
    UNNEST($12) AS category,
    UNNEST($13) AS detail
), spine AS (
  SELECT
    places.place,
    periods.period,
    periods.wave,
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
    CAST(COALESCE(SUM(placed.denominator), 0) AS DOUBLE) AS denominator,
    CAST(COALESCE(SUM(placed.answers), 0) AS DOUBLE) AS answers,
    CAST(COALESCE(SUM(placed.weight_squares), 0) AS DOUBLE) AS weight_squares
  FROM spine
  LEFT JOIN placed
    ON placed.place = spine.place
    AND placed.breakdown = spine.breakdown
    AND placed.category = spine.category
    AND placed.wave = spine.wave
  GROUP BY
    spine.place,
    spine.period,
    spine.breakdown,
    spine.category
)
SELECT
  *,
  (
    $14 * numerator
  ) / NULLIF(denominator, 0) AS value
FROM tallies

-- $1 = 'A'
-- $2 = 'no'
-- $3 = 'Woman'
-- $4 = ['A']
-- $5 = ['A']
-- $6 = ['A']
-- $7 = [2]
-- $8 = ['wave:2022-01/2022-01']
-- $9 = [0]
-- $10 = ['2022-01']
-- $11 = ['']
-- $12 = ['']
-- $13 = [0]
-- $14 = 100
