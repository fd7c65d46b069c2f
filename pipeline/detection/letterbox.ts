/**
 * Fits a frame into a network's input: scaled with its aspect ratio kept, at the upper left, the rest grey.
 *
 * The filter is a triangle as wide as a source pixel's share of a target pixel (bilinear when enlarging,
 * antialiased when reducing), applied to rows and then to columns: additions and multiplications only, so the
 * result is the same on every machine.
 */
import type { Frame } from './frame.js';

const CHANNELS = 3;
const PADDING_GREY = 114;

interface Taps {
  /** First source index of each target index. */
  readonly first: Int32Array;
  /** `count` weights for each target index; they add up to 1. */
  readonly weights: Float32Array;
  readonly count: number;
}

export class Letterbox {
  /** Target pixels per source pixel. */
  readonly scale: number;
  /** The part of the target that the frame covers. */
  readonly usedWidth: number;
  readonly usedHeight: number;
  private readonly columns: Taps;
  private readonly rows: Taps;
  private readonly narrowed: Float32Array;

  constructor(
    readonly sourceWidth: number,
    readonly sourceHeight: number,
    readonly targetWidth: number,
    readonly targetHeight: number,
  ) {
    this.scale = Math.min(targetWidth / sourceWidth, targetHeight / sourceHeight);
    this.usedWidth = Math.min(targetWidth, Math.round(sourceWidth * this.scale));
    this.usedHeight = Math.min(targetHeight, Math.round(sourceHeight * this.scale));
    this.columns = makeTaps(sourceWidth, this.usedWidth);
    this.rows = makeTaps(sourceHeight, this.usedHeight);
    this.narrowed = new Float32Array(this.usedWidth * sourceHeight * CHANNELS);
  }

  /** Writes RGB values in [0, 255] to `target`, row by row. */
  fill(frame: Frame, target: Float32Array): void {
    target.fill(PADDING_GREY);
    if (this.scale === 1) {
      this.copy(frame, target);
      return;
    }
    this.scaleRows(frame);
    this.scaleColumns(target);
  }

  private copy({ rgba }: Frame, target: Float32Array): void {
    for (let y = 0; y < this.sourceHeight; y++) {
      let from = y * this.sourceWidth * 4;
      let to = y * this.targetWidth * CHANNELS;
      for (let x = 0; x < this.sourceWidth; x++) {
        target[to] = rgba[from] ?? 0;
        target[to + 1] = rgba[from + 1] ?? 0;
        target[to + 2] = rgba[from + 2] ?? 0;
        from += 4;
        to += CHANNELS;
      }
    }
  }

  private scaleRows({ rgba }: Frame): void {
    const { first, weights, count } = this.columns;
    const { narrowed } = this;
    let to = 0;
    for (let y = 0; y < this.sourceHeight; y++) {
      const row = y * this.sourceWidth * 4;
      for (let x = 0; x < this.usedWidth; x++) {
        let from = row + (first[x] ?? 0) * 4;
        let red = 0;
        let green = 0;
        let blue = 0;
        for (let tap = x * count; tap < (x + 1) * count; tap++) {
          const weight = weights[tap] ?? 0;
          red += weight * (rgba[from] ?? 0);
          green += weight * (rgba[from + 1] ?? 0);
          blue += weight * (rgba[from + 2] ?? 0);
          from += 4;
        }
        narrowed[to] = red;
        narrowed[to + 1] = green;
        narrowed[to + 2] = blue;
        to += CHANNELS;
      }
    }
  }

  private scaleColumns(target: Float32Array): void {
    const { first, weights, count } = this.rows;
    const { narrowed } = this;
    const rowValues = this.usedWidth * CHANNELS;
    for (let y = 0; y < this.usedHeight; y++) {
      const to = y * this.targetWidth * CHANNELS;
      target.fill(0, to, to + rowValues);
      for (let tap = 0; tap < count; tap++) {
        const weight = weights[y * count + tap] ?? 0;
        if (weight === 0) continue;
        const from = ((first[y] ?? 0) + tap) * rowValues;
        for (let i = 0; i < rowValues; i++) {
          target[to + i] = (target[to + i] ?? 0) + weight * (narrowed[from + i] ?? 0);
        }
      }
    }
  }
}

function makeTaps(sourceSize: number, targetSize: number): Taps {
  const step = sourceSize / targetSize;
  const reach = Math.max(1, step);
  const count = Math.min(sourceSize, Math.ceil(2 * reach) + 1);
  const first = new Int32Array(targetSize);
  const weights = new Float32Array(targetSize * count);
  for (let i = 0; i < targetSize; i++) {
    const centre = (i + 0.5) * step - 0.5;
    const start = Math.min(Math.max(0, Math.ceil(centre - reach)), sourceSize - count);
    const raw = Array.from({ length: count }, (_, tap) =>
      Math.max(0, 1 - Math.abs(start + tap - centre) / reach),
    );
    const total = raw.reduce((sum, weight) => sum + weight, 0);
    first[i] = start;
    weights.set(
      raw.map((weight) => weight / total),
      i * count,
    );
  }
  return { first, weights, count };
}
