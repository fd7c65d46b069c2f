/** Plays footage to the person detector and the tracker from end to end, and holds the tracks against the truth. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { buildCentreNetZip } from '../../../pipeline/detection/centre-net-zip.js';
import { type TrackingQuality, trackingQuality } from './clear-mot.js';
import { openDetectorPool } from './detector-pool.js';
import { type Footage, FootageError } from './footage.js';
import { inputSizeFor } from './input-size.js';
import { formatMotLine, type MotTruth, parseMotTruth, type TrackBox } from './mot-format.js';
import { type CountingLine, PeopleCounter, type PeopleCounts } from './people-counter.js';
import { watchFootage } from './watch-footage.js';

export interface ReplaySettings {
  /** A MOT ground truth file; that beside the footage by default. */
  readonly truthFile?: string;
  /** The detector's model; the person detector that footfall brings by default. */
  readonly modelZip?: Uint8Array;
  /** Size of the detector's input in pixels; larger sees smaller people and takes longer. */
  readonly inputAreaPixels?: number;
  readonly line?: CountingLine;
  readonly workers?: number;
  /** Ends the replay after the frame under way; what there is by then counts. */
  readonly signal?: AbortSignal;
  readonly onFrame?: (frame: { readonly number: number; readonly people: number }) => void;
}

export interface Replay {
  /** False when it was interrupted. */
  readonly complete: boolean;
  readonly frames: number;
  /** Frames that the detector looked at; in the others nothing moved. */
  readonly looked: number;
  /** From the first frame to the last. */
  readonly footageSeconds: number;
  readonly backend: string;
  readonly counts: PeopleCounts;
  /** Against the truth; null when there is none. */
  readonly tracking: (TrackingQuality & { readonly countError: number }) | null;
  /** `tracks.txt`, in MOT format. */
  readonly tracksText: string;
  /** SHA-256 of the tracks. */
  readonly digest: string;
  readonly warnings: readonly string[];
}

/** The area of 512 x 384: the best size for people of 60 pixels and more that keeps pace with live video. */
const DEFAULT_INPUT_AREA = 512 * 384;
/** The tracker makes use of detections that would be too unsure on their own. */
const LOWEST_SCORE = 0.1;

/** Throws `FootageError` for footage or truth that cannot be read. */
export async function replayFootage(footage: Footage, settings: ReplaySettings = {}): Promise<Replay> {
  const truth = await readTruth(settings.truthFile ?? footage.truthFile);
  const modelZip = settings.modelZip ?? (await buildCentreNetZip());
  const size = inputSizeFor(
    footage.widthPixels,
    footage.heightPixels,
    settings.inputAreaPixels ?? DEFAULT_INPUT_AREA,
  );
  const pool = await openDetectorPool(modelZip, { ...size, minimumScore: LOWEST_SCORE }, settings.workers);
  const counter = new PeopleCounter(settings.line ?? null);
  const boxes: TrackBox[] = [];
  const lines: string[] = [];
  let [frames, looked, lastMs] = [0, 0, 0];
  try {
    for await (const { number, timeMs, people, looked: hasLooked } of watchFootage(footage, pool)) {
      frames++;
      if (hasLooked) looked++;
      lastMs = timeMs;
      counter.add(timeMs, people);
      for (const { track, detection } of people) {
        const entry: TrackBox = { frame: number, id: track, box: detection.box };
        boxes.push(entry);
        lines.push(`${formatMotLine(entry, detection.score)}\n`);
      }
      settings.onFrame?.({ number, people: people.length });
      if (settings.signal?.aborted) break;
    }
  } finally {
    await pool.close();
  }
  if (frames === 0) {
    throw new FootageError('FF_FOOTAGE_EMPTY', `${footage.name}: no frame could be read`);
  }
  const tracksText = lines.join('');
  return {
    complete: settings.signal?.aborted !== true,
    frames,
    looked,
    footageSeconds: lastMs / 1000,
    backend: pool.backend,
    counts: counter.counts,
    tracking: truth && {
      ...trackingQuality(truth, boxes),
      countError: counter.counts.people - peopleIn(truth),
    },
    tracksText,
    digest: createHash('sha256').update(tracksText).digest('hex'),
    warnings: footage.warnings,
  };
}

async function readTruth(file: string | null): Promise<MotTruth | null> {
  if (file === null) return null;
  try {
    return parseMotTruth(await readFile(file, 'utf8'), file);
  } catch (cause) {
    if (cause instanceof FootageError) throw cause;
    throw new FootageError('FF_FOOTAGE_MISSING', `${file} cannot be read; expected MOT ground truth`, {
      cause,
    });
  }
}

function peopleIn(truth: MotTruth): number {
  return new Set(truth.people.map(({ id }) => id)).size;
}
