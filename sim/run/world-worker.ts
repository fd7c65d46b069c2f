/** A world's thread: one kernel, one world, one run. Everything of a third party is imported after the kernel is open. */
import { createWriteStream, type WriteStream } from 'node:fs';
import { cpus } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { type Kernel, openKernel } from '../kernel/index.js';
import { BadInputError } from '../scenario/input-problem.js';
import { loadScenario, type Scenario } from '../scenario/load-scenario.js';
import type { CommandMessage, Phase, RunSettings, WorldMessage } from './world-messages.js';

/** Virtual time between two looks at the wall clock, for progress and interruption. */
const SLICE_MS = 1_000;
const PROGRESS_EVERY_MS = 200;
const WARM_UP_MS = 60_000;

const settings = workerData as RunSettings;
const port = parentPort;
let isInterrupted = false;
port?.on('message', (message: CommandMessage) => {
  if (message.type === 'interrupt') isInterrupted = true;
});

function say(message: WorldMessage): void {
  port?.postMessage(message);
}

try {
  await run();
} catch (error) {
  if (error instanceof BadInputError) say({ type: 'bad-input', problems: error.problems });
  else {
    const { code = 'FF_INTERNAL', message = String(error), stack = '' } = error as NodeJS.ErrnoException;
    say({ type: 'failed', code, message, stack });
  }
}

async function run(): Promise<void> {
  const scenario = loadScenario(settings.scenarioFile, { seed: settings.seed });
  const azurite = settings.blob === 'azurite' ? await startAzurite() : null;
  const wallStartMs = performance.now();
  const startedAt = new Date(performance.timeOrigin + wallStartMs).toISOString();
  const traceStream = settings.traceFile === null ? null : createWriteStream(settings.traceFile);
  const kernel = openKernel({
    seed: scenario.seed,
    startMs: scenario.startMs - WARM_UP_MS,
    ...(traceStream === null ? {} : { onTraceLine: (text: string) => void traceStream.write(`${text}\n`) }),
  });
  const { drain, openWorld } = await import('./world.js');
  const { buildRecord } = await import('./record/build-record.js');
  const { summariseStages } = await import('./record/stage-counters.js');
  const world = await openWorld(kernel, scenario, settings, azurite);
  const progress = progressReporter(kernel, scenario, () => summariseStages(world));
  const endMs = scenario.startMs + scenario.durationMs;
  await runSlices(kernel, endMs, () => {
    world.backlogs.sample(kernel.clock.now());
    progress('running');
  });
  const complete = !isInterrupted;
  const virtualMs = Math.max(0, kernel.clock.now() - scenario.startMs);
  progress('draining');
  await drain(world, () => isInterrupted);
  progress('writing');
  await world.close();
  kernel.close();
  await azurite?.close();
  await endStream(traceStream);
  const wallSeconds = (performance.now() - wallStartMs) / 1_000;
  const record = buildRecord(world, {
    complete,
    virtualMs,
    traceDigest: kernel.trace.digest(),
    frames: await world.frames.toRecord(),
    wallClock: {
      wallSeconds,
      realTimeFactor: virtualMs / 1_000 / wallSeconds,
      peakRssMb: process.resourceUsage().maxRSS / 1024,
      startedAt,
      machine: `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}`,
    },
  });
  say({ type: 'done', record });
}

async function startAzurite() {
  const { startAzurite: start } = await import('../blob-storage/azurite.js');
  const { STORAGE_ACCOUNT } = await import('./services-of-a-world.js');
  return start([STORAGE_ACCOUNT]);
}

async function runSlices(kernel: Kernel, endMs: number, atSlice: () => void): Promise<void> {
  while (kernel.clock.now() < endMs && !isInterrupted) {
    await kernel.runUntil(Math.min(endMs, kernel.clock.now() + SLICE_MS));
    atSlice();
  }
}

function progressReporter(
  kernel: Kernel,
  scenario: Scenario,
  stages: () => import('../../reports/run-record.js').StageRow[],
): (phase: Phase) => void {
  let saidAtMs = Number.NEGATIVE_INFINITY;
  return (phase) => {
    const nowMs = performance.now();
    if (phase === 'running' && nowMs - saidAtMs < PROGRESS_EVERY_MS) return;
    saidAtMs = nowMs;
    const virtualMs = Math.max(0, Math.min(scenario.durationMs, kernel.clock.now() - scenario.startMs));
    say({ type: 'progress', phase, virtualMs, durationMs: scenario.durationMs, stages: stages() });
  };
}

function endStream(stream: WriteStream | null): Promise<void> {
  if (stream === null) return Promise.resolve();
  return new Promise((resolve, reject) => {
    stream.on('error', reject);
    stream.end(resolve);
  });
}
