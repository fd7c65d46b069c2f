/**
 * Numbers for keys, from 0 on in the order in which the keys came first. A Map knows them as long as they are few. Many
 * keys are mostly short strings, and those move to an open-addressing table: a small slot leads to the beginning of the
 * key, which lies among those of all keys. A lookup goes to these two places; in a Map it goes from the bucket to the
 * entry to the string, each an object of its own, and with a million keys each of these steps waits for memory.
 */

/** The Map is faster up to here for strings that come again as the same object, and slower beyond for all others. */
const FEW = 512;
/** Slots at first; a power of two, as every capacity after it. */
const FIRST_CAPACITY = FEW * 4;
/** A slot: the hash of a key and its number, from 1 on; 0 is an empty slot. */
const WORDS_A_SLOT = 2;
const NUMBER = 1;
/** What a key is told apart by: five words of it and its length. */
const WORDS_A_KEY = 6;
const LENGTH = 5;

/** Characters of a key that lie in its words, a byte each. */
const CHARACTERS_A_WORD = 4;
const CHARACTERS_MAX = 5 * CHARACTERS_A_WORD;
/** Larger characters share a byte with others, so keys that have them are compared whole. */
const CHARACTER_MAX = 0xff;

/** So many times what is needed is given back rather than used again. */
const SPARE_MAX = 16;

const NO_SLOTS = new Int32Array(0);

export class KeyIds {
  /** Of all keys. */
  count = 0;
  /** Empty while keys are few. */
  private slots = NO_SLOTS;
  /** Of the keys that have a slot, by their number. */
  private words = NO_SLOTS;
  /** Keys that have a slot and lie in their words in part, by their number. */
  private long = new Map<number, string>();
  /** Numbers of all keys while they are few, then of those that are no strings. */
  private few = new Map<unknown, number>();
  /** Words of the key that is looked for, as they lie in `words`. */
  private readonly sought = new Int32Array(WORDS_A_KEY);
  private soughtHash = 0;
  /** The key that is looked for is told apart by its words alone. */
  private isWhole = true;
  private inSlots = 0;

  /** The number of a key, a new one for a key that has none. Numbers and strings are other keys. */
  idOf(key: unknown): number {
    if (this.slots.length > 0 && typeof key === 'string') return this.idOfString(key);
    const known = this.few.get(key);
    if (known !== undefined) return known;
    const id = this.count++;
    this.few.set(key, id);
    if (this.few.size > FEW && this.slots.length === 0) this.leaveMap();
    return id;
  }

  /** The number of a key, -1 for one that has none. */
  find(key: unknown): number {
    if (this.slots.length === 0 || typeof key !== 'string') return this.few.get(key) ?? -1;
    this.seek(key);
    return (this.slots[this.placeOf(key) + NUMBER] ?? 0) - 1;
  }

  /** Forgets all keys; a table of about the size that was needed is used again. */
  clear(): void {
    if (this.slots.length > 0) {
      const isSpare = this.slots.length > FIRST_CAPACITY * WORDS_A_SLOT && this.isMostlyEmpty();
      if (isSpare) {
        this.slots = NO_SLOTS;
        this.words = NO_SLOTS;
      } else this.slots.fill(0);
      this.long.clear();
    }
    this.few.clear();
    this.count = 0;
    this.inSlots = 0;
  }

  private isMostlyEmpty(): boolean {
    return this.inSlots * SPARE_MAX * WORDS_A_SLOT < this.slots.length;
  }

  private leaveMap(): void {
    this.slots = new Int32Array(FIRST_CAPACITY * WORDS_A_SLOT);
    this.words = new Int32Array(FIRST_CAPACITY * WORDS_A_KEY);
    for (const [key, id] of this.few) {
      if (typeof key !== 'string') continue;
      this.seek(key);
      this.fill(this.placeOf(key), key, id);
      this.few.delete(key);
    }
  }

