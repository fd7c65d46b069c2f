/** Windows: a query over a few events each. */
import { at, type ConformanceCase } from './case.testing.js';
import { counted, IN, keyed, numbers, query } from './query-case.testing.js';

export const WINDOW_CASES: readonly ConformanceCase[] = [
  query(
    'Windows',
    'TumblingWindow is (start, end]',
    counted('TumblingWindow(second, 10)'),
    numbers(10, 10.5, 20, 21),
    [
      { e: at(10), n: 1 },
      { e: at(20), n: 2 },
      { e: at(30), n: 1 },
    ],
  ),
  query('Windows', 'Tumbling and Duration', counted('Tumbling(Duration(minute, 1))'), numbers(1), [
    { e: at(60), n: 1 },
  ]),
  query(
    'Windows',
    'an Offset shifts which end is inclusive',
    counted('TumblingWindow(Duration(second, 10), Offset(millisecond, -1))'),
    numbers(10, 19),
    [{ e: '2020-01-01T00:00:19.9990000Z', n: 2 }],
  ),
  query('Windows', 'HoppingWindow', counted('HoppingWindow(second, 10, 5)'), numbers(1, 7), [
    { e: at(5), n: 1 },
    { e: at(10), n: 2 },
    { e: at(15), n: 1 },
  ]),
  query(
    'Windows',
    'HoppingWindow with Duration and Hop',
    counted('HoppingWindow(Duration(second, 10), Hop(second, 5))'),
    numbers(1),
    [
      { e: at(5), n: 1 },
      { e: at(10), n: 1 },
    ],
  ),
  query(
    'Windows',
    'SlidingWindow gives a row when an event enters or leaves',
    counted('SlidingWindow(second, 10)'),
    numbers(1, 5),
    [
      { e: at(1), n: 1 },
      { e: at(5), n: 2 },
      { e: at(11), n: 1 },
    ],
  ),
  query(
    'Windows',
    'SessionWindow ends at its timeout',
    counted('SessionWindow(second, 5, 60)'),
    numbers(1, 4, 20),
    [
      { e: at(9), n: 2 },
      { e: at(25), n: 1 },
    ],
  ),
  query(
    'Windows',
    'SessionWindow ends at a check of its maximum duration',
    counted('SessionWindow(minute, 5, 10)'),
    numbers(720, 900, 1140, 1380, 1590),
    [{ e: at(1800), n: 5 }],
  ),
  query(
    'Windows',
    'SessionWindow OVER (PARTITION BY)',
    `SELECT k, COUNT(*) AS n, System.Timestamp() AS e ${IN} GROUP BY k, SessionWindow(second, 2, 60) OVER (PARTITION BY k)`,
    keyed,
    [
      { k: 'b', n: 1, e: at(4) },
      { k: 'a', n: 2, e: at(5) },
    ],
  ),
  query('Windows', 'snapshot by System.Timestamp()', counted('System.Timestamp()'), numbers(1, 1, 2), [
    { e: at(1), n: 2 },
    { e: at(2), n: 1 },
  ]),
  query(
    'Windows',
    'Windows() with ids',
    `SELECT System.Window().Id AS id, COUNT(*) AS n ${IN} GROUP BY Windows(Window('5s', TumblingWindow(second, 5)), Window('10s', TumblingWindow(second, 10)))`,
    numbers(1, 6),
    [
      { id: '5s', n: 1 },
      { id: '5s', n: 1 },
      { id: '10s', n: 2 },
    ],
  ),

  query(
    'Windows',
    'the offset of a tumbling window as a third argument',
    counted('TumblingWindow(minute, 10, 3)'),
    numbers(1),
    [{ e: at(180), n: 1 }],
  ),
  query(
    'Windows',
    'HoppingWindow with an Offset',
    counted('HoppingWindow(Duration(second, 10), Hop(second, 5), Offset(millisecond, -1))'),
    numbers(10),
    [
      { e: '2020-01-01T00:00:14.9990000Z', n: 1 },
      { e: '2020-01-01T00:00:19.9990000Z', n: 1 },
    ],
  ),
  query(
    'Windows',
    'an event as old as a sliding window is long has left it',
    counted('SlidingWindow(second, 5)'),
    numbers(4, 8, 12),
    [
      { e: at(4), n: 1 },
      { e: at(8), n: 2 },
      { e: at(9), n: 1 },
      { e: at(12), n: 2 },
      { e: at(13), n: 1 },
    ],
  ),
  query(
    'Windows',
    'SessionWindow with Timeout and MaxDuration',
    counted('Session(Timeout(second, 5), MaxDuration(minute, 1))'),
    numbers(1, 4, 20),
    [
      { e: at(9), n: 2 },
      { e: at(25), n: 1 },
    ],
  ),
  query(
    'Windows',
    'Windows() without ids, and with System.Timestamp() among them',
    `SELECT System.Window().Id AS id, System.Timestamp() AS e, COUNT(*) AS n ${IN} GROUP BY Windows(TumblingWindow(second, 10), System.Timestamp())`,
    numbers(1),
    [
      { id: null, e: at(1), n: 1 },
      { id: null, e: at(10), n: 1 },
    ],
  ),
  query(
    'Windows',
    'beside a window, System.Timestamp() is a key',
    `WITH s AS (SELECT k, COUNT(*) AS c ${IN} GROUP BY k, TumblingWindow(second, 5)) SELECT SUM(c) AS n, System.Timestamp() AS e FROM s GROUP BY System.Timestamp(), TumblingWindow(second, 10)`,
    [
      { t: 1, k: 'a' },
      { t: 2, k: 'b' },
      { t: 7, k: 'a' },
    ],
    [
      { n: 2, e: at(10) },
      { n: 1, e: at(10) },
    ],
  ),
];
