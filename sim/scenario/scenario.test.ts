import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BadInputError, formatProblem } from './input-problem.js';
import { loadScenario } from './load-scenario.js';
import { publishedSchemas } from './published-schemas.js';
import { parseDurationMs } from './units.js';

const STORES = join(import.meta.dirname, '../../scenarios/stores');
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'footfall-scenario-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Loads a scenario made of `lines`; says what is wrong with it, the folder left out. */
function problemsOf(lines: readonly string[]): string[] {
  const file = join(folder, 'shop.yaml');
  writeFileSync(file, lines.join('\n'));
  try {
    loadScenario(file);
    return [];
  } catch (error) {
    if (!(error instanceof BadInputError)) throw error;
    return error.problems.map((problem) => formatProblem(problem).replaceAll(`${folder}/`, ''));
  }
}

const GOOD = ['name: shop', `store: ${STORES}/corner-shop.yaml`, 'time: { duration: 5m }', 'traffic: {}'];

describe('every scenario that ships', () => {
  test('loads, with its defaults filled in', () => {
    const { startMs, durationMs, storeId, document, plan } = loadScenario(
      join(STORES, '../corner-shop.yaml'),
    );
    expect(new Date(startMs).toISOString()).toBe('2026-03-07T10:00:00.000Z');
    expect([durationMs, storeId, document.privacy.kAnonymity]).toEqual([300_000, 'corner-shop', 3]);
    expect(plan.cameras).toHaveLength(4);
  });
});

describe('bad input is answered with place, expectation and suggestion', () => {
  test('a good scenario has no problem', () => expect(problemsOf(GOOD)).toEqual([]));

  test.each<[string, readonly string[], RegExp]>([
    [
      'a misspelt key',
      [...GOOD, 'trafic: {}'],
      /^shop\.yaml:5:1: unknown key 'trafic' .*did you mean 'traffic'/,
    ],
    [
      'a misspelt key deep inside',
      [...GOOD, 'capacity:', '  faceReplica: 3'],
      /^shop\.yaml:6:3: unknown key 'faceReplica' .*did you mean 'faceReplicas'/,
    ],
    [
      'a wrong type',
      [...GOOD, 'capacity: { faceReplicas: many }'],
      /^shop\.yaml:5:27: "many" .*expected a number/,
    ],
    [
      'a wrong range',
      [...GOOD, 'capacity: { partitions: 33 }'],
      /^shop\.yaml:5:25: 33 is out of .*at most 32/,
    ],
    ['too short a retention', [...GOOD, 'retention: { events: 30m }'], /^shop\.yaml:5:22: .*1h to 7d/],
    ['a wrong duration', [...GOOD, 'retention: { pictures: soon }'], /^shop\.yaml:5:24: "soon" .*20m, 1h30m/],
    ['a missing key', GOOD.slice(0, 2), /'time' is missing/],
    [
      'a misspelt choice',
      [...GOOD, 'solution: { latePolicy: adust }'],
      /^shop\.yaml:5:25: "adust" .*adjust, drop.*did you mean 'adjust'/,
    ],
    [
      'a fault of a camera that is not there',
      [...GOOD, 'faults:', '  - { what: camera-off, camera: dor, at: 1m, for: 1m }'],
      /^shop\.yaml:6:33: the store has no camera 'dor'/,
    ],
    [
      'a fault of an unknown kind',
      [...GOOD, 'faults:', '  - { what: link-dwn, link: uplink, at: 1m, for: 1m }'],
      /^shop\.yaml:6:/,
    ],
    [
      'a time zone that is not there',
      [GOOD[0] ?? '', GOOD[1] ?? '', 'time: { duration: 5m, timeZone: Mars }', 'traffic: {}'],
      /^shop\.yaml:3:33: there is no time zone 'Mars'/,
    ],
    [
      'a floor plan that is not there',
      ['name: shop', 'store: nowhere.yaml', ...GOOD.slice(2)],
      /^shop\.yaml:2:8: the floor plan .*no such file/,
    ],
    ['YAML that is none', ['name: "shop'], /^shop\.yaml:1:\d+: .*\[FF_YAML_SYNTAX\]$/],
    [
      'a reaction to a display that is not there',
      [...GOOD.slice(0, 3), 'traffic:', '  reactions: { bred: { happiness: 0.5 } }'],
      /^shop\.yaml:5:\d+: 'bred'/,
    ],
  ])('%s', (_what, lines, expected) => {
    const problems = problemsOf(lines);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(expected);
  });

  test('a file that is not there', () => {
    expect(() => loadScenario(join(folder, 'none.yaml'))).toThrow(/none\.yaml: there is no such file/);
  });

  test('a problem of the floor plan is shown in the floor plan', () => {
    writeFileSync(
      join(folder, 'store.yaml'),
      [
        'name: Store',
        'size: { width: 10, depth: 8 }',
        'entrances: [{ id: door, at: [5, 0], width: 1.5 }]',
        'sections: [{ id: floor, name: Floor, area: [[0, 0], [10, 0], [10, 8], [0, 8]] }]',
        'cameras:',
        '  - { id: eye, section: floor, at: [11, 2], height: 2.8, heading: 0, tilt: 30 }',
      ].join('\n'),
    );
    expect(problemsOf(['name: shop', 'store: store.yaml', ...GOOD.slice(2)])[0]).toMatch(
      /^store\.yaml:6:\d+: .*outside the store/,
    );
  });

  test('no YAML whatever makes it throw anything but bad input', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(Array.isArray(problemsOf([text]))).toBe(true);
      }),
      { examples: [['*!'], ['a: *b']], numRuns: 300 },
    );
  });
});

describe('durations', () => {
  test.each([
    ['20m', 1_200_000],
    ['1h30m', 5_400_000],
    ['90', 90_000],
    [2.5, 2_500],
    ['250ms', 250],
    ['1d', 86_400_000],
  ])('%s', (text, expected) => expect(parseDurationMs(text)).toBe(expected));

  test.each(['', 'm', '5 minutes', '-3s', '1h-2m'])('%j is none', (text) => {
    expect(parseDurationMs(text)).toBeNull();
  });
});

test.each([
  ['scenario', '../scenario.schema.json'],
  ['floor-plan', 'floor-plan.schema.json'],
])('the schema that editors read beside the files is the one in force: %s', (name, path) => {
  const committed: unknown = JSON.parse(readFileSync(join(STORES, path), 'utf8'));
  expect(committed).toEqual(publishedSchemas[name]?.());
});

test('the published schemas are JSON Schemas with descriptions', () => {
  for (const schema of Object.values(publishedSchemas)) {
    expect(schema()).toMatchObject({ $schema: expect.stringContaining('json-schema.org'), type: 'object' });
  }
});
