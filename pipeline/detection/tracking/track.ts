/** One person who is followed: what the tracker remembers of them between frames. */
import type { Detection, PixelBox } from '../../boundaries.js';
import { between, bottomOf, intersectionArea } from '../boxes.js';
import { type Appearance, blendAppearance } from './appearance.js';
import type { Followed, Sighting } from './association.js';
import { BoxMotion } from './box-motion.js';
import { completeBox } from './hidden-parts.js';

/** A hidden person loses half their supposed speed in this time. */
const HALF_SPEED_SECONDS = 2;
/** How quickly a remembered appearance follows what is seen. */
const APPEARANCE_SHARE = 0.1;
/** How far a reported box is from the detection's towards the motion model's, which is steadier and lags. */
const STEADYING = 0.4;
/** An unsure detection still counts for as much as one of this score. */
const LEAST_CERTAINTY = 0.3;

/** Sightings after which somebody is taken to be there still, for the times below. */
const TRUSTED_SIGHTINGS = 4;
/** While nothing explains why they are not seen. */
const UNEXPLAINED_SECONDS = 0.2;
/** While somebody nearer covers this share of them. */
const HIDDEN_SECONDS = 0.5;
const HIDDEN_SHARE = 0.4;

export class Track implements Followed {
  readonly id: number;
  readonly firstSeenMs: number;
  confirmed: boolean;
  sightings = 1;
  unseenSeconds = 0;
  appearance: Appearance | undefined;
  lastDetection: Detection;
  private motion: BoxMotion;
  /** The last detection's box, with what was hidden. */
  private lastBox: PixelBox;

  constructor(id: number, firstSeenMs: number, { detection, appearance }: Sighting, confirmed: boolean) {
    this.id = id;
    this.firstSeenMs = firstSeenMs;
    this.confirmed = confirmed;
    this.appearance = appearance;
    this.lastDetection = detection;
    this.lastBox = detection.box;
    this.motion = BoxMotion.at(detection.box);
  }

  /** Where they should be now. */
  get box(): PixelBox {
    return this.motion.box;
  }

  /** Pixels per second. */
  get velocity(): { readonly x: number; readonly y: number } {
    return this.motion.velocity;
  }

  /** The box to report: steadied by the motion model when they are seen, the model's when not. */
  get steadyBox(): PixelBox {
    return this.unseenSeconds === 0 ? between(this.lastBox, this.box, STEADYING) : this.box;
  }

  predict(seconds: number): void {
    this.motion = this.motion.predict(seconds);
    this.unseenSeconds += seconds;
  }

  /** Where they will be `seconds` later. */
  boxIn(seconds: number): PixelBox {
    return this.motion.predict(seconds).box;
  }

  /** `learn`: whether the detection shows its clothes well enough to remember them. */
  see({ detection, appearance, nearer }: Sighting, learn: boolean): void {
    this.lastBox = completeBox(detection.box, this.box, nearer);
    this.motion = this.motion.correct(this.lastBox, Math.max(LEAST_CERTAINTY, detection.score));
    this.lastDetection = detection;
    this.sightings++;
    this.unseenSeconds = 0;
    if (!learn || appearance === undefined) return;
    this.appearance =
      this.appearance === undefined
        ? appearance
        : blendAppearance(this.appearance, appearance, APPEARANCE_SHARE);
  }

  /** Not seen for `seconds`: may have stopped. */
  miss(seconds: number): void {
    this.motion = this.motion.slowed(HALF_SPEED_SECONDS / (HALF_SPEED_SECONDS + seconds));
  }

  /** Whether somebody who is not seen is in the picture all the same: for a moment, or behind one of `others`. */
  isStillThere(others: readonly Track[]): boolean {
    if (!this.confirmed || this.sightings < TRUSTED_SIGHTINGS) return false;
    if (this.unseenSeconds <= UNEXPLAINED_SECONDS) return true;
    return this.unseenSeconds <= HIDDEN_SECONDS && others.some((other) => this.isBehind(other.box));
  }

  private isBehind(nearer: PixelBox): boolean {
    const { box } = this;
    if (bottomOf(nearer) <= bottomOf(box)) return false;
    return intersectionArea(nearer, box) > HIDDEN_SHARE * box.width * box.height;
  }
}
