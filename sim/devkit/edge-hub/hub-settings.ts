/** The desired properties of `$edgeHub` ("EdgeHub desired properties"): routes, and how long messages are kept. */
import { z } from 'zod';
import type { Properties } from '../../../pipeline/camera-module/hub-connection.js';
import { type Route, readRoute } from './routes.js';

export interface HubSettings {
  readonly routes: readonly Route[];
  readonly timeToLiveMs: number;
  /** What all that waits may take of the disk; null: as much as there is. */
  readonly maxBytes: number | null;
}

export type HubSettingsReading =
  | { readonly ok: true; readonly settings: HubSettings }
  | { readonly ok: false; readonly description: string };

/** "storeAndForwardConfiguration.timeToLiveSecs", the default. */
const DEFAULT_TIME_TO_LIVE_SECONDS = 7200;
const MS_PER_SECOND = 1_000;
const LOWEST_PRIORITY = 9;

const timeToLive = z.int().positive();
const declaration = z.union([
  z.string().transform((route) => ({ route })),
  z.object({
    route: z.string(),
    priority: z.int().min(0).max(LOWEST_PRIORITY).optional(),
    timeToLiveSecs: timeToLive.optional(),
  }),
]);
const hubSchema = z.object({
  schemaVersion: z.string().regex(/^1\.\d+(\.\d+)?$/, { error: 'expected 1.0 or 1.1' }),
  routes: z.record(z.string(), declaration).default({}),
  storeAndForwardConfiguration: z
    .object({
      timeToLiveSecs: timeToLive.default(DEFAULT_TIME_TO_LIVE_SECONDS),
      storeLimits: z.object({ maxSizeBytes: z.int().positive() }).optional(),
    })
    .prefault({}),
});

export function readHubSettings(desired: Properties): HubSettingsReading {
  const parsed = hubSchema.safeParse(desired);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    return { ok: false, description: faults.join('; ') };
  }
  const readings = Object.entries(parsed.data.routes).map(([name, route]) => readRoute(name, route));
  const problems = readings.flatMap((reading) => (reading.ok ? [] : [reading.problem]));
  if (problems.length > 0) return { ok: false, description: problems.join('; ') };
  const { storeLimits, timeToLiveSecs } = parsed.data.storeAndForwardConfiguration;
  return {
    ok: true,
    settings: {
      routes: readings.flatMap((reading) => (reading.ok ? [reading.route] : [])),
      timeToLiveMs: timeToLiveSecs * MS_PER_SECOND,
      maxBytes: storeLimits?.maxSizeBytes ?? null,
    },
  };
}
