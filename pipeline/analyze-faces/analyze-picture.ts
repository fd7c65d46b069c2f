/** One picture in, one anonymous event for every person in it out (the pattern's steps 4 and 5). */
import {
  eventIdOf,
  type ReadFace,
  type SeenPerson,
  toAnonymousEvent,
  visitorPseudonym,
} from '../anonymization/index.js';
import type { AnonymousEvent, PictureMetadata } from '../boundaries.js';
import { FaceApiError } from './face-client/error.js';
import type { DetectedFace, FaceApi } from './face-client/face-api.js';
import { matchFaces } from './match-faces.js';
import { type FaceInStore, isLoyal, recogniseVisitor } from './recognise-visitor.js';
import type { AnalyzeFacesSettings } from './settings.js';
import { storeDayOf } from './store-day.js';
import type { VisitorBook } from './visitor-book.js';
import type { VisitorLists } from './visitor-lists.js';

export interface Picture {
  /** Of its blob, within the container. */
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly metadata: PictureMetadata;
}

/** The decisions of an analysis, each of which can be taken in another way without touching the rest. */
export interface AnalysisStrategies {
  readonly matchFaces: typeof matchFaces;
  readonly recogniseVisitor: typeof recogniseVisitor;
  readonly toEvent: (person: SeenPerson, picture: Picture) => AnonymousEvent;
}

export const OWN_STRATEGIES: AnalysisStrategies = { matchFaces, recogniseVisitor, toEvent: toAnonymousEvent };

export interface Analysis {
  readonly strategies: AnalysisStrategies;
  readonly faceApi: FaceApi;
  readonly lists: VisitorLists;
  readonly book: VisitorBook;
  readonly settings: AnalyzeFacesSettings;
  readonly warn: (message: string) => void;
}

/**
 * The people that the camera's detector saw, in its order, then those whose faces alone were seen. Calls the Face
 * API one request after the other, in that order.
 * @throws FaceApiError when the service could not be reached or was too busy; the picture may be analysed again.
 */
export async function analyzePicture(
  analysis: Analysis,
  picture: Picture,
): Promise<readonly AnonymousEvent[]> {
  const { people } = picture.metadata;
  const faces = await detectFaces(analysis, picture);
  const { faceOfPerson, strangers } = analysis.strategies.matchFaces(
    people.map(({ box }) => box),
    faces.map(({ faceRectangle }) => faceRectangle),
  );
  const day = storeDayOf(Date.parse(picture.metadata.capturedAt), analysis.settings.storeTimeZone);
  const events: AnonymousEvent[] = [];
  for (const faceIndex of [...faceOfPerson, ...strangers]) {
    const face = faceIndex === null ? undefined : faces[faceIndex];
    events.push(await toEvent(analysis, picture, day, events.length, face));
  }
  return events;
}

/** A picture that the service will never take says nothing of faces, but its people were seen all the same. */
async function detectFaces({ faceApi, warn }: Analysis, picture: Picture): Promise<readonly DetectedFace[]> {
  try {
    return await faceApi.detect(picture.bytes);
  } catch (error) {
    if (!(error instanceof FaceApiError) || !error.isFinal) throw error;
    warn(`no face of ${picture.name} could be read: ${error.message}`);
    return [];
  }
}

async function toEvent(
  analysis: Analysis,
  picture: Picture,
  day: string,
  index: number,
  face: DetectedFace | undefined,
): Promise<AnonymousEvent> {
  const { name, bytes, metadata } = picture;
  const { storeId, cameraId, section, capturedAt } = metadata;
  const { toEvent: tell } = analysis.strategies;
  const eventId = eventIdOf(analysis.settings.visitorSalt, name, index);
  const somewhere = { eventId, storeId, cameraId, section, capturedAt };
  if (face === undefined) return tell({ ...somewhere, face: null }, picture);
  const { age: ageYears, gender, emotion } = face.faceAttributes;
  const who = await identify(analysis, { storeId, day, picture: bytes, face }, eventId);
  return tell({ ...somewhere, face: { ageYears, gender, emotion, ...who } }, picture);
}

type Who = Pick<ReadFace, 'visitor' | 'newVisitor' | 'returning'>;

const NOBODY_KNOWN: Who = { visitor: null, newVisitor: false, returning: false };

async function identify(analysis: Analysis, seen: FaceInStore, eventId: string): Promise<Who> {
  try {
    const { faceApi, lists, settings, strategies } = analysis;
    const { persistedFaceId, isNew } = await strategies.recogniseVisitor(faceApi, lists, seen);
    const { firstEventId, returning } = await lookUp(analysis, seen, persistedFaceId, isNew ? eventId : null);
    return {
      visitor: visitorPseudonym(settings.visitorSalt, seen.storeId, seen.day, persistedFaceId),
      newVisitor: firstEventId === eventId,
      returning,
    };
  } catch (error) {
    if (!(error instanceof FaceApiError) || !error.isFinal) throw error;
    analysis.warn(`a visitor could not be recognised: ${error.message}`);
    return NOBODY_KNOWN;
  }
}

/** `ownEventId` is given when this very event is the visitor's first. */
async function lookUp(
  { faceApi, lists, book }: Analysis,
  seen: FaceInStore,
  persistedFaceId: string,
  ownEventId: string | null,
): Promise<{ readonly firstEventId: string | null; readonly returning: boolean }> {
  const storeDay = `${seen.day} ${seen.storeId}`;
  const known = book.find(storeDay, persistedFaceId) ?? { firstEventId: ownEventId, returning: null };
  if (known.returning !== null) return { ...known, returning: known.returning };
  // Written down before the next call may fail: the list knows the face now, and a second try would not be told.
  book.enter(storeDay, persistedFaceId, known);
  const entry = { ...known, returning: await isLoyal(faceApi, lists, seen) };
  book.enter(storeDay, persistedFaceId, entry);
  return entry;
}
