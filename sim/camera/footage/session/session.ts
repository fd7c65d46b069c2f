/** One playing of footage: decodes, detects, tracks and counts on demand, and keeps what the report shows. */
import { createHash } from 'node:crypto';
import type { Detection } from '../../../../pipeline/boundaries.js';
import { marksOn } from '../../../../pipeline/detection/counting/marks.js';
import { type CountedPerson, PeopleCounter } from '../../../../pipeline/detection/counting/people-counter.js';
import { LOWEST_TRACKED_SCORE, type TrackedPerson } from '../../../../pipeline/detection/tracking/tracker.js';
import { encodeJpeg } from '../../jpeg.js';
import { type DetectionCache, openDetectionCache } from '../../result-cache/detection-cache.js';
import type { TrackBox } from '../quality/mot-format.js';
import { type Footage, FootageError } from '../sources/footage.js';
import { openFootage } from '../sources/open-footage.js';
import { type Annotations, annotated } from './annotate.js';
import { AnnotatedVideo } from './annotated-video.js';
import { CountWindows } from './count-windows.js';
import { type DetectorPool, openDetectorPool } from './detector-pool.js';
import { GroundTruth } from './ground-truth.js';
import { inputSizeFor } from './input-size.js';
import type { FootageFacts, Moment, PlayedFootage, PlayedStretch, SessionStart } from './session-messages.js';
import { Spaced } from './spaced.js';
import { Timeline } from './timeline.js';
import { TrackAlbum } from './track-album.js';
import { TracksFile } from './tracks-file.js';
import { type WatchedFrame, watchFootage } from './watch-footage.js';
import { WorstFrames } from './worst-frames.js';

const MOST_MOMENTS = 8;
const FIRST_MOMENT_SPACE_MS = 2_000;
/** Width of frames in the report. */
const REPORT_WIDTH_PIXELS = 640;
const REPORT_QUALITY = 72;

export class FootageSession {
  readonly facts: FootageFacts;
  private readonly start: SessionStart;
  private readonly footage: Footage;
  private readonly truth: GroundTruth | null;
  private readonly counter: PeopleCounter;
  private readonly timeline: Timeline;
  private readonly windows: CountWindows;
  private readonly album: TrackAlbum;
  private readonly moments = new Spaced<Moment>(MOST_MOMENTS, FIRST_MOMENT_SPACE_MS);
  private readonly worst = new WorstFrames();
  private readonly tracksFile: TracksFile;
  private readonly video: AnnotatedVideo | null;
  private pool: DetectorPool | null = null;
  /** SHA-256 of the model that the pool runs. */
  private model = '';
  private cache: DetectionCache | null = null;
  private watch: AsyncGenerator<WatchedFrame> | null = null;
  private shown: WatchedFrame | null = null;
  /** Played ahead: the first frame that is shown later than anybody has asked for. */
  private next: WatchedFrame | null = null;
  private ended = false;
  private frames = 0;
  private looked = 0;

  private constructor(start: SessionStart, footage: Footage, truth: GroundTruth | null) {
    const { widthPixels, heightPixels, name, kind, framesPerSecond, statedFrames } = footage;
    const truthFile = start.truthFile ?? footage.truthFile;
    const marks = marksOn(start.marks, footage);
    this.start = start;
    this.footage = footage;
    this.truth = truth;
    this.facts = { name, kind, widthPixels, heightPixels, framesPerSecond, statedFrames, truthFile, marks };
    this.counter = new PeopleCounter({ widthPixels, heightPixels }, marks);
    this.timeline = new Timeline(truth !== null);
    this.windows = new CountWindows(truth !== null);
    this.album = new TrackAlbum(start.pictures);
    this.tracksFile = new TracksFile(start.tracksFile);
    this.video =
      start.annotatedFile === null ? null : new AnnotatedVideo(start.annotatedFile, framesPerSecond);
  }

  /** Throws `FootageError`. */
  static async open(start: SessionStart): Promise<FootageSession> {
    const { path, framesPerSecond } = start;
    const footage = await openFootage(path, framesPerSecond === null ? {} : { framesPerSecond });
    if (start.annotatedFile !== null) await AnnotatedVideo.prepare(start.annotatedFile);
    const truthFile = start.truthFile ?? footage.truthFile;
    const truth =
      truthFile === null ? null : await GroundTruth.read(truthFile, marksOn(start.marks, footage), footage);
    return new FootageSession(start, footage, truth);
  }

  /** Takes a model into use, before the first frame. Rejects with `ModelError` when it does not run. */
  async load(modelZip: Uint8Array): Promise<string> {
    const model = createHash('sha256').update(modelZip).digest('hex');
    if (this.pool !== null && this.model === model) return this.pool.backend;
    if (this.watch !== null)
      throw new FootageError('FF_FOOTAGE_UNREADABLE', 'a model cannot change while footage plays');
    const { workers, cache } = this.start;
    const size = inputSizeFor(this.footage, this.start);
    const options = { ...size, minimumScore: LOWEST_TRACKED_SCORE };
    await this.pool?.close();
    const pool = await openDetectorPool(modelZip, options, workers ?? undefined);
    this.pool = pool;
    this.model = model;
    this.cache =
      cache === null ? null : openDetectionCache(cache, pool, { model, backend: pool.backend, ...options });
    return pool.backend;
  }

