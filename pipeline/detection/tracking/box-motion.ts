/**
 * Where a tracked box is and how it moves: a Kalman filter with constant velocity for each of centre x, centre y,
 * width and height, as in SORT (Bewley et al., 2016). Their noises are independent, so four filters of two states
 * are the same as one of eight. Noise grows with the box's height: people near the camera move more pixels.
 */
import type { PixelBox } from '../../boundaries.js';

/** Standard deviation of a detected edge, in heights of the box. */
const MEASUREMENT_NOISE = 0.035;
/** How fast people start, stop and turn, in heights per second squared: about 1.9 m/s². */
const ACCELERATION = 1.1;
/** A person's size in the picture changes slower than their place. */
const SIZE_ACCELERATION = 0.3;
/** What may be thought of somebody first seen, in heights per second: walking, in any direction. */
const FIRST_SPEED = 0.8;

interface Axis {
  readonly value: number;
  readonly perSecond: number;
  /** Variances of the value, of both together and of the velocity. */
  readonly variance: number;
  readonly covariance: number;
  readonly speedVariance: number;
}

export class BoxMotion {
  private constructor(
    private readonly centreX: Axis,
    private readonly centreY: Axis,
    private readonly width: Axis,
    private readonly height: Axis,
  ) {}

  /** Somebody first seen. */
  static at(box: PixelBox): BoxMotion {
    const first = (value: number, firstSpeed: number): Axis => ({
      value,
      perSecond: 0,
      variance: (MEASUREMENT_NOISE * box.height) ** 2,
      covariance: 0,
      speedVariance: (firstSpeed * box.height) ** 2,
    });
    return new BoxMotion(
      first(box.left + box.width / 2, FIRST_SPEED),
      first(box.top + box.height / 2, FIRST_SPEED),
      first(box.width, FIRST_SPEED / 4),
      first(box.height, FIRST_SPEED / 4),
    );
  }

  get box(): PixelBox {
    const width = Math.max(1, this.width.value);
    const height = Math.max(1, this.height.value);
    return { left: this.centreX.value - width / 2, top: this.centreY.value - height / 2, width, height };
  }

  /** Pixels per second. */
  get velocity(): { readonly x: number; readonly y: number } {
    return { x: this.centreX.perSecond, y: this.centreY.perSecond };
  }

  /** Where it will be `seconds` later. */
  predict(seconds: number): BoxMotion {
    const height = Math.max(1, this.height.value);
    const place = (ACCELERATION * height) ** 2;
    const size = (SIZE_ACCELERATION * height) ** 2;
    return new BoxMotion(
      advance(this.centreX, seconds, place),
      advance(this.centreY, seconds, place),
      advance(this.width, seconds, size),
      advance(this.height, seconds, size),
    );
  }

  /**
   * Corrected by a detection. `certainty`, in (0, 1], lets an unsure detection count less: its noise is divided
   * by it.
   */
  correct(box: PixelBox, certainty = 1): BoxMotion {
    const noise = ((MEASUREMENT_NOISE * box.height) / certainty) ** 2;
    return new BoxMotion(
      correct(this.centreX, box.left + box.width / 2, noise),
      correct(this.centreY, box.top + box.height / 2, noise),
      correct(this.width, box.width, noise),
      correct(this.height, box.height, noise),
    );
  }

  /** The same place without speed: what is hidden for long may have stopped. */
  slowed(share: number): BoxMotion {
    const slow = (axis: Axis): Axis => ({ ...axis, perSecond: axis.perSecond * share });
    return new BoxMotion(
      slow(this.centreX),
      slow(this.centreY),
      { ...this.width, perSecond: 0 },
      { ...this.height, perSecond: 0 },
    );
  }
}

/** Prediction with white acceleration of variance `acceleration`. */
function advance(axis: Axis, seconds: number, acceleration: number): Axis {
  const { value, perSecond, variance, covariance, speedVariance } = axis;
  return {
    value: value + perSecond * seconds,
    perSecond,
    variance:
      variance + 2 * seconds * covariance + seconds ** 2 * speedVariance + (acceleration * seconds ** 4) / 4,
    covariance: covariance + seconds * speedVariance + (acceleration * seconds ** 3) / 2,
    speedVariance: speedVariance + acceleration * seconds ** 2,
  };
}

function correct(axis: Axis, measured: number, noise: number): Axis {
  const total = axis.variance + noise;
  const gain = axis.variance / total;
  const speedGain = axis.covariance / total;
  const innovation = measured - axis.value;
  return {
    value: axis.value + gain * innovation,
    perSecond: axis.perSecond + speedGain * innovation,
    variance: (1 - gain) * axis.variance,
    covariance: (1 - gain) * axis.covariance,
    speedVariance: axis.speedVariance - speedGain * axis.covariance,
  };
}
