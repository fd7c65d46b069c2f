/** Tracks as text, in the format of the MOT Challenge: one box a line, `frame,id,left,top,width,height,…`. */
import type { PixelBox } from '../../../../pipeline/boundaries.js';
import { FootageError } from '../sources/footage.js';

/** Somebody's box in one frame. */
export interface TrackBox {
  /** From 1. */
  readonly frame: number;
  readonly id: number;
  readonly box: PixelBox;
}

/** The truth about a sequence. */
export interface MotTruth {
  /** The people to be tracked. */
  readonly people: readonly TrackBox[];
  /** What looks like people (in vehicles, static, reflections): neither expected nor held against a tracker. */
  readonly distractors: readonly TrackBox[];
}

/** Classes of MOT16 and later (Milan et al., 2016, table 3). */
const PEDESTRIAN = 1;
const DISTRACTORS = new Set([2, 7, 8, 12]);

/**
 * Reads `gt.txt`. A line with the seventh field 0 is not to be tracked; the eighth is a class where there is one
 * (-1 in older sequences). Throws `FF_FOOTAGE_TRUTH_INVALID` with the line.
 */
export function parseMotTruth(text: string, fileName: string): MotTruth {
  const people: TrackBox[] = [];
  const distractors: TrackBox[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const fields = line.split(/[,\s]+/).map(Number);
    const [frame, id, left, top, width, height, considered = 1, kind = -1] = fields;
    if (
      fields.slice(0, 6).some((value) => !Number.isFinite(value)) ||
      frame === undefined ||
      id === undefined ||
      left === undefined ||
      top === undefined ||
      width === undefined ||
      height === undefined
    ) {
      throw new FootageError(
        'FF_FOOTAGE_TRUTH_INVALID',
        `${fileName}:${index + 1}: "${line}" is no line of MOT ground truth; expected frame,id,left,top,width,height,considered,class,visibility`,
      );
    }
    const entry: TrackBox = { frame, id, box: { left, top, width, height } };
    if (DISTRACTORS.has(kind)) distractors.push(entry);
    else if (considered !== 0 && (kind === PEDESTRIAN || kind === -1)) people.push(entry);
  }
  return { people, distractors };
}

/** One line of `tracks.txt`; `score` in [0, 1]. */
export function formatMotLine({ frame, id, box }: TrackBox, score: number): string {
  const numbers = [box.left, box.top, box.width, box.height].map((value) => value.toFixed(2));
  return `${frame},${id},${numbers.join(',')},${score.toFixed(3)},-1,-1,-1`;
}

/** Boxes by the frame they are in. */
export function indexByFrame(boxes: readonly TrackBox[]): ReadonlyMap<number, readonly TrackBox[]> {
  const index = new Map<number, TrackBox[]>();
  for (const box of boxes) {
    const list = index.get(box.frame);
    if (list) list.push(box);
    else index.set(box.frame, [box]);
  }
  return index;
}
