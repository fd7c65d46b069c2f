/** Chooses the detector's input for footage. */
import { CENTRE_NET_MULTIPLE } from '../../../../pipeline/detection/centre-net-zip.js';

/**
 * The input, in multiples of 16 pixels, whose shape is that of the pictures and whose area is about `areaPixels`:
 * padding would be computed for nothing. Never larger than the pictures.
 */
export function inputSizeFor(
  widthPixels: number,
  heightPixels: number,
  areaPixels: number,
): { readonly inputWidthPixels: number; readonly inputHeightPixels: number } {
  const scale = Math.min(1, Math.sqrt(areaPixels / (widthPixels * heightPixels)));
  const multiple = (pixels: number) =>
    Math.max(4, Math.round((pixels * scale) / CENTRE_NET_MULTIPLE)) * CENTRE_NET_MULTIPLE;
  return { inputWidthPixels: multiple(widthPixels), inputHeightPixels: multiple(heightPixels) };
}
