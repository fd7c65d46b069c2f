import { cpus } from 'node:os';
import Table from 'cli-table3';
import { Command, InvalidArgumentError } from 'commander';
import type { Bench, BenchFigure, BenchOptions } from '../bench/bench.js';
import { nearest } from '../scenario/check-document.js';
import { BadInputError } from '../scenario/input-problem.js';

/** Benchmarks by name; each is loaded only when it is run, since their libraries are large. */
const BENCHES: Readonly<Record<string, () => Promise<Bench>>> = {
  store: async () => (await import('../bench/store.js')).storeBench,
  camera: async () => (await import('../bench/camera.js')).cameraBench,
  vision: async () => (await import('../bench/vision.js')).visionBench,
  'vision-quality': async () => (await import('../bench/vision-quality.js')).visionQualityBench,
  'vision-tracks': async () => (await import('../bench/vision-tracks.js')).visionTracksBench,
  windows: async () => (await import('../bench/windows.js')).windowsBench,
  devices: async () => (await import('../bench/devices.js')).devicesBench,
  cloud: async () => (await import('../bench/cloud.js')).cloudBench,
};

/** `footfall bench`: measures a part on this machine. */
export function benchCommand(): Command {
  return new Command('bench')
    .description(`measure a part on this machine: ${Object.keys(BENCHES).join(', ')}`)
    .argument('<name...>', 'benchmarks to run')
    .option('--scenes <n>', 'drawn scenes that vision-quality looks at (default: 100)', sceneCount)
    .option('--json', 'print one JSON object a benchmark')
    .action(async (names: string[], { json = false, scenes }: Options) => {
      for (const name of names) await runBench(name, json, { scenes: scenes ?? null });
    });
}

interface Options {
  readonly json?: boolean;
  readonly scenes?: number;
}

async function runBench(name: string, json: boolean, options: BenchOptions): Promise<void> {
  const load = BENCHES[name];
  if (load === undefined) throw unknownBench(name);
  const bench = await load();
  const results: BenchFigure[] = [];
  await bench.run(
    (figure) => results.push(figure),
    (line) => process.stderr.write(`${line}\n`),
    options,
  );
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}, Node ${process.version}`;
  if (json) process.stdout.write(`${JSON.stringify({ bench: name, machine, results })}\n`);
  else process.stdout.write(`${name} on ${machine}\n${tableOf(results)}\n`);
}

function tableOf(results: readonly BenchFigure[]): string {
  const table = new Table({
    head: ['metric', 'value', 'unit'],
    colAligns: ['left', 'right', 'left'],
    style: { head: [] },
  });
  for (const { metric, value, unit, of } of results) {
    table.push([metric, value.toPrecision(4), of === undefined ? unit : `${unit} of ${of}`]);
  }
  return table.toString();
}

function sceneCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0) return count;
  throw new InvalidArgumentError('expected a whole number from 1 on');
}

function unknownBench(name: string): BadInputError {
  const known = Object.keys(BENCHES);
  return new BadInputError([
    {
      code: 'FF_USAGE',
      file: 'bench',
      line: null,
      column: null,
      message: `there is no benchmark '${name}'`,
      expected: `one of ${known.join(', ')}`,
      suggestion: nearest(name, known) ?? null,
    },
  ]);
}
