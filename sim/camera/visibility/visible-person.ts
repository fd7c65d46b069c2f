/** The truth about a shopper in a picture: what of them could be seen. Both kinds of sight report it. */
import type { PixelBox } from '../../../pipeline/boundaries.js';

/** The chest's height as a share of the body's: distance and elevation are measured to it. */
export const CHEST_SHARE = 0.7;

export interface VisibleFace {
  /** Around the head, hair included, not cut at the picture's edges. */
  readonly headBox: PixelBox;
  /** From the direction to the camera to the direction the face looks, in [0, 180]: 0 looks at the camera. */
  readonly yawDegrees: number;
  /** Pixels from chin to crown. */
  readonly sizePixels: number;
  /** Share of the face's own pixels that something hides or the picture's edge cuts off; 1 when turned away. */
  readonly hiddenShare: number;
  /** Turned to the camera by at most 90° and not wholly hidden. */
  readonly visible: boolean;
}

export interface VisiblePerson {
  readonly shopper: number;
  /** Around what can be seen. */
  readonly box: PixelBox;
  /** Around the whole person as if nothing hid them; may reach beyond the picture. */
  readonly fullBox: PixelBox;
  /** From the feet to the crown as if nothing hid them. */
  readonly pixelHeight: number;
  /** Pixels that can be seen. */
  readonly visiblePixels: number;
  /** Share of the silhouette that something hides or the picture's edge cuts off, in [0, 1]. */
  readonly hiddenShare: number;
  readonly distanceMetres: number;
  /** Below the horizontal, from the camera to the chest. */
  readonly elevationDegrees: number;
  /** From the direction to the camera to the body's heading, in [0, 180]: 0 faces the camera, 180 turns its back. */
  readonly bodyYawDegrees: number;
  readonly face: VisibleFace;
}
