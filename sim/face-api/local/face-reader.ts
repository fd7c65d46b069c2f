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

export class FaceReader {
  private readonly finder = new BlazeFace();
  private readonly reading = loadFaceModel('faceres');
  private readonly feeling = loadFaceModel('emotion');

  /** The faces that can be read among `people`, bodies in the picture. */
  read(picture: Frame, people: readonly PixelBox[]): readonly LocalFace[] {
    return people.flatMap((body) => {
      const head = headOf(body);
      const found = this.finder.find(rgbOf(picture, head, BLAZE_FACE_PIXELS));
      if (found === null || found.score < LEAST_SCORE) return [];
      const scale = head.width / BLAZE_FACE_PIXELS;
      const box: PixelBox = {
        left: head.left + found.box.left * scale,
        top: head.top + found.box.top * scale,
        width: found.box.width * scale,
        height: found.box.height * scale,
      };
      if (box.width < LEAST_PIXELS) return [];
      const near = widened(box);
      const { ageYears, descriptor, gender } = this.look(rgbOf(picture, near, READING_PIXELS));
      const emotion = this.feel(rgbOf(picture, near, EMOTION_PIXELS));
      return [{ box, score: found.score, ageYears, gender, emotion, descriptor }];
    });
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
