/** The rules of the house, kept by reading the source. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOT = import.meta.dirname;

const sources = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '')
  .map((file) => ({ file, text: readFileSync(join(ROOT, file), 'utf8') }));

const isTest = (file: string) => /\.(test|testing)\.ts$/.test(file);
const production = sources.filter(({ file }) => !isTest(file));

interface Import {
  readonly from: string;
  readonly to: string;
}

const imports: readonly Import[] = sources.flatMap(({ file, text }) =>
  [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.{1,2}\/[^']+)'/g)].map(([, target]) => ({
    from: file,
    to: normalize(join(dirname(file), target as string)),
  })),
);

const importsFrom = (folder: string) => imports.filter(({ from }) => from.startsWith(`${folder}/`));
const show = ({ from, to }: Import) => `${from} imports ${to}`;

const STAND_INS = [
  'camera',
  'store',
  'devkit',
  'iot-hub',
  'blob-storage',
  'functions-host',
  'face-api',
  'event-hubs',
  'power-bi',
];

describe('who may import whom', () => {
  test('the solution knows nothing of its simulation', () => {
    const bad = importsFrom('pipeline').filter(({ to }) => /^(sim|reports|scenarios)\//.test(to));
    expect(bad.filter(({ from }) => !isTest(from)).map(show)).toEqual([]);
  });

  test('the kernel imports nothing of ours', () => {
    expect(
      importsFrom('sim/kernel')
        .filter(({ to }) => !to.startsWith('sim/kernel/'))
        .map(show),
    ).toEqual([]);
  });

  test.each(STAND_INS)('the stand-in %s meets no other stand-in', (standIn) => {
    const bad = importsFrom(`sim/${standIn}`).filter(
      ({ from, to }) =>
        !isTest(from) &&
        to.startsWith('sim/') &&
        !['kernel', 'network', standIn].some((room) => to.startsWith(`sim/${room}/`)),
    );
    expect(bad.map(show)).toEqual([]);
  });

  test('reports read run records only', () => {
    const bad = importsFrom('reports').filter(({ from, to }) => !isTest(from) && !to.startsWith('reports/'));
    expect(bad.map(show)).toEqual([]);
  });
});

/** Places that may touch the real clock or real randomness, and why. */
const ADAPTERS: Readonly<Record<string, string>> = {
  'pipeline/clock.ts': "the solution's only door to the system's clock",
  'sim/run/up/management/new-key.ts': 'a key that a seed gives again would let an old one back in',
  'sim/run/world/world-worker.ts': 'reports progress and speed by the wall clock',
};

describe('time and randomness come from the kernel', () => {
  const forbidden =
    /\bDate\.now\(|new Date\(\)|Math\.random\(|(?<![.\w])set(?:Timeout|Interval)\((?!\)|\w+: )|\brandomUUID\(|\brandomBytes\(|performance\.now\(/;
  const measuresWallTime = (file: string) => file.startsWith('sim/bench/') || file.startsWith('sim/cli/');

  const mayTouchIt = (file: string) =>
    file.startsWith('sim/kernel/') || measuresWallTime(file) || file in ADAPTERS;

  test('nothing else reads the clock, sets a timer or draws a number', () => {
    const offences = production
      .filter(({ file }) => /^(sim|pipeline)\//.test(file) && !mayTouchIt(file))
      .flatMap(({ file, text }) =>
        text
          .split('\n')
          .map((line, index) => ({ line, place: `${file}:${index + 1}` }))
          .filter(({ line }) => forbidden.test(line) && !/^\s*(\*|\/\/|\/\*\*)/.test(line))
          .map(({ line, place }) => `${place}: ${line.trim()}`),
      );
    expect(offences).toEqual([]);
  });
});

describe('style', () => {
  test('no file has grown past 500 lines', () => {
    const long = sources.filter(({ text }) => text.split('\n').length > 501);
    expect(long.map(({ file }) => file)).toEqual([]);
  });

  test('nothing is left undone', () => {
    const marks = new RegExp(
      ['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX', String.raw`(?:it|test|describe)\.(?:skip|todo|only)\(`].join(
        '|',
      ),
    );
    const undone = sources.filter(({ file, text }) => file !== 'tidy.test.ts' && marks.test(text));
    expect(undone.map(({ file }) => file)).toEqual([]);
  });
});
