/**
 * The run record: the one output of a run. Every report is a pure function of it, and nothing in it but the
 * fields of `wallClock` depends on the machine, the time of day or the fidelity: the digest covers the rest.
 *
 * This schema is the single source of its types and of the JSON Schema that `footfall` publishes.
 */
import { z } from 'zod';

const count = z.int().min(0);
const share = z.number().min(0).max(1);
const isoTime = z.string();
const point = z.strictObject({ x: z.number(), y: z.number() });
const counts = z.record(z.string(), count);

/** Latencies in virtual milliseconds. */
const percentiles = z.strictObject({
  stage: z.string(),
  count,
  p50Ms: z.number(),
  p95Ms: z.number(),
  p99Ms: z.number(),
  maxMs: z.number(),
});

const stage = z.strictObject({
  stage: z.string(),
  in: count,
  out: count,
  dropped: count,
  retried: count,
  queued: count,
  peakQueue: count,
  utilisation: share.nullable(),
});

/** A number of the pipeline beside the truth; `error` is `measured - truth`. */
/** What is measured beside the truth, of whatever shape the truth about each number has. */
export function accuracyShape<Accuracy extends z.ZodType>(accuracy: Accuracy) {
  return {
    footfall: accuracy,
    people: accuracy,
    unique: accuracy,
    returning: accuracy,
    demographics: z.strictObject({
      females: accuracy,
      males: accuracy,
      byAgeBand: z.record(z.string(), accuracy),
    }),
    emotion: accuracy,
  };
}

const accuracy = z.strictObject({ truth: z.number(), measured: z.number(), error: z.number() });

/**
 * Why a window's number differs from the truth: `measured = truth - unseen - undetected - notCaptured - lost -
 * late - suppressed + doubleCounted + misAnalysed + shifted`.
 */
const attributedCauses = z.strictObject({
  /** In the section, but in no camera's view. */
  unseen: count,
  /** In view, but the detector reported no box. */
  undetected: count,
  /** Detected, but no picture was taken while they were. */
  notCaptured: count,
  /** In a picture, but the picture or its events did not get through. */
  lost: count,
  /** Their events came after the late policy's limit, or into another window. */
  late: count,
  /** Withheld because the group was too small. */
  suppressed: count,
  /** Counted more than once. */
  doubleCounted: count,
  /** Taken for somebody else, for nobody, or seen where they were not; negative where a face was not read. */
  misAnalysed: z.int(),
  /** Counted in another window than the one they came in: negative here, positive there. */
  shifted: z.int(),
});

const attributionRow = z.strictObject({
  windowEnd: isoTime,
  section: z.string(),
  quantity: z.enum(['people', 'uniqueVisitors', 'footfall']),
  truth: z.int(),
  measured: z.int(),
  ...attributedCauses.shape,
});

const check = z.strictObject({
  name: z.string(),
  ok: z.boolean(),
  /** What was found, in one sentence. */
  message: z.string(),
  /** The stage that broke it, when it is known. */
  stage: z.string().nullable(),
});

const expectation = z.strictObject({
  ...check.shape,
  expected: z.string(),
  actual: z.string(),
  /** Where the scenario asks for it: file:line:column. */
  at: z.string(),
});

/** What a handler wrote by `context.log` and its like; the newest thousand of a run. Absent when none wrote anything. */
const functionLogLine = z.strictObject({
  at: isoTime,
  level: z.enum(['trace', 'debug', 'information', 'warning', 'error', 'critical', 'none']),
  function: z.string(),
  invocationId: z.string(),
  message: z.string(),
});

const windowRow = z.record(z.string(), z.union([z.string(), z.number(), z.null()]));

const storeDrawing = z.strictObject({
  name: z.string(),
  widthMetres: z.number(),
  depthMetres: z.number(),
  walls: z.array(z.strictObject({ from: point, to: point, thicknessMetres: z.number() })),
  entrances: z.array(z.strictObject({ id: z.string(), at: point, widthMetres: z.number() })),
  sections: z.array(z.strictObject({ id: z.string(), name: z.string(), area: z.array(point) })),
  displays: z.array(
    z.strictObject({
      id: z.string(),
      name: z.string(),
      kind: z.string(),
      at: point,
      widthMetres: z.number(),
      depthMetres: z.number(),
    }),
  ),
  cameras: z.array(
    z.strictObject({
      id: z.string(),
      section: z.string(),
      at: point,
      headingDegrees: z.number(),
      fieldOfViewDegrees: z.number(),
      /** Outline of what it sees of the floor. */
      view: z.array(point),
    }),
  ),
  /** Person-seconds spent in each cell of a grid over the floor, row by row from the south-west corner. */
  heat: z.strictObject({
    columns: count,
    rows: count,
    cellMetres: z.number(),
    personSeconds: z.array(z.number()),
  }),
});

const device = z.strictObject({
  deviceId: z.string(),
  state: z.string(),
  /** What computes the model in use; null while there is none. */
  model: z.string().nullable(),
  /** Why the device did not take the model that it was last told to take; null when it did. */
  modelRefused: z.string().nullable(),
  looks: count,
  pictures: count,
  messages: count,
  uploadsRetried: count,
  peakQueue: count,
  dropped: count,
  /** Reported properties of the module twin, as JSON. */
  reported: z.record(z.string(), z.unknown()),
});

const sampleFrame = z.strictObject({
  cameraId: z.string(),
  at: isoTime,
  caption: z.string(),
  /** A JPEG with the detector's boxes drawn on it, in base64. */
  jpegBase64: z.string(),
});

