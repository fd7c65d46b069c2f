/** The options of commands that remember across runs what the detector saw. */
import { accessSync, constants, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import type { CachePlace } from '../camera/result-cache/result-cache.js';
import { warn } from './watch-world.js';

export interface CacheOptions {
  readonly cache: boolean;
  /** Megabytes. */
  readonly cacheSize: number;
}

const BYTES_PER_MEGABYTE = 1_000_000;
const DEFAULT_MEGABYTES = 500;

export const NO_CACHE = new Option('--no-cache', 'look at every frame, even if an earlier run did');
export const CACHE_SIZE = new Option('--cache-size <MB>', 'how much the cache of what was seen may hold')
  .argParser(megabytes)
  .default(DEFAULT_MEGABYTES);

/** The place of the cache that the options ask for. One that cannot be written is said on stderr and left out. */
export function cachePlaceOf({ cache, cacheSize }: CacheOptions): CachePlace | null {
  if (!cache) return null;
  const folder = cacheFolder();
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    warn(`the cache in ${folder} cannot be used, so every frame is looked at: ${reason}`);
    return null;
  }
  return { folder, mostBytes: cacheSize * BYTES_PER_MEGABYTE };
}

/** By the XDG base directory specification; `FOOTFALL_CACHE` goes before it. */
function cacheFolder(): string {
  const { FOOTFALL_CACHE: own = '', XDG_CACHE_HOME: xdg = '' } = process.env;
  if (own !== '') return resolve(own);
  return join(xdg === '' ? join(homedir(), '.cache') : xdg, 'footfall');
}

function megabytes(text: string): number {
  const value = Number(text);
  if (value > 0) return value;
  throw new InvalidArgumentError('expected a number above 0');
}
