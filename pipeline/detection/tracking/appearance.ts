/**
 * What somebody wears, as far as it helps to tell them from the person who walks past: colour histograms of the
 * upper and the lower body. It says nothing of who they are and is never kept beyond a track.
 *
 * Colours are told apart by brightness and the opponents red–green and yellow–blue (after Swain and Ballard, "Color
 * Indexing", 1991): clothes and floors are mostly near grey, where steps of red, green and blue hardly differ.
 */
import type { PixelBox } from '../../boundaries.js';
import type { Frame } from '../frame.js';

/** Shares of the colours in each band of the body; each band's add up to 1. */
export type Appearance = Float32Array;

/** Shares of the box from its top: the shirt, and the trousers of a standing person down to the knees. */
const BANDS = [
  [0.18, 0.48],
  [0.52, 0.75],
] as const;
/** What is left out at each side: arms, and between walking legs the floor that everybody has in common. */
const SIDE_SHARE = 0.35;
const LEVELS = 8;
/** The difference of opponents, in [0, 255], at which a colour counts as fully the one or the other. */
const FULL_OPPONENT = 70;
const BINS = LEVELS ** 3;
const MOST_SAMPLES_PER_SIDE = 24;

/** Describes what is in a box of a frame. */
export function describeAppearance(frame: Frame, box: PixelBox): Appearance {
  const appearance = new Float32Array(BINS * BANDS.length);
  for (const [band, [from, to]] of BANDS.entries()) {
    const area: PixelBox = {
      left: box.left + box.width * SIDE_SHARE,
      top: box.top + box.height * from,
      width: box.width * (1 - 2 * SIDE_SHARE),
      height: box.height * (to - from),
    };
    fillBand(frame, area, appearance.subarray(band * BINS, (band + 1) * BINS));
  }
  return appearance;
}

/** Bhattacharyya coefficient, the mean over the bands: 1 for equal colours, 0 when none is shared. */
export function appearanceSimilarity(a: Appearance, b: Appearance): number {
  let sum = 0;
  for (let bin = 0; bin < a.length; bin++) sum += Math.sqrt((a[bin] ?? 0) * (b[bin] ?? 0));
  return sum / BANDS.length;
}

/** Moves a remembered appearance towards a new one, by `share` of the way. */
export function blendAppearance(remembered: Appearance, seen: Appearance, share: number): Appearance {
  return remembered.map((value, bin) => value + share * ((seen[bin] ?? 0) - value));
}

/**
 * Each pixel is shared out between the two nearest levels of every channel, so that a little more light does not
 * move a colour to another bin as a whole.
 */
function fillBand(frame: Frame, area: PixelBox, bins: Float32Array): void {
  const left = Math.max(0, Math.floor(area.left));
  const top = Math.max(0, Math.floor(area.top));
  const right = Math.min(frame.widthPixels, Math.ceil(area.left + area.width));
  const bottom = Math.min(frame.heightPixels, Math.ceil(area.top + area.height));
  const stepX = Math.max(1, Math.floor((right - left) / MOST_SAMPLES_PER_SIDE));
  const stepY = Math.max(1, Math.floor((bottom - top) / MOST_SAMPLES_PER_SIDE));
  let samples = 0;
  for (let y = top; y < bottom; y += stepY) {
    for (let x = left; x < right; x += stepX) {
      addColour(frame.rgba, (y * frame.widthPixels + x) * 4, bins);
      samples++;
    }
  }
  if (samples === 0) return;
  for (let bin = 0; bin < bins.length; bin++) bins[bin] = (bins[bin] ?? 0) / samples;
}

function addColour(rgba: Frame['rgba'], pixel: number, bins: Float32Array): void {
  const red = rgba[pixel] ?? 0;
  const green = rgba[pixel + 1] ?? 0;
  const blue = rgba[pixel + 2] ?? 0;
  // The root spreads dark clothes, which are many, over more levels.
  const brightness = Math.sqrt((red + green + blue) / 765) * (LEVELS - 1);
  const redGreen = opponentLevel(red - green);
  const yellowBlue = opponentLevel((red + green) / 2 - blue);
  for (let corner = 0; corner < 8; corner++) {
    const [w, brightnessShare] = neighbour(brightness, corner & 1);
    const [r, redGreenShare] = neighbour(redGreen, (corner >> 1) & 1);
    const [y, yellowBlueShare] = neighbour(yellowBlue, corner >> 2);
    const bin = (w * LEVELS + r) * LEVELS + y;
    bins[bin] = (bins[bin] ?? 0) + brightnessShare * redGreenShare * yellowBlueShare;
  }
}

/** The level of a difference between two opponent colours; grey is in the middle. */
function opponentLevel(difference: number): number {
  const share = Math.min(1, Math.max(0, 0.5 + difference / (2 * FULL_OPPONENT)));
  return share * (LEVELS - 1);
}

/** The level below (`upper` 0) or above a value, and the value's share in it. */
function neighbour(value: number, upper: number): readonly [number, number] {
  const below = Math.min(Math.floor(value), LEVELS - 2);
  return upper === 0 ? [below, 1 - (value - below)] : [below + 1, value - below];
}
