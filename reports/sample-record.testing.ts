/** A run record with plausible numbers, for tests of the reports and for looking at them. */
import type { AttributionRow, Check, RunRecord } from './run-record.js';
import { sampleFrame, sampleStore } from './sample-store.testing.js';
import { sampleAttribution, sampleWindowRow } from './sample-windows.testing.js';

const WINDOW_MS = 15_000;
const START_MS = Date.UTC(2026, 2, 7, 11);
const AGE_BANDS = ['0-12', '13-17', '18-24', '25-34', '35-44', '45-54', '55-64', '65+'];
const AGE_SHARES = [0.05, 0.07, 0.14, 0.2, 0.19, 0.15, 0.12, 0.08];

export interface SampleOptions {
  readonly minutes?: number;
  /** Sections in a row, two displays and one camera each. */
  readonly sections?: number;
  /** A shopper comes in every so many seconds. */
  readonly secondsBetweenShoppers?: number;
}

/** An hour in a shop of four sections whose uplink is down from the 20th to the 40th minute. */
export function sampleRecord(options: SampleOptions = {}): RunRecord {
  const { minutes = 60, sections = 4, secondsBetweenShoppers = 20 } = options;
  const ends = windowEnds(minutes);
  const attribution = ends.flatMap((windowEnd, window) => sampleAttribution(windowEnd, window, sections));
  const footfallByWindow = ends.map((windowEnd, window) => ({
    windowEnd,
    entered: enteredIn(window, secondsBetweenShoppers),
    inside: 6 + Math.round(4 * Math.sin(window / 30)),
  }));
  const visits = footfallByWindow.reduce((sum, { entered }) => sum + entered, 0);
  const windows = attribution
    .filter(({ quantity }) => quantity === 'people')
    .map((row, index) => sampleWindowRow(row, index));
  const measured = windows.reduce((sum, row) => sum + Number(row.newVisitors), 0);
  return {
    schemaVersion: 1,
    tool: { name: 'footfall', version: '0.1.0' },
    scenario: {
      name: 'uplink-outage',
      file: 'scenarios/uplink-outage.yaml',
      description: 'A shop whose uplink is down for twenty minutes of an hour.',
      storeId: 'corner-shop',
      startAt: isoTime(0),
      timeZone: 'Europe/Berlin',
    },
    seed: '11',
    fidelity: 'wire',
    vision: 'truth',
    mutation: null,
    complete: true,
    digest: '3da8fac9eec25a34691a7b621b276d9e106110a613faabdec15922cc0d59618f',
    virtualSeconds: minutes * 60,
    wallClock: {
      wallSeconds: 18.9,
      realTimeFactor: 190.6,
      peakRssMb: 412,
      startedAt: '2026-03-09T08:15:00.000Z',
      machine: '2 × Ryzen',
    },
    components: [
      { component: 'node', what: 'v20.20.2' },
      { component: 'blob storage', what: 'in memory' },
      { component: 'detector', what: 'WebAssembly with SIMD (@tensorflow/tfjs-node is not installed)' },
    ],
    truth: {
      shoppers: visits,
      visits,
      parties: Math.round(visits * 0.7),
      returning: Math.round(visits * 0.3),
      meanVisitSeconds: 312.5,
      footfallByWindow,
      females: Math.round(visits * 0.54),
      males: visits - Math.round(visits * 0.54),
      byAgeBand: Object.fromEntries(AGE_BANDS.map((band, index) => [band, ageCount(visits, index)])),
    },
    windows,
    accuracy: {
      footfall: accuracy(visits, measured),
      people: accuracy(sumOf(attribution, 'people', 'truth'), sumOf(attribution, 'people', 'measured')),
      unique: accuracy(visits, measured),
      returning: accuracy(Math.round(visits * 0.3), Math.round(measured * 0.27)),
      demographics: {
        females: accuracy(Math.round(visits * 0.54), Math.round(measured * 0.53)),
        males: accuracy(visits - Math.round(visits * 0.54), measured - Math.round(measured * 0.53)),
        byAgeBand: Object.fromEntries(
          AGE_BANDS.map((band, index) => [
            band,
            accuracy(ageCount(visits, index), ageCount(measured, AGE_BANDS.length - 1 - index)),
          ]),
        ),
      },
      faces: { read: 3_120, misread: 21 },
      emotion: accuracy(0.34, 0.31),
    },
    attribution,
    latency: [
      { stage: 'toBlobStorage', count: 2_869, p50Ms: 112, p95Ms: 113, p99Ms: 131, maxMs: 640 },
      { stage: 'faceApi', count: 2_869, p50Ms: 92, p95Ms: 380, p99Ms: 4_100, maxMs: 12_345 },
      {
        stage: 'toEventHubs',
        count: 2_869,
        p50Ms: 264,
        p95Ms: 1_046_000,
        p99Ms: 1_164_000,
        maxMs: 1_200_000,
      },
      {
        stage: 'endToEnd',
        count: 2_869,
        p50Ms: 19_900,
        p95Ms: 1_074_000,
        p99Ms: 1_198_000,
        maxMs: 1_816_000,
      },
    ],
    stages: ['cameras', 'iot-hub', 'functions-host', 'face-api', 'event-hubs', 'windowing', 'power-bi'].map(
      (stage, index) => ({
        stage,
        in: 8_088 - index * 900,
        out: 7_188 - index * 900,
        dropped: index,
        retried: index * 3,
        queued: 0,
        peakQueue: index * 41,
        utilisation: index % 2 === 0 ? null : 0.23,
      }),
    ),
    links: [
      { link: 'lan', messages: 5_746, bytes: 263_041_000, retransmitted: 12, failed: 0 },
      { link: 'uplink', messages: 5_994, bytes: 3_341_500, retransmitted: 0, failed: 41 },
    ],
    faults: [
      {
        fault: 'link-down',
        from: isoTime(1_200_000),
        to: isoTime(2_400_000),
        what: 'the link ‘uplink’ is down',
        effect: null,
      },
    ],
    twinChanges: [
      { at: isoTime(600_000), camera: null, what: 'TimeBetweenMessagesInSeconds = 5' },
      { at: isoTime(900_000), camera: 'cam-1', what: 'the detector for 320 × 192 pixels' },
    ],
    faceFixture: null,
    backlogs: [
      { name: 'messages on cameras', samples: backlog(minutes, 953) },
      { name: 'pictures on cameras', samples: backlog(minutes, 0) },
    ],
    invariants: [
      check('every difference from the truth has a cause', true, `${attribution.length} rows add up`),
      check('no picture disappears', true, '2,869 taken, 2,869 analysed'),
      check('nothing but allowed fields leaves', true, '7,151 events looked at'),
    ],
    expectations: [
      {
        ...check('lostPictures', true, '0, at most 0 expected'),
        expected: 'at most 0',
        actual: '0',
        at: 'scenarios/uplink-outage.yaml:21:3',
      },
      {
        ...check('lateEvents', false, '807, at most 0 expected'),
        stage: 'windowing',
        expected: 'at most 0',
        actual: '807',
        at: 'scenarios/uplink-outage.yaml:23:3',
      },
    ],
    privacy: {
      kAnonymity: 3,
      picturesTaken: 2_869,
      picturesDeleted: 2_860,
      picturesLeft: 9,
      rowsWithheld: 17,
      rowsThinned: 624,
      pseudonymSaltRotation: 'daily',
    },
    store: sampleStore(sections),
    displays: sampleStore(sections).displays.map(({ id, name }, index) => ({
      display: id,
      name,
      section: `section-${index >> 1}`,
      dwells: 80 - 5 * (index % 12),
      meanDwellSeconds: 21.4 + index,
      reactions: {
        happiness: 20 + (index % 5) * 4,
        surprise: 6,
        neutral: 30,
        sadness: 3 + (index % 3),
        fear: 1,
        contempt: 2,
        disgust: 3,
        anger: 4 + (index % 4) * 3,
      },
    })),
    devices: Array.from({ length: sections }, (_, index) => ({
      deviceId: `camera-${index}`,
      state: 'running',
      model: 'centernet 512x384',
      modelRefused: null,
      looks: 2_145 + index,
      pictures: 594 + index,
      messages: 594 + index,
      uploadsRetried: index,
      peakQueue: 240,
      dropped: 0,
      reported: { TimeBetweenMessagesInSeconds: 3, ObjectsOfInterest: ['person'] },
    })),
    frames: Array.from({ length: Math.min(4, sections) }, (_, index) => ({
      cameraId: `camera-${index}`,
      at: isoTime(600_000 + index * 61_000),
      caption: `camera-${index}, section ${index}: 2 people detected`,
      jpegBase64: sampleFrame(index),
    })),
    visionModel: {
      fittedTo: 'centernet 512x384, threshold 0.3: 4470 people in 720 frames',
      residual: 0.0329,
    },
    warnings: ['camera-1: its view ends behind a shelf; 12 % of its section is unseen'],
  };
}

