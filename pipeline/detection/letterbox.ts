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

/** Which source pixels make up each target pixel of a row (or column), and how much each counts. */
interface Taps {
  /** First source index of each target index. */
  readonly first: Int32Array;
  /** The weights of target `i` are those from `begins[i]` up to `begins[i + 1]`; they add up to 1. */
  readonly begins: Int32Array;
  readonly weights: Float32Array;
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
    const { first, begins, weights } = this.columns;
    const { narrowed } = this;
    let to = 0;
    for (let y = 0; y < this.sourceHeight; y++) {
      const row = y * this.sourceWidth * 4;
      let tap = 0;
      for (let x = 0; x < this.usedWidth; x++) {
        let from = row + (first[x] ?? 0) * 4;
        const end = begins[x + 1] ?? 0;
        let red = 0;
        let green = 0;
        let blue = 0;
        for (; tap < end; tap++) {
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
    const { first, begins, weights } = this.rows;
    const { narrowed } = this;
    const rowValues = this.usedWidth * CHANNELS;
    for (let y = 0; y < this.usedHeight; y++) {
      const to = y * this.targetWidth * CHANNELS;
      const begin = begins[y] ?? 0;
      const end = begins[y + 1] ?? 0;
      const firstRow = (first[y] ?? 0) * rowValues;
      for (let i = 0; i < rowValues; i++) {
        let sum = 0;
        let from = firstRow + i;
        for (let tap = begin; tap < end; tap++) {
          sum += (weights[tap] ?? 0) * (narrowed[from] ?? 0);
          from += rowValues;
        }
        target[to + i] = sum;
      }
    }
  }
}

function makeTaps(sourceSize: number, targetSize: number): Taps {
  const step = sourceSize / targetSize;
  const reach = Math.max(1, step);
  const first = new Int32Array(targetSize);
  const begins = new Int32Array(targetSize + 1);
  const weights: number[] = [];
  for (let i = 0; i < targetSize; i++) {
    const centre = (i + 0.5) * step - 0.5;
    const low = Math.max(0, Math.floor(centre - reach) + 1);
    const high = Math.min(sourceSize - 1, Math.ceil(centre + reach) - 1);
    const raw: number[] = [];
    for (let source = low; source <= high; source++) raw.push(1 - Math.abs(source - centre) / reach);
    const total = raw.reduce((sum, weight) => sum + weight, 0);
    weights.push(...raw.map((weight) => weight / total));
    first[i] = low;
    begins[i + 1] = weights.length;
  }
  return { first, begins, weights: Float32Array.from(weights) };
}
