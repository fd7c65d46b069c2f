/**
 * Faces are matched to people by position: two models look at one picture, and neither their order nor their
 * number need agree.
 */
import type { PixelBox } from '../boundaries.js';
import { assign } from '../detection/tracking/assignment.js';

export interface FaceMatches {
  /** For each person the index of the face that is theirs; null when none is. */
  readonly faceOfPerson: readonly (number | null)[];
  /** Indexes of the faces that belong to nobody the person detector saw. */
  readonly strangers: readonly number[];
}

/** The upper part of a person's box in which a face can be, as a share of its height. */
const HEAD_REGION_SHARE = 0.5;
/** How much of a face must be in that part. */
const LEAST_INSIDE_SHARE = 0.5;
const UNRELATED = 1;

/** The pairs that fit best as a whole; each face and each person is used at most once. */
export function matchFaces(people: readonly PixelBox[], faces: readonly PixelBox[]): FaceMatches {
  const pairs = assign(
    people.length,
    faces.length,
    (person, face) => misfit(people[person], faces[face]),
    UNRELATED,
  );
  const faceOf = new Map(pairs.map(({ row, column }) => [row, column]));
  const taken = new Set(faceOf.values());
  return {
    faceOfPerson: people.map((_person, index) => faceOf.get(index) ?? null),
    strangers: faces.map((_face, index) => index).filter((index) => !taken.has(index)),
  };
}

/** From 0 (the face is where this person's head is) to 1 (it cannot be theirs). */
function misfit(person: PixelBox | undefined, face: PixelBox | undefined): number {
  if (person === undefined || face === undefined) return UNRELATED;
  const region = { ...person, height: person.height * HEAD_REGION_SHARE };
  const inside = overlapPixels(face, region) / Math.max(1, face.width * face.height);
  if (inside < LEAST_INSIDE_SHARE) return UNRELATED;
  const aside = Math.abs(middle(face.left, face.width) - middle(person.left, person.width)) / person.width;
  const below = Math.abs(face.top - person.top) / region.height;
  return (1 - inside + Math.min(1, aside) + Math.min(1, below)) / 3;
}

const middle = (from: number, extent: number) => from + extent / 2;

function overlapPixels(one: PixelBox, other: PixelBox): number {
  const width = Math.min(one.left + one.width, other.left + other.width) - Math.max(one.left, other.left);
  const height = Math.min(one.top + one.height, other.top + other.height) - Math.max(one.top, other.top);
  return Math.max(0, width) * Math.max(0, height);
}
