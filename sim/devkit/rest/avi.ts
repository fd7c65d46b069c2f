/**
 * Motion JPEG in an AVI file ("AVI RIFF File Reference"): what every player shows, of pictures as they are. One stream
 * of video with an index.
 */
const HAS_INDEX = 0x10;
const KEY_FRAME = 0x10;
const MICROSECONDS_PER_MS = 1000;
const CHUNK = '00dc';

export interface AviSettings {
  readonly width: number;
  readonly height: number;
  readonly frameIntervalMs: number;
}

/** `frames`: JPEGs of one size. */
export function aviOf(frames: readonly Uint8Array[], settings: AviSettings): Buffer {
  const chunks = frames.map((frame) => chunk(CHUNK, frame));
  const movie = list('movi', ...chunks);
  const header = list(
    'hdrl',
    chunk('avih', mainHeader(frames, settings)),
    list('strl', chunk('strh', streamHeader(frames, settings)), chunk('strf', bitmapHeader(settings))),
  );
  const body = Buffer.concat([Buffer.from('AVI '), header, movie, chunk('idx1', indexOf(chunks))]);
  return chunk('RIFF', body);
}

/** Width and height in a JPEG's frame header; null for what is none. */
export function jpegSize(jpeg: Uint8Array): { readonly width: number; readonly height: number } | null {
  const bytes = Buffer.from(jpeg);
  let at = 2;
  while (at + 9 < bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] ?? 0;
    // Baseline, extended and progressive.
    if (marker >= 0xc0 && marker <= 0xc2) {
      return { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
    }
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  return null;
}

function mainHeader(frames: readonly Uint8Array[], { frameIntervalMs, height, width }: AviSettings): Buffer {
  const microseconds = frameIntervalMs * MICROSECONDS_PER_MS;
  const largest = largestOf(frames);
  return words(microseconds, 0, 0, HAS_INDEX, frames.length, 0, 1, largest, width, height, 0, 0, 0, 0);
}

function streamHeader(
  frames: readonly Uint8Array[],
  { frameIntervalMs, height, width }: AviSettings,
): Buffer {
  const rectangle = Buffer.alloc(8);
  rectangle.writeInt16LE(width, 4);
  rectangle.writeInt16LE(height, 6);
  return Buffer.concat([
    Buffer.from('vidsMJPG'),
    // Flags, priority and language, initial frames; scale over rate is the time of a frame.
    words(0, 0, 0, frameIntervalMs, MICROSECONDS_PER_MS, 0, frames.length, largestOf(frames), 0, 0),
    rectangle,
  ]);
}

function bitmapHeader({ height, width }: AviSettings): Buffer {
  const planesAndDepth = Buffer.from([1, 0, 24, 0]);
  return Buffer.concat([
    words(40, width, height),
    planesAndDepth,
    Buffer.from('MJPG'),
    words(width * height * 3, 0, 0, 0, 0),
  ]);
}

/** Places count from the word `movi`. */
function indexOf(chunks: readonly Buffer[]): Buffer {
  let place = 4;
  return Buffer.concat(
    chunks.map((each) => {
      const entry = Buffer.concat([Buffer.from(CHUNK), words(KEY_FRAME, place, each.readUInt32LE(4))]);
      place += each.length;
      return entry;
    }),
  );
}

function largestOf(frames: readonly Uint8Array[]): number {
  return frames.reduce((largest, { length }) => Math.max(largest, length), 0);
}

function list(kind: string, ...parts: readonly Buffer[]): Buffer {
  return chunk('LIST', Buffer.concat([Buffer.from(kind), ...parts]));
}

/** Padded to an even length, which its size does not count. */
function chunk(name: string, body: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(name), words(body.length), body, Buffer.alloc(body.length % 2)]);
}

function words(...values: readonly number[]): Buffer {
  const buffer = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) buffer.writeUInt32LE(value, 4 * index);
  return buffer;
}
