/** Whole runs through the built command line. */
import { afterAll, describe, expect, test, vi } from 'vitest';
import { footfall, Workplace } from '../cli/cli.testing.js';
import { BUSY, failures, type Run, runBothWays, runScenario, TRUTH } from './run.testing.js';

// A run takes seconds alone and far longer beside others.
vi.setConfig({ testTimeout: 240_000 });

const place = new Workplace();
afterAll(() => place.remove());

const run = (scenario: string, args: readonly string[], options?: Parameters<typeof footfall>[1]) =>
  runScenario(place, scenario, args, options);

describe('the same scenario and seed give the same digest', () => {
  const scenario = place.scenario('90s', BUSY);

  test('over the wire and directly, in another time zone, language and folder, and on Azurite', async () => {
    const wire = await run(scenario, [...TRUTH, '--fidelity', 'wire']);
    expect(failures(wire)).toEqual([]);
    expect(wire.record.truth.visits).toBeGreaterThan(5);
    expect(wire.record.windows.length).toBeGreaterThan(5);
    const [direct, elsewhere, azurite] = await Promise.all([
      run(scenario, [...TRUTH, '--fidelity', 'direct']),
      run(scenario, [...TRUTH, '--fidelity', 'wire'], {
        cwd: place.folder,
        env: { TZ: 'Asia/Seoul', LANG: 'ko_KR.UTF-8', LC_ALL: 'ko_KR.UTF-8' },
      }),
      run(scenario, [...TRUTH, '--fidelity', 'wire', '--blob', 'azurite']),
    ]);
    expect(direct.summary.digest).toBe(wire.summary.digest);
    expect(elsewhere.summary.digest).toBe(wire.summary.digest);
    expect(azurite.summary.digest).toBe(wire.summary.digest);
  });

  test('another seed gives another', async () => {
    const [one, other] = await Promise.all(
      ['1', '2'].map((seed) => run(scenario, [...TRUTH, '--fidelity', 'direct', '--seed', seed])),
    );
    expect(one?.summary.digest).not.toBe(other?.summary.digest);
  });

  test('on real pixels, with one worker or two', async () => {
    const pixels = place.scenario('12s', [...BUSY, 'solution: { detectorInput: [256, 144] }']);
    const [one, two] = await Promise.all(
      ['1', '2'].map((workers) => run(pixels, ['--fidelity', 'direct', '--workers', workers])),
    );
    expect(one?.summary.digest).toBe(two?.summary.digest);
    expect(one && failures(one)).toEqual([]);
    expect(one?.record.components.find(({ component }) => component === 'detector')?.what).toMatch(
      /^WebAssembly with(?:out)? SIMD \(@tensorflow\/tfjs-node is (?:not )?installed/,
    );
  });

  test('run --check says so', async () => {
    const { code, stdout } = await footfall([
      'run',
      place.scenario('20s', BUSY),
      ...TRUTH,
      '--fidelity',
      'direct',
      '--check',
      '--out',
      place.path('check'),
    ]);
    expect(stdout).toContain('ran twice, same digest');
    expect(code).toBe(0);
  });
});

describe('an outage of the uplink', () => {
  const outage = place.scenario('6m', [
    ...BUSY,
    'solution: { lateArrival: 10m, outOfOrder: 1m }',
    'faults: [{ what: link-down, link: uplink, at: 1m, for: 3m }]',
    'expect: { lostPictures: { atMost: 0 }, lateEvents: { atMost: 0 }, poisonedPictures: { atMost: 0 } }',
  ]);

  test('loses nothing, in either fidelity, and the backlog grows and drains', async () => {
    const [wire, direct] = await Promise.all([
      run(outage, [...TRUTH, '--fidelity', 'wire']),
      run(outage, [...TRUTH, '--fidelity', 'direct']),
    ]);
    expect(failures(wire)).toEqual([]);
    expect(direct.summary.digest).toBe(wire.summary.digest);
    const backlog = wire.record.backlogs.find(({ name }) => name === 'pictures not analysed');
    const waiting = backlog?.samples.map((sample) => sample.waiting) ?? [];
    expect(Math.max(...waiting)).toBeGreaterThan(20);
    expect(waiting.at(-1)).toBeLessThan(5);
  });

  test('with a short late policy names what came too late', async () => {
    const short = place.scenario('6m', [
      ...BUSY,
      'solution: { lateArrival: 5s }',
      'faults: [{ what: link-down, link: uplink, at: 1m, for: 3m }]',
    ]);
    const { record } = await run(short, [...TRUTH, '--fidelity', 'direct']);
    expect(record.invariants.filter(({ ok }) => !ok)).toEqual([]);
    const late = record.attribution
      .filter(({ quantity }) => quantity === 'people')
      .reduce((sum, row) => sum + row.late, 0);
    expect(late).toBeGreaterThan(0);
  });
});

describe('cameras whose stores are full', () => {
  const full = (policy: string) =>
    place.scenario('4m', [
      ...BUSY,
      `capacity: { devicePictures: 5, deviceFull: ${policy} }`,
      'faults: [{ what: link-down, link: lan, at: 1m, for: 2m }]',
    ]);
  const dropped = ({ record }: Run) => record.devices.reduce((sum, device) => sum + device.dropped, 0);
  const lostBetween = ({ record }: Run, from: string, to: string) =>
    record.attribution
      .filter(({ quantity, windowEnd }) => quantity === 'people' && windowEnd > from && windowEnd <= to)
      .reduce((sum, { lost }) => sum + lost, 0);

  test('lose what the policy says, count it, and it is put down as lost', async () => {
    const [oldest, newest] = await Promise.all([
      runBothWays(place, full('drop-oldest')),
      runScenario(place, full('keep-oldest'), [...TRUTH, '--fidelity', 'direct']),
    ]);
    for (const one of [oldest, newest]) {
      expect(failures(one)).toEqual([]);
      expect(dropped(one)).toBeGreaterThan(20);
      expect(one.record.devices.map(({ peakQueue }) => peakQueue)).toEqual([5, 5, 5, 5]);
      expect(one.record.warnings.join()).toMatch(/cam-bakery: a picture was lost, .*no room.* \(\d+ times\)/);
    }
    // What is kept goes up after the outage: of its first window, or of its last.
    const early = ['2026-03-07T10:01:00.000Z', '2026-03-07T10:01:15.000Z'] as const;
    const late = ['2026-03-07T10:02:45.000Z', '2026-03-07T10:03:00.000Z'] as const;
    expect(lostBetween(oldest, ...early)).toBeGreaterThan(lostBetween(oldest, ...late));
    expect(lostBetween(newest, ...late)).toBeGreaterThan(lostBetween(newest, ...early));
  });
});

describe('faults and changes while it runs', () => {
  test('a camera without power takes no pictures, and goes on afterwards', async () => {
    const { record } = await run(
      place.scenario('4m', [
        ...BUSY,
        'faults: [{ what: camera-off, camera: cam-entrance, at: 1m, for: 2m }]',
      ]),
      [...TRUTH, '--fidelity', 'direct'],
    );
    expect(record.invariants.filter(({ ok }) => !ok)).toEqual([]);
    const looks = record.devices.map(({ deviceId, looks }) => [deviceId, looks] as const);
    const dark = looks.find(([id]) => id === 'cam-entrance')?.[1] ?? 0;
    const others = looks.filter(([id]) => id !== 'cam-entrance').map(([, count]) => count);
    expect(dark).toBeGreaterThan(0);
    expect(dark).toBeLessThan(Math.min(...others));
  });

  test('a Face API that cannot be reached loses no picture', async () => {
    const { record } = await run(
      place.scenario('4m', [
        ...BUSY,
        'solution: { lateArrival: 10m }',
        'faults: [{ what: face-down, at: 1m, for: 1m }]',
      ]),
      [...TRUTH, '--fidelity', 'direct'],
    );
    expect(record.invariants.filter(({ ok }) => !ok)).toEqual([]);
  });
});

test('expectations that are not met fail the run, with their place in the scenario', async () => {
  const scenario = place.scenario('1m', [
    'expect:',
    '  visits: { atLeast: 100000 }',
    '  latency: { nowhere: { p50: 1s } }',
  ]);
  const { code, record } = await run(scenario, [...TRUTH, '--fidelity', 'direct']);
  expect(code).toBe(1);
  expect(record.expectations.map(({ ok, at }) => [ok, at.replace(/^.*yaml/, '')])).toEqual([
    [false, ':5:3'],
    [false, ':6:3'],
  ]);
});
