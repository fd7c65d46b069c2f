import { cpus } from 'node:os';
import Table from 'cli-table3';
import { Command } from 'commander';
import type { Bench, BenchFigure } from '../bench/bench.js';
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
    .option('--json', 'print one JSON object a benchmark')
    .action(async (names: string[], { json = false }: { json?: boolean }) => {
      for (const name of names) await runBench(name, json);
    });
}

async function runBench(name: string, json: boolean): Promise<void> {
  const load = BENCHES[name];
  if (load === undefined) throw unknownBench(name);
  const bench = await load();
  const results: BenchFigure[] = [];
  await bench.run(
    (figure) => results.push(figure),
    (line) => process.stderr.write(`${line}\n`),
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
