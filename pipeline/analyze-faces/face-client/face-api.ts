/** The operations of the Face API that the Function needs, with answers that have been checked. */
import { z } from 'zod';
import { EMOTIONS, type PixelBox } from '../../boundaries.js';
import type { Clock } from '../../clock.js';
import { FaceApiError } from './error.js';
import type { FaceAnswer, FaceExchange, FaceRequest } from './exchange.js';
import { exchangePatiently, type RetryPolicy, USUAL_RETRIES } from './retries.js';

export interface FaceApi {
  /** The faces of a picture, the largest first. */
  detect(picture: Uint8Array): Promise<readonly DetectedFace[]>;
  /** Who of the list looks like the face, most alike first; nobody when the list is empty. */
  findSimilar(faceId: string, faceListId: string): Promise<readonly SimilarFace[]>;
  /** Adds the face in `box` of `picture`; resolves with its persisted id. */
  addFace(faceListId: string, picture: Uint8Array, box: PixelBox): Promise<string>;
  faceListIds(): Promise<readonly string[]>;
  /** Does nothing when the list exists. */
  createFaceList(faceListId: string): Promise<void>;
  /** Does nothing when there is no such list. */
  deleteFaceList(faceListId: string): Promise<void>;
}

export type DetectedFace = z.infer<typeof detectedFace>;
export type SimilarFace = z.infer<typeof similarFace>;

const box = z.object({ left: z.number(), top: z.number(), width: z.number(), height: z.number() });

const detectedFace = z.object({
  faceId: z.string(),
  faceRectangle: box,
  faceAttributes: z.object({
    age: z.number().min(0),
    gender: z.enum(['female', 'male', 'genderless']),
    emotion: z.record(z.enum(EMOTIONS), z.number()),
  }),
});
const similarFace = z.object({ persistedFaceId: z.string(), confidence: z.number() });
const detectedFaces = z.array(detectedFace);
const similarFaces = z.array(similarFace);
const addedFace = z.object({ persistedFaceId: z.string() });
const faceLists = z.array(z.object({ faceListId: z.string() }));

/** recognition_02 is the newest that the container knows; detection_02 and later give no attributes. */
const RECOGNITION_MODEL = 'recognition_02';
const DETECTION_MODEL = 'detection_01';
/** A face id is needed only while its picture is analysed, so the service need not keep it for its usual day. */
const FACE_ID_LIFE_SECONDS = 300;

export interface FaceApiClientOptions {
  readonly clock: Clock;
  readonly retries?: RetryPolicy;
}

/**
 * A client whose requests are all about one thing, such as a picture's name, which spreads their retries.
 * Every method rejects with `FaceApiError` when the service refuses, cannot be reached, or answers what it should
 * not.
 */
export function createFaceApi(
  exchange: FaceExchange,
  options: FaceApiClientOptions,
): (about: string) => FaceApi {
  const { clock, retries = USUAL_RETRIES } = options;
  return (about) => {
    const send = (request: FaceRequest) => exchangePatiently(exchange, request, about, clock, retries);
    return {
      async detect(picture) {
        const answer = await send({
          method: 'POST',
          path: '/detect',
          query: {
            returnFaceId: 'true',
            returnFaceAttributes: 'age,gender,emotion',
            recognitionModel: RECOGNITION_MODEL,
            detectionModel: DETECTION_MODEL,
            faceIdTimeToLive: String(FACE_ID_LIFE_SECONDS),
          },
          body: { kind: 'picture', bytes: picture },
        });
        return read(answer, detectedFaces);
      },
      async findSimilar(faceId, faceListId) {
        const answer = await send({
          method: 'POST',
          path: '/findsimilars',
          query: {},
          body: { kind: 'json', text: JSON.stringify({ faceId, faceListId, mode: 'matchPerson' }) },
        });
        if (refusalCode(answer) === 'FaceListNotReady') return [];
        return read(answer, similarFaces);
      },
      async addFace(faceListId, picture, { left, top, width, height }) {
        const answer = await send({
          method: 'POST',
          path: `/facelists/${faceListId}/persistedfaces`,
          query: {
            targetFace: [left, top, width, height].map(Math.round).join(','),
            detectionModel: DETECTION_MODEL,
          },
          body: { kind: 'picture', bytes: picture },
        });
        return read(answer, addedFace).persistedFaceId;
      },
      async faceListIds() {
        const answer = await send({ method: 'GET', path: '/facelists', query: {}, body: { kind: 'none' } });
        return read(answer, faceLists).map(({ faceListId }) => faceListId);
      },
      async createFaceList(faceListId) {
        const list = { name: faceListId, recognitionModel: RECOGNITION_MODEL };
        const answer = await send({
          method: 'PUT',
          path: `/facelists/${faceListId}`,
          query: {},
          body: { kind: 'json', text: JSON.stringify(list) },
        });
        if (refusalCode(answer) !== 'FaceListExists') refuseFailure(answer);
      },
      async deleteFaceList(faceListId) {
        const path = `/facelists/${faceListId}`;
        const answer = await send({ method: 'DELETE', path, query: {}, body: { kind: 'none' } });
        if (refusalCode(answer) !== 'FaceListNotFound') refuseFailure(answer);
      },
    };
  };
}

/** The body of a success. An error's body is never taken for one, whatever it looks like. */
function read<Schema extends z.ZodType>(answer: FaceAnswer, schema: Schema): z.infer<Schema> {
  refuseFailure(answer);
  const body = schema.safeParse(answer.body);
  if (body.success) return body.data;
  const [first] = body.error.issues;
  const what = `${first?.path.join('.') ?? ''}: ${first?.message ?? ''}`;
  throw new FaceApiError(
    null,
    'FF_FACE_ANSWER',
    `the Face API answered ${answer.status} with a body that it should not: ${what}`,
  );
}

function refuseFailure(answer: FaceAnswer): void {
  if (answer.status >= 200 && answer.status < 300) return;
  const code = refusalCode(answer) ?? String(answer.status);
  const message = errorBody.safeParse(answer.body).data?.error.message ?? 'no reason given';
  throw new FaceApiError(answer.status, code, `the Face API answered ${answer.status} ${code}: ${message}`);
}

const errorBody = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

function refusalCode(answer: FaceAnswer): string | undefined {
  if (answer.status < 300) return undefined;
  return errorBody.safeParse(answer.body).data?.error.code;
}
