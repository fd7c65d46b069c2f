/** Reads the faces of the people in a picture. */
import * as tf from '@tensorflow/tfjs-core';
import type { Emotion, PixelBox } from '../../../pipeline/boundaries.js';
import type { Frame } from '../../../pipeline/detection/frame.js';
import { BLAZE_FACE_PIXELS, BlazeFace } from './blaze-face.js';
import { loadFaceModel } from './face-models.js';

/** What the models make of a face. */
export interface LocalFace {
  /** In pixels of the picture. */
  readonly box: PixelBox;
  /** How sure it is that there is a face, in [0, 1]. */
  readonly score: number;
  readonly ageYears: number;
  readonly gender: 'female' | 'male';
  /** They sum to 1. */
  readonly emotion: Readonly<Record<Emotion, number>>;
  /** Of unit length: the product of two says how much two faces are alike, in [-1, 1]. */
  readonly descriptor: readonly number[];
}

/** Below, backs of heads pass for faces. */
const LEAST_SCORE = 0.75;
/** Smaller faces are not found by the service either. */
const LEAST_PIXELS = 36;
/** The face is looked for in a square around the head: this share of the body's height, at least its width. */
const HEAD_SHARE = 0.36;
/** Around the face, for the models that read it. */
const FACE_MARGIN = 0.2;
const READING_PIXELS = 224;
const EMOTION_PIXELS = 64;
/** In the order of the network's outputs. Contempt is not among them. */
const EMOTIONS_READ = ['anger', 'disgust', 'fear', 'happiness', 'sadness', 'surprise', 'neutral'] as const;
const AGES = 100;
const DESCRIPTOR_LENGTH = 1024;

interface FoundFace {
  readonly box: PixelBox;
  readonly score: number;
}

export class FaceReader {
  private readonly finder = new BlazeFace();
  private readonly reading = loadFaceModel('faceres');
  private readonly feeling = loadFaceModel('emotion');

  /** The faces that can be read among `people`, bodies in the picture. */
  read(picture: Frame, people: readonly PixelBox[]): readonly LocalFace[] {
    return people
      .flatMap((body) => this.findIn(picture, headOf(body)) ?? [])
      .map((found) => this.describe(picture, found));
  }

  /** The faces anywhere in the picture: it is looked at square by square, which takes seconds. */
  search(picture: Frame): readonly LocalFace[] {
    const found = squaresOf(picture).flatMap((square) => this.findIn(picture, square) ?? []);
    return distinct(found).map((face) => this.describe(picture, face));
  }

  /** The surest face in a square of the picture. */
  private findIn(picture: Frame, square: PixelBox): FoundFace | null {
    const found = this.finder.find(rgbOf(picture, square, BLAZE_FACE_PIXELS));
    if (found === null || found.score < LEAST_SCORE) return null;
    const scale = square.width / BLAZE_FACE_PIXELS;
    const box: PixelBox = {
      left: square.left + found.box.left * scale,
      top: square.top + found.box.top * scale,
      width: found.box.width * scale,
      height: found.box.height * scale,
    };
    return box.width < LEAST_PIXELS ? null : { box, score: found.score };
  }

  private describe(picture: Frame, { box, score }: FoundFace): LocalFace {
    const near = widened(box);
    const { ageYears, descriptor, gender } = this.look(rgbOf(picture, near, READING_PIXELS));
    const emotion = this.feel(rgbOf(picture, near, EMOTION_PIXELS));
    return { box, score, ageYears, gender, emotion, descriptor };
  }

  private look(rgb: Float32Array): Pick<LocalFace, 'ageYears' | 'gender' | 'descriptor'> {
    const input = tf.tensor4d(rgb, [1, READING_PIXELS, READING_PIXELS, 3]);
    const outputs = this.reading.execute(input as tf.Tensor) as tf.Tensor[];
    try {
      const of = (size: number) => outputs.find((output) => output.size === size)?.dataSync<'float32'>();
      return {
        ageYears: meanAge(of(AGES) ?? new Float32Array(AGES)),
        gender: (of(1)?.[0] ?? 0) <= 0.5 ? 'female' : 'male',
        descriptor: unitLength(of(DESCRIPTOR_LENGTH) ?? new Float32Array(DESCRIPTOR_LENGTH)),
      };
    } finally {
      tf.dispose([input, ...outputs]);
    }
  }

  private feel(rgb: Float32Array): LocalFace['emotion'] {
    const grey = new Float32Array(EMOTION_PIXELS * EMOTION_PIXELS);
    for (let i = 0; i < grey.length; i++) {
      const luma = 0.2989 * (rgb[3 * i] ?? 0) + 0.587 * (rgb[3 * i + 1] ?? 0) + 0.114 * (rgb[3 * i + 2] ?? 0);
      grey[i] = (luma / 255 - 0.5) * 2;
    }
    const input = tf.tensor4d(grey, [1, EMOTION_PIXELS, EMOTION_PIXELS, 1]);
    const output = this.feeling.execute(input as tf.Tensor) as tf.Tensor;
    try {
      return emotionOf(output.dataSync<'float32'>());
    } finally {
      tf.dispose([input, output]);
    }
  }
}

