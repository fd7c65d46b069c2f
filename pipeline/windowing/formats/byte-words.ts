/** Finding bytes four at a time: tests on a word of four bytes, by the well-known trick for a zero byte in one. */

const LOW_BITS = 0x01010101;
const HIGH_BITS = 0x80808080 | 0;
const QUOTES = 0x22222222;
const BACKSLASHES = 0x5c5c5c5c;
const ABOVE_CONTROL = 0xe0e0e0e0 | 0;

function hasZeroByte(word: number): boolean {
  return ((word - LOW_BITS) & ~word & HIGH_BITS) !== 0;
}

/** True when a JSON string may end or needs care in these four bytes: a quote or a backslash. */
export function hasQuoteOrEscape(word: number): boolean {
  return hasZeroByte(word ^ QUOTES) || hasZeroByte(word ^ BACKSLASHES);
}

/** True when one of the four bytes is a control character or beyond ASCII. */
export function hasUnusual(word: number): boolean {
  return (word & HIGH_BITS) !== 0 || hasZeroByte(word & ABOVE_CONTROL);
}
