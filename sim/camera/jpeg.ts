/** Pictures as JPEG files, by one pinned encoder: the same pixels give the same bytes everywhere. */
import { type Canvas, createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import type { Detection } from '../../pipeline/boundaries.js';

/** Pixels to encode, four bytes each, row by row. */
export interface Pixels {
  readonly widthPixels: number;
  readonly heightPixels: number;
  readonly rgba: Uint8Array | Uint8ClampedArray;
}

export interface JpegOptions {
  /** 1 to 100. */
  readonly quality?: number;
  /** Drawn over the picture with their labels and scores. */
  readonly boxes?: readonly Detection[];
  /** Drawn into the upper left corner. */
  readonly caption?: string;
  /** The picture's size; default that of the pixels. */
  readonly enlargedTo?: Pick<Pixels, 'widthPixels' | 'heightPixels'>;
}

/** What network cameras send by default lies about here. */
const DEFAULT_QUALITY = 85;
const BOX_COLOUR = '#19e0a2';

export function encodeJpeg(frame: Pixels, options: JpegOptions = {}): Uint8Array {
  const canvas = canvasOf(frame);
  const { boxes = [], caption, enlargedTo, quality = DEFAULT_QUALITY } = options;
  const drawn = enlargedTo === undefined ? canvas : enlarged(canvas, enlargedTo);
  const context = drawn.getContext('2d');
  for (const detection of boxes) drawBox(context, detection);
  if (caption !== undefined) drawCaption(context, caption);
  return drawn.toBuffer('image/jpeg', quality);
}

function canvasOf({ widthPixels, heightPixels, rgba }: Pixels): Canvas {
  const canvas = createCanvas(widthPixels, heightPixels);
  const context = canvas.getContext('2d');
  const image = context.createImageData(widthPixels, heightPixels);
  image.data.set(rgba);
  context.putImageData(image, 0, 0);
  return canvas;
}

function enlarged(
  canvas: Canvas,
  { widthPixels, heightPixels }: Pick<Pixels, 'widthPixels' | 'heightPixels'>,
) {
  const larger = createCanvas(widthPixels, heightPixels);
  larger.getContext('2d').drawImage(canvas, 0, 0, widthPixels, heightPixels);
  return larger;
}

function drawCaption(context: SKRSContext2D, caption: string): void {
  context.font = '16px sans-serif';
  context.fillStyle = '#10151a';
  context.fillRect(0, 0, context.measureText(caption).width + 16, 26);
  context.fillStyle = '#ffffff';
  context.fillText(caption, 8, 18);
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
