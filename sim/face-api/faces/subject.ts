import type { Persona } from '../../../fixtures/face/persona.js';
import type { Emotion, PixelBox } from '../../../pipeline/boundaries.js';

/** A face in a picture, as the simulator knows it: who, in which mood, and how well it can be seen. */
export interface FaceSubject {
  /** The persona whose recordings this face answers with. */
  readonly personaId: string;
  /** The persona itself, where the library does not have it. */
  readonly persona?: Persona;
  /** Who it is: stable across pictures and visits. Several identities may wear one persona. */
  readonly identity: string;
  /** Selects among the persona's recordings. */
  readonly reaction: Emotion;
  /** The face's rectangle, in pixels of the picture. */
  readonly box: PixelBox;
  /** The shorter side of the face, in pixels of the picture. */
  readonly facePixels: number;
  /** How far the face is turned from the lens, 0 (frontal) to 180. */
  readonly yawDegrees: number;
  /** From 0 (blurred, dark, half hidden) to 1. */
  readonly quality: number;
}

/** Who is in the picture whose bytes have this SHA-256 (hex); undefined when the picture is not known. */
export type SubjectLookup = (pictureSha256: string) => readonly FaceSubject[] | undefined;
