import type { FrameErrors } from '../quality/clear-mot.js';

export interface WorstFrame extends FrameErrors {
  readonly frame: number;
  readonly atMs: number;
  /** Null when pictures are not wanted. */
  readonly jpeg: Uint8Array | null;
}

const MOST_FRAMES = 6;
/** Frames that follow each other show the same error. */
const LEAST_SPACE_MS = 1_000;

/** The frames with most errors, no two of the same moment. */
export class WorstFrames {
  private kept: WorstFrame[] = [];

  /** `picture` is called only for a frame that is kept, for now. */
  offer(frame: number, atMs: number, errors: FrameErrors, picture: () => Uint8Array | null): void {
    const count = errorsOf(errors);
    if (count === 0) return;
    const rivals = this.rivalsOf(atMs);
    if (rivals.some((rival) => errorsOf(rival) >= count)) return;
    const removed = new Set(rivals);
    this.kept = [
      ...this.kept.filter((other) => !removed.has(other)),
      { frame, atMs, ...errors, jpeg: picture() },
    ];
  }

  /** Most errors first. */
  toFrames(): readonly WorstFrame[] {
    return this.kept.toSorted((one, other) => errorsOf(other) - errorsOf(one) || one.frame - other.frame);
  }

  /** Which frames must go for one of this time: those of the same moment, or the least bad when there are enough. */
  private rivalsOf(atMs: number): readonly WorstFrame[] {
    const ofThisMoment = this.kept.filter((other) => Math.abs(other.atMs - atMs) < LEAST_SPACE_MS);
    if (ofThisMoment.length > 0 || this.kept.length < MOST_FRAMES) return ofThisMoment;
    const least = this.toFrames().at(-1);
    return least === undefined ? [] : [least];
  }
}

function errorsOf({ misses, falsePositives, idSwitches }: FrameErrors): number {
  return misses + falsePositives + idSwitches;
}
