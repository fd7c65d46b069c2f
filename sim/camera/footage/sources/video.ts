/**
 * Videos and animations through FFmpeg's libraries, which `node-av` carries prebuilt: nothing to install on the
 * system, no other process, and the same decoder on every machine of a kind.
 */
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { type Footage, FootageError, type FootageFrame } from './footage.js';
import { quarterTurns, rotate } from './rotation.js';
import { VideoDecoder } from './video-decoder.js';

/**
 * No more frames than the stated rate are taken of a video that has times; one that has none plays at that rate.
 * Throws `FF_FOOTAGE_UNREADABLE`, `FF_FOOTAGE_NO_DECODER`.
 */
export async function openVideo(path: string, statedFramesPerSecond: number | null = null): Promise<Footage> {
  if ((await stat(path)).size === 0) {
    throw new FootageError('FF_FOOTAGE_EMPTY', `${path} is an empty file, expected a video`);
  }
  const probe = await VideoDecoder.open(path);
  const { widthPixels, heightPixels, isTimeless, statedFrames, displayMatrix } = probe;
  const framesPerSecond = isTimeless ? (statedFramesPerSecond ?? USUAL_RATE) : probe.framesPerSecond;
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
    frames: () =>
      isTimeless
        ? play(path, { turns, framesPerSecond, most: null }, warnings)
        : play(path, { turns, framesPerSecond: null, most: statedFramesPerSecond }, warnings),
    warnings,
  };
}

interface Pace {
  /** Quarter turns clockwise. */
  readonly turns: number;
  /** Frames a second of footage without times of its own; null: it has times. */
  readonly framesPerSecond: number | null;
  /** Most frames a second that are shown; null: all. */
  readonly most: number | null;
}

/** What a video that does not say is played at. */
const USUAL_RATE = 25;

async function* play(
  path: string,
  { turns, framesPerSecond, most }: Pace,
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
      const shownMs =
        framesPerSecond === null
          ? (picture.timeMs ?? lastMs + 1000 / (decoder.framesPerSecond ?? USUAL_RATE))
          : ((number - 1) * 1000) / framesPerSecond;
      startMs ??= shownMs;
      lastMs = Math.max(lastMs, shownMs);
      const timeMs = Math.round(lastMs - startMs);
      // Frames keep their numbers; of those between two ticks of the wanted rate only the first is shown.
      const tick = most === null ? number : Math.floor((timeMs * most) / 1_000 + EARLY);
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
  const { statedFrames, statedMs, damage, patched, isTimeless } = decoder;
  const found: string[] = [];
  if (frames === 0) found.push(`${path}: no frame could be read`);
  if (damage > 0)
    found.push(
      `${path}: ${damage} ${damage === 1 ? 'packet is damaged and was' : 'packets are damaged and were'} left out`,
    );
  if (patched > 0) {
    found.push(
      `${path}: ${patched} ${patched === 1 ? 'frame is' : 'frames are'} damaged in part; what is missing was made up from neighbours`,
    );
  }
  if (statedFrames !== null && frames < statedFrames) {
    found.push(`${path} ends early: ${frames} of ${statedFrames} frames could be read`);
  } else if (!isTimeless && statedFrames === null && statedMs !== null && statedMs - lengthMs > MISSING_MS) {
    const [read, stated] = [lengthMs, statedMs].map((ms) => (ms / 1_000).toFixed(1));
    found.push(`${path} ends early: ${read} of ${stated} s could be read`);
  }
  return found;
}
