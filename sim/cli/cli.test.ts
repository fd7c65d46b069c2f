/** What the command line answers to bad input, signals and full disks. */
import { once } from 'node:events';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { copyInstallation, footfall, ROOT, Workplace } from './cli.testing.js';

const place = new Workplace();
afterAll(() => place.remove());

let stores = 0;
/** A scenario in a corner shop in which `text` is replaced. */
function storeWith(text: string, replacement: string): string {
  const plan = readFileSync(`${ROOT}/scenarios/stores/corner-shop.yaml`, 'utf8');
  if (!plan.includes(text)) throw new Error(`the floor plan has no ${text}`);
  const store = place.path(`store-${++stores}.yaml`);
  writeFileSync(store, plan.replace(text, replacement));
  const scenario = place.path(`in-store-${stores}.yaml`);
  writeFileSync(scenario, `name: in-store\nstore: ${store}\ntime: { duration: 1m }\n`);
  return scenario;
}

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
    [
      'a camera outside the store',
      () => ['run', storeWith('at: [4.8, 2.9]', 'at: [48, 2.9]')],
      /store-\d+\.yaml:144:11: the camera 'cam-entrance', \[48, 2\.9\], is outside the store \(expected x from 0 to 12/,
    ],
    [
      'a section that nobody can reach',
      () => [
        'run',
        storeWith(
          'walls:\n',
          `walls:
  - { from: [7.6, 3], to: [7.6, 7.8], thickness: 0.15 }
  - { from: [7.6, 3], to: [12, 3], thickness: 0.15 }
`,
        ),
      ],
      /store-\d+\.yaml:\d+:\d+: no shopper can reach the section 'bakery'.*\(expected a way/,
    ],
    [
      'a value of the wrong type',
      () => ['validate', storeWith('height: 2.8', 'height: tall')],
      /store-\d+\.yaml:145:15: "tall" is not a value of 'cameras\[0\]\.height' \(expected a number\)/,
    ],
    [
      'a value out of range',
      () => ['run', place.scenario('1m', ['capacity: { faceReplicas: 0 }'])],
      /:4:\d+: 0 is out of the range of 'capacity\.faceReplicas' \(expected at least 1\)/,
    ],
    [
      'footage that is not there',
      () => ['replay', 'nowhere.mp4'],
      /error nowhere\.mp4: does not exist; expected a video/,
    ],
    [
      'footage that is none',
      () => {
        writeFileSync(place.path('text.mp4'), 'this is no video');
        return ['replay', place.path('text.mp4')];
      },
      /text\.mp4: is no video.*; expected a video that FFmpeg reads \[FF_FOOTAGE_UNREADABLE\]/,
    ],
    [
      'a store for up that is not there',
      () => ['up', '--store', 'nowhere.yaml'],
      /nowhere\.yaml: there is no such file/,
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

describe('a damaged installation ends with 3, and says how to mend it', () => {
  const installation = place.path('installation');
  const file = (path: string) => `${installation}/${path}`;
  const MODELS = 'node_modules/@vladmandic/human/models';

  beforeAll(() => {
    copyInstallation(installation);
    // In place of the link to the package, what it takes to find its models.
    const link = file('node_modules/@vladmandic');
    const real = `${realpathSync(link)}/human`;
    rmSync(link);
    mkdirSync(file('node_modules/@vladmandic/human/dist'), { recursive: true });
    mkdirSync(file(MODELS));
    for (const part of [
      'package.json',
      'dist/human.node.js',
      'models/centernet.json',
      'models/centernet.bin',
    ])
      cpSync(`${real}/${part}`, file(`node_modules/@vladmandic/human/${part}`));
  });

  test.each<[string, string, (path: string) => void, RegExp]>([
    [
      'no fixtures',
      'fixtures/face/personas-02.json',
      (path) => rmSync(path),
      /personas-02\.json: cannot be read \(ENOENT\)\. Restore it .*\[FF_FIXTURE_MISSING\]/,
    ],
    [
      'fixtures that were changed',
      'fixtures/face/personas-02.json',
      (path) => appendFileSync(path, ' '),
      /personas-02\.json: its SHA-256 is .*Restore it .*\[FF_FIXTURE_CORRUPT\]/,
    ],
    [
      'half a model',
      `${MODELS}/centernet.bin`,
      (path) => truncateSync(path, 1000),
      /human\/models is damaged: the weights end at byte 1000.*`npm ci`.*\[FF_MODEL_CORRUPT\]/,
    ],
    [
      'a model that is none',
      `${MODELS}/centernet.json`,
      (path) => writeFileSync(path, '{'),
      /centernet\.json is not JSON; run `npm ci`.*\[FF_MODEL_GRAPH_INVALID\]/,
    ],
    [
      'no model',
      `${MODELS}/centernet.json`,
      (path) => rmSync(path),
      /the person detector was not found.*`npm ci`.*\[FF_MODEL_SOURCE_MISSING\]/,
    ],
    [
      'no model of truth sight',
      'sim/camera/error-model.json',
      (path) => rmSync(path),
      /error-model\.json: cannot be read.*footfall calibrate.*\[FF_ERROR_MODEL\]/,
    ],
  ])('%s', async (_what, path, damage, expected) => {
    const whole = readFileSync(file(path));
    damage(file(path));
    const { code, stderr } = await footfall(
      [
        'run',
        place.scenario('20s'),
        '--vision',
        'truth',
        '--fidelity',
        'direct',
        '--out',
        place.path('damaged'),
      ],
      { installation },
    );
    writeFileSync(file(path), whole);
    expect(stderr).toMatch(expected);
    expect(code).toBe(3);
    noStackTrace(stderr);
  });
});

test('a port in use ends with 3, and is named', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const { code, stderr } = await footfall(['up', '--port-base', String(port)]);
  server.close();
  expect(stderr).toMatch(
    new RegExp(`port ${port}, for IoT Hub over MQTT, is in use \\[FF_UP_PORT_IN_USE\\]\n.*--port-base`),
  );
  expect(code).toBe(3);
  noStackTrace(stderr);
});

test('a full disk ends with 3, and what was written before stays readable', async () => {
  if (!existsSync('/dev/full')) return;
  const out = place.path('full');
  mkdirSync(out);
  symlinkSync('/dev/full', `${out}/report.html.draft`);
  const { code, stderr } = await footfall([
    'run',
    place.scenario('20s'),
    ...['--vision', 'truth', '--fidelity', 'direct', '--out', out],
  ]);
  expect(stderr).toMatch(/the disk is full: \S+report\.html \[ENOSPC\]\n.*--out/);
  expect(code).toBe(3);
  expect(readdirSync(out).sort()).toEqual(['junit.xml', 'report.json', 'summary.md']);
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

test.each([
  ['run', () => ['run', place.scenario('1m'), '--out', '/proc/footfall'], '--out'],
  ['up', () => ['up', '--port-base', '0', '--data', '/proc/footfall'], '--data'],
])('%s: a folder that cannot be made ends with 3 at once', async (_command, args, option) => {
  const { code, stderr } = await footfall(args());
  expect(stderr).toMatch(new RegExp(`/proc.*\\n.*choose another folder with ${option}`));
  noStackTrace(stderr);
  expect(code).toBe(3);
});
