/** A directory of images, one a frame, in the order of the numbers in their names. */
import { readdir, readFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import type { Frame } from '../../../../pipeline/detection/frame.js';
import { type Footage, FootageError, type FootageFrame } from './footage.js';

const IMAGE_EXTENSIONS = new Set(['.jpg', '.jpeg', '.png', '.bmp', '.webp']);

export interface ImageDirectoryOptions {
  readonly framesPerSecond: number;
}

/** Throws `FF_FOOTAGE_EMPTY` when there is no image, `FF_FOOTAGE_UNREADABLE` when the first is none. */
export async function openImageDirectory(folder: string, options: ImageDirectoryOptions): Promise<Footage> {
  const files = (await readdir(folder))
    .filter((file) => IMAGE_EXTENSIONS.has(extname(file).toLowerCase()))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const [first] = files;
  if (first === undefined) {
    throw new FootageError(
      'FF_FOOTAGE_EMPTY',
      `${folder} holds no image (${[...IMAGE_EXTENSIONS].join(' ')}), one of which would be a frame`,
    );
  }
  const { widthPixels, heightPixels } = await decodeImage(join(folder, first)).catch((cause: unknown) => {
    throw new FootageError('FF_FOOTAGE_UNREADABLE', `${join(folder, first)} is no image that can be read`, {
      cause,
    });
  });
  const warnings: string[] = [];
  return {
    name: basename(folder),
    kind: 'images',
    widthPixels,
    heightPixels,
    framesPerSecond: options.framesPerSecond,
    statedFrames: files.length,
    truthFile: null,
    frames: () => decodeAll(folder, files, options.framesPerSecond, warnings),
    warnings,
  };
}

/** An image that cannot be read leaves a gap: the others keep their numbers and times. */
async function* decodeAll(
  folder: string,
  files: readonly string[],
  framesPerSecond: number,
  warnings: string[],
): AsyncGenerator<FootageFrame> {
  for (const [index, file] of files.entries()) {
    let frame: Frame;
    try {
      frame = await decodeImage(join(folder, file));
    } catch {
      warnings.push(`${join(folder, file)} (frame ${index + 1}) cannot be read and was left out`);
      continue;
    }
    yield { ...frame, number: index + 1, timeMs: Math.round((index * 1000) / framesPerSecond) };
  }
}

async function decodeImage(file: string): Promise<Frame> {
  const image = await loadImage(await readFile(file));
  const canvas = createCanvas(image.width, image.height);
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, image.width, image.height);
  return { widthPixels: image.width, heightPixels: image.height, rgba: data };
}
