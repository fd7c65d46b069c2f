import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createScriptFunctions } from './engine/compile/scripts.js';
import { type InputEvent, type Job, type JobOptions, resumeJob, startJob } from './job.js';
import { RESUMED } from './resume-queries.testing.js';

const TOTAL =
  'function main() { this.init = function () { this.s = 0; }; this.accumulate = function (v) { this.s += v; }; this.deaccumulate = function (v) { this.s -= v; }; this.deaccumulateState = function (other) { this.s -= other.s; }; this.computeResult = function () { return this.s; }; }';
const RANGE =
  'function main() { this.init = function () { this.seen = {}; this.all = []; }; this.accumulate = function (v) { this.seen[v] = true; this.all.push(v); }; this.computeResult = function () { return Object.keys(this.seen).join() + "/" + Math.max.apply(null, this.all); }; }';

const SCRIPTS = createScriptFunctions([
  { name: 'total', kind: 'aggregate', source: TOTAL },
  { name: 'range', kind: 'aggregate', source: RANGE },
]);

function optionsFor(query: string, onRow: JobOptions['onRow']): JobOptions {
  const references = { ref: [{ k: 'a', name: 'A' }] };
  return {
    query,
    scripts: SCRIPTS,
    references,
    outOfOrderToleranceMs: 2_000,
    lateToleranceMs: 60_000,
    onRow,
  };
}

interface Arriving {
  readonly input: string;
  readonly event: InputEvent;
}

const arrivals: fc.Arbitrary<readonly Arriving[]> = fc
  .array(
    fc.record({
      input: fc.constantFrom('input', 'input', 'other'),
      seconds: fc.integer({ min: 0, max: 40 }),
      k: fc.constantFrom('a', 'b'),
      v: fc.integer({ min: 0, max: 5 }),
      partition: fc.nat({ max: 1 }),
      isSplit: fc.boolean(),
    }),
    { minLength: 2, maxLength: 25 },
  )
  .map((list) =>
    [...list]
      .sort((a, b) => a.seconds - b.seconds)
      .map(({ input, seconds, k, v, partition, isSplit }) => ({
        input,
        event: {
          body: {
            k,
            v,
            list: [v, 1],
            // Up to two and a half seconds out of order; whole seconds are where windows end.
            time: new Date(Date.UTC(2020, 0, 1) + seconds * 1000 - (isSplit ? v * 500 : 0)).toISOString(),
          },
          enqueuedAtMs: Date.UTC(2020, 0, 1) + seconds * 1000 + 500,
          partitionId: partition,
        },
      })),
  );

const cuts = fc.array(fc.nat({ max: 25 }), { minLength: 1, maxLength: 3 });

function pushAll(job: Job, list: readonly Arriving[]): void {
  for (const { input, event } of list) job.push(input, event);
}

test.each(Object.entries(RESUMED))(
  'a job that is killed and resumed gives the same rows: %s',
  (_name, queries) => {
    fc.assert(
      fc.property(queries, arrivals, cuts, (query, list, at) => {
        const whole: string[] = [];
        const job = startJob(optionsFor(query, (output, row) => whole.push(output + JSON.stringify(row))));
        pushAll(job, list);
        job.end();

        const parts: string[] = [];
        const options = optionsFor(query, (output, row) => parts.push(output + JSON.stringify(row)));
        let running = startJob(options);
        let from = 0;
        for (const cut of [...at].sort((a, b) => a - b)) {
          pushAll(running, list.slice(from, cut));
          running = resumeJob(options, running.snapshot());
          from = Math.max(from, cut);
        }
        pushAll(running, list.slice(from));
        running.end();
        expect(parts).toEqual(whole);
        expect(running.stats).toEqual(job.stats);
      }),
      { numRuns: 40 },
    );
  },
);
