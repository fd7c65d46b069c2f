/**
 * Puts a seeded stream behind every source of randomness that third-party code may use: `Math.random`,
 * `crypto.randomUUID/randomBytes/randomFill[Sync]/randomInt` and webcrypto's. Must run before any SDK is
 * imported, because many keep a reference from their first line on.
 */
import crypto, { webcrypto } from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import type { RandomSource } from './services.js';

type Undo = () => void;

function asBytes(view: ArrayBufferView | ArrayBuffer): Uint8Array {
  return ArrayBuffer.isView(view)
    ? new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
    : new Uint8Array(view);
}

/** Returns a function that puts the real sources back. */
export function seedGlobals(rng: RandomSource): Undo {
  const numbers = rng('globals/numbers');
  const octets = rng('globals/bytes');
  const fill = <View extends ArrayBufferView | ArrayBuffer>(view: View): View => {
    const target = asBytes(view);
    target.set(octets.bytes(target.length));
    return view;
  };
  const uuid = () => octets.uuid();
  const randomBytes = (size: number, callback?: (error: null, bytes: Buffer) => void): Buffer | undefined => {
    const bytes = Buffer.from(octets.bytes(size));
    if (callback === undefined) return bytes;
    process.nextTick(callback, null, bytes);
    return undefined;
  };
  const randomFill = (view: ArrayBufferView, ...rest: unknown[]): void => {
    const callback = rest.at(-1) as (error: null, view: ArrayBufferView) => void;
    process.nextTick(callback, null, fill(view));
  };
  const randomInt = (low: number, high?: number | ((error: null, n: number) => void), ...rest: unknown[]) => {
    const [from, to] = typeof high === 'number' ? [low, high] : [0, low];
    const value = from + Math.floor(numbers.next() * (to - from));
    const callback = typeof high === 'function' ? high : rest[0];
    if (typeof callback !== 'function') return value;
    process.nextTick(callback as (...args: unknown[]) => void, null, value);
    return undefined;
  };

  const undo: Undo[] = [];
  const replace = (owner: object, name: string, value: unknown): void => {
    const before = Object.getOwnPropertyDescriptor(owner, name);
    Object.defineProperty(owner, name, { value, configurable: true, writable: true });
    undo.push(() => before && Object.defineProperty(owner, name, before));
  };
  replace(Math, 'random', () => numbers.next());
  replace(crypto, 'randomUUID', uuid);
  replace(crypto, 'randomBytes', randomBytes);
  replace(crypto, 'pseudoRandomBytes', randomBytes);
  replace(crypto, 'randomFillSync', fill);
  replace(crypto, 'randomFill', randomFill);
  replace(crypto, 'randomInt', randomInt);
  const webCryptoPrototype = Object.getPrototypeOf(webcrypto) as object;
  replace(webCryptoPrototype, 'randomUUID', uuid);
  replace(webCryptoPrototype, 'getRandomValues', fill);
  syncBuiltinESMExports();
  return () => {
    for (const put of undo.reverse()) put();
    syncBuiltinESMExports();
  };
}
