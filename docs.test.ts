/** The documents say what is so: files they name exist, commands they show are there, their example loads. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadScenario } from './sim/scenario/load-scenario.js';

const ROOT = import.meta.dirname;
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

const committed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(ROOT, file)));

const documents = committed.filter((file) => file.endsWith('.md'));
const LONG_READS = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md'];
const readme = read('README.md');

/** Made by a run or a build; not there in a fresh clone. */
const MADE = /^(dist|reports\/out)\//;

/** Paths in back quotes, such as `sim/run/world/world.ts` or `sim/run`, which begin with a folder of the top level. */
function pathsNamedIn(text: string): readonly string[] {
  const quoted = [...text.matchAll(/`((?:pipeline|sim|fixtures|scenarios|reports|\.ci)(?:\/[\w.-]+)*\/?)`/g)];
  return quoted.map(([, path]) => path as string).filter((path) => !MADE.test(path));
}

/** Targets of links and pictures that lead to files. */
function linksIn(text: string): readonly string[] {
  return [...text.matchAll(/\]\((?!https?:)([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, target]) => target as string);
}

describe('what documents name exists', () => {
  test.each(LONG_READS)('files and folders named in %s', (document) => {
    const named = pathsNamedIn(read(document));
    expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  test.each(documents)('links in %s', (document) => {
    const broken = linksIn(read(document)).filter(
      (target) => !existsSync(join(ROOT, dirname(document), target)),
    );
    expect(broken).toEqual([]);
  });

  test('the walk through the architecture names a file at every step', () => {
    const walk =
      read('ARCHITECTURE.md')
        .split(/^## /m)
        .find((part) => part.startsWith('One shopper')) ?? '';
    const steps = walk.split(/^\d+\. /m).slice(1);
    expect(steps.length).toBeGreaterThanOrEqual(7);
    expect(steps.filter((step) => pathsNamedIn(step).length === 0)).toEqual([]);
  });

  test('the report that the README shows is not heavy', () => {
    expect(statSync(join(ROOT, 'reports/sample-report.png')).size).toBeLessThanOrEqual(300_000);
  });
});

describe('every dependency has a reason', () => {
  const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Readonly<
    Record<'dependencies' | 'devDependencies', Readonly<Record<string, string>>>
  >;
  const rows = read('ARCHITECTURE.md')
    .split(/^## /m)
    .find((part) => part.startsWith('Dependencies'))
    ?.split('\n')
    .filter((line) => line.startsWith('| `'));
  const explained = new Set(
    rows?.flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name)),
  );

  const installed = Object.keys({ ...dependencies, ...devDependencies });

  test.each(installed)('%s', (name) => {
    expect(explained).toContain(name);
  });

  test('no reason has outlived its dependency', () => {
    const ownWorkspace = ['@azure/functions-core', 'sim/functions-host/functions-core'];
    const gone = [...explained].filter((name) => ![...installed, ...ownWorkspace].includes(name as string));
    expect(gone).toEqual([]);
  });
});

describe('commands shown are commands there', () => {
  const help = (...command: readonly string[]) =>
    execFileSync(process.execPath, [join(ROOT, 'dist/sim/cli/main.js'), ...command, '--help'], {
      encoding: 'utf8',
    });
  const commandsIn = (text: string) =>
    [...(text.split('Commands:')[1] ?? '').matchAll(/^ {2}([a-z]+) /gm)]
      .map(([, name]) => name as string)
      .filter((name) => name !== 'help');
  const known = commandsIn(help());

  /** Command → options, from `footfall run x.yaml --seed 8` in back quotes or code blocks. */
  const shown = new Map<string, Set<string>>();
  const documented = LONG_READS.map(read).join('\n');
  for (const [, name, rest] of documented.matchAll(/footfall ([a-z]+)([^`|\n]*)/g)) {
    const options = shown.get(name as string) ?? new Set();
    for (const [option] of (rest as string).matchAll(/--[a-z][a-z-]*/g)) options.add(option);
    shown.set(name as string, options);
  }
  const inBackQuotes = [...documented.matchAll(/`(?:npx )?footfall ([a-z]+)/g)].map(
    ([, name]) => name as string,
  );

  test('every command that is shown exists', () => {
    expect([...new Set(inBackQuotes)].filter((name) => !known.includes(name))).toEqual([]);
  });

  test('the README names every benchmark', () => {
    const [, names] = /measure a part on this machine: ([\w,\s-]+?)\n\n/.exec(help('bench')) ?? [];
    const benches = (names ?? '').split(',').map((name) => name.trim());
    expect(benches.length).toBeGreaterThan(1);
    expect(benches.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
  });

  test.each(known)('%s is in the README, with options that it has', (name) => {
    expect(inBackQuotes).toContain(name);
    const own = help(name);
    const text = [own, ...commandsIn(own).map((subcommand) => help(name, subcommand))].join('\n');
    expect([...(shown.get(name) ?? [])].filter((option) => !text.includes(option))).toEqual([]);
  });
});

test("the README's example of a scenario is one", () => {
  const example = /```yaml\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  const folder = mkdtempSync(join(tmpdir(), 'footfall-docs-'));
  try {
    const file = join(folder, 'example.yaml');
    writeFileSync(file, example.replace('store: stores/', `store: ${join(ROOT, 'scenarios/stores')}/`));
    expect(loadScenario(file).document.name).toBe('my-shop');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
