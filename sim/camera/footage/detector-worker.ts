/** A thread of the detector pool. */
import { parentPort, workerData } from 'node:worker_threads';
import { openDetector } from '../../../pipeline/detection/detector.js';
import type { DetectorReply, DetectorRequest, DetectorStart } from './detector-pool.js';

const { modelZip, options } = workerData as DetectorStart;

function send(reply: DetectorReply): void {
  parentPort?.postMessage(reply);
}

function fail(id: number | null, error: unknown): void {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'FF_DETECTOR_WORKER';
  send({ kind: 'failed', id, code, message: error instanceof Error ? error.message : String(error) });
}

const opened = openDetector(modelZip, { backend: 'wasm', ...options });
opened.then(
  (detector) => send({ kind: 'ready', backend: detector.backend.description }),
  (error: unknown) => fail(null, error),
);

parentPort?.on('message', async ({ id, frame }: DetectorRequest) => {
  try {
    send({ kind: 'detections', id, detections: await (await opened).detect(frame) });
  } catch (error) {
    fail(id, error);
  }
});
