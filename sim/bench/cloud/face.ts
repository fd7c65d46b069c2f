/** Recorded answers of a Face API over HTTP: requests of 60 kB, each with an answer of its own, as a run replays them. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FaceRequest } from '../../../pipeline/analyze-faces/face-client/exchange.js';
import { httpFaceExchange } from '../../../pipeline/analyze-faces/face-client/http-exchange.js';
import { type Capacity, faceApiListener, openFaceApi, type Recording } from '../../face-api/index.js';
import { receive } from '../../face-api/request.js';
import { realTimeServices } from '../../kernel/real-time.js';
import type { Bench } from '../bench.js';
import { underLoad } from './load.js';

const PICTURES = 200;
const PICTURE_BYTES = 60_000;
const FACES = 4;
const WARM_UP = 2_000;
const REPLAYS = 10_000;
const AT_ONCE = 16;

/** Answers take no time of their own: what is left is the stand-in. */
const AT_ONCE_CAPACITY: Capacity = {
  replicas: 1_000,
  queueLimit: 0,
  pictureService: { leastMs: 0, meanMs: 0 },
  otherService: { leastMs: 0, meanMs: 0 },
  rateLimit: null,
};

export async function measureFaceReplays(...[report, progress]: Parameters<Bench['run']>): Promise<void> {
  const requests = Array.from({ length: PICTURES }, (_, index) => detect(index));
  const services = realTimeServices('bench');
  const faceApi = openFaceApi(services, {
    persona: () => undefined,
    recordings: requests.map(recordingOf),
    capacity: AT_ONCE_CAPACITY,
  });
  const server = http.createServer(faceApiListener(faceApi, { clock: services.clock, keys: null }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const agent = new http.Agent({ keepAlive: true });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const exchange = httpFaceExchange({ endpoint, key: null, agent });
  const ask = async (index: number) => {
    const { status } = await exchange(
      requests[index % PICTURES] as FaceRequest,
      new AbortController().signal,
    );
    if (status !== 200) throw new Error(`the Face API answered ${status}`);
  };
  try {
    await underLoad(WARM_UP, AT_ONCE, ask);
    const { cpuMicroseconds, p99Ms, perSecond } = await underLoad(REPLAYS, AT_ONCE, ask);
    report({ metric: 'cloud.face.replays', value: Math.round(perSecond), unit: '1/s' });
    report({ metric: 'cloud.face.replays.p99Ms', value: p99Ms, unit: 'ms' });
    report({ metric: 'cloud.face.replays.cpu', value: cpuMicroseconds, unit: 'µs' });
    progress(
      `cloud.face.replays: ${Math.round(perSecond)}/s, ${Math.round(cpuMicroseconds)} µs each with the client`,
    );
  } finally {
    agent.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
}

function detect(index: number): FaceRequest {
  const bytes = Buffer.alloc(PICTURE_BYTES, index);
  bytes.writeUInt32BE(index);
  return {
    method: 'POST',
    path: '/detect',
    query: { returnFaceId: 'true', returnFaceAttributes: 'age,gender,emotion' },
    body: { kind: 'picture', bytes },
  };
}

function recordingOf(request: FaceRequest, index: number): Recording {
  const { bodyBytes, bodySha256, method, path, query } = receive(request);
  const face = {
    faceId: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    faceRectangle: { top: 100, left: 200, width: 80, height: 80 },
    faceAttributes: { age: 34, gender: 'female', emotion: { happiness: 0.8, neutral: 0.2 } },
  };
  return {
    id: `detect-${index}`,
    request: { method, path, query, bodySha256, bodyBytes },
    answers: [{ status: 200, body: Array.from({ length: FACES }, () => face) }],
  };
}
