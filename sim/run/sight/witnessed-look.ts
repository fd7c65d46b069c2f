/** What a look found, and who was there to be found: all that the witness needs to know of it. */
import type { Detection, Emotion } from '../../../pipeline/boundaries.js';
import type { VisibleFace, VisiblePerson } from '../../camera/visibility/visible-person.js';
import { shoppersUnder } from './match-boxes.js';

export interface WitnessedPerson {
  readonly shopper: number;
  /** To the display dwelt at; null while walking. */
  readonly reaction: Emotion | null;
  readonly face: VisibleFace;
}

export interface WitnessedLook {
  readonly objects: readonly Detection[];
  /** The shopper under each of the objects; null for a box around nobody, or around no person. */
  readonly shoppersUnder: readonly (number | null)[];
  /** Everybody of whom something could be seen. */
  readonly people: readonly WitnessedPerson[];
}

/** Somebody who truly is in view. */
export type PersonInView = Pick<VisiblePerson, 'shopper' | 'box' | 'fullBox' | 'face'>;

const PERSON = 'person';

export function witnessedLook(
  objects: readonly Detection[],
  people: readonly PersonInView[],
  reactionOf: (shopper: number) => Emotion | null,
): WitnessedLook {
  const persons = objects.filter(({ label }) => label === PERSON);
  const under = shoppersUnder(persons, people);
  return {
    objects,
    shoppersUnder:
      persons.length === objects.length
        ? under
        : objects.map((object) => under[persons.indexOf(object)] ?? null),
    people: people.map(({ shopper, face }) => ({ shopper, face, reaction: reactionOf(shopper) })),
  };
}
