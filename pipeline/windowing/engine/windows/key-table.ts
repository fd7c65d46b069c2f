/**
 * Values by key, a Map as long as they are few. Many keys are mostly short strings, and those move to an open-addressing
 * table in which the beginning of a key lies in its slot: a lookup in a Map goes from the bucket to the entry to the
 * string, and with a million keys each of these steps waits for memory.
 */

/** More do not fit the processor's nearer caches. */
const FEW = 32_768;
/** Slots at first; a power of two, as every capacity after it. */
const FIRST_CAPACITY = FEW * 4;
/** A slot: five words of the key, its length, its hash, and the number of its value, from 1 on; 0 is an empty slot. */
const WORDS_A_SLOT = 8;
const LENGTH = 5;
const HASH = 6;
const NUMBER = 7;

/** Characters of a key that lie in its slot, a byte each. */
const CHARACTERS_A_WORD = 4;
const CHARACTERS_MAX = 5 * CHARACTERS_A_WORD;
/** Larger characters share a byte with others, so keys that have them are compared whole. */
const CHARACTER_MAX = 0xff;

export class KeyTable<V> {
  /** Empty while keys are few. */
  private slots = new Int32Array(0);
  /** By number, less one. */
  private readonly keys: string[] = [];
  private readonly values: V[] = [];
  /** Values of all keys while they are few, then of those that are no strings. */
  private readonly few = new Map<unknown, V>();
  /** What lies in the slot of the key that is looked for. */
  private readonly sought = new Int32Array(WORDS_A_SLOT);
  /** The key that is looked for is told apart by its slot alone. */
  private isWhole = true;

  get(key: unknown): V | undefined {
    if (this.slots.length === 0 || typeof key !== 'string') return this.few.get(key);
    this.seek(key);
    const number = this.slots[this.placeOf(key) + NUMBER] ?? 0;
    return number === 0 ? undefined : this.values[number - 1];
  }

  /** Puts in the value of a key that has none. */
  set(key: unknown, value: V): void {
    if (this.slots.length > 0 && typeof key === 'string') this.place(key, value);
    else {
      this.few.set(key, value);
      if (this.few.size > FEW && this.slots.length === 0) this.leaveMap();
    }
  }

  private leaveMap(): void {
    this.slots = new Int32Array(FIRST_CAPACITY * WORDS_A_SLOT);
    for (const [key, value] of this.few) {
      if (typeof key !== 'string') continue;
      this.place(key, value);
      this.few.delete(key);
    }
  }

  private place(key: string, value: V): void {
    if (this.keys.length * WORDS_A_SLOT * 2 >= this.slots.length) this.grow();
    this.seek(key);
    const place = this.placeOf(key);
    for (let i = 0; i < NUMBER; i++) this.slots[place + i] = this.sought[i] ?? 0;
    this.values.push(value);
    this.slots[place + NUMBER] = this.keys.push(key);
  }

  /** Fills `sought` for a key. */
  private seek(key: string): void {
    const { sought } = this;
    const { length } = key;
    let hash = length;
    let all = 0;
    for (let word = 0, at = 0; at < length; word++) {
      let packed = 0;
      const end = Math.min(at + CHARACTERS_A_WORD, length);
      for (let shift = 0; at < end; at++, shift += 8) {
        const code = key.charCodeAt(at);
        all |= code;
        packed |= code << shift;
      }
      hash = Math.imul(hash ^ packed, 0x9e3779b1);
      hash ^= hash >>> 15;
      if (word < LENGTH) sought[word] = packed;
    }
    for (let word = Math.ceil(length / CHARACTERS_A_WORD); word < LENGTH; word++) sought[word] = 0;
    sought[LENGTH] = length;
    sought[HASH] = hash;
    this.isWhole = length <= CHARACTERS_MAX && all <= CHARACTER_MAX;
  }

  /** The slot of the key that is looked for, or the empty one where it belongs. */
  private placeOf(key: string): number {
    const { slots, sought } = this;
    const mask = slots.length / WORDS_A_SLOT - 1;
    let slot = (sought[HASH] ?? 0) & mask;
    for (;;) {
      const place = slot * WORDS_A_SLOT;
      const number = slots[place + NUMBER] ?? 0;
      if (number === 0) return place;
      if (this.isSoughtAt(place) && (this.isWhole || this.keys[number - 1] === key)) return place;
      slot = (slot + 1) & mask;
    }
  }

  private isSoughtAt(place: number): boolean {
    const { slots, sought } = this;
    for (let i = 0; i < NUMBER; i++) if (slots[place + i] !== sought[i]) return false;
    return true;
  }

  private grow(): void {
    const old = this.slots;
    this.slots = new Int32Array(old.length * 2);
    const mask = this.slots.length / WORDS_A_SLOT - 1;
    for (let from = 0; from < old.length; from += WORDS_A_SLOT) {
      if (old[from + NUMBER] === 0) continue;
      let slot = (old[from + HASH] ?? 0) & mask;
      while (this.slots[slot * WORDS_A_SLOT + NUMBER] !== 0) slot = (slot + 1) & mask;
      for (let i = 0; i < WORDS_A_SLOT; i++) this.slots[slot * WORDS_A_SLOT + i] = old[from + i] ?? 0;
    }
  }
}
