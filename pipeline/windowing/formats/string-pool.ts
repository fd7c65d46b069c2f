/**
 * Strings made of bytes, each short one that keeps coming made once: the same names and keys come in every line. Slots
 * are chosen by hash alone, so the pool never grows beyond them. A string takes a slot over when it comes to it twice
 * running: of a million keys hardly one does, and making each of them anew costs less than to keep it until the next
 * one, which the garbage collector pays for.
 */
import { BYTES_A_WORD } from './byte-words.js';

const SLOTS = 16_384;
/** Longer strings are rarely the same twice. */
const LENGTH_MAX = 32;
const WORDS_A_SLOT = LENGTH_MAX / BYTES_A_WORD;

/** The hash of a string is that of its words in turn, the last one with zeros for what is missing, from 0 on. */
export function hashStep(hash: number, word: number): number {
  return Math.imul(hash ^ word, 0x9e3779b1);
}

export class StringPool {
  /** Of the string that came to the slot last, kept or not. */
  private readonly hashes = new Int32Array(SLOTS);
  private readonly strings: string[] = new Array<string>(SLOTS).fill('');
  private readonly words = new Int32Array(SLOTS * WORDS_A_SLOT);

  /**
   * The string of the ASCII bytes in `[start, start + length)`, of which `bytes` and `view` are the same memory.
   * `lastWord` is what follows its last whole word, `hash` that of all its words.
   */
  take(bytes: Buffer, view: DataView, start: number, length: number, lastWord: number, hash: number): string {
    if (length > LENGTH_MAX) return bytes.toString('latin1', start, start + length);
    const slot = (hash ^ (hash >>> 15) ^ length) & (SLOTS - 1);
    if (this.hashes[slot] !== hash) {
      this.hashes[slot] = hash;
      return bytes.toString('latin1', start, start + length);
    }
    const known = this.strings[slot] ?? '';
    if (known.length === length && this.isSame(slot, view, start, length, lastWord)) return known;
    const fresh = bytes.toString('latin1', start, start + length);
    this.strings[slot] = fresh;
    this.keep(slot, view, start, length, lastWord);
    return fresh;
  }

  private isSame(slot: number, view: DataView, start: number, length: number, lastWord: number): boolean {
    const { words } = this;
    const end = start + length - (BYTES_A_WORD - 1);
    let at = slot * WORDS_A_SLOT;
    for (let i = start; i < end; i += BYTES_A_WORD, at++) {
      if (words[at] !== view.getInt32(i, true)) return false;
    }
    return lastWord === 0 || words[at] === lastWord;
  }

  private keep(slot: number, view: DataView, start: number, length: number, lastWord: number): void {
    const { words } = this;
    const end = start + length - (BYTES_A_WORD - 1);
    let at = slot * WORDS_A_SLOT;
    for (let i = start; i < end; i += BYTES_A_WORD, at++) words[at] = view.getInt32(i, true);
    if (lastWord !== 0) words[at] = lastWord;
  }
}