/** Something that was waiting, over virtual time. */
const backlog = z.strictObject({
  name: z.string(),
  samples: z.array(z.strictObject({ at: isoTime, waiting: count })),
});

const fault = z.strictObject({
  fault: z.string(),
  from: isoTime,
  to: isoTime,
  what: z.string(),
  /** What it did, where there is more to tell than that it was there. */
  effect: z.string().nullable(),
});

/** How much of the recordings of a Face API the run used, by their ids, and what it asked for in vain. */
const faceFixture = z.strictObject({
  file: z.string(),
  recordings: count,
  used: z.array(z.string()),
  usedAsNearest: z.array(z.string()),
  unused: z.array(z.string()),
  /** Unused, though the same was asked for with other parameters: the client has changed since. */
  stale: z.array(z.string()),
  unmatched: z.array(z.string()),
});

/** A change of desired properties while the cameras ran. */
const twinChange = z.strictObject({
  at: isoTime,
  /** Null: all cameras. */
  camera: z.string().nullable(),
  what: z.string(),
});

const displayFigures = z.strictObject({
  display: z.string(),
  name: z.string(),
  section: z.string(),
  dwells: count,
  meanDwellSeconds: z.number(),
  /** Truth: how shoppers reacted. */
  reactions: counts,
});

const wallClock = z.strictObject({
  wallSeconds: z.number(),
  realTimeFactor: z.number(),
  peakRssMb: z.number(),
  startedAt: isoTime,
  machine: z.string(),
});

export const runRecordSchema = z
  .strictObject({
    schemaVersion: z.literal(1),
    tool: z.strictObject({ name: z.literal('footfall'), version: z.string() }),
    scenario: z.strictObject({
      name: z.string(),
      file: z.string(),
      description: z.string(),
      storeId: z.string(),
      startAt: isoTime,
      timeZone: z.string(),
    }),
    seed: z.string(),
    fidelity: z.enum(['wire', 'direct']),
    vision: z.enum(['pixels', 'truth']),
    mutation: z.string().nullable(),
    /** False when the run was interrupted: the figures are those up to `virtualSeconds`. */
    complete: z.boolean(),
    /** SHA-256 over the trace and over this record without `digest`, `fidelity`, `wallClock`, `components`, files and how many messages links carried. */
    digest: z.string(),
    virtualSeconds: z.number(),
    wallClock,
    /** What carried out the run: versions, the detector's backend. */
    components: z.array(z.strictObject({ component: z.string(), what: z.string() })),
    truth: z.strictObject({
      shoppers: count,
      visits: count,
      parties: count,
      returning: count,
      meanVisitSeconds: z.number(),
      footfallByWindow: z.array(z.strictObject({ windowEnd: isoTime, entered: count, inside: count })),
      females: count,
      males: count,
      byAgeBand: counts,
    }),
    windows: z.array(windowRow),
    accuracy: z.strictObject({
      ...accuracyShape(accuracy),
      /** Faces that were read, and those that were put to somebody else or of which something wrong was told. */
      faces: z.strictObject({ read: count, misread: count }),
    }),
    attribution: z.array(attributionRow),
    latency: z.array(percentiles),
    stages: z.array(stage),
    links: z.array(
      z.strictObject({
        link: z.string(),
        messages: count,
        bytes: count,
        retransmitted: count,
        failed: count,
      }),
    ),
    faults: z.array(fault),
    twinChanges: z.array(twinChange),
    /** Null when the run had no fixture. */
    faceFixture: faceFixture.nullable(),
    backlogs: z.array(backlog),
    invariants: z.array(check),
    expectations: z.array(expectation),
    privacy: z.strictObject({
      kAnonymity: count,
      picturesTaken: count,
      picturesDeleted: count,
      picturesLeft: count,
      rowsWithheld: count,
      rowsThinned: count,
      pseudonymSaltRotation: z.string(),
    }),
    store: storeDrawing,
    displays: z.array(displayFigures),
    devices: z.array(device),
    frames: z.array(sampleFrame),
    visionModel: z
      .strictObject({
        /** How truth sight decides what the detector would have seen. */
        fittedTo: z.string(),
        residual: z.number(),
      })
      .nullable(),
    warnings: z.array(z.string()),
    functionLog: z.array(functionLogLine).optional(),
  })
  .meta({ title: 'footfall run record' });

export type RunRecord = z.output<typeof runRecordSchema>;
export type AttributionRow = z.output<typeof attributionRow>;
export type AttributedCauses = z.output<typeof attributedCauses>;
export type Check = z.output<typeof check>;
export type Expectation = z.output<typeof expectation>;
export type LatencyPercentiles = z.output<typeof percentiles>;
export type FunctionLogLine = z.output<typeof functionLogLine>;
export type StageRow = z.output<typeof stage>;
export type StoreDrawing = z.output<typeof storeDrawing>;

/** Every expectation and invariant held, and the run came to its end. */
export function runSucceeded(record: Pick<RunRecord, 'complete' | 'invariants' | 'expectations'>): boolean {
  return (
    record.complete && record.invariants.every(({ ok }) => ok) && record.expectations.every(({ ok }) => ok)
  );
}

/** What an interruption leaves of a run's verdict; null for a run that came to its end. */
export function interruptionOf(
  record: Pick<RunRecord, 'complete' | 'invariants' | 'expectations'>,
): string | null {
  if (record.complete) return null;
  return record.invariants.length + record.expectations.length === 0
    ? 'interrupted before anything was checked'
    : 'interrupted: checks and figures are those up to then';
}
