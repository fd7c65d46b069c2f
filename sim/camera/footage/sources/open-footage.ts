/** Finds out what a path holds and opens it. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Footage, FootageError } from './footage.js';
import { openImageDirectory } from './image-directory.js';
import { openMotSequence } from './mot-sequence.js';
import { openVideo } from './video.js';

export interface FootageOptions {
  /**
   * Frames a second of a directory of images, which does not say; default 10. Of a video, which has times of its
   * own, no more frames than this are taken.
   */
  readonly framesPerSecond?: number;
}

/**
 * Opens a video or animation that FFmpeg reads, a directory of images, or a MOT sequence directory (`img1/`,
 * `seqinfo.ini`). Throws `FootageError`.
 */
export async function openFootage(path: string, options: FootageOptions = {}): Promise<Footage> {
  const framesPerSecond = options.framesPerSecond ?? 10;
  const found = await statOrNull(path);
  if (found === null) {
    throw new FootageError(
      'FF_FOOTAGE_MISSING',
      `${path} does not exist; expected a video, a directory of images or a MOT sequence`,
    );
  }
  if (!found.isDirectory()) return openVideo(path, options.framesPerSecond ?? null);
  const isSequence = (await statOrNull(join(path, 'seqinfo.ini'))) ?? (await statOrNull(join(path, 'img1')));
  return isSequence === null
    ? openImageDirectory(path, { framesPerSecond })
    : openMotSequence(path, options.framesPerSecond);
}

async function statOrNull(path: string) {
  try {
    return await stat(path);
  } catch {
    return null;
  }
}
