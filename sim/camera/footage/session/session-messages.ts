/** What goes between a world and the thread that plays its footage. */
import type { Detection, PixelBox } from '../../../../pipeline/boundaries.js';
import type { CameraMarks, DrawnMarks } from '../../../../pipeline/detection/counting/marks.js';
import type { PeopleCounts } from '../../../../pipeline/detection/counting/people-counter.js';
import type { TrackingQuality } from '../quality/clear-mot.js';
import type { CountWindow } from './count-windows.js';
import type { TimelineStep } from './timeline.js';
import type { PlayedTrack } from './track-album.js';
import type { WorstFrame } from './worst-frames.js';

export interface SessionStart {
  readonly path: string;
  /** Frames a second to look at; null: all of a video's, and the default of a directory of images. */
  readonly framesPerSecond: number | null;
  /** A MOT ground truth file; null: that beside the footage, if there is one. */
  readonly truthFile: string | null;
  readonly marks: DrawnMarks;
  /** Size of the detector's input; larger sees smaller people and takes longer. Null: by how often it looks. */
  readonly inputAreaPixels: number | null;
  /** Looks of the detector a second, at most. */
  readonly looksPerSecond: number;
  /** Threads of the detector; null: one a core. */
  readonly workers: number | null;
  /** Where `tracks.txt` and the annotated video go; null: nowhere. */
  readonly tracksFile: string | null;
  readonly annotatedFile: string | null;
  /** Whether pictures are kept for the report. */
  readonly pictures: boolean;
  readonly cache: { readonly folder: string; readonly mostBytes: number } | null;
}

/** What is known of the footage before it plays. */
export interface FootageFacts {
  readonly name: string;
  readonly kind: 'video' | 'images' | 'mot';
  readonly widthPixels: number;
  readonly heightPixels: number;
  readonly framesPerSecond: number | null;
  readonly statedFrames: number | null;
  /** The ground truth's file; null when there is none. */
  readonly truthFile: string | null;
  /** In pixels of the footage. */
  readonly marks: CameraMarks;
}

export type SessionRequest =
  | { readonly kind: 'load'; readonly modelZip: Uint8Array }
  | { readonly kind: 'advance'; readonly timeMs: number }
  | { readonly kind: 'picture' }
  | { readonly kind: 'finish' };

export interface TruePerson {
  readonly id: number;
  readonly box: PixelBox;
}

/** The frame that is shown at some time, and which ones were played on the way to it. */
export interface PlayedStretch {
  readonly frame: { readonly number: number; readonly timeMs: number } | null;
  /** People of the frame, as the tracker knows them. */
  readonly people: readonly Detection[];
  /** The truth about that frame; null when there is none. */
  readonly truePeople: readonly TruePerson[] | null;
  /** Who truly was in each of the frames played. */
  readonly played: readonly { readonly timeMs: number; readonly trueIds: readonly number[] }[];
  /** No frame is left to come. */
  readonly ended: boolean;
}

/** One of a few frames over the footage's length, with everything drawn on it. */
export interface Moment {
  readonly atMs: number;
  readonly people: number;
  readonly jpeg: Uint8Array;
}

export interface PlayedFootage {
  readonly frames: number;
  /** Frames that the detector looked at; in the others nothing moved. */
  readonly looked: number;
  /** Of those, how many needed no looking, since the cache knew what is seen. */
  readonly fromCache: number;
  /** From the first frame to the last. */
  readonly lengthMs: number;
  readonly counts: PeopleCounts;
  /** The truth's own; null when there is none. */
  readonly trueCounts: { readonly people: number; readonly counts: PeopleCounts } | null;
  readonly quality: TrackingQuality | null;
  readonly timeline: readonly TimelineStep[];
  readonly windows: readonly CountWindow[];
  readonly tracks: readonly PlayedTrack[];
  /** Tracks in all, also those that are not in `tracks`. */
  readonly trackCount: number;
  readonly worstFrames: readonly WorstFrame[];
  readonly moments: readonly Moment[];
  /** Of `tracks.txt`. */
  readonly tracksSha256: string;
  readonly warnings: readonly string[];
}

export type SessionAnswer =
  | { readonly kind: 'loaded'; readonly backend: string }
  | { readonly kind: 'advanced'; readonly stretch: PlayedStretch }
  | { readonly kind: 'picture'; readonly jpeg: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'finished'; readonly footage: PlayedFootage };
