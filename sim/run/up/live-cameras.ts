/** Real streams in the place of what simulated cameras see (`--camera`). */
import { existsSync } from 'node:fs';
import { LiveCamera } from '../../camera/live/live-camera.js';
import { liveSourceOf } from '../../camera/live/live-source.js';
import { BadInputError, fileProblem } from '../../scenario/input-problem.js';
import type { Scenario } from '../../scenario/load-scenario.js';
import type { Closers } from './closers.js';

/** Addresses of streams, by the camera of the store in whose place they look. */
export type Streams = ReadonlyMap<string, string>;

const EXPECTED =
  'for example cam-bakery=rtsp://192.168.1.20/stream, cam-bakery=/dev/video0 or cam-bakery=film.mp4';

/** Reads `cam-bakery=rtsp://192.168.1.20/stream`. Throws `BadInputError`. */
export function readStreams(texts: readonly string[]): Streams {
  const streams = new Map<string, string>();
  for (const text of texts) {
    const [, id, address] = /^([^=]+)=(.+)$/.exec(text) ?? [];
    if (id === undefined || address === undefined) throw problem(`'${text}' names no stream`, EXPECTED);
    if (streams.has(id)) throw problem(`'${id}' has two streams`, 'one for each camera');
    streams.set(id, address);
  }
  return streams;
}

/** Throws `BadInputError` for cameras that the store does not have, and files that are not there. */
export function checkStreams(streams: Streams, { plan }: Scenario, realCameras: readonly string[]): void {
  const known = plan.cameras.map(({ id }) => id);
  for (const [id, address] of streams) {
    if (!known.includes(id)) throw problem(`the store has no camera '${id}'`, `one of ${known.join(', ')}`);
    if (realCameras.includes(id)) throw problem(`'${id}' is left to hardware by --real`, 'one or the other');
    if (liveSourceOf(address).kind !== 'stream' && !existsSync(address))
      throw problem(`${address}: there is no such file or device`, EXPECTED);
  }
}

/** Begins to read every stream. */
export function openLiveCameras(streams: Streams, closers: Closers): ReadonlyMap<string, LiveCamera> {
  const cameras = new Map(
    [...streams].map(([id, address]) => [id, new LiveCamera(liveSourceOf(address))] as const),
  );
  closers.push(() => Promise.all([...cameras.values()].map((camera) => camera.close())));
  return cameras;
}

function problem(message: string, expected: string): BadInputError {
  return new BadInputError([fileProblem('FF_UP_CAMERA', '--camera', message, expected)]);
}
