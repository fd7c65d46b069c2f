/**
 * The only door through which anything leaves the premises (the pattern's step 5). An event is built field by
 * field from an allow-list, never by copying and deleting, so that what is not named here cannot leave.
 */
import type { AnonymousEvent, Gender } from '../boundaries.js';
import { ageBandOf } from './age-band.js';
import { type EmotionScores, emotionScoreOf, strongestEmotion } from './emotion.js';

/** What is known of a person whose face could be read. */
export interface ReadFace {
  readonly ageYears: number;
  readonly gender: Gender;
  readonly emotion: EmotionScores;
  /** Pseudonym; null when it may not be known. */
  readonly visitor: string | null;
  readonly newVisitor: boolean;
  readonly returning: boolean;
}

/** A person seen in a picture, as the premises know them. */
export interface SeenPerson {
  readonly eventId: string;
  readonly storeId: string;
  readonly cameraId: string;
  readonly section: string;
  /** ISO 8601, UTC. */
  readonly capturedAt: string;
  /** Null when no face could be read. */
  readonly face: ReadFace | null;
}

/** What may be said of `person` outside. */
export function toAnonymousEvent(person: SeenPerson): AnonymousEvent {
  const { eventId, storeId, cameraId, section, capturedAt, face } = person;
  return { eventId, storeId, cameraId, section, capturedAt, ...aboutFace(face) };
}

type AboutFace = Omit<AnonymousEvent, 'eventId' | 'storeId' | 'cameraId' | 'section' | 'capturedAt'>;

function aboutFace(face: ReadFace | null): AboutFace {
  if (face === null) {
    return {
      analyzed: false,
      visitor: null,
      newVisitor: false,
      returning: null,
      ageBand: null,
      gender: null,
      emotion: null,
      emotionScore: null,
    };
  }
  return {
    analyzed: true,
    visitor: face.visitor,
    newVisitor: face.newVisitor,
    returning: face.returning,
    ageBand: ageBandOf(face.ageYears),
    gender: face.gender,
    emotion: strongestEmotion(face.emotion),
    emotionScore: emotionScoreOf(face.emotion),
  };
}