  /** Plays on until the frame that is shown at `timeMs`. */
  async advance(timeMs: number): Promise<PlayedStretch> {
    const played: { timeMs: number; trueIds: number[] }[] = [];
    for (;;) {
      this.next ??= await this.read();
      if (this.next === null || this.next.timeMs > timeMs) break;
      this.shown = this.next;
      this.next = null;
      await this.take(this.shown);
      played.push({ timeMs: this.shown.timeMs, trueIds: this.trueBoxes(this.shown).map(({ id }) => id) });
    }
    const { shown } = this;
    return {
      frame: shown === null ? null : { number: shown.number, timeMs: shown.timeMs },
      people: shown === null ? [] : seenIn(shown).map(({ detection }) => detection),
      truePeople: shown === null || this.truth === null ? null : this.trueBoxes(shown),
      played,
      ended: this.ended,
    };
  }

  /** The frame that is shown, as the camera would send it. */
  picture(): Uint8Array<ArrayBuffer> {
    if (this.shown === null) throw new FootageError('FF_FOOTAGE_EMPTY', 'no frame has been shown yet');
    return new Uint8Array(encodeJpeg(this.shown.frame));
  }

  /** Ends the playing and tells what came of it; also in the middle of the footage. */
  async finish(): Promise<PlayedFootage> {
    await this.watch?.return(undefined);
    const { truth, shown } = this;
    const tracksSha256 = await this.tracksFile.end();
    await this.video?.end();
    this.cache?.close();
    return {
      frames: this.frames,
      looked: this.looked,
      fromCache: this.cache?.hits ?? 0,
      lengthMs: shown?.timeMs ?? 0,
      counts: this.counter.counts,
      trueCounts: truth && { people: truth.people, counts: truth.counts },
      quality: truth?.quality() ?? null,
      timeline: this.timeline.toSteps(),
      windows: this.windows.toWindows(),
      tracks: this.album.toTracks(),
      trackCount: this.album.count,
      worstFrames: this.worst.toFrames(),
      moments: this.moments.items,
      tracksSha256,
      warnings: [...this.footage.warnings, ...(truth?.warnings(shown?.number ?? 0) ?? [])],
    };
  }

  async close(): Promise<void> {
    await this.pool?.close();
  }

  private async read(): Promise<WatchedFrame | null> {
    if (this.ended) return null;
    const detector = this.cache ?? this.pool;
    if (detector === null) throw new FootageError('FF_FOOTAGE_UNREADABLE', 'there is no model to look with');
    this.watch ??= watchFootage(this.footage, detector, { looksPerSecond: this.start.looksPerSecond });
    const { value, done } = await this.watch.next();
    if (done !== true) return value;
    this.ended = true;
    return null;
  }

  /** Counts a frame and keeps of it what the report shows. */
  private async take(watched: WatchedFrame): Promise<void> {
    const { number, timeMs, people, frame, looked } = watched;
    this.frames++;
    if (looked) this.looked++;
    const seen = seenIn(watched);
    this.counter.add(timeMs, seen satisfies readonly CountedPerson[]);
    const boxes = people.map(boxOf(number));
    await this.tracksFile.add(boxes);
    const errors = this.truth?.add(number, timeMs, boxes) ?? null;
    this.timeline.add(timeMs, {
      inView: people.length,
      trueInView: this.trueBoxes(watched).length,
      counted: this.counter.counts.people,
      trueCounted: this.truth?.people ?? 0,
    });
    this.windows.add(timeMs, this.counter.counts.people, this.truth?.people ?? 0);
    this.album.add(frame, timeMs, seen, (track) => this.counter.visitorOf(track));
    const jpeg = () => this.annotated(watched, REPORT_WIDTH_PIXELS).toBuffer('image/jpeg', REPORT_QUALITY);
    if (errors !== null)
      this.worst.offer(number, timeMs, errors, () => (this.start.pictures ? jpeg() : null));
    if (this.start.pictures)
      this.moments.offer(timeMs, () => ({ atMs: timeMs, people: people.length, jpeg: jpeg() }));
    await this.video?.add(this.annotated(watched), timeMs);
  }

  private annotated(watched: WatchedFrame, widthPixels?: number) {
    const { frame, people, number, timeMs } = watched;
    const { counts } = this.counter;
    const what: Annotations = {
      people: people.map(({ track, box }) => ({
        track,
        visitor: this.counter.visitorOf(track),
        box,
      })),
      trueBoxes: this.trueBoxes(watched).map(({ box }) => box),
      marks: this.facts.marks,
      counts,
      caption: `frame ${number}, ${(timeMs / 1_000).toFixed(2)} s, ${people.length} in view, ${counts.people} counted`,
    };
    return annotated(frame, what, widthPixels);
  }

  private trueBoxes({ number }: WatchedFrame): readonly TrackBox[] {
    return this.truth?.peopleIn(number) ?? [];
  }
}

/** Who can be seen; the others are thought to be in the picture, behind somebody. */
function seenIn({ people }: WatchedFrame): readonly TrackedPerson[] {
  return people.filter(({ isSeen }) => isSeen);
}

function boxOf(frame: number) {
  return ({ track, detection, box }: TrackedPerson): TrackBox & Pick<Detection, 'score'> => ({
    frame,
    id: track,
    box,
    score: detection.score,
  });
}
