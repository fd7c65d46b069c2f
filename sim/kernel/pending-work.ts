/**
 * Counts the work that Node does outside virtual time, so that the kernel knows when nothing more can happen
 * in an instant: immediates, and jobs of the thread pool (webcrypto, asynchronous crypto, zlib and files), which
 * no public interface of Node lists. Counting, unlike waiting a fixed number of turns, is exact.
 */
import crypto, { webcrypto } from 'node:crypto';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers';
import zlib from 'node:zlib';

const realSetImmediate = globalThis.setImmediate;
const realClearImmediate = globalThis.clearImmediate;

export interface PendingWork {
  /** Immediates queued by anyone but the kernel. */
  readonly immediates: number;
  /** Jobs under way in the thread pool, and promises that the world waits for. */
  readonly held: number;
  /** Counts `promise` as work under way until it settles. */
  hold<T>(promise: Promise<T>): Promise<T>;
  /** Calls `resume` once, when the next held job ends. */
  whenReleased(resume: () => void): void;
  /** Puts the real functions back. */
  uninstall(): void;
}

/** The kernel's own turn of the event loop: an immediate that is not counted. */
export function kernelTurn(step: () => void): void {
  realSetImmediate(step);
}

const WEBCRYPTO_JOBS = [
  'digest',
  'sign',
  'verify',
  'encrypt',
  'decrypt',
  'importKey',
  'exportKey',
  'deriveBits',
  'deriveKey',
  'generateKey',
] as const;
const CRYPTO_JOBS = ['pbkdf2', 'scrypt', 'hkdf', 'generateKeyPair', 'generateKey'] as const;
const ZLIB_JOBS = [
  'gzip',
  'gunzip',
  'deflate',
  'inflate',
  'deflateRaw',
  'inflateRaw',
  'brotliCompress',
  'brotliDecompress',
] as const;

const FILE_JOBS = [
  'access',
  'appendFile',
  'copyFile',
  'mkdir',
  'open',
  'readFile',
  'readdir',
  'rename',
  'rm',
  'stat',
  'unlink',
  'writeFile',
] as const;

type Callable = (...args: unknown[]) => unknown;

export function countPendingWork(): PendingWork {
  const undo: (() => void)[] = [];
  let immediates = 0;
  let held = 0;
  let resumes: (() => void)[] = [];

  const begin = () => {
    held++;
  };
  const end = () => {
    held--;
    const waiting = resumes;
    resumes = [];
    for (const resume of waiting) kernelTurn(resume);
  };

  function replace(owner: object, name: string, make: (original: Callable) => Callable): void {
    const original = Reflect.get(owner, name) as Callable | undefined;
    if (typeof original !== 'function') return;
    const replacement = make(original);
    // promisify() and friends read symbols of the original.
    for (const symbol of Object.getOwnPropertySymbols(original)) {
      Object.defineProperty(replacement, symbol, {
        value: Reflect.get(original, symbol),
        configurable: true,
      });
    }
    Reflect.set(owner, name, replacement);
    undo.push(() => Reflect.set(owner, name, original));
  }

  const live = new Set<NodeJS.Immediate>();
  const countedSetImmediate = (fire: Callable, ...args: unknown[]): NodeJS.Immediate => {
    immediates++;
    const handle = realSetImmediate(() => {
      live.delete(handle);
      immediates--;
      fire(...args);
    });
    live.add(handle);
    return handle;
  };
  const countedClearImmediate = (handle: NodeJS.Immediate | undefined): void => {
    if (handle !== undefined && handle !== null && live.delete(handle)) immediates--;
    realClearImmediate(handle);
  };
  for (const owner of [globalThis, timers]) {
    replace(owner, 'setImmediate', () => countedSetImmediate as Callable);
    replace(owner, 'clearImmediate', () => countedClearImmediate as Callable);
  }

  const countPromise = (original: Callable): Callable =>
    function counted(this: unknown, ...args: unknown[]) {
      begin();
      const promise = original.apply(this, args) as Promise<unknown>;
      promise.then(end, end);
      return promise;
    };
  const countCallback = (original: Callable): Callable =>
    function counted(this: unknown, ...args: unknown[]) {
      const callback = args.at(-1);
      if (typeof callback !== 'function') return original.apply(this, args);
      begin();
      return original.call(this, ...args.slice(0, -1), (...results: unknown[]) => {
        end();
        (callback as Callable)(...results);
      });
    };
  const subtle = Object.getPrototypeOf(webcrypto.subtle) as object;
  for (const name of WEBCRYPTO_JOBS) replace(subtle, name, countPromise);
  for (const name of CRYPTO_JOBS) replace(crypto, name, countCallback);
  for (const name of ZLIB_JOBS) replace(zlib, name, countCallback);
  for (const name of FILE_JOBS) {
    replace(fs, name, countCallback);
    replace(fs.promises, name, countPromise);
  }
  syncBuiltinESMExports();

  return {
    get immediates() {
      return immediates;
    },
    get held() {
      return held;
    },
    hold(promise) {
      begin();
      promise.then(end, end);
      return promise;
    },
    whenReleased(resume) {
      resumes.push(resume);
    },
    uninstall() {
      for (const put of undo.reverse()) put();
      syncBuiltinESMExports();
    },
  };
}
