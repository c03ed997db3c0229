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
    CASE WHEN ISFINITE(weight) AND weight > 0 THEN weight ELSE 0 END AS weight,
    '' AS stratum,
    'r' || ROW_NUMBER() OVER () AS cluster,
    NOT safe IS NULL AND safe IN ($2) AS in_numerator
  FROM rows
  WHERE
    NOT gender IS NULL AND gender IN ($3)
), monthly AS (
  SELECT
    district_code,
    wave,
    stratum,
    cluster,
    '' AS breakdown,
    '' AS category,
    SUM(CASE WHEN in_numerator THEN weight ELSE 0 END) AS numerator,
    SUM(weight) AS denominator,
    SUM(CASE WHEN weight > 0 THEN 1 ELSE 0 END) AS answers,
    SUM(weight * weight) AS weight_squares,
    SUM(CASE WHEN weight > 0 THEN 0 ELSE 1 END) AS bad_weights
  FROM counted
  GROUP BY
    district_code,
    wave,
    stratum,
    cluster
), members AS (
  SELECT
    UNNEST($4) AS place,
    UNNEST($5) AS member
), placed AS (
  SELECT
    place,
    wave,
    stratum,
    cluster,
    breakdown,
    category,
    numerator,
    denominator,
    answers,
    weight_squares,
    bad_weights
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
), design AS (
  SELECT
    period,
    '' AS stratum,
    SUM(1) AS clusters
  FROM periods
  JOIN rows
    ON rows.wave = periods.wave
  WHERE
    CASE WHEN ISFINITE(weight) AND weight > 0 THEN weight ELSE 0 END > 0
  GROUP BY
    period,
    ''
), estimates AS (
  SELECT
    spine.place,
    spine.period,
    spine.breakdown,
    spine.category,
    CAST(COALESCE(SUM(placed.numerator), 0) AS DOUBLE) AS numerator,
    CAST(COALESCE(SUM(placed.denominator), 0) AS DOUBLE) AS denominator,
    CAST(COALESCE(SUM(placed.answers), 0) AS DOUBLE) AS answers,
    CAST(COALESCE(SUM(placed.weight_squares), 0) AS DOUBLE) AS weight_squares,
    CAST(COALESCE(SUM(placed.bad_weights), 0) AS DOUBLE) AS bad_weights
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
), drawn AS (
  SELECT
    spine.place,
    spine.period,
    spine.breakdown,
    spine.category,
    placed.stratum,
    placed.cluster,
    SUM(placed.numerator) AS part,
    SUM(placed.denominator) AS whole
  FROM spine
  JOIN placed
    ON placed.place = spine.place
    AND placed.breakdown = spine.breakdown
    AND placed.category = spine.category
    AND placed.wave = spine.wave
  GROUP BY
    spine.place,
    spine.period,
    spine.breakdown,
    spine.category,
    placed.stratum,
    placed.cluster
), spreads AS (
  SELECT
    drawn.place,
    drawn.period,
    drawn.breakdown,
    drawn.category,
    drawn.stratum,
    SUM(
      (
        drawn.part - (
          (
            estimates.numerator / estimates.denominator
          ) * drawn.whole
        )
      ) / estimates.denominator
    ) AS added,
    SUM(
      POWER(
        (
          drawn.part - (
            (
              estimates.numerator / estimates.denominator
            ) * drawn.whole
          )
        ) / estimates.denominator,
        2
      )
    ) AS squares,
    MAX(design.clusters) AS clusters
  FROM drawn
  JOIN estimates
    ON (
      drawn.place = estimates.place
      AND drawn.period = estimates.period
      AND drawn.breakdown = estimates.breakdown
      AND drawn.category = estimates.category
    )
    AND estimates.denominator > 0
  JOIN design
    ON drawn.period = design.period AND drawn.stratum = design.stratum
  GROUP BY
    drawn.place,
    drawn.period,
    drawn.breakdown,
    drawn.category,
    drawn.stratum
), variances AS (
  SELECT
    place,
    period,
    breakdown,
    category,
    SUM(
      CASE
        WHEN clusters > 1
        THEN (
          clusters / (
            clusters - 1
          )
        ) * (
          squares - (
            (
              added * added
            ) / clusters
          )
        )
        ELSE squares
      END
    ) AS variance
  FROM spreads
  GROUP BY
    place,
    period,
    breakdown,
    category
), tallies AS (
  SELECT
    estimates.*,
    variances.variance,
    designs.clusters,
    designs.strata
  FROM estimates
  LEFT JOIN variances
    ON estimates.place = variances.place
    AND estimates.period = variances.period
    AND estimates.breakdown = variances.breakdown
    AND estimates.category = variances.category
  LEFT JOIN (
    SELECT
      period,
      CAST(SUM(clusters) AS BIGINT) AS clusters,
      CAST(COUNT(*) AS BIGINT) AS strata
    FROM design
    GROUP BY
      period
  ) AS designs
    ON estimates.period = designs.period
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
