/** A thread of the vision pool: draws and detects for its cameras, one job after the other. */
import { parentPort, workerData } from 'node:worker_threads';
import { openDetector } from '../../../pipeline/detection/detector.js';
import { Wardrobes } from '../person/build-person.js';
import type { WorkerReply, WorkerRequest, WorkerStart } from './vision-pool-messages.js';
import { CameraSight } from './vision-pool-sight.js';

const port = parentPort;
if (port === null) throw new Error('vision-worker runs as a worker thread only');
const start = workerData as WorkerStart;

function send(reply: WorkerReply, transfer: readonly ArrayBuffer[] = []): void {
  port?.postMessage(reply, transfer);
}

function fail(id: number | null, error: unknown): void {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'FF_VISION_WORKER';
  send({ kind: 'failed', id, code, message: error instanceof Error ? error.message : String(error) });
}

async function open(): Promise<(request: WorkerRequest) => Promise<void>> {
  const detector = await openDetector(start.modelZip, { ...start.settings, backend: 'wasm' });
  const wardrobes = new Wardrobes();
  const sights = new Map(
    start.cameras.map((camera) => [
      camera.id,
      new CameraSight(start.plan, camera, detector, start.settings, wardrobes),
    ]),
  );
  send({ kind: 'ready', backend: detector.backend.description });

  return async (request) => {
    const sight = sights.get(request.job.cameraId);
    if (sight === undefined) throw new Error(`camera ${request.job.cameraId} is not this worker's`);
    if (request.kind === 'look') {
      const result = await sight.look(request.job);
      send({ kind: 'look', id: request.id, result }, result.jpeg ? [result.jpeg.buffer] : []);
    } else {
      const jpeg = sight.picture(request.job);
      send({ kind: 'picture', id: request.id, jpeg }, [jpeg.buffer]);
    }
  };
}

const opened = open();
opened.catch((error: unknown) => fail(null, error));

let last: Promise<void> = Promise.resolve();
port.on('message', (request: WorkerRequest) => {
  last = last.then(async () => (await opened)(request)).catch((error: unknown) => fail(request.id, error));
});
