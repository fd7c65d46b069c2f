/** A MOT Challenge sequence: `seqinfo.ini`, images in `img1/`, and for training sequences `gt/gt.txt`. */
import { access, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Footage, FootageError } from './footage.js';
import { openImageDirectory } from './image-directory.js';

const DEFAULT_FRAME_RATE = 25;

/** `framesPerSecond` overrides what `seqinfo.ini` says. Throws `FootageError`. */
export async function openMotSequence(folder: string, framesPerSecond?: number): Promise<Footage> {
  const info = await readSequenceInfo(join(folder, 'seqinfo.ini'));
  const frameRate = framesPerSecond ?? numberOf(info, 'frameRate') ?? DEFAULT_FRAME_RATE;
  const images = await openImageDirectory(join(folder, info.get('imDir') ?? 'img1'), {
    framesPerSecond: frameRate,
  });
  const truthFile = join(folder, 'gt', 'gt.txt');
  return {
    ...images,
    kind: 'mot',
    name: info.get('name') ?? basename(folder),
    truthFile: (await exists(truthFile)) ? truthFile : null,
  };
}

/** The keys of an INI file's sections, all together; none when there is no such file. */
async function readSequenceInfo(file: string): Promise<ReadonlyMap<string, string>> {
  const text = (await exists(file)) ? await readFile(file, 'utf8') : '';
  const pairs = text
    .split(/\r?\n/)
    .map((line) => /^\s*([^;#[=][^=]*?)\s*=\s*(.*?)\s*$/.exec(line))
    .flatMap((match): [string, string][] => (match ? [[match[1] ?? '', match[2] ?? '']] : []));
  return new Map(pairs);
}

function numberOf(info: ReadonlyMap<string, string>, key: string): number | undefined {
  const text = info.get(key);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) {
    throw new FootageError(
      'FF_FOOTAGE_UNREADABLE',
      `seqinfo.ini: ${key} is "${text}", expected a number above 0`,
    );
  }
  return value;
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
