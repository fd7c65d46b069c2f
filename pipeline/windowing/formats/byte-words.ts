/**
 * Bytes looked at four at a time, as one word: tests by the well-known trick that finds a zero byte in a word. The
 * first byte is the lowest, as little-endian reads give it.
 */

export const BYTES_A_WORD = 4;

const LOW_BITS = 0x01010101;
const HIGH_BITS = 0x80808080 | 0;
const QUOTES = 0x22222222;
const BACKSLASHES = 0x5c5c5c5c;
const ABOVE_CONTROL = 0xe0e0e0e0 | 0;

/** The high bit of each byte that is zero, and perhaps of some after the first such byte. */
function zeroBytes(word: number): number {
  return (word - LOW_BITS) & ~word & HIGH_BITS;
}

/**
 * Where the plain text of a JSON string stops: zero when all four bytes are plain, else a word whose lowest bit lies
 * in the first byte that is a quote, a backslash, a control character or beyond ASCII.
 */
export function stopsIn(word: number): number {
  return (
    zeroBytes(word ^ QUOTES) |
    zeroBytes(word ^ BACKSLASHES) |
    zeroBytes(word & ABOVE_CONTROL) |
    (word & HIGH_BITS)
  );
}

/** The number of the byte, 0 to 3, that the lowest bit of a word other than zero lies in. */
export function firstByteIn(stops: number): number {
  return (31 - Math.clz32(stops & -stops)) >> 3;
}

/** The first `count` bytes of a word, 0 to 3; the others are zero. */
export function firstBytes(word: number, count: number): number {
  return word & ((1 << (count * 8)) - 1);
}
