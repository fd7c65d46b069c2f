/** The thread of `camera-views.ts`: draws frames, one after the other, and keeps what of a camera never changes. */
import { parentPort, workerData } from 'node:worker_threads';
import { renderBackground } from '../background.js';
import { FrameRenderer } from '../frame.js';
import { frameSeedOf } from '../hash-random.js';
import { encodeJpeg } from '../jpeg.js';
import { Wardrobes } from '../person/build-person.js';
import type { ViewJob, ViewReply, ViewRequest, ViewWorkerStart } from './camera-views.js';

const port = parentPort;
if (port === null) throw new Error('view-worker runs as a worker thread only');
const { cameras, plan } = workerData as ViewWorkerStart;
const wardrobes = new Wardrobes();
const renderers = new Map<string, FrameRenderer>();

function rendererOf(cameraId: string): FrameRenderer {
  const known = renderers.get(cameraId);
  if (known !== undefined) return known;
  const camera = cameras.find(({ id }) => id === cameraId);
  if (camera === undefined) throw new Error(`there is no camera ${cameraId}`);
  const renderer = new FrameRenderer(renderBackground(plan, camera), wardrobes);
  renderers.set(cameraId, renderer);
  return renderer;
}

/** A copy, since the encoder's own memory cannot go to another thread. */
function draw({ boxes, cameraId, caption, shoppers, timeMs }: ViewJob): Uint8Array<ArrayBuffer> {
  const frame = rendererOf(cameraId).render(shoppers, timeMs, frameSeedOf(cameraId, timeMs));
  return new Uint8Array(encodeJpeg(frame, { boxes, ...(caption === null ? {} : { caption }) }));
}

port.on('message', ({ id, job }: ViewRequest) => {
  let reply: ViewReply;
  try {
    reply = { id, jpeg: draw(job) };
  } catch (error) {
    reply = { id, problem: error instanceof Error ? error.message : String(error) };
  }
  port.postMessage(reply, 'jpeg' in reply ? [reply.jpeg.buffer] : []);
});
