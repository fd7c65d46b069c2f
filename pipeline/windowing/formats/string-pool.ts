/**
 * Strings made of bytes, each short one made once: the same names and keys come in every line. Bytes are looked
 * at four at a time.
 */

const SLOTS = 65_536;
/** Longer strings are rarely the same twice. */
const LENGTH_MAX = 32;
const WORDS_A_SLOT = LENGTH_MAX / 4;

export class StringPool {
  private readonly strings: string[] = new Array<string>(SLOTS).fill('');
  private readonly words = new Int32Array(SLOTS * WORDS_A_SLOT);

  /** The string of the ASCII bytes in `[start, end)`, of which `bytes` and `view` are the same memory. */
  take(bytes: Buffer, view: DataView, start: number, end: number): string {
    const length = end - start;
    if (length > LENGTH_MAX) return bytes.toString('latin1', start, end);
    const slot = hashOf(view, start, length) & (SLOTS - 1);
    const known = this.strings[slot] ?? '';
    if (known.length === length && this.isSame(slot, view, start, length)) return known;
    const fresh = bytes.toString('latin1', start, end);
    this.strings[slot] = fresh;
    for (let i = 0, at = slot * WORDS_A_SLOT; i < length; i += 4, at++)
      this.words[at] = word(view, start, length, i);
    return fresh;
  }

  private isSame(slot: number, view: DataView, start: number, length: number): boolean {
    for (let i = 0, at = slot * WORDS_A_SLOT; i < length; i += 4, at++) {
      if (this.words[at] !== word(view, start, length, i)) return false;
    }
    return true;
  }
}

/** Four bytes of a string from byte `i` on; fewer at its end. */
function word(view: DataView, start: number, length: number, i: number): number {
  if (i + 4 <= length) return view.getInt32(start + i, true);
  let rest = 0;
  for (let j = length - 1; j >= i; j--) rest = (rest << 8) | view.getUint8(start + j);
  return rest;
}

function hashOf(view: DataView, start: number, length: number): number {
  let hash = length;
  for (let i = 0; i < length; i += 4) hash = Math.imul(hash ^ word(view, start, length, i), 0x9e3779b1);
  return hash ^ (hash >>> 15);
}
