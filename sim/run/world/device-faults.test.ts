/** What befalls cameras themselves: no power, wrong clocks, a module that crashes. In either fidelity. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { Workplace } from '../../cli/cli.testing.js';
import { BUSY, failures, type Run, runBothWays } from '../run.testing.js';

// A run takes seconds alone and far longer beside others.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 480_000 });

const place = new Workplace();
afterAll(() => place.remove());

const START_MS = Date.UTC(2026, 2, 7, 10);
const sum = ({ record }: Run, cause: 'late' | 'shifted' | 'unseen' | 'lost' | 'truth') =>
  record.attribution
    .filter(({ quantity }) => quantity === 'people')
    .reduce((total, row) => total + Math.abs(row[cause]), 0);
const device = ({ record }: Run, id: string) => {
  const found = record.devices.find(({ deviceId }) => deviceId === id);
  if (found === undefined) throw new Error(`no device ${id}`);
  return found;
};

describe('a power cut and a crash', () => {
  let run: Run;
  beforeAll(async () => {
    run = await runBothWays(
      place,
      place.scenario('4m', [
        ...BUSY,
        'faults:',
        '  - { what: camera-off, at: 1m, for: 1m, battery: 20s }',
        '  - { what: module-crash, camera: cam-bakery, at: 2m30s, for: 15s }',
      ]),
    );
  });

  test('lose no picture that was taken, and every person missed has a cause', () => {
    expect(failures(run)).toEqual([]);
    expect(sum(run, 'lost')).toBe(0);
    expect(run.record.faults.map(({ what }) => what)).toEqual([
      'every camera has no power, after 20 s on its battery',
      "the module of the camera 'cam-bakery' crashes",
    ]);
  });

  test('leave everybody unseen from the end of the battery until the power is back', () => {
    const dark = run.record.attribution.filter(
      ({ quantity, windowEnd }) =>
        quantity === 'people' &&
        Date.parse(windowEnd) > START_MS + 95_000 &&
        Date.parse(windowEnd) <= START_MS + 120_000,
    );
    expect(dark.reduce((total, { truth }) => total + truth, 0)).toBeGreaterThan(0);
    expect(dark.filter(({ measured, truth, unseen }) => measured !== 0 || unseen !== truth)).toEqual([]);
  });

  test('make one camera look less than the others', () => {
    const looks = run.record.devices.map(({ deviceId, looks }) => ({ deviceId, looks }));
    const [fewest] = looks.sort((one, other) => one.looks - other.looks);
    expect(fewest?.deviceId).toBe('cam-bakery');
    expect(fewest?.looks).toBeGreaterThan(0);
  });
});

describe('clocks that are wrong', () => {
  let run: Run;
  beforeAll(async () => {
    run = await runBothWays(
      place,
      place.scenario('4m', [
        ...BUSY,
        'solution: { lateArrival: 1m, outOfOrder: 1m }',
        'faults:',
        '  - { what: clock-skew, camera: cam-entrance, by: 40s, at: 1m, for: 2m }',
        '  - { what: clock-skew, camera: cam-checkout, by: -10m, at: 1m, for: 2m }',
        '  - { what: clock-skew, camera: cam-groceries, driftPerHour: -10m, at: 1m, for: 2m }',
        '  - { what: clock-skew, camera: cam-bakery, by: -30d, at: 1m, for: 2m }',
        // After it, cameras connect anew: with tokens of the wrong time.
        '  - { what: link-down, link: uplink, at: 80s, for: 5s }',
      ]),
    );
  });

  test('move people into other windows, and every such difference has its cause', () => {
    expect(failures(run)).toEqual([]);
    expect(sum(run, 'late')).toBeGreaterThan(20);
    expect(sum(run, 'shifted')).toBeGreaterThan(20);
    expect(run.record.faults.map(({ what }) => what).slice(0, 3)).toEqual([
      "the clock of the camera 'cam-entrance' is ahead by 40 s",
      "the clock of the camera 'cam-checkout' is behind by 600 s",
      "the clock of the camera 'cam-groceries' loses 600 s an hour",
    ]);
  });

  test('measure latency by the true time all the same', () => {
    const latency = run.record.latency.find(({ stage }) => stage === 'toBlobStorage');
    expect(latency?.p50Ms).toBeGreaterThan(0);
    expect(latency?.maxMs).toBeLessThan(10_000);
  });

  test('shut a camera out whose tokens have expired, until its clock is set', () => {
    const { messages, pictures } = device(run, 'cam-bakery');
    expect(pictures).toBeGreaterThan(20);
    expect(messages).toBe(pictures);
    const waiting = run.record.backlogs.find(({ name }) => name === 'messages on cameras')?.samples ?? [];
    const at = (seconds: number) =>
      waiting.findLast(({ at }) => Date.parse(at) <= START_MS + seconds * 1_000)?.waiting ?? -1;
    expect(at(60)).toBeLessThan(5);
    expect(at(175)).toBeGreaterThan(15);
    expect(waiting.at(-1)?.waiting).toBe(0);
  });
});
