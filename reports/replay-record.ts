/**
 * The run record of a replay: that of a run, with what was tracked and counted on the footage. What only a
 * simulated store knows is null in it: nobody knows the truth about footage beyond its ground truth.
 */
import { z } from 'zod';
import { accuracyShape, type RunRecord, runRecordSchema } from './run-record.js';

const count = z.int().min(0);
const share = z.number().min(0).max(1);
const seconds = z.number().min(0);
const pixelPoint = z.strictObject({ x: z.number(), y: z.number() });
/** A JPEG; empty when the replay was to keep no pictures. */
const jpegBase64 = z.string();

const line = z.strictObject({
  id: z.string(),
  from: pixelPoint,
  to: pixelPoint,
  in: count,
  out: count,
  /** Null without ground truth. */
  trueIn: count.nullable(),
  trueOut: count.nullable(),
});

const zone = z.strictObject({
  id: z.string(),
  name: z.string(),
  area: z.array(pixelPoint),
  visitors: count,
  stays: count,
  meanOccupancy: z.number(),
  peakOccupancy: count,
  meanDwellSeconds: seconds,
  longestDwellSeconds: seconds,
  trueStays: count.nullable(),
  trueMeanDwellSeconds: seconds.nullable(),
});

/** By the definitions of CLEAR MOT and IDF1. */
const tracking = z.strictObject({
  precision: share,
  recall: share,
  mota: z.number(),
  motp: share,
  idf1: share,
  idSwitches: count,
  fragmentations: count,
  /** People counted less people in the ground truth. */
  countError: z.int(),
  truePositives: count,
  falsePositives: count,
  misses: count,
});

const replay = z.strictObject({
  /** The words of the command line; not part of the digest. */
  command: z.array(z.string()),
  footage: z.strictObject({
    name: z.string(),
    kind: z.enum(['video', 'images', 'mot']),
    widthPixels: count,
    heightPixels: count,
    /** As the source states it. */
    framesPerSecond: z.number().nullable(),
    frames: count,
    /** In the others nothing moved. */
    framesDetected: count,
    seconds,
  }),
  /** The ground truth's file name. */
  groundTruth: z.string().nullable(),
  /** Visitors, and crossings of all lines; null when there is no line. */
  counts: z.strictObject({ people: count, in: count.nullable(), out: count.nullable() }),
  truePeople: count.nullable(),
  /** Who left and was back within so many seconds is no new visitor. */
  reentry: z.strictObject({ withinSeconds: seconds, returned: count }),
  lines: z.array(line),
  zones: z.array(zone),
  tracking: tracking.nullable(),
  timeline: z.array(
    z.strictObject({
      fromSeconds: seconds,
      toSeconds: seconds,
      /** Mean number of people in view. */
      inView: z.number(),
      trueInView: z.number().nullable(),
      /** Counted since the start. */
      counted: count,
      trueCounted: count.nullable(),
    }),
  ),
  /** New visitors in each quarter of a minute. */
  windows: z.array(
    z.strictObject({
      fromSeconds: seconds,
      toSeconds: seconds,
      counted: count,
      /** Null without ground truth, as is the error: counted less true. */
      trueCounted: count.nullable(),
      error: z.int().nullable(),
    }),
  ),
  trackCount: count,
  /** The tracks that were seen most. */
  tracks: z.array(
    z.strictObject({
      track: count,
      /** Null for a track too short to count. */
      visitor: count.nullable(),
      fromSeconds: seconds,
      toSeconds: seconds,
      sightings: count,
      pictures: z.array(z.strictObject({ atSeconds: seconds, jpegBase64 })),
    }),
  ),
  /** The frames where most errors arose; none without ground truth. */
  worstFrames: z.array(
    z.strictObject({
      frame: count,
      atSeconds: seconds,
      misses: count,
      falsePositives: count,
      idSwitches: count,
      jpegBase64,
    }),
  ),
  /** A few frames over the footage's length, with all that was seen drawn on them. */
  moments: z.array(z.strictObject({ atSeconds: seconds, people: count, jpegBase64 })),
  tracksSha256: z.string(),
  /** What nobody can say of this footage, one sentence each. */
  cannotBeKnown: z.array(z.string()),
});

/** A number of the pipeline beside the truth, which is null where nobody knows it. */
const accuracy = z.strictObject({
  truth: z.number().nullable(),
  measured: z.number(),
  error: z.number().nullable(),
});

export const replayRecordSchema = z
  .strictObject({
    ...runRecordSchema.shape,
    /** What ground truth says; null without it. */
    truth: z
      .strictObject({
        shoppers: count,
        visits: count,
        meanVisitSeconds: seconds,
        footfallByWindow: z.array(z.strictObject({ windowEnd: z.string(), entered: count, inside: count })),
      })
      .nullable(),
    accuracy: z.strictObject(accuracyShape(accuracy)),
    replay,
  })
  .meta({ title: 'footfall replay record' });

export type ReplayRecord = z.output<typeof replayRecordSchema>;
export type ReplayFigures = ReplayRecord['replay'];

/** What the records of runs and of replays have in common. */
export type AnyRecord = RunRecord | ReplayRecord;

export function isReplay(record: AnyRecord): record is ReplayRecord {
  return 'replay' in record;
}
