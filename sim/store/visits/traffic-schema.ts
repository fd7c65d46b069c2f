/** Traffic as people write it, and its translation into `Traffic`. Every key has a sensible default. */
import { closest } from 'fastest-levenshtein';
import { z } from 'zod';
import { AGE_BANDS, EMOTIONS } from '../../../pipeline/boundaries.js';
import type { FloorPlan } from '../plan/floor-plan.js';
import type { PlanProblem } from '../plan/plan-problem.js';
import type { Reactions, Traffic } from './traffic.js';

const share = z.number().min(0).max(1);

const SECONDS = { h: 3600, m: 60, s: 1 } as const;
const DURATION = /^(?:(\d+(?:\.\d+)?)h)?(?:(\d+(?:\.\d+)?)m)?(?:(\d+(?:\.\d+)?)s)?$/;

/** Seconds as a number, or `45s`, `2m`, `1h30m`. */
const seconds = z
  .union([z.number(), z.string().regex(DURATION, 'must be a duration such as 45s, 2m or 1h30m').min(2)])
  .transform(secondsOf)
  .pipe(z.number().positive().max(86_400));

const duration = z.strictObject({
  median: seconds.meta({ description: 'Half of them are shorter. Seconds, or 45s, 2m, 1h30m.' }),
  spread: z.number().min(0).max(2).default(0.6).meta({ description: 'Standard deviation of the logarithm.' }),
});

const arrivalRate = z.strictObject({
  from: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time of day such as '09:30'")
    .meta({ description: 'Store time; the rate holds until the next entry.' }),
  perHour: z.number().min(0).max(100_000).meta({ description: 'Shoppers, not parties.' }),
});

const reactions = z
  .partialRecord(z.enum(EMOTIONS), share)
  .refine(
    (shares) => sum(Object.values(shares)) <= 1 + 1e-9,
    'shares of emotions must not add up to more than 1',
  )
  .meta({ description: 'Share of each emotion; the rest is neutral.' });

const AGES: Readonly<Record<(typeof AGE_BANDS)[number], number>> = {
  '0-12': 0.06,
  '13-17': 0.06,
  '18-24': 0.14,
  '25-34': 0.2,
  '35-44': 0.18,
  '45-54': 0.15,
  '55-64': 0.12,
  '65+': 0.09,
};

const demographics = z.strictObject({
  femaleShare: share.default(0.55),
  ages: z
    .partialRecord(z.enum(AGE_BANDS), z.number().min(0))
    .refine((weights) => sum(Object.values(weights)) > 0, 'at least one age band must have a weight above 0')
    .default(AGES)
    .meta({ description: 'Weight of each age band; a band that is not given has none.' }),
});

export const trafficDocumentSchema = z
  .strictObject({
    arrivalsPerHour: z
      .union([z.number().min(0).max(100_000), z.array(arrivalRate).min(1)])
      .default(120)
      .meta({ description: 'Shoppers an hour: one number for all day, or a profile.' }),
    partySizes: z
      .record(z.string().regex(/^[1-8]$/, 'must be a number of shoppers from 1 to 8'), z.number().min(0))
      .refine((weights) => sum(Object.values(weights)) > 0, 'at least one size must have a weight above 0')
      .default({ 1: 0.62, 2: 0.27, 3: 0.08, 4: 0.03 })
      .meta({ description: 'Weight of each size of party, e.g. { 1: 0.6, 2: 0.4 }.' }),
    returningShare: share.default(0.3).meta({ description: 'Share of shoppers who have been here before.' }),
    regulars: z
      .int()
      .min(1)
      .max(1_000_000)
      .default(2000)
      .meta({ description: 'How many people the returning ones are drawn from.' }),
    errandDisplays: z
      .strictObject({ mean: z.number().min(1).max(50) })
      .default({ mean: 4 })
      .meta({ description: 'How many displays a party comes for.' }),
    dwell: duration.prefault({ median: 22 }).meta({ description: 'Time spent in front of a display.' }),
    buyingShare: share.default(0.6).meta({ description: 'Share of parties who pay before they leave.' }),
    payment: duration.prefault({ median: 35, spread: 0.4 }).meta({ description: 'Time at the till.' }),
    pace: z
      .number()
      .min(0.3)
      .max(1.5)
      .default(0.85)
      .meta({ description: "Scales people's free walking speed of 1.34 ± 0.26 m/s." }),
    demographics: demographics.prefault({}),
    reactions: z.record(z.string(), reactions).default({}).meta({ description: 'By display.' }),
  })
  .meta({ title: 'Traffic', description: 'Who comes to the store and what they do there.' });

export type TrafficDocument = z.output<typeof trafficDocumentSchema>;

/** The same, translated into `Traffic`; `trafficSchema.parse({})` is the default traffic. */
export const trafficSchema = trafficDocumentSchema.transform(trafficFrom);

/** `Traffic` from a document that the schema accepted. */
export function trafficFrom(document: TrafficDocument): Traffic {
  const { arrivalsPerHour, dwell, payment } = document;
  const profile =
    typeof arrivalsPerHour === 'number' ? [{ from: '00:00', perHour: arrivalsPerHour }] : arrivalsPerHour;
  return {
    arrivals: profile
      .map(({ from, perHour }) => ({
        fromMinute: Number(from.slice(0, 2)) * 60 + Number(from.slice(3)),
        shoppersPerHour: perHour,
      }))
      .sort((a, b) => a.fromMinute - b.fromMinute),
    partySizes: Array.from({ length: 8 }, (_, index) => document.partySizes[index + 1] ?? 0),
    returningShare: document.returningShare,
    regulars: document.regulars,
    errandDisplaysMean: document.errandDisplays.mean,
    dwell: { medianMs: dwell.median * 1000, spread: dwell.spread },
    buyingShare: document.buyingShare,
    payment: { medianMs: payment.median * 1000, spread: payment.spread },
    pace: document.pace,
    demographics: {
      femaleShare: document.demographics.femaleShare,
      ages: { ...NO_AGES, ...document.demographics.ages },
    },
    reactions: document.reactions as Readonly<Record<string, Reactions>>,
  };
}

/** What only traffic and floor plan together can tell; paths are from the traffic's root. */
export function trafficProblems(traffic: Traffic, plan: FloorPlan): readonly PlanProblem[] {
  const displays = plan.displays.map(({ id }) => id);
  return Object.keys(traffic.reactions)
    .filter((display) => !displays.includes(display))
    .map((display) => ({
      path: ['reactions', display],
      code: 'FF_TRAFFIC_UNKNOWN_DISPLAY',
      severity: 'error',
      message: `'${display}' is not a display of the store '${plan.name}'`,
      expected: 'the id of a display',
      ...(displays.length > 0 ? { suggestion: closest(display, displays) } : {}),
    }));
}

const NO_AGES: Traffic['demographics']['ages'] = {
  '0-12': 0,
  '13-17': 0,
  '18-24': 0,
  '25-34': 0,
  '35-44': 0,
  '45-54': 0,
  '55-64': 0,
  '65+': 0,
};

function secondsOf(value: number | string): number {
  if (typeof value === 'number') return value;
  const [, hours, minutes, rest] = DURATION.exec(value) ?? [];
  return Number(hours ?? 0) * SECONDS.h + Number(minutes ?? 0) * SECONDS.m + Number(rest ?? 0) * SECONDS.s;
}

function sum(values: readonly (number | undefined)[]): number {
  return values.reduce<number>((total, value) => total + (value ?? 0), 0);
}
