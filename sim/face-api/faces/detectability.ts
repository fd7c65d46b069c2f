/**
 * Which faces the service finds. Every model wants 36 × 36 pixels at up to 1920 × 1080, proportionally more in a
 * larger picture; detection_01 wants faces that are nearly frontal, the later models find small, turned and
 * blurred ones too.
 */
import type { DetectionModel } from './detect-parameters.js';
import type { PictureSize } from './picture.js';
import type { FaceSubject } from './subject.js';

interface Reach {
  /** The farthest turn from the lens that is still found. */
  readonly yawDegrees: number;
  /** The poorest quality that is still found. */
  readonly quality: number;
}

const REACH: Readonly<Record<DetectionModel, Reach>> = {
  detection_01: { yawDegrees: 45, quality: 0.3 },
  detection_02: { yawDegrees: 90, quality: 0.1 },
  detection_03: { yawDegrees: 90, quality: 0.1 },
};

const SMALLEST_FACE_PIXELS = 36;
const LARGEST_FACE_PIXELS = 4096;
const FULL_HD: PictureSize = { widthPixels: 1920, heightPixels: 1080 };
const MOST_FACES = 100;

/** The faces found in a picture: the largest first, at most 100. */
export function detectableFaces(
  subjects: readonly FaceSubject[],
  model: DetectionModel,
  picture: PictureSize,
): readonly FaceSubject[] {
  const smallest = smallestFacePixels(picture);
  const reach = REACH[model];
  return subjects
    .filter(({ facePixels }) => facePixels >= smallest && facePixels <= LARGEST_FACE_PIXELS)
    .filter(({ yawDegrees, quality }) => Math.abs(yawDegrees) <= reach.yawDegrees && quality >= reach.quality)
    .sort(byAreaThenPlace)
    .slice(0, MOST_FACES);
}

function smallestFacePixels({ widthPixels, heightPixels }: PictureSize): number {
  const larger = Math.max(1, widthPixels / FULL_HD.widthPixels, heightPixels / FULL_HD.heightPixels);
  return SMALLEST_FACE_PIXELS * larger;
}

function byAreaThenPlace({ box: one }: FaceSubject, { box: other }: FaceSubject): number {
  const byArea = other.width * other.height - one.width * one.height;
  return byArea || one.left - other.left || one.top - other.top;
}
