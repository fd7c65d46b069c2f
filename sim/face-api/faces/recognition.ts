/**
 * Whether two faces are of one person, with the errors that recognition makes. Who they are is known; what is
 * drawn, from streams named after the pair, is the confidence and the few mistakes.
 */
import type { RandomSource } from '../../kernel/services.js';
import type { KnownFace } from './face-ids.js';

export interface RecognitionErrors {
  /** Share of comparisons with a list of 1,000 strangers that take one of them for the person. */
  readonly falseAcceptShare: number;
  /** Share of comparisons of two perfect pictures of a person that fail. */
  readonly falseRejectShare: number;
  /** The same for the poorest picture in which a face is found; in between it is linear in the quality. */
  readonly falseRejectShareAtWorst: number;
}

export const USUAL_RECOGNITION_ERRORS: RecognitionErrors = {
  falseAcceptShare: 0.0005,
  falseRejectShare: 0.005,
  falseRejectShareAtWorst: 0.1,
};

/** Of two faces that the service takes for one person. */
export const LEAST_CONFIDENCE_OF_A_MATCH = 0.5;

export interface Candidate<Face extends KnownFace> {
  readonly face: Face;
  /** In [0, 1]. */
  readonly confidence: number;
}

/** A set of faces that can say who of them is one person. */
export interface Gallery<Face extends KnownFace> {
  readonly id: string;
  readonly size: number;
  readonly faces: readonly Face[];
  facesOf(identity: string): readonly Face[];
}

export interface Comparison {
  readonly errors: RecognitionErrors;
  readonly rng: RandomSource;
}

/** `matchPerson`: the faces of `gallery` that are taken for the person of `face`, most alike first. */
export function samePerson<Face extends KnownFace>(
  face: KnownFace,
  gallery: Gallery<Face>,
  comparison: Comparison,
): readonly Candidate<Face>[] {
  const own = gallery.facesOf(face.identity).flatMap((other) => recognise(face, other, comparison));
  return [...own, ...mistake(face, gallery, comparison)].sort(byConfidence);
}

/** `matchFace`: every face of `gallery`, however little alike, most alike first. */
export function ranked<Face extends KnownFace>(
  face: KnownFace,
  gallery: Gallery<Face>,
  comparison: Comparison,
): readonly Candidate<Face>[] {
  const alike = samePerson(face, gallery, comparison);
  const found = new Set(alike.map((candidate) => candidate.face.id));
  const others = gallery.faces
    .filter((other) => !found.has(other.id))
    .map((other) => ({ face: other, confidence: unlike(face, other, comparison) }));
  return [...alike, ...others].sort(byConfidence);
}

/**
 * How much `face` and the most alike of `others` look like one person, in [0, 1]; the same whichever way round two
 * faces are compared.
 */
export function likeness(face: KnownFace, others: readonly KnownFace[], comparison: Comparison): number {
  return Math.max(0, ...others.map((other) => pairLikeness(face, other, comparison)));
}

function pairLikeness(one: KnownFace, other: KnownFace, comparison: Comparison): number {
  const [first, second] = one.id < other.id ? [one, other] : [other, one];
  if (first.id === second.id) return 1;
  const [alike] =
    first.identity === second.identity
      ? recognise(first, second, comparison)
      : mistake(first, { id: second.id, size: 1, faces: [second], facesOf: () => [] }, comparison);
  return alike?.confidence ?? unlike(first, second, comparison);
}

/** The confidence that two faces are of one person when they are not taken for one. */
function unlike(face: KnownFace, other: KnownFace, comparison: Comparison): number {
  return rounded(pairStream(face, other, comparison).between(0.02, 0.4));
}

function recognise<Face extends KnownFace>(
  face: KnownFace,
  other: Face,
  { errors, rng }: Comparison,
): readonly Candidate<Face>[] {
  const stream = pairStream(face, other, { rng });
  const poorness = 1 - Math.min(face.quality, other.quality);
  const rejectShare =
    errors.falseRejectShare + poorness * (errors.falseRejectShareAtWorst - errors.falseRejectShare);
  if (stream.chance(rejectShare)) return [];
  const confidence = stream.normal(0.9 - 0.25 * poorness, 0.04);
  return [
    { face: other, confidence: rounded(Math.min(1, Math.max(LEAST_CONFIDENCE_OF_A_MATCH, confidence))) },
  ];
}

/** Now and then a stranger is taken for the person, just above what counts as a match. */
function mistake<Face extends KnownFace>(
  face: KnownFace,
  gallery: Gallery<Face>,
  { errors, rng }: Comparison,
): readonly Candidate<Face>[] {
  if (errors.falseAcceptShare === 0) return [];
  const stream = rng(`face-api/mistake/${face.id}/${gallery.id}`);
  if (!stream.chance((errors.falseAcceptShare * gallery.size) / 1000)) return [];
  const strangers = gallery.faces.filter((other) => other.identity !== face.identity);
  if (strangers.length === 0) return [];
  const confidence = rounded(stream.between(LEAST_CONFIDENCE_OF_A_MATCH, 0.62));
  return [{ face: stream.pick(strangers), confidence }];
}

function pairStream(face: KnownFace, other: KnownFace, { rng }: Pick<Comparison, 'rng'>) {
  return rng(`face-api/pair/${face.id}/${other.id}`);
}

function byConfidence(one: Candidate<KnownFace>, other: Candidate<KnownFace>): number {
  return other.confidence - one.confidence || (one.face.id < other.face.id ? -1 : 1);
}

const rounded = (confidence: number) => Math.round(confidence * 100_000) / 100_000;
