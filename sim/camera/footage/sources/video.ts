/**
 * Videos and animations through FFmpeg's libraries, which `node-av` carries prebuilt: nothing to install on the
 * system, no other process, and the same decoder on every machine of a kind.
 */
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { type Footage, FootageError, type FootageFrame } from './footage.js';
import { quarterTurns, rotate } from './rotation.js';
import { VideoDecoder } from './video-decoder.js';

/** Throws `FF_FOOTAGE_UNREADABLE`, `FF_FOOTAGE_NO_DECODER`. */
export async function openVideo(path: string, mostFramesPerSecond: number | null = null): Promise<Footage> {
  if ((await stat(path)).size === 0) {
    throw new FootageError('FF_FOOTAGE_EMPTY', `${path} is an empty file, expected a video`);
  }
  const probe = await VideoDecoder.open(path);
  const { widthPixels, heightPixels, framesPerSecond, statedFrames, displayMatrix } = probe;
  await probe.close();
  const turns = quarterTurns(displayMatrix);
  const sideways = turns % 2 === 1;
  const warnings: string[] = [];
  return {
    name: basename(path),
    kind: 'video',
    widthPixels: sideways ? heightPixels : widthPixels,
    heightPixels: sideways ? widthPixels : heightPixels,
    framesPerSecond,
    statedFrames,
    truthFile: null,
    frames: () => play(path, turns, mostFramesPerSecond, warnings),
    warnings,
  };
}

async function* play(
  path: string,
  turns: number,
  mostFramesPerSecond: number | null,
  warnings: string[],
): AsyncGenerator<FootageFrame> {
  const decoder = await VideoDecoder.open(path);
  let number = 0;
  let startMs: number | undefined;
  let lastMs = 0;
  let lastTick = -1;
  try {
    for await (const picture of decoder.pictures()) {
      number++;
      // Some files lack times on some frames; these follow the frame before at the stated rate.
      const shownMs = picture.timeMs ?? lastMs + 1000 / (decoder.framesPerSecond ?? 25);
      startMs ??= shownMs;
      lastMs = Math.max(lastMs, shownMs);
      const timeMs = Math.round(lastMs - startMs);
      // Frames keep their numbers; of those between two ticks of the wanted rate only the first is shown.
      const tick =
        mostFramesPerSecond === null ? number : Math.floor((timeMs * mostFramesPerSecond) / 1_000 + EARLY);
      if (tick === lastTick) continue;
      lastTick = tick;
      yield { ...rotate(picture, turns), number, timeMs };
    }
    warnings.push(...problems(path, decoder, number, lastMs - (startMs ?? 0)));
  } finally {
    await decoder.close();
  }
}

/** Times are whole milliseconds: a frame may come a little before its tick. */
const EARLY = 0.05;

/** A container's length may be off by some frames; that much is missing from none that is whole. */
const MISSING_MS = 1_000;

function problems(path: string, decoder: VideoDecoder, frames: number, lengthMs: number): readonly string[] {
  const { statedFrames, statedMs, damage } = decoder;
  const found: string[] = [];
  if (frames === 0) found.push(`${path}: no frame could be read`);
  if (damage > 0) found.push(`${path}: ${damage} packets are damaged and were left out`);
  if (statedFrames !== null && frames < statedFrames) {
    found.push(`${path} ends early: ${frames} of ${statedFrames} frames could be read`);
  } else if (statedFrames === null && statedMs !== null && statedMs - lengthMs > MISSING_MS) {
    const [read, stated] = [lengthMs, statedMs].map((ms) => (ms / 1_000).toFixed(1));
    found.push(`${path} ends early: ${read} of ${stated} s could be read`);
  }
  return found;
}
