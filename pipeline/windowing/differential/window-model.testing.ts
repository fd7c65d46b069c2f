/** Windowed queries: what a window holds, said in SQL. */
import fc from 'fast-check';
import {
  aggregate,
  asColumns,
  asDouble,
  type Both,
  END,
  INPUT,
  predicate,
} from './expression-model.testing.js';

/** A window of the query; in SQL, the rows of `rows` once for every window they are in, with its end as `e`. */
interface Windowed {
  readonly window: string;
  /** The window is of one key, and so the query has to be. */
  readonly ofKey: boolean;
  members(rows: string, isKeyed: boolean): string;
}

const tumblingOrHopping: fc.Arbitrary<Windowed> = fc
  .record({
    size: fc.integer({ min: 1, max: 4 }),
    hop: fc.integer({ min: 1, max: 4 }),
    isTumbling: fc.boolean(),
    offset: fc.integer({ min: -4, max: 4 }),
  })
  .map(({ size, hop, isTumbling, offset }) => {
    const sizeSeconds = size * 5;
    const hopSeconds = isTumbling ? sizeSeconds : hop * 5;
    const shift = offset === 0 ? '' : `, Offset(second, ${offset})`;
    const window = isTumbling
      ? `TumblingWindow(Duration(second, ${sizeSeconds})${shift})`
      : `HoppingWindow(Duration(second, ${sizeSeconds}), Hop(second, ${hopSeconds})${shift})`;
    // A row lies in every window (e − size, e] whose end is a multiple of the hop, shifted by the offset.
    const first = `CAST(CEIL((t - (${offset})) / ${hopSeconds}.0) AS BIGINT) * ${hopSeconds} + (${offset})`;
    const ends = `generate_series(${first}, t + ${sizeSeconds} - 1, ${hopSeconds})`;
    return {
      window,
      ofKey: false,
      members: (rows) => `SELECT *, unnest(${ends}) AS e FROM ${rows}`,
    };
  });

/** At every instant at which a row of the group enters or leaves, those of the last `size` seconds. */
const sliding: fc.Arbitrary<Windowed> = fc.integer({ min: 1, max: 12 }).map((size) => ({
  window: `SlidingWindow(second, ${size})`,
  ofKey: false,
  members: (rows, isKeyed) => {
    const key = isKeyed ? 'k' : '0';
    const instants = `SELECT DISTINCT pk, e FROM (SELECT ${key} AS pk, t AS e FROM ${rows} UNION ALL SELECT ${key}, t + ${size} FROM ${rows})`;
    return `SELECT r.*, i.e FROM (${instants}) i JOIN (SELECT *, ${key} AS pk FROM ${rows}) r ON i.pk IS NOT DISTINCT FROM r.pk AND r.t > i.e - ${size} AND r.t <= i.e`;
  },
}));

/** Row after row: whether it comes after the end of the session before, by its timeout or by the check of its length. */
const session: fc.Arbitrary<Windowed> = fc
  .record({
    timeout: fc.integer({ min: 1, max: 6 }),
    longest: fc.constantFrom(6, 8, 10, 12, 20),
    ofKey: fc.boolean(),
  })
  .map(({ timeout, longest, ofKey }) => {
    const check = (start: string): string =>
      `((${start} + ${longest} + ${longest} - 1) // ${longest}) * ${longest}`;
    const end = (last: string, start: string): string => `LEAST(${last} + ${timeout}, ${check(start)})`;
    const isNew = `w.t > ${end('s.t', 's.start')}`;
    return {
      window: `SessionWindow(second, ${timeout}, ${longest})${ofKey ? ' OVER (PARTITION BY k)' : ''}`,
      ofKey,
      members: (rows) => {
        const numbered = `SELECT *, ${ofKey ? 'k' : "''"} AS pk, row_number() OVER (PARTITION BY ${ofKey ? 'k' : "''"} ORDER BY id) AS n FROM ${rows}`;
        const chain = `WITH RECURSIVE w AS (${numbered}), s AS (SELECT n, pk, id, t, t AS start FROM w WHERE n = 1 UNION ALL SELECT w.n, w.pk, w.id, w.t, CASE WHEN ${isNew} THEN w.t ELSE s.start END FROM s JOIN w ON w.pk IS NOT DISTINCT FROM s.pk AND w.n = s.n + 1)`;
        return `SELECT ev.*, c.e FROM (${chain} SELECT id, ${end('max(t) OVER (PARTITION BY pk, start)', 'start')} AS e FROM s) c JOIN ev USING (id)`;
      },
    };
  });

const snapshot: fc.Arbitrary<Windowed> = fc.constant({
  window: 'System.Timestamp()',
  ofKey: false,
  members: (rows) => `SELECT *, t AS e FROM ${rows}`,
});

/** Aggregates by window and, mostly, by key. */
export const grouped: fc.Arbitrary<Both> = fc
  .record({
    windowed: fc.oneof(tumblingOrHopping, tumblingOrHopping, sliding, session, snapshot),
    items: fc.array(aggregate, { minLength: 1, maxLength: 4 }),
    where: predicate,
    byKey: fc.boolean(),
    least: fc.integer({ min: 0, max: 2 }),
  })
  .map(({ windowed, items, where, byKey, least }) => {
    const isKeyed = byKey || windowed.ofKey;
    const key = isKeyed ? 'k, ' : '';
    const rows = `(SELECT * FROM ev WHERE ${where.duck})`;
    return {
      asa: `SELECT ${END}, ${key}${asColumns(items)} ${INPUT} WHERE ${where.asa} GROUP BY ${key}${windowed.window} HAVING COUNT(*) > ${least}`,
      duck: `SELECT CAST(e AS DOUBLE) AS e, ${key}${asDouble(items)} FROM (${windowed.members(rows, isKeyed)}) GROUP BY e${isKeyed ? ', k' : ''} HAVING COUNT(*) > ${least}`,
    };
  });
