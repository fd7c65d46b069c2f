/** Plays footage to the detector and the tracker: frames in, people out, in the order of the frames. */
import type { Detection } from '../../../../pipeline/boundaries.js';
import { describeAppearance } from '../../../../pipeline/detection/appearance.js';
import type { PersonDetector } from '../../../../pipeline/detection/detector.js';
import { MotionGate } from '../../../../pipeline/detection/motion-gate.js';
import { type TrackedPerson, Tracker, type TrackerOptions } from '../../../../pipeline/detection/tracker.js';
import type { Footage, FootageFrame } from '../sources/footage.js';

export interface WatchOptions {
  readonly tracker?: TrackerOptions;
  /** Frames that may wait for the detector while later ones are decoded. Default 6. */
  readonly framesAhead?: number;
  /** While nothing moves, the detector looks at every frame of this number only. Default 4. */
  readonly lookEveryFrames?: number;
}

export interface WatchedFrame {
  readonly number: number;
  readonly timeMs: number;
  readonly detections: readonly Detection[];
  /** False when nothing moved and the last detections were taken again. */
  readonly looked: boolean;
  readonly frame: FootageFrame;
  readonly people: readonly TrackedPerson[];
}

interface Sight {
  readonly detections: readonly Detection[];
  readonly looked: boolean;
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
  const sights = new Sights(detector, options.lookEveryFrames ?? 4);
  const framesAhead = options.framesAhead ?? 6;
  const waiting: { readonly frame: FootageFrame; readonly sight: Promise<Sight> }[] = [];

  const settleFirst = async (): Promise<WatchedFrame | undefined> => {
    const first = waiting.shift();
    if (first === undefined) return undefined;
    const { frame } = first;
    const { number, timeMs } = frame;
    const sight = await first.sight;
    const people = tracker.update(timeMs, sight.detections, ({ box }) => describeAppearance(frame, box));
    return { number, timeMs, ...sight, frame, people };
  };

  for await (const frame of footage.frames()) {
    waiting.push({ frame, sight: sights.of(frame) });
    const settled = waiting.length > framesAhead ? await settleFirst() : undefined;
    if (settled) yield settled;
  }
  for (let settled = await settleFirst(); settled; settled = await settleFirst()) yield settled;
}

/** What the detector sees in each frame, spared where nothing moves. */
class Sights {
  private readonly gate = new MotionGate();
  private last: Promise<Sight> = Promise.resolve({ detections: [], looked: false });
  private stillFrames = 0;

  constructor(
    private readonly detector: PersonDetector,
    private readonly lookEveryFrames: number,
  ) {}

  of(frame: FootageFrame): Promise<Sight> {
    const moved = this.gate.movement(frame).length > 0;
    this.stillFrames = moved ? 0 : this.stillFrames + 1;
    const due = moved || this.stillFrames % this.lookEveryFrames === 0;
    const before = this.last;
    const sight = moved ? this.look(frame) : before.then((last) => this.lookIfNeeded(frame, last, due));
    // Whoever awaits this frame gets the error; until then it must not count as unhandled.
    sight.catch(() => undefined);
    this.last = sight;
    return sight;
  }

  private async lookIfNeeded(frame: FootageFrame, last: Sight, due: boolean): Promise<Sight> {
    return due && last.detections.length > 0 ? this.look(frame) : { ...last, looked: false };
  }

  private async look(frame: FootageFrame): Promise<Sight> {
    return { detections: await this.detector.detect(frame), looked: true };
  }
}
