/** What the pages on query patterns solve, over a few events of our own. */
import { at, type ConformanceCase } from './case.testing.js';
import { IN, query } from './query-case.testing.js';

export const PATTERN_CASES: readonly ConformanceCase[] = [
  query(
    'Query patterns',
    'how long a condition lasted',
    `WITH s AS (SELECT *, LAG(time) OVER (LIMIT DURATION(hour, 1)) AS before, LAG(v) OVER (LIMIT DURATION(hour, 1)) AS was ${IN}) SELECT LAG(time) OVER (LIMIT DURATION(hour, 1) WHEN was < 10) AS started, before AS ended FROM s WHERE v < 10 AND was > 10`,
    [
      { t: 1, v: 5 },
      { t: 2, v: 12 },
      { t: 3, v: 14 },
      { t: 4, v: 6 },
    ],
    [{ started: '2020-01-01T00:00:02.000Z', ended: '2020-01-01T00:00:03.000Z' }],
  ),
  query(
    'Query patterns',
    'the time between two kinds of events',
    `SELECT id, DATEDIFF(second, LAST(time) OVER (PARTITION BY id LIMIT DURATION(hour, 1) WHEN kind = 'start'), time) AS seconds ${IN} WHERE kind = 'end'`,
    [
      { t: 1, id: 'a', kind: 'start' },
      { t: 3, id: 'b', kind: 'start' },
      { t: 8, id: 'a', kind: 'end' },
    ],
    [{ id: 'a', seconds: 7 }],
  ),
  query(
    'Query patterns',
    'thresholds from reference data, fields by number',
    `WITH s AS (SELECT dim = CASE rules.dims.[2] WHEN 'TRUE' THEN input.dims.[2].value ELSE NULL END, input.metric.value AS metric, rules.id AS ruleId, rules.least AS least ${IN} JOIN rules ON input.metric.name = rules.metric WHERE rules.filter.[0] = '' OR input.dims.[0].value = rules.filter.[0]) SELECT System.Timestamp() AS e, s.ruleId, AVG(metric) AS avg, dim FROM s GROUP BY s.ruleId, dim, least, TumblingWindow(second, 60) HAVING avg(metric) >= least`,
    [
      { t: 1, metric: { name: 'cpu', value: 98 }, dims: { 0: { value: 'x' }, 2: { value: 'n1' } } },
      { t: 2, metric: { name: 'cpu', value: 95 }, dims: { 0: { value: 'x' }, 2: { value: 'n1' } } },
      { t: 3, metric: { name: 'cpu', value: 80 }, dims: { 0: { value: 'x' }, 2: { value: 'n2' } } },
    ],
    [{ e: at(60), ruleId: 7, avg: 96.5, dim: 'n1' }],
    { references: { rules: [{ id: 7, metric: 'cpu', least: 90, dims: { 2: 'TRUE' }, filter: { 0: '' } }] } },
  ),
  query(
    'Query patterns',
    'elements of an array as columns',
    `WITH m AS (SELECT i.id, e.ArrayValue.name AS name, e.ArrayValue.value AS value FROM input i CROSS APPLY GetArrayElements(list) AS e) SELECT i.id, i.place.*, a.value AS 'version' FROM input i LEFT JOIN m a ON a.name = 'version' AND a.id = i.id AND DATEDIFF(minute, i, a) BETWEEN 0 AND 0`,
    [
      {
        id: 1,
        place: { x: 2 },
        list: [
          { name: 'maker', value: 'M' },
          { name: 'version', value: '1.2' },
        ],
      },
    ],
    [{ id: 1, x: 2, version: '1.2' }],
  ),
  query(
    'Query patterns',
    'devices outside their own fence',
    'SELECT input.id, fences.name FROM input JOIN fences ON ST_WITHIN(input.at, fences.area) = 0 WHERE input.id = fences.device',
    [
      { id: 'a', at: 'POINT(1 1)' },
      { id: 'b', at: 'POINT(1 1)' },
    ],
    [{ id: 'b', name: 'far' }],
    {
      references: {
        fences: [
          { name: 'near', device: 'a', area: 'POLYGON((0 0, 2 0, 2 2, 0 2, 0 0))' },
          { name: 'far', device: 'b', area: 'POLYGON((5 5, 6 5, 6 6, 5 6, 5 5))' },
        ],
      },
    },
  ),
];
