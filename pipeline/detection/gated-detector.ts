/** The detector of one camera behind its motion gate: looks only when there may be something new to see. */
import type { Detection } from '../boundaries.js';
import type { PersonDetector } from './detector.js';
import type { Frame } from './frame.js';
import { MotionGate, type MotionGateOptions } from './motion-gate.js';

export interface GatedDetectorOptions extends MotionGateOptions {
  /**
   * While somebody was last seen and nothing moves, the detector still looks at every frame of this number, so
   * that a standing person neither vanishes nor stays for ever. Default 5.
   */
  readonly lookEveryFrames?: number;
}

export interface GatedResult {
  readonly detections: readonly Detection[];
  /** False when the last result was repeated because nothing moved. */
  readonly looked: boolean;
}

export class GatedDetector {
  private readonly gate: MotionGate;
  private readonly lookEveryFrames: number;
  private last: readonly Detection[] = [];
  private framesSinceLook = 0;

  constructor(
    private readonly detector: PersonDetector,
    options: GatedDetectorOptions = {},
  ) {
    this.gate = new MotionGate(options);
    this.lookEveryFrames = options.lookEveryFrames ?? 5;
  }

  /** Frames must come in order, each after the last one's result. */
  async look(frame: Frame): Promise<GatedResult> {
    const moved = this.gate.movement(frame).length > 0;
    this.framesSinceLook++;
    const due = this.last.length > 0 && this.framesSinceLook >= this.lookEveryFrames;
    if (!moved && !due) return { detections: this.last, looked: false };
    this.framesSinceLook = 0;
    this.last = await this.detector.detect(frame);
    return { detections: this.last, looked: true };
  }
}
