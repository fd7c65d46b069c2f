/**
 * The cameras of a store over HTTP: each device's REST under its own name, and beside it what people want to look at:
 * a page of all cameras, their video as MJPEG, a snapshot, what was recorded, the metadata as lines of JSON.
 */
import http from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Clock, RandomSource } from '../../kernel/services.js';
import type { DevKit } from '../dev-kit.js';
import { CameraRest } from './camera-rest.js';
import { frameMetadata } from './metadata.js';
import { streamVideo } from './mjpeg.js';
import { camerasPage } from './page.js';
import { Recorder } from './recorder.js';

/** What this front asks of a device. */
export type ShownKit = Pick<DevKit, 'deviceTimeMs' | 'hardware' | 'isOn' | 'onPowerOff'>;

export interface ShownCamera {
  readonly id: string;
  readonly section: string;
  /** Null: left to hardware, of which there is nothing to see here. */
  readonly kit: ShownKit | null;
  /** Real people are in front of it: nobody is shown its pictures. */
  readonly isPrivate: boolean;
  /** The frame of now as a JPEG; with `overlay`, as the camera shows it with what was found, else as the lens sees it. */
  readonly frame: (overlay: boolean) => Promise<Uint8Array>;
}

export interface CameraFront {
  readonly server: http.Server;
  close(): void;
}

interface ServedCamera extends ShownCamera {
  readonly rest: CameraRest | null;
  readonly recorder: Recorder | null;
}

const MOST_BODY_BYTES = 65_536;
/** What holds a picture. */
const PICTURES: ReadonlySet<string> = new Set([
  'snapshot.jpg',
  'live.mjpeg',
  'recording.avi',
  'captureimage',
]);
/** `<camera>/<what>`. */
const PATH = /^\/([^/?]+)\/([\w.-]+)(?:\?(.*))?$/;

export function openCameraFront(
  cameras: readonly ShownCamera[],
  clock: Clock,
  rng: RandomSource,
): CameraFront {
  const served = new Map(cameras.map((camera) => [camera.id, serve(camera, clock, rng)]));
  const heartbeats = new WebSocketServer({ noServer: true });
  const server = http.createServer((request, response) => {
    answer(served, clock, request, response).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      if (response.headersSent) response.destroy();
      else sendJson(response, 500, { status: false, error: reason });
    });
  });
  server.on('upgrade', (request: http.IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => {});
    const [, id = '', what] = PATH.exec(request.url ?? '') ?? [];
    if (what !== 'async' || served.get(decoded(id))?.kit?.isOn !== true) {
      socket.destroy();
      return;
    }
    // It answers pings, which is all that a client's heartbeat asks for.
    heartbeats.handleUpgrade(request, socket, head, (client) => client.on('error', () => {}));
  });
  return {
    server,
    close() {
      for (const client of heartbeats.clients) client.terminate();
      server.closeAllConnections();
      server.close();
    },
  };
}

function serve(camera: ShownCamera, clock: Clock, rng: RandomSource): ServedCamera {
  const { id, kit } = camera;
  if (kit === null) return { ...camera, rest: null, recorder: null };
  const { hardware } = kit;
  const rest = new CameraRest({
    hardware,
    deviceTimeMs: () => kit.deviceTimeMs,
    frame: () => camera.frame(hardware.overlayOn),
    address: id,
    tokens: rng(`camera-rest/${id}`),
  });
  kit.onPowerOff(() => rest.forgetSessions());
  const recorder = new Recorder(
    clock,
    () => camera.frame(hardware.overlayOn),
    () => kit.isOn && hardware.recordingOn,
  );
  return { ...camera, rest, recorder };
}

async function answer(
  cameras: ReadonlyMap<string, ServedCamera>,
  clock: Clock,
  request: http.IncomingMessage,
  response: http.ServerResponse,
): Promise<void> {
  const { method = 'GET', url = '/' } = request;
  if (url === '/' && method === 'GET') return sendPage(response, [...cameras.values()]);
  const [, id = '', what = '', query = ''] = PATH.exec(url) ?? [];
  const camera = cameras.get(decoded(id));
  if (camera === undefined) {
    const known = [...cameras.keys()].join(', ');
    return sendJson(response, 404, { status: false, error: `no such camera; there are ${known}` });
  }
  if (camera.rest === null || camera.kit?.isOn !== true) {
    const error = camera.kit === null ? 'this camera is left to hardware' : 'this camera has no power';
    return sendJson(response, 503, { status: false, error });
  }
  const overlay = camera.kit.hardware.overlayOn || new URLSearchParams(query).has('boxes');
  if (camera.isPrivate && PICTURES.has(what))
    return sendJson(response, 403, { status: false, error: 'pictures of real people are shown to nobody' });
  if (method === 'GET' && what === 'snapshot.jpg') {
    const jpeg = await camera.frame(overlay);
    response.writeHead(200, { 'content-type': 'image/jpeg', 'cache-control': 'no-store' });
    response.end(jpeg);
    return;
  }
  if (method === 'GET' && what === 'live.mjpeg')
    return streamVideo(response, clock, () => camera.frame(overlay));
  if (method === 'GET' && what === 'recording.avi') return sendRecording(response, camera.recorder);
  if (method === 'GET' && what === 'metadata.jsonl') return streamMetadata(response, camera.kit);
  const body = await readBody(request);
  if (body === null) return sendJson(response, 413, { status: false, error: 'the body is too large' });
  const { cookie } = request.headers;
  const reply = await camera.rest.answer({ method, path: what, cookie, body });
  sendJson(response, reply.status, reply.body, reply.setCookie);
  camera.recorder?.follow();
}

function sendRecording(response: http.ServerResponse, recorder: Recorder | null): void {
  const file = recorder?.file() ?? null;
  if (file === null) {
    sendJson(response, 404, { status: false, error: 'nothing was recorded; POST recording begins' });
    return;
  }
  response.writeHead(200, { 'content-type': 'video/x-msvideo', 'cache-control': 'no-store' });
  response.end(file);
}

function streamMetadata(response: http.ServerResponse, kit: ShownKit): void {
  response.writeHead(200, { 'content-type': 'application/jsonl', 'cache-control': 'no-store' });
  response.flushHeaders();
  const end = kit.hardware.onLook((look) => {
    const metadata = frameMetadata(look, kit.deviceTimeMs);
    // Whoever reads too slowly misses frames, as with any video.
    if (metadata !== null && !response.writableNeedDrain) response.write(`${JSON.stringify(metadata)}\n`);
  });
  response.on('close', end);
}

function sendPage(response: http.ServerResponse, cameras: readonly ShownCamera[]): void {
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
  response.end(
    camerasPage(
      cameras.map(({ id, isPrivate, kit, section }) => ({
        id,
        section,
        isShown: kit !== null && !isPrivate,
      })),
    ),
  );
}

function sendJson(response: http.ServerResponse, status: number, body: unknown, setCookie?: string): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    ...(setCookie === undefined ? {} : { 'set-cookie': setCookie }),
  });
  response.end(JSON.stringify(body));
}

/** Null when it is too large. */
async function readBody(request: http.IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BODY_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