/** Twelve hours in fourteen sections: as long a day as reports have to carry. */
export function dayLongRecord(): RunRecord {
  return sampleRecord({ minutes: 720, sections: 14, secondsBetweenShoppers: 7 });
}

function windowEnds(minutes: number): string[] {
  return Array.from({ length: minutes * 4 }, (_, window) => isoTime((window + 1) * WINDOW_MS));
}

function isoTime(sinceStartMs: number): string {
  return new Date(START_MS + sinceStartMs).toISOString();
}

function enteredIn(window: number, secondsBetweenShoppers: number): number {
  const upTo = (seconds: number) => Math.floor(seconds / secondsBetweenShoppers);
  return upTo((window + 1) * 15) - upTo(window * 15);
}

function sumOf(rows: readonly AttributionRow[], quantity: string, side: 'truth' | 'measured'): number {
  return rows.filter((row) => row.quantity === quantity).reduce((sum, row) => sum + row[side], 0);
}

function ageCount(people: number, index: number): number {
  return Math.round(people * (AGE_SHARES[index] ?? 0));
}

function accuracy(truth: number, measured: number): RunRecord['accuracy']['footfall'] {
  return { truth, measured, error: Math.round(1_000 * (measured - truth)) / 1_000 };
}

function check(name: string, ok: boolean, message: string): Check {
  return { name, ok, message, stage: null };
}

/** Grows between the 20th and the 40th minute, and is gone at the 42nd. */
function backlog(minutes: number, most: number): { at: string; waiting: number }[] {
  return Array.from({ length: Math.min(720, minutes * 4) }, (_, index) => {
    const minute = index / 4;
    const grown = minute < 20 ? 0 : minute < 40 ? (minute - 20) / 20 : Math.max(0, (42 - minute) / 2);
    return { at: isoTime(index * WINDOW_MS), waiting: Math.round(most * grown) };
  });
}
