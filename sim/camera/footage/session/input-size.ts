/** Chooses the detector's input for footage. */
import { CENTRE_NET_MULTIPLE } from '../../../../pipeline/detection/centre-net-zip.js';

/** What is known of the pictures. */
export interface PictureFacts {
  readonly widthPixels: number;
  readonly heightPixels: number;
  /** Null when nobody says. */
  readonly framesPerSecond: number | null;
}

export interface InputSettings {
  /** Size of the detector's input; null: by how often it looks. */
  readonly inputAreaPixels: number | null;
  /** Looks of the detector a second, at most. */
  readonly looksPerSecond: number;
}

/** For a detector that looks at every frame, which two cores can do some 15 times a second: 512 x 384. */
const AREA_OF_EVERY_FRAME = 197_000;
/** For one that looks at every second frame or fewer, in the same time: 640 x 480 finds more of who is small. */
const AREA_OF_SOME_FRAMES = 307_000;

/**
 * The input, in multiples of 16 pixels, whose shape is that of the pictures: padding would be computed for nothing.
 * Never larger than the pictures.
 */
export function inputSizeFor(
  { widthPixels, heightPixels, framesPerSecond }: PictureFacts,
  { inputAreaPixels, looksPerSecond }: InputSettings,
): { readonly inputWidthPixels: number; readonly inputHeightPixels: number } {
  const isEveryFrameLookedAt = (framesPerSecond ?? 0) <= looksPerSecond;
  const area = inputAreaPixels ?? (isEveryFrameLookedAt ? AREA_OF_EVERY_FRAME : AREA_OF_SOME_FRAMES);
  const scale = Math.min(1, Math.sqrt(area / (widthPixels * heightPixels)));
  const multiple = (pixels: number) =>
    Math.max(4, Math.round((pixels * scale) / CENTRE_NET_MULTIPLE)) * CENTRE_NET_MULTIPLE;
  return { inputWidthPixels: multiple(widthPixels), inputHeightPixels: multiple(heightPixels) };
}
