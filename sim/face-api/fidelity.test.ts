/**
 * One story (shoppers in front of four cameras, a slow link, a service that is too small, an outage), told over
 * HTTP and by direct calls: the same events at the same milliseconds, and one digest.
 */
import { describe, expect, test } from 'vitest';
import {
  createAnalyzeFaces,
  createFaceApi,
  type FaceExchange,
  httpFaceExchange,
} from '../../pipeline/analyze-faces/index.js';
import { EMOTIONS, type PictureMetadata } from '../../pipeline/boundaries.js';
import { toBlobMetadata } from '../../pipeline/picture-metadata.js';
import { type Kernel, openKernel } from '../kernel/index.js';
import { httpAgentOver, type Link, openLink, worldHttpServer } from '../network/index.js';
import { directFaceExchange } from './direct-exchange.js';
import { type FaceApi, openFaceApi } from './face-api.js';
import { Album, jpeg, personas, subject } from './face-api.testing.js';
import { faceApiListener } from './front/front.js';
import { CONTAINER_CAPACITY } from './replicas/capacity.js';

const START_MS = Date.UTC(2026, 2, 7, 9);
const LAN = { latencyMs: 3, bitsPerSecond: 50_000_000, lossShare: 0.05 };
const PICTURES = 60;
const SHOPPERS = 12;

type Fidelity = (kernel: Kernel, api: FaceApi, link: Link) => FaceExchange;

const wire: Fidelity = (kernel, api, link) => {
  const server = worldHttpServer(faceApiListener(api, { clock: kernel.clock, keys: null }));
  return httpFaceExchange({
    endpoint: 'http://face:5000/face/v1.0/',
    key: null,
    agent: httpAgentOver(link, server),
  });
};
const direct: Fidelity = (_kernel, api, link) => directFaceExchange(api, link);

interface Story {
  readonly log: readonly string[];
  readonly digest: string;
}

async function tell(fidelity: Fidelity): Promise<Story> {
  const kernel = openKernel({ seed: 'story', startMs: START_MS });
  try {
    const album = new Album();
    const api = openFaceApi(kernel, {
      persona: personas.find,
      subjects: album.lookUp,
      capacity: { ...CONTAINER_CAPACITY, replicas: 3, queueLimit: 4 },
    });
    const link = openLink(kernel, 'function to face', LAN);
    const analyzeFaces = createAnalyzeFaces({
      faceApi: createFaceApi(fidelity(kernel, api, link), { clock: kernel.clock }),
      pictures: { delete: async () => {} },
      settings: { visitorSalt: 'salt', storeTimeZone: 'Asia/Seoul' },
    });
    kernel.clock.after(4000, () => link.cut());
    kernel.clock.after(6500, () => link.restore());
    const log: string[] = [];
    const invocations = Array.from({ length: PICTURES }, async (_, index) => {
      // Four cameras look in the same instant.
      await kernel.clock.sleep(500 * Math.floor(index / 4));
      const picture = takePicture(kernel, album, index);
      const name = `store-1/camera-${index % 4}/${index}.jpg`;
      const context = {
        triggerMetadata: { name, metadata: toBlobMetadata(picture.metadata) },
        warn: () => {},
      };
      const outcome = await analyzeFaces(picture.bytes, context).then(
        (events) => JSON.stringify(events),
        (error: Error) => error.message,
      );
      log.push(`${kernel.clock.now() - START_MS} ${name} ${outcome}`);
    });
    await kernel.drive(Promise.all(invocations));
    return { log: log.sort(), digest: kernel.trace.digest() };
  } finally {
    kernel.close();
  }
}

function takePicture(
  kernel: Kernel,
  album: Album,
  index: number,
): { bytes: Uint8Array; metadata: PictureMetadata } {
  const random = kernel.rng(`picture ${index}`);
  const bytes = jpeg(index, 1920, 1080, 20_000 + 100 * index);
  const shoppers = Array.from({ length: random.integer(0, 3) }, (_, place) => ({
    person: { left: 300 * place, top: 100, width: 200, height: 600 },
    face: subject(`shopper ${random.integer(1, SHOPPERS)}`, {
      personaId: random.pick(personas.personas).id,
      reaction: random.pick(EMOTIONS),
      box: { left: 300 * place + 60, top: 120, width: 80, height: 80 },
      yawDegrees: random.between(-70, 70),
      quality: random.between(0.2, 1),
    }),
  }));
  album.add(bytes, ...shoppers.map(({ face }) => face));
  const metadata = {
    storeId: 'store-1',
    cameraId: `camera-${index % 4}`,
    section: 'shoes',
    capturedAt: new Date(kernel.clock.now()).toISOString(),
    people: shoppers.map(({ person }) => ({ label: 'person', score: 0.9, box: person })),
  };
  return { bytes, metadata };
}

describe('both fidelities', () => {
  test('tell the same story', async () => {
    const overHttp = await tell(wire);
    const byCalls = await tell(direct);
    expect(overHttp.log).toEqual(byCalls.log);
    expect(overHttp.digest).toBe(byCalls.digest);
    expect(overHttp.log.filter((line) => line.includes('"analyzed":true')).length).toBeGreaterThan(10);
    expect(overHttp.log.every((line) => line.includes(' ['))).toBe(true);
  });
});
