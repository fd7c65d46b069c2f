/** Plays footage to the detector and the tracker: frames in, people out, in the order of the frames. */
import type { Detection } from '../../../../pipeline/boundaries.js';
import type { PersonDetector } from '../../../../pipeline/detection/detector.js';
import { MotionGate } from '../../../../pipeline/detection/motion-gate.js';
import { describeAppearance } from '../../../../pipeline/detection/tracking/appearance.js';
import {
  type TrackedPerson,
  Tracker,
  type TrackerOptions,
} from '../../../../pipeline/detection/tracking/tracker.js';
import type { Footage, FootageFrame } from '../sources/footage.js';

export interface WatchOptions {
  readonly tracker?: TrackerOptions;
  /** Frames that may wait for the detector while later ones are decoded. Default 6. */
  readonly framesAhead?: number;
  /** While nothing moves, the detector looks at every frame of this number only. Default 4. */
  readonly lookEveryFrames?: number;
  /** Looks of the detector a second, at most; people are followed in between. Default 17. */
  readonly looksPerSecond?: number;
}

export interface WatchedFrame {
  readonly number: number;
  readonly timeMs: number;
  /** The detector looked at this frame. */
  readonly looked: boolean;
  readonly frame: FootageFrame;
  readonly people: readonly TrackedPerson[];
}

/** What is known of a frame: the detector looked, or nothing has moved since, or the last look was just before. */
interface Sight {
  readonly kind: 'looked' | 'still' | 'between';
  readonly detections: readonly Detection[];
}

/**
 * Watches all of the footage. Several frames may be with the detector at once; neither their number nor the
 * detector's speed changes what is seen.
 */
export async function* watchFootage(
  footage: Footage,
  detector: PersonDetector,
  options: WatchOptions = {},
): AsyncGenerator<WatchedFrame> {
  const tracker = new Tracker(options.tracker);
  const sights = new Sights(detector, options.lookEveryFrames ?? 4, 1_000 / (options.looksPerSecond ?? 17));
  const framesAhead = options.framesAhead ?? 6;
  const waiting: { readonly frame: FootageFrame; readonly sight: Promise<Sight> }[] = [];

  const settleFirst = async (): Promise<WatchedFrame | undefined> => {
    const first = waiting.shift();
    if (first === undefined) return undefined;
    const { frame } = first;
    const { number, timeMs } = frame;
    const { kind, detections } = await first.sight;
    const people =
      kind === 'between'
        ? tracker.predict(timeMs)
        : tracker.update(timeMs, detections, ({ box }) => describeAppearance(frame, box));
    return { number, timeMs, looked: kind === 'looked', frame, people };
  };

  for await (const frame of footage.frames()) {
    waiting.push({ frame, sight: sights.of(frame) });
    const settled = waiting.length > framesAhead ? await settleFirst() : undefined;
    if (settled) yield settled;
  }
  for (let settled = await settleFirst(); settled; settled = await settleFirst()) yield settled;
}

/** What the detector sees in each frame, spared where nothing moves and where it has just looked. */
class Sights {
  private readonly gate = new MotionGate();
  private readonly detector: PersonDetector;
  private readonly lookEveryFrames: number;
  private readonly leastSpaceMs: number;
  private last: Promise<Sight> = Promise.resolve({ kind: 'still', detections: [] });
  private lastMs = Number.NEGATIVE_INFINITY;
  private stillFrames = 0;

  constructor(detector: PersonDetector, lookEveryFrames: number, leastSpaceMs: number) {
    this.detector = detector;
    this.lookEveryFrames = lookEveryFrames;
    this.leastSpaceMs = leastSpaceMs;
  }

  of(frame: FootageFrame): Promise<Sight> {
    const moved = this.gate.movement(frame).length > 0;
    if (frame.timeMs - this.lastMs < this.leastSpaceMs) return this.between();
    this.lastMs = frame.timeMs;
    this.stillFrames = moved ? 0 : this.stillFrames + 1;
    const due = moved || this.stillFrames % this.lookEveryFrames === 0;
    const before = this.last;
    const sight = moved ? this.look(frame) : before.then((last) => this.lookIfNeeded(frame, last, due));
    // Whoever awaits this frame gets the error; until then it must not count as unhandled.
    sight.catch(() => undefined);
    this.last = sight;
    return sight;
  }

  private async between(): Promise<Sight> {
    return { kind: 'between', detections: [] };
  }

  private async lookIfNeeded(frame: FootageFrame, last: Sight, due: boolean): Promise<Sight> {
    return due && last.detections.length > 0 ? this.look(frame) : { ...last, kind: 'still' };
  }

  private async look(frame: FootageFrame): Promise<Sight> {
    return { kind: 'looked', detections: await this.detector.detect(frame) };
  }
}
