/** What the command line answers to bad input, signals and full disks. */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { footfall, ROOT, Workplace } from './cli.testing.js';

const place = new Workplace();
afterAll(() => place.remove());

const noStackTrace = (text: string) => expect(text).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);

describe('bad input ends with 2 and one clear message', () => {
  test.each<[string, () => readonly string[], RegExp]>([
    ['an unknown command', () => ['rnu'], /unknown command 'rnu'[\s\S]*Did you mean run/],
    ['an unknown option', () => ['run', 'x.yaml', '--fidelty', 'wire'], /unknown option '--fidelty'/],
    ['a wrong choice', () => ['run', 'x.yaml', '--vision', 'xray'], /Allowed choices are pixels, truth/],
    ['no scenario', () => ['run'], /missing required argument 'scenario'/],
    ['a scenario that is not there', () => ['run', 'nowhere.yaml'], /nowhere\.yaml: there is no such file/],
    [
      'a misspelt key',
      () => ['run', place.scenario('1m', ['trafic: {}'])],
      /short-shop-\d+\.yaml:4:1: unknown key 'trafic' .*did you mean 'traffic'\?\) \[FF_SCENARIO_UNKNOWN_KEY\]/,
    ],
    [
      'a query that is wrong',
      () => {
        writeFileSync(place.path('bad.asaql'), 'SELECT * INTO out FROM input WHER 1 = 1');
        return [
          'run',
          place.scenario('1m', [`solution: { query: ${place.path('bad.asaql')} }`]),
          '--vision',
          'truth',
        ];
      },
      /bad\.asaql:1:/,
    ],
    [
      'a manifest that is no JSON',
      () => {
        writeFileSync(place.path('bad.json'), '{ "modulesContent": ');
        return [
          'run',
          place.scenario('1m', [`solution: { manifest: ${place.path('bad.json')} }`]),
          '--vision',
          'truth',
        ];
      },
      /bad\.json/,
    ],
    [
      'workers that are no number',
      () => ['run', `${ROOT}/scenarios/corner-shop.yaml`, '--workers', 'many'],
      /--workers/,
    ],
    ['an unknown benchmark', () => ['bench', 'stor'], /no benchmark 'stor'.*did you mean 'store'/],
    ['an unknown schema', () => ['validate', '--schema', 'x'], /no schema 'x'/],
  ])('%s', async (_what, args, expected) => {
    const { code, stderr } = await footfall([...args()]);
    expect(stderr).toMatch(expected);
    expect(code).toBe(2);
    noStackTrace(stderr);
  });
});

test('validate accepts what ships', async () => {
  const { code, stdout } = await footfall([
    'validate',
    ...['corner-shop', 'flagship-saturday', 'uplink-outage'].map((name) => `${ROOT}/scenarios/${name}.yaml`),
  ]);
  expect(stdout.match(/^ok /gm)).toHaveLength(3);
  expect(code).toBe(0);
});

test('a folder that cannot be written to ends with 3, before anything runs', async () => {
  const file = place.path('a-file');
  writeFileSync(file, '');
  const { code, stderr } = await footfall([
    'run',
    `${ROOT}/scenarios/corner-shop.yaml`,
    '--out',
    `${file}/out`,
  ]);
  expect(stderr).toMatch(/a part of the path is a file.*\[ENOTDIR\]\n.*--out/);
  expect(code).toBe(3);
  noStackTrace(stderr);
});

test('a full disk ends with 3, and what was written before stays readable', async () => {
  if (!existsSync('/dev/full')) return;
  const out = place.path('full');
  mkdirSync(out);
  chmodSync(out, 0o755);
  const { symlinkSync } = await import('node:fs');
  symlinkSync('/dev/full', `${out}/report.html`);
  const { code, stderr } = await footfall([
    'run',
    place.scenario('20s'),
    ...['--vision', 'truth', '--fidelity', 'direct', '--out', out],
  ]);
  expect(stderr).toMatch(/the disk is full.*\[ENOSPC\]/);
  expect(code).toBe(3);
  expect(JSON.parse(readFileSync(`${out}/report.json`, 'utf8'))).toMatchObject({ schemaVersion: 1 });
});

test('Ctrl-C ends with 130, after writing what there is', { timeout: 120_000 }, async () => {
  const out = place.path('interrupted');
  const scenario = place.scenario('12h', ['traffic: { arrivalsPerHour: 300 }']);
  let isSent = false;
  const { code, stderr } = await footfall(['run', scenario, '--vision', 'truth', '--out', out], {
    onStderr: (text, kill) => {
      if (isSent || !/running \S+\/12:00:00/.test(text)) return;
      isSent = true;
      kill('SIGINT');
    },
  });
  expect(stderr).toContain('interrupted: writing what there is');
  expect(code).toBe(130);
  const record = JSON.parse(readFileSync(`${out}/report.json`, 'utf8'));
  expect(record).toMatchObject({ complete: false });
  expect(readFileSync(`${out}/report.html`, 'utf8')).toContain('</html>');
});
