/**
 * Named streams of random numbers. Each stream is a pure function of the seed and its own name, so adding a
 * shopper, a camera or a link never changes what another draws.
 *
 * Generator: sfc32 (Chris Doty-Humphrey, PractRand), 128 bits of state. Seeding: cyrb128-style mixing of
 * `seed` and `name` with MurmurHash3's finaliser constants (Austin Appleby).
 */
import type { RandomSource, RandomStream } from './services.js';

export function randomSource(seed: string | number): RandomSource {
  return (name) => new Sfc32Stream(`${seed}\u0000${name}`);
}

type State = readonly [number, number, number, number];

function mixToState(text: string): State {
  let a = 0x6c078965;
  let b = 0x9908b0df;
  let c = 0x9d2c5680;
  let d = 0xefc60000;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = b ^ Math.imul(a ^ unit, 0x85ebca6b);
    b = c ^ Math.imul(b ^ unit, 0xc2b2ae35);
    c = d ^ Math.imul(c ^ unit, 0x27d4eb2f);
    d = a ^ Math.imul(d ^ unit, 0x165667b1);
  }
  return [finalise(a ^ c), finalise(b ^ d), finalise(c + a), finalise(d + b + text.length)];
}

function finalise(value: number): number {
  let hash = value | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) | 0;
}

/** Rounds thrown away after seeding, so that alike names part ways. */
const WARM_UP_ROUNDS = 12;
const HEX = Array.from({ length: 256 }, (_, value) => value.toString(16).padStart(2, '0'));

class Sfc32Stream implements RandomStream {
  private a: number;
  private b: number;
  private c: number;
  private counter: number;
  private spareNormal: number | null = null;

  constructor(name: string) {
    [this.a, this.b, this.c, this.counter] = mixToState(name);
    for (let round = 0; round < WARM_UP_ROUNDS; round++) this.word();
  }

  private word(): number {
    const result = (((this.a + this.b) | 0) + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + result) | 0;
    return result >>> 0;
  }

  next(): number {
    // 53 random bits, as Math.random gives.
    return ((this.word() >>> 5) * 0x4000000 + (this.word() >>> 6)) / 0x20000000000000;
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  integer(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new RangeError('cannot pick from an empty list');
    return items[this.integer(0, items.length - 1)] as T;
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  /** Marsaglia's polar method. */
  normal(mean: number, standardDeviation: number): number {
    if (this.spareNormal !== null) {
      const spare = this.spareNormal;
      this.spareNormal = null;
      return mean + standardDeviation * spare;
    }
    for (;;) {
      const u = 2 * this.next() - 1;
      const v = 2 * this.next() - 1;
      const square = u * u + v * v;
      if (square > 0 && square < 1) {
        const scale = Math.sqrt((-2 * Math.log(square)) / square);
        this.spareNormal = v * scale;
        return mean + standardDeviation * u * scale;
      }
    }
  }

  exponential(mean: number): number {
    return -mean * Math.log(1 - this.next());
  }

  bytes(count: number): Uint8Array {
    return this.fill(new Uint8Array(count));
  }

  /** Fills `target` with random bytes and returns it. */
  fill(target: Uint8Array): Uint8Array {
    let word = 0;
    for (let i = 0; i < target.length; i++) {
      if (i % 4 === 0) word = this.word();
      target[i] = word & 0xff;
      word >>>= 8;
    }
    return target;
  }

  /** RFC 9562, version 4. */
  uuid(): string {
    const bytes = this.bytes(16);
    bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40;
    bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
    const hex = Array.from(bytes, (byte) => HEX[byte]).join('');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  }
}
