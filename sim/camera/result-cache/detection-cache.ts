/** A person detector that remembers, across runs, what it saw in a picture. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Detection } from '../../../pipeline/boundaries.js';
import type { PersonDetector } from '../../../pipeline/detection/detector.js';
import type { Frame } from '../../../pipeline/detection/frame.js';
import { type CachePlace, ResultCache } from './result-cache.js';

/** Everything besides the picture that decides what is seen. */
export type DetectorSettings = Readonly<Record<string, string | number>>;

export interface DetectionCache extends PersonDetector {
  /** Pictures that needed no looking. */
  readonly hits: number;
  /** Why nothing can be kept; null when all is well. */
  readonly problem: string | null;
  /** Writes what is new. */
  close(): void;
}

export function openDetectionCache(
  place: CachePlace,
  detector: PersonDetector,
  settings: DetectorSettings,
): DetectionCache {
  const what = JSON.stringify({ ...settings, code: detectionCode() });
  const cache = new ResultCache(place, `detections-${sha256(what).slice(0, 16)}`);
  let hits = 0;
  return {
    get hits() {
      return hits;
    },
    get problem() {
      return cache.problem;
    },
    async detect(frame) {
      const key = keyOf(frame);
      const known = cache.get(key);
      if (isDetections(known)) {
        hits++;
        return known;
      }
      const detections = await detector.detect(frame);
      cache.put(key, detections);
      return detections;
    },
    close: () => cache.close(),
  };
}

function keyOf({ widthPixels, heightPixels, rgba }: Frame): string {
  return createHash('sha256')
    .update(`${widthPixels}x${heightPixels} `)
    .update(rgba)
    .digest('hex')
    .slice(0, 40);
}

function isDetections(value: unknown): value is readonly Detection[] {
  return Array.isArray(value);
}

/** Names the code that detects, so that no other version's results are taken for its own. */
function detectionCode(): string {
  const folder = fileURLToPath(new URL('../../../pipeline/detection/', import.meta.url));
  const hash = createHash('sha256');
  const files = readdirSync(folder).filter((name) => /(?<!\.test|\.d)\.(?:js|ts)$/.test(name));
  for (const name of files.sort()) hash.update(`${name} `).update(readFileSync(`${folder}/${name}`));
  const { version } = createRequire(import.meta.url)('@tensorflow/tfjs-backend-wasm/package.json') as {
    version: string;
  };
  return `${hash.digest('hex').slice(0, 16)} tfjs ${version}`;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
