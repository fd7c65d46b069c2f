/** Who a face belongs to: a visitor of today, or one who comes in for the first time today. */
import { FaceApiError } from './face-client/error.js';
import type { DetectedFace, FaceApi, SimilarFace } from './face-client/face-api.js';
import type { VisitorLists } from './visitor-lists.js';

export interface Visitor {
  /** The same for all pictures of a visitor on one day. */
  readonly persistedFaceId: string;
  readonly isNew: boolean;
}

/** A face in its picture, and the store's day on which it was taken. */
export interface FaceInStore {
  readonly storeId: string;
  readonly day: string;
  readonly picture: Uint8Array;
  readonly face: DetectedFace;
}

/** Finds the face among the day's visitors, or adds it to them. */
export async function recogniseVisitor(
  faceApi: FaceApi,
  lists: VisitorLists,
  seen: FaceInStore,
): Promise<Visitor> {
  try {
    return await findOrAdd(faceApi, lists, seen);
  } catch (error) {
    if (!isListGone(error)) throw error;
    // The container keeps its lists in memory: after a restart they are gone, and the day begins anew.
    lists.forget(seen.storeId, seen.day);
    return await findOrAdd(faceApi, lists, seen);
  }
}

/** Whether the store's loyalty lists know the face. */
export async function isLoyal(faceApi: FaceApi, lists: VisitorLists, seen: FaceInStore): Promise<boolean> {
  const { loyalty } = await lists.open(faceApi, seen.storeId, seen.day);
  return (await findIn(faceApi, loyalty, seen.face.faceId)) !== null;
}

async function findOrAdd(faceApi: FaceApi, lists: VisitorLists, seen: FaceInStore): Promise<Visitor> {
  const { today } = await lists.open(faceApi, seen.storeId, seen.day);
  const known = await findIn(faceApi, today, seen.face.faceId);
  if (known !== null) return { persistedFaceId: known, isNew: false };
  return { persistedFaceId: await add(faceApi, lists, seen, today[0]), isNew: true };
}

/** One list after the other: who was here lately is more likely to be here again than who came this morning. */
async function findIn(faceApi: FaceApi, listIds: readonly string[], faceId: string): Promise<string | null> {
  for (const listId of listIds) {
    const found = choose(await faceApi.findSimilar(faceId, listId));
    if (found !== null) return found;
  }
  return null;
}

async function add(
  faceApi: FaceApi,
  lists: VisitorLists,
  { storeId, day, picture, face }: FaceInStore,
  newest: string | undefined,
): Promise<string> {
  if (newest === undefined) throw new Error(`no face list is open for ${storeId} on ${day}`);
  try {
    return await faceApi.addFace(newest, picture, face.faceRectangle);
  } catch (error) {
    if (!(error instanceof FaceApiError) || error.code !== 'QuotaExceeded') throw error;
    const { today } = await lists.rollOver(faceApi, storeId, day, newest);
    return await faceApi.addFace(today[0] ?? newest, picture, face.faceRectangle);
  }
}

const LEAST_CONFIDENCE = 0.5;
/** From here on a match is hardly ever a mistake. */
const SURE_CONFIDENCE = 0.65;

/**
 * Two cameras may meet a newcomer at the same moment, and then the list holds that visitor twice. Of matches that
 * are sure, the one with the least id is taken, so that it is the same one every time; else the most alike.
 */
export function choose(candidates: readonly SimilarFace[]): string | null {
  const likely = candidates.filter(({ confidence }) => confidence >= LEAST_CONFIDENCE);
  const sure = likely.filter(({ confidence }) => confidence >= SURE_CONFIDENCE);
  const [first] = sure.map(({ persistedFaceId }) => persistedFaceId).sort();
  return first ?? mostAlike(likely)?.persistedFaceId ?? null;
}

function mostAlike(candidates: readonly SimilarFace[]): SimilarFace | undefined {
  const [best] = [...candidates].sort((one, other) => other.confidence - one.confidence);
  return best;
}

function isListGone(error: unknown): boolean {
  return error instanceof FaceApiError && error.code === 'FaceListNotFound';
}
