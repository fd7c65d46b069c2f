/** One element of the answer of `Face - Detect`: the persona's recording, put where the face is. */
import type { FaceAttributes, Persona } from '../../../fixtures/face/persona.js';
import { LANDMARKS } from '../../../fixtures/face/persona.js';
import type { PixelBox } from '../../../pipeline/boundaries.js';
import type { DetectParameters, FaceAttribute } from './detect-parameters.js';
import type { FaceSubject } from './subject.js';

export interface Point {
  readonly x: number;
  readonly y: number;
}

type QualityForRecognition = 'low' | 'medium' | 'high';

export type AnsweredAttributes = Partial<FaceAttributes> & {
  readonly mask?: { readonly type: 'noMask'; readonly noseAndMouthCovered: false };
  readonly qualityForRecognition?: QualityForRecognition;
};

export interface DetectedFace {
  readonly faceId?: string;
  readonly faceRectangle: PixelBox;
  readonly faceLandmarks?: Readonly<Record<string, Point>>;
  readonly faceAttributes?: AnsweredAttributes;
  readonly recognitionModel?: string;
}

export function toDetectedFace(
  subject: FaceSubject,
  persona: Persona,
  parameters: DetectParameters,
  faceId: string,
): DetectedFace {
  const faceRectangle = wholePixels(subject.box);
  return {
    ...(parameters.returnFaceId ? { faceId } : {}),
    faceRectangle,
    ...(parameters.returnFaceLandmarks
      ? { faceLandmarks: landmarksIn(faceRectangle, persona.landmarks) }
      : {}),
    ...(parameters.attributes.length > 0
      ? { faceAttributes: attributesOf(subject, persona, parameters.attributes) }
      : {}),
    ...(parameters.returnRecognitionModel ? { recognitionModel: parameters.recognitionModel } : {}),
  };
}

function wholePixels({ top, left, width, height }: PixelBox): PixelBox {
  const first = { top: Math.max(0, Math.round(top)), left: Math.max(0, Math.round(left)) };
  return { ...first, width: Math.max(1, Math.round(width)), height: Math.max(1, Math.round(height)) };
}

function landmarksIn(box: PixelBox, shares: readonly number[]): Readonly<Record<string, Point>> {
  const points = LANDMARKS.map((name, index) => {
    const x = box.left + (shares[2 * index] ?? 0) * box.width;
    const y = box.top + (shares[2 * index + 1] ?? 0) * box.height;
    return [name, { x: tenth(x), y: tenth(y) }];
  });
  return Object.fromEntries(points);
}

function attributesOf(
  subject: FaceSubject,
  persona: Persona,
  asked: readonly FaceAttribute[],
): AnsweredAttributes {
  const recorded = persona.recordings[subject.reaction].faceAttributes;
  const seen: AnsweredAttributes = {
    ...recorded,
    // How the head is turned is a fact of this picture, not of the recording.
    headPose: { ...recorded.headPose, yaw: tenth(subject.yawDegrees) },
    mask: { type: 'noMask', noseAndMouthCovered: false },
    qualityForRecognition: qualityForRecognition(subject),
  };
  const wanted = new Set<string>(asked);
  return Object.fromEntries(Object.entries(seen).filter(([name]) => wanted.has(name)));
}

/** Recognition works best from 200 × 200 pixels. */
function qualityForRecognition({ facePixels, quality, yawDegrees }: FaceSubject): QualityForRecognition {
  if (facePixels < 60 || quality < 0.4 || Math.abs(yawDegrees) > 40) return 'low';
  return facePixels >= 200 && quality >= 0.7 ? 'high' : 'medium';
}

const tenth = (value: number) => Math.round(value * 10) / 10;
