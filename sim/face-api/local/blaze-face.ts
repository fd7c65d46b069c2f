/** Finds the face in a picture of a head. */
import type { GraphModel } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import type { PixelBox } from '../../../pipeline/boundaries.js';
import { loadFaceModel } from './face-models.js';

export interface FoundFace {
  /** In pixels of the network's input. */
  readonly box: PixelBox;
  /** In [0, 1]. */
  readonly score: number;
}

/** Sides of the network's input. */
export const BLAZE_FACE_PIXELS = 256;
/** Anchors: two at each place of a grid of 16 × 16, six at each of a grid of 8 × 8. */
const GRIDS = [
  { stridePixels: 16, anchors: 2 },
  { stridePixels: 32, anchors: 6 },
] as const;
/** Score, box of four numbers, six landmarks of two. */
const NUMBERS_PER_ANCHOR = 17;

export class BlazeFace {
  private readonly model: GraphModel<never> = loadFaceModel('blazeface');
  private readonly centres = anchorCentres();

  /** The best face of an RGB image of 256 × 256 pixels, values in [0, 255]. */
  find(rgb: Float32Array): FoundFace | null {
    // The package's network was trained on values in [-0.5, 1.5].
    const values = rgb.map((value) => value / 127.5 - 0.5);
    const input = tf.tensor4d(values, [1, BLAZE_FACE_PIXELS, BLAZE_FACE_PIXELS, 3]);
    const outputs = this.model.execute(input as tf.Tensor) as tf.Tensor[];
    try {
      // Scores and boxes of the finer grid are longer than those of the coarser.
      const parts = new Map(outputs.map((output) => [output.size, output.dataSync<'float32'>()]));
      return this.best(parts);
    } finally {
      tf.dispose([input, ...outputs]);
    }
  }

  private best(parts: ReadonlyMap<number, Float32Array>): FoundFace | null {
    let best: FoundFace | null = null;
    let anchor = 0;
    for (const { stridePixels, anchors } of GRIDS) {
      const count = (BLAZE_FACE_PIXELS / stridePixels) ** 2 * anchors;
      const scores = parts.get(count);
      const boxes = parts.get(count * (NUMBERS_PER_ANCHOR - 1));
      for (let index = 0; index < count; index++, anchor++) {
        const score = 1 / (1 + Math.exp(-(scores?.[index] ?? Number.NEGATIVE_INFINITY)));
        if (best !== null && score <= best.score) continue;
        const place = this.centres[anchor];
        if (boxes === undefined || place === undefined) continue;
        best = { score, box: boxAt(boxes.subarray(index * 16, index * 16 + 4), place) };
      }
    }
    return best;
  }
}

function boxAt(
  [dx = 0, dy = 0, width = 0, height = 0]: Float32Array,
  [x, y]: readonly [number, number],
): PixelBox {
  return { left: x + dx - width / 2, top: y + dy - height / 2, width, height };
}

function anchorCentres(): readonly (readonly [number, number])[] {
  return GRIDS.flatMap(({ stridePixels, anchors }) => {
    const side = BLAZE_FACE_PIXELS / stridePixels;
    return Array.from({ length: side * side * anchors }, (_, index) => {
      const cell = Math.floor(index / anchors);
      const [row, column] = [Math.floor(cell / side), cell % side];
      return [stridePixels * (column + 0.5), stridePixels * (row + 0.5)] as const;
    });
  });
}
