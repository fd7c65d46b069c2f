/** A thread of the vision pool: draws and detects for its cameras, one job after the other. */
import { createHash } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { openDetector } from '../../../pipeline/detection/detector.js';
import { Wardrobes } from '../person/build-person.js';
import { type DetectionCache, openDetectionCache } from '../result-cache/detection-cache.js';
import type { LookJob, WorkerReply, WorkerRequest, WorkerStart } from './vision-pool-messages.js';
import { CameraSight } from './vision-pool-sight.js';

const port = parentPort;
if (port === null) throw new Error('vision-worker runs as a worker thread only');
const start = workerData as WorkerStart;
let cache: DetectionCache | null = null;

function send(reply: WorkerReply, transfer: readonly ArrayBuffer[] = []): void {
  port?.postMessage(reply, transfer);
}

function fail(id: number | null, error: unknown): void {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'FF_VISION_WORKER';
  send({ kind: 'failed', id, code, message: error instanceof Error ? error.message : String(error) });
}

/** Loads the model; gives the sight of a job's camera. */
async function open(): Promise<(job: LookJob) => CameraSight> {
  const { plan, cameras, modelZip, settings } = start;
  const looking = await openDetector(modelZip, { ...settings, backend: 'wasm' });
  const backend = looking.backend.description;
  if (start.cache !== null) {
    const model = createHash('sha256').update(modelZip).digest('hex');
    const { ignoreMotion: _decidesWhenOnly, ...ofDetector } = settings;
    cache = openDetectionCache(start.cache, looking, { model, backend, ...ofDetector });
  }
  const detector = cache ?? looking;
  const wardrobes = new Wardrobes();
  const sights = new Map(
    cameras.map((camera) => [camera.id, new CameraSight(plan, camera, detector, settings, wardrobes)]),
  );
  send({ kind: 'ready', backend });
  return ({ cameraId }) => {
    const sight = sights.get(cameraId);
    if (sight === undefined) throw new Error(`camera ${cameraId} is not this worker's`);
    return sight;
  };
}

const opened = open();
opened.catch((error: unknown) => fail(null, error));

async function answer(request: Exclude<WorkerRequest, { kind: 'close' }>): Promise<void> {
  const sight = (await opened)(request.job);
  if (request.kind === 'look') {
    const result = await sight.look(request.job);
    send({ kind: 'look', id: request.id, result }, result.jpeg ? [result.jpeg.buffer] : []);
  } else {
    const jpeg = sight.picture(request.job);
    send({ kind: 'picture', id: request.id, jpeg }, [jpeg.buffer]);
  }
}

let last: Promise<void> = Promise.resolve();
port.on('message', (request: WorkerRequest) => {
  if (request.kind === 'close') {
    cache?.close();
    send({ kind: 'closed', id: request.id });
    return;
  }
  last = last.then(() => answer(request)).catch((error: unknown) => fail(request.id, error));
});
