/** The grain of a camera's sensor: brightness noise and a little colour noise, anew in every frame. */
import { hashRandom } from '../hash-random.js';

const TABLE_SIZE = 65_536;
const MASK = TABLE_SIZE - 1;
/** Standard deviation of the brightness noise, of 255. */
const BRIGHTNESS_NOISE = 3.2;
const COLOUR_NOISE = 1.4;
/** A new place in the tables every so many rows, so that no pattern shows. */
const ROWS_PER_OFFSET = 4;

const brightness = noiseTable(4242, BRIGHTNESS_NOISE);
const tint = noiseTable(2424, COLOUR_NOISE);

/** Nearly Gaussian: the sum of four uniform numbers. */
function noiseTable(seed: number, deviation: number): Int8Array {
  const random = hashRandom(seed);
  return Int8Array.from({ length: TABLE_SIZE }, () => {
    const unitVariance = (random() + random() + random() + random() - 2) * Math.sqrt(3);
    return Math.round(unitVariance * deviation);
  });
}

/** Adds noise to every pixel in place. */
export function addSensorNoise(rgba: Uint8ClampedArray, width: number, height: number, seed: number): void {
  const random = hashRandom(seed);
  let i = 0;
  for (let y = 0; y < height; y++) {
    if (y % ROWS_PER_OFFSET === 0) {
      // Fresh offsets for this band of rows.
      bandOffsets[0] = Math.floor(random() * TABLE_SIZE);
      bandOffsets[1] = Math.floor(random() * TABLE_SIZE);
    }
    const row = (y % ROWS_PER_OFFSET) * width;
    const first = (bandOffsets[0] as number) + row;
    const second = (bandOffsets[1] as number) + row;
    for (let x = 0; x < width; x++, i += 4) {
      const grey = brightness[(first + x) & MASK] as number;
      const warm = tint[(second + x) & MASK] as number;
      rgba[i] = (rgba[i] as number) + grey + warm;
      rgba[i + 1] = (rgba[i + 1] as number) + grey;
      rgba[i + 2] = (rgba[i + 2] as number) + grey - warm;
    }
  }
}

const bandOffsets = new Int32Array(2);
