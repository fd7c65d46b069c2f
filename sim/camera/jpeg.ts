/** Pictures as JPEG files, by one pinned encoder: the same pixels give the same bytes everywhere. */
import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import type { Detection } from '../../pipeline/boundaries.js';

/** Pixels to encode, four bytes each, row by row. */
export interface Pixels {
  readonly widthPixels: number;
  readonly heightPixels: number;
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
}

export interface JpegOptions {
  /** 1 to 100. */
  readonly quality?: number;
  /** Drawn over the picture with their labels and scores. */
  readonly boxes?: readonly Detection[];
}

/** What network cameras send by default lies about here. */
const DEFAULT_QUALITY = 85;
const BOX_COLOUR = '#19e0a2';

export function encodeJpeg(frame: Pixels, options: JpegOptions = {}): Uint8Array {
  const canvas = createCanvas(frame.widthPixels, frame.heightPixels);
  const context = canvas.getContext('2d');
  const image = context.createImageData(frame.widthPixels, frame.heightPixels);
  image.data.set(frame.rgba);
  context.putImageData(image, 0, 0);
  for (const detection of options.boxes ?? []) drawBox(context, detection);
  return canvas.toBuffer('image/jpeg', options.quality ?? DEFAULT_QUALITY);
}

/** The label's bar stands above its box, or inside it at the picture's upper edge. */
function drawBox(context: SKRSContext2D, { box, label, score }: Detection): void {
  const barHeight = 14;
  context.strokeStyle = BOX_COLOUR;
  context.lineWidth = 2;
  context.strokeRect(box.left, box.top, box.width, box.height);
  const text = `${label} ${score.toFixed(2)}`;
  context.font = '11px sans-serif';
  const top = box.top >= barHeight ? box.top - barHeight : box.top;
  context.fillStyle = BOX_COLOUR;
  context.fillRect(box.left - 1, top, context.measureText(text).width + 8, barHeight);
  context.fillStyle = '#06281d';
  context.fillText(text, box.left + 3, top + 11);
}
