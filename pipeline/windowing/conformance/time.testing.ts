/** Time, metadata and scripts: a query over a few events each. */
import { at, type ConformanceCase } from './case.testing.js';
import { IN, query } from './query-case.testing.js';

export const TIME_CASES: readonly ConformanceCase[] = [
  query(
    'Time',
    'late events are adjusted',
    `SELECT System.Timestamp() AS e ${IN}`,
    [{ t: 600, arrival: 640 }],
    [{ e: at(625) }],
    {
      options: { arrivalTimes: 'given', lateToleranceMs: 15_000 },
    },
  ),
  query(
    'Time',
    'late events are dropped',
    `SELECT System.Timestamp() AS e ${IN}`,
    [{ t: 600, arrival: 640 }],
    [],
    {
      options: { arrivalTimes: 'given', lateToleranceMs: 15_000, policy: 'drop' },
    },
  ),
  query(
    'Time',
    'events out of order within the tolerance are put in order',
    `SELECT v ${IN}`,
    [
      { t: 10, arrival: 10, v: 1 },
      { t: 8, arrival: 11, v: 2 },
      { t: 20, arrival: 20, v: 3 },
    ],
    [{ v: 2 }, { v: 1 }, { v: 3 }],
    {
      options: { arrivalTimes: 'given', outOfOrderToleranceMs: 5_000 },
    },
  ),
  query(
    'Time',
    'events out of order beyond it are moved to the watermark',
    `SELECT v, System.Timestamp() AS e ${IN}`,
    [
      { t: 10, arrival: 10, v: 1 },
      { t: 8, arrival: 11, v: 2 },
    ],
    [
      { v: 1, e: at(10) },
      { v: 2, e: at(10) },
    ],
    { options: { arrivalTimes: 'given' } },
  ),
  query(
    'Time',
    'events more than 5 minutes early are dropped',
    `SELECT v ${IN}`,
    [{ t: 400, arrival: 10, v: 1 }],
    [],
    { options: { arrivalTimes: 'given' } },
  ),
  query(
    'Time',
    'each tolerance holds to its very end',
    `SELECT v, System.Timestamp() AS e ${IN}`,
    [
      { t: 10, arrival: 25, v: 'late by 15 s' },
      { t: 326, arrival: 26, v: 'early by 5 minutes' },
      { t: 318, arrival: 333, v: 'out of order by 8 s' },
    ],
    [
      { v: 'late by 15 s', e: at(10) },
      { v: 'out of order by 8 s', e: at(318) },
      { v: 'early by 5 minutes', e: at(326) },
    ],
    {
      options: {
        arrivalTimes: 'given',
        lateToleranceMs: 15_000,
        outOfOrderToleranceMs: 8_000,
        policy: 'drop',
      },
    },
  ),
  query(
    'Time',
    'events out of order beyond the tolerance are dropped',
    `SELECT v ${IN}`,
    [
      { t: 10, arrival: 10, v: 1 },
      { t: 8, arrival: 11, v: 2 },
    ],
    [{ v: 1 }],
    { options: { arrivalTimes: 'given', policy: 'drop' } },
  ),
  query(
    'Time',
    'the late policy first, then the one for order',
    `SELECT v, System.Timestamp() AS e ${IN}`,
    [
      { t: 20, arrival: 20, v: 1 },
      { t: 1, arrival: 21, v: 2 },
    ],
    [
      { v: 1, e: at(20) },
      { v: 2, e: at(20) },
    ],
    { options: { arrivalTimes: 'given' } },
  ),
  query(
    'Time',
    'a partition is in order by itself, and the query by all of them',
    `SELECT v, System.Timestamp() AS e ${IN}`,
    [
      { t: 10, arrival: 10, partition: 0, v: 1 },
      { t: 8, arrival: 11, partition: 1, v: 2 },
      { t: 12, arrival: 12, partition: 1, v: 3 },
    ],
    [
      { v: 2, e: at(8) },
      { v: 1, e: at(10) },
      { v: 3, e: at(12) },
    ],
    { options: { arrivalTimes: 'given', partitions: { input: 2 } } },
  ),
  query(
    'Time',
    'by arrival no policy applies',
    'SELECT v, System.Timestamp() AS e FROM input',
    [{ t: 1, arrival: 100, v: 1 }],
    [{ v: 1, e: at(100) }],
    { options: { arrivalTimes: 'given' } },
  ),
  query(
    'Time',
    'TIMESTAMP BY … OVER gives each key its own time',
    `SELECT k, COUNT(*) AS n ${IN} OVER k GROUP BY k, TumblingWindow(second, 5)`,
    [
      { t: 10, arrival: 10, k: 'fast' },
      { t: 3, arrival: 10, k: 'slow' },
      { t: 4, arrival: 11, k: 'slow' },
    ],
    [
      { k: 'fast', n: 1 },
      { k: 'slow', n: 2 },
    ],
    { options: { arrivalTimes: 'given', lateToleranceMs: 60_000 } },
  ),
  query(
    'Metadata',
    'EventEnqueuedUtcTime and PartitionId',
    'SELECT EventEnqueuedUtcTime AS e, PartitionId AS p FROM input',
    [{ arrival: 5, partition: 3 }],
    [{ e: at(5), p: 3 }],
    { options: { arrivalTimes: 'given' } },
  ),
  query(
    'Metadata',
    'GetMetadataPropertyValue',
    "SELECT GetMetadataPropertyValue(input, '[EventHub].[PartitionId]') AS p FROM input",
    [{ arrival: 5, partition: 3 }],
    [{ p: 3 }],
    { options: { arrivalTimes: 'given' } },
  ),
  query(
    'Metadata',
    'the EventId of an event is the same whenever it is read',
    "SELECT CASE WHEN a.id = b.id THEN 1 END AS same, LEN(a.id) AS length FROM (SELECT GetMetadataPropertyValue(input, 'EventId') AS id FROM input) AS a JOIN (SELECT GetMetadataPropertyValue(input, 'EventId') AS id FROM input) AS b ON DATEDIFF(second, a, b) = 0",
    [{ v: 1 }],
    [{ same: 1, length: 36 }],
  ),
  query('Scripts', 'JavaScript functions', 'SELECT udf.hex(h) AS x FROM input', [{ h: 'B4' }], [{ x: 180 }], {
    scripts: [{ name: 'hex', kind: 'scalar', source: 'function hex(h) { return parseInt(h, 16); }' }],
  }),
  query(
    'Scripts',
    'a datetime is a Date in JavaScript, and a Date a datetime in the query',
    'SELECT udf.day(System.Timestamp()) AS day, GetType(udf.date(time)) AS type, udf.date(time) AS d FROM input TIMESTAMP BY time',
    [{ t: 1 }],
    [{ day: 3, type: 'datetime', d: at(1) }],
    {
      scripts: [
        { name: 'day', kind: 'scalar', source: 'function day(date) { return date.getUTCDay(); }' },
        { name: 'date', kind: 'scalar', source: 'function date(text) { return new Date(text); }' },
      ],
    },
  ),
];
