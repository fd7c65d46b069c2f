/** What the truth says while footage plays: who is there, who crossed which line, and how good the tracks are. */
import { readFile } from 'node:fs/promises';
import type { CameraMarks } from '../../../../pipeline/detection/counting/marks.js';
import { PeopleCounter, type PeopleCounts } from '../../../../pipeline/detection/counting/people-counter.js';
import { ClearMot, type FrameErrors, type TrackingQuality } from '../quality/clear-mot.js';
import { parseMotTruth, type TrackBox } from '../quality/mot-format.js';
import { FootageError } from '../sources/footage.js';

export class GroundTruth {
  private readonly judge: ClearMot;
  private readonly counter: PeopleCounter;
  private readonly seen = new Map<number, { readonly firstMs: number; sightings: number }>();
  private readonly lastFrame: number;

  private constructor(
    text: string,
    file: string,
    marks: CameraMarks,
    size: { widthPixels: number; heightPixels: number },
  ) {
    const truth = parseMotTruth(text, file);
    this.judge = new ClearMot(truth);
    // The truth knows who is who: nobody need be known again.
    this.counter = new PeopleCounter(size, { ...marks, reentryMs: 0 });
    this.lastFrame = truth.people.reduce((last, { frame }) => Math.max(last, frame), 0);
  }

  /** Throws `FootageError` for a file that cannot be read. */
  static async read(
    file: string,
    marks: CameraMarks,
    size: { readonly widthPixels: number; readonly heightPixels: number },
  ): Promise<GroundTruth> {
    const text = await readFile(file, 'utf8').catch((cause: unknown) => {
      throw new FootageError('FF_FOOTAGE_MISSING', `${file} cannot be read; expected MOT ground truth`, {
        cause,
      });
    });
    return new GroundTruth(text, file, marks, size);
  }

  /** People so far. */
  get people(): number {
    return this.seen.size;
  }

  get counts(): PeopleCounts {
    return this.counter.counts;
  }

  peopleIn(frame: number): readonly TrackBox[] {
    return this.judge.peopleIn(frame);
  }

  /** The next frame and the tracks that were reported for it. */
  add(frame: number, atMs: number, reported: readonly TrackBox[]): FrameErrors {
    const people = this.judge.peopleIn(frame).map(({ id, box }) => {
      const known = this.seen.get(id) ?? { firstMs: atMs, sightings: 0 };
      known.sightings++;
      this.seen.set(id, known);
      return {
        track: id,
        box,
        firstSeenMs: known.firstMs,
        sightings: known.sightings,
        appearance: undefined,
      };
    });
    this.counter.add(atMs, people);
    return this.judge.add(frame, reported);
  }

  quality(): TrackingQuality {
    return this.judge.quality();
  }

  /** What is odd about the truth, when the last frame played was `lastPlayed`. */
  warnings(lastPlayed: number): readonly string[] {
    if (this.lastFrame === 0) return ['the ground truth names nobody'];
    if (this.lastFrame <= lastPlayed) return [];
    return [
      `the ground truth goes on to frame ${this.lastFrame}, the footage played to ${lastPlayed}: the rest was not judged`,
    ];
  }
}