/** The squares in which faces are looked for: of the shorter side of the picture, and how far apart, of their own. */
const SEARCH = [
  { side: 1, step: 1 / 2 },
  { side: 1 / 2, step: 1 / 2 },
  { side: 1 / 4, step: 3 / 4 },
] as const;
/** Two boxes that share more than this of what they cover together are one face's. */
const SAME_FACE = 0.3;

/** Squares of several sizes over the whole picture. */
function squaresOf({ heightPixels, widthPixels }: Frame): readonly PixelBox[] {
  return SEARCH.flatMap(({ side: share, step }) => {
    const side = Math.min(widthPixels, heightPixels) * share;
    const lefts = steps(widthPixels - side, side * step);
    const tops = steps(heightPixels - side, side * step);
    return tops.flatMap((top) => lefts.map((left) => ({ left, top, width: side, height: side })));
  });
}

/** From 0 to `last`, both included, at most `step` apart. */
function steps(last: number, step: number): readonly number[] {
  const count = Math.ceil(last / step);
  return Array.from({ length: count + 1 }, (_, index) => (count === 0 ? 0 : (last * index) / count));
}

/** Each face once, by the square in which it was surest. */
function distinct(found: readonly FoundFace[]): readonly FoundFace[] {
  const kept: FoundFace[] = [];
  for (const face of [...found].sort((one, other) => other.score - one.score))
    if (kept.every(({ box }) => overlap(box, face.box) < SAME_FACE)) kept.push(face);
  return kept;
}

function overlap(one: PixelBox, other: PixelBox): number {
  const width = Math.min(one.left + one.width, other.left + other.width) - Math.max(one.left, other.left);
  const height = Math.min(one.top + one.height, other.top + other.height) - Math.max(one.top, other.top);
  const shared = Math.max(0, width) * Math.max(0, height);
  return shared / (one.width * one.height + other.width * other.height - shared);
}

function headOf({ height, left, top, width }: PixelBox): PixelBox {
  const side = Math.max(width, HEAD_SHARE * height);
  return { left: left + width / 2 - side / 2, top: top - 0.1 * side, width: side, height: side };
}

/** A square around the face with something of the head. */
function widened({ height, left, top, width }: PixelBox): PixelBox {
  const side = Math.max(width, height) * (1 + 2 * FACE_MARGIN);
  return { left: left + (width - side) / 2, top: top + (height - side) / 2, width: side, height: side };
}

/** A square part of the picture as RGB of `pixels` × `pixels`, bilinear; black outside the picture. */
function rgbOf({ heightPixels, rgba, widthPixels }: Frame, part: PixelBox, pixels: number): Float32Array {
  const rgb = new Float32Array(pixels * pixels * 3);
  const scale = part.width / pixels;
  const at = (x: number, y: number, channel: number) =>
    x < 0 || y < 0 || x >= widthPixels || y >= heightPixels
      ? 0
      : (rgba[(y * widthPixels + x) * 4 + channel] ?? 0);
  for (let row = 0; row < pixels; row++) {
    const y = part.top + (row + 0.5) * scale - 0.5;
    const y0 = Math.floor(y);
    for (let column = 0; column < pixels; column++) {
      const x = part.left + (column + 0.5) * scale - 0.5;
      const x0 = Math.floor(x);
      for (let channel = 0; channel < 3; channel++) {
        const upper = at(x0, y0, channel) * (1 - x + x0) + at(x0 + 1, y0, channel) * (x - x0);
        const lower = at(x0, y0 + 1, channel) * (1 - x + x0) + at(x0 + 1, y0 + 1, channel) * (x - x0);
        rgb[(row * pixels + column) * 3 + channel] = upper * (1 - y + y0) + lower * (y - y0);
      }
    }
  }
  return rgb;
}

/** The expected age under the network's distribution over the years from 0. */
function meanAge(shares: Float32Array): number {
  const sum = shares.reduce((total, share, years) => total + share * years, 0);
  return Math.round(sum * 10) / 10;
}

function unitLength(values: Float32Array): readonly number[] {
  const length = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0)) || 1;
  return Array.from(values, (value) => value / length);
}

/** In thousandths that sum to 1, as the service gives them. */
function emotionOf(scores: Float32Array): LocalFace['emotion'] {
  const thousandths = Object.fromEntries(
    EMOTIONS_READ.map((name, index) => [name, Math.floor((scores[index] ?? 0) * 1_000)]),
  ) as Record<(typeof EMOTIONS_READ)[number], number>;
  const rest = 1_000 - Object.values(thousandths).reduce((sum, part) => sum + part, 0);
  const strongest = EMOTIONS_READ.reduce((a, b) => (thousandths[b] > thousandths[a] ? b : a));
  thousandths[strongest] += rest;
  const shares = Object.entries(thousandths).map(([name, part]) => [name, part / 1_000]);
  return { ...Object.fromEntries(shares), contempt: 0 } as LocalFace['emotion'];
}
