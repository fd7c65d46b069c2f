import type { PictureMetadata } from '../boundaries.js';

export interface Picture {
  /** The blob's name in the container. */
  readonly name: string;
  readonly jpeg: Uint8Array;
  readonly metadata: PictureMetadata;
}

/** Where the camera's pictures go. */
export interface PictureStore {
  /**
   * Rejects with `PictureRefusedError` when the store will never take this picture; any other failure may pass.
   * A picture that is there already, because an earlier answer was lost, counts as stored.
   */
  put(picture: Picture): Promise<void>;
}

export class PictureRefusedError extends Error {
  readonly code = 'FF_PICTURE_REFUSED';
}

/** `20260307T090000.123Z`: ISO 8601 in its basic format, UTC. */
function basicTime(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/[-:]/g, '');
}

const SEQUENCE_DIGITS = 6;

/**
 * `<storeId>/<cameraId>/<capturedAt>-<sequence>.jpg`: neither two cameras nor two pictures of one instant share a
 * name, and names sort by time.
 */
export function pictureName(
  storeId: string,
  cameraId: string,
  capturedAtMs: number,
  sequence: number,
): string {
  const number = String(sequence).padStart(SEQUENCE_DIGITS, '0');
  return `${storeId}/${cameraId}/${basicTime(capturedAtMs)}-${number}.jpg`;
}