  private idOfString(key: string): number {
    this.seek(key);
    const place = this.placeOf(key);
    const number = this.slots[place + NUMBER] ?? 0;
    if (number !== 0) return number - 1;
    const id = this.count++;
    this.fill(place, key, id);
    if (this.inSlots * WORDS_A_SLOT * 2 > this.slots.length) this.grow();
    return id;
  }

  /** Fills `sought` for a key. */
  private seek(key: string): void {
    const { sought } = this;
    const { length } = key;
    let hash = length;
    let all = 0;
    let at = 0;
    let word = 0;
    for (; at + CHARACTERS_A_WORD <= length; word++, at += CHARACTERS_A_WORD) {
      const first = key.charCodeAt(at);
      const second = key.charCodeAt(at + 1);
      const third = key.charCodeAt(at + 2);
      const fourth = key.charCodeAt(at + 3);
      all |= first | second | third | fourth;
      const packed = first | (second << 8) | (third << 16) | (fourth << 24);
      hash = mixed(hash, packed);
      if (word < LENGTH) sought[word] = packed;
    }
    if (at < length) {
      let packed = 0;
      for (let shift = 0; at < length; at++, shift += 8) {
        const code = key.charCodeAt(at);
        all |= code;
        packed |= code << shift;
      }
      hash = mixed(hash, packed);
      if (word < LENGTH) sought[word] = packed;
      word++;
    }
    for (; word < LENGTH; word++) sought[word] = 0;
    sought[LENGTH] = length;
    this.soughtHash = hash;
    this.isWhole = length <= CHARACTERS_MAX && all <= CHARACTER_MAX;
  }

  /** The slot of the key that is looked for, or the empty one where it belongs. */
  private placeOf(key: string): number {
    const { slots, soughtHash } = this;
    const mask = slots.length - 1;
    let place = (soughtHash * WORDS_A_SLOT) & mask;
    for (;;) {
      const number = slots[place + NUMBER] ?? 0;
      if (number === 0 || (slots[place] === soughtHash && this.isSought(number - 1, key))) return place;
      place = (place + WORDS_A_SLOT) & mask;
    }
  }

  private isSought(id: number, key: string): boolean {
    const { words, sought } = this;
    const at = id * WORDS_A_KEY;
    return (
      words[at] === sought[0] &&
      words[at + 1] === sought[1] &&
      words[at + 2] === sought[2] &&
      words[at + 3] === sought[3] &&
      words[at + 4] === sought[4] &&
      words[at + LENGTH] === sought[LENGTH] &&
      (this.isWhole || this.long.get(id) === key)
    );
  }

  private fill(place: number, key: string, id: number): void {
    this.slots[place] = this.soughtHash;
    this.slots[place + NUMBER] = id + 1;
    const at = id * WORDS_A_KEY;
    if (at >= this.words.length) this.words = longerWords(this.words, at + WORDS_A_KEY);
    for (let i = 0; i < WORDS_A_KEY; i++) this.words[at + i] = this.sought[i] ?? 0;
    if (!this.isWhole) this.long.set(id, key);
    this.inSlots++;
  }

  private grow(): void {
    const old = this.slots;
    const slots = new Int32Array(old.length * 2);
    const mask = slots.length - 1;
    for (let from = 0; from < old.length; from += WORDS_A_SLOT) {
      const hash = old[from] ?? 0;
      const number = old[from + NUMBER] ?? 0;
      if (number === 0) continue;
      let place = (hash * WORDS_A_SLOT) & mask;
      while (slots[place + NUMBER] !== 0) place = (place + WORDS_A_SLOT) & mask;
      slots[place] = hash;
      slots[place + NUMBER] = number;
    }
    this.slots = slots;
  }
}

/** An array of at least that length, with the same words. */
function longerWords(words: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const longer = new Int32Array(Math.max(length, words.length * 2));
  longer.set(words);
  return longer;
}

function mixed(hash: number, word: number): number {
  const product = Math.imul(hash ^ word, 0x9e3779b1);
  return product ^ (product >>> 15);
}
