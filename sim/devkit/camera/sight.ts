import type { Detection } from '../../../pipeline/boundaries.js';

/** One frame, and what the model saw in it. */
export interface Look {
  readonly capturedAtMs: number;
  readonly widthPixels: number;
  readonly heightPixels: number;
  readonly objects: readonly Detection[];
  /** The frame as a JPEG. */
  picture(): Promise<Uint8Array>;
}

/** The camera's eyes: a rendered or played picture and the real detector, or a model of what it would report. */
export interface Sight {
  /** Takes a model zip into use; rejects when it does not run, and then keeps the one before. */
  load(model: Uint8Array): Promise<{ readonly backend: string }>;
  /** Looks now. */
  look(): Promise<Look>;
}
