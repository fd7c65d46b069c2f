/** Recorded pictures in place of a lens: a video, a directory of images or a MOT sequence, frame by frame. */
import type { Frame } from '../../../../pipeline/detection/frame.js';

export interface FootageFrame extends Frame {
  /** From 1. */
  readonly number: number;
  /** When the frame is shown, from the start of the footage. */
  readonly timeMs: number;
}

export interface Footage {
  readonly name: string;
  readonly kind: 'video' | 'images' | 'mot';
  readonly widthPixels: number;
  readonly heightPixels: number;
  /** As the source states it; null when it does not. */
  readonly framesPerSecond: number | null;
  /** How many frames the source says it has; null when it does not. The frames themselves have the last word. */
  readonly statedFrames: number | null;
  /** The MOT ground truth that lies beside the frames, when there is one. */
  readonly truthFile: string | null;
  /** The frames in order, once. One frame is held at a time; the next one overwrites nothing of the last. */
  frames(): AsyncIterable<FootageFrame>;
  /** What was wrong with the source but did not stop it: complete once the frames have ended. */
  readonly warnings: readonly string[];
}

export type FootageErrorCode =
  | 'FF_FOOTAGE_MISSING'
  | 'FF_FOOTAGE_UNREADABLE'
  | 'FF_FOOTAGE_EMPTY'
  | 'FF_FOOTAGE_NO_DECODER'
  | 'FF_FOOTAGE_TRUTH_INVALID';

/** Footage that cannot be played: the message says what and where, and what was expected. */
export class FootageError extends Error {
  readonly code: FootageErrorCode;

  constructor(code: FootageErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'FootageError';
    this.code = code;
  }
}
