/**
 * The benchmark's queries in DuckDB's language, as somebody who knows it well would write them, over `$file`. Windows
 * are `(start, end]` in Stream Analytics and `[start, end)` in DuckDB: a microsecond makes the difference.
 */
import { AGE_BANDS } from '../../../pipeline/boundaries.js';

const COLUMNS = `columns = {storeId: 'VARCHAR', section: 'VARCHAR', capturedAt: 'TIMESTAMP', analyzed: 'BOOLEAN',
  visitor: 'VARCHAR', newVisitor: 'BOOLEAN', "returning": 'BOOLEAN', ageBand: 'VARCHAR', gender: 'VARCHAR', emotionScore: 'DOUBLE'}`;
/** Columns that a query does not use are not read. */
const FILE = `read_json('$file', format = 'newline_delimited', ${COLUMNS})`;

const countIf = (condition: string): string => `count(*) FILTER (${condition})`;

/** The end of the tumbling window that holds an event. */
const endOf = (interval: string): string =>
  `time_bucket(INTERVAL ${interval}, capturedAt - INTERVAL 1 MICROSECOND) + INTERVAL ${interval}`;

export const FOOTFALL = `SELECT epoch_ms(${endOf('15 SECOND')}) AS w, storeId, section, count(*), ${countIf('analyzed')},
  count(DISTINCT visitor), ${countIf('newVisitor')}, ${countIf('"returning"')}, ${countIf("gender = 'female'")}, ${countIf("gender = 'male'")},
  avg(emotionScore), ${AGE_BANDS.map((band) => countIf(`ageBand = '${band}'`)).join(', ')}
  FROM ${FILE} GROUP BY w, storeId, section`;

/** A row whenever an event enters a window or leaves it, five seconds later. */
export const SLIDING = `WITH events AS MATERIALIZED (SELECT storeId, capturedAt AS t, emotionScore AS score FROM ${FILE}),
  instants AS (SELECT storeId, t, score, 1 AS one FROM events UNION ALL SELECT storeId, t + INTERVAL 5 SECOND, NULL, NULL FROM events)
  SELECT epoch_ms(t), storeId, n, mood FROM (
    SELECT DISTINCT storeId, t, count(one) OVER recent AS n, avg(score) OVER recent AS mood FROM instants
    WINDOW recent AS (PARTITION BY storeId ORDER BY t RANGE BETWEEN INTERVAL 4999999 MICROSECOND PRECEDING AND CURRENT ROW))
  WHERE n > 0`;

/** Gaps and islands. No session of these events lasts for ten minutes, so the maximum is left out. */
export const SESSION = `SELECT epoch_ms(max(t) + INTERVAL 30 SECOND), visitor, count(*) FROM (
    SELECT visitor, t, sum(isFirst) OVER (PARTITION BY visitor ORDER BY t) AS session FROM (
      SELECT visitor, capturedAt AS t,
        CASE WHEN capturedAt - lag(capturedAt) OVER (PARTITION BY visitor ORDER BY capturedAt) <= INTERVAL 30 SECOND THEN 0 ELSE 1 END AS isFirst
      FROM ${FILE} WHERE visitor IS NOT NULL))
  GROUP BY visitor, session`;

export const DISTINCT = `SELECT epoch_ms(${endOf('5 MINUTE')}) AS w, visitor, count(DISTINCT section), max(emotionScore)
  FROM ${FILE} GROUP BY w, visitor`;

export const JOIN = `WITH events AS MATERIALIZED (SELECT visitor, section, capturedAt AS t FROM ${FILE})
  SELECT a.section, b.section FROM events a JOIN events b
  ON a.visitor = b.visitor AND b.t BETWEEN a.t + INTERVAL 1 SECOND AND a.t + INTERVAL 20 SECOND
  WHERE a.section <> b.section`;

/**
 * Panes of a second first, of which each window then takes 300: a row for each event and window, as the query would
 * be written at first, is more than 40 times slower. Knows beforehand which genders there are.
 */
export const HOPPING = `WITH panes AS MATERIALIZED (
    SELECT storeId, section, (epoch_ms(capturedAt) + 999) // 1000 AS second, count(*) AS n,
      max(CASE WHEN gender = 'female' THEN 1 ELSE 0 END) AS female, max(CASE WHEN gender = 'male' THEN 1 ELSE 0 END) AS male,
      max(emotionScore) AS best
    FROM ${FILE} GROUP BY ALL),
  ends AS (SELECT storeId, section, unnest(generate_series(low, high, 1)) AS second
    FROM (SELECT DISTINCT storeId, section FROM panes), (SELECT min(second) AS low, max(second) + 299 AS high FROM panes))
  SELECT second * 1000, storeId, section, n, genders, best FROM (
    SELECT second, storeId, section, sum(n) OVER recent AS n, max(female) OVER recent + max(male) OVER recent AS genders, max(best) OVER recent AS best
    FROM ends LEFT JOIN panes USING (storeId, section, second)
    WINDOW recent AS (PARTITION BY storeId, section ORDER BY second RANGE BETWEEN 299 PRECEDING AND CURRENT ROW))
  WHERE n > 0`;

/** Of events that have these two fields alone. */
export const KEYS = `SELECT epoch_ms(${endOf('1 HOUR')}) AS w, visitor, count(*)
  FROM read_json('$file', format = 'newline_delimited', columns = {visitor: 'VARCHAR', capturedAt: 'TIMESTAMP'})
  GROUP BY w, visitor`;
