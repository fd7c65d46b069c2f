/** What befalls the Face API in whole runs through the built command line. */
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { type RunRecord, runRecordSchema } from '../../reports/run-record.js';
import { footfall, Workplace } from '../cli/cli.testing.js';

// A run takes seconds alone and far longer beside others.
vi.setConfig({ testTimeout: 240_000 });

const place = new Workplace();
afterAll(() => place.remove());

const BUSY = 'traffic: { arrivalsPerHour: 900, errandDisplays: { mean: 2 } }';

async function run(scenario: string, ...args: readonly string[]): Promise<RunRecord> {
  const out = place.path(`out-${args.join('')}`);
  const { stderr, stdout } = await footfall([
    'run',
    scenario,
    '--json',
    '--out',
    out,
    '--vision',
    'truth',
    ...args,
  ]);
  if (stdout === '') throw new Error(stderr);
  return runRecordSchema.parse(JSON.parse(readFileSync(`${out}/report.json`, 'utf8')));
}

test('replicas that crash and restart, and faults by rule, lose no picture in either fidelity', async () => {
  const scenario = place.scenario('80s', [
    BUSY,
    'capacity: { faceReplicas: 2, faceServiceTime: 1500ms }',
    'faults:',
    '  - { what: face-crash, replica: 2, at: 45s, for: 4s, answer: reset }',
    '  - { what: face-crash, at: 38s, for: 5s }',
    '  - { what: face-restart, at: 50s, for: 8s }',
    '  - { what: face-error, operation: Face_Detect, status: 503, share: 50%, count: 3, at: 60s, for: 15s }',
    'expect: { lostPictures: { atMost: 0 } }',
  ]);
  const [wire, direct] = await Promise.all([
    run(scenario, '--fidelity', 'wire'),
    run(scenario, '--fidelity', 'direct'),
  ]);
  expect(direct.digest).toBe(wire.digest);
  expect([...wire.invariants, ...wire.expectations].filter(({ ok }) => !ok)).toEqual([]);
  expect(wire.faults.map(({ effect }) => effect)).toEqual([
    '1 request in flight lost',
    '1 request in flight lost',
    '0 requests turned away',
    '3 requests hit',
  ]);
  expect(wire.stages.find(({ stage }) => stage === 'face-api')?.dropped).toBe(2);
});

describe('a run', () => {
  test('whose container is not told what it needs does not start', async () => {
    const scenario = place.scenario('10s', ['face: { container: { Eula: accept, ApiKey: x } }']);
    const { code, stderr } = await footfall(['run', scenario, '--out', place.path('none')]);
    expect(code).toBe(3);
    expect(stderr).toContain('the Face container does not start: Billing is missing');
  });

  test('with recordings that are none, or faults of what is not there, is refused with the place', async () => {
    writeFileSync(place.path('bad.json'), '{"version": 1}');
    const scenario = place.scenario('10s', [
      `face: { fixture: ${place.path('bad.json')} }`,
      'faults:',
      '  - { what: face-crash, replica: 9, at: 1s, for: 1s }',
      '  - { what: face-error, operation: Face_Detekt, at: 1s, for: 1s }',
    ]);
    const { code, stderr } = await footfall(['validate', scenario]);
    expect(code).toBe(2);
    expect(stderr).toContain('bad.json is no fixture: recordedFrom');
    expect(stderr).toContain('there is no replica 9');
    expect(stderr).toMatch(/no operation 'Face_Detekt'[\s\S]*Face_Detect/);
  });

  test('after the retirement of the attributes reads no face, says why, and tells what it used of a fixture', async () => {
    const recording = (id: string, path: string) => ({
      id,
      request: { method: 'GET', path, query: {}, bodySha256: EMPTY_SHA256, bodyBytes: 0 },
      answers: [{ status: 200, body: [], latencyMs: 5 }],
    });
    const fixture = { version: 1, recordedFrom: 'x', recordings: [recording('groups', '/persongroups')] };
    writeFileSync(place.path('fixture.json'), JSON.stringify(fixture));
    const face = `face: { era: retired, fixture: ${place.path('fixture.json')}, latency: recorded }`;
    const { faceFixture, warnings, windows } = await run(
      place.scenario('60s', [BUSY, face], 'retired'),
      '--fidelity',
      'direct',
      '--seed',
      '1',
    );
    expect(windows.length).toBeGreaterThan(0);
    expect(windows.every(({ faces }) => faces === 0)).toBe(true);
    expect(warnings.join('\n')).toContain('UnsupportedFeature');
    expect(windows.some(({ people }) => Number(people) > 0)).toBe(true);
    expect(faceFixture).toMatchObject({
      recordings: 1,
      used: [],
      unused: ['groups'],
      stale: [],
      unmatched: [],
    });
  });
});

const EMPTY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
