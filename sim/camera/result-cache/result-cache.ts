/**
 * Results that take long to compute, on disk, by what they follow from. A cache must never be the reason that
 * something fails or differs: what is damaged, cut off or unreadable is as if it were not there.
 *
 * Entries are lines of append-only files, `<checksum> <key> <json>`. Every process writes files of its own, so that
 * two may use one cache. When all files together are too large, those go that were not used for longest.
 */
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

export interface CachePlace {
  /** Shared by all results; made when it is missing. */
  readonly folder: string;
  /** Of all files in it together. */
  readonly mostBytes: number;
}

interface Entry {
  readonly file: CacheFile;
  readonly offset: number;
  readonly length: number;
}

interface CacheFile {
  readonly path: string;
  readonly descriptor: number;
  used: boolean;
}

const EXTENSION = '.results';
/** A file that has grown to this is left, so that old results can go without the new ones. */
const FULL_FILE_BYTES = 4 * 1024 * 1024;
/** Lines are written so many at a time. */
const BATCH_BYTES = 64 * 1024;
const CHECKSUM_LENGTH = 8;
const NEWLINE = 0x0a;

export class ResultCache {
  private readonly place: CachePlace;
  private readonly folder: string;
  private readonly entries = new Map<string, Entry>();
  private readonly files: CacheFile[] = [];
  /** Not written yet, by key. */
  private readonly fresh = new Map<string, string>();
  private batch = '';
  private writing: { readonly path: string; bytes: number } | null = null;
  private failed: string | null = null;

  /** `kind` is a name for results that must not be mixed up with others; a folder's name. */
  constructor(place: CachePlace, kind: string) {
    this.place = place;
    this.folder = join(place.folder, kind);
    this.attempt(() => {
      mkdirSync(this.folder, { recursive: true });
      for (const name of resultFiles(this.folder)) this.index(join(this.folder, name));
    });
  }

  /** Why nothing can be kept; null when all is well. */
  get problem(): string | null {
    return this.failed;
  }

  /** What was put under `key`, a word without spaces; undefined when it is not known. */
  get(key: string): unknown {
    const fresh = this.fresh.get(key);
    if (fresh !== undefined) return JSON.parse(fresh);
    const entry = this.entries.get(key);
    if (entry === undefined) return undefined;
    entry.file.used = true;
    return readEntry(entry, key);
  }

  put(key: string, value: unknown): void {
    if (this.failed !== null) return;
    const json = JSON.stringify(value);
    this.fresh.set(key, json);
    this.batch += `${checksum(`${key} ${json}`)} ${key} ${json}\n`;
    if (this.batch.length >= BATCH_BYTES) this.write();
  }

  /** Writes what is not written, and makes room. */
  close(): void {
    this.write();
    this.attempt(() => {
      const nowSeconds = this.fileSystemSeconds();
      for (const { descriptor, path, used } of this.files) {
        closeSync(descriptor);
        if (used) utimesSync(path, nowSeconds, nowSeconds);
      }
      makeRoom(this.place);
    });
  }

  private write(): void {
    if (this.batch === '') return;
    this.attempt(() => {
      this.writing ??= { path: newFile(this.folder), bytes: 0 };
      appendFileSync(this.writing.path, this.batch);
      this.writing.bytes += this.batch.length;
      this.batch = '';
      if (this.writing.bytes < FULL_FILE_BYTES) return;
      this.index(this.writing.path);
      this.writing = null;
      this.fresh.clear();
    });
  }

  private index(path: string): void {
    const bytes = readFileSync(path);
    const file: CacheFile = { path, descriptor: openSync(path, 'r'), used: false };
    this.files.push(file);
    let offset = 0;
    for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, offset)) {
      const space = bytes.indexOf(' ', offset + CHECKSUM_LENGTH + 1);
      if (space > offset && space < end) {
        const key = bytes.toString('latin1', offset + CHECKSUM_LENGTH + 1, space);
        this.entries.set(key, { file, offset, length: end - offset });
      }
      offset = end + 1;
    }
  }

  /** The time by the clock that the files' own times come from. */
  private fileSystemSeconds(): number {
    const marker = join(this.place.folder, 'used');
    writeFileSync(marker, '');
    return statSync(marker).mtimeMs / 1_000;
  }

  private attempt(work: () => void): void {
    if (this.failed !== null) return;
    try {
      work();
    } catch (error) {
      this.failed = `the cache in ${this.place.folder} cannot be used: ${error instanceof Error ? error.message : String(error)}`;
    }
  }
}

function readEntry({ file, offset, length }: Entry, key: string): unknown {
  try {
    const bytes = Buffer.alloc(length);
    readSync(file.descriptor, bytes, 0, length, offset);
    const line = bytes.toString('utf8');
    const content = line.slice(CHECKSUM_LENGTH + 1);
    if (line.slice(0, CHECKSUM_LENGTH) !== checksum(content)) return undefined;
    return JSON.parse(content.slice(key.length + 1));
  } catch {
    return undefined;
  }
}

function checksum(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, CHECKSUM_LENGTH);
}

function resultFiles(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(EXTENSION))
    .sort();
}

/** A file that nobody else writes to: the first number that is free. */
function newFile(folder: string): string {
  const [last = '0'] = resultFiles(folder).slice(-1);
  for (let number = Number.parseInt(last, 10) + 1; ; number++) {
    const path = join(folder, `${String(number).padStart(6, '0')}${EXTENSION}`);
    try {
      closeSync(openSync(path, 'wx'));
      return path;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** Removes the files that were not used for longest, of all kinds, until the rest is small enough. */
function makeRoom({ folder, mostBytes }: CachePlace): void {
  const files = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => resultFiles(join(folder, name)).map((file) => join(folder, name, file)))
    .map((path) => ({ path, ...sizeAndTime(path) }))
    .sort((one, other) => other.timeMs - one.timeMs || (one.path < other.path ? 1 : -1));
  let bytes = 0;
  for (const { path, size } of files) {
    bytes += size;
    if (bytes > mostBytes) unlinkSync(path);
  }
}

function sizeAndTime(path: string): { readonly size: number; readonly timeMs: number } {
  const { size, mtimeMs } = statSync(path);
  return { size, timeMs: mtimeMs };
}
