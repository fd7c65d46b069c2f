/** A world's thread: one kernel, one world, one run. Everything of a third party is imported after the kernel is open. */
import { createWriteStream, type WriteStream } from 'node:fs';
import { cpus } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { type Kernel, openKernel } from '../../kernel/index.js';
import { BadInputError } from '../../scenario/input-problem.js';
import { loadScenario, type Scenario } from '../../scenario/load-scenario.js';
import type { Collector } from './collector.js';
import type { Ground } from './ground.js';
import { RunningHandlers } from './handler-watch.js';
import type { CommandMessage, Phase, ReplaySettings, RunSettings, WorldMessage } from './world-messages.js';

/** Virtual time between two looks at the wall clock, for progress and interruption. */
const SLICE_MS = 1_000;
const PROGRESS_EVERY_MS = 200;
const WARM_UP_MS = 60_000;

const settings = workerData as RunSettings | ReplaySettings;
const port = parentPort;
let isInterrupted = false;
port?.on('message', (message: CommandMessage) => {
  if (message.type === 'interrupt') isInterrupted = true;
  else say({ type: 'here' });
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
  const wallStartMs = performance.now();
  const startedAt = new Date(performance.timeOrigin + wallStartMs).toISOString();
  const { scenario, openGround } = await stageOf(settings);
  const azurite = settings.blob === 'azurite' ? await startAzurite() : null;
  const traceStream = settings.traceFile === null ? null : createWriteStream(settings.traceFile);
  const kernel = openKernel({
    seed: scenario.seed,
    startMs: scenario.startMs - WARM_UP_MS,
    ...(traceStream === null ? {} : { onTraceLine: (text: string) => void traceStream.write(`${text}\n`) }),
  });
  const { drain, openWorld } = await import('./world.js');
  const { buildRecord } = await import('../record/build-record.js');
  const { summariseStages } = await import('../record/stage-counters.js');
  const ground = await openGround(kernel);
  const world = await openWorld(kernel, scenario, settings, azurite, ground, new RunningHandlers(say).note);
  const progress = progressReporter(kernel, scenario, () => summariseStages(world));
  await runSlices(kernel, world.ground, () => {
    world.backlogs.sample(kernel.clock.now());
    progress('running');
  });
  const complete = !isInterrupted;
  const virtualMs = Math.max(0, kernel.clock.now() - scenario.startMs);
  progress('draining');
  await drain(world, () => isInterrupted);
  progress('writing');
  world.close();
  await world.ground.close();
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

interface Stage {
  readonly scenario: Scenario;
  /** Called once the kernel is open. */
  readonly openGround: (kernel: Kernel) => Promise<(collector: Collector) => Ground>;
}

async function stageOf(what: RunSettings | ReplaySettings): Promise<Stage> {
  if ('footage' in what) {
    const { openFootageStage } = await import('../replay/footage-stage.js');
    return openFootageStage(what);
  }
  const scenario = loadScenario(what.scenarioFile, { seed: what.seed });
  return {
    scenario,
    async openGround(kernel) {
      const { openStoreGround } = await import('./store-ground.js');
      return (collector) => openStoreGround(kernel, scenario, what, collector);
    },
  };
}

async function startAzurite() {
  const { startAzurite: start } = await import('../../blob-storage/azurite.js');
  const { STORAGE_ACCOUNT } = await import('./services-of-a-world.js');
  return start([STORAGE_ACCOUNT]);
}

async function runSlices(kernel: Kernel, ground: Ground, atSlice: () => void): Promise<void> {
  const isOver = () => ground.endMs !== null && kernel.clock.now() >= ground.endMs;
  while (!isOver() && !isInterrupted) {
    await kernel.runUntil(Math.min(ground.endMs ?? Number.POSITIVE_INFINITY, kernel.clock.now() + SLICE_MS));
    atSlice();
  }
}

function progressReporter(
  kernel: Kernel,
  scenario: Scenario,
  stages: () => import('../../../reports/run-record.js').StageRow[],
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
