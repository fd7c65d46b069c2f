import { createHash } from 'node:crypto';
import { loadPersonas } from '../../fixtures/face/library.js';
import type { FaceRequest } from '../../pipeline/analyze-faces/face-client/exchange.js';
import { type KernelServices, realTimeServices } from '../kernel/index.js';
import { type FaceApi, type FaceApiOptions, openFaceApi } from './face-api.js';
import type { FaceSubject } from './faces/subject.js';
import type { Capacity } from './replicas/capacity.js';
import { receive } from './request.js';

export const personas = loadPersonas();

/** No waiting, no drawing of times. */
export const AT_ONCE: Capacity = {
  replicas: 100,
  queueLimit: 0,
  pictureService: { leastMs: 0, meanMs: 0 },
  otherService: { leastMs: 0, meanMs: 0 },
  rateLimit: null,
};
export const NO_MISTAKES = { falseAcceptShare: 0, falseRejectShare: 0, falseRejectShareAtWorst: 0 };

/** A JPEG as far as its header goes, filled up with `mark` so that no two are alike. */
export function jpeg(mark: number, widthPixels = 1920, heightPixels = 1080, bytes = 2000): Buffer {
  const picture = Buffer.alloc(bytes, mark & 0xff);
  picture.set([0xff, 0xd8, 0xff, 0xe0, 0x00, 0x10], 0);
  picture.set([0xff, 0xc0, 0x00, 0x11, 0x08], 20);
  picture.writeUInt16BE(heightPixels, 25);
  picture.writeUInt16BE(widthPixels, 27);
  picture.writeUInt32BE(mark, 100);
  return picture;
}

export function subject(identity: string, about: Partial<FaceSubject> = {}): FaceSubject {
  return {
    personaId: 'persona-001',
    identity,
    reaction: 'happiness',
    box: { left: 100, top: 100, width: 80, height: 80 },
    facePixels: 80,
    yawDegrees: 0,
    quality: 1,
    ...about,
  };
}

/** Remembers who is in which picture, as a run does. */
export class Album {
  private readonly subjects = new Map<string, readonly FaceSubject[]>();

  add(picture: Uint8Array, ...subjects: FaceSubject[]): Uint8Array {
    this.subjects.set(createHash('sha256').update(picture).digest('hex'), subjects);
    return picture;
  }

  readonly lookUp = (sha256: string) => this.subjects.get(sha256);
}

export interface TestFaceApi {
  readonly api: FaceApi;
  readonly album: Album;
  /** Sends a request and parses its answer. */
  send(method: FaceRequest['method'], path: string, options?: Sending): Promise<TestAnswer>;
  /** Detects and returns the face ids. */
  name(picture: Uint8Array): Promise<string[]>;
}

export interface Sending {
  readonly query?: Readonly<Record<string, string>>;
  readonly picture?: Uint8Array;
  readonly json?: unknown;
}

export interface TestAnswer {
  readonly status: number;
  readonly retryAfterSeconds: number | null;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks at whatever came back
  readonly body: any;
}

export function testFaceApi(
  options: Partial<FaceApiOptions> = {},
  services: KernelServices = realTimeServices(1),
): TestFaceApi {
  const album = new Album();
  const api = openFaceApi(services, {
    persona: personas.find,
    subjects: album.lookUp,
    capacity: AT_ONCE,
    recognitionErrors: NO_MISTAKES,
    ...options,
  });
  async function send(
    method: FaceRequest['method'],
    path: string,
    sending: Sending = {},
  ): Promise<TestAnswer> {
    const body: FaceRequest['body'] =
      sending.picture !== undefined
        ? { kind: 'picture', bytes: sending.picture }
        : sending.json !== undefined
          ? { kind: 'json', text: JSON.stringify(sending.json) }
          : { kind: 'none' };
    const answer = await api.answer(receive({ method, path, query: sending.query ?? {}, body }));
    const { status, retryAfterSeconds, text } = answer;
    return { status, retryAfterSeconds, body: text === '' ? undefined : JSON.parse(text) };
  }
  return {
    api,
    album,
    send,
    async name(picture) {
      const { body } = await send('POST', '/detect', { picture });
      return body.map((face: { faceId: string }) => face.faceId);
    },
  };
}
