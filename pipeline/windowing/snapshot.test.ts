import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createScriptFunctions } from './engine/compile/scripts.js';
import { type InputEvent, type JobOptions, resumeJob, startJob } from './job.js';

const IN = 'FROM input TIMESTAMP BY time';
const QUERIES: Readonly<Record<string, string>> = {
  tumbling: `SELECT k, COUNT(*) AS n, SUM(v) AS s, AVG(v) AS a, COUNT(DISTINCT v) AS d, MAX(v) AS m, STDEV(v) AS sd ${IN} GROUP BY k, TumblingWindow(second, 7)`,
  hopping: `SELECT k, SUM(v) AS s, COLLECT(v) AS c ${IN} GROUP BY k, HoppingWindow(second, 10, 3)`,
  sliding: `SELECT COUNT(*) AS n, TopOne() OVER (ORDER BY v DESC) AS top ${IN} GROUP BY SlidingWindow(second, 5)`,
  session: `SELECT k, COUNT(*) AS n ${IN} GROUP BY k, SessionWindow(second, 3, 20) OVER (PARTITION BY k)`,
  analytic: `SELECT LAG(v, 2) OVER (PARTITION BY k LIMIT DURATION(minute, 1)) AS l, ISFIRST(second, 5) AS f, SUM(v) OVER (LIMIT DURATION(second, 9)) AS s ${IN}`,
  join: 'SELECT a.v AS l, b.v AS r FROM input a TIMESTAMP BY time LEFT JOIN input b TIMESTAMP BY time ON a.k = b.k AND DATEDIFF(second, a, b) BETWEEN 1 AND 4',
  chain:
    'SELECT a.v AS l, c.v AS r FROM input a TIMESTAMP BY time JOIN input b TIMESTAMP BY time ON a.k = b.k AND DATEDIFF(second, a, b) BETWEEN 0 AND 4 JOIN input c TIMESTAMP BY time ON c.v = a.v AND DATEDIFF(second, a, c) BETWEEN 0 AND 6',
  windows: `SELECT System.Window().Id AS id, COUNT(*) AS n ${IN} GROUP BY Windows(Window('a', TumblingWindow(second, 5)), Window('b', SlidingWindow(second, 3)))`,
  snapshot: `SELECT k, COUNT(*) AS n, PERCENTILE_CONT(0.5) OVER (ORDER BY v) AS p ${IN} GROUP BY k, System.Timestamp()`,
  distinct: `SELECT DISTINCT n FROM (SELECT k, COUNT(*) AS n ${IN} GROUP BY k, HoppingWindow(second, 6, 2)) AS s`,
  steps: `WITH s AS (SELECT k, AVG(v) AS a ${IN} GROUP BY k, TumblingWindow(second, 4)) SELECT k, a - LAG(a) OVER (PARTITION BY k LIMIT DURATION(minute, 1)) AS d FROM s UNION SELECT k, MAX(a) AS d FROM s GROUP BY k, TumblingWindow(second, 8)`,
  last: `SELECT LAST(v, -1) OVER (PARTITION BY k LIMIT DURATION(second, 8) WHEN v > 2) AS l, TopOne() OVER (ORDER BY v DESC LIMIT DURATION(second, 6)) AS t, AnomalyDetection_SpikeAndDip(v, 90, 10, 'spikes') OVER (LIMIT DURATION(minute, 1)) AS a ${IN}`,
  arrival: 'SELECT k, COUNT(*) AS n FROM input GROUP BY k, HoppingWindow(second, 10, 5)',
  pattern: `SELECT * ${IN} MATCH_RECOGNIZE (PARTITION BY k LIMIT DURATION (second, 9) MEASURES MAX(B.v) AS m PATTERN (A+ B) DEFINE A AS A.v < 3, B AS B.v >= 3) AS t`,
  substreams: `SELECT k, COUNT(*) AS n ${IN} OVER k GROUP BY k, TumblingWindow(second, 7)`,
  script: `SELECT uda.total(v) AS s ${IN} GROUP BY HoppingWindow(second, 6, 3)`,
};

const TOTAL =
  'function main() { this.init = function () { this.s = 0; }; this.accumulate = function (v) { this.s += v; }; this.computeResult = function () { return this.s; }; }';

function optionsFor(query: string, onRow: JobOptions['onRow']): JobOptions {
  const scripts = createScriptFunctions([{ name: 'total', kind: 'aggregate', source: TOTAL }]);
  return { query, scripts, outOfOrderToleranceMs: 2_000, lateToleranceMs: 60_000, onRow };
}

const eventList = fc
  .array(
    fc.record({
      seconds: fc.integer({ min: 0, max: 60 }),
      k: fc.constantFrom('a', 'b'),
      v: fc.integer({ min: 0, max: 5 }),
      partition: fc.nat({ max: 1 }),
    }),
    {
      minLength: 2,
      maxLength: 25,
    },
  )
  .map((list) =>
    [...list]
      .sort((a, b) => a.seconds - b.seconds)
      .map(
        ({ seconds, k, v, partition }): InputEvent => ({
          body: { k, v, time: new Date(Date.UTC(2020, 0, 1) + seconds * 1000 + v * 100).toISOString() },
          enqueuedAtMs: Date.UTC(2020, 0, 1) + seconds * 1000 + 500,
          partitionId: partition,
        }),
      ),
  );

test.each(Object.entries(QUERIES))(
  'a job that is killed and resumed gives the same rows: %s',
  (_name, query) => {
    fc.assert(
      fc.property(eventList, fc.nat({ max: 24 }), (events, cut) => {
        const whole: string[] = [];
        const job = startJob(optionsFor(query, (_output, row) => whole.push(JSON.stringify(row))));
        for (const event of events) job.push('input', event);
        job.end();

        const parts: string[] = [];
        const options = optionsFor(query, (_output, row) => parts.push(JSON.stringify(row)));
        const first = startJob(options);
        for (const event of events.slice(0, cut)) first.push('input', event);
        const second = resumeJob(options, first.snapshot());
        for (const event of events.slice(cut)) second.push('input', event);
        second.end();
        expect(parts).toEqual(whole);
        expect(second.stats).toEqual(job.stats);
      }),
      { numRuns: 40 },
    );
  },
);
