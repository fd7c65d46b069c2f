/** Draws what was seen over a frame: boxes with their numbers, lines and zones with their counts, the truth's boxes. */
import { type Canvas, createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import type { PixelBox } from '../../../../pipeline/boundaries.js';
import type { CameraMarks, PixelPoint } from '../../../../pipeline/detection/counting/marks.js';
import type { PeopleCounts } from '../../../../pipeline/detection/counting/people-counter.js';
import type { Frame } from '../../../../pipeline/detection/frame.js';

export interface Annotations {
  readonly people: readonly {
    readonly track: number;
    readonly visitor: number | undefined;
    readonly box: PixelBox;
  }[];
  readonly trueBoxes: readonly PixelBox[];
  readonly marks: CameraMarks;
  readonly counts: PeopleCounts;
  /** In the upper left corner. */
  readonly caption: string;
}

/** Colours of tracks: neighbours in number are far apart in hue, and all can be told from shop floors. */
const TRACK_COLOURS = [
  '#19e0a2',
  '#ffb454',
  '#6cb6ff',
  '#ff7ab2',
  '#d2f05a',
  '#b99cff',
  '#ff8a65',
  '#5fe3e3',
];
const TRUTH_COLOUR = '#ffffff';
const LINE_COLOUR = '#ffe14d';
const ZONE_COLOUR = '#7aa7ff';
/** Letters are this share of the picture's height, at least `LEAST_LETTER_PIXELS`. */
const LETTER_SHARE = 0.028;
const LEAST_LETTER_PIXELS = 11;

/** The frame on a canvas of `widthPixels`, or of its own size when it is no wider, with everything drawn on it. */
export function annotated(frame: Frame, what: Annotations, widthPixels = frame.widthPixels): Canvas {
  const scale = Math.min(1, widthPixels / frame.widthPixels);
  const canvas = scaled(frame, scale);
  const context = canvas.getContext('2d');
  const letters = Math.max(LEAST_LETTER_PIXELS, Math.round(canvas.height * LETTER_SHARE));
  const pen: Pen = { context, scale, letters };
  for (const [index, zone] of what.marks.zones.entries()) {
    drawZone(pen, zone.area, `${zone.name}: ${what.counts.zones[index]?.stays ?? 0} stays`);
  }
  for (const box of what.trueBoxes) drawTruth(pen, box);
  for (const { track, visitor, box } of what.people) {
    drawPerson(pen, box, TRACK_COLOURS[track % TRACK_COLOURS.length] ?? LINE_COLOUR, nameOf(track, visitor));
  }
  for (const [index, { id, from, to }] of what.marks.lines.entries()) {
    const counts = what.counts.lines[index];
    drawLine(pen, from, to, `${id}: in ${counts?.in ?? 0}, out ${counts?.out ?? 0}`);
  }
  drawLabel(pen, what.caption, 4, 4, '#000000b0', '#ffffff');
  return canvas;
}

/** A part of a frame, `heightPixels` high. */
export function cutOut(frame: Frame, box: PixelBox, heightPixels: number): Canvas {
  const part = canvasOf(frame, box);
  const canvas = createCanvas(
    Math.max(1, Math.round((part.width * heightPixels) / part.height)),
    heightPixels,
  );
  canvas.getContext('2d').drawImage(part, 0, 0, canvas.width, canvas.height);
  return canvas;
}

interface Pen {
  readonly context: SKRSContext2D;
  readonly scale: number;
  readonly letters: number;
}

function nameOf(track: number, visitor: number | undefined): string {
  return visitor === undefined ? `${track}` : `${track} · visitor ${visitor}`;
}

function scaled(frame: Frame, scale: number): Canvas {
  const { widthPixels: width, heightPixels: height } = frame;
  const full = canvasOf(frame, { left: 0, top: 0, width, height });
  if (scale === 1) return full;
  const smaller = createCanvas(Math.round(width * scale), Math.round(height * scale));
  smaller.getContext('2d').drawImage(full, 0, 0, smaller.width, smaller.height);
  return smaller;
}

/** The whole pixels of a frame that lie in `box`, at least one. */
function canvasOf({ rgba, widthPixels, heightPixels }: Frame, box: PixelBox): Canvas {
  const left = Math.min(widthPixels - 1, Math.max(0, Math.floor(box.left)));
  const top = Math.min(heightPixels - 1, Math.max(0, Math.floor(box.top)));
  const right = Math.min(widthPixels, Math.max(left + 1, Math.ceil(box.left + box.width)));
  const bottom = Math.min(heightPixels, Math.max(top + 1, Math.ceil(box.top + box.height)));
  const canvas = createCanvas(right - left, bottom - top);
  const context = canvas.getContext('2d');
  const image = context.createImageData(canvas.width, canvas.height);
  for (let y = top; y < bottom; y++) {
    const row = (y * widthPixels + left) * 4;
    image.data.set(rgba.subarray(row, row + canvas.width * 4), (y - top) * canvas.width * 4);
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

function drawPerson(pen: Pen, box: PixelBox, colour: string, name: string): void {
  const { context, scale, letters } = pen;
  context.strokeStyle = colour;
  context.lineWidth = 2;
  context.strokeRect(box.left * scale, box.top * scale, box.width * scale, box.height * scale);
  const above = box.top * scale - letters - 5;
  drawLabel(pen, name, box.left * scale - 1, above >= 0 ? above : box.top * scale, colour, '#10201a');
}

/** Dashed, so that it can be told from the detector's without colours. */
function drawTruth({ context, scale }: Pen, box: PixelBox): void {
  context.save();
  context.setLineDash([4, 3]);
  context.strokeStyle = TRUTH_COLOUR;
  context.lineWidth = 1.5;
  context.strokeRect(box.left * scale, box.top * scale, box.width * scale, box.height * scale);
  context.restore();
}

function drawLine(pen: Pen, from: PixelPoint, to: PixelPoint, text: string): void {
  const { context, scale } = pen;
  const [x1, y1, x2, y2] = [from.x * scale, from.y * scale, to.x * scale, to.y * scale];
  context.strokeStyle = LINE_COLOUR;
  context.lineWidth = 3;
  context.beginPath();
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
  context.stroke();
  drawInwards(pen, { x: x1, y: y1 }, { x: x2, y: y2 });
  drawLabel(pen, text, (x1 + x2) / 2 + 6, (y1 + y2) / 2 + 6, '#000000b0', LINE_COLOUR);
}

/** A short arrow to the side that is in: the right of the line's direction. */
function drawInwards({ context, letters }: Pen, from: PixelPoint, to: PixelPoint): void {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.sqrt(dx * dx + dy * dy);
  const [nx, ny] = [(-dy / length) * letters * 1.6, (dx / length) * letters * 1.6];
  const [x, y] = [(from.x + to.x) / 2, (from.y + to.y) / 2];
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x + nx, y + ny);
  context.lineTo(x + 0.6 * nx + 0.3 * ny, y + 0.6 * ny - 0.3 * nx);
  context.moveTo(x + nx, y + ny);
  context.lineTo(x + 0.6 * nx - 0.3 * ny, y + 0.6 * ny + 0.3 * nx);
  context.stroke();
}

function drawZone(pen: Pen, area: readonly PixelPoint[], text: string): void {
  const { context, scale } = pen;
  const [first, ...others] = area;
  if (first === undefined) return;
  context.beginPath();
  context.moveTo(first.x * scale, first.y * scale);
  for (const { x, y } of others) context.lineTo(x * scale, y * scale);
  context.closePath();
  context.fillStyle = `${ZONE_COLOUR}2e`;
  context.fill();
  context.strokeStyle = ZONE_COLOUR;
  context.lineWidth = 2;
  context.stroke();
  drawLabel(pen, text, first.x * scale + 4, first.y * scale + 4, '#000000b0', ZONE_COLOUR);
}

function drawLabel(
  { context, letters }: Pen,
  text: string,
  x: number,
  y: number,
  back: string,
  fore: string,
): void {
  if (text === '') return;
  context.font = `${letters}px sans-serif`;
  const width = context.measureText(text).width + 8;
  const left = Math.max(0, Math.min(x, context.canvas.width - width));
  context.fillStyle = back;
  context.fillRect(left, y, width, letters + 5);
  context.fillStyle = fore;
  context.fillText(text, left + 4, y + letters);
}
